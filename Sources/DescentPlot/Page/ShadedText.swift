/// Text whose pieces lie on a colour, the stronger the more of something they have: where a model was surprised, what an answer hangs on. Spaces and
/// line breaks are kept, and long lines broken. Without strengths it is a sample of text.
public struct ShadedText: Sendable, Hashable {
    /// A part of the text.
    public struct Piece: Sendable, Hashable {
        /// The text, as it is.
        public var text: String
        /// 0 for no colour, to 1 for the strongest; values outside are cut.
        public var strength: Double
        /// The tooltip; empty for none.
        public var note: String

        /// A piece.
        public init(_ text: String, strength: Double = 0, note: String = "") { (self.text, self.strength, self.note) = (text, strength, note) }

        /// The step of colour, 0 for none.
        var level: Int { strength.isFinite ? min(ShadedText.levels, max(0, Int((strength * Double(ShadedText.levels + 1)).rounded(.down)))) : 0 }
    }

    /// The parts, one after another.
    public var pieces: [Piece]
    /// The caption; nil for none.
    public var caption: String?

    /// A text in pieces.
    public init(_ pieces: [Piece], caption: String? = nil) { (self.pieces, self.caption) = (pieces, caption) }

    /// Steps of colour. A strength has no colour below 1 over one more than these, and the last from 1 less that.
    static let levels = 5

    /// How much of the colour covers the paper at each step, in percent: text stays legible on all of them, on light paper and on dark.
    private static let shares = [10, 19, 28, 37, 46]

    /// The rules of the page's style sheet.
    static let styleSheet: String = {
        let steps = shares.enumerated().map { ".shaded .s\($0 + 1){background:color-mix(in srgb,var(--warm) \($1)%,transparent)}" }
        return """

            .shaded figcaption{margin-bottom:.4rem}
            .shaded div{padding:.85rem 1rem;border-radius:.6rem;background:var(--panel);white-space:pre-wrap;overflow-wrap:anywhere;tab-size:4;
            font:.86rem/1.65 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
            .shaded span{border-radius:.15rem;print-color-adjust:exact;-webkit-print-color-adjust:exact}
            \(steps.joined())
            @media print{.shaded div{border:1px solid var(--line)}}
            """
    }()

    func write(into markup: inout Markup) {
        markup.element("figure", [("class", "shaded")]) { figure in
            if let caption, !caption.isEmpty { figure.element("figcaption", text: caption) }
            figure.element("div") { text in
                for piece in pieces {
                    let level = piece.level
                    if level == 0 && piece.note.isEmpty {
                        text.write(piece.text)
                    } else {
                        let attributes = (level > 0 ? [("class", "s\(level)")] : []) + (piece.note.isEmpty ? [] : [("title", piece.note)])
                        text.element("span", attributes, text: piece.text)
                    }
                }
            }
        }
    }
}
