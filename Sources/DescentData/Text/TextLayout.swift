import DescentFormats

/// Where the texts of a file are, and where their classes.
public enum TextLayout: Equatable, Sendable {
    /// Lines of a text, a tab and its class.
    case textThenClass
    /// Lines of a class, a tab and its text.
    case classThenText
    /// Lines with `__label__x` before or after the text, once or several times, as fastText reads them.
    case marks
    /// JSON objects, a line each or in a list, by the names of their members.
    case objects(text: String, label: String)
    /// A table, by the names of its columns.
    case columns(text: String, label: String)
    /// A folder with a file for each class, whose lines are the texts.
    case files
    /// A folder with a folder for each class, whose files are the texts.
    case folders

    /// What it is, in words, for the line that says what an input looks like.
    public var words: String {
        switch self {
        case .textThenClass: "lines of a text, a tab and a label"
        case .classThenText: "lines of a label, a tab and a text (few different values stand before the tab)"
        case .marks: "lines marked with __label__"
        case .objects(let text, let label): "JSON objects with a text (\(quoted(text))) and its label (\(quoted(label)))"
        case .columns(let text, let label): "a table with a column of texts (\(text)) and one of few different values (\(label))"
        case .files: "a folder of files, so the class of a line is its file"
        case .folders: "a folder of folders of texts, so the class of a text is its folder"
        }
    }

    /// How a label begins in files of fastText.
    package static let mark = "__label__"
    /// The lines that a guess is made from.
    private static let sampleLines = 400

    /// The layout of a file's text by its first lines; `nil` where they are not labelled texts.
    ///
    /// - Parameters:
    ///   - target: The column or member of the classes, by name or number; `nil` to guess.
    ///   - textColumn: That of the texts.
    package static func guess(_ text: String, file: String, target: String? = nil, textColumn: String? = nil) -> (layout: TextLayout, others: [String])? {
        let isNamed = target != nil || textColumn != nil
        guard let start = text.unicodeScalars.first(where: { ScalarKind($0) != .space }) else { return nil }
        if start == "{" || start == "[" { if let found = objects(text, file: file, target: target, textColumn: textColumn) { return found } }
        let all = text.split(separator: "\n", maxSplits: sampleLines, omittingEmptySubsequences: false)
        // The last one of a long text is all the rest.
        let first = all.count > sampleLines ? Array(all.dropLast()) : all
        let lines = first.filter { line in line.unicodeScalars.contains { ScalarKind($0) != .space } }
        if !isNamed, lines.count >= 2, lines.count(where: { $0.contains(mark) }) * 10 >= lines.count * 9 { return (.marks, []) }
        let tabs = lines.map { $0.utf8.count { $0 == 0x09 } }
        if !isNamed || !tabs.contains(where: { $0 > 1 }), lines.count >= 2, tabs.count(where: { $0 == 1 }) * 10 >= tabs.count * 9 {
            let cells = lines.compactMap { line -> [String]? in
                let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
                return parts.count == 2 ? parts.map { TextFile.trimmed($0) } : nil
            }
            let header = isHeader(cells) ? cells[0] : ["1", "2"], place = target.flatMap { name in header.firstIndex(of: name) ?? ["1", "2"].firstIndex(of: name) }
            if target != nil, place == nil { return nil }
            return twoColumns(isHeader(cells) ? Array(cells.dropFirst()) : cells, target: place, blankLines: first.count - lines.count).map { ($0, []) }
        }
        // The last line of a sample may end within a quoted field; a shorter one then ends elsewhere.
        for count in [first.count, first.count * 3 / 4, first.count / 2] {
            if let found = columns(first.prefix(count).joined(separator: "\n"), file: file, target: target, textColumn: textColumn) { return found }
        }
        return !isNamed && endsInLabel(lines) ? (.textThenClass, []) : nil
    }

    /// Of a text and its class between which a tab stands, which is which.
    private static func twoColumns(_ cells: [[String]], target: Int?, blankLines: Int) -> TextLayout? {
        if let target { return target == 0 ? .classThenText : .textThenClass }
        let distinct = (0...1).map { place in Set(cells.map { $0[place] }) }
        let areLabels = distinct.map { TextColumns.areLabels(distinct: $0.count, count: cells.count) && $0.allSatisfy(TextColumns.isLabel) }
        let isFirst = areLabels[0] && (!areLabels[1] || distinct[0].count < distinct[1].count)
        guard areLabels[0] || areLabels[1] else { return nil }
        // Words with their tags, and an empty line after each sentence.
        let spaces = cells.reduce(0) { $0 + $1[isFirst ? 1 : 0].utf8.count { $0 == 0x20 } }
        if blankLines >= 2, spaces * 2 < cells.count { return nil }
        return isFirst ? .classThenText : .textThenClass
    }

    /// Whether a first line names the columns: what it has is in none of the others.
    static func isHeader(_ cells: [[String]]) -> Bool {
        guard cells.count > 4 else { return false }
        let rest = cells.dropFirst(), names = ["label", "text", "class", "category", "sentiment", "message", "review", "sentence", "target", "comment", "tweet", "title", "content", "v1", "v2"]
        return cells[0].allSatisfy { cell in !rest.contains { $0.contains(cell) } } && cells[0].contains { names.contains($0.lowercased()) }
    }

    /// Whether most lines have a tab, and few different labels come after the last one.
    private static func endsInLabel(_ lines: [Substring]) -> Bool {
        let found = lines.compactMap { line in line.lastIndex(of: "\t").map { TextFile.trimmed(line[line.index(after: $0)...]) } }.filter { !$0.isEmpty }
        guard found.count >= 2, found.count * 2 > lines.count else { return false }
        let labels = Set(found)
        return labels.count >= 2 && labels.count * 4 <= found.count && labels.allSatisfy(TextColumns.isLabel)
    }

    private static func columns(_ sample: String, file: String, target: String?, textColumn: String?) -> (layout: TextLayout, others: [String])? {
        guard let table = try? Table(parsing: Array(sample.utf8), file: file), table.columnCount >= 2 else { return nil }
        let rows = (0..<table.rowCount).map { row in (0..<table.columnCount).map { table.text(row: row, column: $0) } }
        let place = target.flatMap { try? table.column($0) }, own = textColumn.flatMap { try? table.column($0) }
        if target != nil && place == nil || textColumn != nil && own == nil { return nil }
        guard let found = TextColumns(names: table.names, rows: rows, target: place, textColumn: own), let label = found.label else { return nil }
        return (.columns(text: table.names[found.text], label: table.names[label]), found.others.map { table.names[$0] })
    }

    private static func objects(_ text: String, file: String, target: String?, textColumn: String?) -> (layout: TextLayout, others: [String])? {
        guard let found = try? TextObjects(text, file: file, limit: sampleLines, skipsFaults: true).objects, found.count >= 2 else { return nil }
        let names = found[0].object.keys.filter { key in found.allSatisfy { $0.object[key] != nil } }
        let rows = found.map { object in names.map { TextObjects.cell(object.object[$0] ?? .null) } }
        let place = target.flatMap { names.firstIndex(of: $0) }, own = textColumn.flatMap { names.firstIndex(of: $0) }
        if target != nil && place == nil || textColumn != nil && own == nil { return nil }
        // A list is of labels, however many different lists there are.
        let lists = names.indices.filter { column in found.allSatisfy { if case .array = $0.object[names[column]] { true } else { false } } }
        guard let columns = TextColumns(names: names, rows: rows, target: place ?? (lists.count == 1 ? lists[0] : nil), textColumn: own), let label = columns.label else { return nil }
        return (.objects(text: names[columns.text], label: names[label]), columns.others.map { names[$0] })
    }
}

extension TextLayout {
    /// To be stored with a model.
    package var json: JSON {
        switch self {
        case .textThenClass: ["kind": "textThenClass"]
        case .classThenText: ["kind": "classThenText"]
        case .marks: ["kind": "marks"]
        case .files: ["kind": "files"]
        case .folders: ["kind": "folders"]
        case .objects(let text, let label): ["kind": "objects", "text": .string(text), "label": .string(label)]
        case .columns(let text, let label): ["kind": "columns", "text": .string(text), "label": .string(label)]
        }
    }

    /// A layout that was stored.
    package init(json: JSONReader) throws(FormatError) {
        switch try json["kind"].string() {
        case "textThenClass": self = .textThenClass
        case "classThenText": self = .classThenText
        case "marks": self = .marks
        case "files": self = .files
        case "folders": self = .folders
        case "objects": self = .objects(text: try json["text"].string(), label: try json["label"].string())
        case "columns": self = .columns(text: try json["text"].string(), label: try json["label"].string())
        default: throw json["kind"].error("is no layout of texts that is known")
        }
    }
}
