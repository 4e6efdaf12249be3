import DescentFormats

/// Sentences whose words have tags: names in a text, parts of speech.
public struct TaggedSentences: Sendable {
    /// A sentence.
    public struct Sentence: Equatable, Sendable {
        /// The words, at least one.
        public let words: [String]
        /// A tag for each.
        public let tags: [String]
        /// The line of the first word in its file, from 1.
        public let line: Int

        public init(words: [String], tags: [String], line: Int) { (self.words, self.tags, self.line) = (words, tags, line) }
    }

    /// The file's name.
    public let file: String
    /// The sentences, in the order of the file.
    public let sentences: [Sentence]
    /// How the file is laid out.
    public let columns: TagColumns
    /// The tags that occur, ascending.
    public let tags: [String]
    /// How the tags mark spans.
    public let scheme: TagScheme
    /// What a person should know about the file, in sentences.
    public let notes: [String]

    /// Sentences of your own.
    ///
    /// - Throws: `DataError` where there are none.
    public init(_ sentences: [Sentence], columns: TagColumns = .pairs, file: String, notes: [String] = []) throws(DataError) {
        if sentences.isEmpty { throw DataError(file: file, "there are no words with tags in it") }
        (self.file, self.sentences, self.columns, self.notes) = (file, sentences, columns, notes)
        tags = Set(sentences.flatMap(\.tags)).sorted()
        scheme = TagScheme(of: sentences.map(\.tags))
    }

    /// Reads files as one: a word and its tag on each line, in columns, and an empty line after each sentence; or CoNLL-U. `-` is the standard input.
    ///
    /// - Parameters:
    ///   - paths: at least one.
    ///   - word: The words' column, by its name or its number from 1; `nil` to guess.
    ///   - tag: The tags' column, likewise.
    ///   - known: How such files are laid out, for those with as many columns; `nil` to guess from each.
    /// - Throws: `FileError`, `DataError` for text that has no columns of words and tags, and for lines that have others than most (it names them).
    public init(paths: [String], word: String? = nil, tag: String? = nil, like known: TagColumns? = nil) throws {
        var all: [Sentence] = [], notes: [String] = [], first: TagColumns?
        for path in paths {
            let file = path == "-" ? "standard input" : path
            let found = try Self.parsed(TextFile.read(path), file: file, word: word, tag: tag, like: known)
            all += found.sentences
            notes += found.notes.map { paths.count == 1 ? $0 : "\(file): \($0)" }
            first = first ?? found.columns
        }
        try self.init(all, columns: first!, file: TextFile.name(ofAll: paths), notes: notes)
    }

    /// Parses a text as `init(paths:)` does.
    public init(parsing text: String, file: String, word: String? = nil, tag: String? = nil, like known: TagColumns? = nil) throws(DataError) {
        let found = try Self.parsed(text, file: file, word: word, tag: tag, like: known)
        try self.init(found.sentences, columns: found.columns, file: file, notes: found.notes)
    }

    private static func parsed(
        _ text: String, file: String, word: String?, tag: String?, like known: TagColumns?
    ) throws(DataError) -> (sentences: [Sentence], columns: TagColumns, notes: [String]) {
        let guess = TagColumns(guessing: text)
        // A layout that is known holds where a file is laid out so.
        let isKnown = guess == nil || guess.map { $0.separator == known?.separator && $0.count == known?.count } == true
        guard let guess = isKnown ? known ?? guess : guess else {
            throw DataError(file: file, "there are no columns in it; each line must be a word, a tab and its tag, with an empty line after each sentence")
        }
        let columns = try guess.choosing(word: word, tag: tag, file: file)
        var reader = TagReader(columns, file: file)
        for (index, line) in TagLine.lines(of: text).enumerated() { try reader.read(line, number: index + 1) }
        let sentences = reader.finish()
        return (sentences, columns, reader.notes)
    }

    // MARK: - Recognition

    /// Whether a text looks like words with tags, and why: "a word and its tag on each line". `nil` where it does not.
    ///
    /// Lines of a label and a text look alike; what tells them apart are empty lines between sentences, words without spaces, few different tags, and
    /// several of them within a sentence.
    public static func recognized(_ text: String) -> String? {
        guard let columns = TagColumns(guessing: text) else { return nil }
        if columns.separator == .universal { return "CoNLL-U: a word and its annotations on each line" }
        var groups: [[(word: String, tag: String)]] = [[]], regular = 0, lines = 0
        for line in TagLine.lines(of: text).prefix(2000) {
            if TagLine.isBlank(line) {
                if groups.last?.isEmpty == false { groups.append([]) }
                continue
            }
            if line.hasPrefix(TagColumns.documentMark) { return "CoNLL-2003: a word and its tags on each line" }
            let cells = TagLine.cells(of: line, columns.separator)
            lines += 1
            if cells.count != columns.count { continue }
            regular += 1
            groups[groups.count - 1].append((cells[columns.word], cells[columns.tag]))
        }
        let sentences = groups.filter { !$0.isEmpty }, words = sentences.flatMap { $0 }
        guard sentences.count >= 2, words.count >= 2 * sentences.count, regular * 10 >= lines * 9 else { return nil }
        // Tags that mark spans need not be few.
        let marksSpans = TagScheme(of: sentences.map { $0.map(\.tag) }) != .plain
        guard marksSpans || Set(words.map(\.tag)).count * 2 <= words.count, words.allSatisfy({ !$0.tag.contains(" ") && $0.tag.count <= 60 }) else { return nil }
        guard words.count(where: { $0.word.contains(" ") }) * 20 <= words.count else { return nil }
        guard words.count(where: { $0.word.unicodeScalars.contains { ScalarKind($0) == .letter } }) * 2 > words.count else { return nil }
        guard sentences.contains(where: { Set($0.map(\.tag)).count > 1 }) else { return nil }
        return "a word and its tag on each line, and an empty line after each sentence"
    }

    /// Divides the sentences so that none with the same words stands on both sides of the cut.
    ///
    /// - Parameter testFraction: The share of the different sentences that is held out.
    public func split(testFraction: Double, seed: UInt64) -> Split { Self.split(sentences, rows: Array(sentences.indices), testFraction: testFraction, seed: seed) }

    /// Divides some of the sentences likewise.
    package static func split(_ sentences: [Sentence], rows: [Int], testFraction: Double, seed: UInt64) -> Split {
        let split = Split.shareOfGroups(rows.map { sentences[$0].words }, testFraction: testFraction, seed: seed)
        return Split(train: split.train.map { rows[$0] }.sorted(), test: split.test.map { rows[$0] }.sorted())
    }
}
