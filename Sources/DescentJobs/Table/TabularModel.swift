import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A network together with everything that turns a raw table into its inputs and its outputs into answers.
public struct TabularModel: JobModel {
    /// The network.
    public let network: FeedForward
    /// What turns rows into features.
    public let encoder: TableEncoder
    /// What turns outputs into answers.
    public let target: TargetEncoder
    /// How it was made.
    public let record: ModelRecord<TabularSettings>
    /// The interval about each answer, where one was asked for.
    public let interval: PredictionInterval?

    /// A model from its parts, which must fit each other.
    public init(
        network: FeedForward, encoder: TableEncoder, target: TargetEncoder, record: ModelRecord<TabularSettings>, interval: PredictionInterval? = nil
    ) {
        (self.network, self.encoder, self.target, self.record) = (network, encoder, target, record)
        self.interval = interval
    }

    /// Rows computed at once.
    private static let chunk = 4096

    /// The answers for rows of a table.
    ///
    /// - Parameter rows: Which rows, from 0, in this order; `nil` for all.
    /// - Throws: `DataError` that names the columns that are missing, or the line of a cell that fits its column ill.
    public func predict(_ table: Table, rows: [Int]? = nil) throws(DataError) -> [Prediction] {
        let encoded = try encoder.transform(table, rows: rows)
        let answers = answers(toFeatures: encoded.values, count: encoded.rowCount)
        if let place = answers.firstIndex(where: { !$0.isFinite }) {
            let row = rows?[place] ?? place
            throw DataError(file: table.file(ofRow: row), line: table.line(ofRow: row), "the model's answer is not a finite number: its weights or this row's numbers are too large")
        }
        return answers
    }

    /// The answers for rows of features, [count, featureCount].
    func answers(toFeatures values: [Float], count rows: Int) -> [Prediction] {
        network.infer()
        var answers: [Prediction] = []
        answers.reserveCapacity(rows)
        let width = encoder.featureCount
        for first in stride(from: 0, to: rows, by: Self.chunk) {
            let count = min(Self.chunk, rows - first)
            let x = Tensor(Array(values[first * width..<(first + count) * width]), shape: [count, width])
            answers += self.answers(to: network(x), count: count)
        }
        return answers
    }

    private func answers(to outputs: Tensor, count: Int) -> [Prediction] {
        switch target.task {
        case .regression: return outputs.floats.map { .value(target.inverse($0)) }
        case .binary: return sigmoid(outputs).floats.map { .label($0 > 0.5 ? 1 : 0, probabilities: [1 - $0, $0]) }
        case .multiclass:
            let probabilities = softmax(outputs).floats
            let classes = target.classes.count
            return (0..<count).map { row in
                let own = Array(probabilities[row * classes..<(row + 1) * classes])
                return .label(own.indices.max { own[$0] < own[$1] }!, probabilities: own)
            }
        }
    }

    /// Measures the model on rows whose answers the table has, for its record.
    ///
    /// - Parameter trainingRows: Rows of the same table that the baseline is taken from.
    /// - Throws: `DataError` as `predict`, and for a target that is missing or none of the classes.
    func measure(_ record: inout ModelRecord<TabularSettings>, on table: Table, rows: [Int], trainedOn trainingRows: [Int]) throws(DataError) {
        var frequent: Int?
        if target.task != .regression {
            frequent = Self.mostFrequent(try target.labels(table, rows: trainingRows).map { Int($0) }, classes: target.classes.count)
        }
        record.take(try evaluation(table, rows: rows, baseline: frequent), of: target, baseline: frequent)
        if let covered = try coverage(table, rows: rows) { record.metrics.append(covered) }
    }

    /// The share of rows whose truth lies within the interval of the answer; `nil` without an interval or rows.
    func coverage(_ table: Table, rows: [Int]? = nil) throws(DataError) -> Metric? {
        guard let interval else { return nil }
        let rows = rows ?? Array(0..<table.rowCount)
        if rows.isEmpty { return nil }
        let share = interval.coverage(truth: try trueValues(table, rows: rows), answers: try predict(table, rows: rows).map(\.number))
        return Metric("intervalCoverage", share, words: interval.words(coverage: share))
    }

    /// Everything that can be said of the model's answers to rows whose truth the table has.
    ///
    /// - Parameters:
    ///   - rows: Which rows, from 0; `nil` for all.
    ///   - baseline: The class that is answered without a model; `nil` for the one that was most frequent in training or, where that is
    ///     not known, is most frequent here.
    /// - Throws: `DataError` as `predict`, and for a target that is missing or none of the classes.
    public func evaluation(_ table: Table, rows: [Int]? = nil, baseline: Int? = nil) throws(DataError) -> AnswerEvaluation {
        let answers = try predict(table, rows: rows)
        if target.task == .regression {
            // The cells' own numbers: `values` finds those that are none.
            _ = try target.values(table, rows: rows)
            let place = try target.place(in: table)
            let truth = (rows ?? Array(0..<table.rowCount)).map { table.number(row: $0, column: place) ?? .nan }
            let predicted = answers.map { answer -> Double in if case .value(let value) = answer { value } else { .nan } }
            return AnswerEvaluation(predicted: predicted, truth: truth, baseline: target.mean)
        }
        let labels = try target.labels(table, rows: rows).map { Int($0) }
        let predicted = answers.map { answer -> Int in if case .label(let label, _) = answer { label } else { -1 } }
        let probabilities = answers.map { answer -> [Float] in if case .label(_, let all) = answer { all } else { [] } }
        return AnswerEvaluation(
            predicted: predicted, probabilities: probabilities, labels: labels, classes: target.classes,
            baseline: baseline ?? trainingBaseline ?? Self.mostFrequent(labels, classes: target.classes.count))
    }

    private var trainingBaseline: Int? { record.baseline.flatMap { target.classes.firstIndex(of: $0) } }

    static func mostFrequent(_ labels: [Int], classes: Int) -> Int {
        var counts = [Int](repeating: 0, count: classes)
        for label in labels { counts[label] += 1 }
        return counts.indices.max { counts[$0] < counts[$1] }!
    }
}

extension ModelRecord<TabularSettings> {
    /// Takes over the metrics of the rows held out, and the loss in the unit of the training.
    mutating func take(_ evaluation: AnswerEvaluation, of target: TargetEncoder, baseline: Int?) {
        self.baseline = baseline.map { target.classes[$0] }
        let error = evaluation["rootMeanSquareError"] ?? .nan
        let loss = baseline == nil ? error * error / (target.deviation * target.deviation) : evaluation["logLoss"] ?? .nan
        metrics = Metric.headlines(of: evaluation.metrics + [Metric("loss", loss)], baseline: self.baseline)
    }
}
