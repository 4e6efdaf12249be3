import DescentData
import DescentExplain
import DescentFormats
import DescentTrain

/// What the columns of a formula hold: numbers, or categories with their levels. Decided on the rows that are fitted to.
struct FittedColumns {
    /// A column that is taken as categories.
    struct Category: Equatable {
        /// Its different values: numbers by size, texts by alphabet, but the reference level first.
        let levels: [String]
    }

    /// The columns that hold numbers.
    private(set) var numeric: Set<String> = []
    /// The columns that are categories, by name.
    private(set) var categories: [String: Category] = [:]
    /// The columns that are of no use unless asked for, with the reason.
    private(set) var ignored: [(name: String, reason: String)] = []

    /// More levels than this are no category unless asked for.
    private static let levelLimit = 50

    /// Looks at columns.
    ///
    /// - Parameters:
    ///   - asked: Columns that a formula names, which are used in any case.
    ///   - kinds: Kinds that are told, by column.
    ///   - references: Reference levels, by column.
    /// - Throws: `DataError` for a cell that is no number in a column of numbers, `SettingsError` for a level that there is not.
    init(
        _ table: Table, rows: [Int], columns: [String], asked: Set<String>, kinds: [String: ColumnKind], references: [String: String], invalidCells: InvalidCells
    ) throws {
        for name in columns {
            let column = try table.column(name)
            var numbers = 0, missing = 0, texts: [Int] = []
            for row in rows {
                if table.number(row: row, column: column) != nil { numbers += 1 } else if table.isMissing(row: row, column: column) { missing += 1 } else { texts.append(row) }
            }
            if kinds[name] == .ignored {
                ignored.append((name, "as asked"))
                continue
            }
            // A few texts among numbers look like slips.
            let areNumbers = numbers > 0 && (texts.isEmpty || texts.count * 20 <= numbers + texts.count || (texts.count == 1 && numbers >= 3))
            let isCategory = kinds[name].map { [.category, .boolean, .text].contains($0) } ?? false
            if kinds[name] == .number || (areNumbers && !isCategory) {
                if let row = texts.first, invalidCells == .reject {
                    let more = texts.count == 1 ? "" : " (nor \(texts.count == 2 ? "is 1 more cell" : "are \(texts.count - 1) more cells"))"
                    throw DataError(
                        file: table.file(ofRow: row), line: table.line(ofRow: row), column: name,
                        "column \(quoted(name)) is \(quoted(table.text(row: row, column: column))), not a finite number\(more). Fix the cell, use --invalid-cells missing, or --column \(shellQuoted(name))=category"
                    )
                }
                numeric.insert(name)
                continue
            }
            if missing == rows.count {
                ignored.append((name, "empty"))
                continue
            }
            let levels = Self.levels(table, column, rows)
            let present = rows.count - missing
            if !asked.contains(name), !isCategory, levels.count > 10, levels.count > Self.levelLimit || levels.count * 5 > present {
                ignored.append((name, "text, \(grouped(levels.count)) different values; --column \(shellQuoted(name))=category uses it"))
                continue
            }
            categories[name] = Category(levels: try Self.ordered(levels, reference: references[name], column: name))
        }
        for name in references.keys.sorted() where categories[name] == nil {
            throw SettingsError("--reference names \(quoted(name)), which is no category here; make it one with --column \(shellQuoted(name))=category or C(\(FormulaTerm.written(name)))")
        }
    }

    /// Makes a column one of categories that a formula takes as such: `C(year)`.
    mutating func makeCategory(_ name: String, _ table: Table, rows: [Int], reference: String?) throws {
        guard categories[name] == nil else { return }
        numeric.remove(name)
        ignored.removeAll { $0.name == name }
        categories[name] = Category(levels: try Self.ordered(Self.levels(table, try table.column(name), rows), reference: reference, column: name))
    }

    private static func levels(_ table: Table, _ column: Int, _ rows: [Int]) -> [String] {
        var seen: Set<String> = []
        for row in rows where !table.isMissing(row: row, column: column) { seen.insert(level(table, row: row, column: column)) }
        let all = Array(seen)
        return all.allSatisfy { Double($0) != nil } ? all.sorted { Double($0)! < Double($1)! } : all.sorted()
    }

    /// A cell's level: numbers in one spelling, texts as they are.
    static func level(_ table: Table, row: Int, column: Int) -> String {
        guard let number = table.number(row: row, column: column) else { return table.text(row: row, column: column) }
        return number == number.rounded() && Swift.abs(number) < 1e15 ? String(Int64(number)) : "\(number)"
    }

    private static func ordered(_ levels: [String], reference: String?, column: String) throws(SettingsError) -> [String] {
        guard let reference else { return levels }
        guard levels.contains(reference) else {
            throw SettingsError("--reference \(column)=\(reference): \(quoted(column)) has no such level; it has \(levels.prefix(20).joined(separator: ", "))\(levels.count > 20 ? ", ..." : "")")
        }
        return [reference] + levels.filter { $0 != reference }
    }
}

extension FittedColumns {
    /// To be stored with a model.
    func toJSON() -> JSON {
        var levels = JSON.Object()
        for name in categories.keys.sorted() { levels[name] = JSON(categories[name]!.levels) }
        return ["numbers": JSON(numeric.sorted()), "categories": .object(levels)]
    }

    /// Ones that were stored.
    init(json: JSONReader) throws(FormatError) {
        numeric = Set(try json["numbers"].strings())
        for (name, levels) in try json["categories"].members() { categories[name] = Category(levels: try levels.strings()) }
    }
}
