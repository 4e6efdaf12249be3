import Descent

/// Where a computed value differs from the expected one.
struct Mismatch: Sendable {
    /// "gradient.W[0][2]"
    let quantity: String
    let expected: String
    let found: String
}

/// Compares nested lists, numbers, truths and texts, the numbers within a tolerance.
struct Comparison {
    let tolerance: Tolerance
    private(set) var mismatches: [Mismatch] = []

    init(_ tolerance: Tolerance) { self.tolerance = tolerance }

    mutating func compare(_ found: JSON, _ expected: JSON, _ quantity: String) {
        switch (found, expected) {
        case (.array(let values), .array(let wanted)):
            if values.count != wanted.count { return differ(quantity, "\(wanted.count) entries", "\(values.count)") }
            for (index, (value, want)) in zip(values, wanted).enumerated() { compare(value, want, "\(quantity)[\(index)]") }
        case (.object(let values), .object(let wanted)):
            for (key, want) in wanted.members {
                guard let value = values[key] else { return differ("\(quantity).\(key)", Self.text(want), "nothing: this program does not compute it") }
                compare(value, want, "\(quantity).\(key)")
            }
        default:
            if let value = Self.number(found), let want = Self.number(expected) {
                if tolerance.allows(value, expected: want) { return }
            } else if found == expected {
                return
            }
            differ(quantity, Self.text(expected), Self.text(found))
        }
    }

    private mutating func differ(_ quantity: String, _ expected: String, _ found: String) {
        mismatches.append(Mismatch(quantity: quantity, expected: expected, found: found))
    }

    private static func number(_ value: JSON) -> Double? {
        switch value {
        case .integer(let integer): Double(integer)
        case .number(let number): number
        default: nil
        }
    }

    /// A value for a person, shortened where it is long.
    static func text(_ value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool(let truth): "\(truth)"
        case .integer(let integer): "\(integer)"
        case .number(let number): "\(number)"
        case .string(let text): "\"\(text)\""
        case .array(let entries): "[" + entries.prefix(4).map(text).joined(separator: ", ") + (entries.count > 4 ? ", …]" : "]")
        case .object(let object): "{" + object.keys.prefix(4).joined(separator: ", ") + (object.keys.count > 4 ? ", …}" : "}")
        }
    }
}
