import DescentData

/// A bar of all voices with the widths that it asks for.
package struct StaffBar {
    /// The notes of each voice.
    package var voices: [[StaffNote]]
    /// The beams of each voice.
    var beams: [[Range<Int>]]
    /// The onsets at which something stands, in order.
    let onsets: [Fraction]
    /// How much room stands before the heads of each onset, and from its heads to the next onset.
    let before, after: [Double]
    /// What changes at its beginning.
    let key: KeySignature?
    let metre: Metre?
    /// The key before it, whose accidentals a change takes away.
    let keyBefore: KeySignature
    /// The bar lines around it.
    let opening, closing: Score.BarLine?

    /// The least width from bar line to bar line.
    var width: Double { lead + zip(before, after).reduce(0) { $0 + $1.0 + $1.1 } + trail }
    /// The room between the last note's and the bar line, for the dots of a repeat and for second lines.
    var trail: Double { closing?.endsRepeat == true ? 1.1 : closing?.isStrong == true ? 0.5 : 0 }
    /// The room between the bar line and the first note.
    var lead: Double {
        1.1 + (key.map { StaffSigns.width(of: $0, after: keyBefore) + 0.8 } ?? 0) + (metre.map { StaffSigns.width(of: $0) + 0.8 } ?? 0) + (opening?.beginsRepeat == true ? 0.9 : 0)
    }

    /// Lays out the bar at a place of each voice.
    ///
    /// - Parameters:
    ///   - parts: The bar of each voice; `nil` where a voice has ended.
    ///   - metre: The metre and the key before it; those of its own changes come back in them.
    init(_ parts: [(bar: Score.Voice.Bar, elements: [Score.Element])?], metre: inout Metre, key: inout KeySignature, isFirst: Bool) {
        keyBefore = key
        var newKey: KeySignature?, newMetre: Metre?
        for element in parts.first??.elements ?? [] {
            if case .key(let change) = element, change != key { (newKey, key) = (change, change) }
            if case .metre(let change) = element, change != metre { (newMetre, metre) = (change, change) }
        }
        // What is said before the first note belongs to the beginning of the first line.
        (self.key, self.metre) = isFirst ? (nil, nil) : (newKey, newMetre)
        let bar = parts.compactMap { $0?.bar }.first
        (opening, closing) = (bar?.opening, bar?.closing)
        let current = metre
        voices = parts.map { part in
            guard let part else { return [] }
            // A short bar at the beginning of a section ends on the beat that a full bar ends on.
            let missing = (current.bar ?? part.bar.duration) - part.bar.duration
            let isUpbeat = missing > .zero && (part.bar.opening?.isStrong ?? true)
            var notes = StaffNote.notes(of: part.elements[...], from: isUpbeat ? missing : .zero)
            // A rest of a whole bar is written as that of a whole note in any metre.
            if notes.count == 1, notes[0].note.isRest, part.bar.duration == current.bar { notes[0].value = Fraction(1) }
            return notes
        }
        beams = voices.map { StaffBeams.groups($0, metre: current) }
        let onsets = Set(voices.joined().map(\.onset)).sorted()
        let end = voices.compactMap { $0.last.map { $0.onset + $0.note.duration } }.max() ?? .zero
        self.onsets = onsets
        let voices = voices
        before = onsets.map { onset in voices.joined().filter { $0.onset == onset }.map(Self.room(before:)).max() ?? 0 }
        after = onsets.enumerated().map { index, onset in
            let next = index + 1 < onsets.count ? onsets[index + 1] : end
            let heads = voices.joined().filter { $0.onset == onset }.map { Self.room(of: $0) }.max() ?? 1.2
            return max(heads + 0.5, Self.space(next - onset))
        }
    }

    /// The distance to the next onset by its time: each doubling adds as much.
    private static func space(_ duration: Fraction) -> Double {
        let sixteenths = max(duration.value * 16, 0.25)
        return 1.95 + 1.05 * (Double(sixteenths.exponent) + sixteenths.significand - 1)
    }

    private static func room(before note: StaffNote) -> Double {
        let accidentals = note.note.heads.contains(where: \.showsAccidental) ? 1.15 * Double(StaffSigns.accidentalColumns(note.note.heads)) : 0
        return accidentals + (note.note.graces.isEmpty ? 0 : 0.6 + 0.95 * Double(note.note.graces.count) + (note.note.graces.contains(where: \.showsAccidental) ? 0.6 : 0))
    }

    /// The width of heads with their dots and flags.
    private static func room(of note: StaffNote) -> Double {
        (note.note.isRest ? 1.2 : note.glyph.width) + Double(note.dots) * 0.55 + (note.dots > 0 ? 0.2 : 0) + (note.flags > 0 && !note.note.isRest ? 0.35 : 0)
    }
}
