#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Scores of texts that are weighted sums of their n-grams' TF-IDF weights.
package struct NGramModel: Equatable, Sendable {
    /// What turns a text into numbers.
    package let vectorizer: NGramVectorizer
    /// What is made of these numbers.
    package let scores: LinearScores

    package init(vectorizer: NGramVectorizer, scores: LinearScores) { (self.vectorizer, self.scores) = (vectorizer, scores) }

    /// The scores of a text, one for each output.
    package func scores(of text: String) -> [Float] { scores.of(vectorizer.row(text)) }
}

/// A model of n-grams that was fitted, and what it says of texts that it was not fitted to.
package struct NGramFit {
    package let model: NGramModel
    /// The penalty that was best, or the one that was asked for.
    package let penalty: Double
    /// The scores of the training texts, each by a model that was fitted without it (cross-validation).
    package let outOfFold: [[Float]]
    /// The mean loss of these scores.
    package let validationLoss: Double

    /// Penalties that are tried where none is asked for, the strongest first.
    package static let penalties = [1, 0.3, 0.1, 0.03]
    /// Added to the number of texts with a term, of each class: of 0.1 to 1 what classified best, on reviews of two kinds.
    private static let smoothing = 0.3

    /// Fits weights to texts.
    ///
    /// The weights of classes are those of naive Bayes times factors that are learned: a term counts as much as it is more frequent in the texts of a
    /// class than in the others, and what is learned is by how much that is to be corrected (NBSVM; Wang and Manning 2012, with logistic regression in
    /// place of the support vector machine).
    ///
    /// - Parameters:
    ///   - targets: Row-major, [texts, outputs]: 0 and 1 for classes, one 1 a row for `.softmax`.
    ///   - folds: For each text the number of the part that it is left out with.
    ///   - penalty: The L2 penalty; `nil` for the one with the lowest loss on the parts left out.
    package init(
        _ vectorizer: NGramVectorizer, texts: [String], targets: [Float], outputs: Int, loss: SparseRegression.Loss, folds: [Int], penalty asked: Double? = nil
    ) {
        let rows = vectorizer.rows(texts), candidates = asked.map { [$0] } ?? Self.penalties
        var outOfFold = candidates.map { _ in [[Float]](repeating: [], count: texts.count) }
        for fold in Set(folds).sorted() {
            let (own, others) = (folds.indices.filter { folds[$0] == fold }, folds.indices.filter { folds[$0] != fold })
            let learned = rows.rows(others), truth = others.flatMap { targets[$0 * outputs..<($0 + 1) * outputs] }
            let scales = Self.scales(learned, truth, outputs: outputs, loss: loss)
            var start: [Double]?
            for (place, penalty) in candidates.enumerated() {
                let solution = SparseRegression(learned, targets: truth, outputs: outputs, loss: loss, scales: scales, penalty: penalty).solution(from: start, tolerance: 1e-3)
                start = solution.parameters
                for row in own { outOfFold[place][row] = solution.scores.of(rows.row(row)) }
            }
        }
        let losses = outOfFold.map { Self.meanLoss($0, targets, outputs: outputs, loss) }
        let best = losses.indices.min { losses[$0] < losses[$1] }!
        (penalty, validationLoss, self.outOfFold) = (candidates[best], losses[best], outOfFold[best])
        let scales = Self.scales(rows, targets, outputs: outputs, loss: loss)
        model = NGramModel(
            vectorizer: vectorizer, scores: SparseRegression(rows, targets: targets, outputs: outputs, loss: loss, scales: scales, penalty: penalty).solution().scores)
    }

    /// The log-count ratios of naive Bayes, for each column and output; 1 where numbers are predicted.
    static func scales(_ rows: SparseRows, _ targets: [Float], outputs: Int, loss: SparseRegression.Loss) -> [Float] {
        if loss == .squared { return [Float](repeating: 1, count: rows.width * outputs) }
        var inside = [Double](repeating: smoothing, count: rows.width * outputs), outside = inside
        for row in 0..<rows.count {
            for (column, _) in rows.row(row) {
                for output in 0..<outputs {
                    let place = Int(column) * outputs + output
                    if targets[row * outputs + output] > 0.5 { inside[place] += 1 } else { outside[place] += 1 }
                }
            }
        }
        var sums = [(inside: Double, outside: Double)](repeating: (0, 0), count: outputs)
        for place in inside.indices {
            sums[place % outputs].inside += inside[place]
            sums[place % outputs].outside += outside[place]
        }
        return inside.indices.map { place in
            let sum = sums[place % outputs]
            return Float(log(inside[place] / sum.inside) - log(outside[place] / sum.outside))
        }
    }

    private static func meanLoss(_ scores: [[Float]], _ targets: [Float], outputs: Int, _ loss: SparseRegression.Loss) -> Double {
        var total = 0.0, count = 0
        for (row, scores) in scores.enumerated() where !scores.isEmpty {
            count += 1
            let truth = targets[row * outputs..<(row + 1) * outputs]
            switch loss {
            case .squared: for (score, target) in zip(scores, truth) { total += Double((score - target) * (score - target)) }
            case .logistic: for (score, target) in zip(scores, truth) { total += Double(Swift.max(score, 0) - target * score) + log1p(exp(-Double(Swift.abs(score)))) }
            case .softmax:
                let highest = scores.max()!
                total += Double(highest) + log(scores.reduce(0) { $0 + exp(Double($1 - highest)) })
                for (score, target) in zip(scores, truth) { total -= Double(target * score) }
            }
        }
        return count == 0 ? .nan : total / Double(count)
    }
}
