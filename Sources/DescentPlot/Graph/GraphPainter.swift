/// Draws a graph that has been laid out: frames, edges, boxes, labels, from back to front.
struct GraphPainter {
    let picture: GraphPicture
    let layout: GraphLayout

    /// Below this scale text is hard to read, and a page scrolls instead.
    private static let leastScale = 0.6

    func document(maximumWidth: Double) -> String {
        let titleWidth = max(layout.size.width - 28, 300)
        let titleLines = TextWidth.lines(picture.title, width: titleWidth, size: 15, bold: true)
        let top = titleLines.isEmpty ? 0 : 16 + Double(titleLines.count) * 19
        let longest = titleLines.map { TextWidth.of($0, size: 15, bold: true) }.max() ?? 0
        let width = max(layout.size.width, longest + 28, 60), height = max(layout.size.height + top, 40)
        let scale = min(1, max(maximumWidth / width, GraphPainter.leastScale))
        var canvas = Canvas()
        func draw(on canvas: inout Canvas) {
            for (index, line) in titleLines.enumerated() {
                canvas.text(line, x: 14, y: 27 + Double(index) * 19, Canvas.TextStyle(size: 15, bold: true))
            }
            let left = ((width - layout.size.width) / 2).rounded(.down)
            canvas.group([("transform", "translate(" + Canvas.number(left) + " " + Canvas.number(top) + ")")]) { drawGraph(on: &$0) }
        }
        if scale < 1 {
            canvas.group([("transform", "scale(" + String((scale * 1e4).rounded() / 1e4) + ")")]) { draw(on: &$0) }
        } else {
            draw(on: &canvas)
        }
        return canvas.document(
            width: (width * scale).rounded(.up), height: (height * scale).rounded(.up), title: picture.title, description: description)
    }

    /// A description of the picture for screen readers.
    var description: String {
        func names(_ kind: GraphNode.Kind) -> String? {
            let found = picture.nodes.filter { $0.kind == kind }.map { $0.lines.first ?? $0.id }
            guard !found.isEmpty else { return nil }
            let shown = found.prefix(8).joined(separator: ", ")
            return found.count > 8 ? shown + " and \(found.count - 8) more" : shown
        }
        func counted(_ count: Int, _ name: String) -> String { "\(count) \(name)\(count == 1 ? "" : "s")" }
        var sentences = ["A graph of " + counted(picture.nodes.count, "node") + " and " + counted(picture.edges.count, "edge") + "."]
        if let inputs = names(.input) { sentences.append("Inputs: " + inputs + ".") }
        if let parameters = names(.parameter) { sentences.append("Parameters: " + parameters + ".") }
        if let outputs = names(.output) { sentences.append("Outputs: " + outputs + ".") }
        let frames = layout.groupOrder.map { picture.groups[$0].title }.filter { !$0.isEmpty }
        if !frames.isEmpty { sentences.append("Groups: " + frames.prefix(8).joined(separator: ", ") + (frames.count > 8 ? ", …" : "") + ".") }
        return sentences.joined(separator: " ")
    }

    private func drawGraph(on canvas: inout Canvas) {
        for group in layout.groupOrder { if let frame = layout.groups[group] { drawFrame(picture.groups[group], frame, on: &canvas) } }
        for (edge, route) in zip(picture.edges, layout.routes) { drawEdge(edge, route, on: &canvas) }
        for (node, box) in zip(picture.nodes, layout.nodes) { drawNode(node, box, on: &canvas) }
        for group in layout.groupOrder {
            guard let frame = layout.groups[group] else { continue }
            let title = TextWidth.fitted(picture.groups[group].title, width: GraphMeasures.textLimit, size: GraphMeasures.titleFontSize)
            canvas.text(
                title, x: frame.x + 10, y: frame.y + 16,
                Canvas.TextStyle(size: GraphMeasures.titleFontSize, paint: .soft, bold: true, halo: layout.isDown))
        }
        for (edge, route) in zip(picture.edges, layout.routes) { drawLabel(edge, route, on: &canvas) }
    }

    private func drawFrame(_ group: GraphGroup, _ frame: Area, on canvas: inout Canvas) {
        canvas.group([("class", "group"), ("data-group", group.id)]) {
            $0.rectangle(frame, radius: 9, Canvas.fill(.axis, opacity: 0.09))
            $0.rectangle(frame, radius: 9, Canvas.stroke(.axis, width: 1, opacity: 0.6))
        }
    }

    // MARK: Boxes

    private func drawNode(_ node: GraphNode, _ box: Area, on canvas: inout Canvas) {
        let (paint, radius): (Paint, Double) =
            switch node.kind {
            case .operation: (.axis, 6)
            case .input: (Paint.series[0], box.height / 2)
            case .parameter: (Paint.series[2], 2)
            case .output: (Paint.series[1], 6)
            case .constant: (.axis, box.height / 2)
            case .module: (.soft, 9)
            }
        let rounded = min(radius, 20), isTinted = node.kind == .input || node.kind == .parameter || node.kind == .output
        let texts = node.lines.enumerated().map { GraphMeasures.text($1, at: $0) }
        let tooltip = texts == node.lines ? nil : node.lines.joined(separator: "\n")
        let edge = node.emphasis ? Paint.accent : paint
        let width = node.emphasis ? 2.8 : node.kind == .module || node.kind == .output ? 1.9 : 1.2
        canvas.group([("class", "node"), ("data-node", node.id)]) { canvas in
            canvas.rectangle(box, radius: rounded, Canvas.fill(node.kind == .module ? .grid : .paper))
            if isTinted || node.emphasis { canvas.rectangle(box, radius: rounded, Canvas.fill(edge, opacity: 0.14)) }
            canvas.rectangle(
                box, radius: rounded, Canvas.stroke(edge, width: width, dash: node.kind == .constant ? "4 3" : nil), tooltip: tooltip)
            let first = box.middleY - Double(texts.count - 1) * GraphMeasures.lineHeight / 2 + 4
            for (index, text) in texts.enumerated() {
                let paint: Paint = index == 2 ? .warm : index > 2 ? .soft : .ink
                let size = index == 0 ? GraphMeasures.fontSize : GraphMeasures.smallFontSize
                canvas.text(
                    text, x: box.middleX, y: first + Double(index) * GraphMeasures.lineHeight,
                    Canvas.TextStyle(size: size, paint: paint, anchor: .middle, bold: index == 0))
            }
        }
    }

    // MARK: Edges

    private static let headLength = 7.5, headHalf = 3.4

    private func point(_ point: (along: Double, across: Double)) -> String {
        let (x, y) = layout.isDown ? (point.across, point.along) : (point.along, point.across)
        return Canvas.number(x) + " " + Canvas.number(y)
    }

    private func drawEdge(_ edge: GraphEdge, _ route: GraphLayout.Route, on canvas: inout Canvas) {
        var points = route.points
        guard let first = points.first, let last = points.last else { return }
        let tip = route.isReturn ? first : last, base = tip.along + (route.isReturn ? 1 : -1) * GraphPainter.headLength
        // The line ends where the head is widest.
        for index in points.indices { points[index].along = route.isReturn ? max(points[index].along, base) : min(points[index].along, base) }
        var data = "M" + point(points[0]), current = points[0]
        for (index, next) in points.enumerated().dropFirst() {
            if next.across == current.across {
                // A straight run is one line, up to where it bends.
                let goesOn = index + 1 < points.count && points[index + 1].across == next.across
                if !goesOn { data += "L" + point(next) }
                if goesOn { continue }
            } else {
                let middle = (current.along + next.along) / 2
                data += "C" + point((middle, current.across)) + " " + point((middle, next.across)) + " " + point(next)
            }
            current = next
        }
        let head =
            "M" + point(tip) + "L" + point((base, tip.across - GraphPainter.headHalf)) + "L"
            + point((base, tip.across + GraphPainter.headHalf)) + "z"
        canvas.group([("class", "edge"), ("data-from", edge.from), ("data-to", edge.to)]) {
            $0.path(data, Canvas.stroke(.axis, width: 1.3))
            $0.path(head, Canvas.fill(.axis))
        }
    }

    private func drawLabel(_ edge: GraphEdge, _ route: GraphLayout.Route, on canvas: inout Canvas) {
        guard let place = route.label else { return }
        var style = Canvas.TextStyle(size: GraphMeasures.smallFontSize)
        canvas.group([("class", "label")]) { canvas in
            if layout.isDown {
                let both = !edge.above.isEmpty && !edge.below.isEmpty
                canvas.text(edge.above, x: place.x + 5, y: place.y + (both ? -3 : 4), style)
                style.paint = .warm
                canvas.text(edge.below, x: place.x + 5, y: place.y + (both ? 11 : 4), style)
            } else {
                style.anchor = .middle
                canvas.text(edge.above, x: place.x, y: place.y - 4, style)
                style.paint = .warm
                canvas.text(edge.below, x: place.x, y: place.y + 12, style)
            }
        }
    }
}
