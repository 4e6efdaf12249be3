import DescentFormats

/// Puts sentences together from the lines of a file.
package struct TagReader {
    /// What a line is.
    package enum Line {
        /// An empty line, which ends a sentence.
        case blank
        /// A comment, the mark of a document, or a range of CoNLL-U: no word.
        case other
        /// A word with its cells.
        case word([String])
    }

    private let columns: TagColumns
    private let file: String
    private let needsTags: Bool
    private var sentences: [TaggedSentences.Sentence] = []
    private var words: [String] = [], tags: [String] = [], first = 0
    private var documents = 0, ranges = 0, comments = 0
    private var header: String?

    /// Names of columns that a first line may have in place of a tag.
    private static let headerNames: Set<String> = ["tag", "tags", "label", "labels", "ner", "ner_tag", "ner_tags", "pos", "pos_tag", "upos", "entity"]

    /// - Parameter needsTags: Whether each line must have a tag; without, the lines of a file to be tagged may lack it.
    package init(_ columns: TagColumns, file: String, needsTags: Bool = true) { (self.columns, self.file, self.needsTags) = (columns, file, needsTags) }

    /// What a line is.
    ///
    /// - Throws: `DataError` where it is none of a file like this.
    package func kind(_ line: Substring, number: Int) throws(DataError) -> Line {
        if TagLine.isBlank(line) { return .blank }
        let cells = TagLine.cells(of: line, columns.separator)
        if cells[0] == TagColumns.documentMark { return .other }
        if columns.separator == .universal {
            if line.hasPrefix("#") { return .other }
            if cells.count == columns.count, cells[0].contains(where: { $0 == "-" || $0 == "." }) { return .other }
        } else if line.hasPrefix("#"), cells.count != columns.count, words.isEmpty {
            return .other
        }
        let least = needsTags ? columns.count : columns.tag == columns.count - 1 ? columns.count - 1 : columns.count
        guard cells.count == columns.count || cells.count == least else {
            let begun = quoted(line.count > 40 ? line.prefix(39) + "…" : String(line))
            throw DataError(
                file: file, line: number,
                "the line has \(cells.count) column\(cells.count == 1 ? "" : "s") (\(begun)), where \(columns.count) are expected (\(columns.words)); each line must have a word (\(columns.title(columns.word))) and its tag (\(columns.title(columns.tag))), and an empty line must stand after each sentence"
            )
        }
        if cells[columns.word].isEmpty { throw DataError(file: file, line: number, "the word (\(columns.title(columns.word))) is empty; an empty line ends a sentence, and has no tag") }
        if needsTags, cells[columns.tag].isEmpty {
            throw DataError(file: file, line: number, "the word \(quoted(cells[columns.word])) has no tag (\(columns.title(columns.tag))); give it one: O, say, for a word of no span")
        }
        return .word(cells)
    }

    /// Takes a line in.
    ///
    /// - Throws: `DataError` where it does not fit.
    mutating func read(_ line: Substring, number: Int) throws(DataError) {
        switch try kind(line, number: number) {
        case .blank: end()
        case .other:
            if line.hasPrefix(TagColumns.documentMark) {
                documents += 1
                end()
            } else if line.hasPrefix("#") {
                comments += 1
            } else {
                ranges += 1
            }
        case .word(let cells):
            if sentences.isEmpty, words.isEmpty, header == nil, columns.separator != .universal, Self.headerNames.contains(cells[columns.tag].lowercased()) {
                header = cells.joined(separator: ", ")
                return
            }
            if words.isEmpty { first = number }
            words.append(cells[columns.word])
            tags.append(cells[columns.tag])
        }
    }

    private mutating func end() {
        if words.isEmpty { return }
        sentences.append(TaggedSentences.Sentence(words: words, tags: tags, line: first))
        (words, tags) = ([], [])
    }

    /// All sentences; the last needs no empty line after it.
    mutating func finish() -> [TaggedSentences.Sentence] {
        end()
        return sentences
    }

    /// What was left out, in sentences.
    var notes: [String] {
        var notes: [String] = []
        func counted(_ count: Int, _ one: String, _ many: String) -> String { count == 1 ? "1 \(one)" : "\(count) \(many)" }
        if let header { notes.append("The first line (\(header)) names the columns") }
        if documents > 0 { notes.append("\(counted(documents, "mark of a document is", "marks of documents are")) no sentence\(documents == 1 ? "" : "s")") }
        if comments > 0 { notes.append("\(counted(comments, "comment is", "comments are")) left out") }
        if ranges > 0 {
            notes.append("\(counted(ranges, "line with a range of words or an empty node is", "lines with ranges of words or empty nodes are")) left out; their words stand on lines of their own")
        }
        return notes
    }
}
