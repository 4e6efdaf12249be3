import DescentFormats

/// How a column writes its numbers: `1,234.5`, `1.234,5`, `$33.50`, `12 %`, or digits that are no number at all. Found by the column's cells, and kept with what is
/// fitted to them, so that another file is read by the same rule.
public struct NumberSpelling: Hashable, Sendable {
    /// What stands between groups of three digits.
    public enum Grouping: String, CaseIterable, Sendable {
        case none, comma, point, space, apostrophe
    }

    public var grouping = Grouping.none
    /// Whether a comma, and not a point, stands before the decimals.
    public var hasDecimalComma = false
    /// A currency before each number; empty for none.
    public var prefix = ""
    /// A unit, a currency or `%` after each number; empty for none.
    public var suffix = ""
    /// Whether numbers below zero have the minus sign of print (U+2212) or stand in brackets, as accountants write them.
    public var hasOtherSigns = false
    /// Whether digits are codes, which lose something as numbers: `02139`.
    public var isCode = false
    /// Whether the column's cells could be read another way as well: `1,234`.
    public var isAmbiguous = false

    /// As programming languages write numbers.
    public static let plain = NumberSpelling()
    /// Digits that are no numbers.
    public static let codes: NumberSpelling = {
        var codes = NumberSpelling()
        codes.isCode = true
        return codes
    }()

    private init() {}

    init(grouping: Grouping, hasDecimalComma: Bool, prefix: String = "", suffix: String = "", hasOtherSigns: Bool = false, isAmbiguous: Bool = false) {
        self.hasOtherSigns = hasOtherSigns
        (self.grouping, self.hasDecimalComma, self.prefix, self.suffix, self.isAmbiguous) = (grouping, hasDecimalComma, prefix, suffix, isAmbiguous)
    }

    /// What was decided, for a sentence: `decimal comma, in €`; `nil` for plain numbers.
    public var words: String? {
        var parts: [String] = []
        switch (grouping, hasDecimalComma) {
        case (.none, false): break
        case (.point, true), (.none, true): parts.append(isAmbiguous ? "decimal comma, by the other columns" : "decimal comma")
        case (_, true): parts.append("decimal comma, \(groupingWords)")
        default: parts.append(groupingWords + (isAmbiguous ? ": 1,234 is read as 1234" : ""))
        }
        if hasOtherSigns { parts.append("minus signs of print or brackets") }
        if !prefix.isEmpty || !suffix.isEmpty { parts.append("in \(prefix.isEmpty ? suffix : prefix)") }
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    private var groupingWords: String {
        switch grouping {
        case .none: ""
        case .comma: "thousands separated by commas"
        case .point: "thousands separated by points"
        case .space: "thousands separated by spaces"
        case .apostrophe: "thousands separated by apostrophes"
        }
    }

    // MARK: - Reading

    /// The content of a cell's bytes.
    func content(_ bytes: UnsafeBufferPointer<UInt8>) -> NumberText {
        if self == .plain { return NumberText(bytes) }
        let plain = NumberText(bytes)
        if plain == .missing || plain == .infinite { return plain }
        guard !isCode, let anatomy = NumberAnatomy(bytes), anatomy.fits(bytes, self) else { return .text }
        return anatomy.plainDigits(bytes, hasDecimalComma: hasDecimalComma).withUnsafeBufferPointer { digits in
            guard case .number(let value) = NumberText(digits) else { return .text }
            return .number(anatomy.isNegative ? -value : value)
        }
    }

    /// Whether a cell's bytes look like a number in some spelling.
    ///
    /// - Parameter withUnit: Whether any unit may follow, and not a currency or a per cent sign alone.
    static func looksLikeNumber(_ bytes: UnsafeBufferPointer<UInt8>, withUnit: Bool = false) -> Bool {
        if case .number = NumberText(bytes) { return true }
        guard let anatomy = NumberAnatomy(bytes) else { return false }
        let suffix = anatomy.text(bytes, anatomy.suffix)
        return isCurrency(anatomy.text(bytes, anatomy.prefix)) && (suffix == "%" || (withUnit ? isUnit(suffix) : isCurrency(suffix)))
    }

    private static let currencies: Set<String> = [
        "USD", "EUR", "GBP", "JPY", "CNY", "INR", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL", "MXN", "ZAR", "KRW", "SGD", "HKD", "TRY", "RUB",
        "R$", "US$", "A$", "C$", "HK$", "NZ$", "S$", "Rs", "Rs.", "kr", "kr.", "Kč", "zł", "Ft", "lei", "RM", "Fr.",
    ]

    /// Whether a text is empty or a currency.
    static func isCurrency(_ text: String) -> Bool {
        currencies.contains(text) || text.unicodeScalars.allSatisfy { $0.properties.generalCategory == .currencySymbol }
    }

    /// Whether a text can stand after a number as its unit: a currency, `%`, `kg`, `m²`, `km/h`, `°C`.
    static func isUnit(_ text: String) -> Bool {
        if text == "%" || text == "‰" || isCurrency(text) { return true }
        guard text.utf8.count <= 12, let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "°" || first == "µ" else { return false }
        return text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || "°µ²³/·.%".unicodeScalars.contains($0) }
    }

    // MARK: - With a model

    /// For a model's file; `nil` for plain numbers.
    var json: JSON? {
        if self == .plain { return nil }
        return [
            "grouping": .string(grouping.rawValue), "decimalComma": .bool(hasDecimalComma), "prefix": .string(prefix), "suffix": .string(suffix), "otherSigns": .bool(hasOtherSigns),
            "codes": .bool(isCode),
            "ambiguous": .bool(isAmbiguous),
        ]
    }

    init(json: JSONReader) throws(FormatError) {
        guard json.exists else { return }
        let name = try json["grouping"].string()
        guard let grouping = Grouping(rawValue: name) else { throw json["grouping"].error("is \(quoted(name)), which is unknown") }
        self.grouping = grouping
        hasDecimalComma = try json["decimalComma"].bool()
        prefix = try json["prefix"].string()
        suffix = try json["suffix"].string()
        hasOtherSigns = try json["otherSigns"].bool()
        isCode = try json["codes"].bool()
        isAmbiguous = try json["ambiguous"].bool()
    }
}
