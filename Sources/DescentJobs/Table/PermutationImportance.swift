import DescentCore
import DescentData
import DescentTrain

/// How much a model owes to each column: how far its score falls when the column's cells are shuffled among the rows. Breiman 2001;
/// of columns that say the same, each looks dispensable.
public struct PermutationImportance: Equatable, Sendable {
    /// A column's share in the score.
    public struct Column: Equatable, Sendable {
        /// The column's name.
        public let name: String
        /// How far the score fell in each repetition; below 0 where it rose.
        public let falls: [Double]

        /// The mean fall.
        public var mean: Double { falls.reduce(0, +) / Double(falls.count) }
        /// The standard deviation of the falls over the repetitions (division by their number).
        public var deviation: Double {
            let mean = mean
            return (falls.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(falls.count)).squareRoot()
        }
    }

    /// What the score is: "accuracy" or "R²".
    public let score: String
    /// The score with all columns as they are.
    public let whole: Double
    /// The columns that are used, the most important first.
    public let columns: [Column]
}

extension TabularModel {
    /// How much the model owes to each column, by its accuracy or its R² on rows whose truth the table has.
    ///
    /// - Parameters:
    ///   - rows: Which rows, from 0, at least one; `nil` for all. Best are rows that it was not trained on.
    ///   - repeats: How often each column is shuffled, at least 1.
    ///   - seed: What the orders are drawn from.
    /// - Throws: `DataError` as `evaluation`, and where R² has no value since the target is the same in all rows.
    public func importance(_ table: Table, rows: [Int]? = nil, repeats: Int = 5, seed: Int = 1) throws(DataError) -> PermutationImportance {
        if repeats < 1 { stop("TabularModel.importance: \(repeats) repeats; there must be at least 1.") }
        let encoded = try encoder.transform(table, rows: rows)
        let score = try score(table, rows: rows)
        let whole = score.of(answers(toFeatures: encoded.values, count: encoded.rowCount))
        if !whole.isFinite { throw DataError(file: table.file, "the target is the same in all rows, so R² has no value, and no column a share in it") }
        let width = encoded.featureCount
        var columns: [PermutationImportance.Column] = []
        for (place, range) in encoder.featureRanges.enumerated() {
            let falls = (0..<repeats).map { turn in
                let order = Self.order(count: encoded.rowCount, seed: seed, column: place, turn: turn)
                var values = encoded.values
                for (row, other) in order.enumerated() {
                    for feature in range.features { values[row * width + feature] = encoded.values[other * width + feature] }
                }
                return whole - score.of(answers(toFeatures: values, count: encoded.rowCount))
            }
            columns.append(PermutationImportance.Column(name: range.column, falls: falls))
        }
        // Equal ones in the order of the file.
        let order = columns.indices.sorted { (columns[$1].mean, $0) < (columns[$0].mean, $1) }
        return PermutationImportance(score: score.name, whole: whole, columns: order.map { columns[$0] })
    }

    /// The row that each row takes a column's cell from.
    package static func order(count: Int, seed: Int, column: Int, turn: Int) -> [Int] {
        var seeds = SplitMix64(seed: UInt64(bitPattern: Int64(seed)))
        var inner = SplitMix64(seed: seeds.next() ^ UInt64(column))
        var random = SplitMix64(seed: inner.next() ^ UInt64(turn))
        var order = Array(0..<count)
        random.shuffle(&order)
        return order
    }

    /// What answers are worth: accuracy, or R².
    private func score(_ table: Table, rows: [Int]?) throws(DataError) -> (name: String, of: ([Prediction]) -> Double) {
        if target.task == .regression {
            let truth = try trueValues(table, rows: rows)
            return ("R²", { answers in Metrics.rSquared(answers.map(\.number), truth) ?? .nan })
        }
        let labels = try target.labels(table, rows: rows).map { Int($0) }
        return ("accuracy", { answers in Double(zip(answers, labels).count { $0.label == $1 }) / Double(labels.count) })
    }

    /// The target's cells as numbers in their own unit.
    func trueValues(_ table: Table, rows: [Int]?) throws(DataError) -> [Double] {
        // Finds cells that are no numbers.
        _ = try target.values(table, rows: rows)
        let place = try target.place(in: table)
        return (rows ?? Array(0..<table.rowCount)).map { table.number(row: $0, column: place) ?? .nan }
    }
}
