import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A model that says which class a text is of.
public struct TextClassifier: TextAnswering {
    /// The classes' names.
    public let classes: [String]
    /// What cuts texts into pieces.
    public let tokenizer: any Tokenizer
    /// How it was made.
    public let record: ModelRecord<TextClassificationSettings>
    package let network: ClassifierNetwork
    private let measured: CompiledFunction<Tensor, Tensor, Tensor>

    package init(network: ClassifierNetwork, tokenizer: any Tokenizer, classes: [String], record: ModelRecord<TextClassificationSettings>) {
        (self.network, self.tokenizer, self.classes, self.record) = (network, tokenizer, classes, record)
        measured = compile { (tokens: Tensor, lengths: Tensor) in softmax(network(tokens, lengths: lengths)) }
    }

    /// Texts computed at once.
    private static let chunk = 256

    /// The answers for texts: each a class and the probabilities of all.
    public func predict(_ texts: [String]) -> [Prediction] {
        network.infer()
        let sequences = texts.map { text in
            let tokens = tokenizer.encode(text)
            return tokens.isEmpty ? [Vocabulary.unknown] : tokens
        }
        // Those of like lengths together, so that little is padding.
        let order = sequences.indices.sorted { (sequences[$0].count, $0) < (sequences[$1].count, $1) }
        var answers = [Prediction?](repeating: nil, count: texts.count)
        for first in stride(from: 0, to: order.count, by: Self.chunk) {
            let rows = order[first..<Swift.min(first + Self.chunk, order.count)]
            let inputs = SequenceBatches.tensors(rows.map { sequences[$0] })
            let probabilities = measured(inputs[0], inputs[1]).floats
            for (place, row) in rows.enumerated() {
                let own = Array(probabilities[place * classes.count..<(place + 1) * classes.count])
                answers[row] = .label(own.indices.max { own[$0] < own[$1] }!, probabilities: own)
            }
        }
        return answers.map { $0! }
    }

    public var textLayout: TextLayout? { nil }
    public var job: String { TextClassificationJob.name }
    public var module: any Module { network }

    public var parts: JSON.Object {
        var architecture = network.architecture.json
        architecture["classes"] = JSON(classes)
        var parts = JSON.Object()
        parts["architecture"] = .object(architecture)
        parts["encoding"] = tokenizer.toJSON()
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let json = file.card["architecture"]
        let tokenizer = try TokenUnit.tokenizer(json: file.card["encoding"])
        let classes = try json["classes"].strings()
        if classes.count < 2 || Set(classes).count != classes.count { throw json["classes"].error("must be at least two different names") }
        let sizes = try RecurrentArchitecture(json, of: tokenizer)
        let network = try file.network(parameterCount: ClassifierNetwork.parameterCount(sizes, classes: classes.count)) {
            ClassifierNetwork(sizes, classes: classes.count)
        }
        self.init(network: network, tokenizer: tokenizer, classes: classes, record: try file.record())
    }

    public var description: [String] { ["Classifies texts into \(classes.count) classes: \(classes.joined(separator: ", "))."] }
    public var details: [String] { ConfusionLines.lines(record.confusion, classes: classes) }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        ["predict \(shellQuoted(folder)) FILE        (a text on each line; - for the standard input)"]
    }

    /// In words: "embedding 64, 1 GRU layer of 64 in both directions".
    public var summary: String { network.architecture.summary(directions: 2) }
}
