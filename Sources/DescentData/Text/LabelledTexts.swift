import DescentFormats

/// Texts, each with its class.
public struct LabelledTexts: Sendable {
    /// The file's or the folder's name.
    public let file: String
    /// The texts.
    public let texts: [String]
    /// The class of each text.
    public let labels: [Int32]
    /// The classes' names, ascending (as numbers where all are numbers).
    public let classes: [String]
    /// Where each text stands, from 1: its line in the file, or in its class's file.
    public let lines: [Int]

    /// The layout of the input in words: what is read, and where the class is.
    public let note: String

    /// Reads a file of lines `text TAB label`, or a folder of files whose lines are texts and whose names are the classes.
    ///
    /// - Throws: `FileError`, `DataError` for a file that is empty or not UTF-8, lines without a label (the error names them), and fewer than
    ///   two classes.
    public init(path: String) throws {
        if FileSystem.folderExists(path) {
            try self.init(folder: path)
        } else {
            try self.init(parsing: TextFile.read(path), file: path)
        }
    }

    /// Reads several files of lines `text TAB label` as one.
    ///
    /// - Parameter paths: at least one.
    /// - Throws: as for one file.
    public init(paths: [String]) throws {
        let all = try paths.map { try Self.parsed(TextFile.read($0), file: $0) }
        try self.init(
            file: TextFile.name(ofAll: paths), texts: all.flatMap(\.texts), labels: all.flatMap(\.labels), lines: all.flatMap(\.lines),
            note: "lines of a text, a tabulator and its class")
    }

    /// Parses lines `text TAB label`. Blank lines are skipped, and blanks at the ends of texts and labels.
    public init(parsing text: String, file: String) throws(DataError) {
        let found = try Self.parsed(text, file: file)
        try self.init(file: file, texts: found.texts, labels: found.labels, lines: found.lines, note: "lines of a text, a tabulator and its class")
    }

    private static func parsed(_ text: String, file: String) throws(DataError) -> (texts: [String], labels: [String], lines: [Int]) {
        var texts: [String] = []
        var labels: [String] = []
        var lines: [Int] = []
        var missing: [Int] = []
        for (number, line) in Self.lines(of: text) {
            let parts = Self.textAndLabel(line)
            guard let parts else {
                missing.append(number)
                continue
            }
            texts.append(parts.text)
            labels.append(parts.label)
            lines.append(number)
        }
        if !missing.isEmpty { throw Self.missingLabels(missing, of: missing.count + texts.count, file: file) }
        return (texts, labels, lines)
    }

    /// Reads a folder: each file is a class, named after it, and each line a text. Files that begin with a dot are left out.
    public init(folder: String) throws {
        var texts: [String] = []
        var labels: [String] = []
        var lines: [Int] = []
        for name in try FileSystem.list(folder) where !name.hasPrefix(".") {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            if FileSystem.folderExists(path) { continue }
            let label = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
            for (number, line) in Self.lines(of: try TextFile.read(path)) {
                texts.append(TextFile.trimmed(line))
                labels.append(label)
                lines.append(number)
            }
        }
        try self.init(file: folder, texts: texts, labels: labels, lines: lines, note: "a text per line, its class by the file")
    }

    private init(file: String, texts: [String], labels: [String], lines: [Int], note: String) throws(DataError) {
        if texts.isEmpty { throw DataError(file: file, "there are no texts in it") }
        var classes = Array(Set(labels)).sorted()
        if classes.allSatisfy({ Double($0) != nil }) { classes.sort { Double($0)! < Double($1)! } }
        if classes.count < 2 {
            throw DataError(file: file, "all \(texts.count) texts are of the class \(quoted(classes[0])); to tell classes apart there must be at least two")
        }
        let numbers = Dictionary(uniqueKeysWithValues: zip(classes, Int32(0)...))
        self.file = file
        self.texts = texts
        self.labels = labels.map { numbers[$0]! }
        self.classes = classes
        self.lines = lines
        self.note = note
    }

    /// Divides the texts so that each class has the same share of both parts.
    public func split(testFraction: Double = 0.2, seed: UInt64) -> Split {
        Split.stratified(labels: labels, testFraction: testFraction, seed: seed)
    }

    /// Which of the texts held out also stand, with the same class, among those that are trained on: what a model says of them is memory.
    public func repeated(in split: Split) -> [Bool] {
        let known = Set(split.train.map(identity))
        return split.test.map { known.contains(identity($0)) }
    }

    private func identity(_ row: Int) -> [UInt8] { Array(texts[row].utf8) + [0] + Array(String(labels[row]).utf8) }

    /// Whether a text looks like lines `text TAB label`: most of its first lines have a tabulator, and few different labels come after it.
    public static func fits(_ text: String) -> Bool {
        let first = lines(of: text, limit: 200).map(\.line)
        let found = first.compactMap { textAndLabel($0)?.label }
        guard found.count >= 2, found.count * 2 > first.count else { return false }
        let labels = Set(found)
        return labels.count * 4 <= found.count && labels.allSatisfy { $0.count <= 40 }
    }

    // MARK: - Lines

    /// The lines that are not blank, with their numbers from 1.
    private static func lines(of text: String, limit: Int = .max) -> [(number: Int, line: Substring)] {
        var found: [(number: Int, line: Substring)] = []
        var number = 0
        // By scalars: a carriage return and a line feed are one Character.
        for line in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
            number += 1
            if line.allSatisfy({ ScalarKind($0) == .space }) { continue }
            found.append((number, Substring(line)))
            if found.count == limit { break }
        }
        return found
    }

    /// The parts before and after the last tab; `nil` where either is blank.
    private static func textAndLabel(_ line: Substring) -> (text: String, label: String)? {
        guard let tab = line.unicodeScalars.lastIndex(of: "\t") else { return nil }
        let text = TextFile.trimmed(line[..<tab])
        let label = TextFile.trimmed(line[line.unicodeScalars.index(after: tab)...])
        return text.isEmpty || label.isEmpty ? nil : (text, label)
    }

    private static func missingLabels(_ lines: [Int], of count: Int, file: String) -> DataError {
        let shown = lines.prefix(5).map(String.init)
        let rest = lines.count - shown.count
        let list =
            rest > 0
            ? shown.joined(separator: ", ") + " and \(rest) more"
            : shown.count > 1
                ? shown.dropLast().joined(separator: ", ") + " and " + shown.last! : shown[0]
        let what = lines.count == 1 ? "line \(list) has no label" : "lines \(list) have no label"
        return DataError(
            file: file, line: lines[0], "\(what) (of \(count)); each must be a text, a tabulator and its class. Give them one, or take them out")
    }
}
