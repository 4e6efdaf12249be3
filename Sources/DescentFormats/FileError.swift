/// What went wrong with a file, as a sentence that a person can act on.
public struct FileError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The three answers that a caller distinguishes (the command line turns them into exit codes 66, 66 and 73).
    public enum Kind: Sendable {
        /// Nothing has this path.
        case notFound
        /// It is there and cannot be read: a folder, no permission, a failing disk.
        case unreadable
        /// It cannot be written: no permission, a full disk, a folder that is missing.
        case unwritable
    }

    /// Which of the three.
    public let kind: Kind
    /// The path as the caller gave it.
    public let path: String
    /// The whole sentence, path included.
    public let sentence: String

    /// A file error with its whole sentence.
    public init(kind: Kind, path: String, sentence: String) {
        self.kind = kind
        self.path = path
        self.sentence = sentence
    }

    /// The sentence.
    public var description: String { sentence }
}

/// A file was read, and its content is not what it should be: damaged, truncated, or of another format.
public struct FormatError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file's name, as used in the sentence.
    public let file: String
    /// What is wrong, without the file's name.
    public let reason: String
    /// The whole sentence, the file's name included.
    public let sentence: String

    /// A format error; its sentence is `file: reason`.
    public init(file: String, reason: String) {
        self.file = file
        self.reason = reason
        self.sentence = "\(file): \(reason)"
    }

    /// The sentence.
    public var description: String { sentence }
}
