import DescentData
import DescentFormats

/// Where recordings come from.
enum RecordingInput {
    /// A file of sktime and aeon.
    case timeSeriesFiles([String])

    /// What recordings can be, for an error.
    static let forms = "a .ts file"

    /// In words: "a .ts file".
    var title: String {
        switch self {
        case .timeSeriesFiles(let paths): paths.count == 1 ? "a .ts file" : ".ts files"
        }
    }

    /// The columns of a table that its recordings were found by.
    struct Columns {
        var id: String?
        var time: String?
        var target: String?
    }

    /// What an input is; nil where it is none of these.
    ///
    /// - Parameter isAsked: Whether a person said that these are recordings.
    init?(_ input: JobInput, isAsked: Bool = false) throws {
        if input.paths.allSatisfy({ $0.lowercased().hasSuffix(".ts") }) {
            self = .timeSeriesFiles(input.paths)
            return
        }
        return nil
    }

    /// Reads the recordings.
    func recordings(_ settings: RecordingSettings) throws -> (recordings: Recordings, columns: Columns?) {
        switch self {
        case .timeSeriesFiles(let paths):
            var all = try Recordings(timeSeriesFile: paths[0])
            for path in paths.dropFirst() { all = try all.followed(by: Recordings(timeSeriesFile: path)) }
            return (all, nil)
        }
    }
}
