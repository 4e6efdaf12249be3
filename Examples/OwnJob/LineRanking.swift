import Descent

/// A job of its own: learns how long lines are from their first words' letters, and ranks lines by it.
enum LineRanking: Job {
    static let name = "line-ranking"
    static let title = "Line ranking"

    static func recognize(_ input: JobInput) throws -> Recognition? {
        input.ending == "lines" ? Recognition(.certain, "lines to be ranked by length") : nil
    }

    static func training(_ input: JobInput, settings: RankingSettings) throws -> RankingTraining {
        try RankingTraining(lines: RankingTraining.lines(input), file: input.path, settings: settings)
    }
}

struct RankingSettings: JobSettings {
    var run = RunSettings()
    var hidden = 8
    static let fields: [SettingField<Self>] = [.whole("units", \.hidden, in: 1...1024, "Units of the hidden layer. Default: 8.")]
}

struct RankingNetwork: Layer {
    let hidden: Linear, output: Linear
    init(_ units: Int) { (hidden, output) = (Linear(26, units), Linear(units, 1)) }
    func callAsFunction(_ x: Tensor) -> Tensor { output(tanh(hidden(x))) }
}

struct RankingTraining: JobTraining {
    let lines: [String], file: String, settings: RankingSettings
    let noun = "lines", lossName = "mean squared error"
    var opening: [String] { ["Read \(file): \(lines.count) lines. Network: \(settings.hidden) hidden units; \(settings.epochs!) epochs."] }

    init(lines: [String], file: String, settings: RankingSettings) {
        var chosen = settings
        chosen.run.epochs = settings.epochs ?? 200
        chosen.run.batchSize = settings.batchSize ?? 16
        (self.lines, self.file, self.settings) = (lines, file, chosen)
    }

    static func lines(_ input: JobInput) throws -> [String] { try TextFile.read(input.path).split(separator: "\n").map(String.init) }

    /// How often each letter occurs.
    static func features(_ lines: [String]) -> Tensor {
        Tensor(lines.flatMap { line in (97...122).map { letter in Float(line.utf8.count { $0 == letter }) / 10 } }, shape: [lines.count, 26])
    }

    static func lengths(_ lines: [String]) -> Tensor { Tensor(lines.map { Float($0.count) / 10 }, shape: [lines.count, 1]) }

    func plan(readsHeldOut: Bool) throws -> TrainingPlan<RankingNetwork> {
        let source = Batches(Self.features(lines), Self.lengths(lines), size: settings.batchSize!, seed: settings.seed)
        return TrainingPlan(RankingNetwork(settings.hidden), on: source, fingerprint: ModelFile.fingerprint(of: Array(lines.joined(separator: "\n").utf8))) {
            meanSquaredError($0($1[0]), $1[1])
        }
    }

    func model(of network: RankingNetwork, outcome: TrainingOutcome) throws -> RankingModel {
        let record = ModelRecord(source: file, settings: settings, trained: Quantity(lines.count, "lines"), heldOut: nil, trainingLoss: outcome.loss, fingerprint: nil)
        return RankingModel(network: network, record: record)
    }
}

struct RankingModel: JobModel {
    let network: RankingNetwork, record: ModelRecord<RankingSettings>
    let job = LineRanking.name, parts: JSON.Object = [:]
    var module: any Module { network }
    var summary: String { "26 letters -> \(record.settings.hidden) -> 1 length" }
    var description: [String] { ["Ranks lines by their predicted length."] }

    init(network: RankingNetwork, record: ModelRecord<RankingSettings>) { (self.network, self.record) = (network, record) }

    init(_ file: ModelFile) throws(FormatError) {
        record = try file.record()
        let units = record.settings.hidden
        network = try file.network(parameterCount: 28 * units + 1) { RankingNetwork(units) }
    }

    func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        let lines = try RankingTraining.lines(request.input)
        let ranked = zip(lines, network(RankingTraining.features(lines)).floats).sorted { $0.1 > $1.1 }
        return AnswerList(ranked.map { Answer(cells: [$0], values: ["\($1 * 10)"], json: ["line": .string($0), "length": .number(Double($1 * 10))]) }, columns: ["line"], answerColumns: ["length"])
    }

    func evaluation(_ input: JobInput) throws -> JobEvaluation {
        let lines = try RankingTraining.lines(input)
        let error = meanSquaredError(network(RankingTraining.features(lines)), RankingTraining.lengths(lines)).item()
        return JobEvaluation(heading: "\(lines.count) lines of \(input.path).", lines: ["  mean squared error \(error)"], json: ["loss": .number(error)])
    }
}
