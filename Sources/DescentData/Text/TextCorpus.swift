import DescentFormats

/// A text to learn a language model from: the first part to train on, the last held out.
public struct TextCorpus: Sendable {
    /// The file's name, for errors.
    public let file: String
    /// The training part.
    public let training: String
    /// The held-out part: the end of the text.
    public let test: String
    /// The part that was asked to be held out.
    public let testFraction: Double
    /// What a person should know about how the files were read: an encoding that was guessed.
    public let notices: [String]

    /// Reads a file, and divides it at a place given by its scalars.
    ///
    /// - Throws: `FileError`, `DataError` for a file that is empty or not text.
    public init(path: String, testFraction: Double = 0.1) throws {
        let (text, notice) = try TextFile.decoded(path)
        self.init(text, file: path == "-" ? "standard input" : path, testFraction: testFraction, notices: notice.map { [$0] } ?? [])
    }

    /// Reads several files, and divides each: of all of them the end is held out.
    ///
    /// - Parameter paths: at least one.
    /// - Throws: as for one file.
    public init(paths: [String], testFraction: Double = 0.1) throws {
        let all = try paths.map { try TextCorpus(path: $0, testFraction: testFraction) }
        file = TextFile.name(ofAll: paths)
        self.testFraction = all.first?.testFraction ?? testFraction
        training = TextFile.joined(all.map(\.training))
        test = TextFile.joined(all.map(\.test))
        notices = all.flatMap(\.notices)
    }

    /// Divides a text.
    ///
    /// - Parameters:
    ///   - testFraction: the part held out, 0 to 1.
    ///   - notices: What a person should know about how the text was read.
    public init(_ text: String, file: String, testFraction: Double = 0.1, notices: [String] = []) {
        let scalars = text.unicodeScalars
        let fraction = min(max(testFraction.isNaN ? 0 : testFraction, 0), 1)
        let cut = scalars.index(scalars.startIndex, offsetBy: Int(Double(scalars.count) * (1 - fraction)))
        self.file = file
        self.testFraction = fraction
        self.notices = notices
        training = String(text[..<cut])
        test = String(text[cut...])
    }
}
