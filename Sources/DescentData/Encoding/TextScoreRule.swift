import DescentFormats

/// A column of free text: what its n-grams say of the target, by a linear model that was fitted to it alone (stacking; Wolpert 1992).
struct TextScoreRule: Equatable, Sendable {
    let model: NGramModel
    /// What each score speaks for: a class; empty for a number that is predicted.
    let names: [String]
    /// The scores' mean and deviation, on texts that the model was not fitted to.
    let means: [Float]
    let deviations: [Float]

    var width: Int { model.scores.outputs }

    func featureNames(_ column: String) -> [String] { names.isEmpty ? ["\(column) score"] : names.map { "\(column) for \($0)" } }

    /// Writes the features of one text (`nil`: missing, which has no words).
    func write(_ text: String?, into output: UnsafeMutableBufferPointer<Float>) {
        for (place, score) in standardised(model.scores(of: text ?? "")).enumerated() { output[place] = score }
    }

    func standardised(_ scores: [Float]) -> [Float] {
        scores.indices.map { place in
            let value = (scores[place] - means[place]) / deviations[place], limit = Float(NumberRule.limit)
            return Swift.min(Swift.max(value, -limit), limit)
        }
    }

    /// The rule of a fit; its moments are those of what cross-validation said.
    init(_ fit: NGramFit, names: [String]) {
        model = fit.model
        self.names = names
        let moments = (0..<fit.model.scores.outputs).map { place in Moments(fit.outOfFold.map { Double($0[place]) }) }
        means = moments.map { Float($0.mean) }
        deviations = moments.map { $0.deviation > 0 ? Float($0.deviation) : 1 }
    }

    init(json: JSONReader) throws(FormatError) {
        let vectorizer = try NGramVectorizer(json: json["ngrams"])
        names = try json["names"].strings()
        means = try json["means"].doubles().map { Float($0) }
        deviations = try json["deviations"].doubles().map { Float($0) }
        let weights = try json["weights"].doubles().map { Float($0) }, intercepts = try json["intercepts"].doubles().map { Float($0) }
        let outputs = intercepts.count
        if outputs < 1 || weights.count != vectorizer.width * outputs { throw json["weights"].error("must have a number for each n-gram and score") }
        if means.count != outputs || deviations.count != outputs || !(names.isEmpty || names.count == outputs) { throw json["means"].error("must have a number for each score") }
        if deviations.contains(where: { $0 <= 0 }) { throw json["deviations"].error("must be positive") }
        model = NGramModel(vectorizer: vectorizer, scores: LinearScores(outputs: outputs, weights: weights, intercepts: intercepts))
    }

    var json: JSON {
        func numbers(_ values: [Float]) -> JSON { .array(values.map { JSON($0) }) }
        return [
            "kind": "scores", "names": JSON(names), "means": numbers(means), "deviations": numbers(deviations), "weights": numbers(model.scores.weights),
            "intercepts": numbers(model.scores.intercepts), "ngrams": model.vectorizer.toJSON(),
        ]
    }
}

/// Features of the rows that an encoder was fitted to, which take the place of those that it would give them: what models that were not fitted to a row say of
/// it. What the whole model says of its own rows would look better than it is.
package struct CrossFittedFeatures: Sendable {
    /// The first of the features.
    package let first: Int
    /// The features, for each row of the table that was fitted to.
    package let values: [Int: [Float]]
}

extension TableEncoder {
    /// The same encoder, with scores by the target in place of counts of words.
    ///
    /// - Parameters:
    ///   - rows: The training rows.
    ///   - targets: Row-major, [rows, outputs].
    ///   - names: What the scores speak for; empty for a number.
    ///   - folds: For each of the rows the part that it is left out with.
    /// - Returns: The encoder, and the features that the training rows are to have.
    package func scoringTexts(
        of table: Table, rows: [Int], targets: [Float], loss: SparseRegression.Loss, names: [String], folds: [Int]
    ) -> (encoder: TableEncoder, training: [CrossFittedFeatures]) {
        var columns = self.columns, fitted: [(column: Int, values: [Int: [Float]])] = []
        for (place, column) in columns.enumerated() {
            guard case .words = column.rule, let index = table.names.firstIndex(of: column.name) else { continue }
            let texts = rows.map { table.isMissing(row: $0, column: index) ? "" : table.text(row: $0, column: index) }
            let vectorizer = NGramVectorizer(fitting: texts, [(.words, 1...2), (.characters, 2...5)])
            let fit = NGramFit(vectorizer, texts: texts, targets: targets, outputs: targets.count / rows.count, loss: loss, folds: folds)
            let rule = TextScoreRule(fit, names: names)
            let note = "text, what its n-grams say of the target (\(vectorizer.width) of words and characters, TF-IDF; of each training row by a model fitted without it)"
            columns[place] = Column(name: column.name, rule: .scores(rule), note: note)
            fitted.append((place, Dictionary(uniqueKeysWithValues: zip(rows, fit.outOfFold.map(rule.standardised)))))
        }
        let encoder = TableEncoder(columns: columns, like: self)
        let firsts = columns.indices.map { columns[..<$0].reduce(0) { $0 + $1.rule.width } }
        return (encoder, fitted.map { CrossFittedFeatures(first: firsts[$0.column], values: $0.values) })
    }

    /// Whether a column is taken as the words of its texts.
    package var hasTexts: Bool { columns.contains { if case .words = $0.rule { true } else { false } } }
}
