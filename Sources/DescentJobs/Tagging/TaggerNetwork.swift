import DescentCore
import DescentFormats
import DescentNN

/// Sizes of a network that tags.
package struct TaggerSizes: Equatable, Sendable {
    package var cell: CellKind
    /// The numbers of words, of affixes and of letters.
    package var words: Int, affixes: Int, letters: Int
    /// The size of a word's vector.
    package var embedding: Int
    package var hidden: Int
    package var layers: Int
    package var dropout: Double
    package var tags: Int

    /// The size of an affix's vector.
    static let affixSize = 24
    /// The size of a letter's vector.
    static let letterSize = 24
    /// The patterns of three letters that are looked for.
    static let letterPatterns = 32
    /// The words before and after a word whose features speak directly for its tag.
    static let reach = 2

    /// The size of what the first recurrent layer reads.
    var inputSize: Int { embedding + WordFeatures.affixCount * Self.affixSize + Self.letterPatterns }
    /// A score for each tag at each place of the window.
    var directSize: Int { tags * (2 * Self.reach + 1) }

    /// The learned numbers.
    var parameterCount: Int {
        let tables = words * embedding + affixes * Self.affixSize + letters * Self.letterSize + (words + affixes) * directSize
        let patterns = Self.letterPatterns * (3 * Self.letterSize + 1)
        let cells = (0..<layers).reduce(0) { $0 + 2 * cell.gates * hidden * (($1 == 0 ? inputSize : 2 * hidden) + hidden + 2) }
        return tables + patterns + cells + tags * (2 * hidden + 1) + tags * (tags + 2)
    }

    /// In words.
    var summary: String {
        "words \(embedding), affixes \(Self.affixSize), letters \(Self.letterPatterns), \(layers) \(cell.rawValue.uppercased()) layer\(layers == 1 ? "" : "s") of \(hidden) in both directions"
            + (dropout > 0 ? ", dropout \(dropout)" : "") + ", conditional random field of \(tags) tags"
    }

    var json: JSON.Object {
        var object = JSON.Object()
        object["cell"] = .string(cell.rawValue)
        for (key, value) in [("embedding", embedding), ("hidden", hidden), ("layers", layers)] { object[key] = .integer(Int64(value)) }
        object["dropout"] = .number(dropout)
        return object
    }
}

extension TaggerSizes {
    /// The sizes of a card.
    ///
    /// - Throws: `FormatError` where a size is out of range.
    init(_ json: JSONReader, of features: WordFeatures, tags: Int) throws(FormatError) {
        self.init(
            cell: try json["cell"].cellKind(), words: features.wordCount, affixes: features.affixTotal, letters: features.letterTotal,
            embedding: try json["embedding"].int(in: 1...8192), hidden: try json["hidden"].int(in: 1...8192), layers: try json["layers"].int(in: 1...32),
            dropout: try json["dropout"].double(), tags: tags)
        if !(0..<1).contains(dropout) { throw json["dropout"].error("must be at least 0 and below 1") }
    }
}

/// What tells the tag of each word: vectors for words, affixes and letters, recurrent layers that read them from both ends, and a conditional random
/// field. Lample et al. 2016, Ma and Hovy 2016; the words' features also speak directly for the tags of the words around them, as in a field
/// without a network, which carries what few sentences can teach.
public struct TaggerNetwork: Module {
    package let sizes: TaggerSizes
    private let words: Embedding
    private let affixes: Embedding
    private let letters: Embedding
    private let patterns: Linear
    let forward: [ChosenRecurrent]
    let backward: [ChosenRecurrent]
    private let output: Linear
    private let direct: Embedding
    package let field: ConditionalRandomField
    private let dropout: Dropout
    private let featureDropout: Dropout

    /// The share of the features that a step leaves out of the direct path.
    private static let featureDropoutRate = 0.3

    package init(_ sizes: TaggerSizes) {
        self.sizes = sizes
        let hidden = sizes.hidden
        words = Embedding(sizes.words, sizes.embedding, padding: 0, initializer: .normal(deviation: 0.3))
        affixes = Embedding(sizes.affixes, TaggerSizes.affixSize, padding: 0, initializer: .normal(deviation: 0.3))
        letters = Embedding(sizes.letters, TaggerSizes.letterSize, padding: 0, initializer: .normal(deviation: 0.3))
        patterns = Linear(3 * TaggerSizes.letterSize, TaggerSizes.letterPatterns)
        forward = (0..<sizes.layers).map { ChosenRecurrent(sizes.cell, $0 == 0 ? sizes.inputSize : 2 * hidden, hidden) }
        backward = (0..<sizes.layers).map { ChosenRecurrent(sizes.cell, $0 == 0 ? sizes.inputSize : 2 * hidden, hidden, reversed: true) }
        output = Linear(2 * hidden, sizes.tags)
        direct = Embedding(sizes.words + sizes.affixes, sizes.directSize, initializer: .zeros)
        field = ConditionalRandomField(sizes.tags)
        dropout = Dropout(sizes.dropout)
        featureDropout = Dropout(sizes.dropout > 0 ? Self.featureDropoutRate : 0)
    }

    /// The vectors of a batch's words: [time, batch, inputSize].
    ///
    /// - Parameter inputs: words [time, batch], affixes [time, batch, kinds], letters [time, batch, letters], lengths [batch].
    func vectors(_ inputs: [Tensor]) -> Tensor {
        let (time, batch) = (inputs[0].shape[0], inputs[0].shape[1])
        let affixVectors = affixes(inputs[1]).reshaped(time, batch, WordFeatures.affixCount * TaggerSizes.affixSize)
        return .concatenate([words(inputs[0]), affixVectors, letterPatterns(inputs[2])], axis: -1)
    }

    /// How clearly each pattern of three letters is found in each word: the greatest over its places, as in a convolution.
    private func letterPatterns(_ numbers: Tensor) -> Tensor {
        let count = numbers.shape[2]
        let padded = letters(numbers).padded([(0, 0), (0, 0), (1, 1), (0, 0)])
        let triples = Tensor.concatenate((0..<3).map { padded[.all, .all, $0..<count + $0] }, axis: -1)
        let found = relu(patterns(triples))
        // A place where no letter is counts for nothing; a word has at least one letter.
        let isLetter = (numbers .> 0).expanded(axis: -1).broadcast(to: found.shape)
        return Tensor.where(isLetter, found, Tensor(0, like: found)).max(axis: 2)
    }

    /// The emissions of the field: a score for each tag of each word.
    ///
    /// - Parameter inputs: As in `vectors`.
    /// - Returns: [time, batch, tags].
    package func callAsFunction(_ inputs: [Tensor]) -> Tensor {
        let lengths = inputs[3]
        var x = dropout(vectors(inputs))
        for (there, back) in zip(forward, backward) {
            x = dropout(.concatenate([there(x, lengths: lengths).outputs, back(x, lengths: lengths).outputs], axis: -1))
        }
        return output(x) + directScores(inputs)
    }

    /// What the features of the words around each word say of its tag.
    private func directScores(_ inputs: [Tensor]) -> Tensor {
        let (time, batch) = (inputs[0].shape[0], inputs[0].shape[1]), reach = TaggerSizes.reach
        let numbers = Tensor.concatenate([inputs[0].expanded(axis: -1), inputs[1] + Double(sizes.words)], axis: -1)
        let scores = featureDropout(direct(numbers), sharedAlong: -1).sum(axis: 2)
        let isReal = (Tensor.arange(time).reshaped(-1, 1) .< inputs[3].cast(to: .int64).reshaped(1, -1)).expanded(axis: -1).broadcast(to: scores.shape)
        let real = Tensor.where(isReal, scores, Tensor(0, like: scores)).padded([(reach, reach), (0, 0), (0, 0)])
        let windows = real.reshaped(time + 2 * reach, batch, 2 * reach + 1, sizes.tags)
        return (0...2 * reach).map { windows[$0..<time + $0, .all, $0] }.reduce(Tensor.zeros([time, batch, sizes.tags])) { $0 + $1 }
    }
}
