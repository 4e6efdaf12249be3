/// One thing in a section of a report. All texts are plain: what looks like markup is shown as it is.
public indirect enum ReportBlock: Sendable {
    /// The numbers that matter, large, side by side.
    case figures([HeadlineMetric])
    /// A paragraph; empty lines divide it into several.
    case text(String)
    /// A picture over the whole width, drawn once for wide screens and paper and once for phones.
    case picture(any Picture, caption: String? = nil)
    /// Pictures side by side, two where there is room for two.
    case pictures([any Picture])
    /// A table.
    case table(ReportTable)
    /// Text in a typewriter's face with its spaces and line breaks: a command, a program, a model's layers.
    case code(String, caption: String? = nil)
    /// Text whose pieces are shaded.
    case shaded(ShadedText)
    /// Points, one under the other.
    case list([String])
    /// A sentence that must not be overlooked.
    case warning(String)
    /// A summary that opens to show more; on paper it is open.
    case details(String, [ReportBlock])

    func write(into markup: inout Markup) {
        markup.raw("\n")
        switch self {
        case .figures(let figures):
            guard !figures.isEmpty else { return }
            markup.element("dl", [("class", "figures")]) { list in
                for figure in figures { figure.write(into: &list) }
            }
        case .text(let text):
            for paragraph in Self.paragraphs(text) { markup.element("p", text: paragraph) }
        case .picture(let picture, let caption):
            PictureFigure(picture: picture, caption: caption, width: PictureFigure.fullWidth).write(into: &markup)
        case .pictures(let pictures):
            if pictures.count == 1 { return ReportBlock.picture(pictures[0]).write(into: &markup) }
            markup.element("div", [("class", "pictures")]) { row in
                for picture in pictures { PictureFigure(picture: picture, caption: nil, width: PictureFigure.halfWidth).write(into: &row) }
            }
        case .table(let table): table.write(into: &markup)
        case .code(let code, let caption):
            markup.element("figure", [("class", "code")]) { figure in
                if let caption { figure.element("figcaption", text: caption) }
                // Browsers drop a line break that follows the tag, so a first empty line needs another.
                figure.element("pre", [("tabindex", "0")]) { $0.element("code", text: (code.first?.isNewline == true ? "\n" : "") + code) }
            }
        case .shaded(let text): text.write(into: &markup)
        case .list(let items):
            guard !items.isEmpty else { return }
            markup.element("ul") { list in
                for item in items { list.element("li", text: item) }
            }
        case .warning(let sentence):
            markup.element("p", [("class", "warning"), ("role", "note")]) { paragraph in
                paragraph.element("strong", text: "Warning")
                paragraph.write(" " + sentence)
            }
        case .details(let summary, let blocks):
            markup.element("details") { details in
                details.element("summary", text: summary)
                details.element("div", [("class", "inside")]) { inside in
                    for block in blocks { block.write(into: &inside) }
                }
            }
        }
    }

    /// The text divided at empty lines.
    private static func paragraphs(_ text: String) -> [String] {
        var paragraphs: [String] = [], lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) + [Substring()] {
            if line.allSatisfy(\.isWhitespace) {
                if !lines.isEmpty { paragraphs.append(lines.joined(separator: "\n")) }
                lines.removeAll()
            } else {
                lines.append(line)
            }
        }
        return paragraphs
    }
}

/// A picture in a page: twice where its layout follows its width, once in a scrolling box where it does not.
struct PictureFigure {
    let picture: any Picture
    let caption: String?
    let width: Double

    /// Widths of the page's column, of half of it, and of a phone's screen without the margins.
    static let fullWidth = 958.0, halfWidth = 468.0, phoneWidth = 356.0

    func write(into markup: inout Markup) {
        markup.element("figure", [("class", "picture")]) { figure in
            if picture.hasFixedSize {
                figure.element("div", [("class", "scroll"), ("tabindex", "0"), ("role", "group"), ("aria-label", picture.title)]) {
                    $0.raw(picture.svg(width: width))
                }
            } else {
                figure.element("div", [("class", "wide")]) { $0.raw(picture.svg(width: width)) }
                figure.element("div", [("class", "narrow")]) { $0.raw(picture.svg(width: Self.phoneWidth)) }
            }
            if let caption, !caption.isEmpty { figure.element("figcaption", text: caption) }
        }
    }
}
