import DescentFormats

/// Decides what a column is and fits its rule to the training rows.
struct ColumnFitter {
    let table: Table
    let column: Int
    let rows: [Int]
    let invalidCells: InvalidCells

    private var name: String { table.names[column] }

    /// So few rows say nothing of a value or of missing cells: 1 percent, and at least 2 rows.
    private var minimum: Int { max(2, (rows.count + 99) / 100) }

    /// Why a column of row numbers is ignored.
    static let countsRows = "row number"

    /// Names of columns that number the rows, in small letters. A table that pandas wrote calls its index "Unnamed: 0", and one that R wrote does not name it.
    private static let indexNames: Set<String> = [
        "id", "index", "idx", "row", "rowid", "rownum", "rownumber", "rownames", "no", "no.", "nr", "nr.", "num", "number", "n", "#", "obs", "observation", "record", "recordno", "serial", "sno",
        "s.no", "s.no.", "level0", "indexlevel0",
    ]

    /// Whether a column is named as one that numbers the rows, and says nothing of them: `id`, `PassengerId`, `Unnamed: 0`, `row_number`, or without a name.
    private var isNamedAsIndex: Bool {
        if !table.hasHeader { return column == 0 }
        let lowered = name.lowercased(), letters = lowered.filter { $0 != "_" && $0 != " " && $0 != "-" }
        // A column that the header does not name is called by its number.
        if Self.indexNames.contains(letters) || lowered.hasPrefix("unnamed") || name == "\(column + 1)" { return true }
        return name.hasSuffix("Id") || name.hasSuffix("ID") || ["_id", " id", "-id", ".id"].contains { lowered.hasSuffix($0) }
    }

    /// The option that makes the column one of another kind, as a shell takes it.
    private func option(_ kind: String) -> String { "--column \(shellQuoted("\(name)=\(kind)"))" }

    /// The rule and what it does, in words.
    func fit(_ wanted: ColumnKind?) throws(DataError) -> (rule: ColumnRule, note: String) {
        if wanted == .ignored { return ignored("as asked") }
        let profile = ColumnProfile(table, column: column, rows: rows)
        if profile.presentCount == 0 { return ignored("empty") }
        switch wanted {
        case .number: return try number(profile)
        case .category: return category(TextCounts(table, column: column, rows: rows))
        case .text: return text(TextCounts(table, column: column, rows: rows), isWanted: true)
        case .boolean: return try boolean()
        case .date:
            if let profile = DateProfile(table, column: column, rows: rows) { return try date(profile) }
            let row = rows.first { !table.isMissing(row: $0, column: column) } ?? 0
            throw DataError(
                file: table.file(ofRow: row), line: table.line(ofRow: row), column: name,
                "column \(quoted(name)) is \(quoted(table.text(row: row, column: column))), not a date")
        default: break
        }
        if profile.isNumeric {
            guard profile.countsRows(of: table) else { return try number(profile) }
            // A time or a dose may go up by 1 from row to row too.
            if isNamedAsIndex { return (.ignored(reason: Self.countsRows), "ignored (\(Self.countsRows); \(option("numeric")) keeps it)") }
            let (rule, note) = try number(profile)
            return (rule, "\(note), goes up by 1 from row to row (\(option("ignore")) leaves it out)")
        }
        let counts = TextCounts(table, column: column, rows: rows)
        if Set(counts.counts.keys.map(BooleanRule.value)) == [true, false] { return try boolean() }
        if let profile = DateProfile(table, column: column, rows: rows), profile.isDate { return try date(profile) }
        return counts.looksLikeCategory || counts.counts.count == 1 ? category(counts) : text(counts, isWanted: false)
    }

    private func number(_ profile: ColumnProfile) throws(DataError) -> (ColumnRule, String) {
        if invalidCells == .reject, let error = profile.invalidCellError(table, column: column) { throw error }
        let values = profile.numbers.map(\.value)
        guard !values.isEmpty else { return ignored("no values") }
        let missing = rows.count - values.count
        let rule: NumberRule
        do throws(NumberRule.Overflow) {
            rule = try NumberRule(fitting: values, marksMissing: missing >= minimum)
        } catch {
            let row = profile.numbers.first { $0.value == error.value }?.row
            throw DataError(
                file: row.map(table.file(ofRow:)) ?? table.file, line: row.map(table.line(ofRow:)), column: name,
                "column \(quoted(name)) is \(error.value), too large to compute with")
        }
        if rule.width == 0 { return ignored("constant: \(short(values[0]))") }
        var note = "numeric" + (table.spelling(ofColumn: column).words.map { " (\($0))" } ?? "")
        if rule.logarithmUnit != nil { note += ", long-tailed, so its logarithm" }
        if missing > 0 {
            note += ", \(percent(missing)) missing (filled with the median, \(short(rule.median))"
            note += rule.marksMissing ? "; an indicator marks them)" : ")"
        }
        let odd = profile.textRows.count + profile.infiniteRows.count
        if odd > 0 { note += ", including \(odd == 1 ? "1 cell that is" : "\(odd) cells that are") not a number" }
        return (.number(rule), note)
    }

    private func category(_ counts: TextCounts) -> (ColumnRule, String) {
        if counts.counts.count == 1 && counts.missingCount == 0 {
            return ignored("constant: \(quoted(counts.counts.keys.first ?? ""))")
        }
        let rule = CategoryRule(fitting: counts, part: .whole, minimum: minimum)
        if rule.slotCount < 2 { return ignored("hardly any rows differ") }
        let codes = table.spelling(ofColumn: column).isCode ? " (codes with leading zeros)" : ""
        return (.category(rule), "category\(codes): \(slots(rule, counts))\(missingNote)")
    }

    private func boolean() throws(DataError) -> (ColumnRule, String) {
        var values: [Bool] = []
        for row in rows where !table.isMissing(row: row, column: column) {
            let text = table.text(row: row, column: column)
            if let value = BooleanRule.value(text) {
                values.append(value)
            } else if invalidCells == .reject {
                throw ColumnRule.invalidCellError(table, row: row, column: column, name: name, expected: "not a boolean")
            }
        }
        let missing = rows.count - values.count
        let share = Double(values.filter { $0 }.count) / Double(max(values.count, 1))
        if share == 0 || share == 1, missing < minimum { return ignored("constant") }
        let rule = BooleanRule(share: share, marksMissing: missing >= minimum)
        return (.boolean(rule), "boolean" + (missing > 0 ? ", \(percent(missing)) missing" : ""))
    }

    private func date(_ profile: DateProfile) throws(DataError) -> (ColumnRule, String) {
        if let error = profile.error(table, column: column, invalidCells: invalidCells) { throw error }
        guard !profile.dates.isEmpty else { return ignored("no dates") }
        let missing = rows.count - profile.dates.count
        let rule = DateRule(fitting: profile.dates.map(\.moment), format: profile.format, marksMissing: missing >= minimum)
        if rule.width == 0 { return ignored("constant date") }
        var note = "\(profile.format == .time ? "" : "date (")\(profile.format.words)\(profile.rival.map { "; it could also be \($0.words)" } ?? "")\(profile.format == .time ? "" : ")")"
        if rule.readsClock { note += rule.parts.contains(.offset) ? ", by the clock of each place, with its offset to UTC" : ", by the clock of the place" }
        if missing > 0 { note += ", \(percent(missing)) missing" }
        return (.date(rule), note)
    }

    /// Counts of words, if the texts are sentences: they have three words or more, of which some repeat.
    private func words(isWanted: Bool) -> (ColumnRule, String)? {
        let texts = rows.filter { !table.isMissing(row: $0, column: column) }.map { table.text(row: $0, column: column) }
        let total = texts.reduce(0) { $0 + WordsRule.words(of: $1).count }
        guard isWanted || total >= 3 * texts.count else { return nil }
        let rule = WordsRule(fitting: texts, minimum: minimum)
        guard rule.width >= (isWanted ? 1 : 5) else { return nil }
        let shown = rule.words.prefix(8).joined(separator: ", ")
        return (.words(rule), "text, counts of \(rule.width) words: \(shown)\(rule.width > 8 ? ", ..." : "")")
    }

    /// Looks for a part that is in nearly every text, repeats, and says the most; without one, counts words.
    private func text(_ whole: TextCounts, isWanted: Bool) -> (ColumnRule, String) {
        if isFreeText(whole), let words = words(isWanted: isWanted) { return words }
        var best: (rule: CategoryRule, counts: TextCounts, information: Double)?
        for part in TextPart.allCases where part != .whole {
            let counts = TextCounts(table, column: column, rows: rows, part: part)
            let rule = CategoryRule(fitting: counts, part: part, minimum: minimum)
            let present = Double(counts.presentCount)
            let without = Double(counts.counts[""] ?? 0)
            let inSlots = Double(rule.values.reduce(0) { $0 + (counts.counts[$1] ?? 0) })
            guard rule.values.count >= 2, rule.values.count <= 30, without <= 0.05 * present, inSlots >= 0.85 * present
            else { continue }
            let information = rule.shares.reduce(0.0) { $0 + $1 * (1 - $1) }
            if information > best?.information ?? 0 { best = (rule, counts, information) }
        }
        guard let best else {
            if let words = words(isWanted: isWanted) { return words }
            let distinct = whole.counts.count
            let how = distinct == whole.presentCount ? "all different" : "\(distinct) different values"
            if let numbers = almostNumbers() { return ignored("text; \(numbers)") }
            return ignored("text, \(how), no repeated part; \(option("text")) counts its words")
        }
        return (.category(best.rule), "text, a category by \(best.rule.part.words): \(slots(best.rule, best.counts))")
    }

    /// Whether texts are longer than names are, and hardly repeat: no part of them is a category then.
    private func isFreeText(_ counts: TextCounts) -> Bool {
        let words = counts.counts.keys.reduce(0) { $0 + WordsRule.words(of: $1).count }
        return counts.counts.count * 2 > counts.presentCount && words >= Self.freeTextWords * counts.counts.count
    }

    private static let freeTextWords = 6

    /// Why a column that was meant as numbers is text: `112 of 120 cells look like numbers, "n.a." does not`.
    private func almostNumbers() -> String? {
        let present = rows.filter { !table.isMissing(row: $0, column: column) }.map { table.text(row: $0, column: column) }
        let looks = present.map { text in Array(text.utf8).withUnsafeBufferPointer { NumberSpelling.looksLikeNumber($0) } }
        let count = looks.count { $0 }
        guard count * 2 > present.count, let other = looks.firstIndex(of: false) else { return nil }
        return "\(count) of \(present.count) cells look like numbers, \(quoted(present[other])) does not: mend them, or --column \(name)=numeric --invalid-cells missing"
    }

    private func ignored(_ reason: String) -> (ColumnRule, String) {
        (.ignored(reason: reason), "ignored (\(reason))")
    }

    private func slots(_ rule: CategoryRule, _ counts: TextCounts) -> String {
        var words = rule.values.prefix(12).joined(separator: ", ")
        if rule.values.count > 12 { words += " and \(rule.values.count - 12) more" }
        if rule.hasOther { words += "; other" }
        if rule.hasMissing { words += "; \(percent(counts.missingCount)) missing" }
        return words
    }

    /// Texts that are taken for nothing, and may be something: the NA of Namibia.
    private var missingNote: String {
        let words = rows.filter { table.isMissing(row: $0, column: column) }.map { table.text(row: $0, column: column) }.filter { !$0.isEmpty }
        guard let word = words.first else { return "" }
        let count = words.count == 1 ? "1 cell says" : "\(words.count) cells say"
        return "; \(count) \(Set(words).count == 1 ? quoted(word) : "\(quoted(word)) or the like"), read as missing (--missing says what is)"
    }

    private func percent(_ count: Int) -> String {
        let share = Double(count) / Double(max(rows.count, 1)) * 100
        return share < 1 ? "under 1%" : "\(Int(share.rounded()))%"
    }

    /// At most four significant digits, for a sentence.
    private func short(_ value: Double) -> String { shortened(value) }
}

/// A number in at most four significant digits, for a sentence.
func shortened(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 1000 && scale < 1e12 { scale *= 10 }
    let rounded = (value * scale).rounded() / scale
    return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int64(rounded)) : "\(rounded)"
}
