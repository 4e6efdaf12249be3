import DescentData
import DescentTrain

/// What a generated tune begins with: the metre and the key that were asked for.
public struct TuneHeading: Sendable {
    /// The metre as headings of tunes have it: `6/8`; `nil` for the model's choice.
    let metre: String?
    /// The key as headings of tunes have it: `Ador`; `nil` for the model's choice.
    let key: String?

    /// Both left to the model.
    public init() { (metre, key) = (nil, nil) }

    /// A metre and a key as people write them: `C|` and `6/8`, `A dorian` and `F#m`.
    ///
    /// - Throws: `SettingsError` for what is no metre or no key.
    public init(metre: String?, key: String?) throws(SettingsError) {
        do throws(NotationError) {
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
}
