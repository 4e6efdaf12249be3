import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentTrain

extension TextClassifier {
    public func answers(_ request: PredictionRequest) throws -> any AnswerStream { try classAnswers(request) }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation { try classEvaluation(input) }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        let texts = try labelled(input)
        let rows = Array(0..<Swift.min(count, texts.texts.count))
        let inputs = SequenceBatches.tensors(
            rows.map { row in
                let tokens = tokenizer.encode(texts.texts[row])
                return tokens.isEmpty ? [Vocabulary.unknown] : tokens
            })
        let labels = Tensor(int32: rows.map { row in Int32(classes.firstIndex(of: texts.classes[Int(texts.labels[row])])!) })
        network.infer()
        let explanation = network.explain(running: { network(inputs[0], lengths: inputs[1]) }) { softmaxCrossEntropy($0, labels) }
        var facts = JSON.Object()
        facts["file"] = .string(texts.file)
        facts["texts"] = .integer(Int64(rows.count))
        facts["loss"] = "cross-entropy"
        return JobExplanation(
            heading: "The first \(Quantity(rows.count, "texts")) of \(texts.file), through \(summary). Gradients are of the mean cross-entropy of the class.",
            explanation: explanation, facts: facts, sequence: sequence(ofText: texts.texts[rows[0]], label: Int(labels.ints[0])).sequence)
    }
}

/// A confusion matrix as lines of text.
enum ConfusionLines {
    /// The most classes whose matrix fits a terminal.
    private static let classLimit = 20

    /// The true classes in rows; without counts, nothing.
    static func lines(_ counts: [[Int]], classes: [String]) -> [String] {
        if counts.isEmpty { return [] }
        let classes = classes.map { listed($0) }
        if classes.count > classLimit { return ["  (The report has the confusion matrix of the \(classes.count) classes.)"] }
        let rows = counts.map { $0.map { $0 == 0 ? "." : "\($0)" } }
        let short = classes.map { String($0.prefix(5)) }
        let width = Swift.max(rows.joined().map(\.count).max() ?? 1, short.map(\.count).max() ?? 1)
        let names = classes.map(\.count).max() ?? 0
        func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: Swift.max(0, width - text.count)) }
        func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - text.count)) + text }
        let title = "  true \\ predicted"
        let indent = Swift.max(names + 2, title.count)
        return [left(title, indent) + short.map { " " + right($0, width) }.joined()]
            + zip(classes, rows).map { name, row in left("  " + name, indent) + row.map { " " + right($0, width) }.joined() }
    }
}
