import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A model that tells classes of texts apart by their n-grams, or gives each text several labels.
public struct TextNGramClassifier: TextAnswering {
    /// The classes' names.
    public let classes: [String]
    /// From which probability on a label is given, for each; `nil` where a text has one class.
    public let thresholds: [Float]?
    /// How the texts stood in the files that it was trained on.
    public let textLayout: TextLayout?
    /// How it was made.
    public let record: ModelRecord<TextNGramSettings>
    package let model: NGramModel
    let network: NGramNetwork

    /// Whether texts have several labels.
    public var hasSeveralLabels: Bool { thresholds != nil }

    package init(_ model: NGramModel, classes: [String], thresholds: [Float]?, layout: TextLayout?, record: ModelRecord<TextNGramSettings>) {
        (self.model, self.classes, self.thresholds, textLayout, self.record) = (model, classes, thresholds, layout, record)
        let (terms, outputs, weights) = (model.vectorizer.width, model.scores.outputs, model.scores.weights)
        network = NGramNetwork(terms: terms, outputs: outputs)
        network.output.weight.value = Tensor((0..<outputs).flatMap { output in (0..<terms).map { weights[$0 * outputs + output] } }, shape: [outputs, terms])
        network.output.bias!.value = Tensor(model.scores.intercepts, shape: [outputs])
    }

    /// The probability of each class, or of each label by itself.
    package func probabilities(_ text: String) -> [Float] {
        let scores = model.scores(of: text)
        if hasSeveralLabels { return scores.map(LabelThresholds.logistic) }
        if scores.count == 1 {
            let second = LabelThresholds.logistic(scores[0])
            return [1 - second, second]
        }
        let highest = scores.max()!, parts = scores.map { exponential(Double($0 - highest)) }, sum = parts.reduce(0, +)
        return parts.map { Float($0 / sum) }
    }

    public func predict(_ texts: [String]) -> [Prediction] {
        texts.map { text in
            let all = probabilities(text)
            return .label(all.indices.max { (all[$0], $1) < (all[$1], $0) }!, probabilities: all)
        }
    }

    /// The labels whose probability reaches their threshold.
    func labels(_ probabilities: [Float]) -> Set<Int> { Set(probabilities.indices.filter { probabilities[$0] >= (thresholds?[$0] ?? 0.5) }) }

    func labelEvaluation(_ texts: [(text: String, labels: [Int32])]) -> LabelEvaluation {
        LabelEvaluation(predicted: texts.map { labels(probabilities($0.text)) }, truth: texts.map { Set($0.labels.map(Int.init)) }, labels: classes)
    }

    // MARK: - The model's file

    public var job: String { TextNGramsJob.name }
    public var module: any Module { network }

    public var parts: JSON.Object {
        var architecture = JSON.Object()
        architecture["classes"] = JSON(classes)
        architecture["thresholds"] = thresholds.map { .array($0.map { JSON($0) }) }
        architecture["layout"] = textLayout?.json
        var parts = JSON.Object()
        parts["architecture"] = .object(architecture)
        parts["encoding"] = model.vectorizer.toJSON()
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let json = file.card["architecture"], classes = try json["classes"].strings()
        if classes.count < 2 || Set(classes).count != classes.count { throw json["classes"].error("must be at least two different names") }
        let thresholds = json["thresholds"].exists ? try json["thresholds"].doubles().map { Float($0) } : nil
        if let thresholds, thresholds.count != classes.count { throw json["thresholds"].error("must have a number for each class") }
        let vectorizer = try NGramVectorizer(json: file.card["encoding"])
        let outputs = classes.count == 2 && thresholds == nil ? 1 : classes.count, terms = vectorizer.width
        let network = try file.network(parameterCount: NGramNetwork.parameterCount(terms: terms, outputs: outputs)) { NGramNetwork(terms: terms, outputs: outputs) }
        let weights = network.output.weight.value.floats
        let scores = LinearScores(
            outputs: outputs, weights: (0..<terms).flatMap { term in (0..<outputs).map { weights[$0 * terms + term] } }, intercepts: network.output.bias!.value.floats)
        self.init(
            NGramModel(vectorizer: vectorizer, scores: scores), classes: classes, thresholds: thresholds,
            layout: json["layout"].exists ? try TextLayout(json: json["layout"]) : nil, record: try file.record())
    }

    public var summary: String { "logistic regression on \(grouped(model.vectorizer.width)) n-grams" }

    public var description: [String] {
        [hasSeveralLabels ? "Gives texts labels, of \(classes.count): \(classes.joined(separator: ", "))." : "Classifies texts into \(classes.count) classes: \(classes.joined(separator: ", "))."]
    }

    public var details: [String] {
        if let thresholds { return ["Thresholds of the labels: \(zip(classes, thresholds).map { "\($0) \(fixed(Double($1), 2))" }.joined(separator: ", "))."] }
        return ConfusionLines.lines(record.confusion, classes: classes)
    }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        // A text of its own kind, if one is at hand; any other is as good.
        var commands = ["predict \(shellQuoted(folder)) FILE        (a text on each line; - for the standard input)"]
        if let input, input.path != "-" { commands.append("explain \(shellQuoted(folder)) \(shellQuoted(exampleText(input)))") }
        return commands
    }

    /// The first words of a text that was learned from.
    private func exampleText(_ input: JobInput) -> String {
        let texts = try? UnlabelledTexts(input.path, like: textLayout, classes: classes).texts
        let words = texts?.first { $0.text.contains(" ") }?.text.split(whereSeparator: \.isWhitespace).prefix(8) ?? []
        return words.isEmpty ? "a text" : words.joined(separator: " ")
    }
}
