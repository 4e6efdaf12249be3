import DescentData
import DescentFormats

/// Recordings of several channels, step by step, with an answer for each: a class, a number, or a class for every step.
public enum RecordingsJob: Job {
    public static let name = "recordings"
    public static let title = "Recordings"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        // A forecast of several series has an id and a time too.
        if input.options.contains("forecast") { return nil }
        var settings = RecordingSettings()
        (settings.id, settings.time, settings.reading.target) = (input.choices["id"], input.choices["time"], input.choices["target"])
        let isAsked = settings.id != nil || input.options.contains("channels-first")
        guard let kind = try RecordingInput(input, settings: settings, isAsked: isAsked, isLabelled: true) else { return nil }
        if case .table(let table, let columns) = kind, settings.id == nil, !columns.hasAnswers(table) { return nil }
        return Recognition(.certain, "\(kind.title), so recordings")
    }

    public static func training(_ input: JobInput, settings: RecordingSettings) throws -> RecordingTraining {
        let (recordings, columns) = try read(input, settings: settings, isLabelled: true)
        var settings = settings
        if let columns { (settings.id, settings.time, settings.reading.target) = (columns.id, columns.time, columns.target) }
        if settings.testFraction == nil, input.paths.count == 1, let file = testFile(besides: input.path) {
            return try RecordingTraining(recordings, test: Recordings(timeSeriesFile: file), settings: settings)
        }
        // A file that says of itself that it is the training part has been divided already.
        if settings.testFraction == nil, trainingName(input.path) != nil { settings.run.testFraction = 0 }
        return try RecordingTraining(recordings, settings: settings)
    }

    /// The recordings of an input that a person says is one.
    ///
    /// - Throws: `SettingsError` where it cannot be, and what reading throws.
    static func read(_ input: JobInput, settings: RecordingSettings, isLabelled: Bool) throws -> (recordings: Recordings, columns: RecordingColumns?) {
        // What is not there is an error of reading, and not of its kind.
        for path in input.paths where path != "-" && input.builtIn == nil && !FileSystem.exists(path) { _ = try FileSystem.read(path) }
        guard let kind = try RecordingInput(input, settings: settings, isAsked: true, isLabelled: isLabelled) else {
            throw SettingsError("\(input.names) cannot be read as recordings: \(RecordingInput.forms)")
        }
        return try kind.recordings(settings, isLabelled: isLabelled)
    }

    /// The parts of a path that says that it is the training part: "JapaneseVowels_TRAIN.ts".
    private static func trainingName(_ path: String) -> (before: String, after: String)? {
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
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
            .init("window", text: { $0.window.map { "\($0)" } ?? "default" }, number: { $0.window.map { Double($0) } }) { $0.window = [nil, nil, 1, 2, 4][$1.index(5)] },
            .init("filters", text: { "\($0.filters ?? 64)" }, number: { Double($0.filters ?? 64) }) { $0.filters = [0, 32, 64, 64, 128][$1.index(5)] },
            .init("hidden", text: { "\($0.hidden ?? 64)" }, number: { Double($0.hidden ?? 64) }) { $0.recurrent.hidden = [32, 64, 96, 128][$1.index(4)] },
            .init("dropout", text: { "\($0.dropout ?? 0.3)" }, number: { $0.dropout ?? 0.3 }) { $0.recurrent.dropout = [0.1, 0.2, 0.3, 0.5][$1.index(4)] },
        ])
    }
}
