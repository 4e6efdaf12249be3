import DescentFormats
import Foundation
import Testing

/// The built `descent`, run as a person does.
struct Executable {
    let folder: URL
    /// The program's names, the product's and the target's.
    private let names: [String]

    /// What a run said.
    struct Result {
        let code: Int32
        let output: String
        let errors: String
    }

    /// A new empty folder to run in.
    init(_ names: String...) throws {
        self.names = names.isEmpty ? ["descent", "DescentCLI"] : names
        folder = FileManager.default.temporaryDirectory.appending(path: "descent-cli-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Beside the tests' own executable.
    private var path: URL? {
        let tests = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return [tests, tests.deletingLastPathComponent(), tests.deletingLastPathComponent().deletingLastPathComponent()]
            .flatMap { place in names.map { place.appending(path: $0) } }
            .first { FileManager.default.isExecutableFile(atPath: $0.path) && !FileSystem.folderExists($0.path) }
    }

    func run(_ arguments: String..., input: String = "") throws -> Result { try run(arguments, input: input) }

    func run(_ arguments: [String], input: String = "") throws -> Result {
        try start(arguments, input: input).wait()
    }

    /// A run under way.
    struct Running {
        let process: Process
        fileprivate let names: [URL]

        /// Sends a signal.
        func signal(_ number: Int32) { kill(process.processIdentifier, number) }

        /// Waits for its end. The code of a process that a signal ended is that signal, negative.
        func wait() throws -> Result {
            process.waitUntilExit()
            let texts = try names.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
            let code = process.terminationReason == .uncaughtSignal ? -process.terminationStatus : process.terminationStatus
            return Result(code: code, output: texts[0], errors: texts[1])
        }
    }

    /// Starts without waiting. One at a time in a folder, unless each has a label of its own.
    func start(_ arguments: [String], input: String = "", label: String = "", through shell: String? = nil) throws -> Running {
        let process = Process()
        let path: URL = try #require(path, "\(names[0]) is not built beside \(CommandLine.arguments[0])")
        if let shell {
            process.executableURL = URL(filePath: "/bin/sh")
            process.arguments = ["-c", shell + "; exec \"$0\" \"$@\"", path.path] + arguments
        } else {
            process.executableURL = path
            process.arguments = arguments
        }
        process.currentDirectoryURL = folder
        try write(input, to: ".input" + label)
        let names = [".output", ".errors"].map { folder.appending(path: $0 + label) }
        for name in names { try Data().write(to: name) }
        process.standardInput = try FileHandle(forReadingFrom: folder.appending(path: ".input" + label))
        process.standardOutput = try FileHandle(forWritingTo: names[0])
        process.standardError = try FileHandle(forWritingTo: names[1])
        try process.run()
        return Running(process: process, names: names)
    }

    func bytes(_ name: String) throws -> [UInt8] { try FileSystem.read(folder.appending(path: name).path) }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: folder.appending(path: name)) }

    func exists(_ name: String) -> Bool { FileSystem.exists(folder.appending(path: name).path) }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
