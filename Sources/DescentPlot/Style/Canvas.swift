/// The surface a picture is drawn on: SVG elements with colours from the scheme.
///
/// Every colour is written twice: as an attribute with the light value, for the programs that know no CSS variables, and as a style that follows
/// the reader's scheme.
struct Canvas {
    private(set) var markup = Markup()

    /// Where text stands on its point.
    enum Anchor: String { case start, middle, end }

    struct TextStyle {
        var size = 12.0
        var paint = Paint.ink
        var anchor = Anchor.start
        var bold = false
        var monospaced = false
        /// Degrees, clockwise.
        var rotation = 0.0
        /// A border in the paper's colour, that keeps text legible over lines.
        var halo = false
    }

    /// A coordinate: hundredths, no trailing zeros.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let hundredths = (value * 100).rounded()
        guard abs(hundredths) < 1e15 else { return String(value) }
        let whole = Int64(hundredths), part = abs(whole) % 100
        if part == 0 { return String(whole / 100) }
        let sign = whole < 0 ? "-" : ""
        return sign + String(abs(whole) / 100) + (part < 10 ? ".0" : ".") + (part % 10 == 0 ? String(part / 10) : String(part))
    }

    static func fill(_ paint: Paint, opacity: Double? = nil) -> Markup.Attributes {
        var attributes = [("fill", paint.light), ("style", "fill:" + paint.variable)]
        if let opacity { attributes.append(("fill-opacity", number(opacity))) }
        return attributes
    }

    /// A shape in a colour with a thin border in the paper's.
    static func filled(_ paint: Paint, rim: Double, opacity: Double = 1) -> Markup.Attributes {
        [
            ("fill", paint.light), ("fill-opacity", number(opacity)), ("stroke", Paint.paper.light), ("stroke-width", number(rim)),
            ("style", "fill:" + paint.variable + ";stroke:" + Paint.paper.variable),
        ]
    }

    static func stroke(_ paint: Paint, width: Double, dash: String? = nil, opacity: Double? = nil) -> Markup.Attributes {
        var attributes = [("fill", "none"), ("stroke", paint.light), ("style", "stroke:" + paint.variable), ("stroke-width", number(width))]
        if let dash { attributes.append(("stroke-dasharray", dash)) }
        if let opacity { attributes.append(("stroke-opacity", number(opacity))) }
        return attributes
    }

    mutating func group(_ attributes: Markup.Attributes = [], content: (inout Canvas) -> Void) {
        var inner = Canvas()
        content(&inner)
        guard !inner.markup.text.isEmpty else { return }
        markup.element("g", attributes) { $0.raw(inner.markup.text) }
    }

    /// A window that cuts off what is drawn beyond it, with the same coordinates inside as outside. A nested picture does it without names that
    /// would have to be unique in the page.
    mutating func window(_ area: Area, content: (inout Canvas) -> Void) {
        var inner = Canvas()
        content(&inner)
        guard !inner.markup.text.isEmpty else { return }
        let box = [area.x, area.y, area.width, area.height].map(Canvas.number)
        markup.element("svg", [("x", box[0]), ("y", box[1]), ("width", box[2]), ("height", box[3]), ("viewBox", box.joined(separator: " "))]) {
            $0.raw(inner.markup.text)
        }
    }

    mutating func path(_ data: String, _ attributes: Markup.Attributes, tooltip: String? = nil) {
        guard !data.isEmpty else { return }
        if let tooltip {
            markup.element("path", [("d", data)] + attributes) { $0.element("title", text: tooltip) }
        } else {
            markup.empty("path", [("d", data)] + attributes)
        }
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ attributes: Markup.Attributes) {
        path("M" + Canvas.number(x1) + " " + Canvas.number(y1) + "L" + Canvas.number(x2) + " " + Canvas.number(y2), attributes)
    }

    mutating func rectangle(_ area: Area, radius: Double = 0, _ attributes: Markup.Attributes, tooltip: String? = nil) {
        var place = [
            ("x", Canvas.number(area.x)), ("y", Canvas.number(area.y)),
            ("width", Canvas.number(max(0, area.width))), ("height", Canvas.number(max(0, area.height))),
        ]
        if radius > 0 { place.append(("rx", Canvas.number(radius))) }
        if let tooltip {
            markup.element("rect", place + attributes) { $0.element("title", text: tooltip) }
        } else {
            markup.empty("rect", place + attributes)
        }
    }

    mutating func text(_ content: String, x: Double, y: Double, _ style: TextStyle = TextStyle()) {
        guard !content.isEmpty else { return }
        var attributes = [("x", Canvas.number(x)), ("y", Canvas.number(y)), ("font-size", Canvas.number(style.size)), ("fill", style.paint.light)]
        var css = "fill:" + style.paint.variable
        if style.anchor != .start { attributes.append(("text-anchor", style.anchor.rawValue)) }
        if style.bold { attributes.append(("font-weight", "600")) }
        if style.monospaced { attributes.append(("font-family", "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace")) }
        if style.rotation != 0 {
            attributes.append(("transform", "rotate(" + [style.rotation, x, y].map(Canvas.number).joined(separator: " ") + ")"))
        }
        if style.halo {
            attributes += [("stroke", Paint.paper.light), ("stroke-width", "3"), ("stroke-linejoin", "round"), ("paint-order", "stroke")]
            css += ";stroke:" + Paint.paper.variable
        }
        attributes.append(("style", css))
        markup.element("text", attributes, text: content)
    }

    mutating func raw(_ svg: String) { markup.raw(svg) }

    /// The whole picture: an `svg` element with its title, its description for readers who do not see it, the colours of both schemes, and the
    /// paper. It shrinks with a narrower place and keeps its proportions.
    func document(width: Double, height: Double, title: String, description: String) -> String {
        var document = Markup()
        let size = Canvas.number(width) + " " + Canvas.number(height)
        document.element(
            "svg",
            [
                ("xmlns", "http://www.w3.org/2000/svg"), ("class", "descent-plot"), ("viewBox", "0 0 " + size),
                ("width", Canvas.number(width)), ("height", Canvas.number(height)), ("role", "img"), ("aria-label", title),
                ("font-family", "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"),
                ("style", "max-width:100%;height:auto;font-variant-numeric:tabular-nums"),
            ]
        ) {
            $0.element("title", text: title)
            if !description.isEmpty { $0.element("desc", text: description) }
            $0.element("style") { $0.raw(Paint.styleSheet) }
            $0.raw("<rect width=\"100%\" height=\"100%\" fill=\"\(Paint.paper.light)\" style=\"fill:\(Paint.paper.variable)\"/>")
            $0.raw(markup.text)
        }
        return document.text
    }
}

/// A rectangle of the picture; y grows downwards.
struct Area: Sendable, Equatable {
    var x, y, width, height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
    var middleX: Double { x + width / 2 }
    var middleY: Double { y + height / 2 }

    func contains(x px: Double, y py: Double) -> Bool { px >= x && px <= right && py >= y && py <= bottom }
    func overlaps(_ other: Area) -> Bool { x < other.right && other.x < right && y < other.bottom && other.y < bottom }
    func expanded(by margin: Double) -> Area { Area(x: x - margin, y: y - margin, width: width + 2 * margin, height: height + 2 * margin) }
}
