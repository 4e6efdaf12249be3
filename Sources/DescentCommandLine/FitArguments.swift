import Descent

/// Values of options of `descent fit` that name columns or parameters.
enum FitArguments {
    /// `b1=500,b2=0.0001`.
    static func start(_ text: String) throws(SettingsError) -> [String: Double] {
        var found: [String: Double] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let (name, value) = try halves(part, "--start", "b1=500,b2=0.0001")
            guard let number = Double(value), number.isFinite else { throw SettingsError("--start \(name)=\(value): \(quoted(value)) is not a number") }
            if found[name] != nil { throw SettingsError("--start gives \(name) twice") }
            found[name] = number
        }
        return found
    }

    /// `b1=0:1,b2=0:`; an end that is left out is infinite.
    static func bounds(_ text: String) throws(SettingsError) -> [String: ClosedRange<Double>] {
        var found: [String: ClosedRange<Double>] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let (name, value) = try halves(part, "--bounds", "b1=0:1,b2=0:")
            let ends = value.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            let low = ends.count == 2 ? ends[0].isEmpty ? -Double.infinity : Double(ends[0]) : nil
            let high = ends.count == 2 ? ends[1].isEmpty ? Double.infinity : Double(ends[1]) : nil
            guard let low, let high, low < high else {
                throw SettingsError("--bounds \(name)=\(value): bounds are two numbers, the smaller first, with a colon between: \(name)=0:1; one may be left out")
            }
            if found[name] != nil { throw SettingsError("--bounds gives \(name) twice") }
            found[name] = low...high
        }
        return found
    }

    /// Names with a word each.
    ///
    /// - Parameter isReversed: Whether the name stands second.
    static func pairs(_ values: [String], option: String, separator: Character, example: String, isReversed: Bool = false) throws(SettingsError) -> [String: String] {
        var found: [String: String] = [:]
        for value in values {
            guard let place = isReversed ? value.firstIndex(of: separator) : value.lastIndex(of: separator), place > value.startIndex, value.index(after: place) < value.endIndex else {
                throw SettingsError("\(option) is \(quoted(value)); it must be written as \(example)")
            }
            let (first, second) = (String(value[..<place]), String(value[value.index(after: place)...]))
            let (name, word) = isReversed ? (second, first) : (first, second)
            if let other = found[name], other != word { throw SettingsError("\(option) gives \(name) twice: \(other) and \(word)") }
            found[name] = word
        }
        return found
    }

    private static func halves(_ part: Substring, _ option: String, _ example: String) throws(SettingsError) -> (String, String) {
        guard let place = part.firstIndex(of: "="), place > part.startIndex else { throw SettingsError("\(option) has \(quoted(String(part))); it must be written as \(example)") }
        return (trimmed(part[..<place]), trimmed(part[part.index(after: place)...]))
    }

    private static func trimmed(_ text: Substring) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}
