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
        place = "\(file):\(record.line)"
        let json: JSON
        do {
            json = try JSON(parsing: record.bytes, file: file)
        } catch {
            // The parser saw one line, so its place is that line's column.
            let column = error.file.split(separator: ":").last.map(String.init) ?? "1"
            throw FormatError(file: "\(place):\(column)", reason: String(error.sentence.dropFirst(error.file.count + 2)))
        }
        guard case .object(let object) = json else { throw FormatError(file: place, reason: "a row of JSON lines must be an object: {\"column\": value, ...}") }
        var texts: [String: String] = [:]
        var numbers: Set<String> = []
        for (key, value) in object.members {
            switch value {
            case .null: texts[key] = ""
            case .bool(let value): texts[key] = "\(value)"
            case .integer(let value): (texts[key], _) = ("\(value)", numbers.insert(key))
            case .number(let value): (texts[key], _) = ("\(value)", numbers.insert(key))
            case .string(let value): texts[key] = value
            case .array, .object: throw FormatError(file: place, reason: "the value of \(quoted(key)) must be a text, a number, true, false or null")
            }
        }
        names = object.keys
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
