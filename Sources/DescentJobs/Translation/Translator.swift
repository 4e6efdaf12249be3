import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A model that translates sentences.
public struct Translator: JobModel {
    /// What is done with words that the model has never seen.
    public enum UnknownWords: String, CaseIterable, Sendable {
        /// They are put into the translation as they are, where the decoder looked at them.
        case copy
        /// They are written as `<unk>`.
        case mark
    }

    /// What cuts sentences and translations.
    public let tokenizers: SidedTokenizers
    /// How it was made.
    public let record: ModelRecord<TranslationSettings>
    package let network: TranslationNetwork
    package let architecture: TranslationArchitecture
    /// Writes known tokens alone, and `<unk>` too.
    private let writer: SequenceWriter<TranslationNetwork>, markingWriter: SequenceWriter<TranslationNetwork>

    package init(network: TranslationNetwork, architecture: TranslationArchitecture, tokenizers: SidedTokenizers, record: ModelRecord<TranslationSettings>) {
        (self.network, self.architecture, self.tokenizers, self.record) = (network, architecture, tokenizers, record)
        writer = SequenceWriter(network, beginning: Vocabulary.beginning, end: Vocabulary.end, never: [Vocabulary.padding, Vocabulary.beginning, Vocabulary.unknown])
        markingWriter = SequenceWriter(network, beginning: Vocabulary.beginning, end: Vocabulary.end, never: [Vocabulary.padding, Vocabulary.beginning])
    }

    /// How translations are looked for if nothing else is asked for.
    public static let search = BeamSearch(beams: 5)

    /// Translates sentences; each by itself, whatever the others are.
    ///
    /// - Parameters:
    ///   - search: How translations are looked for.
    ///   - shouldStop: Asked after each step; `true` ends the search, and the rest is missing.
    /// - Returns: A translation for each sentence; of an empty one it is empty.
    public func translate(
        _ sentences: [String], search: BeamSearch = Translator.search, unknown: UnknownWords = .copy, shouldStop: () -> Bool = { false }
    ) -> [Translation] {
        written(sentences, unknown) { writer, tokens in writer.search(tokens, search, shouldStop: shouldStop) }
    }

    /// Translations drawn at random: a sentence's depend on the sentence and the seed alone.
    ///
    /// - Parameters:
    ///   - count: How many are drawn for each sentence; the most probable comes first, and those of one text are one alternative.
    ///   - search: For the most tokens of a translation.
    ///   - shouldStop: Asked after each step; `true` ends the drawing, and the rest is missing.
    public func sample(
        _ sentences: [String], _ sampling: Sampling, count: Int = 1, seed: Int = 1, search: BeamSearch = Translator.search, unknown: UnknownWords = .copy,
        shouldStop: () -> Bool = { false }
    ) -> [Translation] {
        written(sentences, unknown) { writer, tokens in
            var randoms = (0..<tokens.count * count).map { SplitMix64(seed: UInt64(bitPattern: Int64(seed)) &+ UInt64($0 % count) &* 0x9E37_79B9_7F4A_7C15) }
            return writer.sample(tokens, count: count, limit: search.limit, shouldStop: shouldStop) { source, draw, scores in
                sampling.choose(logProbabilities: scores, &randoms[source * count + draw])
            }.map { $0.sorted { $1.score < $0.score } }
        }
    }

    private func written(_ sentences: [String], _ unknown: UnknownWords, _ write: (SequenceWriter<TranslationNetwork>, [[Int32]]) -> [[Hypothesis]]) -> [Translation] {
        let sentences = sentences.map(\.normalizedC)
        let tokens = sentences.map { tokenizers.source.encode($0) }
        var results = [Translation?](repeating: nil, count: sentences.count)
        // Only a sentence with unknown words has unknown words in its translation.
        let isKnown = tokens.map { !$0.contains(Vocabulary.unknown) }
        for (known, writer) in [(true, writer), (false, markingWriter)] {
            let rows = sentences.indices.filter { isKnown[$0] == known && !tokens[$0].isEmpty }
            for (row, found) in zip(rows, write(writer, rows.map { tokens[$0] })) where !found.isEmpty {
                results[row] = Translation(sentences[row], tokens[row], found, tokenizers, unknown)
            }
        }
        return sentences.indices.compactMap { row in results[row] ?? (tokens[row].isEmpty ? Translation(empty: sentences[row]) : nil) }
    }

    /// Whether there is attention to be looked at.
    public var looksBack: Bool { architecture.heads != nil || architecture.sizes.attention != .none }

    public var job: String { TranslationJob.name }
    public var module: any Module { network }

    public var parts: JSON.Object {
        var parts = JSON.Object()
        parts["architecture"] = .object(architecture.json)
        parts["sourceEncoding"] = tokenizers.source.toJSON()
        parts["targetEncoding"] = tokenizers.target.toJSON()
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let json = file.card["architecture"]
        let tokenizers = SidedTokenizers(source: try TokenUnit.tokenizer(json: file.card["sourceEncoding"]), target: try TokenUnit.tokenizer(json: file.card["targetEncoding"]))
        let architecture = try TranslationArchitecture(json)
        for (key, size, tokenizer) in [("sourceTokens", architecture.sizes.sourceTokens, tokenizers.source), ("targetTokens", architecture.sizes.targetTokens, tokenizers.target)]
        where size != tokenizer.vocabulary.count { throw json[key].error("is \(size), and the vocabulary has \(tokenizer.vocabulary.count)") }
        let network = try file.network(parameterCount: architecture.parameterCount) { TranslationNetwork(architecture) }
        self.init(network: network, architecture: architecture, tokenizers: tokenizers, record: try file.record())
    }

    public var description: [String] {
        let (sources, targets) = (tokenizers.source.vocabulary.pieces.count, tokenizers.target.vocabulary.pieces.count)
        return ["Translates sentences; \(grouped(sources)) \(tokenizers.source.unit.plural) of the source and \(grouped(targets)) of the target are known."]
    }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        let example = record.settings.reversed == true ? "..." : PhraseBook.pairs[0].english
        return ["translate \(shellQuoted(folder)) \(shellQuoted(record.source == TranslationJob.phraseBook ? example : "..."))        (- for lines of the standard input)"]
    }

    /// In words: "embeddings of 128, encoder of 1 GRU layer of 256 in both directions, additive attention, decoder of 1 GRU layer of 256".
    public var summary: String { architecture.summary }
}

/// A sentence and what a model made of it.
public struct Translation: Equatable, Sendable {
    /// One way to translate it.
    public struct Alternative: Equatable, Sendable {
        /// The text.
        public let text: String
        /// The sum of the tokens' log-probabilities in nats.
        public let logProbability: Double
        /// What alternatives are ranked by: see `BeamSearch`.
        public let score: Double
        /// Whether it came to its end within the limit.
        public let isComplete: Bool
    }

    /// The sentence.
    public let sentence: String
    /// The translations, the best first; no two are the same text. None of an empty sentence.
    public let alternatives: [Alternative]
    /// The tokens of the sentence, as texts.
    public let sourcePieces: [String]
    /// The tokens of the best translation, as texts, `<eos>` among them.
    public let targetPieces: [String]
    /// For each token of the best translation how much each of the sentence was looked at; empty without attention.
    public let attention: [[Float]]
    /// The words of the sentence that the model has never seen.
    public let unknown: [String]
    /// The best translation's tokens, without its end.
    let tokens: [Int32]

    /// The best translation.
    public var text: String { alternatives.first?.text ?? "" }

    init(empty sentence: String) {
        (self.sentence, alternatives, sourcePieces, targetPieces, attention, unknown, tokens) = (sentence, [], [], [], [], [], [])
    }

    init(_ sentence: String, _ tokens: [Int32], _ found: [Hypothesis], _ tokenizers: SidedTokenizers, _ policy: Translator.UnknownWords) {
        self.sentence = sentence
        let missing = tokenizers.source.unknownPieces(in: sentence)
        unknown = missing
        var next = 0
        let pieces = zip(tokens, tokenizers.source.names(of: tokens)).map { token, name -> String in
            guard token == Vocabulary.unknown, next < missing.count else { return name }
            next += 1
            return missing[next - 1]
        }
        let isMissing = tokens.map { $0 == Vocabulary.unknown }
        /// The word for `<unk>`: of the unknown ones the one that was looked at most.
        func word(_ attention: [Float]?) -> String {
            let places = isMissing.indices.filter { isMissing[$0] }
            guard policy == .copy, let first = places.first else { return Vocabulary.specials[Int(Vocabulary.unknown)] }
            return pieces[attention.map { looked in places.max { looked[$0] < looked[$1] }! } ?? first]
        }
        func text(_ hypothesis: Hypothesis) -> String {
            var bytes: [UInt8] = [], previous: Int32?
            for (place, token) in hypothesis.tokens.enumerated() {
                let written = tokenizers.target.bytes(of: token, after: previous)
                if token == Vocabulary.unknown {
                    // With the blank before it, if there is one.
                    if written.first == 0x20 { bytes.append(0x20) }
                    bytes += Array(word(hypothesis.attention.isEmpty ? nil : hypothesis.attention[place]).utf8)
                } else {
                    bytes += written
                }
                previous = token
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        var different: [Alternative] = []
        for hypothesis in found {
            let text = text(hypothesis)
            if different.contains(where: { $0.text == text }) { continue }
            different.append(Alternative(text: text, logProbability: hypothesis.logProbability, score: hypothesis.score, isComplete: hypothesis.isComplete))
        }
        alternatives = different
        sourcePieces = pieces
        let best = found[0]
        (attention, self.tokens) = (best.attention, best.tokens)
        targetPieces =
            zip(best.tokens, tokenizers.target.names(of: best.tokens)).enumerated().map { place, written in
                written.0 == Vocabulary.unknown ? word(best.attention.isEmpty ? nil : best.attention[place]) : written.1
            } + (best.isComplete ? [Vocabulary.specials[Int(Vocabulary.end)]] : [])
    }
}
