import DescentFormats

/// How a file of words and their tags is laid out: what separates its columns, how many there are, and which hold the words and the tags.
public struct TagColumns: Equatable, Sendable {
    /// What separates columns.
    public enum Separator: String, Sendable {
        /// Tabs.
        case tab
        /// White space of any length.
        case space
        /// Tabs, in the ten columns of CoNLL-U.
        case universal
    }

    /// What separates columns.
    public let separator: Separator
    /// How many columns a line has.
    public let count: Int
    /// The column of the words, from 0.
    public let word: Int
    /// The column of the tags, from 0.
    public let tag: Int

    /// A word, a tab and its tag.
    public static let pairs = TagColumns(separator: .tab, count: 2, word: 0, tag: 1)

    /// The columns of CoNLL-U. Universal Dependencies, format v2.
    static let universalNames = ["id", "form", "lemma", "upos", "xpos", "feats", "head", "deprel", "deps", "misc"]
    /// The columns of CoNLL-2003's files. Tjong Kim Sang and De Meulder 2003.
    private static let sharedTaskNames = ["word", "pos", "chunk", "ner"]
    /// What stands at the beginning of a document in CoNLL-2003's files.
    static let documentMark = "-DOCSTART-"

    /// The names of the columns, as `--tag-column` takes them; empty where the file has none.
    public var names: [String] {
        separator == .universal ? Self.universalNames : separator == .space && count == Self.sharedTaskNames.count ? Self.sharedTaskNames : []
    }

    /// The name of a column for people: "column 4 (ner)".
    public func title(_ column: Int) -> String {
        separator == .universal ? names[column].uppercased() : "column \(column + 1)" + (names.isEmpty ? "" : " (\(names[column]))")
    }

    /// The layout in words: "two columns with tabs".
    public var words: String {
        switch separator {
        case .universal: "CoNLL-U"
        case .tab: "\(count) columns with tabs"
        case .space: "\(count) columns with spaces"
        }
    }

    // MARK: - Guessing

    /// The lines that a guess looks at.
    private static let sample = 5000

    /// The layout that most of a text's first lines have; `nil` where they have fewer than two columns.
    ///
    /// The words are in the first column, or in the second where the first counts the words of each sentence. The tags are in the last column in which not
    /// all lines are alike; in CoNLL-U they are the universal parts of speech.
    public init?(guessing text: String) {
        var lines: [Substring] = [], isFirst: [Bool] = [], starts = true
        for line in TagLine.lines(of: text) {
            if TagLine.isBlank(line) {
                starts = true
                continue
            }
            if line.unicodeScalars.starts(with: "# ".unicodeScalars) && starts || line.hasPrefix(Self.documentMark) { continue }
            lines.append(line)
            isFirst.append(starts)
            starts = false
            if lines.count == Self.sample { break }
        }
        if lines.isEmpty { return nil }
        if lines.count(where: Self.isUniversal) * 2 > lines.count {
            self.init(separator: .universal, count: Self.universalNames.count, word: 1, tag: 3)
            return
        }
        let separator: Separator = lines.count { $0.utf8.contains(0x09) } * 2 > lines.count ? .tab : .space
        let cells = lines.map { TagLine.cells(of: $0, separator) }
        var frequencies: [Int: Int] = [:]
        for line in cells { frequencies[line.count, default: 0] += 1 }
        let count = frequencies.max { ($0.value, $0.key) < ($1.value, $1.key) }!.key
        guard count >= 2 else { return nil }
        var number = 0
        let counted = zip(cells, isFirst).count { line, first in
            number = first ? 0 : number + 1
            return line[0] == "\(number)" || line[0] == "\(number + 1)"
        }
        let word = count >= 3 && counted * 10 > 9 * cells.count ? 1 : 0
        let regular = cells.filter { $0.count == count }
        let tag = ((word + 1)..<count).last { column in regular.contains { $0[column] != regular[0][column] } } ?? count - 1
        self.init(separator: separator, count: count, word: word, tag: tag)
    }

    /// A layout of your own.
    package init(separator: Separator, count: Int, word: Int, tag: Int) {
        (self.separator, self.count, self.word, self.tag) = (separator, count, word, tag)
    }

    /// Whether a line is a word of CoNLL-U: ten columns, of which the first is a number or a range.
    private static func isUniversal(_ line: Substring) -> Bool {
        let cells = TagLine.cells(of: line, .tab)
        return cells.count == universalNames.count && !cells[0].isEmpty && cells[0].utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2D || $0 == 0x2E }
    }

    /// The layout with other columns.
    ///
    /// - Parameters:
    ///   - word: The words' column, by its name or its number from 1; `nil` for the one guessed.
    ///   - tag: The tags' column, likewise.
    /// - Throws: `DataError` where the file has no such column.
    public func choosing(word: String?, tag: String?, file: String) throws(DataError) -> TagColumns {
        let word = try word.map { (name) throws(DataError) in try column(name, option: "--word-column", file: file) } ?? self.word
        let tag = try tag.map { (name) throws(DataError) in try column(name, option: "--tag-column", file: file) } ?? self.tag
        if word == tag { throw DataError(file: file, "the words and the tags are both in \(title(word)); choose another with --tag-column or --word-column") }
        return TagColumns(separator: separator, count: count, word: word, tag: tag)
    }

    private func column(_ name: String, option: String, file: String) throws(DataError) -> Int {
        if let number = Int(name), (1...count).contains(number) { return number - 1 }
        if let place = names.firstIndex(of: name.lowercased()) { return place }
        let known = names.isEmpty ? "" : ", named \(names.joined(separator: ", "))"
        throw DataError(file: file, "\(option) is \(quoted(name)); it must be the number of one of the file's \(count) columns, from 1\(known)")
    }

    // MARK: - In model cards

    /// To be stored with a model.
    public func toJSON() -> JSON {
        ["separator": .string(separator.rawValue), "count": .integer(Int64(count)), "word": .integer(Int64(word)), "tag": .integer(Int64(tag))]
    }

    /// A layout that was stored.
    public init(json: JSONReader) throws(FormatError) {
        guard let separator = Separator(rawValue: try json["separator"].string()) else { throw json["separator"].error("is no separator that is known") }
        self.init(separator: separator, count: try json["count"].int(), word: try json["word"].int(), tag: try json["tag"].int())
        let limit = separator == .universal ? Self.universalNames.count...Self.universalNames.count : 2...1_000_000
        if !limit.contains(count) { throw json["count"].error("is \(count), which no such file has") }
        if !(0..<count).contains(word) || !(0..<count).contains(tag) || word == tag { throw json.error("has no columns for words and tags") }
    }
}

/// A line of a file of words and tags.
package enum TagLine {
    /// A text's lines, without their ends. By scalars: a carriage return and a line feed are one Character.
    package static func lines(of text: String) -> [Substring] {
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            Substring(line.last == "\r" ? line.dropLast() : line)
        }
        // The end of the last line begins no other.
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// Whether a line ends a sentence.
    package static func isBlank(_ line: Substring) -> Bool { line.unicodeScalars.allSatisfy { ScalarKind($0) == .space } }

    /// A line's cells, without white space at their ends.
    package static func cells(of line: Substring, _ separator: TagColumns.Separator) -> [String] {
        if separator == .space { return line.unicodeScalars.split { ScalarKind($0) == .space }.map(String.init) }
        return line.unicodeScalars.split(separator: "\t", omittingEmptySubsequences: false).map { TextFile.trimmed(Substring($0)) }
    }

    /// A line with another text in one of its cells, the rest as it is; a cell after the last is added.
    package static func line(_ line: Substring, with text: String, in column: Int, _ separator: TagColumns.Separator) -> String {
        let scalars = line.unicodeScalars
        let isSeparator = { (scalar: Unicode.Scalar) in separator == .space ? ScalarKind(scalar) == .space : scalar == "\t" }
        let cells = scalars.split(omittingEmptySubsequences: separator == .space, whereSeparator: isSeparator)
        guard cells.indices.contains(column) else { return String(line) + (separator == .space ? " " : "\t") + text }
        return String(scalars[..<cells[column].startIndex]) + text + String(scalars[cells[column].endIndex...])
    }
}
