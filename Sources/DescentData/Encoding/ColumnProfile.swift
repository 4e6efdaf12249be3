import DescentFormats

/// How a column is understood.
public enum ColumnKind: String, CaseIterable, Sendable {
    /// Numbers, some of which may be missing.
    case number
    /// A few texts (or numbers that stand for kinds of things), each of which says something.
    case category
    /// Yes or no, true or false, 1 or 0.
    case boolean
    /// Days, perhaps with a time, written in one of the usual ways.
    case date
    /// Many different texts.
    case text
    /// Not used.
    case ignored
}

/// The treatment of a non-numeric cell in a numeric column.
public enum InvalidCells: String, CaseIterable, Sendable {
    /// An error that names its line.
    case reject
    /// Treat it as missing.
    case missing
}

/// Statistics of a column over some rows, from which its kind is decided.
struct ColumnProfile {
    let name: String
    let rowCount: Int
    private(set) var missingCount = 0
    /// The finite numbers, by row.
    private(set) var numbers: [(row: Int, value: Double)] = []
    /// The rows with an infinity.
    private(set) var infiniteRows: [Int] = []
    /// The rows with another text.
    private(set) var textRows: [Int] = []

    init(_ table: Table, column: Int, rows: [Int]) {
        name = table.names[column]
        rowCount = rows.count
        for row in rows {
            switch table.content(row: row, column: column) {
            case .number(let value): numbers.append((row, value))
            case .missing: missingCount += 1
            case .infinite: infiniteRows.append(row)
            case .text: textRows.append(row)
            }
        }
    }

    /// Cells that hold something.
    var presentCount: Int { rowCount - missingCount }

    /// Whether this is a column of numbers: no other text, or so little that it looks like a slip (one cell of at
    /// least four, or 5 percent).
    var isNumeric: Bool {
        if numbers.isEmpty { return !infiniteRows.isEmpty && textRows.isEmpty }
        if textRows.isEmpty { return true }
        return textRows.count * 20 <= presentCount || (textRows.count == 1 && presentCount >= 4)
    }

    /// The first cell that a column of numbers may not have.
    var firstOddRow: Int? { (textRows + infiniteRows).min() }

    /// Whether the numbers count the rows of the file from 0 or 1, as a row's number does. A few rows do so by chance.
    func countsRows(of table: Table) -> Bool {
        guard numbers.count == rowCount, rowCount >= 10, let first = numbers.first else { return false }
        func isConstant(_ offsets: ClosedRange<Double>, _ place: (Int) -> Int) -> Bool {
            let offset = first.value - Double(place(first.row))
            return offsets.contains(offset) && offset == offset.rounded() && numbers.allSatisfy { $0.value - Double(place($0.row)) == offset }
        }
        // By the lines too: rows may have been left out, and of several files each counts its own. Before the first row, which is in line 1 or 2, stands a header or none.
        return isConstant(0...1) { $0 } || isConstant(-2...0, table.line(ofRow:))
    }

    /// The error about the first odd cell.
    func invalidCellError(_ table: Table, column: Int) -> DataError? {
        guard let row = firstOddRow else { return nil }
        let others = textRows.count + infiniteRows.count - 1
        let more = others == 0 ? "" : " (nor \(others == 1 ? "is 1 more cell" : "are \(others) more cells"))"
        return DataError(
            file: table.file(ofRow: row), line: table.line(ofRow: row), column: name,
            "column \(quoted(name)) is \(quoted(table.text(row: row, column: column))), not a finite number\(more). "
                + "Fix the cell, or use --invalid-cells missing")
    }
}

/// How often each text occurs in a column, and which rows lack one.
struct TextCounts {
    private(set) var counts: [String: Int] = [:]
    private(set) var missingCount = 0

    init(_ table: Table, column: Int, rows: [Int], part: TextPart = .whole) {
        for row in rows {
            if table.isMissing(row: row, column: column) {
                missingCount += 1
            } else {
                counts[part.of(table.text(row: row, column: column)) ?? "", default: 0] += 1
            }
        }
    }

    var presentCount: Int { counts.values.reduce(0, +) }

    /// Few enough different texts, often enough repeated, that each is a category.
    var looksLikeCategory: Bool {
        let present = presentCount
        return counts.count < present && (counts.count <= 10 || (counts.count <= 50 && counts.count * 5 <= present))
    }
}

/// A part of a text that may say what kind of thing it is.
package enum TextPart: String, CaseIterable {
    /// All of it.
    case whole
    /// The letters at its beginning: C of "C85".
    case leadingLetters
    /// Its first word that ends in a full stop: Mr of "Braund, Mr. Owen Harris".
    case abbreviation
    /// Its first word.
    case firstWord
    /// Its last word.
    case lastWord
    /// The part after the last @.
    case domain

    /// The part, or `nil` where the text has none.
    package func of(_ text: String) -> String? {
        let part: Substring?
        switch self {
        case .whole: part = text[...]
        case .leadingLetters: part = text.prefix { $0.isLetter }
        case .abbreviation:
            part = text.split(whereSeparator: \.isWhitespace).first { $0.count > 2 && $0.last == "." }?.dropLast()
        case .firstWord: part = text.split(whereSeparator: \.isWhitespace).first
        case .lastWord: part = text.split(whereSeparator: \.isWhitespace).last
        case .domain: part = text.lastIndex(of: "@").map { text[text.index(after: $0)...] }
        }
        return part.flatMap { $0.isEmpty ? nil : String($0) }
    }

    /// In words, as in "a category by its first word".
    var words: String {
        switch self {
        case .whole: "the whole of it"
        case .leadingLetters: "its leading letters"
        case .abbreviation: "its first word ending in a full stop"
        case .firstWord: "its first word"
        case .lastWord: "its last word"
        case .domain: "the domain after @"
        }
    }
}
