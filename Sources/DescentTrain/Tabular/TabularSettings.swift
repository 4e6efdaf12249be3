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
    /// Kinds of columns, by name or number, that are to be used instead of what is guessed.
    public var columns: [String: ColumnKind] = [:]
    /// What to do with a cell that is no number in a column of numbers.
    public var oddCells = OddCells.reject
    /// The part of the rows held out to test on: at least 0 and below 1.
    public var testFraction = 0.2
    /// The sizes of the hidden layers; empty for a linear model.
    public var hidden = [128, 128]
    /// An activation's name.
    public var activation = "gelu"
    /// The share of hidden values dropped in training.
    public var dropout = 0.1
    /// The highest learning rate; it falls to 0 along half a cosine, or where `reduceOnPlateau` says so.
    public var learningRate = 3e-3
    /// Lowers the learning rate to a tenth, in place of the cosine, when the validation loss (without one: the training loss) has not fallen for
    /// so many epochs.
    public var reduceOnPlateau: Int?
    /// The decoupled weight decay of Adam.
    public var weightDecay = 0.3
    /// How often each row is visited; `nil` to choose by the number of rows.
    public var epochs: Int?
    /// The most rows of a step; `nil` to choose by the number of rows.
    public var batchSize: Int?
    /// How many steps are taken, instead of whole epochs.
    public var steps: Int?
    /// The part of the rows to train on that is held back to validate on: at least 0 and below 1. With patience and a single network, a
    /// tenth if it is 0.
    public var validationFraction = 0.0
    /// How many epochs in a row may bring no lower validation loss before the training ends; `nil` for any number. Where rows are
    /// validated on, the weights are in any case those of the epoch with the lowest loss.
    public var patience: Int?
    /// A validation loss is lower if it is so by more than this.
    public var minimumImprovement = 0.0
    /// The Euclidean norm that gradients are scaled down to where it is longer; `nil` for any.
    public var clipNorm: Double?
    /// How many networks are trained side by side, for the mean of their answers; `nil` to choose by the number of rows. Where no part
    /// is held back for all, each of several learns from all rows but a part of its own, and is validated on that: so all rows are learned
    /// from, and all are validated on.
    public var members: Int?
    /// What split, first weights, order and dropout are drawn from.
    public var seed = 1

    /// The defaults.
    public init() {}

    /// The part to validate on where patience asks for one and nobody said which.
    public static let patienceFraction = 0.1

    /// More learned numbers than this are refused: with gradients and moments they would take 16 times as many bytes.
    package static let parameterLimit = 1 << 27

    /// The networks for so many training rows, if no number was set: several where rows are few, which is where single networks differ
    /// most by chance and where the best time to stop is hardest to tell.
    package static func automaticMembers(rows: Int) -> Int { rows >= 20 && rows <= 1000 ? 5 : 1 }

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
        if let steps { try require((1...1_000_000_000).contains(steps), "\(steps) steps are not possible; it must be 1 to 1000000000") }
        try require(epochs == nil || steps == nil, "epochs and steps are both given; a run is as long as one of them says")
        try require((0..<1).contains(validationFraction), "the validation fraction is \(validationFraction); it must be at least 0 and below 1")
        if let patience { try require(patience >= 1, "a patience of \(patience) epochs is not possible; it must be at least 1") }
        if let reduceOnPlateau { try require(reduceOnPlateau >= 1, "the learning rate cannot be reduced after \(reduceOnPlateau) epochs; it must be at least 1") }
        try require(minimumImprovement >= 0 && minimumImprovement.isFinite, "the minimum improvement is \(minimumImprovement); it must be 0 or above")
        if let clipNorm { try require(clipNorm > 0 && clipNorm.isFinite, "gradients cannot be clipped to a norm of \(clipNorm); it must be above 0, 1 say") }
        if let members { try require((1...100).contains(members), "\(members) networks side by side are not possible; it must be 1 to 100") }
        if let batchSize { try require(batchSize >= 1, "a batch size of \(batchSize) is not possible; it must be at least 1") }
    }
}
