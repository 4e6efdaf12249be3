import DescentData
import DescentFormats

/// Recordings of several channels, step by step, with an answer for each: a class, a number, or a class for every step.
public enum RecordingsJob: Job {
    public static let name = "recordings"
    public static let title = "Recordings"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        guard let kind = try RecordingInput(input) else { return nil }
        return Recognition(.certain, "\(kind.title), so recordings")
    }

    public static func training(_ input: JobInput, settings: RecordingSettings) throws -> RecordingTraining {
        guard let kind = try RecordingInput(input, isAsked: true) else {
            throw SettingsError("\(input.names) does not look like recordings: \(RecordingInput.forms)")
        }
        var settings = settings
        let (recordings, columns) = try kind.recordings(settings)
        if let columns { (settings.id, settings.time, settings.reading.target) = (columns.id, columns.time, columns.target) }
        let isTraining = trainingName(input.path) != nil
        if settings.testFraction == nil, input.paths.count == 1, let file = testFile(besides: input.path), let test = try RecordingInput(JobInput([file])) {
            return try RecordingTraining(recordings, test: test.recordings(settings).recordings, settings: settings)
        }
        // A file that says of itself that it is the training part has been divided already.
        if isTraining, settings.testFraction == nil { settings.run.testFraction = 0 }
        return try RecordingTraining(recordings, settings: settings)
    }

    /// The parts of a path that says that it is the training part: "JapaneseVowels_TRAIN.ts".
    private static func trainingName(_ path: String) -> (before: String, after: String)? {
        guard let slash = path.lastIndex(of: "/").map({ path.index(after: $0) }) ?? Optional(path.startIndex) else { return nil }
        guard let dot = path[slash...].lastIndex(of: "."), path[slash..<dot].uppercased().hasSuffix("_TRAIN") else { return nil }
        return (String(path[..<dot].dropLast(5)), String(path[dot...]))
    }

    /// The file of the test part, where a path is that of the training part: `X_TEST.ts` beside `X_TRAIN.ts`.
    static func testFile(besides path: String) -> String? {
        guard path.lowercased().hasSuffix(".ts"), let (before, after) = trainingName(path) else { return nil }
        return ["TEST", "test", "Test"].map { before + $0 + after }.first { FileSystem.isRegularFile($0) }
    }

    public static var searchSpace: SearchSpace<RecordingSettings> {
        SearchSpace(dimensions: [
            .learningRate(1e-3...1e-2, default: 3e-3), .weightDecay(1e-3...0.3, default: 0.05),
            .init("cell", text: { $0.cell?.rawValue ?? "gru" }) { $0.recurrent.cell = [.gru, .lstm][$1.index(2)] },
            .init("direction", text: { $0.direction?.rawValue ?? "both" }) { $0.direction = ReadingDirection.allCases[$1.index(2)] },
            .init("pooling", text: { $0.pooling?.rawValue ?? "all" }) { $0.pooling = [.all, .all, .mean, .max, .last][$1.index(5)] },
            .init("filters", text: { "\($0.filters ?? 64)" }, number: { Double($0.filters ?? 64) }) { $0.filters = [0, 32, 64, 64, 128][$1.index(5)] },
            .init("hidden", text: { "\($0.hidden ?? 64)" }, number: { Double($0.hidden ?? 64) }) { $0.recurrent.hidden = [32, 64, 96, 128][$1.index(4)] },
            .init("dropout", text: { "\($0.dropout ?? 0.3)" }, number: { $0.dropout ?? 0.3 }) { $0.recurrent.dropout = [0.1, 0.2, 0.3, 0.5][$1.index(4)] },
        ])
    }
}
