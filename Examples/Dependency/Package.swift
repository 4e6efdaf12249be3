// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "MyService",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "Descent", path: "../..")  // where your copy of Descent is
    ],
    targets: [
        .executableTarget(name: "MyService", dependencies: [.product(name: "Descent", package: "Descent")], path: "Sources")
    ]
)
