import DescentData
import DescentPlot

/// Draws a line of music around the middle line of its first staff.
struct StaffSystemPainter {
    /// The highest and the lowest place that it needs, below the middle line of its first staff.
    private(set) var top = -3.0, bottom = 3.0
    private var drawn: [InkDrawing.Element] = []
    private let system: StaffSystems.System
    private let clefs: [StaffSigns.Clef]
    private let staves: [Double]

    /// - Parameter continued: The voices whose last note on the line before is tied to the first one here.
    init(_ system: StaffSystems.System, clefs: [StaffSigns.Clef], staffDistance: Double, continued: [Bool]) {
        (self.system, self.clefs) = (system, clefs)
        staves = clefs.indices.map { Double($0) * staffDistance }
        drawStaves()
        for voice in clefs.indices {
            for bar in system.bars { drawNotes(bar, voice: voice) }
            drawTies(voice, continues: voice < continued.count && continued[voice])
        }
        drawSymbols()
        drawEndings()
    }

    /// Everything, moved to a place.
    func elements(x: Double, y: Double) -> [InkDrawing.Element] {
        drawn.map { element in
            switch element {
            case .shape(let path, let ownX, let ownY, let scaleX, let scaleY): .shape(path, x: ownX + x, y: ownY + y, scaleX: scaleX, scaleY: scaleY)
            case .line(let x1, let y1, let x2, let y2, let width): .line(x1: x1 + x, y1: y1 + y, x2: x2 + x, y2: y2 + y, width: width)
            case .text(let text, let ownX, let ownY, let size, let anchor, let isItalic, let isBold):
                .text(text, x: ownX + x, y: ownY + y, size: size, anchor: anchor, isItalic: isItalic, isBold: isBold)
            }
        }
    }

    private mutating func reach(_ y: Double) { (top, bottom) = (min(top, y), max(bottom, y)) }
    private mutating func shape(_ glyph: MusicGlyph, _ x: Double, _ y: Double, scaleX: Double = 1, scaleY: Double = 1) {
        drawn.append(.shape(glyph.path, x: x, y: y, scaleX: scaleX, scaleY: scaleY))
    }
    private mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ width: Double) { drawn.append(.line(x1: x1, y1: y1, x2: x2, y2: y2, width: width)) }

    // MARK: - Staves and bar lines

    private mutating func drawStaves() {
        let end = system.edges.last ?? 0
        for (index, y) in staves.enumerated() {
            for staffLine in -2...2 { line(0, y + Double(staffLine), end, y + Double(staffLine), 0.11) }
            shape(clefs[index].glyph, 0.9, y + clefs[index].line)
            drawn += StaffSigns.draw(system.key, after: nil, x: StaffSystems.clefWidth, y: y, clef: clefs[index])
            if let metre = system.metre { drawn += StaffSigns.draw(metre, x: StaffSystems.clefWidth + StaffSigns.width(of: system.key) + 0.5, y: y) }
        }
        if staves.count > 1 { drawn += StaffSigns.barLine(Score.BarLine(), x: 0, ys: staves) }
        for (index, bar) in system.bars.enumerated() {
            let start = system.edges[index]
            var x = start + (bar.opening?.beginsRepeat == true ? 1.9 : 1)
            if index == 0, let opening = bar.opening, opening.beginsRepeat { drawn += StaffSigns.barLine(Score.BarLine(beginsRepeat: true), x: start - 0.2, ys: staves) }
            if let key = bar.key {
                for (staff, y) in staves.enumerated() { drawn += StaffSigns.draw(key, after: bar.keyBefore, x: x, y: y, clef: clefs[staff]) }
                x += StaffSigns.width(of: key, after: bar.keyBefore) + 0.8
            }
            if let metre = bar.metre { for y in staves { drawn += StaffSigns.draw(metre, x: x, y: y) } }
            guard var closing = bar.closing ?? (system.firstBar + index > 0 || system.bars.count > 1 ? Score.BarLine(style: .final) : nil) else { continue }
            // A repeat that begins on the next line is drawn there.
            if index == system.bars.count - 1 { closing.beginsRepeat = false }
            if index == system.bars.count - 1, !closing.isStrong || closing.style == .initial { closing.style = .single }
            drawn += StaffSigns.barLine(closing, x: system.edges[index + 1], ys: staves)
        }
    }

    // MARK: - Notes

    private mutating func drawNotes(_ bar: StaffBar, voice: Int) {
        let notes = bar.voices[voice], y = staves[voice]
        for note in notes {
            drawGraces(note, y: y, clef: clefs[voice])
            if note.note.isRest {
                if !note.note.isInvisible { drawRest(note, y: y) }
                continue
            }
            drawHeads(note, y: y, clef: clefs[voice])
            guard note.hasStem else { continue }
            let x = StaffBeams.stemX(note)
            line(x, y + (note.isStemUp ? note.low : note.high) + (note.isStemUp ? -0.15 : 0.15), x, y + note.stemEnd, 0.12)
            reach(y + note.stemEnd)
            if !note.isBeamed { drawFlags(note, x: x, y: y) }
        }
        for group in bar.beams[voice] { drawBeams(Array(notes[group]), y: y) }
        drawTuplets(notes, y: y)
    }

    private mutating func drawHeads(_ note: StaffNote, y: Double, clef: StaffSigns.Clef) {
        let heads = note.note.heads.sorted { $0.pitch.position < $1.pitch.position }
        var sides = [Double](repeating: 0, count: heads.count)
        // Of two neighbours one stands on the other side of the stem.
        let order = note.isStemUp ? Array(heads.indices) : heads.indices.reversed()
        for (before, index) in zip(order, order.dropFirst()) where abs(heads[index].pitch.position - heads[before].pitch.position) < 2 && sides[before] == 0 {
            sides[index] = note.isStemUp ? note.glyph.width - 0.1 : 0.1 - note.glyph.width
        }
        var column = 0
        for (index, head) in heads.enumerated() {
            let place = clef.y(head.pitch), x = note.x + sides[index]
            shape(note.glyph, x, y + place)
            reach(y + place + (place > 0 ? 1 : -1))
            for ledger in stride(from: 3.0, through: max(place, 0), by: 1) { line(x - 0.35, y + ledger, x + note.glyph.width + 0.35, y + ledger, 0.16) }
            for ledger in stride(from: -3.0, through: min(place, 0), by: -1) { line(x - 0.35, y + ledger, x + note.glyph.width + 0.35, y + ledger, 0.16) }
            for dot in 0..<note.dots {
                // On a line the dot goes into the space above.
                let isOnLine = (clef.middle - head.pitch.position) % 2 == 0
                shape(.dot, note.x + (sides.max() ?? 0) + note.glyph.width + 0.3 + Double(dot) * 0.55, y + place - (isOnLine ? 0.5 : 0))
            }
            if head.showsAccidental {
                let glyph = StaffSigns.accidental(head.pitch.alteration), isDouble = head.pitch.alteration < -1
                let left = note.x + (sides.min() ?? 0) - 0.25 - glyph.width - Double(column) * 1.1
                shape(glyph, left, y + place)
                if isDouble { shape(glyph, left - 0.75, y + place) }
                column += isDouble ? 2 : 1
            }
        }
    }

    private mutating func drawRest(_ note: StaffNote, y: Double) {
        switch note.head {
        case Fraction(1)...: shape(.wholeRest, note.x, y)
        case Fraction(1, 2): shape(.halfRest, note.x, y)
        case Fraction(1, 4): shape(.quarterRest, note.x, y)
        default:
            // Each flag more hangs one space lower and a little to the left.
            let flags = note.flags
            for flag in 0..<flags { shape(.eighthRest, note.x + 0.22 * Double(flags - 1 - flag), y + Double(flag) - Double(flags - 1) + (flags > 2 ? 1 : 0)) }
        }
        let width = note.head >= Fraction(1, 2) ? 1.2 : 1.0
        for dot in 0..<note.dots { shape(.dot, note.x + width + 0.25 + Double(dot) * 0.55, y - 0.5) }
    }

    private mutating func drawFlags(_ note: StaffNote, x: Double, y: Double) {
        let direction = note.isStemUp ? 1.0 : -1.0
        for flag in 0..<note.flags { shape(flag == 0 && note.flags == 1 ? .flagUp : .flagUpShort, x - 0.05, y + note.stemEnd + Double(flag) * 0.8 * direction, scaleY: direction) }
    }

    private mutating func drawBeams(_ notes: [StaffNote], y: Double) {
        let direction = notes[0].isStemUp ? 1.0 : -1.0, xs = notes.map(StaffBeams.stemX)
        func beam(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) {
            let depth = StaffBeams.thickness * direction
            drawn.append(.shape(PenStroke.polygon([(0, 0), (x2 - x1, y2 - y1), (x2 - x1, y2 - y1 + depth), (0, depth)]), x: x1, y: y + y1))
        }
        let slope = (notes[notes.count - 1].stemEnd - notes[0].stemEnd) / max(xs[xs.count - 1] - xs[0], 0.1)
        for level in 0..<(notes.map(\.flags).max() ?? 1) {
            let offset = Double(level) * StaffBeams.spacing * direction
            var index = 0
            while index < notes.count {
                guard notes[index].flags > level else {
                    index += 1
                    continue
                }
                var end = index
                while end + 1 < notes.count, notes[end + 1].flags > level { end += 1 }
                let first = notes[index].stemEnd + offset
                if end > index {
                    beam(xs[index] - 0.06, first, xs[end] + 0.06, notes[end].stemEnd + offset)
                } else {
                    // A lone note has a stub toward the note that it completes a beat with.
                    let toLeft = index > 0 && (index == notes.count - 1 || notes[index - 1].value > notes[index + 1].value || notes[index - 1].dots > 0)
                    let length = toLeft ? -1.1 : 1.1
                    let (left, right) = (min(0, length), max(0, length))
                    beam(xs[index] + left - (toLeft ? 0 : 0.06), first + slope * left, xs[index] + right + (toLeft ? 0.06 : 0), first + slope * right)
                }
                index = end + 1
            }
        }
    }

    private mutating func drawGraces(_ note: StaffNote, y: Double, clef: StaffSigns.Clef) {
        let graces = note.note.graces, scale = 0.62
        if graces.isEmpty { return }
        let accidentals = note.note.heads.contains(where: \.showsAccidental) ? 1.15 * Double(StaffSigns.accidentalColumns(note.note.heads)) : 0
        let start = note.x - accidentals - 0.35 - 0.95 * Double(graces.count), ys = graces.map { clef.y($0.pitch) }
        let level = (ys.min() ?? 0) - 2.3
        for (index, grace) in graces.enumerated() {
            let x = start + 0.95 * Double(index), stem = x + 1.12 * scale
            shape(.blackHead, x, y + ys[index], scaleX: scale, scaleY: scale)
            if grace.showsAccidental { shape(StaffSigns.accidental(grace.pitch.alteration), x - 0.75, y + ys[index], scaleX: scale, scaleY: scale) }
            for ledger in stride(from: 3.0, through: max(ys[index], 0), by: 1) { line(x - 0.2, y + ledger, x + 0.95, y + ledger, 0.12) }
            for ledger in stride(from: -3.0, through: min(ys[index], 0), by: -1) { line(x - 0.2, y + ledger, x + 0.95, y + ledger, 0.12) }
            line(stem, y + ys[index] - 0.1, stem, y + level, 0.1)
        }
        let first = start + 1.12 * scale, last = first + 0.95 * Double(graces.count - 1)
        if graces.count == 1 {
            shape(.flagUpShort, first - 0.03, y + level, scaleX: scale, scaleY: scale)
            line(first - 0.5, y + level + 1.3, first + 0.7, y + level + 0.4, 0.1)
        } else {
            for beam in 0..<2 { drawn.append(.shape(PenStroke.polygon([(0, 0), (last - first, 0), (last - first, 0.28), (0, 0.28)]), x: first, y: y + level + Double(beam) * 0.45)) }
        }
        reach(y + level)
    }

    // MARK: - What goes over several notes

    private mutating func drawTuplets(_ notes: [StaffNote], y: Double) {
        var start: Int?
        for index in notes.indices {
            guard let tuplet = notes[index].note.tuplet else {
                start = nil
                continue
            }
            if tuplet.isFirst { start = index }
            guard tuplet.isLast, let first = start else { continue }
            let group = notes[first...index], stemmed = group.filter(\.hasStem)
            let isUp = stemmed.isEmpty || stemmed.count { $0.isStemUp } * 2 >= stemmed.count
            let left = notes[first].x, right = notes[index].x + notes[index].glyph.width, middle = (left + right) / 2
            let isBeamed = group.count > 1 && group.allSatisfy(\.isBeamed)
            var edges: [Double] = isUp ? [-2.2] : [2.2]
            for note in group {
                edges += note.note.isRest ? [] : [note.low, note.high]
                if note.hasStem { edges.append(note.stemEnd) }
            }
            let edge = isUp ? (edges.min() ?? -2) - 0.5 : (edges.max() ?? 2) + 0.5
            let place = isUp ? edge - (isBeamed ? 0.1 : 0.7) : edge + (isBeamed ? 1.2 : 1.8)
            drawn.append(.text("\(tuplet.count)", x: middle, y: y + place, size: 1.8, anchor: .middle, isItalic: true, isBold: true))
            if !isBeamed {
                let bracket = isUp ? edge - 1.2 : edge + 1.2, hook = isUp ? 0.7 : -0.7
                for (x1, x2) in [(left, middle - 0.9), (middle + 0.9, right)] where x2 > x1 { line(x1, y + bracket, x2, y + bracket, 0.12) }
                line(left, y + bracket, left, y + bracket + hook, 0.12)
                line(right, y + bracket, right, y + bracket + hook, 0.12)
            }
            reach(y + place + (isUp ? -1.6 : 0.4))
            start = nil
        }
    }

    private mutating func drawTies(_ voice: Int, continues: Bool) {
        let notes = system.bars.flatMap { $0.voices[voice] }.filter { !$0.note.isInvisible || !$0.note.isRest }, y = staves[voice]
        func tie(_ from: Double, _ to: Double, _ place: Double, isAbove: Bool) {
            let width = max(to - from, 1), direction = isAbove ? -1.0 : 1.0, rise = direction * min(0.6 + width * 0.06, 1.5)
            let text = InkDrawing.number
            let path =
                "M0 0C\(text(width * 0.25)) \(text(rise)) \(text(width * 0.75)) \(text(rise)) \(text(width)) 0C\(text(width * 0.75)) \(text(rise + 0.22 * direction)) \(text(width * 0.25)) \(text(rise + 0.22 * direction)) 0 0Z"
            drawn.append(.shape(path, x: from, y: y + place + 0.6 * direction))
        }
        for (index, note) in notes.enumerated() where note.note.isTied {
            let next = index + 1 < notes.count ? notes[index + 1] : nil
            let end = next.map { $0.x - 0.15 } ?? (system.edges.last ?? note.x) - 0.3
            for (number, head) in note.note.heads.enumerated() where next == nil || next!.note.heads.contains(where: { $0.pitch == head.pitch }) {
                // Away from the stem; in a chord the upper ones above, the lower ones below.
                let isAbove = note.note.heads.count > 1 ? number * 2 >= note.note.heads.count : note.hasStem ? !note.isStemUp : note.low <= 0
                tie(note.x + note.glyph.width + 0.15, end, clefs[voice].y(head.pitch), isAbove: isAbove)
            }
        }
        if continues, let first = notes.first {
            for head in first.note.heads { tie(max(first.x - 2.2, system.signature), first.x - 0.15, clefs[voice].y(head.pitch), isAbove: first.hasStem ? !first.isStemUp : first.low <= 0) }
        }
    }

    /// Chord symbols and texts, above everything on the first staff.
    private mutating func drawSymbols() {
        let symbols = system.bars.flatMap { $0.voices.first ?? [] }.compactMap { note in note.note.symbol.map { (note.x, $0) } }
        if symbols.isEmpty { return }
        let level = top - 0.9
        var free = -Double.infinity
        for (x, symbol) in symbols {
            let isText = symbol.first.map { "^_<>@".contains($0) } ?? false
            let words = isText ? String(symbol.dropFirst().drop { symbol.first == "@" && ($0.isNumber || $0 == "," || $0 == "-" || $0 == " ") }) : symbol
            let place = max(x, free)
            drawn.append(.text(words, x: place, y: level, size: 1.7, isItalic: isText))
            free = place + 0.95 * Double(words.count) + 0.5
        }
        top = level - 1.6
    }

    /// Brackets over endings, with their numbers.
    private mutating func drawEndings() {
        let starts = system.bars.indices.filter { system.bars[$0].opening?.endings.isEmpty == false }
        if starts.isEmpty { return }
        let level = top - 2
        for start in starts {
            var end = start
            // An ending goes on to the bar line that ends it, or to the end of the line of music.
            while end + 1 < system.bars.count, system.bars[end].closing?.isStrong != true, system.bars[end + 1].opening?.endings.isEmpty != false { end += 1 }
            let isClosed = system.bars[end].closing?.isStrong == true || end + 1 < system.bars.count
            let (left, right) = (system.edges[start] + 0.1, system.edges[end + 1] - 0.5)
            line(left, level, right, level, 0.14)
            line(left, level, left, level + 1.9, 0.14)
            if isClosed { line(right, level, right, level + 1.9, 0.14) }
            let numbers = (system.bars[start].opening?.endings ?? []).map { "\($0)" }.joined(separator: ", ")
            drawn.append(.text("\(numbers).", x: left + 0.6, y: level + 1.8, size: 1.6))
        }
        top = level - 0.3
    }
}
