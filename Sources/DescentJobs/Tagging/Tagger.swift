import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A model that gives each word of sentences a tag.
public struct Tagger: JobModel {
    /// The tags that it knows, ascending.
    public let tags: [String]
    /// How its tags mark spans.
    public let scheme: TagScheme
    /// How the file that it was trained on is laid out.
    public let columns: TagColumns
    /// How it was made.
    public let record: ModelRecord<TaggingSettings>
    let features: WordFeatures
    package let network: TaggerNetwork
    /// Whether a tag (columns) may follow another (rows); in the last row whether it may stand first.
    private let allowed: [Bool]
    private let measured: CompiledFunction<(Tensor, Tensor), [Tensor]>

    init(network: TaggerNetwork, features: WordFeatures, tags: [String], scheme: TagScheme, columns: TagColumns, record: ModelRecord<TaggingSettings>) {
        (self.network, self.features, self.tags, self.scheme, self.columns, self.record) = (network, features, tags, scheme, columns, record)
        allowed = (tags.map { Optional($0) } + [nil]).flatMap { previous in tags.map { scheme.allows($0, after: previous) } }
        measured = compile { (inputs: [Tensor]) in
            let emissions = network(inputs)
            return (emissions, network.field.marginals(emissions, lengths: inputs[3]))
        }
    }

    /// A sentence's words with their tags.
    public struct Answer: Equatable, Sendable {
        /// The words.
        public let words: [String]
        /// A tag for each: together the most probable sequence that keeps to the scheme.
        public let tags: [String]
        /// Of each word, the probability of each of the model's tags.
        public let probabilities: [[Float]]
        /// The spans that the tags mark.
        public let spans: [TagSpan]
        /// Of each word, the number of its tag.
        let numbers: [Int]

        /// The probability of each word's tag.
        public var confidences: [Float] { zip(probabilities, numbers).map { $0[$1] } }
    }

    /// Sentences computed at once.
    private static let chunk = 64

    /// The tags of sentences, each a list of words; of no words there are none.
    public func predict(_ sentences: [[String]]) -> [Answer] {
        predict(encoded: sentences.map { features.encode($0) }).enumerated().map { place, found in
            let tags = found.numbers.map { self.tags[$0] }
            return Answer(words: sentences[place], tags: tags, probabilities: found.probabilities, spans: scheme.spans(tags), numbers: found.numbers)
        }
    }

    /// The number of each word's tag, and the probabilities of all.
    func predict(encoded sentences: [WordFeatures.Encoded]) -> [(numbers: [Int], probabilities: [[Float]])] {
        network.infer()
        let count = tags.count
        var answers = [(numbers: [Int], probabilities: [[Float]])](repeating: ([], []), count: sentences.count)
        // Those of like lengths together, so that little is padding.
        let order = sentences.indices.filter { sentences[$0].count > 0 }.sorted { (sentences[$0].count, $0) < (sentences[$1].count, $1) }
        for first in stride(from: 0, to: order.count, by: Self.chunk) {
            let rows = Array(order[first..<Swift.min(first + Self.chunk, order.count)])
            let (emissions, marginals) = measured(TaggingBatches.tensors(rows.map { sentences[$0] }))
            let scores = emissions.floats, shares = marginals.floats
            for (column, row) in rows.enumerated() {
                let places = (0..<sentences[row].count).map { ($0 * rows.count + column) * count }
                let numbers = network.field.bestPath(places.flatMap { scores[$0..<$0 + count] }) { previous, tag in allowed[(previous ?? count) * count + tag] }
                answers[row] = (numbers, places.map { Array(shares[$0..<$0 + count]) })
            }
        }
        return answers
    }

    public var job: String { TaggingJob.name }
    public var module: any Module { network }

    public var parts: JSON.Object {
        var architecture = network.sizes.json
        architecture["tags"] = JSON(tags)
        var parts = JSON.Object()
        parts["architecture"] = .object(architecture)
        parts["scheme"] = .string(scheme.rawValue)
        parts["columns"] = columns.toJSON()
        parts["features"] = features.toJSON()
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let json = file.card["architecture"]
        let features = try WordFeatures(json: file.card["features"])
        let tags = try json["tags"].strings()
        if tags.count < 2 || Set(tags).count != tags.count { throw json["tags"].error("must be at least two different names") }
        guard let scheme = TagScheme(rawValue: try file.card["scheme"].string()) else { throw file.card["scheme"].error("is no scheme that is known") }
        let sizes = try TaggerSizes(json, of: features, tags: tags.count)
        let network = try file.network(parameterCount: sizes.parameterCount) { TaggerNetwork(sizes) }
        self.init(network: network, features: features, tags: tags, scheme: scheme, columns: try TagColumns(json: file.card["columns"]), record: try file.record())
    }

    public var description: [String] {
        ["Gives each word of a sentence one of \(tags.count) tags\(scheme == .plain ? "" : ", which mark spans (\(scheme.title))"): \(tags.joined(separator: ", "))."]
    }

    public var summary: String { network.sizes.summary }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        [
            "predict \(shellQuoted(folder)) \"Anna visited Oslo .\"        (a sentence; --json gives \(scheme == .plain ? "words and tags" : "spans"))",
            "predict \(shellQuoted(folder)) FILE        (words in columns, or a sentence on each line; - for the standard input)",
        ]
    }
}
