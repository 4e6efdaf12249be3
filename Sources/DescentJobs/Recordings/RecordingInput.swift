import DescentData
import DescentFormats

/// Where recordings come from.
enum RecordingInput {
    /// Files of sktime and aeon.
    case timeSeriesFiles([String])
    /// A NumPy array, with the file of its labels.
    case array(String, labels: String?)
    /// A folder with a folder of tables for each class.
    case folder(String)
    /// A table of all recordings, with the columns that are no measurements.
    case table(Table, RecordingColumns)
    /// Tables that are one recording each.
    case tables([Table])
    /// A .ts file in the standard input.
    case timeSeries(bytes: [UInt8])

    /// What recordings can be, for an error.
    static let forms =
        "they are a .ts file, a NumPy array [recordings, time, channels] with --labels, a folder with a folder of CSV files for each class, or a table with --id, --time and --target"

    /// In words, for the reason why a job was chosen.
    var title: String {
        switch self {
        case .timeSeriesFiles(let paths): paths.count == 1 ? "a .ts file" : ".ts files"
        case .array: "an array of measurements over time"
        case .folder: "a folder of folders of tables of numbers"
        case .table(_, let columns): "a table whose column \(quoted(columns.id ?? "")) tells recordings apart"
        case .tables: "tables"
        case .timeSeries: "a .ts file"
        }
    }

    /// What an input is; nil where it is none of these.
    ///
    /// - Parameters:
    ///   - settings: What a person, or a model, says about the columns and the layout.
    ///   - isAsked: Whether a person said that these are recordings, so that anything that can be read as such is.
    ///   - isLabelled: Whether answers are needed; otherwise a table may be one recording.
    init?(_ input: JobInput, settings: RecordingSettings, isAsked: Bool, isLabelled: Bool) throws {
        let path = input.path, ending = input.ending
        if input.paths.allSatisfy({ $0.lowercased().hasSuffix(".ts") }) {
            // TypeScript has the same ending.
            if !isAsked, FileSystem.isRegularFile(path), try !Recordings.isTimeSeriesFile(FileReader(path).read(from: 0, count: 1 << 16)) { return nil }
            self = .timeSeriesFiles(input.paths)
            return
        }
        if input.paths.count == 1, input.isFolder {
            guard try isAsked || Recordings.isFolderOfClasses(path) else { return nil }
            self = .folder(path)
            return
        }
        if ["npy", "npz"].contains(ending), input.paths.count == 1 {
            guard try isAsked || Recordings.isArray(path) else { return nil }
            self = .array(path, labels: input.reading.labels)
            return
        }
        if input.builtIn != nil { return nil }
        let isTable = path == "-" || ["csv", "tsv", "txt", "dat"].contains(ending)
        guard isTable, isAsked || (path != "-" && ["csv", "tsv"].contains(ending) && FileSystem.isRegularFile(path)) else { return nil }
        // Looking at a large table to guess is not worth its time.
        if !isAsked, settings.id == nil, try FileReader(path).size > Self.guessLimit { return nil }
        var tables: [Table] = []
        if path == "-" {
            let bytes = try FileSystem.read("/dev/stdin")
            if bytes.first != nil, Recordings.isTimeSeriesFile(bytes), bytes.contains(UInt8(ascii: "@")) {
                self = .timeSeries(bytes: bytes)
                return
            }
            tables = [try Table(parsing: bytes, file: "standard input", options: input.reading.options(like: nil))]
        } else if isAsked {
            tables = try input.paths.map { try input.reading.table($0) }
        } else if input.paths.count == 1, let names = try? TableStream(path: path, blockSize: 1 << 16).names, RecordingColumns.fit(names, given: Self.named(settings)),
            let table = try? input.reading.table(path)
        {
            tables = [table]
        }
        if tables.count == 1, let columns = RecordingColumns.guess(tables[0], given: Self.columns(settings, in: tables[0], isLabelled: isLabelled)) {
            if isLabelled, columns.target == nil, !isAsked { return nil }
            self = .table(tables[0], columns)
            return
        }
        guard isAsked, !isLabelled else { return nil }
        self = .tables(tables)
    }

    /// The columns that a person or a model names.
    private static func named(_ settings: RecordingSettings) -> RecordingColumns { RecordingColumns(id: settings.id, time: settings.time, target: settings.reading.target) }

    /// The same; of a file that is to be predicted, those that it has.
    private static func columns(_ settings: RecordingSettings, in table: Table, isLabelled: Bool) -> RecordingColumns {
        let named = named(settings)
        func known(_ name: String?) -> String? { isLabelled ? name : name.flatMap { table.names.contains($0) ? $0 : nil } }
        return RecordingColumns(id: known(named.id), time: known(named.time), target: known(named.target))
    }

    /// Larger tables are not read to see what they are.
    private static let guessLimit = 1 << 26

    /// Reads the recordings.
    ///
    /// - Returns: The recordings, and the columns that they were found by in a table.
    func recordings(_ settings: RecordingSettings, isLabelled: Bool) throws -> (recordings: Recordings, columns: RecordingColumns?) {
        let isRegression = settings.task.map { $0 == .regression }
        switch self {
        case .timeSeriesFiles where settings.task != nil && isLabelled: throw SettingsError("--task has no meaning for a .ts file, whose header says it (@classLabel or @targetLabel); leave it out")
        case .folder where isRegression == true: throw SettingsError("--task regression has no meaning for a folder of folders, which are classes; leave it out")
        case .timeSeriesFiles(let paths):
            var all = try Recordings(timeSeriesFile: paths[0])
            for path in paths.dropFirst() { all = try all.followed(by: Recordings(timeSeriesFile: path)) }
            return (all, nil)
        case .array(let path, let labels):
            let recordings = try Recordings(array: path, labels: isLabelled ? labels : nil, channelsFirst: settings.channelsFirst ?? false, isRegression: isRegression)
            if isLabelled, recordings.target == .none { throw SettingsError("\(path) is an array of recordings without their answers; name the file of them with --labels") }
            return (recordings, nil)
        case .folder(let path):
            let options = settings.reading.options(like: nil)
            return (try isLabelled ? Recordings(folder: path, options: options) : Recordings(unlabelledFolder: path, options: options), nil)
        case .table(let table, let columns):
            if isLabelled, columns.target == nil { throw SettingsError("which column is the answer of a recording, or of a step? Say --target and one of: \(listed(table.names))") }
            return (try Recordings(table: table, columns: columns, isRegression: isRegression), columns)
        case .tables(let tables):
            return (try Recordings(tables: tables, source: tables.map(\.file).joined(separator: ", "), classes: nil), nil)
        case .timeSeries(let bytes): return (try Recordings(parsingTimeSeries: bytes, file: "standard input"), nil)
        }
    }
}
