import DescentFormats

/// Yes or no: one feature, 1 for yes and 0 for no; a missing one is the share of yes among the training rows, and a
/// second feature says so.
struct BooleanRule: Equatable {
    let share: Double
    let marksMissing: Bool

    var width: Int { marksMissing ? 2 : 1 }

    func featureNames(_ column: String) -> [String] { [column] + (marksMissing ? ["\(column) missing"] : []) }

    func write(_ value: Bool?, into output: UnsafeMutableBufferPointer<Float>) {
        output[0] = value.map { $0 ? 1 : 0 } ?? Float(share)
        if marksMissing { output[1] = value == nil ? 1 : 0 }
    }

    /// The value of a text, ignoring case; `nil` for any other text.
    static func value(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "true", "yes", "t", "y", "on", "1": true
        case "false", "no", "f", "n", "off", "0": false
        default: nil
        }
    }

    init(share: Double, marksMissing: Bool) {
        self.share = share
        self.marksMissing = marksMissing
    }

    init(json: JSONReader) throws(FormatError) {
        share = try json["share"].double()
        marksMissing = try json["marksMissing"].bool()
        if !(0...1).contains(share) { throw json["share"].error("is \(share), which is no share") }
    }

    var json: JSON { ["kind": "boolean", "share": .number(share), "marksMissing": .bool(marksMissing)] }
}
