import DescentData
import DescentTrain

/// What a generated tune begins with: the metre and the key that were asked for.
public struct TuneHeading: Sendable {
    /// The metre as headings of tunes have it: `6/8`; `nil` for the model's choice.
    let metre: String?
    /// The key as headings of tunes have it: `Ador`; `nil` for the model's choice.
    let key: String?

    /// Whether a tune begins with a metre and a key even where the model would not write them.
    let isRequired: Bool

    /// All left to the model.
    public init() { (metre, key, isRequired) = (nil, nil, false) }

    /// A heading in any case, with a metre and a key as people write them: `C|` and `6/8`, `A dorian` and `F#m`. What is `nil` the model chooses.
    ///
    /// - Throws: `SettingsError` for what is no metre or no key.
    public init(metre: String?, key: String?) throws(SettingsError) {
        do throws(NotationError) {
            isRequired = true
            self.metre = try metre.map { (text) throws(NotationError) in try Metre(parsing: text).abc }
            self.key = try key.map { (text) throws(NotationError) in try KeySignature(parsing: text).abc.filter { $0 != " " } }
        } catch {
            throw SettingsError(error.description)
        }
    }

    /// What the first line begins with. A network of characters chooses what stands between the metre and the key; larger tokens could not be cut there.
    func opening(_ unit: TokenUnit) throws(SettingsError) -> String {
        if unit == .characters { return metre.map { "M:\($0)" } ?? "" }
        switch (metre, key) {
        case (nil, nil): return ""
        case (let metre?, let key?): return "M:\(metre) K:\(key)\n"
        default: throw SettingsError("this model's tokens are not characters; give both a metre and a key, or neither")
        }
    }

    /// Whether a character may come next in a heading that has no key yet, as in `M:6/8 L:1/8 K:`.
    func isBeforeKey(_ piece: [UInt8], after heading: String) -> Bool {
        guard piece.count == 1, heading.utf8.count < 24 else { return false }
        func isOne(of characters: String) -> Bool { characters.utf8.contains(piece[0]) }
        switch heading.last {
        case nil: return isOne(of: "M")
        case "M", "L", "K": return isOne(of: ":")
        case " ": return isOne(of: "LK")
        case ":": return isOne(of: "0123456789n")
        default: return isOne(of: metre != nil && !heading.contains(" ") ? " " : "/0123456789one ")
        }
    }
}
