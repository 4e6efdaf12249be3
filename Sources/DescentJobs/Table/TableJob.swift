import DescentData
import DescentTrain

/// Classification or regression of a table's rows: a column is predicted from the others.
public enum TableJob: Job {
    public static let name = "table"
    public static let title = "Tables"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        if input.builtIn != nil { return Recognition(.certain, "a table") }
        if input.options.contains("target") { return Recognition(.likely, "a table, since --target names a column") }
        return Recognition(.fallback, "a table")
    }

    public static func training(_ input: JobInput, settings: TabularSettings) throws -> TabularTraining {
        let (table, target) = try settings.reading.question(input.paths)
        var training = try TabularTraining(table, target: target, settings: settings, fingerprint: settings.reading.fingerprint(input.paths))
        training.attribution = settings.reading.builtIn(input.path)?.attribution
        return training
    }

    /// What a search draws from. Numbers have three digits, so that they can be written on a command line.
    public static var searchSpace: SearchSpace<TabularSettings> {
        SearchSpace(dimensions: [
            .init("hidden", scale: .log, text: { $0.hidden.isEmpty ? "none" : $0.hidden.map { "\($0)" }.joined(separator: ",") }, number: { Double($0.hidden.first ?? 1) }) { settings, random in
                let depth = 1 + random.index(3)
                settings.hidden = [Int](repeating: [16, 32, 64, 128, 256][random.index(5)], count: depth)
            },
            .init("activation", text: { $0.activation }) { settings, random in settings.activation = ["gelu", "relu", "silu", "tanh"][random.index(4)] },
            .init("dropout", text: { "\($0.dropout)" }, number: { $0.dropout }) { settings, random in settings.dropout = (random.share() * 0.5 * 100).rounded() / 100 },
            .learningRate(3e-4...3e-2, default: TabularSettings.learningRate),
            .weightDecay(1e-3...1, default: TabularSettings.weightDecay),
        ])
    }
}
