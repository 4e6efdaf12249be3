/// Something in the data that cannot be used, as a sentence that names its place.
public struct DataError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file's name as the caller gave it.
    public let file: String
    /// The line in the file, from 1, where the error has one.
    public let line: Int?
    /// The column's name, where the error has one.
    public let column: String?
    /// The error, without its position.
    public let reason: String

    /// An error at a place.
    public init(file: String, line: Int? = nil, column: String? = nil, _ reason: String) {
        self.file = file
        self.line = line
        self.column = column
        self.reason = reason
    }

    /// The whole sentence: `passengers.csv:18: column "Age" is "forty", not a number`.
    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        return "\(place): \(reason)"
    }
}
