import DescentFormats

/// Tables of tunes, as thesession.org gives out its collection: a CSV or a JSON array with `abc` (the lines of notes), `meter` or `metre`, `mode` or `key`, and `name`.
public enum TuneTable {
    private static let keyNames = ["mode", "key"], metreNames = ["meter", "metre"]

    /// Whether the beginning of a file looks like such a table.
    public static func fits(_ text: String) -> Bool {
        let start = text.drop { $0 == " " || $0 == "\n" || $0 == "\u{FEFF}" }.prefix(100_000)
        if start.first == "[" { return start.contains("\"abc\"") && keyNames.contains { start.contains("\"\($0)\"") } }
        let names = start.prefix { $0 != "\n" }.split { $0 == "," || $0 == ";" || $0 == "\t" }.map { $0.filter { $0 != "\"" && $0 != " " }.lowercased() }
        return names.contains("abc") && keyNames.contains(where: names.contains)
    }

    /// The tunes of a table.
    ///
    /// - Throws: `DataError` for a table without the columns, or JSON that is none.
    static func tunes(_ bytes: [UInt8], text: String, file: String) throws(DataError) -> [ABCTune] {
        if text.drop(while: { $0 == " " || $0 == "\n" }).first == "[" { return try objects(bytes, file: file) }
        let table = try Table(parsing: bytes, file: file), names = table.names.map { $0.lowercased() }
        guard let notes = names.firstIndex(of: "abc") else { throw DataError(file: file, "there is no column abc in it") }
        func place(_ known: [String]) -> Int? { names.firstIndex { known.contains($0) } }
        let (key, metre, name) = (place(keyNames), place(metreNames), place(["name", "title"]))
        return (0..<table.rowCount).map { row in
            func text(_ column: Int?) -> String? { column.map { table.text(row: row, column: $0) } }
            return tune(text(notes) ?? "", key: text(key), metre: text(metre), name: text(name), line: table.line(ofRow: row))
        }
    }

    private static func objects(_ bytes: [UInt8], file: String) throws(DataError) -> [ABCTune] {
        let json: JSON
        do throws(FormatError) { json = try JSON(parsing: bytes, file: file) } catch { throw DataError(file: file, error.reason) }
        guard case .array(let elements) = json else { throw DataError(file: file, "it is no array of tunes") }
        return elements.compactMap { element -> ABCTune? in
            guard case .object(let object) = element else { return nil }
            func text(_ keys: [String]) -> String? {
                for key in keys { if case .string(let text)? = object[key] { return text } }
                return nil
            }
            guard let notes = text(["abc"]) else { return nil }
            return tune(notes, key: text(keyNames), metre: text(metreNames), name: text(["name", "title"]), line: 0)
        }
    }

    /// A tune of a row; the notes' lines count from that of the row, and are 0 where there is none.
    private static func tune(_ notes: String, key: String?, metre: String?, name: String?, line: Int) -> ABCTune {
        let fields = [("T", name), ("M", metre), ("K", key)].compactMap { field, value in value.map { ABCText.Line(number: line, text: "\(field):\($0)") } }
        let unified = notes.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
        let body = ABCText.lines(unified).filter { !$0.text.isEmpty }.map { ABCText.Line(number: line == 0 ? 0 : line + $0.number - 1, text: $0.text) }
        return ABCTune(header: fields, body: body)
    }
}
