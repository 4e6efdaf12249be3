/// Draws an unrolled network: columns are steps, rows are layers.
struct UnrolledPainter {
    private let picture: UnrolledNetwork
    private var canvas = Canvas()

    private static let margin = 14.0, boxHeight = 40.0, rowGap = 34.0, gap = 40.0, partGap = 34.0, shift = 14.0
    private static let textSize = 12.0, noteSize = 11.0, inputHeight = 20.0, answerHeight = 44.0

    /// A step that is drawn; `nil` for the ellipsis.
    private struct Column {
        let step: Int?
        let x: Double
    }

    init(_ picture: UnrolledNetwork) { self.picture = picture }

    private var rows: Int { picture.parts.map { $0.groups.joined().count }.max() ?? 0 }
    private var isBidirectional: Bool { picture.parts.contains { $0.groups.contains { $0.count > 1 } } }
    private var boxWidth: Double {
        let names = picture.parts.flatMap { $0.groups.joined() }.flatMap { [TextWidth.of($0.name, size: Self.textSize, bold: true), TextWidth.of($0.weights, size: Self.noteSize)] }
        return max(64, (names.max() ?? 0) + 16)
    }
    /// The distance from a step to the next.
    private var pitch: Double { boxWidth + Self.gap + (isBidirectional ? 2 * Self.shift : 0) }

    /// The steps that are drawn, by number; `nil` for an ellipsis.
    static func shown(_ count: Int) -> [Int?] {
        let limit = UnrolledNetwork.stepLimit
        if count <= limit { return Array(0..<count) }
        return Array(0..<(limit / 2)) + [nil] + Array((count - limit / 2 + 1)..<count)
    }

    mutating func document(width: Double) -> String {
        let top = 34.0, hasNames = picture.parts.contains { !$0.name.isEmpty }
        let answers = top + (hasNames ? 20 : 0), first = answers + Self.answerHeight + Self.rowGap
        let bottom = first + Double(rows) * (Self.boxHeight + Self.rowGap)
        canvas.text(picture.title, x: Self.margin, y: 22, Canvas.TextStyle(size: 14, bold: true))
        var x = Self.margin + 26, number = 0, edges: [[Double]] = []
        for part in picture.parts {
            let columns = Self.shown(part.inputs.count).enumerated().map { Column(step: $1, x: x + (Double($0) + 0.5) * pitch) }
            if !part.name.isEmpty {
                canvas.text(part.name, x: ((columns.first?.x ?? x) + (columns.last?.x ?? x)) / 2, y: top + 12, Canvas.TextStyle(size: Self.textSize, anchor: .middle, bold: true))
            }
            draw(part, columns, bottom: bottom, answers: answers, firstColour: number, after: edges)
            number += part.groups.joined().count
            edges = part.groups.map { group in group.indices.map { (columns.last?.x ?? x) + offset(group, $0) + boxWidth / 2 } }
            x += Double(columns.count) * pitch + Self.partGap
        }
        var y = bottom + Self.inputHeight + 16
        let full = max(width, x + Self.margin)
        for line in picture.note.isEmpty ? [] : TextWidth.lines(picture.note, width: width - 2 * Self.margin, size: 12) {
            canvas.text(line, x: Self.margin, y: y, Canvas.TextStyle(size: 12, paint: .soft))
            y += 16
        }
        let steps = picture.parts.map { "\($0.inputs.count) steps of \($0.groups.joined().map(\.name).joined(separator: ", "))" }.joined(separator: "; then ")
        return canvas.document(width: full.rounded(.up), height: (y + 4).rounded(), title: picture.title, description: "An unrolled recurrent network: \(steps).")
    }

    /// How far a layer's boxes stand beside the step's middle: two directions leave each other's arrows room.
    private func offset(_ group: [UnrolledNetwork.Layer], _ place: Int) -> Double { group.count < 2 ? 0 : place == 0 ? -Self.shift : Self.shift }

    private mutating func draw(_ part: UnrolledNetwork.Part, _ columns: [Column], bottom: Double, answers: Double, firstColour: Int, after edges: [[Double]]) {
        var row = 0, below = bottom
        for (level, group) in part.groups.enumerated() {
            let groupTop = bottom - Double(row + group.count) * (Self.boxHeight + Self.rowGap)
            // What two directions give is joined: a bar above both, from which the next arrows go.
            let joint = group.count < 2 ? groupTop : groupTop - Self.rowGap * 0.4
            for (place, layer) in group.enumerated() {
                let y = bottom - Double(row + 1) * (Self.boxHeight + Self.rowGap), colour = Paint.series[(firstColour + row) % Paint.series.count]
                let start = level < edges.count && place < edges[level].count ? edges[level][place] : nil
                drawStates(layer, columns, x: offset(group, place), middle: y + Self.boxHeight / 2, colour: colour, start: start)
                for column in columns where column.step != nil {
                    // In and out of a box of two directions the arrows pass beside the other's.
                    let side = group.count < 2 ? 0 : place == 0 ? -boxWidth / 2 + 8 : boxWidth / 2 - 8
                    arrow(column.x + offset(group, place) + side, below, column.x + offset(group, place) + side, y + Self.boxHeight)
                    if group.count > 1 { line(column.x + offset(group, place) + side, y, column.x + offset(group, place) + side, joint) }
                    box(layer, x: column.x + offset(group, place), y: y, colour: colour)
                }
                row += 1
            }
            if group.count > 1 {
                let reach = Self.shift + boxWidth / 2 - 8
                for column in columns where column.step != nil { line(column.x - reach, joint, column.x + reach, joint) }
            }
            below = joint
        }
        for column in columns {
            guard let step = column.step else {
                canvas.text("…", x: column.x, y: bottom + 14, Canvas.TextStyle(size: 16, anchor: .middle))
                continue
            }
            canvas.text(TextWidth.fitted(part.inputs[step], width: pitch - 8, size: 13), x: column.x, y: bottom + 15, Canvas.TextStyle(size: 13, anchor: .middle))
        }
        if let readout = part.readout { draw(readout, columns, from: below, top: answers) }
    }

    private mutating func draw(_ readout: UnrolledNetwork.Readout, _ columns: [Column], from below: Double, top: Double) {
        let bottom = top + Self.answerHeight - 6
        switch readout {
        case .eachStep(let texts, let notes):
            for column in columns {
                guard let step = column.step, step < texts.count else { continue }
                arrow(column.x, below, column.x, bottom)
                canvas.text(TextWidth.fitted(texts[step], width: pitch - 8, size: 13), x: column.x, y: top + 14, Canvas.TextStyle(size: 13, anchor: .middle, bold: true))
                if step < notes.count { canvas.text(notes[step], x: column.x, y: top + 30, Canvas.TextStyle(size: Self.noteSize, paint: .soft, anchor: .middle)) }
            }
        case .lastStep(let text):
            guard let last = columns.last else { return }
            arrow(last.x, below, last.x, bottom - 4)
            answerBox(text, around: last.x, top: top, width: TextWidth.of(text, size: Self.textSize, bold: true) + 20)
        case .allSteps(let text):
            guard let first = columns.first, let last = columns.last else { return }
            for column in columns where column.step != nil { arrow(column.x, below, column.x, bottom - 4) }
            answerBox(text, around: (first.x + last.x) / 2, top: top, width: max(last.x - first.x + boxWidth, TextWidth.of(text, size: Self.textSize, bold: true) + 20))
        }
    }

    private mutating func answerBox(_ text: String, around x: Double, top: Double, width: Double) {
        // A box at the right end stays within the picture.
        let area = Area(x: max(Self.margin, x - width / 2), y: top, width: width, height: Self.answerHeight - 10)
        canvas.rectangle(area, radius: 6, Canvas.fill(.panel))
        canvas.rectangle(area, radius: 6, Canvas.stroke(.ink, width: 1.2))
        canvas.text(text, x: area.middleX, y: area.middleY + 4, Canvas.TextStyle(size: Self.textSize, anchor: .middle, bold: true))
    }

    private mutating func box(_ layer: UnrolledNetwork.Layer, x: Double, y: Double, colour: Paint) {
        let area = Area(x: x - boxWidth / 2, y: y, width: boxWidth, height: Self.boxHeight)
        canvas.rectangle(area, radius: 7, Canvas.fill(.paper))
        canvas.rectangle(area, radius: 7, Canvas.fill(colour, opacity: 0.16))
        canvas.rectangle(area, radius: 7, Canvas.stroke(colour, width: 1.6))
        canvas.text(layer.name, x: x, y: y + 16, Canvas.TextStyle(size: Self.textSize, anchor: .middle, bold: true))
        canvas.text(layer.weights, x: x, y: y + 31, Canvas.TextStyle(size: Self.noteSize, paint: .soft, anchor: .middle))
    }

    /// The state's arrows from step to step, and into the first step.
    private mutating func drawStates(_ layer: UnrolledNetwork.Layer, _ columns: [Column], x: Double, middle: Double, colour: Paint, start: Double?) {
        let half = boxWidth / 2
        func edge(_ column: Column, isRight: Bool) -> Double { column.x + x + (column.step == nil ? 0 : isRight ? half : -half) }
        for (column, next) in zip(columns, columns.dropFirst()) {
            let left = edge(column, isRight: true) + (column.step == nil ? 12 : 0), right = edge(next, isRight: false) - (next.step == nil ? 12 : 0)
            if layer.isReversed { arrow(right, middle, left, middle, colour) } else { arrow(left, middle, right, middle, colour) }
            canvas.text(layer.state, x: (left + right) / 2, y: middle - 6, Canvas.TextStyle(size: Self.noteSize, paint: .soft, anchor: .middle))
            if column.step == nil { canvas.text("…", x: column.x + x, y: middle + 4, Canvas.TextStyle(size: 16, anchor: .middle)) }
        }
        guard let first = columns.first, let last = columns.last else { return }
        if layer.isReversed {
            arrow(last.x + x + half + 24, middle, last.x + x + half, middle, colour)
        } else {
            arrow(start ?? first.x + x - half - 24, middle, first.x + x - half, middle, colour)
        }
    }

    private mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ paint: Paint = .soft) { canvas.line(x1, y1, x2, y2, Canvas.stroke(paint, width: 1.4)) }

    /// A line with a head at its end.
    private mutating func arrow(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ paint: Paint = .soft) {
        let length = ((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1)).squareRoot()
        guard length > 0 else { return }
        let (dx, dy) = ((x2 - x1) / length, (y2 - y1) / length), size = 7.0
        line(x1, y1, x2 - dx * size * 0.8, y2 - dy * size * 0.8, paint)
        func at(_ along: Double, _ across: Double) -> String { Canvas.number(x2 - dx * along - dy * across) + " " + Canvas.number(y2 - dy * along + dx * across) }
        canvas.path("M" + at(0, 0) + "L" + at(size, size * 0.45) + "L" + at(size, -size * 0.45) + "z", Canvas.fill(paint))
    }
}
