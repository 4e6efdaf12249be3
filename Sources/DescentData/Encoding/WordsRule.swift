#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
import DescentFormats

/// A text of several words: how often each of some words occurs in it, as log(1 + count).
struct WordsRule: Equatable {
    /// The words, those in most rows first.
    let words: [String]
    private let index: [String: Int]

    /// Maximum number of words that become features.
    static let limit = 64

    var width: Int { words.count }

    func featureNames(_ column: String) -> [String] { words.map { "\(column) has \($0)" } }

    /// Writes the features of one text (`nil`: missing, which has no words).
    func write(_ text: String?, into output: UnsafeMutableBufferPointer<Float>) {
        for feature in 0..<width { output[feature] = 0 }
        for word in Self.words(of: text ?? "") {
            if let feature = index[word] { output[feature] += 1 }
        }
        for feature in 0..<width { output[feature] = log1p(output[feature]) }
    }

    /// The words in lower case: runs of letters, digits and apostrophes.
    static func words(of text: String) -> [String] {
        text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'") }.map(String.init)
    }

    /// Fits the rule: words in at least `minimum` rows, but not in nearly all of them, the most frequent first.
    init(fitting texts: [String], minimum: Int) {
        var rows: [String: Int] = [:]
        for text in texts { for word in Set(Self.words(of: text)) { rows[word, default: 0] += 1 } }
        let frequent = rows.filter { $0.value >= minimum && $0.value * 20 <= texts.count * 19 }
            .sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        words = frequent.prefix(Self.limit).map(\.key)
        index = Self.index(words)
    }

    init(json: JSONReader) throws(FormatError) {
        words = try json["words"].strings()
        index = Self.index(words)
        if index.count != words.count { throw json["words"].error("has a word twice") }
    }

    var json: JSON { ["kind": "words", "words": JSON(words)] }

    private static func index(_ words: [String]) -> [String: Int] {
        Dictionary(words.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }
}
