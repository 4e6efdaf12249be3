import DescentFormats
import DescentNN

/// The measurements at one point of a training: the end of an epoch, or a validation within one.
public struct TrainingRecord: Equatable, Sendable {
    /// The epoch, from 1.
    public var epoch: Int
    /// The steps taken by then.
    public var step: Int
    /// The examples seen by then, each as often as it was.
    public var examples: Int
    /// The learning rate of the last step.
    public var learningRate: Double
    /// The mean training loss of this epoch's examples so far.
    public var loss: Double
    /// The validation's metrics, in its order.
    public var metrics: [Metric]
    /// Whether the epoch ended here.
    public var isEndOfEpoch: Bool

    /// A named number.
    public struct Metric: Equatable, Sendable {
        /// Such as "validation_loss".
        public var name: String
        /// The number.
        public var value: Double

        /// A number with its name.
        public init(_ name: String, _ value: Double) { (self.name, self.value) = (name, value) }
    }

    /// A record, for loops of your own.
    public init(
        epoch: Int, step: Int, examples: Int, learningRate: Double, loss: Double, metrics: [Metric] = [], isEndOfEpoch: Bool = true
    ) {
        (self.epoch, self.step, self.examples, self.learningRate) = (epoch, step, examples, learningRate)
        (self.loss, self.metrics, self.isEndOfEpoch) = (loss, metrics, isEndOfEpoch)
    }

    /// The metric of this name, if it was measured.
    public subscript(name: String) -> Double? { metrics.first { $0.name == name }?.value }
}

/// Where a training stands: with the variables of model and optimizer all that is needed to go on to the same bits.
public struct TrainingState: Equatable, Sendable {
    /// The epoch under way, from 1.
    public var epoch = 1
    /// The steps taken of that epoch.
    public var stepInEpoch = 0
    /// The steps taken in all.
    public var step = 0
    /// The examples seen, each as often as it was.
    public var examples = 0
    /// The examples seen in the epoch under way.
    public var epochExamples = 0
    /// The sum of their losses.
    public var lossSum = 0.0
    /// The records so far.
    public var history: [TrainingRecord] = []
    /// The state of the learning-rate reduction, if there is one.
    public var rateReduction: ReduceOnPlateau.State?
    /// The state of early stopping, if there is any.
    public var earlyStopping: EarlyStopping.Memory?
    /// Whether the training came to its end.
    public var isFinished = false

    /// The beginning.
    public init() {}

    /// The mean loss of the epoch's examples so far.
    public var meanLoss: Double { epochExamples > 0 ? lossSum / Double(epochExamples) : 0 }
}

extension TrainingState {
    /// To be stored: numbers to their last bit.
    public func toJSON() -> JSON {
        [
            "epoch": .integer(Int64(epoch)), "stepInEpoch": .integer(Int64(stepInEpoch)), "step": .integer(Int64(step)),
            "examples": .integer(Int64(examples)), "epochExamples": .integer(Int64(epochExamples)), "lossSum": .exact(lossSum),
            "isFinished": .bool(isFinished), "earlyStopping": earlyStopping.map { $0.toJSON() } ?? nil,
            "rateReduction": rateReduction.map { $0.toJSON() } ?? nil,
            "history": .array(history.map { $0.toJSON() }),
        ]
    }

    /// A state that was stored.
    ///
    /// - Throws: `FormatError` that names the place in the document.
    public init(json: JSONReader) throws(FormatError) {
        epoch = try json["epoch"].count(from: 1)
        stepInEpoch = try json["stepInEpoch"].count()
        step = try json["step"].count()
        examples = try json["examples"].count()
        epochExamples = try json["epochExamples"].count()
        lossSum = try json["lossSum"].exactDouble()
        isFinished = try json["isFinished"].bool()
        earlyStopping = json["earlyStopping"].exists ? try EarlyStopping.Memory(json: json["earlyStopping"]) : nil
        rateReduction = json["rateReduction"].exists ? try ReduceOnPlateau.State(json: json["rateReduction"]) : nil
        history = []
        for record in try json["history"].elements() { history.append(try TrainingRecord(json: record)) }
    }
}

extension TrainingRecord {
    /// To be stored: numbers to their last bit.
    public func toJSON() -> JSON {
        var named = JSON.Object()
        for metric in metrics { named[metric.name] = .exact(metric.value) }
        return [
            "epoch": .integer(Int64(epoch)), "step": .integer(Int64(step)), "examples": .integer(Int64(examples)),
            "learningRate": .exact(learningRate), "loss": .exact(loss), "metrics": .object(named), "isEndOfEpoch": .bool(isEndOfEpoch),
        ]
    }

    /// A record that was stored.
    ///
    /// - Throws: `FormatError` that names the place in the document.
    public init(json: JSONReader) throws(FormatError) {
        epoch = try json["epoch"].count(from: 1)
        step = try json["step"].count()
        examples = try json["examples"].count()
        learningRate = try json["learningRate"].exactDouble()
        loss = try json["loss"].exactDouble()
        isEndOfEpoch = try json["isEndOfEpoch"].bool()
        metrics = []
        for (name, value) in try json["metrics"].members() { metrics.append(Metric(name, try value.exactDouble())) }
    }
}

extension JSON {
    /// A number to its last bit, NaN and infinities too, which JSON has no numbers for.
    static func exact(_ value: Double) -> JSON { value.isFinite ? .number(value) : .string("\(value)") }
}

extension JSONReader {
    /// A number that `JSON.exact` wrote.
    func exactDouble() throws(FormatError) -> Double {
        if case .string(let text)? = json, let value = Double(text), !value.isFinite { return value }
        return try double()
    }

    /// A whole number that counts something.
    func count(from lowest: Int = 0) throws(FormatError) -> Int {
        let value = try int()
        if value < lowest { throw error("is \(value), and counts from \(lowest)") }
        return value
    }
}
