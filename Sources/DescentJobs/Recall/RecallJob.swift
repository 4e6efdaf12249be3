import DescentData
import DescentFormats
import DescentTrain

/// The recall task: how far a recurrent network carries what it has read. `descent train recall` needs no file.
public enum RecallJob: Job {
    public static let name = "recall"
    public static let title = "Recall"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        isBuiltIn(input) ? Recognition(.certain, "the built-in recall task") : nil
    }

    /// Whether an input means sequences drawn by the task itself.
    static func isBuiltIn(_ input: JobInput) -> Bool { input.paths == [name] && !FileSystem.exists(name) }

    public static func training(_ input: JobInput, settings: RecallSettings) throws -> RecallTraining {
        if !isBuiltIn(input) { throw SettingsError("the recall task draws its own sequences, and reads no \(input.names): descent train recall") }
        return try RecallTraining(settings: settings)
    }

    public static var searchSpace: SearchSpace<RecallSettings> {
        SearchSpace(dimensions: [
            .init("cell", text: { $0.recurrent.cell?.rawValue ?? "default" }) { settings, random in settings.recurrent.cell = [.gru, .lstm][random.index(2)] },
            .init("hidden", scale: .log, text: { $0.recurrent.hidden.map { "\($0)" } ?? "default" }, number: { $0.recurrent.hidden.map(Double.init) }) { settings, random in
                settings.recurrent.hidden = [16, 32, 64, 128][random.index(4)]
            },
            .learningRate(1e-3...2e-2, default: nil),
        ])
    }
}
