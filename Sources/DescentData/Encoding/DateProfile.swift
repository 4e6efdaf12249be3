import DescentFormats

/// Whether a column's texts are dates, and in which format.
struct DateProfile {
    let column: String
    /// The format that reads most of the texts; of equals, the first of `DateFormat`.
    let format: DateFormat
    /// Another format that reads them all as well: day and month cannot be told apart.
    let rival: DateFormat?
    /// The dates that the format reads, by row.
    private(set) var dates: [(row: Int, moment: DateMoment)] = []
    /// The first row that the format does not read and another one does.
    private(set) var otherFormat: (row: Int, format: DateFormat)?
    /// The first row that no format reads, and how many there are.
    private(set) var oddRow: Int?
    private(set) var oddCount = 0
    private(set) var missingCount = 0

    /// `nil` where no format reads the first texts, of which half may be odd.
    init?(_ table: Table, column: Int, rows: [Int]) {
        self.column = table.names[column]
        let sample = rows.lazy.filter { !table.isMissing(row: $0, column: column) }.prefix(20).map { table.text(row: $0, column: column) }
        let texts = Array(sample)
        let candidates = DateFormat.allCases.filter { format in texts.contains { format.days($0) != nil } }
        let readable = texts.filter { text in candidates.contains { $0.days(text) != nil } }
        guard !texts.isEmpty, readable.count * 2 >= texts.count else { return nil }

        var counts: [DateFormat: Int] = [:]
        var present: [(row: Int, text: String)] = []
        for row in rows {
            if table.isMissing(row: row, column: column) {
                missingCount += 1
                continue
            }
            let text = table.text(row: row, column: column)
            present.append((row, text))
            for format in DateFormat.allCases where format.days(text) != nil { counts[format, default: 0] += 1 }
        }
        let format = DateFormat.allCases.max { counts[$0, default: 0] < counts[$1, default: 0] }!
        let best = DateFormat.allCases.first { counts[$0] == counts[format] } ?? format
        self.format = best
        rival = DateFormat.allCases.first { $0 != best && counts[$0] == counts[best] }
        for (row, text) in present {
            if let moment = best.moment(text) {
                dates.append((row, moment))
            } else if let other = DateFormat.allCases.first(where: { $0.days(text) != nil }) {
                if otherFormat == nil { otherFormat = (row, other) }
            } else {
                if oddRow == nil { oddRow = row }
                oddCount += 1
            }
        }
    }

    /// Whether this is a column of dates: nearly all texts are, in whatever format.
    var isDate: Bool { oddCount * 20 <= dates.count || (oddCount == 1 && dates.count >= 3) }

    /// The error about dates in two formats, or about the first text that is no date.
    func error(_ table: Table, column: Int, invalidCells: InvalidCells) -> DataError? {
        if let other = otherFormat, let first = dates.first {
            let rows = [(first.row, format), (other.row, other.format)].sorted { $0.0 < $1.0 }
            let places = rows.map { "line \(table.line(ofRow: $0.0)) has \(quoted(table.text(row: $0.0, column: column))) (\($0.1.words))" }
            return DataError(
                file: table.file(ofRow: rows[1].0), line: table.line(ofRow: rows[1].0), column: self.column,
                "column \(quoted(self.column)) has dates in two formats: \(places.joined(separator: ", ")). Write all in one format")
        }
        guard invalidCells == .reject, let row = oddRow else { return nil }
        let more = oddCount == 1 ? "" : " (nor \(oddCount == 2 ? "is 1 more cell" : "are \(oddCount - 1) more cells"))"
        return DataError(
            file: table.file(ofRow: row), line: table.line(ofRow: row), column: self.column,
            "column \(quoted(self.column)) is \(quoted(table.text(row: row, column: column))), not a date (\(format.words))\(more). "
                + "Fix the cell, or use --invalid-cells missing")
    }
}
