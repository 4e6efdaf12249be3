import DescentFormats

/// The JSON objects of a file: one on each line, or a list of them.
struct TextObjects {
    /// The objects, each with the line on which it stands; in a list, its number.
    let objects: [(line: Int, object: JSON.Object)]

    /// - Parameters:
    ///   - limit: The most objects; the lines after them are not read.
    ///   - skipsFaults: Whether lines that are no objects are left out, as in a sample that only a guess is made from.
    /// - Throws: `DataError` that names the line of what is no object.
    init(_ text: String, file: String, limit: Int = .max, skipsFaults: Bool = false) throws(DataError) {
        var objects: [(line: Int, object: JSON.Object)] = []
        if text.unicodeScalars.first(where: { ScalarKind($0) != .space }) == "[" {
            let whole: JSON
            do throws(FormatError) { whole = try JSON(parsing: text, file: file) } catch { throw DataError(file: file, error.reason) }
            guard case .array(let entries) = whole else { throw DataError(file: file, "there is no list of objects in it") }
            for (number, entry) in entries.prefix(limit).enumerated() {
                guard case .object(let object) = entry else { throw DataError(file: file, "entry \(number + 1) of the list is no object; each must have a text and its label") }
                objects.append((number + 1, object))
            }
        } else {
            for (index, line) in text.split(separator: "\n", maxSplits: limit == .max ? .max : limit, omittingEmptySubsequences: false).prefix(limit).enumerated() {
                if line.unicodeScalars.allSatisfy({ ScalarKind($0) == .space }) { continue }
                if skipsFaults {
                    if case .object(let object)? = try? JSON(parsing: String(line), file: file) { objects.append((index + 1, object)) }
                    continue
                }
                let parsed: JSON
                do throws(FormatError) { parsed = try JSON(parsing: String(line), file: file) } catch { throw DataError(file: file, line: index + 1, "the line is not JSON: \(error.reason)") }
                guard case .object(let object) = parsed else { throw DataError(file: file, line: index + 1, "the line is no JSON object; each must have a text and its label") }
                objects.append((index + 1, object))
            }
        }
        self.objects = objects
    }

    /// A value as a cell: a text as it is, a number or a truth value as it is written, a list's values with commas between; nothing for the others.
    static func cell(_ value: JSON) -> String { labels(value).joined(separator: ",") }

    /// The labels that a value says.
    static func labels(_ value: JSON) -> [String] {
        switch value {
        case .string(let text): text.isEmpty ? [] : [text]
        case .integer(let number): ["\(number)"]
        case .number(let number): ["\(number)"]
        case .bool(let truth): ["\(truth)"]
        case .array(let values): values.flatMap(labels)
        case .null, .object: []
        }
    }
}
