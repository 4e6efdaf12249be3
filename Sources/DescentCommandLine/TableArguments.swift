import ArgumentParser
import Descent
import DescentFormats

extension DelimiterName: ExpressibleByArgument {}
extension InvalidCells: ExpressibleByArgument {}

/// How a file is read: shared by the commands that use a model.
struct TableArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Field delimiter: comma, semicolon, tab, bar or space. Default: guessed.", valueName: "name"))
    var delimiter: DelimiterName?
    @Option(help: ArgumentHelp("File of the labels, where FILE holds images as an IDX or NumPy array.", valueName: "file"), completion: .file())
    var labels: String?

    func validate() throws {
        if labels != nil, delimiter != nil { throw ValidationError("--labels goes with IDX images, which have no delimiter; leave out --delimiter.") }
    }

    /// What is read from a path.
    func input(_ path: String) -> JobInput { input([path]) }

    /// What is read from several.
    func input(_ paths: [String]) -> JobInput {
        var reading = TableReading()
        (reading.delimiter, reading.labels) = (delimiter, labels)
        return JobInput(paths, reading: reading)
    }
}

/// Sets the number of threads.
struct ThreadArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Number of threads. The results do not depend on it.", valueName: "count"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads is \(threads); it must be 1 to 1024.") }
    }

    func apply() {
        if let threads { Threads.count = threads }
    }
}

/// What a command prints.
struct OutputArguments: ParsableArguments {
    @Flag(name: .shortAndLong, help: "Print nothing but errors.")
    var quiet = false
    @Flag(help: "Print one line of JSON instead of sentences.")
    var json = false

    /// Whether it prints sentences.
    var isSpoken: Bool { !quiet && !json }
}

/// The folder of a run.
struct FolderArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Folder for the run and its model. Default: descent-models/ and the file's name; if that holds a finished model, the next free name.", valueName: "folder"),
        completion: .directory)
    var out: String?
    @Flag(help: "Resume the run in the folder: give the folder as FILE, or the arguments that the run was started with.")
    var resume = false
    @Flag(help: "Replace what the folder holds: a model, an unfinished run, other files of the same names.")
    var replace = false

    init() {}

    /// Without a run to resume.
    init(out: String?, replace: Bool) { (self.out, self.replace, resume) = (out, replace, false) }

    func validate() throws {
        if resume && replace { throw ValidationError("--resume resumes a run, and --replace starts over; choose one of them.") }
    }

    /// The folder that is named, or a free one.
    ///
    /// - Parameter suffix: What is added to the file's name where no folder is named.
    /// - Returns: The folder, and a sentence where it is not the usual one.
    func choose(for file: String, suffix: String = "") throws -> (folder: RunFolder, note: String?) {
        if let out { return (try opened(out, isNamed: true), nil) }
        let usual = Self.usual(file) + suffix
        if resume || replace { return (try RunFolder(usual), nil) }
        var candidate = usual
        var number = 1
        while RunFolder.content(of: candidate) == .finished {
            number += 1
            candidate = "\(usual)-\(number)"
        }
        let note = candidate == usual ? nil : "\(usual) holds a finished model, so this run goes to \(candidate) (--replace uses \(usual))."
        return (try opened(candidate, isNamed: false), note)
    }

    private func opened(_ path: String, isNamed: Bool) throws -> RunFolder {
        let content = RunFolder.content(of: path)
        if isNamed, !resume, !replace {
            switch content {
            case .finished: throw SettingsError("\(path) holds a finished model; choose another folder with --out, or replace the model with --replace")
            case .foreign(let name): throw SettingsError("\(path) holds \(quoted(name)), which is not of a run; choose another folder with --out, or use this one with --replace")
            case .empty, .unfinished: break
            }
        }
        let folder = try RunFolder(path)
        if !resume && !replace { try folder.requireNoUnfinishedRun() }
        return folder
    }

    /// Where a file's model goes by default.
    static func usual(_ file: String) -> String {
        let last = String(file.split(separator: "/").last ?? "model")
        // "." and ".." are no names for a folder of runs.
        let whole = file == "-" ? "model" : [".", ".."].contains(last) ? String(FileSystem.canonical(file).split(separator: "/").last ?? "model") : last
        // table.csv.gz is a table.
        let name = whole.hasSuffix(".gz") && whole.count > 3 ? String(whole.dropLast(3)) : whole
        let stem = name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
        return "descent-models/\(stem)"
    }
}

/// The program as it was called, so that a command can be copied as it stands.
var programName: String { shellQuoted(CommandLine.arguments.first ?? "descent") }
