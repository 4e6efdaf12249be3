import ArgumentParser
import Descent

/// How a table is read: shared by the commands that take one.
struct TableArguments: ParsableArguments {
    @Option(help: ArgumentHelp("What stands between fields: comma, semicolon, tab, bar or space. Guessed if not given.", valueName: "delimiter"))
    var delimiter: DelimiterName?
    @Option(help: ArgumentHelp("The file is IDX pictures, as those of MNIST, and this one their labels; the target is the column label.", valueName: "file"))
    var labels: String?

    func validate() throws {
        if labels != nil, delimiter != nil { throw ValidationError("--labels goes with a file of pictures, which has no delimiter; leave out --delimiter.") }
    }

    /// A file's table, or the built-in one of this name where no such file exists; `-` is the standard input.
    func table(_ name: String, header: Table.Header) throws -> Table {
        if let labels { return try Table(images: name, labels: labels) }
        if let builtIn = builtIn(name) { return builtIn.table() }
        let options = Table.Options(delimiter: delimiter?.delimiter, header: header)
        if name == "-" { return try Table(parsing: FileSystem.read("/dev/stdin"), file: "standard input", options: options) }
        return try Table(path: name, options: options)
    }

    /// Which data a file holds, for a model's record; `nil` for what comes by the standard input or is built in.
    func fingerprint(_ name: String) throws -> String? {
        name == "-" || isBuiltIn(name) ? nil : TabularModel.fingerprint(of: try FileSystem.read(name))
    }

    /// The built-in table that a name means, where there is no file of that name.
    func builtIn(_ name: String) -> BuiltInTable? { labels != nil || FileSystem.exists(name) ? nil : BuiltInTable(rawValue: name) }

    /// Whether a name means a built-in table.
    func isBuiltIn(_ name: String) -> Bool { builtIn(name) != nil }
}

/// A delimiter's name on the command line.
enum DelimiterName: String, ExpressibleByArgument, CaseIterable {
    case comma, semicolon, tab, bar, space

    var delimiter: Delimiter {
        switch self {
        case .comma: .comma
        case .semicolon: .semicolon
        case .tab: .tab
        case .bar: .bar
        case .space: .whitespace
        }
    }
}

/// Sets the number of threads.
struct ThreadArguments: ParsableArguments {
    @Option(help: ArgumentHelp("How many threads to use. The results do not depend on it.", valueName: "count"))
    var threads: Int?

    func validate() throws {
        if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads is \(threads); it must be 1 to 1024.") }
    }

    func apply() {
        if let threads { Threads.count = threads }
    }
}
