import DescentFormats

/// A time signature.
public struct Metre: Hashable, Sendable {
    /// How it is drawn.
    public enum Symbol: Sendable {
        case numbers, common, cut
    }

    /// Beats of a bar; 0 where there is no metre.
    public let beats: Int
    /// The beat's part of a whole note: 8 for an eighth; 1 where there is no metre.
    public let unit: Int
    /// How it is drawn.
    public let symbol: Symbol

    /// A metre of numbers.
    ///
    /// - Parameters:
    ///   - beats: From 1.
    ///   - unit: A power of two.
    public init(_ beats: Int, _ unit: Int, symbol: Symbol = .numbers) { (self.beats, self.unit, self.symbol) = (beats, unit, symbol) }

    /// No metre: `M:none`.
    public static let none = Metre(0, 1)

    /// How long a bar is, in whole notes; `nil` where there is no metre.
    public var bar: Fraction? { beats == 0 ? nil : Fraction(beats, unit) }
    /// Whether its beats are of three parts: 6/8, 9/8, 12/8.
    public var isCompound: Bool { unit >= 8 && beats % 3 == 0 && beats > 3 }
    /// A beat as it is counted and beamed, in whole notes.
    public var beat: Fraction { isCompound || (unit == 8 && beats == 3) ? Fraction(3, unit) : Fraction(1, unit) }
    /// The unit note length where there is no `L:`: a sixteenth for bars below 3/4, an eighth for others.
    public var unitLength: Fraction { bar.map { $0 < Fraction(3, 4) ? Fraction(1, 16) : Fraction(1, 8) } ?? Fraction(1, 8) }

    /// As ABC notation writes it, in numbers.
    public var abc: String { beats == 0 ? "none" : "\(beats)/\(unit)" }

    /// Reads what follows `M:`: `6/8`, `C`, `C|`, `none`, `2+3/8`, `(2+3)/8`.
    ///
    /// - Throws: `NotationError` where it is no metre.
    public init(parsing text: some StringProtocol) throws(NotationError) {
        let word = String(text.prefix { $0 != "%" }).split { $0 == " " || $0 == "\t" }.joined()
        switch word.lowercased() {
        case "c": self.init(4, 4, symbol: .common)
        case "c|": self.init(2, 2, symbol: .cut)
        case "none", "": self = .none
        default:
            let parts = word.split(separator: "/", omittingEmptySubsequences: false)
            let addends = parts[0].filter { $0 != "(" && $0 != ")" }.split(separator: "+", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard parts.count == 2, let unit = Int(parts[1].prefix { $0.isNumber }), addends.allSatisfy({ (1...64).contains($0) }), addends.count <= 16,
                (1...64).contains(unit), unit & (unit - 1) == 0
            else { throw NotationError("\(quoted(String(text.prefix(20)))) is no metre; M: has two numbers, the lower one a power of two, as in M:6/8, or C, C| or none") }
            self.init(addends.reduce(0, +), unit)
        }
    }
}

/// Reads a unit note length, what follows `L:`.
///
/// - Throws: `NotationError` where it is none.
func unitLength(parsing text: some StringProtocol) throws(NotationError) -> Fraction {
    let word = String(text.prefix { $0 != "%" }).filter { $0 != " " && $0 != "\t" }
    let parts = word.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    let denominator = parts.count == 1 ? 1 : parts.count == 2 ? parts[1] ?? 0 : 0
    guard parts[0] == 1, (1...512).contains(denominator), denominator & (denominator - 1) == 0 else {
        throw NotationError("\(quoted(String(text.prefix(20)))) is no unit note length; L: is 1 over a power of two, as in L:1/8")
    }
    return Fraction(1, denominator)
}

/// A tempo: how many notes of a length a minute has.
public struct Tempo: Hashable, Sendable {
    /// The note that is counted, in whole notes.
    public let note: Fraction
    /// How many of it a minute has.
    public let perMinute: Double

    /// A tempo.
    public init(note: Fraction, perMinute: Double) { (self.note, self.perMinute) = (note, perMinute) }

    /// Quarter notes a minute.
    public var quarters: Double { perMinute * note.value * 4 }

    /// Reads what follows `Q:`: `1/4=120`, `3/8=100`, `120` (in unit lengths), `C=100`, with a text in quotes or without; `nil` where it has no number.
    init?(parsing text: some StringProtocol, unit: Fraction) {
        var plain = "", isQuoted = false
        for character in text.prefix(while: { $0 != "%" }) {
            if character == "\"" { isQuoted.toggle() } else if !isQuoted { plain.append(character) }
        }
        let sides = plain.split(separator: "=").map { $0.split(separator: " ").joined(separator: " ") }
        guard let last = sides.last, let count = Double(last.prefix { $0.isNumber || $0 == "." }), count >= 1, count <= 2000 else { return nil }
        var note = unit
        if sides.count > 1 {
            let lengths = sides[0].split(separator: " ").compactMap { word -> Fraction? in
                let parts = word.split(separator: "/").map { Int($0) }
                if word.uppercased() == "C" { return unit }
                guard parts.count == 2, let top = parts[0], let bottom = parts[1], (1...64).contains(top), (1...64).contains(bottom) else { return nil }
                return Fraction(top, bottom)
            }
            if lengths.isEmpty || lengths.count > 8 { return nil }
            note = lengths.reduce(.zero, +)
        }
        self.init(note: note, perMinute: count)
    }

    /// As ABC notation writes it: `1/4=120`.
    public var abc: String { "\(note)=\(Int(perMinute.rounded()))" }
}
