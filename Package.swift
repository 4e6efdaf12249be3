// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Descent",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "Descent", targets: ["Descent"]),
        .library(name: "DescentCommandLine", targets: ["DescentCommandLine"]),
        .executable(name: "descent", targets: ["DescentCLI"]),
        .executable(name: "descent-bench", targets: ["DescentBench"]),
        .executable(name: "descent-cases", targets: ["DescentCases"]),
    ],
    dependencies: [
        // The command line's arguments, help and completion. Nothing else depends on it.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
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
        // The loop: trainer, its state, checkpoints, run folders, logs, metrics; for any module and any batches.
        .target(name: "DescentTrain", dependencies: ["DescentCore", "DescentNN", "DescentData", "DescentFormats"]),
        // Classical models, minimisers of scalar functions.
        .target(name: "DescentModels", dependencies: ["DescentCore"]),
        // Charts as SVG, reports as HTML. Depends on nothing.
        .target(name: "DescentPlot"),
        // Formulas as text, their computational graphs, and what the derivatives say.
        .target(name: "DescentExplain", dependencies: ["DescentCore", "DescentFormats", "DescentNN", "DescentModels", "DescentPlot"]),
        // What reports draw of a training and of answers, whatever was learned.
        .target(name: "DescentReports", dependencies: ["DescentCore", "DescentNN", "DescentTrain", "DescentPlot"]),
        // What `descent train` can learn: one protocol, one list, one folder for each job.
        .target(
            name: "DescentJobs",
            dependencies: [
                "DescentCore", "DescentNN", "DescentModels", "DescentFormats", "DescentData", "DescentTrain", "DescentPlot", "DescentReports", "DescentExplain",
            ]),
        // The umbrella: `import Descent`.
        .target(
            name: "Descent",
            dependencies: [
                "DescentCore", "DescentNN", "DescentData", "DescentFormats", "DescentTrain", "DescentModels", "DescentPlot", "DescentExplain", "DescentReports",
                "DescentJobs",
            ]),
        // The commands, for the program `descent` and for programs that add jobs of their own.
        .target(
            name: "DescentCommandLine",
            dependencies: ["Descent", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
        // The program. Not named `descent`, since some file systems fold case.
        .executableTarget(name: "DescentCLI", dependencies: ["DescentCommandLine"]),
        // Our side of the benchmark against the peers.
        .executableTarget(name: "DescentBench", dependencies: ["Descent"], path: "Benchmarks/DescentBench"),
        // Checks files of numeric cases. Without access to the package's internals: what it computes, any program can.
        .executableTarget(name: "DescentCases", dependencies: ["Descent"], packageAccess: false),
        // The programs that the README quotes.
        .executableTarget(name: "FirstSteps", dependencies: ["Descent"], path: "Examples/FirstSteps"),
        .executableTarget(name: "Tables", dependencies: ["Descent"], path: "Examples/Tables"),
        .executableTarget(name: "OwnNetwork", dependencies: ["Descent"], path: "Examples/OwnNetwork"),
        .executableTarget(name: "Images", dependencies: ["Descent"], path: "Examples/Images"),
        // The program of docs/OWN-JOB.md.
        .executableTarget(name: "OwnJob", dependencies: ["DescentCommandLine"], path: "Examples/OwnJob", packageAccess: false),
        // The pictures of docs/gallery.
        .executableTarget(name: "Gallery", dependencies: ["Descent"], path: "Examples/Gallery"),

        // Folders for the tests' files.
        .target(name: "TestFolders", path: "Tests/TestFolders"),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"]),
        .testTarget(name: "DescentCoreTests", dependencies: ["DescentCore", "CKernels"], exclude: ["Fixtures"]),
        .testTarget(name: "DescentFormatsTests", dependencies: ["DescentFormats"]),
        .testTarget(name: "DescentDataTests", dependencies: ["DescentData", "DescentFormats", "TestFolders"]),
        .testTarget(name: "DescentNNTests", dependencies: ["DescentNN"]),
        .testTarget(name: "DescentModelsTests", dependencies: ["DescentModels", "DescentData"]),
        .testTarget(name: "DescentPlotTests", dependencies: ["DescentPlot"]),
        .testTarget(name: "DescentTrainTests", dependencies: ["DescentTrain", "DescentReports", "Descent", "TestFolders"]),
        .testTarget(name: "DescentJobsTests", dependencies: ["DescentJobs", "Descent", "TestFolders"], exclude: ["Fixtures"]),
        .testTarget(name: "DescentCLITests", dependencies: ["DescentCLI", "DescentCommandLine", "Descent", "OwnJob", "OwnNetwork"]),
        .testTarget(
            name: "DescentExplainTests", dependencies: ["DescentExplain", "DescentCore", "DescentNN", "DescentTrain", "DescentJobs", "DescentPlot"]),
        .testTarget(name: "DescentCasesTests", dependencies: ["DescentCases", "Descent"], exclude: ["Fixtures"]),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)

// The plugin that makes the API's pages: `DESCENT_DOCS=1 swift package generate-documentation --target DescentCore`. No build of a user's fetches it.
if Context.environment["DESCENT_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}
