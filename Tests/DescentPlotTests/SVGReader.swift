import DescentPlot

/// An SVG picture as DescentPlot writes it, read back: its elements with their places in the picture.
struct SVGReader {
    struct Element {
        var name: String
        var attributes: [String: String]
        var text = ""
        /// From the element's coordinates to the picture's.
        var scale: Double, x: Double, y: Double
        /// The attributes of the groups around it, from outside.
        var groups: [[String: String]]

        func number(_ name: String) -> Double { attributes[name].flatMap(Double.init) ?? 0 }

        /// The box of a rectangle.
        var box: Box { Box(x: x + scale * number("x"), y: y + scale * number("y"), width: scale * number("width"), height: scale * number("height")) }

        /// The box of a text, by the estimate of its width.
        var textBox: Box {
            let size = number("font-size"), width = TextWidth.of(text, size: size, bold: attributes["font-weight"] != nil)
            let left =
                switch attributes["text-anchor"] {
                case "middle": number("x") - width / 2
                case "end": number("x") - width
                default: number("x")
                }
            guard let turned = attributes["transform"], turned.hasPrefix("rotate(-45") else {
                return Box(x: x + scale * left, y: y + scale * (number("y") - 0.75 * size), width: scale * width, height: scale * 0.95 * size)
            }
            // Turned by 45 degrees about its end.
            return Box(x: x + scale * (number("x") - 0.71 * width), y: y + scale * (number("y") - 0.4 * size), width: scale * 0.71 * width, height: scale * 0.71 * width)
        }

        /// The numbers of a path.
        var numbers: [Double] {
            (attributes["d"] ?? "").split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
        }
    }

    struct Box {
        var x, y, width, height: Double
        var right: Double { x + width }
        var bottom: Double { y + height }
        /// Whether two share more than a hair.
        func overlaps(_ other: Box) -> Bool { x + 0.5 < other.right && other.x + 0.5 < right && y + 0.5 < other.bottom && other.y + 0.5 < bottom }
        func contains(_ other: Box) -> Bool { other.x >= x - 0.5 && other.right <= right + 0.5 && other.y >= y - 0.5 && other.bottom <= bottom + 0.5 }
    }

    private(set) var elements: [Element] = []
    private(set) var size = Box(x: 0, y: 0, width: 0, height: 0)

    init(_ svg: String) throws {
        _ = try XMLChecker(svg)
        var open: [(name: String, attributes: [String: String], scale: Double, x: Double, y: Double)] = []
        for part in svg.split(separator: "<").dropFirst(svg.hasPrefix("<") ? 0 : 1) {
            guard let end = Self.endOfTag(part) else { continue }
            let tag = part[..<end], rest = String(part[part.index(after: end)...])
            if tag.hasPrefix("/") { open.removeLast(); continue }
            let isEmpty = tag.hasSuffix("/"), body = isEmpty ? tag.dropLast() : tag
            let name = String(body.prefix { $0 != " " }), attributes = Self.attributes(body)
            let outer = open.last
            var scale = outer?.scale ?? 1, x = outer?.x ?? 0, y = outer?.y ?? 0
            if name == "g", let transform = attributes["transform"] {
                let numbers = transform.split { !"0123456789.-".contains($0) }.compactMap { Double($0) }
                if transform.hasPrefix("translate") { x += scale * numbers[0]; y += scale * numbers[1] } else { scale *= numbers[0] }
            }
            if name == "svg", open.isEmpty {
                let numbers = (attributes["viewBox"] ?? "").split(separator: " ").compactMap { Double($0) }
                size = Box(x: 0, y: 0, width: numbers[2], height: numbers[3])
            }
            elements.append(
                Element(
                    name: name, attributes: attributes, text: Self.plain(rest), scale: scale, x: x, y: y, groups: open.filter { $0.name == "g" }.map(\.attributes)))
            if !isEmpty { open.append((name, attributes, scale, x, y)) }
        }
    }

    var texts: [Element] { elements.filter { $0.name == "text" } }

    /// Texts that marks and lines have beside them: they alone have a rim of paper.
    var labels: [Element] { texts.filter { $0.attributes["paint-order"] != nil } }

    /// A ">" in an attribute is written as an entity, so the first ends the tag.
    private static func endOfTag(_ part: Substring) -> Substring.Index? { part.firstIndex(of: ">") }

    private static func attributes(_ body: Substring) -> [String: String] {
        var attributes: [String: String] = [:]
        let parts = body.split(separator: "\"", omittingEmptySubsequences: false)
        for index in stride(from: 0, to: parts.count - 1, by: 2) {
            let name = parts[index].split(separator: " ").last.map { String($0.dropLast()) } ?? ""
            attributes[name] = plain(String(parts[index + 1]))
        }
        return attributes
    }

    private static func plain(_ text: String) -> String {
        var plain = text
        for (entity, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
            while let range = plain.firstRange(of: entity) { plain.replaceSubrange(range, with: character) }
        }
        return plain
    }
}
