/// Scores that are weighted sums of a row's numbers: for each output a weight for each column, and an intercept.
package struct LinearScores: Equatable, Sendable {
    /// The number of scores.
    package let outputs: Int
    /// The weights, those of a column together: [width, outputs].
    package var weights: [Float]
    /// One for each output.
    package var intercepts: [Float]

    package init(outputs: Int, weights: [Float], intercepts: [Float]) { (self.outputs, self.weights, self.intercepts) = (outputs, weights, intercepts) }

    /// The scores of a row.
    package func of(_ row: [(column: Int32, value: Float)]) -> [Float] {
        var scores = intercepts
        for (column, value) in row {
            let start = Int(column) * outputs
            for output in 0..<outputs { scores[output] += weights[start + output] * value }
        }
        return scores
    }

    /// The scores of all rows, row by row.
    package func of(_ rows: SparseRows) -> [[Float]] { (0..<rows.count).map { of(rows.row($0)) } }
}
