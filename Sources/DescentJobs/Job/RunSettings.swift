import DescentCore
import DescentFormats
import DescentNN
import DescentTrain

/// A setting that cannot be used, as a sentence.
public struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// An error with its whole sentence.
    public init(_ sentence: String) { description = sentence }
}

/// Settings of the run, which all jobs have. What is `nil` is chosen by the job and the data.
public struct RunSettings: Equatable, Sendable {
    /// Number of passes over the training data.
    public var epochs: Int?
    /// Number of steps, instead of epochs.
    public var steps: Int?
    /// Training time in minutes, instead of epochs: the number of steps is found by timing some.
    public var minutes: Double?
    /// Examples in a step.
    public var batchSize: Int?
    /// The optimizer.
    public var optimizer = OptimizerName.adam
    /// Peak learning rate.
    public var learningRate: Double?
    /// How the learning rate changes during the run; `nil` for a cosine, or for a constant with `reduceOnPlateau`.
    public var schedule: ScheduleName?
    /// Multiply the learning rate by 0.1, in place of the schedule, after this many epochs without a lower validation loss (without validation:
    /// training loss).
    public var reduceOnPlateau: Int?
    /// Decoupled weight decay.
    public var weightDecay: Double?
    /// Clip gradients to this global norm.
    public var clipNorm: Double?
    /// Fraction of the data held out for testing: from 0 to below 1.
    public var testFraction: Double?
    /// Fraction of the training data held back for validation: from 0 to below 1.
    public var validationFraction: Double?
    /// Stop after this many epochs without a lower validation loss (early stopping); `nil` for no early stopping.
    public var patience: Int?
    /// A validation loss counts as lower if it is lower by more than this.
    public var minimumImprovement: Double?
    /// Random seed for the split, initial weights, shuffling and dropout.
    public var seed = 1

    /// Everything chosen by the job and the data.
    public init() {}

    /// The learning rate where neither the user nor the job sets one.
    public static let usualLearningRate = 3e-3
    /// The validation fraction where patience asks for one and none is set.
    public static let patienceFraction = 0.1

    /// The most learned numbers of a network: with gradients and moments they take 16 times as many bytes.
    package static let parameterLimit = 1 << 27

    /// Whether a length was asked for.
    package var hasLength: Bool { epochs != nil || steps != nil || minutes != nil }

    /// The schedule, without its warm-up.
    package var chosenSchedule: Schedule { (schedule ?? (reduceOnPlateau == nil ? .cosine : .constant)).schedule }

    /// The options of the run.
    public static var options: [SettingOption] { fields.map(\.option) }

    /// The settings, in the order of their help.
    static let fields: [SettingField<RunSettings>] = [
        .optional(
            "epochs", \.epochs, .whole, rule: SettingRule("1 to 1000000") { (1...1_000_000).contains($0) }, subject: "the number of epochs", valueName: "count",
            "Number of epochs. Default: by the amount of data."),
        .optional(
            "batch-size", \.batchSize, .whole, rule: SettingRule("1 or more") { (1...1 << 24).contains($0) }, subject: "the batch size", valueName: "count",
            "Batch size. Default: by the amount of data."),
        .optional(
            "learning-rate", \.learningRate, .number, rule: SettingRule("above 0, 0.003 say") { $0 > 0 && $0.isFinite }, subject: "the learning rate",
            valueName: "rate", "Peak learning rate. Default: 0.003 (language models: 0.004)."),
        .optional(
            "patience", \.patience, .whole, rule: SettingRule("1 epoch or more") { (1...1_000_000).contains($0) }, subject: "the patience", valueName: "epochs",
            "Stop after this many epochs without a lower validation loss (early stopping). Default: for tables that are validated, a quarter of the epochs and at least 10; otherwise no early stopping."
        ),
        .optional(
            "steps", \.steps, .whole, rule: SettingRule("1 to 1000000000") { (1...1_000_000_000).contains($0) }, subject: "the number of steps", valueName: "count",
            "Number of steps, instead of epochs."),
        .optional(
            "minutes", \.minutes, .number, rule: SettingRule("above 0") { $0 > 0 && $0 <= 100_000 }, subject: "the number of minutes", valueName: "minutes",
            "Training time, instead of epochs."),
        .required("optimizer", \.optimizer, .choice, valueName: "name", "Optimizer: \(OptimizerName.allCases.map(\.rawValue).joined(separator: ", ")). Default: adam."),
        .optional(
            "schedule", \.schedule, .choice, valueName: "name",
            "Learning-rate schedule: \(ScheduleName.allCases.map(\.rawValue).joined(separator: ", ")). Default: cosine, decaying to 0."),
        .optional(
            "reduce-on-plateau", \.reduceOnPlateau, .whole, rule: SettingRule("1 or more") { (1...1_000_000).contains($0) },
            subject: "the number of epochs after which the learning rate is reduced", valueName: "epochs",
            "Multiply the learning rate by 0.1 after this many epochs without a lower validation loss (without validation: training loss), in place of the schedule."),
        .optional(
            "weight-decay", \.weightDecay, .number, rule: SettingRule("0 or above") { $0 >= 0 && $0.isFinite }, subject: "the weight decay", valueName: "rate",
            "Decoupled weight decay. Default: by the job."),
        .optional(
            "clip-norm", \.clipNorm, .number, rule: SettingRule("above 0, 1 say") { $0 > 0 && $0.isFinite }, subject: "the norm that gradients are clipped to",
            valueName: "norm", "Clip gradients to this global norm. Default: 1 for recurrent networks, no clipping for tables."),
        .optional(
            "test-fraction", \.testFraction, .number, rule: SettingRule("at least 0 and below 1") { (0..<1).contains($0) }, subject: "the test fraction",
            valueName: "fraction", "Fraction held out for testing. Default: 0.2 (language models, translation: 0.1; series: one forecast)."),
        .optional(
            "validation-fraction", \.validationFraction, .number, rule: SettingRule("at least 0 and below 1") { (0..<1).contains($0) },
            subject: "the validation fraction", valueName: "fraction",
            "Fraction of the training data held back for validation; the weights with the lowest validation loss are kept. Default: \(patienceFraction) with --patience, 0.05 for language models, otherwise 0."
        ),
        .optional(
            "minimum-improvement", \.minimumImprovement, .number, rule: SettingRule("0 or above") { $0 >= 0 && $0.isFinite }, subject: "the minimum improvement",
            valueName: "loss", "Smallest decrease of the validation loss that counts as an improvement. Default: 0."),
        .required("seed", \.seed, .whole, valueName: "number", "Random seed for the split, initial weights, shuffling and dropout. Default: 1."),
    ]

    /// Checks settings that exclude each other.
    func validateTogether() throws(SettingsError) {
        let lengths = [epochs.map { _ in "epochs" }, minutes.map { _ in "minutes" }, steps.map { _ in "steps" }].compactMap { $0 }
        if lengths.count > 1 { throw SettingsError("\(lengths.joined(separator: " and ")) are both given; a run has one length") }
        if schedule != nil && reduceOnPlateau != nil { throw SettingsError("schedule and reduce-on-plateau are both given; the learning rate follows one of them") }
    }

    /// How many of the training examples are held back for validation.
    ///
    /// - Parameter noun: The examples' name, for the error.
    /// - Throws: `SettingsError` where a fraction was asked for and comes out as none.
    package func validationCount(of count: Int, noun: String) throws(SettingsError) -> Int {
        let fraction = validationFraction ?? (patience == nil ? 0 : Self.patienceFraction)
        let found = Int((Double(count) * fraction).rounded())
        if fraction > 0 && found == 0 {
            throw SettingsError("\(shortNumber(fraction)) of \(grouped(count)) \(noun) leaves none for validation; use a larger --validation-fraction, or no --patience")
        }
        return found
    }
}

/// An optimizer by its name.
public enum OptimizerName: String, CaseIterable, Sendable {
    case adam, nadam, rmsprop, adagrad, sgd, momentum, nesterov

    /// The optimizer with a peak learning rate and decoupled weight decay.
    func make(learningRate: Double, weightDecay: Double) -> any Optimizer {
        let decay = Regularization(decay: weightDecay)
        return switch self {
        case .adam: Adam(learningRate: learningRate, weightDecay: weightDecay)
        case .nadam: NAdam(learningRate: learningRate, regularization: decay)
        case .rmsprop: RMSProp(learningRate: learningRate, regularization: decay)
        case .adagrad: AdaGrad(learningRate: learningRate, regularization: decay)
        case .sgd: SGD(learningRate: learningRate, regularization: decay)
        case .momentum: SGD(learningRate: learningRate, momentum: 0.9, regularization: decay)
        case .nesterov: SGD(learningRate: learningRate, momentum: 0.9, isNesterov: true, regularization: decay)
        }
    }
}

/// A learning-rate schedule by its name.
public enum ScheduleName: String, CaseIterable, Sendable {
    case cosine, linear, constant
    case oneCycle = "one-cycle"

    var schedule: Schedule {
        switch self {
        case .cosine: .cosine
        case .linear: .linear
        case .constant: .constant
        case .oneCycle: .oneCycle
        }
    }
}

extension RunSettings {
    /// The length in words: "100 epochs at most (patience 5)".
    package var lengthWords: String {
        let whole = minutes.map { "about \(shortNumber($0)) minutes" } ?? steps.map { "\(grouped($0)) steps" } ?? (epochs == 1 ? "1 epoch" : "\(epochs ?? 0) epochs")
        // A patience as long as the run ends nothing.
        let ends = minutes != nil || steps != nil || (patience ?? 0) < (epochs ?? 0)
        return whole + (patience.flatMap { ends ? " at most (patience \($0))" : nil } ?? "")
    }
}
