import DescentData

/// A note, chord or rest of one bar as it is written: one head value, and its place in time.
package struct StaffNote {
    /// The note.
    var note: Score.Note
    /// When it begins within its bar, in whole notes.
    var onset: Fraction
    /// Its written value in whole notes: a power of two with dots.
    var value: Fraction

    // What follows is filled in as it is placed.

    /// The left edge of its heads.
    package var x = 0.0
    /// The lowest and the highest head, in staff spaces below the middle line.
    package var low = 0.0, high = 0.0
    /// Whether its stem points up.
    package var isStemUp = true
    /// Where its stem ends.
    package var stemEnd = 0.0
    /// Whether it stands under a beam.
    var isBeamed = false

    /// The value without dots.
    var head: Fraction { Fraction(1 << value.numerator.logarithm, value.denominator) }
    /// How many dots it has.
    var dots: Int { (value.numerator >> value.numerator.trailingZeroBitCount).nonzeroBitCount - 1 }
    /// How many flags or beams it has.
    var flags: Int { Swift.max(0, head.denominator.trailingZeroBitCount - 2) }
    /// Whether it has a stem.
    package var hasStem: Bool { !note.isRest && head < Fraction(1) }
    /// The sign of its heads.
    var glyph: MusicGlyph { head >= Fraction(1) ? .wholeHead : head == Fraction(1, 2) ? .halfHead : .blackHead }

    /// The notes of a bar; what is no value of one note, as five eighths, becomes several with ties.
    package static func notes(of elements: ArraySlice<Score.Element>, from start: Fraction) -> [StaffNote] {
        var result: [StaffNote] = [], onset = start
        for case .note(let note) in elements {
            let values = values(of: note.writtenDuration)
            for (index, value) in values.enumerated() {
                var part = note
                if index > 0 { (part.symbol, part.graces, part.heads) = (nil, [], part.heads.map { Score.Note.Head(pitch: $0.pitch) }) }
                if index < values.count - 1 { part.isTied = true }
                part.duration = note.tuplet.map { value * Fraction($0.space, $0.count) } ?? value
                if values.count > 1 {
                    part.tuplet?.isFirst = note.tuplet?.isFirst == true && index == 0
                    part.tuplet?.isLast = note.tuplet?.isLast == true && index == values.count - 1
                }
                result.append(StaffNote(note: part, onset: onset, value: value))
                onset += part.duration
            }
        }
        return result
    }

    /// The shortest and the longest value that is drawn.
    private static let shortest = Fraction(1, 128), longest = Fraction(2)

    /// A duration as values of notes, the longest first. What is finer than the shortest value is left out.
    package static func values(of duration: Fraction) -> [Fraction] {
        var rest = duration, values: [Fraction] = []
        while rest >= shortest, values.count < 16 {
            var value = longest
            while value > rest { value = value * Fraction(1, 2) }
            // One dot or two, where they fit exactly.
            for dotted in [value * Fraction(7, 4), value * Fraction(3, 2)] where dotted == rest {
                value = dotted
                break
            }
            values.append(value)
            rest -= value
        }
        return values.isEmpty ? [shortest] : values
    }
}

extension Int {
    /// The place of the highest bit.
    fileprivate var logarithm: Int { self < 1 ? 0 : Int.bitWidth - 1 - leadingZeroBitCount }
}
