/// A place in a JSON document, for reading values whose absence or wrong kind is an error that names the place:
/// `card.json: "columns[3].kind" is missing`.
///
///     let card = JSONReader(try JSON(parsing: bytes, file: "card.json"), file: "card.json")
///     for column in try card["columns"].elements() { let kind = try column["kind"].string() }
public struct JSONReader: Sendable {
    /// The value here; `nil` where the document has none.
    public let json: JSON?
    /// The way from the root, such as `columns[3].kind`; empty at the root.
    public let path: String
    /// The file's name, with which errors begin.
    public let file: String

    /// The root of a document.
    public init(_ json: JSON, file: String) {
        self.init(json: json, path: "", file: file)
    }

    private init(json: JSON?, path: String, file: String) {
        self.json = json
        self.path = path
        self.file = file
    }

    /// The member of this name. Looking at one that is absent is not an error; asking it for a value is.
    public subscript(key: String) -> JSONReader {
        var value: JSON?
        if case .object(let object)? = json { value = object[key] }
        return JSONReader(json: value, path: path.isEmpty ? key : "\(path).\(key)", file: file)
    }

    /// Whether the document has a value here other than `null`.
    public var exists: Bool { json != nil && json != .null }

    /// The text here.
    public func string() throws(FormatError) -> String {
        guard case .string(let value)? = json else { throw mismatch("text") }
        return value
    }

    /// `true` or `false`.
    public func bool() throws(FormatError) -> Bool {
        guard case .bool(let value)? = json else { throw mismatch("true or false") }
        return value
    }

    /// A whole number.
    public func int() throws(FormatError) -> Int {
        guard case .integer(let value)? = json, let int = Int(exactly: value) else { throw mismatch("a whole number") }
        return int
    }

    /// A number.
    public func double() throws(FormatError) -> Double {
        guard let value = json?.asDouble else { throw mismatch("a number") }
        return value
    }

    /// The elements of an array, each knowing its place.
    public func elements() throws(FormatError) -> [JSONReader] {
        guard case .array(let values)? = json else { throw mismatch("an array") }
        return values.enumerated().map { JSONReader(json: $1, path: "\(path)[\($0)]", file: file) }
    }

    /// The members of an object, in order.
    public func members() throws(FormatError) -> [(key: String, value: JSONReader)] {
        guard case .object(let object)? = json else { throw mismatch("an object") }
        return object.keys.map { ($0, self[$0]) }
    }

    /// An array of numbers.
    public func doubles() throws(FormatError) -> [Double] {
        guard case .array(let values)? = json else { throw mismatch("an array of numbers") }
        var result: [Double] = []
        result.reserveCapacity(values.count)
        for value in values {
            guard let double = value.asDouble else { throw mismatch("an array of numbers") }
            result.append(double)
        }
        return result
    }

    /// An array of texts.
    public func strings() throws(FormatError) -> [String] {
        var result: [String] = []
        for element in try elements() { result.append(try element.string()) }
        return result
    }

    /// An error about the value here: `card.json: "columns[3].kind" ` and then the reason.
    public func error(_ reason: String) -> FormatError {
        FormatError(file: file, reason: "\(path.isEmpty ? "the document" : quoted(path)) \(reason)")
    }

    private func mismatch(_ expected: String) -> FormatError {
        switch json {
        case nil: error("is missing")
        case .null?: error("is null, not \(expected)")
        case .bool(let value)?: error("is \(value), not \(expected)")
        case .integer(let value)?: error("is \(value), not \(expected)")
        case .number(let value)?: error("is \(value), not \(expected)")
        case .string(let value)?: error("is \(quoted(value)), not \(expected)")
        case .array?: error("is not \(expected)")
        case .object?: error("is an object, not \(expected)")
        }
    }
}

extension JSON {
    fileprivate var asDouble: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
