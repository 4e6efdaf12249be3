import DescentFormats

/// Tunes in ABC notation (Walshaw's standard 2.1): what is needed to play each, without its title and its history.
///
/// A tune's text is a line with its measure and key, then its notes: `M:6/8 K:G`, a line's end, and the lines of notes as they are. So a model
/// that goes on from the first line and a first note writes a tune that a player of ABC can play.
public struct TuneCollection: Sendable {
    /// The file's name, for errors.
    public let file: String
    /// The tunes' texts.
    public let tunes: [String]

    /// Reads a file of tunes.
    ///
    /// - Throws: `FileError`, `DataError` for a file that is empty, not UTF-8, or has no tune.
    public init(path: String) throws { try self.init(parsing: TextFile.read(path), file: path) }

    /// Reads several files of tunes, one after another.
    ///
    /// - Parameter paths: at least one.
    /// - Throws: as for one file.
    public init(paths: [String]) throws {
        tunes = try paths.flatMap { try TuneCollection(path: $0).tunes }
        file = TextFile.name(ofAll: paths)
    }

    /// Parses a file's text.
    public init(parsing text: String, file: String) throws(DataError) {
        var tunes: [String] = []
        var tune = TuneLines()
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = Self.trimmed(line)
            // An X: field begins a tune, and a blank line ends one.
            if line.isEmpty || line.hasPrefix("X:") {
                if let text = tune.text { tunes.append(text) }
                tune = TuneLines()
            }
            tune.add(line)
        }
        if let text = tune.text { tunes.append(text) }
        if tunes.isEmpty {
            throw DataError(file: file, "there is no tune in it; a tune in ABC notation has a line K: with its key, then lines of notes")
        }
        self.file = file
        self.tunes = tunes
    }

    /// A tune that can be played, from its text.
    public static func notation(of tune: String, number: Int, title: String) -> String {
        var lines = ["X:\(number)", "T:\(title)"]
        let parts = tune.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        for field in parts[0].split(separator: " ") { lines.append(String(field)) }
        if parts.count > 1 { lines.append(String(parts[1])) }
        return lines.joined(separator: "\n")
    }

    /// Whether a text looks like ABC notation: it has lines X: and K:.
    public static func fits(_ text: String) -> Bool {
        var hasNumber = false
        for line in text.unicodeScalars.split(separator: "\n").prefix(50) {
            let line = String(line)
            hasNumber = hasNumber || line.hasPrefix("X:")
            if hasNumber && line.hasPrefix("K:") { return true }
        }
        return false
    }

    private static func trimmed(_ line: Substring.UnicodeScalarView) -> String {
        var line = line
        while let last = line.last, ScalarKind(last) == .space { line.removeLast() }
        return String(line)
    }
}

/// The lines of one tune as they come.
private struct TuneLines {
    private var measure = "M:4/4"
    private var length: String?
    private var key: String?
    private var notes: [String] = []

    mutating func add(_ line: String) {
        if line.hasPrefix("%") || line.isEmpty { return }
        guard let field = Self.field(line) else {
            // Before its key is given no tune has notes.
            if key != nil { notes.append(line) }
            return
        }
        switch field {
        case "M" where notes.isEmpty: measure = Self.compact(line)
        case "L" where notes.isEmpty: length = Self.compact(line)
        case "K" where notes.isEmpty: key = Self.compact(line)
        // A change of key, measure or length on the way belongs to the notes.
        case "K", "M", "L": notes.append(Self.compact(line))
        default: break
        }
    }

    /// The tune's text; `nil` where it has no key or no notes.
    var text: String? {
        guard let key, !notes.isEmpty else { return nil }
        return ([([measure] + (length.map { [$0] } ?? []) + [key]).joined(separator: " ")] + notes).joined(separator: "\n") + "\n"
    }

    /// The letter of a field such as `K:G`.
    private static func field(_ line: String) -> Character? {
        let start = line.prefix(2)
        guard start.count == 2, start.last == ":", let letter = start.first, letter.isASCII, letter.isLetter else { return nil }
        return letter
    }

    /// A field without blanks and comments: `K: G  % one sharp` is `K:G`.
    private static func compact(_ line: String) -> String { String(line.prefix { $0 != "%" }.filter { $0 != " " && $0 != "\t" }) }
}
