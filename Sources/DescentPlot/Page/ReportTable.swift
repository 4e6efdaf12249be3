/// A table of a report. Columns that hold nothing but numbers are right-aligned; a table of many rows scrolls under its head, a wide one sideways.
public struct ReportTable: Sendable, Hashable {
    /// The columns' names.
    public var columns: [String]
    /// The cells, row by row. A row that is short ends in empty cells.
    public var rows: [[String]]
    /// The caption; nil for none.
    public var caption: String?

    /// A table.
    public init(columns: [String], rows: [[String]], caption: String? = nil) {
        self.columns = columns
        self.rows = rows
        self.caption = caption
    }

    /// The most rows that are shown without scrolling.
    private static let rowsInView = 16

    func write(into markup: inout Markup) {
        let width = max(columns.count, rows.map(\.count).max() ?? 0)
        guard width > 0 else { return }
        let isNumeric = (0..<width).map { column in Self.isNumeric(rows.map { column < $0.count ? $0[column] : "" }) }
        func attributes(_ column: Int) -> Markup.Attributes { isNumeric[column] ? [("class", "number")] : [] }
        markup.element("figure", [("class", "table")]) { figure in
            if let caption, !caption.isEmpty { figure.element("figcaption", text: caption) }
            let kind = rows.count > Self.rowsInView ? "scroll long" : "scroll"
            figure.element("div", [("class", kind), ("tabindex", "0"), ("role", "group"), ("aria-label", caption ?? "Table")]) { box in
                box.element("table") { table in
                    table.element("thead") {
                        $0.element("tr") { row in
                            for column in 0..<width {
                                row.element("th", [("scope", "col")] + attributes(column), text: column < columns.count ? columns[column] : "")
                            }
                        }
                    }
                    table.element("tbody") { body in
                        for cells in rows {
                            body.element("tr") { row in
                                for column in 0..<width { row.element("td", attributes(column), text: column < cells.count ? cells[column] : "") }
                            }
                        }
                    }
                }
            }
            if rows.count > Self.rowsInView { figure.element("p", [("class", "count")], text: "\(rows.count) rows") }
        }
    }

    /// Whether every cell is a number or says that there is none, and at least one is a number.
    package static func isNumeric(_ cells: [String]) -> Bool {
        let kinds = cells.map { $0.isEmpty || ["–", "—", "-", "n/a"].contains($0) ? nil : isNumber($0) }
        return kinds.contains { $0 == true } && !kinds.contains { $0 == false }
    }

    /// Whether a text reads as one quantity: a number with a sign, grouped digits, a power of ten, an error after ±, and a unit of up to four
    /// letters. Dates, versions and codes are none.
    private static func isNumber(_ text: String) -> Bool {
        if ["NaN", "nan", "∞", "−∞", "inf", "-inf"].contains(text) { return true }
        let parts = text.split(separator: " ").flatMap { $0.split(separator: "±", omittingEmptySubsequences: false) }.filter { !$0.isEmpty }
        guard let first = parts.first, isPlainNumber(first) else { return false }
        return parts.dropFirst().enumerated().allSatisfy { index, part in
            isPlainNumber(part) ? text.contains("±") : index == parts.count - 2 && part.count <= 4 && part.allSatisfy { $0.isLetter || $0 == "%" || $0 == "/" }
        }
    }

    private static func isPlainNumber(_ text: Substring) -> Bool {
        var digits = 0, points = 0, isFirst = true
        for character in text.hasSuffix("%") ? text.dropLast() : text {
            defer { isFirst = false }
            switch character {
            case "0"..."9": digits += 1
            case ".": points += 1
            case "-", "−", "+", "±": guard isFirst || text.contains(where: { $0 == "e" || $0 == "E" }) else { return false }
            case ",", "e", "E", "×", "⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "⁻": guard digits > 0 else { return false }
            default: return false
            }
        }
        return digits > 0 && points <= 1
    }
}
