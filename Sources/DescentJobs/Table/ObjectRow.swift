import DescentCore
import DescentData
import DescentFormats

/// A row that is written as a JSON object: texts by column.
struct ObjectRow {
    /// The object's keys, in order.
    let names: [String]
    private let texts: [String: String]
    /// The columns whose values are numbers, and not texts.
    private let numbers: Set<String>
    private let place: String

    /// - Throws: `FormatError` whose sentence begins with file, line and column.
    init(_ record: TextRecord, file: String) throws(FormatError) {
        let row = try JSONRow(record.bytes, file: file, line: record.line)
        place = row.place
        var texts: [String: String] = [:]
        var numbers: Set<String> = []
        for (key, value) in row.values {
            switch value {
            case .bool(let value): texts[key] = "\(value)"
            case .integer(let value): (texts[key], _) = ("\(value)", numbers.insert(key))
            case .number(let value): (texts[key], _) = ("\(value)", numbers.insert(key))
            case .string(let value): texts[key] = value
            default: texts[key] = ""
            }
        }
        names = row.names
        (self.texts, self.numbers) = (texts, numbers)
    }

    /// - Throws: `FormatError` that names what is missing.
    func check(has required: [String]) throws(FormatError) {
        let missing = required.filter { texts[$0] == nil }
        if missing.isEmpty { return }
        let what = missing.count == 1 ? "column \(quoted(missing[0]))" : "columns \(missing.map(quoted).joined(separator: ", "))"
        let verb = missing.count == 1 ? "is" : "are"
        throw FormatError(
            file: place, reason: "the \(what) that the model was trained on \(verb) missing; write null for a value that is not known")
    }

    /// The text of a column as a file with this spelling would have it; empty where the object has none. JSON has one spelling of its own.
    func text(_ name: String, _ spelling: NumberSpelling) -> String {
        let text = texts[name] ?? ""
        return spelling.hasDecimalComma && numbers.contains(name) ? text.replacing(".", with: ",") : text
    }
}
