import DescentCore
import DescentData
import DescentNN
import DescentTrain

/// A word that may come next.
public struct NextWord: Equatable, Sendable {
    /// The word, or the mark.
    public let word: String
    /// How probable it is.
    public let probability: Double
}

extension LanguageModel {
    /// The words and marks most likely to come next, the most probable first.
    ///
    /// A model of words says it directly. With smaller pieces a word's probability is the product of its pieces' and of the word being over
    /// then; the most probable beginnings are followed first, and the search ends where none could become one of the answers any more, or after
    /// some hundred steps. The prompt's last word is taken to be complete.
    ///
    /// - Throws: `SettingsError` for a prompt that the model cannot read.
    public func nextWords(after prompt: String, count: Int = 10) throws(SettingsError) -> [NextWord] {
        var text = prompt
        while text.last == " " { text.removeLast() }
        let tokens = try tokens(ofPrompt: text)
        var reader = LanguageReader(network)
        for token in tokens { reader.read(token) }
        let excluded: Set<Int32> = [Vocabulary.padding, Vocabulary.beginning, Vocabulary.end]
        if tokenizer.unit == .words { return nextPieces(reader.probabilities(without: excluded), count: count) }

        var search = WordSearch(tokenizer, excluded: excluded.union([Vocabulary.unknown]), endsInWord: text.unicodeScalars.last.map(WordSearch.isOfWord) ?? false)
        search.begin(reader)
        while search.goOn(count: count) {}
        return search.best(count)
    }

    private func nextPieces(_ probabilities: [Double], count: Int) -> [NextWord] {
        var found: [NextWord] = []
        for token in probabilities.indices.sorted(by: { (probabilities[$1], $0) < (probabilities[$0], $1) }) {
            guard found.count < count, probabilities[token] > 0 else { break }
            guard let piece = tokenizer.vocabulary.piece(Int32(token)) else { continue }
            let word = String(decoding: piece, as: UTF8.self)
            // Blanks, ends of lines and missing blanks are no words.
            if word.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) { found.append(NextWord(word: word, probability: probabilities[token])) }
        }
        return found
    }
}

/// Follows the most probable beginnings of words piece by piece.
private struct WordSearch {
    private struct Beginning {
        let text: [UInt8]
        let probability: Double
        let reader: LanguageReader
        /// Whether a letter has come; before that, blanks are passed over.
        let hasLetters: Bool
    }

    private let tokenizer: any Tokenizer
    private let excluded: Set<Int32>
    private let endsInWord: Bool
    private var open: [Beginning] = []
    private var found: [[UInt8]: Double] = [:]
    private var steps = 0

    private static let stepLimit = 600
    private static let lengthLimit = 40
    /// Candidates less probable than this fraction of the best are dropped.
    private static let floor = 1e-4

    init(_ tokenizer: any Tokenizer, excluded: Set<Int32>, endsInWord: Bool) {
        (self.tokenizer, self.excluded, self.endsInWord) = (tokenizer, excluded, endsInWord)
    }

    /// Whether a scalar belongs to a word.
    static func isOfWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "'" || scalar == "’" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || scalar.properties.generalCategory == .nonspacingMark || scalar.properties.generalCategory == .spacingMark
    }

    mutating func begin(_ reader: LanguageReader) {
        expand(Beginning(text: [], probability: 1, reader: reader, hasLetters: false), isFirst: true)
    }

    /// Follows the most probable beginning; false where nothing is left that could matter.
    mutating func goOn(count: Int) -> Bool {
        guard steps < Self.stepLimit, let place = open.indices.max(by: { open[$0].probability < open[$1].probability }) else { return false }
        let next = open[place]
        let known = found.values.sorted(by: >)
        if known.count >= count, known[count - 1] > next.probability { return false }
        open.remove(at: place)
        expand(next, isFirst: false)
        return true
    }

    func best(_ count: Int) -> [NextWord] {
        found.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
            .sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(count).map { NextWord(word: $0.0, probability: $0.1) }
    }

    private mutating func expand(_ beginning: Beginning, isFirst: Bool) {
        steps += 1
        var probabilities = beginning.reader.probabilities(without: excluded)
        let pieces = probabilities.indices.map { tokenizer.vocabulary.piece(Int32($0)) ?? [] }
        if isFirst && endsInWord {
            // The last word is complete: it does not go on.
            for (token, piece) in pieces.enumerated() where kind(piece) == .word { probabilities[token] = 0 }
            let sum = probabilities.reduce(0, +)
            if sum > 0 { for token in probabilities.indices { probabilities[token] /= sum } }
        }
        for (token, piece) in pieces.enumerated() where probabilities[token] > 0 {
            let probability = beginning.probability * probabilities[token]
            switch (kind(piece), beginning.hasLetters) {
            case (.word, _):
                follow(beginning, token, piece, probability, hasLetters: true)
            case (_, true): found[beginning.text, default: 0] += probability
            case (.blank, false): follow(beginning, token, [], probability, hasLetters: false)
            case (.blankAndWord, false): follow(beginning, token, Array(piece.drop { $0 == 0x20 }), probability, hasLetters: true)
            case (.mark, false): found[Array(piece.drop { $0 == 0x20 }), default: 0] += probability
            }
        }
    }

    private mutating func follow(_ beginning: Beginning, _ token: Int, _ piece: [UInt8], _ probability: Double, hasLetters: Bool) {
        guard probability > Self.floor * (found.values.max() ?? 1) * 0.1, beginning.text.count < Self.lengthLimit, steps < Self.stepLimit else { return }
        var reader = beginning.reader
        reader.read(Int32(token))
        steps += 1
        open.append(Beginning(text: beginning.text + piece, probability: probability, reader: reader, hasLetters: hasLetters))
    }

    private enum PieceKind { case word, blank, blankAndWord, mark }

    private func kind(_ piece: [UInt8]) -> PieceKind {
        // A piece may be a part of a scalar; parts of several bytes count as letters.
        guard let first = piece.first else { return .mark }
        if first >= 0x80 && String(validating: piece, as: UTF8.self) == nil { return .word }
        let scalars = String(decoding: piece, as: UTF8.self).unicodeScalars
        guard let start = scalars.first(where: { !$0.properties.isWhitespace }) else { return .blank }
        let beginsBlank = scalars.first!.properties.isWhitespace
        if !Self.isOfWord(start) { return .mark }
        return beginsBlank ? .blankAndWord : .word
    }
}
