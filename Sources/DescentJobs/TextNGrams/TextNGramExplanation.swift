import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentPlot
import DescentTrain

/// Which words of a text spoke for its class.
extension TextNGramClassifier {
    public var readsTexts: Bool { true }

    /// A word of a text, and by how much the score of a class is lower without it.
    struct WordShare {
        let word: String
        let share: Double
    }

    public func explanation(ofText text: String) throws -> JobExplanation {
        if text.allSatisfy(\.isWhitespace) { throw SettingsError("the text is empty; give at least one word") }
        let all = probabilities(text), label = all.indices.max { all[$0] < all[$1] }!
        let terms = contributions(text, label: label)
        let words = shares(text, label: label)
        let explanation = layers([text], labels: [label])
        let probability = fixed(Double(all[label]), 3)
        var facts = JSON.Object()
        facts["text"] = .string(text)
        facts["prediction"] = .string(classes[label])
        facts["probability"] = JSON(all[label])
        if hasSeveralLabels { facts["labels"] = JSON(labels(all).sorted().map { classes[$0] }) }
        facts["words"] = .array(words.map { ["word": .string($0.word), "share": .number($0.share)] })
        facts["terms"] = .array(terms.prefix(20).map { ["term": .string($0.term), "share": .number($0.share)] })
        let strongest = terms.prefix(12)
        let lines =
            ["By word, how much each raises or lowers the score of \(quoted(classes[label])):"] + words.map { "  \(signed($0.share))  \($0.word)" }
            + ["", "The n-grams that say most:"] + strongest.map { "  \(signed($0.share))  \($0.term)" }
        let limit = Swift.max(words.map { Swift.abs($0.share) }.max() ?? 1, 1e-9)
        let shaded = ShadedText(
            words.map { ShadedText.Piece($0.word + " ", strength: Swift.abs($0.share) / limit, note: "\(signed($0.share)) for \(classes[label])") },
            caption: "Words shaded by how much they change the score")
        let section = ReportSection(
            "Which words spoke for \(classes[label])",
            [.shaded(shaded), .table(ReportTable(columns: ["n-gram", "share of the score"], rows: strongest.map { [$0.term, signed($0.share)] }))])
        return JobExplanation(
            heading: "\(quoted(classes[label])), probability \(probability), by \(summary). Shares are of the score, whose sigmoid or softmax is the probability.",
            explanation: explanation, facts: facts, sections: [section], lines: lines)
    }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        let texts = try labelled(input), rows = Array(0..<Swift.min(count, texts.texts.count))
        let labels = rows.map { row in classes.firstIndex(of: texts.classes[Int(texts.labels[row])])! }
        var facts = JSON.Object()
        facts["file"] = .string(texts.file)
        facts["texts"] = .integer(Int64(rows.count))
        let first = try explanation(ofText: texts.texts[rows[0]])
        return JobExplanation(
            heading: "The first \(Quantity(rows.count, "texts")) of \(texts.file), through \(summary). Words are those of the first.",
            explanation: layers(rows.map { texts.texts[$0] }, labels: labels), facts: facts, sections: first.sections, lines: first.lines)
    }

    /// The weights and gradients of the one layer.
    private func layers(_ texts: [String], labels: [Int]) -> ModelExplanation {
        let width = model.vectorizer.width
        var values = [Float](repeating: 0, count: texts.count * width)
        for (row, text) in texts.enumerated() { for (column, value) in model.vectorizer.row(text) { values[row * width + Int(column)] = value } }
        network.infer()
        return network.explain(Tensor(values, shape: [texts.count, width])) { scores in
            if model.scores.outputs == 1 { return binaryCrossEntropy(logits: scores, Tensor(labels.map { Float($0) }, shape: [labels.count, 1])) }
            if hasSeveralLabels {
                return binaryCrossEntropy(logits: scores, Tensor(labels.flatMap { label in classes.indices.map { $0 == label ? Float(1) : 0 } }, shape: [labels.count, classes.count]))
            }
            return softmaxCrossEntropy(scores, Tensor(int32: labels.map { Int32($0) }))
        }
    }

    /// What each n-gram of a text adds to the score of a class, the largest first; of two classes against the other.
    private func contributions(_ text: String, label: Int) -> [(term: String, share: Double)] {
        let terms = model.vectorizer.terms
        return model.vectorizer.row(text).map { column, value in (terms[Int(column)], Double(value * weight(column, label))) }
            .sorted { (Swift.abs($1.share), $0.term) < (Swift.abs($0.share), $1.term) }
    }

    /// The weight of a column for a class, against the mean of all where there are several.
    private func weight(_ column: Int32, _ label: Int) -> Float {
        let outputs = model.scores.outputs, start = Int(column) * outputs
        if outputs == 1 { return label == 0 ? -model.scores.weights[start] : model.scores.weights[start] }
        let own = model.scores.weights[start + label]
        return hasSeveralLabels ? own : own - model.scores.weights[start..<start + outputs].reduce(0, +) / Float(outputs)
    }

    /// The words of a text as they stand there, with their shares: each is left out once, and the score compared.
    func shares(_ text: String, label: Int) -> [WordShare] {
        let words = text.split(whereSeparator: \.isWhitespace).prefix(200).map(String.init)
        func score(_ words: [String]) -> Double { model.vectorizer.row(words.joined(separator: " ")).reduce(0) { $0 + Double($1.value * weight($1.column, label)) } }
        let whole = score(words)
        return words.indices.map { place in
            var others = words
            others.remove(at: place)
            return WordShare(word: words[place], share: whole - score(others))
        }
    }

    private func signed(_ value: Double) -> String { (value < 0 ? "−" : "+") + fixed(Swift.abs(value), 3) }
}
