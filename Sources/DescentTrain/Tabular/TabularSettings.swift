import DescentCore
import DescentData
import DescentNN

/// A setting that cannot be used, as a sentence.
public struct SettingsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// An error with its whole sentence.
    public init(_ sentence: String) { description = sentence }
}

/// How to train on a table. The defaults are what did well on small and middling tables; each may be changed.
public struct TabularSettings: Equatable, Sendable {
    /// What kind of answer is asked for; `nil` to guess from the target.
    public var task: PredictionTask?
    /// What to do with a cell that is no number in a column of numbers.
    public var oddCells = OddCells.reject
    /// The part of the rows held out to test on: at least 0 and below 1.
    public var testFraction = 0.2
    /// The sizes of the hidden layers; empty for a linear model.
    public var hidden = [128, 128]
    /// An activation's name.
    public var activation = "silu"
    /// The share of hidden values dropped in training.
    public var dropout = 0.1
    /// The highest learning rate; it falls to 0 along half a cosine.
    public var learningRate = 3e-3
    /// The decoupled weight decay of Adam.
    public var weightDecay = 0.3
    /// How often each row is visited; `nil` to choose by the number of rows.
    public var epochs: Int?
    /// The most rows of a step; `nil` to choose by the number of rows.
    public var batchSize: Int?
    /// What split, first weights, order and dropout are drawn from.
    public var seed = 1

    /// The defaults.
    public init() {}

    /// More learned numbers than this are refused: with gradients and moments they would take 16 times as many bytes.
    package static let parameterLimit = 1 << 27

    /// The batch size for so many training rows, if none was set.
    package static func automaticBatchSize(rows: Int) -> Int { rows <= 10_000 ? 32 : rows <= 100_000 ? 128 : 512 }

    /// The epochs for so many training rows in batches of a size, if none were set: 100, more where these are fewer than 1000
    /// steps, fewer where they are more than 3 million rows. So a run takes seconds.
    package static func automaticEpochs(rows: Int, batchSize: Int) -> Int {
        let steps = Swift.max(1, (rows + batchSize - 1) / batchSize)
        return Swift.max(3, Swift.min(Swift.max(100, 1000 / steps), 3_000_000 / Swift.max(rows, 1)))
    }

    /// Checks everything that can be checked without a table.
    ///
    /// - Throws: `SettingsError` that says what would be right.
    public func validate() throws(SettingsError) {
        func require(_ isRight: Bool, _ sentence: @autoclosure () -> String) throws(SettingsError) {
            if !isRight { throw SettingsError(sentence()) }
        }
        try require((0..<1).contains(testFraction), "the test fraction is \(testFraction); it must be at least 0 and below 1")
        try require(hidden.count <= 100, "\(hidden.count) hidden layers are too many; at most 100 are possible")
        for size in hidden { try require((1...100_000).contains(size), "a hidden layer has \(size) units; it must have 1 to 100000") }
        let names = Activation.all.map(\.name)
        try require(names.contains(activation), "there is no activation \"\(activation)\"; there are \(names.joined(separator: ", "))")
        try require((0..<1).contains(dropout), "the dropout is \(dropout); it must be at least 0 and below 1")
        try require(learningRate > 0 && learningRate.isFinite, "the learning rate is \(learningRate); it must be above 0, 0.003 say")
        try require(weightDecay >= 0 && weightDecay.isFinite, "the weight decay is \(weightDecay); it must be 0 or above")
        if let epochs { try require((1...1_000_000).contains(epochs), "\(epochs) epochs are not possible; it must be 1 to 1000000") }
        if let batchSize { try require(batchSize >= 1, "a batch size of \(batchSize) is not possible; it must be at least 1") }
    }
}
