import DescentFormats

/// Sentences, each with its translation.
public struct ParallelTexts: Sendable {
    /// A sentence and its translation, in Unicode's normalization form C.
    public struct Pair: Hashable, Sendable {
        public let source: String, target: String

        public init(source: String, target: String) { (self.source, self.target) = (source, target) }
        /// The translation as the sentence, and the sentence as its translation.
        public var reversed: Pair { Pair(source: target, target: source) }
    }

    /// The file's name.
    public let file: String
    /// The pairs, in the order of the file.
    public let pairs: [Pair]
    /// What a person should know about the file, in sentences.
    public let notes: [String]

    /// Pairs of your own.
    ///
    /// - Throws: `DataError` where there are fewer than two.
    public init(_ pairs: [Pair], file: String, notes: [String] = []) throws(DataError) {
        if pairs.count < 2 {
            throw DataError(file: file, "there \(pairs.count == 1 ? "is one pair" : "are no pairs") of a sentence and its translation; to learn from them there must be at least two")
        }
        (self.file, self.pairs) = (file, pairs)
        self.notes = notes + (Self.isOneLanguage(pairs) ? ["Both columns seem to be of one language: most words of the second are in the first, too"] : [])
    }

    /// Reads files of lines `sentence TAB translation`; further columns are ignored. `-` is the standard input.
    ///
    /// - Throws: `FileError`, `DataError` for lines with one column or with an empty side (it names them).
    public init(paths: [String]) throws {
        var pairs: [Pair] = [], notes: [String] = []
        for path in paths {
            let found = try Self.parsed(TextFile.read(path), file: path == "-" ? "standard input" : path)
            pairs += found.pairs
            notes += found.notes.map { paths.count == 1 ? $0 : "\(path): \($0)" }
        }
        try self.init(pairs, file: TextFile.name(ofAll: paths), notes: notes)
    }

    /// Parses lines `sentence TAB translation`. Blank lines are skipped, and blanks at the ends of both sides.
    public init(parsing text: String, file: String) throws(DataError) {
        let found = try Self.parsed(text, file: file)
        try self.init(found.pairs, file: file, notes: found.notes)
    }

    private static func parsed(_ text: String, file: String) throws(DataError) -> (pairs: [Pair], notes: [String]) {
        var pairs: [Pair] = [], further = 0, most = 2, example = ""
        var number = 0
        // By scalars: a carriage return and a line feed are one Character.
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map { TextFile.trimmed(Substring($0)) }
            if cells.allSatisfy(\.isEmpty) { continue }
            if cells.count < 2 {
                throw DataError(file: file, line: number, "the line has one column (\(quoted(shortened(cells[0])))); it must be a sentence, a tabulator and its translation")
            }
            if let empty = cells.prefix(2).firstIndex(where: \.isEmpty) {
                throw DataError(file: file, line: number, "the \(empty == 0 ? "sentence" : "translation") is empty; give the line both sides, or take it out")
            }
            if cells.count > 2 {
                further += 1
                if cells.count > most { (most, example) = (cells.count, cells[2]) }
            }
            pairs.append(Pair(source: cells[0].normalizedC, target: cells[1].normalizedC))
        }
        let columns = most == 3 ? "The third column (\(quoted(shortened(example)))) is" : "The columns from the third on (\(quoted(shortened(example)))...) are"
        return (pairs, further == 0 ? [] : ["\(columns) ignored, in \(further == pairs.count ? "all lines" : further == 1 ? "1 line" : "\(further) lines")"])
    }

    private static func shortened(_ text: String) -> String { text.count > 40 ? text.prefix(39) + "…" : text }

    /// Whether most of the target's words are words of the source.
    private static func isOneLanguage(_ pairs: [Pair]) -> Bool {
        func words(_ text: String) -> [[UInt8]] {
            WordTokenizer.pieces(of: text, lowercases: true, keepsSpacing: false).filter { ScalarKind(String(decoding: $0, as: UTF8.self).unicodeScalars.first!) == .letter }
        }
        let sample = pairs.prefix(2000)
        let known = Set(sample.flatMap { words($0.source) }), others = sample.flatMap { words($0.target) }
        return others.count >= 20 && others.count { known.contains($0) } * 2 > others.count
    }

    /// Whether a text looks like lines `sentence TAB translation`: most of its first lines have two columns of words, and the second differs from line to line.
    public static func fits(_ text: String) -> Bool {
        var lines = 0
        var seconds: [String] = []
        for line in text.unicodeScalars.split(separator: "\n", maxSplits: 400) {
            if lines == 200 { break }
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map { TextFile.trimmed(Substring($0)) }
            if cells.allSatisfy(\.isEmpty) { continue }
            lines += 1
            guard cells.count >= 2, cells[..<2].allSatisfy({ $0.unicodeScalars.contains { ScalarKind($0) == .letter } }) else { continue }
            seconds.append(cells[1])
        }
        return seconds.count >= 2 && seconds.count * 10 > lines * 8 && Set(seconds).count * 4 > seconds.count
    }

    /// Whether most of a text's first lines have a third column: then two of them are a sentence and its translation, and what follows says where
    /// they are from.
    package static func hasThirdColumn(_ text: String) -> Bool {
        let lines = text.unicodeScalars.split(separator: "\n", maxSplits: 200).prefix(200)
        return lines.count { line in line.count { $0 == "\t" } >= 2 } * 2 > lines.count
    }

    /// Divides the pairs so that no sentence stands on both sides of the cut.
    ///
    /// - Parameter testFraction: The share of the different sentences that is held out.
    public func split(testFraction: Double, seed: UInt64) -> Split {
        // Letters' case makes no other sentence.
        .shareOfGroups(pairs.map { $0.source.lowercased() }, testFraction: testFraction, seed: seed)
    }
}
