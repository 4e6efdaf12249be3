import DescentData
import DescentFormats

/// What a tagger sees of a word: the word, its first and last letters, its shape, and all its letters, each as a number.
///
/// Words that were never seen are told by their other features: "-ing", a capital, digits.
struct WordFeatures: Equatable, Sendable {
    /// The numbers of a sentence's words.
    struct Encoded: Equatable, Sendable {
        /// Of each word, itself.
        var words: [Int32] = []
        /// Of each word, its affixes and its shape: `affixCount` numbers.
        var affixes: [Int32] = []
        /// Of each word, its letters: `letterCount` numbers.
        var letters: [Int32] = []

        /// The number of words.
        var count: Int { words.count }

        /// Makes a word one of which nothing is known.
        mutating func hide(_ place: Int, _ features: WordFeatures) {
            words[place] = WordFeatures.unknown
            for kind in 0..<WordFeatures.affixCount { affixes[place * WordFeatures.affixCount + kind] = features.offsets[kind] }
            for letter in 0..<WordFeatures.letterCount { letters[place * WordFeatures.letterCount + letter] = letter == 0 ? WordFeatures.unknown : WordFeatures.padding }
        }
    }

    /// The number of what fills up short sentences and words.
    static let padding: Int32 = 0
    /// The number of an unknown word or letter.
    static let unknown: Int32 = 1
    /// Prefixes of 2 and 3 letters, suffixes of 1 to 4, the shape.
    static let affixCount = 7
    /// Letters of a word that are read: of longer words the first and the last.
    static let letterCount = 16

    /// The words, in lower case; their numbers begin at 2.
    let words: [String]
    /// Of each kind of affix those known.
    let affixes: [[String]]
    /// The letters; their numbers begin at 2.
    let letters: [String]
    /// The number of each kind's unknown affix; those of the known ones follow.
    fileprivate let offsets: [Int32]
    private let wordNumbers: [String: Int32]
    private let affixNumbers: [[String: Int32]]
    private let letterNumbers: [Character: Int32]

    /// How many numbers words have.
    var wordCount: Int { words.count + 2 }
    /// How many numbers affixes and shapes have, of all kinds.
    var affixTotal: Int { affixes.reduce(1) { $0 + $1.count + 1 } }
    /// How many numbers letters have.
    var letterTotal: Int { letters.count + 2 }

    private init(words: [String], affixes: [[String]], letters: [String]) {
        (self.words, self.affixes, self.letters) = (words, affixes, letters)
        wordNumbers = Dictionary(zip(words, Int32(2)...)) { first, _ in first }
        letterNumbers = Dictionary(zip(letters.map { Character($0) }, Int32(2)...)) { first, _ in first }
        var next: Int32 = 1, offsets: [Int32] = [], numbers: [[String: Int32]] = []
        for kind in affixes {
            offsets.append(next)
            numbers.append(Dictionary(zip(kind, (next + 1)...)) { first, _ in first })
            next += Int32(kind.count) + 1
        }
        (self.offsets, affixNumbers) = (offsets, numbers)
    }

    /// The features of some sentences' words; where there are more, the most frequent ones.
    ///
    /// - Parameter limit: The most words, and the most affixes of a kind.
    init(fitting sentences: some Sequence<[String]>, limit: Int) {
        var counts = [[String: (count: Int, place: Int)]](repeating: [:], count: Self.affixCount + 2)
        func note(_ feature: String, _ kind: Int) {
            let place = counts[kind].count
            counts[kind][feature, default: (0, place)].count += 1
        }
        for words in sentences {
            for word in words {
                let lower = word.lowercased()
                note(lower, Self.affixCount)
                for (kind, affix) in Self.affixes(of: word, lower).enumerated() { note(affix, kind) }
                for letter in word { note(String(letter), Self.affixCount + 1) }
            }
        }
        let kept = counts.map { kind in kind.sorted { ($1.value.count, $0.value.place) < ($0.value.count, $1.value.place) }.prefix(limit).map(\.key) }
        self.init(words: kept[Self.affixCount], affixes: Array(kept[..<Self.affixCount]), letters: kept[Self.affixCount + 1])
    }

    /// A word's affixes, and its shape.
    private static func affixes(of word: String, _ lower: String) -> [String] {
        [String(lower.prefix(2)), String(lower.prefix(3)), String(lower.suffix(1)), String(lower.suffix(2)), String(lower.suffix(3)), String(lower.suffix(4)), shape(word)]
    }

    /// A word's casing and marks: capitals as X, small letters as x, digits as d, the same again only once. "Oslo" is "Xx", "B-52" is "X-d".
    static func shape(_ word: String) -> String {
        var shape = ""
        for character in word {
            let kind: Character = character.isUppercase ? "X" : character.isLowercase ? "x" : character.isNumber ? "d" : character
            if shape.last != kind { shape.append(kind) }
        }
        return shape
    }

    /// Whether a word was seen, in any case.
    func knows(_ word: String) -> Bool { wordNumbers[word.lowercased()] != nil }

    /// The numbers of a sentence's words.
    func encode(_ words: [String]) -> Encoded {
        var encoded = Encoded()
        for word in words {
            let lower = word.lowercased()
            encoded.words.append(wordNumbers[lower] ?? Self.unknown)
            for (kind, affix) in Self.affixes(of: word, lower).enumerated() { encoded.affixes.append(affixNumbers[kind][affix] ?? offsets[kind]) }
            let half = Self.letterCount / 2
            let read = word.count <= Self.letterCount ? word[...] : word.prefix(half) + word.suffix(half)
            let numbers = read.map { letterNumbers[$0] ?? Self.unknown }
            encoded.letters += numbers + [Int32](repeating: Self.padding, count: Self.letterCount - numbers.count)
        }
        return encoded
    }

    // MARK: - In model cards

    func toJSON() -> JSON { ["words": JSON(words), "affixes": .array(affixes.map { JSON($0) }), "letters": JSON(letters)] }

    init(json: JSONReader) throws(FormatError) {
        let words = try json["words"].strings(), letters = try json["letters"].strings()
        var affixes: [[String]] = []
        for kind in try json["affixes"].elements() { affixes.append(try kind.strings()) }
        if affixes.count != Self.affixCount { throw json["affixes"].error("has \(affixes.count) lists; there must be \(Self.affixCount)") }
        for (name, list) in [("words", words), ("letters", letters)] where Set(list).count != list.count { throw json[name].error("has an entry twice") }
        if affixes.contains(where: { Set($0).count != $0.count }) { throw json["affixes"].error("has an entry twice") }
        if letters.contains(where: { $0.count != 1 }) { throw json["letters"].error("has an entry that is no letter") }
        self.init(words: words, affixes: affixes, letters: letters)
    }
}
