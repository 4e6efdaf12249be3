import DescentData
import Testing

/// The numbers are those of scikit-learn 1.x: TfidfVectorizer(sublinear_tf=True, token_pattern=r"(?u)\w+" or analyzer="char_wb"), LogisticRegression(C=2, tol=1e-10), Ridge(0.5).
@Suite("n-grams and the models of them")
struct NGramTests {
    private static let texts = ["good film good plot", "bad film", "not good at all", "the plot is bad bad", "a fine film", "dull plot"]

    @Test("TF-IDF of words and of characters is scikit-learn's")
    func weights() {
        let words = NGramVectorizer(fitting: Self.texts, [(.words, 1...2)]), terms = words.terms
        let row = Dictionary(uniqueKeysWithValues: words.row(Self.texts[0]).map { (terms[Int($0.column)], $0.value) })
        let expected: [String: Float] = ["film": 0.285353, "film good": 0.412174, "good": 0.572264, "good film": 0.412174, "good plot": 0.412174, "plot": 0.285353]
        #expect(words.width == 26 && row.count == expected.count && expected.allSatisfy { abs((row[$0.key] ?? 0) - $0.value) < 1e-5 }, "\(row)")
        let characters = NGramVectorizer(fitting: ["ab a", "bc"], [(.characters, 2...3)])
        #expect(characters.terms == [" a", " a ", " ab", " b", " bc", "a ", "ab", "ab ", "b ", "bc", "bc ", "c "])
        #expect(characters.row("ab a").map { (($0.value * 1e4).rounded()) } == [5686, 3358, 3358, 3358, 3358, 3358, 3358])
        #expect(words.row("unknown").isEmpty && NGramVectorizer(fitting: ["Don’t! don't?"], [(.words, 1...1)]).terms == ["!", "?", "don't"])
    }

    @Test("logistic, multinomial and ridge regression on sparse rows are scikit-learn's")
    func regressions() {
        let vectorizer = NGramVectorizer(fitting: Self.texts, [(.words, 1...2)]), rows = vectorizer.rows(Self.texts), terms = vectorizer.terms
        func fit(_ targets: [Float], _ outputs: Int, _ loss: SparseRegression.Loss) -> LinearScores {
            let scales = [Float](repeating: 1, count: rows.width * outputs)
            return SparseRegression(rows, targets: targets, outputs: outputs, loss: loss, scales: scales, penalty: 0.5).solution(tolerance: 1e-8).scores
        }
        func weights(_ scores: LinearScores, _ term: String) -> [Float] { let start = terms.firstIndex(of: term)! * scores.outputs; return Array(scores.weights[start..<start + scores.outputs]) }
        func near(_ a: [Float], _ b: [Float]) -> Bool { a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 2e-4 } }
        let two = fit([1, 0, 0, 0, 1, 0], 1, .logistic)
        #expect(near(two.intercepts, [-0.77156]) && near(weights(two, "good"), [0.40019]) && near(weights(two, "bad"), [-0.48071]) && near(weights(two, "fine film"), [0.43427]))
        let three = fit([0, 1, 1, 1, 0, 2].flatMap { label in (0..<3).map { $0 == label ? 1 : 0 } }, 3, .softmax)
        #expect(near(weights(three, "good"), [0.34345, -0.14092, -0.20252]) && near(weights(three, "bad"), [-0.37653, 0.58204, -0.20551]), "\(weights(three, "good"))")
        let ridge = fit([2, -1, -0.5, -2, 1, 0], 1, .squared)
        #expect(near(ridge.intercepts, [-0.10871]) && near(weights(ridge, "good"), [0.7294]) && near(weights(ridge, "bad"), [-0.91453]))
    }
}
