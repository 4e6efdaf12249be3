import DescentCore

/// Columns of text, the first to the left and the others to the right.
struct TextTable {
    private var rows: [[String]]

    init(_ head: [String]) { rows = [head] }

    mutating func add(_ row: [String]) { rows.append(row) }

    var text: String {
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max()! }
        return rows.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    /// A number with about six digits; "-" for NaN.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "-" }
        let size = Swift.abs(value)
        guard size.isFinite else { return value < 0 ? "-infinity" : "infinity" }
        if size != 0, size < 1e-4 || size >= 1e7 { return scientific(value, 4) }
        return fixed(value, size >= 1000 ? 2 : 4)
    }
}
