import DescentFormats

/// Texts, each with its class.
public struct LabelledTexts: Sendable {
    /// The file's or the folder's name.
    public let file: String
    /// The texts.
    public let texts: [String]
    /// The class of each text; the first where it has several.
    public let labels: [Int32]
    /// The classes' names, ascending (as numbers where all are numbers).
    public let classes: [String]
    /// Where each text stands, from 1: its line in the file, or in its class's file.
    public let lines: [Int]

    /// All classes of each text; more than one in a file where texts have several labels.
    public let labelSets: [[Int32]]
    /// Where texts and classes stand.
    package let layout: TextLayout
    /// Columns or members that are not looked at, though they may say something.
    package let unused: [String]

    /// Whether some texts have several labels.
    public var hasSeveralLabels: Bool { labelSets.contains { $0.count > 1 } }

    /// The layout of the input in words: what is read, and where the class is.
    public var note: String { layout.words }

    /// Reads labelled texts: a file of lines `text TAB label` or `label TAB text`, of lines marked with `__label__`, of JSON objects, a table with a column of
    /// texts, a folder of files whose lines are texts and whose names are the classes, or a folder of folders of files.
    ///
    /// - Parameters:
    ///   - target: The column or member of the classes, by name or number; `nil` to guess.
    ///   - textColumn: That of the texts.
    /// - Throws: `FileError`, `DataError` for a file that is empty or not text, lines without a label (the error names them), and fewer than
    ///   two classes.
    public init(path: String, target: String? = nil, textColumn: String? = nil) throws {
        if FileSystem.folderExists(path) {
            try self.init(folder: path)
        } else {
            try self.init(parsing: TextFile.read(path), file: path == "-" ? "standard input" : path, target: target, textColumn: textColumn)
        }
    }

    /// Reads several files of one layout as one.
    ///
    /// - Parameter paths: at least one.
    /// - Throws: as for one file.
    public init(paths: [String], target: String? = nil, textColumn: String? = nil) throws {
        let all = try paths.map { try Self.parsed(TextFile.read($0), file: $0, target: target, textColumn: textColumn) }
        try self.init(file: TextFile.name(ofAll: paths), all.flatMap(\.texts), layout: all[0].layout, unused: all[0].unused)
    }

    /// Parses a file's text. Blank lines are skipped, and blanks at the ends of texts and labels.
    public init(parsing text: String, file: String, target: String? = nil, textColumn: String? = nil) throws(DataError) {
        let found = try Self.parsed(text, file: file, target: target, textColumn: textColumn)
        try self.init(file: file, found.texts, layout: found.layout, unused: found.unused)
    }

    private static func parsed(
        _ text: String, file: String, target: String?, textColumn: String?
    ) throws(DataError) -> (texts: [LabelledText], layout: TextLayout, unused: [String]) {
        if let guess = TextLayout.guess(text, file: file, target: target, textColumn: textColumn) {
            return (try LabelledText.all(in: text, file: file, guess.layout), guess.layout, guess.others)
        }
        if let name = target ?? textColumn {
            throw DataError(file: file, "there is no column \(quoted(name)) beside a column of texts in it")
        }
        // What looks like nothing is read as the most usual layout, whose errors name the lines at fault.
        return (try LabelledText.all(in: text, file: file, .textThenClass), .textThenClass, [])
    }

    /// Reads a folder: each file is a class, named after it, and each line a text; or each folder in it is a class, and each of its files a text. What begins
    /// with a dot is left out.
    public init(folder: String) throws {
        let names = try FileSystem.list(folder).filter { !$0.hasPrefix(".") }
        func path(_ parts: String...) -> String { ([folder.hasSuffix("/") ? String(folder.dropLast()) : folder] + parts).joined(separator: "/") }
        let folders = names.filter { FileSystem.folderExists(path($0)) }
        var found: [LabelledText] = []
        if folders.count >= 2 {
            for name in folders {
                let files = try FileSystem.list(path(name)).filter { !$0.hasPrefix(".") }
                if let inner = files.first(where: { FileSystem.folderExists(path(name, $0)) }) {
                    throw DataError(
                        file: folder, "the folder \(quoted(name)) holds folders (\(inner)); the class of a text is its folder, so give the folder whose folders are the classes: \(path(name))")
                }
                for file in files { found.append(LabelledText(text: TextFile.trimmed(try TextFile.read(path(name, file))[...]), labels: [name], line: found.count + 1)) }
            }
            try self.init(file: folder, found, layout: .folders)
            return
        }
        for name in names where !FileSystem.folderExists(path(name)) {
            let label = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
            for (number, line) in LabelledText.lines(of: try TextFile.read(path(name))) {
                found.append(LabelledText(text: TextFile.trimmed(line), labels: [label], line: number))
            }
        }
        try self.init(file: folder, found, layout: .files)
    }

    private init(file: String, _ all: [LabelledText], layout: TextLayout, unused: [String] = []) throws(DataError) {
        if all.isEmpty { throw DataError(file: file, "there are no texts in it") }
        var classes = Array(Set(all.flatMap(\.labels))).sorted()
        if classes.allSatisfy({ Double($0) != nil }) { classes.sort { Double($0)! < Double($1)! } }
        if classes.count < 2 {
            throw DataError(file: file, "all \(all.count) texts are of the class \(quoted(classes[0])); to tell classes apart there must be at least two")
        }
        let numbers = Dictionary(uniqueKeysWithValues: zip(classes, Int32(0)...))
        self.file = file
        texts = all.map(\.text)
        labelSets = all.map { entry in Array(Set(entry.labels.map { numbers[$0]! })).sorted() }
        labels = labelSets.map { $0[0] }
        self.classes = classes
        lines = all.map(\.line)
        (self.layout, self.unused) = (layout, unused)
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

    /// Whether a text looks like labelled texts.
    public static func fits(_ text: String) -> Bool { TextLayout.guess(text, file: "") != nil }
}
