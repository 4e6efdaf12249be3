/// How the cells of a column are read: its numbers' spelling, and which words are no value.
struct CellReader: Equatable, Sendable {
    var spelling: NumberSpelling
    var missing: MissingWords

    /// Whether numbers stand as programs write them, and the usual words for nothing.
    var isPlain: Bool { spelling == .plain && missing == .usual }

    func content(_ bytes: UnsafeBufferPointer<UInt8>) -> NumberText {
        guard missing != .usual, !bytes.isEmpty else { return spelling.content(bytes) }
        if missing.contains(bytes) { return .missing }
        let content = spelling.content(bytes)
        return content == .missing ? .text : content
    }
}

/// The words that mean that a cell has no value. An empty cell never has one.
public enum MissingWords: Equatable, Sendable {
    /// NA, N/A, NaN, null, None, ? and the like, in any case.
    case usual
    /// These alone, as they are written.
    case only(Set<String>)

    func contains(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch self {
        case .usual: NumberText(bytes) == .missing
        case .only(let words): words.contains(String(decoding: bytes, as: UTF8.self))
        }
    }
}
