/// Finds out how the columns of a file write their numbers, from the file's first rows.
struct SpellingGuess {
    /// The cells of a column that hold something.
    private struct Column {
        let cells: [[UInt8]]
        let anatomies: [NumberAnatomy]
        let prefix: String, suffix: String
        /// How many cells each kind of marks fits; those with at least one mark that speaks for it.
        var fits: [Marks: Int] = [:]
    }

    private struct Marks: Hashable {
        let grouping: NumberSpelling.Grouping
        let hasDecimalComma: Bool
    }

    /// From the most usual on: of those that fit as many cells, the first is taken.
    private static let candidates: [Marks] = [
        Marks(grouping: .none, hasDecimalComma: false), Marks(grouping: .comma, hasDecimalComma: false), Marks(grouping: .point, hasDecimalComma: true),
        Marks(grouping: .space, hasDecimalComma: false), Marks(grouping: .space, hasDecimalComma: true), Marks(grouping: .apostrophe, hasDecimalComma: false),
        Marks(grouping: .apostrophe, hasDecimalComma: true),
    ]

    /// The spelling of each column.
    ///
    /// - Parameters:
    ///   - columns: The cells of each column, those that hold something.
    ///   - hasSemicolons: Whether semicolons divide the fields, as they do where commas stand within numbers.
    static func spellings(_ columns: [[[UInt8]]], hasSemicolons: Bool) -> [NumberSpelling] {
        let looked = columns.map { cells in cells.contains(where: isCode) ? nil : column(cells) }
        // One column with decimal commas that cannot be anything else speaks for the others.
        let isComma = looked.contains { $0.map { isDecimalComma($0) } ?? false }
        return zip(columns, looked).map { cells, column in
            if cells.contains(where: isCode) { return cells.allSatisfy(isDigits) ? .codes : .plain }
            return column.map { spelling($0, isComma: isComma, hasSemicolons: hasSemicolons) } ?? .plain
        }
    }

    /// Whether all of a cell is digits, the first of several a zero.
    static func isCode(_ cell: [UInt8]) -> Bool { cell.count > 1 && cell[0] == UInt8(ascii: "0") && isDigits(cell) }

    private static func isDigits(_ cell: [UInt8]) -> Bool { cell.allSatisfy { $0 &- 48 < 10 } }

    /// Slips that are let pass: as `ColumnProfile.isNumeric`.
    private static func allows(_ slips: Int, of count: Int) -> Bool { slips * 20 <= count || (slips == 1 && count >= 4) }

    /// `nil` where the cells are no numbers with one unit.
    private static func column(_ cells: [[UInt8]]) -> Column? {
        var anatomies: [NumberAnatomy] = [], kept: [[UInt8]] = []
        var prefixes: Set<String> = [], suffixes: Set<String> = []
        for cell in cells {
            cell.withUnsafeBufferPointer { bytes in
                guard let anatomy = NumberAnatomy(bytes) else { return }
                anatomies.append(anatomy)
                kept.append(cell)
                prefixes.insert(anatomy.text(bytes, anatomy.prefix))
                suffixes.insert(anatomy.text(bytes, anatomy.suffix))
            }
        }
        prefixes.remove("")
        suffixes.remove("")
        guard !kept.isEmpty, allows(cells.count - kept.count, of: cells.count), prefixes.count <= 1, suffixes.count <= 1 else { return nil }
        let (prefix, suffix) = (prefixes.first ?? "", suffixes.first ?? "")
        guard NumberSpelling.isCurrency(prefix), NumberSpelling.isUnit(suffix) else { return nil }
        var column = Column(cells: kept, anatomies: anatomies, prefix: prefix, suffix: suffix)
        for marks in candidates {
            column.fits[marks] = zip(kept, anatomies).count { cell, anatomy in
                cell.withUnsafeBufferPointer { anatomy.fits($0, marks.grouping, hasDecimalComma: marks.hasDecimalComma) }
            }
        }
        return column
    }

    /// Whether a decimal comma fits more cells than anything else.
    private static func isDecimalComma(_ column: Column) -> Bool {
        let decimal = column.fits[Marks(grouping: .point, hasDecimalComma: true)] ?? 0
        return candidates.allSatisfy { $0.hasDecimalComma || column.fits[$0]! < decimal }
    }

    private static func spelling(_ column: Column, isComma: Bool, hasSemicolons: Bool) -> NumberSpelling {
        let count = column.cells.count
        let most = column.fits.values.max() ?? 0
        // One cell alone says nothing of its column.
        guard count >= 2, most > 0, allows(count - most, of: count) else { return .plain }
        let fitting = candidates.filter { column.fits[$0] == most }
        var marks = fitting[0]
        let groups = Marks(grouping: .comma, hasDecimalComma: false), decimals = Marks(grouping: .point, hasDecimalComma: true)
        var isAmbiguous = false
        if fitting.contains(groups), fitting.contains(decimals), fitting[0] == groups {
            // 1,234 throughout.
            isAmbiguous = true
            if isComma || hasSemicolons { marks = decimals }
        } else if fitting[0] == candidates[0], fitting.contains(decimals), isComma, hasMark(column, ".") {
            // 1.234 throughout, beside a column with decimal commas.
            (isAmbiguous, marks) = (true, decimals)
        }
        let hasOtherSigns = zip(column.cells, column.anatomies).contains { cell, anatomy in anatomy.isNegative && cell[0] != UInt8(ascii: "-") && cell[anatomy.prefix].isEmpty }
        if marks == candidates[0], column.prefix.isEmpty, column.suffix.isEmpty, !hasOtherSigns { return .plain }
        // 12 Jan is a date.
        if !column.suffix.isEmpty, column.cells.prefix(20).contains(where: isDate) { return .plain }
        return NumberSpelling(
            grouping: marks.grouping, hasDecimalComma: marks.hasDecimalComma, prefix: column.prefix, suffix: column.suffix, hasOtherSigns: hasOtherSigns,
            isAmbiguous: isAmbiguous)
    }

    private static func hasMark(_ column: Column, _ mark: Character) -> Bool {
        zip(column.cells, column.anatomies).contains { cell, anatomy in cell.withUnsafeBufferPointer { anatomy.hasMark($0, mark) } }
    }

    private static func isDate(_ cell: [UInt8]) -> Bool {
        let text = String(decoding: cell, as: UTF8.self)
        return DateFormat.allCases.contains { $0.days(text) != nil }
    }
}
