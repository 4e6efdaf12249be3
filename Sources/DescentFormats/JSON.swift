/// A JSON value (RFC 8259). Objects keep the order of their keys; two objects are equal whatever the order.
public enum JSON: Equatable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number written without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number; always finite in a parsed value.
    case number(Double)
    /// Text.
    case string(String)
    /// A list of values.
    case array([JSON])
    /// Named values.
    case object(Object)

    /// The members of a JSON object: a dictionary that keeps the order of insertion.
    public struct Object: Equatable, Sendable {
        /// The keys, in order of insertion.
        public private(set) var keys: [String] = []
        private var values: [String: JSON] = [:]

        /// No members.
        public init() {}

        /// The value of a key. Setting `nil` removes the key.
        public subscript(key: String) -> JSON? {
            get { values[key] }
            set {
                let old = values[key]
                values[key] = newValue
                if old == nil && newValue != nil { keys.append(key) }
                if old != nil && newValue == nil { keys.removeAll { $0 == key } }
            }
        }

        /// Keys and values, in order.
        public var members: [(key: String, value: JSON)] { keys.map { ($0, values[$0]!) } }

        /// Equal when keys and values are, in whatever order.
        public static func == (a: Object, b: Object) -> Bool { a.values == b.values }
    }

    /// A number that prints as the shortest text which gives the same `Float` again.
    public init(_ value: Float) {
        let short = Double(value.description) ?? Double(value)
        self = .number(Float(short) == value ? short : Double(value))
    }

    /// A list of numbers.
    public init(_ values: [Double]) { self = .array(values.map(JSON.number)) }

    /// A list of texts.
    public init(_ values: [String]) { self = .array(values.map(JSON.string)) }
}

extension JSON: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// Text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A list.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object, in the order written; of a key written twice the last value stays.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        var object = Object()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    /// Members in the order of the literal.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self.init()
        for (key, value) in elements { self[key] = value }
    }
}
