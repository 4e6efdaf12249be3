import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentPlot
import DescentTrain

/// Something that `descent train` can learn.
///
/// A job is one folder and one line in `Jobs.builtIn`: which input it recognises, its settings, how data becomes batches, its network and loss
/// (`JobTraining`), and what its model answers (`JobModel`). The commands, the loop, run folders, checkpoints, model files, reports and streams
/// of predictions are written once, for all jobs.
public protocol Job: SendableMetatype {
    associatedtype Training: JobTraining
    typealias Settings = Training.Settings
    typealias Model = Training.Model

    /// The name in model cards, checkpoints and `--job`: "language".
    static var name: String { get }
    /// What it learns, in a few words, for help: "Language model of a text".
    static var title: String { get }

    /// Whether an input is one for this job, and why; `nil` if not. Nothing is read but what is needed to tell.
    ///
    /// - Throws: `FileError`, `DataError` where the input cannot be read.
    static func recognize(_ input: JobInput) throws -> Recognition?

    /// The job that an input is given to where this one was asked for by name: itself, or one for the same data that its options leave.
    static func preferred(for input: JobInput) -> any Job.Type

    /// Reads the data and chooses what the settings leave open.
    ///
    /// - Throws: `SettingsError`, `DataError`, `FileError`, `FormatError`.
    static func training(_ input: JobInput, settings: Settings) throws -> Training

    /// What a search for settings varies; empty where it has no meaning.
    static var searchSpace: SearchSpace<Settings> { get }
}

extension Job {
    public static func preferred(for input: JobInput) -> any Job.Type { self }
    public static var searchSpace: SearchSpace<Settings> { SearchSpace(dimensions: []) }
}

/// Data made ready to learn from, by settings that are all chosen.
public protocol JobTraining {
    associatedtype Settings: JobSettings
    associatedtype Model: JobModel where Model.Settings == Settings
    associatedtype Network: Module

    /// The settings, those that were chosen among them.
    var settings: Settings { get }
    /// What was read, guessed and chosen, in lines, with the options that change it.
    var opening: [String] { get }
    /// What examples are called: "rows".
    var noun: String { get }
    /// How the loss is called, with its unit: "cross-entropy (nats)".
    var lossName: String { get }
    /// What a validation loss is measured on, in words; `nil` where there is no validation.
    var validationNote: String? { get }

    /// The network, its batches and its loss, before the first step.
    ///
    /// - Parameter readsHeldOut: Whether the data held out is read too: so bad cells are found before the run, and a run is not resumed where
    ///   they changed. It is never learned from.
    func plan(readsHeldOut: Bool) throws -> TrainingPlan<Network>

    /// The model where a solver finds it at once; `nil` where the plan's network is trained step by step.
    func solved() throws -> Model?

    /// The model of a trained network, measured on what is held out.
    func model(of network: Network, outcome: TrainingOutcome) throws -> Model

    /// The job's part of the report about a model that this training made.
    func report(of model: Model) throws -> JobReport

    /// What a report shows of models that were trained with different cells, beside their losses.
    func comparison(of models: [(name: String, model: Model)]) -> [ReportBlock]
}

extension JobTraining {
    public var lossName: String { "loss" }
    public var validationNote: String? { nil }
    public func solved() throws -> Model? { nil }
    public func comparison(of models: [(name: String, model: Model)]) -> [ReportBlock] { [] }
    public func report(of model: Model) throws -> JobReport { JobReport(title: model.record.source, subtitle: model.summary) }
}

/// A trained model of a job.
public protocol JobModel {
    associatedtype Settings: JobSettings

    /// The job's name.
    var job: String { get }
    /// How it was made, and how well it does.
    var record: ModelRecord<Settings> { get }
    /// The network, for its weights.
    var module: any Module { get }
    /// What the card says beside the record: architecture, vocabulary, scales.
    var parts: JSON.Object { get }
    /// The network in words: "1 GRU layer of 32".
    var summary: String { get }
    /// What the model does, in lines.
    var description: [String] { get }
    /// Other facts, after the metrics, in lines.
    var details: [String] { get }
    /// Commands that a person may want next, after the program's name.
    func nextCommands(folder: String, input: JobInput?) -> [String]

    /// Reads a model from its file.
    ///
    /// - Throws: `FormatError` for anything that is not a whole model.
    init(_ file: ModelFile) throws(FormatError)

    /// Answers to what an input holds, as they come.
    ///
    /// - Throws: `SettingsError` where predictions have no meaning for the job, and what reading throws.
    func answers(_ request: PredictionRequest) throws -> any AnswerStream

    /// How good the answers are to an input whose truth is known.
    ///
    /// - Throws: `SettingsError` where that has no meaning for the job, and what reading throws.
    func evaluation(_ input: JobInput) throws -> JobEvaluation

    /// What the network does to some of an input, layer by layer.
    ///
    /// - Parameter count: The most rows, texts or windows.
    /// - Throws: `SettingsError` where that has no meaning for the job, and what reading throws.
    func explanation(_ input: JobInput, count: Int) throws -> JobExplanation

    /// Whether a text itself can be explained, beside files: `descent explain MODEL "a text"`.
    var readsTexts: Bool { get }

    /// What the network does to one text, step by step.
    ///
    /// - Throws: `SettingsError` where that has no meaning for the job, or for this text.
    func explanation(ofText text: String) throws -> JobExplanation
}

extension JobModel {
    public var details: [String] { [] }
    /// The learned numbers.
    public var parameterCount: Int { module.parameterCount }

    public func nextCommands(folder: String, input: JobInput?) -> [String] { ["predict \(shellQuoted(folder)) FILE"] }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        throw SettingsError("evaluate has no meaning for a \(Self.title(of: job)) model; `descent inspect` has the metrics of the data held out")
    }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        throw SettingsError("explain has no meaning for a \(Self.title(of: job)) model")
    }

    public var readsTexts: Bool { false }

    public func explanation(ofText text: String) throws -> JobExplanation {
        throw SettingsError("a \(Self.title(of: job)) model reads no texts; give explain a file")
    }

    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        throw SettingsError("predict has no meaning for a \(Self.title(of: job)) model")
    }

    private static func title(of job: String) -> String { job.split(separator: "-").joined(separator: " ") }

    /// Writes `model.safetensors` (weights and card) and `model.json` (the card, for people), each all or nothing.
    ///
    /// - Returns: The path of `model.safetensors`.
    /// - Throws: `FileError` of kind `.unwritable`.
    @discardableResult
    public func save(to folder: String) throws -> String { try ModelFile.save(self, to: folder) }

    /// Everything but the weights.
    public func card() -> JSON { ModelFile.card(of: self) }

    /// The bytes of `model.safetensors`: the same for the same model.
    public func encoded(file: String = ModelFile.fileName) throws(FormatError) -> [UInt8] { try ModelFile.encoded(self, file: file) }

    /// Reads a model's folder or file.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where it is damaged or another kind of model.
    public init(path: String) throws { try self.init(checking: ModelFile(path: path)) }

    /// Reads a model from the bytes of `model.safetensors`.
    ///
    /// - Throws: `FormatError` for anything that is not a whole model of this kind.
    public init(parsing bytes: [UInt8], file: String) throws(FormatError) { try self.init(checking: ModelFile(parsing: bytes, file: file)) }

    private init(checking file: ModelFile) throws(FormatError) {
        guard try Jobs.modelType(file) == Self.self else {
            throw FormatError(file: file.path, reason: "it is a model of the job \(quoted(file.job)), and another kind is asked for")
        }
        try self.init(file)
    }
}

/// How good a model's answers to some data are.
public struct JobEvaluation {
    /// What was measured: "120 rows of iris.csv. Target ...".
    public let heading: String
    /// The metrics in lines.
    public let lines: [String]
    /// The same for machines.
    public let json: JSON
    /// Which data it was, to be compared with the one trained on; `nil` where it is not known.
    public let fingerprint: String?
    /// The sections of a page about it; `nil` for no page.
    public let report: (() throws -> JobReport)?

    /// An evaluation of your own.
    public init(heading: String, lines: [String], json: JSON, fingerprint: String? = nil, report: (() throws -> JobReport)? = nil) {
        (self.heading, self.lines, self.json, self.fingerprint, self.report) = (heading, lines, json, fingerprint, report)
    }
}

/// What a model's network does to some data.
public struct JobExplanation {
    /// What went through the network, and what gradients are of.
    public let heading: String
    /// Layer by layer.
    public let explanation: ModelExplanation
    /// The heading's facts for machines.
    public let facts: JSON.Object
    /// Pictures for a page; empty for no page.
    public let sections: [ReportSection]
    /// What is said before the layers: a sequence step by step.
    public let lines: [String]

    /// An explanation of your own.
    public init(heading: String, explanation: ModelExplanation, facts: JSON.Object = JSON.Object(), sections: [ReportSection] = [], lines: [String] = []) {
        (self.heading, self.explanation, self.facts, self.sections, self.lines) = (heading, explanation, facts, sections, lines)
    }

    /// An explanation with a sequence step by step.
    ///
    /// - Parameters:
    ///   - sequence: What recurrent layers do; `nil` where there are none.
    ///   - sections: Pictures that come first.
    public init(heading: String, explanation: ModelExplanation, facts: JSON.Object, sequence: SequenceExplanation?, sections: [ReportSection] = []) {
        var facts = facts
        if let sequence { facts["sequence"] = sequence.json() }
        self.init(heading: heading, explanation: explanation, facts: facts, sections: sections + (sequence?.sections() ?? []), lines: sequence?.lines ?? [])
    }
}
