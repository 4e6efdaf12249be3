import DescentCore
import DescentFormats

/// A run's values as a table: a header, then one row for each step or epoch, every number written so that it reads back to the same bits
/// (`nan`, `inf` and `-inf` as pandas and NumPy read them).
public final class CSVLog {
    /// The file.
    public let path: String
    /// The columns: the step's first.
    public private(set) var columns: [String]
    private var file: AppendingFile?

    /// Begins a log, or goes on with one.
    ///
    /// - Parameters:
    ///   - stepName: The first column's name: "epoch", say.
    ///   - lastStep: A run is resumed after this step: earlier rows stay, later ones and one that was cut off by a crash go. `nil` for a
    ///     new log, which takes the place of an old one. Where there is no old one, both are the same.
    /// - Throws: `FileError` where the file cannot be read or written; `FormatError` where it is no log of this kind.
    public init(path: String, stepName: String = "step", resumingAfter lastStep: Int? = nil) throws {
        self.path = path
        columns = [stepName]
        guard let lastStep, FileSystem.exists(path) else {
            try FileSystem.write([], to: path)
            return
        }
        // Only ended lines were written whole.
        let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard let header = lines.first else {
            try FileSystem.write([], to: path)
            return
        }
        columns = CSVLine.fields(header)
        guard columns.first == stepName else {
            throw FormatError(file: path, reason: "its first column is \(quoted(columns.first ?? "")), not \(quoted(stepName)): it is no log of this run; move it away")
        }
        var kept = "\(header)\n"
        for (place, line) in lines.enumerated().dropFirst() {
            let cell = line.prefix { $0 != "," }
            guard let step = Int(cell) else {
                throw FormatError(file: "\(path):\(place + 1)", reason: "\(quoted(String(cell))) is no \(stepName); remove the line")
            }
            if step <= lastStep { kept += "\(line)\n" }
        }
        try FileSystem.write(Array(kept.utf8), to: path)
        file = try AppendingFile(path: path)
    }

    /// Adds a row. A name that is new becomes a column, empty in earlier rows; a column without a value is empty in this one.
    ///
    /// - Throws: `FileError` of kind `.unwritable`; of kind `.notFound` where someone removed the file.
    public func append(step: Int, values: [(name: String, value: Double)]) throws(FileError) {
        let known = Set(columns)
        let added = values.map(\.name).filter { !known.contains($0) }
        if !added.isEmpty || file == nil { try widen(by: added) }
        let byName = Dictionary(values.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
        let cells = columns.dropFirst().map { name in byName[name].map(\.description) ?? "" }
        try file!.append(Array((["\(step)"] + cells).joined(separator: ",").utf8) + [0x0A])
    }

    /// Waits until all rows are on the disk.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func flush() throws(FileError) { try file?.synchronise() }

    /// Rewrites the file with more columns.
    private func widen(by added: [String]) throws(FileError) {
        let rows = String(decoding: try FileSystem.read(path), as: UTF8.self).split(separator: "\n").dropFirst()
        columns += added
        let commas = String(repeating: ",", count: added.count)
        let lines = [columns.map(CSVLine.field).joined(separator: ",")] + rows.map { $0 + commas }
        try FileSystem.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: path)
        file = try AppendingFile(path: path)
    }
}

/// A line of fields with commas between (RFC 4180).
public enum CSVLine {
    /// A field as it stands in a line: in quotes where it must be.
    public static func field(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes || text.first == " " || text.last == " " else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    /// The fields of a line that `field` wrote.
    static func fields(_ line: some StringProtocol) -> [String] {
        var fields = [""]
        var isQuoted = false
        var wasQuote = false
        for character in line.unicodeScalars {
            if character == "\"" {
                // A second quote within quotes is one.
                if wasQuote { fields[fields.count - 1] += "\"" }
                wasQuote = isQuoted
                isQuoted.toggle()
                continue
            }
            wasQuote = false
            if character == ",", !isQuoted { fields.append("") } else { fields[fields.count - 1].unicodeScalars.append(character) }
        }
        return fields
    }
}
