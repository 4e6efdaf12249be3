import DescentFormats

/// A text with its labels, and where it stands.
struct LabelledText {
    let text: String
    let labels: [String]
    let line: Int

    /// The texts of a file.
    ///
    /// - Throws: `DataError` that names the lines without a text or a label.
    static func all(in text: String, file: String, _ layout: TextLayout) throws(DataError) -> [LabelledText] {
        var found: [LabelledText] = [], missing: [Int] = []
        func add(_ text: String, _ labels: [String], _ line: Int) {
            if text.isEmpty || labels.isEmpty { missing.append(line) } else { found.append(LabelledText(text: text, labels: labels, line: line)) }
        }
        switch layout {
        case .textThenClass, .classThenText:
            let lines = Self.lines(of: text)
            let cells = lines.map { Self.parts($0.line, atFirst: layout == .classThenText) }
            let hasHeader = TextLayout.isHeader(cells.prefix(400).compactMap { $0.map { [$0.first, $0.second] } })
            for (place, (number, _)) in lines.enumerated() where !(hasHeader && place == 0) {
                guard let parts = cells[place] else {
                    missing.append(number)
                    continue
                }
                layout == .classThenText ? add(parts.second, [parts.first], number) : add(parts.first, [parts.second], number)
            }
        case .marks:
            for (number, line) in Self.lines(of: text) {
                let parts = Self.marked(line)
                add(parts.text, parts.labels, number)
            }
        case .objects(let textName, let labelName):
            for (line, object) in try TextObjects(text, file: file).objects {
                guard case .string(let own)? = object[textName] else { throw DataError(file: file, line: line, "the object has no text \(quoted(textName))") }
                add(TextFile.trimmed(own[...]), TextObjects.labels(object[labelName] ?? .null), line)
            }
        case .columns(let textName, let labelName):
            let table = try Table(parsing: Array(text.utf8), file: file)
            let (own, label) = (try table.column(textName), try table.column(labelName))
            for row in 0..<table.rowCount {
                let value = TextFile.trimmed(table.text(row: row, column: label)[...])
                add(TextFile.trimmed(table.text(row: row, column: own)[...]), value.isEmpty ? [] : [value], table.line(ofRow: row))
            }
        case .files, .folders: throw DataError(file: file, "it is a file, and not a folder")
        }
        if !missing.isEmpty { throw Self.missingLabels(missing, of: missing.count + found.count, file: file, layout) }
        return found
    }

    /// The text of a line without the marks of labels, and the labels.
    static func marked(_ line: Substring) -> (text: String, labels: [String]) {
        var labels: [String] = [], words: [Substring] = []
        for word in line.split(whereSeparator: \.isWhitespace) {
            if word.hasPrefix(TextLayout.mark) { labels.append(String(word.dropFirst(TextLayout.mark.count))) } else { words.append(word) }
        }
        return (words.joined(separator: " "), labels.filter { !$0.isEmpty })
    }

    /// The lines that are not blank, with their numbers from 1.
    static func lines(of text: String) -> [(number: Int, line: Substring)] {
        var found: [(number: Int, line: Substring)] = []
        // By scalars: a carriage return and a line feed are one Character.
        for (index, line) in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.allSatisfy({ ScalarKind($0) == .space }) {
            found.append((index + 1, Substring(line)))
        }
        return found
    }

    /// The parts before and after the first or the last tab; `nil` where either is blank.
    private static func parts(_ line: Substring, atFirst: Bool) -> (first: String, second: String)? {
        guard let tab = atFirst ? line.unicodeScalars.firstIndex(of: "\t") : line.unicodeScalars.lastIndex(of: "\t") else { return nil }
        let first = TextFile.trimmed(line[..<tab]), second = TextFile.trimmed(line[line.unicodeScalars.index(after: tab)...])
        return first.isEmpty || second.isEmpty ? nil : (first, second)
    }

    private static func missingLabels(_ lines: [Int], of count: Int, file: String, _ layout: TextLayout) -> DataError {
        let shown = lines.prefix(5).map(String.init)
        let rest = lines.count - shown.count
        let list =
            rest > 0
            ? shown.joined(separator: ", ") + " and \(rest) more"
            : shown.count > 1
                ? shown.dropLast().joined(separator: ", ") + " and " + shown.last! : shown[0]
        let what = lines.count == 1 ? "line \(list) has no label" : "lines \(list) have no label"
        let form =
            switch layout {
            case .textThenClass: "each must be a text, a tabulator and its class"
            case .classThenText: "each must be a class, a tabulator and its text"
            case .marks: "each must be __label__ with a class, and a text"
            case .objects(let text, let label): "each must have a text \(quoted(text)) and a label \(quoted(label))"
            case .columns(let text, let label): "each must have a text in the column \(text) and a class in the column \(label)"
            case .files, .folders: "each must be a text"
            }
        return DataError(file: file, line: lines[0], "\(what) (of \(count)); \(form). Give them one, or take them out")
    }
}
