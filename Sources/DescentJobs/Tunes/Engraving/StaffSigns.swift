import DescentData
import DescentPlot

/// Clefs, key and time signatures, accidentals and bar lines on a staff.
enum StaffSigns {
    /// A clef.
    enum Clef {
        case treble, bass

        /// The position of the middle line, as `Pitch.position` counts.
        var middle: Int { self == .treble ? 34 : 22 }
        /// The line that it stands on, below the middle one.
        var line: Double { self == .treble ? 1 : -1 }
        var glyph: MusicGlyph { self == .treble ? .trebleClef : .bassClef }

        /// The clef in which a voice needs the fewest ledger lines.
        init(for voice: Score.Voice) {
            var sum = 0, count = 0
            for case .note(let note) in voice.elements {
                for head in note.heads { (sum, count) = (sum + head.pitch.position, count + 1) }
            }
            self = count > 0 && sum < 26 * count ? .bass : .treble
        }

        /// How far below the middle line a pitch stands.
        func y(_ pitch: Pitch) -> Double { Double(middle - pitch.position) / 2 }
    }

    /// The letters in the order in which sharps are written; flats come the other way round.
    private static let sharps = [3, 0, 4, 1, 5, 2, 6]
    /// The octaves of the sharps and of the flats in the treble clef.
    private static let sharpOctaves = [5, 5, 5, 5, 4, 5, 4], flatOctaves = [4, 5, 4, 5, 4, 5, 4]

    /// The accidentals of a key in the order of writing, with the naturals that take back the key before it.
    private static func signs(of key: KeySignature, after before: KeySignature?) -> [(step: Int, octave: Int, alteration: Int)] {
        func place(_ step: Int, _ alteration: Int, like: Int) -> (Int, Int, Int) {
            let index = sharps.firstIndex(of: step) ?? 0
            return (step, like < 0 ? flatOctaves[6 - index] : sharpOctaves[index], alteration)
        }
        // Highland pipers write no signature.
        let own =
            key.mode == .pipes
            ? []
            : sharps.filter { key.alteration(of: $0) > 0 }.map { place($0, key.alteration(of: $0), like: 1) }
                + sharps.reversed().filter { key.alteration(of: $0) < 0 }.map { place($0, key.alteration(of: $0), like: -1) }
        let gone = before.map { before in sharps.filter { before.alteration(of: $0) != 0 && key.alteration(of: $0) == 0 }.map { place($0, 0, like: before.alteration(of: $0)) } } ?? []
        // Naturals are written where nothing else says that the key has changed.
        return own.isEmpty ? gone : own
    }

    static func width(of key: KeySignature, after before: KeySignature? = nil) -> Double { Double(signs(of: key, after: before).count) * 1.0 }
    static func width(of metre: Metre) -> Double { metre.beats == 0 ? 0 : metre.symbol != .numbers ? 1.6 : 1.4 * Double(max("\(metre.beats)".count, "\(metre.unit)".count)) }

    static func draw(_ key: KeySignature, after before: KeySignature?, x: Double, y: Double, clef: Clef) -> [InkDrawing.Element] {
        signs(of: key, after: before).enumerated().map { index, sign in
            var place = clef.y(Pitch(step: sign.step, octave: sign.octave))
            if clef == .bass { place = clef.y(Pitch(step: sign.step, octave: sign.octave - 2)) }
            return .shape(accidental(sign.alteration).path, x: x + Double(index), y: y + place)
        }
    }

    static func draw(_ metre: Metre, x: Double, y: Double) -> [InkDrawing.Element] {
        if metre.beats == 0 { return [] }
        if metre.symbol != .numbers {
            let sign = InkDrawing.Element.shape(MusicGlyph.common.path, x: x, y: y)
            return metre.symbol == .common ? [sign] : [sign, .line(x1: x + 0.98, y1: y - 1.5, x2: x + 0.98, y2: y + 1.5, width: 0.16)]
        }
        let width = width(of: metre)
        func number(_ value: Int, y: Double) -> [InkDrawing.Element] {
            let digits = "\(value)".compactMap(\.wholeNumberValue), start = x + (width - 1.4 * Double(digits.count)) / 2
            return digits.enumerated().map { .shape(MusicGlyph.digits[$1].path, x: start + 1.4 * Double($0), y: y) }
        }
        return number(metre.beats, y: y - 1) + number(metre.unit, y: y + 1)
    }

    // MARK: - Accidentals

    static func accidental(_ alteration: Int) -> MusicGlyph {
        switch alteration {
        case 1: .sharp
        case 2...: .doubleSharp
        case ..<0: .flat
        default: .natural
        }
    }

    /// How many accidentals stand side by side before a chord, at most.
    static func accidentalColumns(_ heads: [Score.Note.Head]) -> Int { min(heads.count { $0.showsAccidental } + (heads.contains { $0.showsAccidental && $0.pitch.alteration < -1 } ? 1 : 0), 4) }

    // MARK: - Bar lines

    /// The lines and dots of a bar line whose thin line stands at `x`, over staves whose middle lines are at `ys`.
    static func barLine(_ line: Score.BarLine, x: Double, ys: [Double]) -> [InkDrawing.Element] {
        guard let first = ys.first, let last = ys.last else { return [] }
        var elements: [InkDrawing.Element] = []
        func stroke(_ x: Double, _ width: Double) { elements.append(.line(x1: x, y1: first - 2, x2: x, y2: last + 2, width: width)) }
        func dots(_ x: Double) { for y in ys { for offset in [-0.5, 0.5] { elements.append(.shape(MusicGlyph.dot.path, x: x - 0.2, y: y + offset)) } } }
        switch (line.endsRepeat, line.beginsRepeat) {
        case (true, true):
            dots(x - 1.3)
            stroke(x - 0.75, 0.14)
            stroke(x - 0.2, 0.5)
            stroke(x + 0.35, 0.14)
            dots(x + 0.9)
        case (true, false):
            dots(x - 1.25)
            stroke(x - 0.7, 0.14)
            stroke(x - 0.2, 0.5)
        case (false, true):
            stroke(x + 0.1, 0.5)
            stroke(x + 0.65, 0.14)
            dots(x + 1.2)
        case (false, false):
            switch line.style {
            case .single, .dotted: stroke(x, 0.14)
            case .double:
                stroke(x - 0.5, 0.14)
                stroke(x, 0.14)
            case .final:
                stroke(x - 0.7, 0.14)
                stroke(x - 0.2, 0.5)
            case .initial:
                stroke(x, 0.5)
                stroke(x + 0.55, 0.14)
            }
        }
        return elements
    }
}
