/// How numbers are written in charts and reports: as people read them, with a true minus sign, thousands grouped from 10,000 on, and powers of
/// ten where digits would not help.
public enum NumberFormat: Sendable, Hashable {
    /// As many digits as needed, up to the given number of significant ones; trailing zeros dropped.
    case significant(Int)
    /// Always the given number of decimals.
    case decimals(Int)
    /// A share, times 100, with the given number of decimals and a percent sign.
    case percent(Int)

    /// The text of a number. Values that are not finite read "NaN", "∞" and "−∞".
    public func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "∞" : "−∞" }
        switch self {
        case .decimals(let count): return Self.fixed(value, decimals: count)
        case .percent(let count): return Self.fixed(value * 100, decimals: count) + "%"
        case .significant(let digits): return Self.significant(value, digits: max(1, digits))
        }
    }

    static func fixed(_ value: Double, decimals: Int, grouped: Bool = true) -> String {
        let scale = Powers.ten(max(0, decimals))
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 9e15 else { return scientific(value, digits: 4) }
        let digits = Int64(scaled), unit = Int64(scale)
        var whole = String(digits / unit)
        if grouped, whole.count > 4 { whole = Self.grouped(whole) }
        var text = digits > 0 && value < 0 ? "−" + whole : whole
        if decimals > 0 {
            let fraction = String(digits % unit)
            text += "." + String(repeating: "0", count: decimals - fraction.count) + fraction
        }
        return text
    }

    static func significant(_ value: Double, digits: Int) -> String {
        guard value != 0 else { return "0" }
        let exponent = Powers.exponent(of: value)
        guard exponent >= -4, exponent < max(digits, 6) + 3 else { return scientific(value, digits: digits) }
        return withoutTrailingZeros(fixed(value, decimals: max(0, digits - 1 - exponent)))
    }

    static func scientific(_ value: Double, digits: Int) -> String {
        var exponent = Powers.exponent(of: value)
        var mantissa = value / Powers.ten(exponent)
        let unit = Powers.ten(digits - 1)
        if (abs(mantissa) * unit).rounded() >= 10 * unit { mantissa /= 10; exponent += 1 }
        let text = withoutTrailingZeros(fixed(mantissa, decimals: digits - 1))
        if text == "1" { return powerOfTen(exponent) }
        if text == "−1" { return "−" + powerOfTen(exponent) }
        return text + "×" + powerOfTen(exponent)
    }

    static func powerOfTen(_ exponent: Int) -> String {
        let raised: [Character: Character] = [
            "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹", "-": "⁻",
        ]
        return "10" + String(String(exponent).map { raised[$0] ?? $0 })
    }

    static func withoutTrailingZeros(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = text
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    private static func grouped(_ digits: String) -> String {
        var text = "", left = digits.count
        for digit in digits {
            text.append(digit)
            left -= 1
            if left > 0, left % 3 == 0 { text.append(",") }
        }
        return text
    }
}
