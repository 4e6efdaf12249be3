/// A number that matters, with its name: a tile of a report.
public struct HeadlineMetric: Sendable, Hashable {
    /// The metric's name.
    public var name: String
    /// The number, as people read it, with its unit.
    public var value: String
    /// Where it comes from or what it is compared with; empty for none.
    public var note: String

    /// A figure.
    public init(_ name: String, _ value: String, note: String = "") {
        self.name = name
        self.value = value
        self.note = note
    }

    func write(into markup: inout Markup) {
        markup.element("div") { tile in
            tile.element("dt", text: name)
            tile.element("dd", [("class", value.count > 12 ? "value long" : "value")], text: value)
            if !note.isEmpty { tile.element("dd", [("class", "note")], text: note) }
        }
    }
}
