import DescentData
import DescentTrain

/// A row that a model got wrong.
public struct Mistake: Equatable, Sendable {
    /// The row of the table, from 0.
    public let row: Int
    /// Its line in the file, from 1.
    public let line: Int
    /// What is right, as the table has it.
    public let truth: String
    /// What the model said.
    public let answer: String
    /// For classes: the probability that the model gave its answer.
    public let confidence: Double?
    /// For numbers: how far the answer is from the truth, with its sign. For classes: the probability that the model denied the truth.
    public let error: Double
}

extension TabularModel {
    /// The worst mistakes: classes that were wrong, those first whose truth was held least probable; or numbers, the farthest off first.
    ///
    /// - Parameters:
    ///   - rows: Which rows, from 0; `nil` for all.
    ///   - limit: Maximum number of mistakes.
    /// - Throws: `DataError` as `evaluation`.
    public func worstMistakes(_ table: Table, rows: [Int]? = nil, limit: Int = 10) throws(DataError) -> [Mistake] {
        let answers = try predict(table, rows: rows)
        let places = rows ?? Array(0..<table.rowCount)
        var mistakes: [Mistake]
        if target.task == .regression {
            let truth = try trueValues(table, rows: rows)
            mistakes = places.indices.map { place in
                Mistake(
                    row: places[place], line: table.line(ofRow: places[place]), truth: Metric.text(truth[place]),
                    answer: Metric.text(answers[place].number), confidence: nil, error: answers[place].number - truth[place])
            }
        } else {
            let labels = try target.labels(table, rows: rows).map { Int($0) }
            mistakes = places.indices.filter { answers[$0].label != labels[$0] }.map { place in
                let answer = answers[place]
                return Mistake(
                    row: places[place], line: table.line(ofRow: places[place]), truth: target.classes[labels[place]],
                    answer: target.classes[answer.label], confidence: Double(answer.probabilities[answer.label]),
                    error: 1 - Double(answer.probabilities[labels[place]]))
            }
        }
        mistakes.sort { (Swift.abs($1.error), $0.row) < (Swift.abs($0.error), $1.row) }
        return Array(mistakes.prefix(limit))
    }
}
