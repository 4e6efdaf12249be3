import DescentFormats

/// A row that is written as a JSON object. The members of an object within it are columns too, named with dots: `{"a": {"b": 1}}` has the column `a.b`.
package struct JSONRow {
    /// The columns, in order.
    package let names: [String]
    /// Their values: null, booleans, numbers and texts.
    package let values: [String: JSON]
    /// The file and line, for errors.
    package let place: String

    /// - Parameter line: The line of the file on which the object begins, from 1.
    /// - Throws: `FormatError` whose sentence begins with file, line and column.
    package init(_ bytes: ArraySlice<UInt8>, file: String, line: Int) throws(FormatError) {
        place = "\(file):\(line)"
        let json: JSON
        do {
            json = try JSON(parsing: bytes, file: file)
        } catch {
            // The parser saw these lines alone.
            let position = error.file.split(separator: ":").suffix(2).map { Int($0) ?? 1 }
            throw FormatError(file: "\(file):\(line + position[0] - 1):\(position[1])", reason: error.reason)
        }
        guard case .object(let object) = json else { throw FormatError(file: place, reason: "a row of JSON lines must be an object: {\"column\": value, ...}") }
        var names: [String] = [], values: [String: JSON] = [:]
        try Self.add(object, prefix: "", place, &names, &values)
        (self.names, self.values) = (names, values)
    }

    private static func add(_ object: JSON.Object, prefix: String, _ place: String, _ names: inout [String], _ values: inout [String: JSON]) throws(FormatError) {
        for (key, value) in object.members {
            let name = prefix + key
            switch value {
            case .object(let inner): try add(inner, prefix: name + ".", place, &names, &values)
            case .array:
                throw FormatError(
                    file: place,
                    reason: "the value of \(quoted(name)) is an array, and a cell of a table holds one value: a text, a number, true, false or null. Leave it out, or write a member for each element")
            default:
                if values.updateValue(value, forKey: name) != nil {
                    throw FormatError(file: place, reason: "two members are called \(quoted(name)), which is also how a member of an object is called")
                }
                names.append(name)
            }
        }
    }
}
