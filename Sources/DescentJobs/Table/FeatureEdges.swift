/// Where the ranges of features are cut into pieces of about equally many training rows.
package enum FeatureEdges {
    /// About the most pieces of all features together (each has 4 at least), so that a table of many columns doesn't become a network of many weights.
    private static let pieceLimit = 512

    /// With more rows than this, runs are of so few epochs that an input more costs more than it gives.
    private static let rowLimit = 100_000

    /// The pieces for each of `features` features of so many rows, where no number was asked for.
    package static func automaticCount(features: Int, rows: Int) -> Int {
        // Where rows are many, narrow pieces have enough of them to be learned from.
        features == 0 || rows > rowLimit ? 0 : Swift.max(4, Swift.min(rows > 2000 ? 48 : 16, pieceLimit / features))
    }

    /// The edges of the pieces of each feature, in the form that `PiecewiseLinearEncoding` takes.
    ///
    /// - Parameters:
    ///   - values: Row-major, [rows, width].
    ///   - isNumber: Of each feature whether it is to be cut.
    ///   - count: The most pieces of a feature. One of few values has an edge at each; one of two values has none, since there is nothing to bend.
    package static func edges(of values: [Float], width: Int, isNumber: [Bool], count: Int) -> [[Float]] {
        (0..<width).map { feature in
            if count < 1 || !isNumber[feature] { return [] }
            let sorted = stride(from: feature, to: values.count, by: width).map { values[$0] }.sorted()
            return edges(ofSorted: sorted, count: count)
        }
    }

    private static func edges(ofSorted sorted: [Float], count: Int) -> [Float] {
        let distinct = unique(sorted)
        if distinct.count < 3 { return [] }
        if distinct.count <= count + 1 { return distinct }
        let quantiles = unique((0...count).map { sorted[$0 * (sorted.count - 1) / count] })
        return quantiles.count < 2 ? [] : quantiles
    }

    /// The different values of a sorted list, but for those so close together that a piece between them would be of no width.
    private static func unique(_ sorted: [Float]) -> [Float] {
        var result: [Float] = []
        for value in sorted where result.last.map({ value - $0 > 1e-6 }) ?? true { result.append(value) }
        return result
    }
}
