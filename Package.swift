// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Descent",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Descent", targets: ["Descent"]),
        .executable(name: "descent-bench", targets: ["DescentBench"]),
    ],
    targets: [
        // Vector kernels in C, chosen at run time for the processor at hand.
        .target(name: "CKernels"),
        // Tensors, graph, primitives, transforms, engine. The only importer of CKernels.
        .target(name: "DescentCore", dependencies: ["CKernels"]),
        // Files: safetensors, JSON, atomic writes.
        .target(name: "DescentFormats"),
        // Tables, encoders, splits, built-in examples.
        .target(name: "DescentData", dependencies: ["DescentFormats"]),
        // Modules, losses, initialisers, optimizers.
        .target(name: "DescentNN", dependencies: ["DescentCore"]),
        // The umbrella: `import Descent`.
        .target(name: "Descent", dependencies: ["DescentCore", "DescentNN", "DescentData", "DescentFormats"]),
        // Our side of the benchmark against the peers.
        .executableTarget(name: "DescentBench", dependencies: ["Descent"], path: "Benchmarks/DescentBench"),

        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .testTarget(name: "DescentFormatsTests", dependencies: ["DescentFormats"]),
        .testTarget(name: "DescentDataTests", dependencies: ["DescentData", "DescentFormats"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
