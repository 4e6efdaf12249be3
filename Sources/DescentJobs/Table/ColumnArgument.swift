import DescentData
import DescentFormats

/// `Age=category`: how a column is understood.
struct ColumnArgument {
    let name: String
    let kind: ColumnKind

    /// The kinds as they are written here, for people.
    static let kinds = "numeric, category, boolean, date, text, ignore"

    /// - Throws: `SettingsError` for what is no name with a kind.
    init(_ text: String) throws(SettingsError) {
        // A name may have a = of its own, a kind has none.
        guard let sign = text.lastIndex(of: "="), sign > text.startIndex else {
            throw SettingsError("--column is \(quoted(text)); it must be a column and a kind, such as Age=category")
        }
        name = String(text[..<sign])
        let word = String(text[text.index(after: sign)...])
        switch word {
        case "numeric", "number": kind = .number
        case "category": kind = .category
        case "boolean": kind = .boolean
        case "date": kind = .date
        case "text": kind = .text
        case "ignore", "ignored": kind = .ignored
        default: throw SettingsError("--column \(text): there is no kind \(quoted(word)); there are \(Self.kinds)")
        }
    }

    /// The kinds by column.
    ///
    /// - Throws: `SettingsError`, also where a column is given two kinds.
    static func kinds(_ texts: [String]) throws(SettingsError) -> [String: ColumnKind] {
        var kinds: [String: ColumnKind] = [:]
        for text in texts {
            let column = try ColumnArgument(text)
            if let other = kinds[column.name], other != column.kind {
                throw SettingsError("--column says both \(other.rawValue) and \(column.kind.rawValue) of \(quoted(column.name)); say one of them")
            }
            kinds[column.name] = column.kind
        }
        return kinds
    }
}
