/// A report as one HTML page: figures, charts, tables and text in sections.
///
///     let page = ReportPage(title: "titanic.csv", subtitle: "Who survived", sections: [
///         ReportSection("Result", [
///             .figures([HeadlineMetric("Accuracy", "0.832", note: "test, 179 rows")]),
///             .picture(lossChart, caption: "The loss fell until epoch 12."),
///         ]),
///     ])
///     let text = page.html()
///
/// The page stands alone: no scripts, no fonts, no other file. It follows the reader's light or dark scheme, fits phones and desks, and prints in
/// black on white. The same page is the same text on every machine.
public struct ReportPage: Sendable {
    /// The heading, and the title in the browser.
    public var title: String
    /// A line under the heading; empty for none.
    public var subtitle: String
    /// The parts, from the top. Four or more have a list of links to them under the heading.
    public var sections: [ReportSection]
    /// A line of small text at the end; empty for none.
    public var footer: String

    /// A page.
    public init(title: String, subtitle: String = "", sections: [ReportSection], footer: String = "") {
        self.title = title
        self.subtitle = subtitle
        self.sections = sections
        self.footer = footer
    }

    /// The page's text, UTF-8 when written to a file.
    public func html() -> String {
        var page = Markup()
        page.raw("<!DOCTYPE html>\n")
        page.element("html", [("lang", "en")]) { html in
            html.element("head") { head in
                head.empty("meta", [("charset", "utf-8")])
                head.empty("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
                head.empty("meta", [("name", "color-scheme"), ("content", "light dark")])
                head.element("title", text: title)
                head.element("style") { $0.raw(PageStyle.sheet + ShadedText.styleSheet) }
            }
            html.raw("\n")
            html.element("body") { body in
                body.element("header") { header in
                    header.element("h1", text: title)
                    if !subtitle.isEmpty { header.element("p", [("class", "subtitle")], text: subtitle) }
                    writeContents(into: &header)
                }
                body.element("main") { main in
                    for (index, section) in sections.enumerated() { section.write(into: &main, identifier: Self.identifier(index)) }
                }
                if !footer.isEmpty { body.element("footer", text: footer) }
            }
        }
        page.raw("\n")
        return page.text
    }

    private static func identifier(_ index: Int) -> String { "part-\(index + 1)" }

    private func writeContents(into header: inout Markup) {
        let titled = sections.enumerated().filter { !$0.element.title.isEmpty }
        guard titled.count >= 4 else { return }
        header.element("nav", [("aria-label", "Contents")]) { nav in
            for (index, section) in titled { nav.element("a", [("href", "#" + Self.identifier(index))], text: section.title) }
        }
    }
}

/// A part of a report: a heading with what stands under it.
public struct ReportSection: Sendable {
    /// The heading; empty for none.
    public var title: String
    /// The blocks under it, from the top.
    public var blocks: [ReportBlock]

    /// A section.
    public init(_ title: String, _ blocks: [ReportBlock]) {
        self.title = title
        self.blocks = blocks
    }

    func write(into markup: inout Markup, identifier: String) {
        markup.raw("\n")
        markup.element("section", [("id", identifier)]) { section in
            if !title.isEmpty { section.element("h2", text: title) }
            for block in blocks { block.write(into: &section) }
        }
    }
}
