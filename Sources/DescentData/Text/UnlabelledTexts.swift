import DescentFormats

/// Texts that are to be classified, from the files that labelled texts are read from; labels that they have are left out.
package struct UnlabelledTexts {
    /// The texts, and where each stands: its line, or its number where a file has no lines.
    package let texts: [(line: Int, text: String)]
    /// The name of the column of the texts, where the file names it.
    package let column: String

    /// Reads a file, a folder of files that are texts, or the standard input (`-`).
    ///
    /// - Parameters:
    ///   - layout: That of the texts that the model was trained on: it says which column of a table is the text, and which member of an object.
    ///   - classes: The model's classes: one of them before the first tab of a line or after its last is not part of the text.
    /// - Throws: `FileError`, `DataError`.
    package init(_ path: String, like layout: TextLayout?, classes: [String]) throws {
        if FileSystem.folderExists(path) {
            let files = try FileSystem.list(path).filter { !$0.hasPrefix(".") && !FileSystem.folderExists("\(path)/\($0)") }
            texts = try files.enumerated().map { ($0 + 1, TextFile.trimmed(try TextFile.read("\(path)/\($1)")[...])) }
            column = "text"
            return
        }
        let file = path == "-" ? "standard input" : path, text = try TextFile.read(path)
        if text.unicodeScalars.first(where: { ScalarKind($0) != .space }) == "{" || path.hasSuffix(".json") {
            (texts, column) = try Self.objects(text, file: file, layout)
        } else if case .columns(let name, let label) = layout, let table = try Self.table(text, file: file, text: name, label: label) {
            let place = try table.column(name)
            texts = (0..<table.rowCount).map { (table.line(ofRow: $0), table.text(row: $0, column: place)) }
            column = name
        } else {
            let known = Set(classes)
            texts = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap { index, line in
                let own = Self.text(of: line, classes: known)
                return own.isEmpty ? nil : (index + 1, own)
            }
            column = "text"
        }
    }

    /// A line without its label.
    private static func text(of line: Substring, classes: Set<String>) -> String {
        if line.contains(TextLayout.mark) { return LabelledText.marked(line).text }
        if let tab = line.lastIndex(of: "\t"), classes.contains(TextFile.trimmed(line[line.index(after: tab)...])) { return String(line[..<tab]) }
        if let tab = line.firstIndex(of: "\t"), classes.contains(TextFile.trimmed(line[..<tab])) { return String(line[line.index(after: tab)...]) }
        return line.unicodeScalars.allSatisfy { ScalarKind($0) == .space } ? "" : String(line)
    }

    /// The table in a text, where it has the column of the texts: named in its header, or by number in a file of as many columns, its label perhaps left out.
    private static func table(_ text: String, file: String, text name: String, label: String) throws(DataError) -> Table? {
        let isNamed = Int(name) == nil
        let firstLine = text.prefix { $0 != "\n" }
        if isNamed, !firstLine.contains(name) {
            // Lines without the header are texts; a table with other columns is a mistake.
            let table = try? Table(parsing: Array(text.utf8), file: file)
            if let table, table.hasHeader, table.columnCount > 1 { throw DataError(file: file, "there is no column \(quoted(name)) of texts; the columns are \(table.names.joined(separator: ", "))") }
            return nil
        }
        if isNamed { return try Table(parsing: Array(text.utf8), file: file, options: Table.Options(header: .present)) }
        let table = try Table(parsing: Array(text.utf8), file: file, options: Table.Options(header: .absent))
        return table.names.contains(name) ? table : nil
    }

    private static func objects(_ text: String, file: String, _ layout: TextLayout?) throws(DataError) -> (texts: [(line: Int, text: String)], column: String) {
        let all = try TextObjects(text, file: file).objects
        var name = "text"
        if case .objects(let own, _) = layout { name = own }
        if case .columns(let own, _) = layout { name = own }
        var texts: [(line: Int, text: String)] = []
        for (line, object) in all {
            guard case .string(let own)? = object[name] else { throw DataError(file: file, line: line, "the object has no text \(quoted(name)); it has \(object.keys.joined(separator: ", "))") }
            texts.append((line, own))
        }
        return (texts, name)
    }
}
