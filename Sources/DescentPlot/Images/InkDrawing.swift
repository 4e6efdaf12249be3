/// A picture of filled shapes, lines and words in the ink of the scheme, in units of its own: what is drawn beside charts, such as notes on a staff.
package struct InkDrawing: Picture {
    /// Something in it.
    package enum Element: Sendable, Equatable {
        /// A filled shape, as path data of SVG around (0, 0), moved to a place, and made larger or smaller.
        case shape(String, x: Double, y: Double, scaleX: Double = 1, scaleY: Double = 1)
        /// A straight line.
        case line(x1: Double, y1: Double, x2: Double, y2: Double, width: Double)
        /// Words, on their left end, their middle or their right end.
        case text(String, x: Double, y: Double, size: Double, anchor: Anchor = .start, isItalic: Bool = false, isBold: Bool = false)
    }

    /// Where words stand on their place.
    package enum Anchor: String, Sendable {
        case start, middle, end
    }

    /// Its name.
    package let title: String
    /// A description for readers who do not see it.
    package let description: String
    /// The size in units.
    package let width, height: Double
    /// The size of a unit in CSS pixels.
    package let unit: Double
    private let elements: [Element]

    /// A number in path data: two digits after the point.
    package static func number(_ value: Double) -> String { Canvas.number(value) }

    /// A drawing of elements, later ones over earlier ones.
    package init(_ title: String, description: String, width: Double, height: Double, unit: Double, elements: [Element]) {
        (self.title, self.description, self.width, self.height, self.unit, self.elements) = (title, description, width, height, unit, elements)
    }

    package var hasFixedSize: Bool { false }

    /// - Parameter width: Not used: the picture keeps its size, and shrinks with a narrower place.
    package func svg(width: Double = 0) -> String {
        var canvas = Canvas()
        canvas.group([("transform", "scale(\(Canvas.number(unit)))")]) { canvas in
            for element in elements { Self.draw(element, on: &canvas) }
        }
        return canvas.document(width: self.width * unit, height: height * unit, title: title, description: description)
    }

    private static func draw(_ element: Element, on canvas: inout Canvas) {
        switch element {
        case .shape(let path, let x, let y, let scaleX, let scaleY):
            var transform = "translate(\(Canvas.number(x)) \(Canvas.number(y)))"
            if scaleX != 1 || scaleY != 1 { transform += "scale(\(Canvas.number(scaleX)) \(Canvas.number(scaleY)))" }
            canvas.path(path, [("transform", transform)] + Canvas.fill(.ink))
        case .line(let x1, let y1, let x2, let y2, let width):
            canvas.line(x1, y1, x2, y2, Canvas.stroke(.ink, width: width))
        case .text(let text, let x, let y, let size, let anchor, let isItalic, let isBold):
            var markup = Markup()
            var attributes: Markup.Attributes =
                [
                    ("x", Canvas.number(x)), ("y", Canvas.number(y)), ("font-size", Canvas.number(size)), ("text-anchor", anchor.rawValue),
                    ("font-family", "Georgia,'Times New Roman','DejaVu Serif',serif"),
                ]
                + Canvas.fill(.ink)
            if isItalic { attributes.append(("font-style", "italic")) }
            if isBold { attributes.append(("font-weight", "bold")) }
            markup.element("text", attributes, text: text)
            canvas.raw(markup.text)
        }
    }
}
