import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// What is learned from sequences.
public enum SequenceTask: String, CaseIterable, Sendable {
    /// Which piece of a text comes next.
    case language
    /// Which note of a tune comes next.
    case tunes
    /// Which class a text is of.
    case classification
    /// What a series goes on with.
    case forecast
}

/// How to train on sequences. What is nil is chosen by the task and the data; what was chosen can be read from a training's settings.
public struct SequenceSettings: Equatable, Sendable {
    /// The recurrent cell.
    public var cell: CellKind?
    /// The units of each recurrent layer.
    public var hidden: Int?
    /// How many recurrent layers.
    public var layers: Int?
    /// The size of a token's vector; 0 for one-hot vectors.
    public var embedding: Int?
    /// The share of values between the layers that is dropped in training.
    public var dropout: Double?
    /// What a text is cut into.
    public var unit: TokenUnit?
    /// The most words or pieces that are known.
    public var vocabulary: Int?
    /// The steps of a window.
    public var window: Int?
    /// How often the data is gone through.
    public var epochs: Int?
    /// How long to train, about, instead of epochs: the steps that fit are found by trying some.
    public var minutes: Double?
    /// How many steps are taken, instead of epochs.
    public var steps: Int?
    /// The streams or sequences of a batch.
    public var batchSize: Int?
    /// The highest learning rate; it rises at first and falls to 0 along a cosine, or where `reduceOnPlateau` says so.
    public var learningRate: Double?
    /// Lowers the learning rate to a tenth, in place of the cosine, when the validation loss (without one: the training loss) has not fallen for
    /// so many epochs.
    public var reduceOnPlateau: Int?
    /// The decoupled weight decay of AdamW.
    public var weightDecay: Double?
    /// The norm that gradients are scaled down to where it is longer.
    public var clipNorm: Double?
    /// The part held out to test on. Of a series the test is the last `horizon` rows, or none for 0.
    public var testFraction: Double?
    /// The part of what is trained on that is held back to validate on, 0 for none: of texts with classes texts, of a long running text pieces
    /// from all over it, of others and of series the end.
    /// Where something is validated on, the weights are those of the lowest validation loss.
    public var validationFraction: Double?
    /// How many epochs in a row may bring no lower validation loss before the training ends; nil for any number.
    public var patience: Int?
    /// A validation loss is lower if it is so by more than this.
    public var minimumImprovement: Double?
    /// How many steps of a series are forecast.
    public var horizon: Int?
    /// After how many steps a series' pattern comes again; 1 for none.
    public var season: Int?
    /// Whether a series is learned in logarithms: where it grows by shares.
    public var isLogarithmic: Bool?
    /// What splits, first weights, orders and dropout are drawn from.
    public var seed = 1

    /// Everything chosen by the task and the data.
    public init() {}

    /// Checks everything that can be checked without data.
    ///
    /// - Throws: `SettingsError` that says what would be right.
    public func validate() throws(SettingsError) {
        func require<Value>(_ value: Value?, _ isRight: (Value) -> Bool, _ name: String, _ rule: String) throws(SettingsError) {
            if let value, !isRight(value) { throw SettingsError("\(name) is \(value); it must be \(rule)") }
        }
        try require(hidden, { (1...8192).contains($0) }, "the hidden size", "1 to 8192")
        try require(layers, { (1...32).contains($0) }, "the number of layers", "1 to 32")
        try require(embedding, { (0...8192).contains($0) }, "the embedding's size", "1 to 8192, or 0 for one-hot vectors")
        try require(dropout, { (0..<1).contains($0) }, "the dropout", "at least 0 and below 1")
        try require(vocabulary, { (1...1_000_000).contains($0) }, "the vocabulary", "1 to 1000000")
        try require(window, { (1...100_000).contains($0) }, "the window", "1 to 100000")
        try require(epochs, { (1...1_000_000).contains($0) }, "the number of epochs", "1 to 1000000")
        try require(minutes, { $0 > 0 && $0 <= 100_000 }, "the number of minutes", "above 0")
        try require(steps, { (1...1_000_000_000).contains($0) }, "the number of steps", "1 to 1000000000")
        try require(batchSize, { (1...65_536).contains($0) }, "the batch size", "1 to 65536")
        try require(learningRate, { $0 > 0 && $0.isFinite }, "the learning rate", "above 0, 0.003 say")
        try require(weightDecay, { $0 >= 0 && $0.isFinite }, "the weight decay", "0 or above")
        try require(clipNorm, { $0 > 0 && $0.isFinite }, "the norm that gradients are clipped to", "above 0, 1 say")
        try require(testFraction, { (0..<1).contains($0) }, "the test fraction", "at least 0 and below 1")
        try require(validationFraction, { (0..<1).contains($0) }, "the validation fraction", "at least 0 and below 1")
        try require(patience, { (1...1_000_000).contains($0) }, "the patience", "1 epoch or more")
        try require(minimumImprovement, { $0 >= 0 && $0.isFinite }, "the minimum improvement", "0 or above")
        try require(reduceOnPlateau, { (1...1_000_000).contains($0) }, "the number of epochs after which the learning rate is reduced", "1 or more")
        try require(horizon, { (1...10_000).contains($0) }, "the number of steps to forecast", "1 to 10000")
        try require(season, { (1...100_000).contains($0) }, "the season", "1 to 100000 (1 for none)")
        let lengths = [epochs.map { _ in "epochs" }, minutes.map { _ in "minutes" }, steps.map { _ in "steps" }].compactMap { $0 }
        if patience != nil, validationFraction == 0 { throw SettingsError("patience waits for a validation loss, and a validation fraction of 0 leaves none; make it larger, or leave one of the two out") }
        if lengths.count > 1 { throw SettingsError("\(lengths.joined(separator: " and ")) are both given; a run is as long as one of them says") }
    }

    /// Settings in which what is nil is taken from others.
    package func filled(from defaults: SequenceSettings) -> SequenceSettings {
        var filled = self
        filled.cell = cell ?? defaults.cell
        filled.hidden = hidden ?? defaults.hidden
        filled.layers = layers ?? defaults.layers
        filled.embedding = embedding ?? defaults.embedding
        filled.dropout = dropout ?? defaults.dropout
        filled.unit = unit ?? defaults.unit
        filled.vocabulary = vocabulary ?? defaults.vocabulary
        filled.window = window ?? defaults.window
        filled.batchSize = batchSize ?? defaults.batchSize
        filled.learningRate = learningRate ?? defaults.learningRate
        filled.weightDecay = weightDecay ?? defaults.weightDecay
        filled.clipNorm = clipNorm ?? defaults.clipNorm
        filled.testFraction = testFraction ?? defaults.testFraction
        filled.validationFraction = validationFraction ?? defaults.validationFraction
        filled.horizon = horizon ?? defaults.horizon
        filled.season = season ?? defaults.season
        filled.isLogarithmic = isLogarithmic ?? defaults.isLogarithmic
        if epochs == nil && minutes == nil && steps == nil { filled.epochs = defaults.epochs }
        return filled
    }

    /// To be stored with a run and a model; what is nil is left out.
    public func toJSON() -> JSON {
        var object = JSON.Object()
        func set(_ name: String, _ value: Int?) { if let value { object[name] = .integer(Int64(value)) } }
        func set(_ name: String, _ value: Double?) { if let value { object[name] = .number(value) } }
        object["cell"] = cell.map { .string($0.rawValue) }
        object["unit"] = unit.map { .string($0.rawValue) }
        set("hidden", hidden)
        set("layers", layers)
        set("embedding", embedding)
        set("dropout", dropout)
        set("vocabulary", vocabulary)
        set("window", window)
        set("epochs", epochs)
        set("minutes", minutes)
        set("steps", steps)
        set("batchSize", batchSize)
        set("learningRate", learningRate)
        set("weightDecay", weightDecay)
        set("clipNorm", clipNorm)
        set("testFraction", testFraction)
        set("validationFraction", validationFraction)
        set("patience", patience)
        set("minimumImprovement", minimumImprovement)
        set("reduceOnPlateau", reduceOnPlateau)
        set("horizon", horizon)
        set("season", season)
        object["isLogarithmic"] = isLogarithmic.map(JSON.bool)
        set("seed", seed)
        return .object(object)
    }

    /// Settings that were stored.
    ///
    /// - Throws: `FormatError` that names the place, also for numbers that cannot be.
    public init(json: JSONReader) throws(FormatError) {
        func whole(_ name: String) throws(FormatError) -> Int? { json[name].exists ? try json[name].int() : nil }
        func number(_ name: String) throws(FormatError) -> Double? { json[name].exists ? try json[name].double() : nil }
        if json["cell"].exists {
            guard let known = CellKind(rawValue: try json["cell"].string()) else { throw json["cell"].error("is no cell that is known") }
            cell = known
        }
        if json["unit"].exists {
            guard let known = TokenUnit(rawValue: try json["unit"].string()) else { throw json["unit"].error("is no unit that is known") }
            unit = known
        }
        hidden = try whole("hidden")
        layers = try whole("layers")
        embedding = try whole("embedding")
        dropout = try number("dropout")
        vocabulary = try whole("vocabulary")
        window = try whole("window")
        epochs = try whole("epochs")
        minutes = try number("minutes")
        steps = try whole("steps")
        batchSize = try whole("batchSize")
        learningRate = try number("learningRate")
        weightDecay = try number("weightDecay")
        clipNorm = try number("clipNorm")
        testFraction = try number("testFraction")
        validationFraction = try number("validationFraction")
        patience = try whole("patience")
        minimumImprovement = try number("minimumImprovement")
        reduceOnPlateau = try whole("reduceOnPlateau")
        horizon = try whole("horizon")
        season = try whole("season")
        isLogarithmic = json["isLogarithmic"].exists ? try json["isLogarithmic"].bool() : nil
        seed = try whole("seed") ?? 1
        do { try validate() } catch { throw json.error("cannot be used: \(error)") }
    }
}
