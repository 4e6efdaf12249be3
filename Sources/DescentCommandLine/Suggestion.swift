import ArgumentParser
import Descent

/// What a mistyped word may have been meant to be.
enum Suggestion {
    /// `; did you mean "train"?` for a word that is no command; `nil` for one that is, and for options.
    static func command(_ word: String) -> String? {
        let names = DescentCommand.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        // The parser's own entries, for completion scripts and the manual.
        if word.hasPrefix("-") || names.contains(word) { return nil }
        return nearest(to: word, among: names).map { "; did you mean \(quoted($0))?" } ?? "; there are \(names.joined(separator: ", "))"
    }

    /// A sentence about an option that a command does not have; `nil` where a message is about something else.
    static func option(in message: String, _ arguments: [String]) -> String? {
        guard let start = message.firstRange(of: "Unknown option '") else { return nil }
        let word = String(message[start.upperBound...].prefix { $0 != "'" })
        guard word.hasPrefix("--") else { return nil }
        let help = DescentCommand.configuration.subcommands.first { $0.configuration.commandName == arguments.first }?.helpMessage() ?? ""
        let known = Set(help.split(whereSeparator: { " ,/\n[]".contains($0) }).filter { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) })
        let suggestion = nearest(to: String(word.dropFirst(2)), among: known.sorted()).map { "; did you mean --\($0)?" } ?? ""
        return "there is no option \(word)\(suggestion) (`descent help \(arguments.first ?? "")` lists them)"
    }

    /// ` (did you mean iris.csv?)` for a file that is not there.
    static func file(for error: any Error) -> String {
        guard let error = error as? FileError, error.kind == .notFound, !FileSystem.exists(error.path), !FileSystem.isDanglingLink(error.path) else { return "" }
        let parts = error.path.split(separator: "/", omittingEmptySubsequences: false)
        guard let name = parts.last, !name.isEmpty else { return "" }
        let folder = parts.dropLast().joined(separator: "/")
        let files = (try? FileSystem.list(folder.isEmpty ? (error.path.hasPrefix("/") ? "/" : ".") : folder)) ?? []
        let builtIn = folder.isEmpty ? BuiltInTable.allCases.map(\.rawValue) : []
        guard let found = nearest(to: String(name), among: (files.filter { !$0.hasPrefix(".") } + builtIn).sorted()) else { return "" }
        return "; did you mean \(folder.isEmpty ? found : "\(folder)/\(found)")?"
    }

    /// The name that a word begins, or that it becomes by a few changes; `nil` where none is near.
    static func nearest(to word: String, among names: [String]) -> String? {
        if word.count >= 3, let longer = names.filter({ $0.hasPrefix(word) }).min(by: { ($0.count, $0) < ($1.count, $1) }) { return longer }
        let limit = Swift.max(1, Swift.min(3, word.count / 3))
        let near = names.map { ($0, distance(word.lowercased(), $0.lowercased())) }.filter { $0.1 <= limit }
        return near.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
    }

    /// The least number of inserted, deleted, replaced and swapped letters (Damerau 1964) that make one word of the other.
    private static func distance(_ a: String, _ b: String) -> Int {
        let (a, b) = (Array(a), Array(b))
        if a.isEmpty || b.isEmpty { return Swift.max(a.count, b.count) }
        var rows = [Array(0...b.count)]
        for i in 1...a.count {
            var row = [i]
            for j in 1...b.count {
                var least = Swift.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1))
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { least = Swift.min(least, rows[i - 2][j - 2] + 1) }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
