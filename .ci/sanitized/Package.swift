// swift-tools-version: 6.1
import PackageDescription

// The lowest targets alone, for the thread sanitizer: the whole package takes it several minutes more to compile.
let package = Package(
    name: "sanitized",
    targets: [
        .target(name: "CKernels"),
        .target(name: "DescentCore", dependencies: ["CKernels"]),
        .target(name: "DescentNN", dependencies: ["DescentCore"]),
        .testTarget(name: "DescentNNTests", dependencies: ["DescentNN"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
