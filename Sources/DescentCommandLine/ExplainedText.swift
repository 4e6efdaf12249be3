import Descent

/// Tells a text from a file's name, where `descent explain MODEL` takes both.
enum ExplainedText {
    /// Endings of files that are read as data.
    private static let endings = ["txt", "text", "md", "abc", "csv", "tsv", "json", "jsonl", "gz", "idx", "npy"]

    /// Whether an argument is a text: no file of that name exists, and it doesn't look like a name of one, which a known ending does, a path without
    /// spaces, and `-`.
    static func isText(_ argument: String) -> Bool {
        if argument == "-" || FileSystem.exists(argument) { return false }
        if let dot = argument.lastIndex(of: "."), endings.contains(argument[argument.index(after: dot)...].lowercased()) { return false }
        return argument.contains(where: \.isWhitespace) || !argument.contains("/")
    }

    /// A text as a title: its beginning, in quotes.
    static func title(_ text: String) -> String {
        let limit = 60, line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return quoted(line.count > limit ? line.prefix(limit - 1) + "…" : line)
    }
}
