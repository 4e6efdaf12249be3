import DescentData
import DescentFormats

/// What a person gave a job to read: files or a folder, `-` for the standard input, or the name of a built-in table, and how to read it.
public struct JobInput: Sendable {
    /// The paths, at least one.
    public let paths: [String]
    /// The options that were given, by name: a job recognises its input by these too.
    public var options: Set<String> { Set(choices.keys) }
    /// What the options that were given say, by name.
    public let choices: [String: String]
    /// How a table among the inputs is read.
    public var reading: TableReading
    /// What a model does with a non-numeric cell in a numeric column; `nil` as in training.
    public var invalidCells: InvalidCells?
    /// Whether the command needs a network that is trained step by step, as a search for settings and a range test do.
    public var trainsInSteps = false

    /// An input of your own.
    public init(_ paths: [String], choices: [String: String] = [:], reading: TableReading = TableReading()) {
        (self.paths, self.choices, self.reading) = (paths, choices, reading)
    }

    /// The first path.
    public var path: String { paths[0] }
    /// The paths, for people.
    public var names: String { paths.joined(separator: ", ") }
    /// The first path's ending in small letters, without its dot: "csv".
    public var ending: String {
        guard let dot = path.lastIndex(of: ".") else { return "" }
        return path[path.index(after: dot)...].lowercased()
    }
    /// Whether the input is a folder.
    public var isFolder: Bool { FileSystem.folderExists(path) }
    /// The built-in table that the path names, where there is no file of that name.
    public var builtIn: BuiltInTable? { reading.builtIn(path) }

    /// The input's one path.
    ///
    /// - Throws: `SettingsError` where there are more.
    public func onlyPath(for what: String) throws(SettingsError) -> String {
        if paths.count > 1 { throw SettingsError("\(what) is in one file; \(paths[1]) is too much") }
        return path
    }
}

/// Why a job takes an input for its own.
public struct Recognition: Equatable, Sendable {
    /// How sure the job is.
    public enum Confidence: Int, Comparable, Sendable {
        /// It takes what no other job recognises.
        case fallback
        /// By what the file looks like.
        case likely
        /// By an option that only this job has, or a mark that only its files have.
        case certain

        public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    /// How sure.
    public let confidence: Confidence
    /// What was seen: "running text, so a language model".
    public let reason: String

    /// A recognition and its reason.
    public init(_ confidence: Confidence, _ reason: String) { (self.confidence, self.reason) = (confidence, reason) }
}

/// How a table is read: from a file, from the standard input, or from the built-in ones.
public struct TableReading: Equatable, Sendable {
    /// The delimiter; `nil` to guess.
    public var delimiter: DelimiterName?
    /// The file of the labels, where the table is IDX images.
    public var labels: String?
    /// Whether the first row names the columns; `nil` to guess.
    public var header: Bool?
    /// The words that mean that a cell has no value; `nil` for the usual ones.
    public var missing: [String]?
    /// The name of a column to add that says which file a row is from; `nil` for none.
    public var fileColumn: String?
    /// The column to be predicted, by name or number; `nil` where the table has one of its own.
    public var target: String?

    /// Everything guessed.
    public init() {}

    /// A file's table, or the built-in one of this name where no such file exists; `-` is the standard input.
    ///
    /// - Parameter known: How a model's own file was read, so that this one is read alike.
    public func table(_ name: String, like known: Table.Options? = nil) throws -> Table {
        if let labels { return try Table(images: name, labels: labels) }
        if let builtIn = builtIn(name) { return builtIn.table() }
        let options = options(like: known)
        if name == "-" { return try Table(parsing: FileSystem.read("/dev/stdin"), file: "standard input", options: options) }
        return try Table(paths: [name], options: options, fileColumn: fileColumn)
    }

    /// The table of several files, or of one; see `table(_:like:)`.
    ///
    /// - Throws: `SettingsError` where one of several is no file.
    public func table(_ names: [String], like known: Table.Options? = nil) throws -> Table {
        if names.count == 1 { return try table(names[0], like: known) }
        if labels != nil { throw SettingsError("--labels goes with one array of images; \(names[1]) is too much") }
        for name in names where name == "-" || builtIn(name) != nil {
            throw SettingsError("\(name == "-" ? "the standard input" : "the built-in table \(name)") cannot be read together with others; give it alone")
        }
        return try Table(paths: names, options: options(like: known), fileColumn: fileColumn)
    }

    /// The table in what the standard input holds.
    func table(parsing bytes: [UInt8]) throws -> Table {
        try Table(parsing: bytes, file: "standard input", options: options(like: nil))
    }

    /// The same with the column of files that a model was trained with.
    func naming(_ fileColumn: String?) -> TableReading {
        var reading = self
        reading.fileColumn = self.fileColumn ?? fileColumn
        return reading
    }

    /// What was asked for, and else what is known.
    func options(like known: Table.Options?) -> Table.Options {
        var options = known ?? Table.Options(header: header.map { $0 ? .present : .absent } ?? .guess)
        options.delimiter = delimiter?.delimiter
        if let missing { options.missing = .only(Set(missing)) }
        return options
    }

    /// The table of files, and the column to be predicted: the one asked for, or else the one that a built-in table or images have.
    ///
    /// - Throws: as `table`, and `SettingsError` where no column is known.
    public func question(_ names: [String]) throws -> (table: Table, target: String) {
        let table = try table(names)
        guard let target = target ?? (labels == nil ? builtIn(names[0])?.target : "label") else {
            throw SettingsError("which column is to be predicted? Say --target and one of: \(listed(table.names))")
        }
        return (table, target)
    }

    /// Which data files hold, for a model's record; `nil` for the standard input and built-in tables.
    public func fingerprint(_ names: [String]) throws -> String? {
        if names[0] == "-" || builtIn(names[0]) != nil { return nil }
        let own = try names.map { ModelFile.fingerprint(of: try FileSystem.read($0)) }
        return own.count == 1 ? own[0] : ModelFile.fingerprint(of: Array(own.joined().utf8))
    }

    /// The built-in table that a name means, where there is no file of that name.
    public func builtIn(_ name: String) -> BuiltInTable? { labels != nil || FileSystem.exists(name) ? nil : BuiltInTable(rawValue: name) }
}

/// A delimiter by its name.
public enum DelimiterName: String, CaseIterable, Sendable {
    case comma, semicolon, tab, bar, space

    /// The delimiter.
    public var delimiter: Delimiter {
        switch self {
        case .comma: .comma
        case .semicolon: .semicolon
        case .tab: .tab
        case .bar: .bar
        case .space: .whitespace
        }
    }
}

extension TableReading {
    /// The options of reading a table and asking for a column.
    static let fields: [SettingField<TableReading>] = [
        .optional("target", \.target, .text, valueName: "column", "Column to predict: its name, or its number from 1."),
        .toggle("header", \.header, "Whether the first row names the columns. Default: guessed."),
        .optional("delimiter", \.delimiter, .choice, valueName: "name", "Field delimiter: \(DelimiterName.allCases.map(\.rawValue).joined(separator: ", ")). Default: guessed."),
        .optional(
            "missing", \.missing, .texts, valueName: "words",
            "Words that mean that a cell has no value, with commas between: NA,?,-. Default: NA, N/A, NaN, null, None and ?, in any case."),
        .optional(
            "file-column", \.fileColumn, .text, valueName: "name",
            "Add a column of this name that says which file a row is from, where several files are one table. A model that learned from it adds it itself."),
        .optional("labels", \.labels, .text, valueName: "file", "File of the labels, where FILE is an array: images (IDX, NumPy), whose target is the column label, or recordings (NumPy)."),
    ]
}
