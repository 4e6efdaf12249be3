/// An error in a formula, with its place marked:
///
///     the ) of this ( is missing
///       sin(x + 1
///          ^
public struct ExpressionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The formula.
    public let source: String
    /// Where in it, in characters from 0; at its end where something is missing there.
    public let place: Range<Int>
    /// The error, and what would be right.
    public let reason: String

    /// An error about a place of a formula.
    public init(source: String, place: Range<Int>, reason: String) {
        (self.source, self.place, self.reason) = (source, place, reason)
    }

    /// The sentence, the formula, and ^ under the place.
    public var description: String {
        let marks = String(repeating: "^", count: max(1, place.count))
        return "\(reason)\n  \(source)\n  \(String(repeating: " ", count: place.lowerBound))\(marks)"
    }
}
