import DescentData

/// Which notes of a bar stand under one beam, and where their stems end.
package enum StaffBeams {
    /// The lengths of a stem, and the distance of beams, in staff spaces.
    static let stem = 3.5, spacing = 0.75, thickness = 0.5
    /// The most that a beam rises or falls.
    private static let steepest = 1.0

    /// Groups of neighbours that share a beam: eighths and shorter within a beat, without rests and blanks between.
    package static func groups(_ notes: [StaffNote], metre: Metre) -> [Range<Int>] {
        var groups: [Range<Int>] = [], start = 0
        func close(_ end: Int) {
            if end - start > 1 { groups.append(start..<end) }
            start = end
        }
        for index in notes.indices {
            if notes[index].flags == 0 || !notes[index].hasStem {
                close(index)
                start = index + 1
                continue
            }
            if index > start, !belong(notes, start, index, metre) { close(index) }
        }
        close(notes.count)
        return groups
    }

    /// Whether a note goes on with the group that the one before it is in.
    private static func belong(_ notes: [StaffNote], _ start: Int, _ index: Int, _ metre: Metre) -> Bool {
        if notes[index - 1].note.endsBeam { return false }
        if metre.beats == 0 { return true }
        // In 4/4 four eighths stand together, since half a bar is easy to see; sixteenths go by the beat.
        let isPlain = notes[start...index].allSatisfy { $0.flags == 1 && $0.note.tuplet == nil }
        let window = isPlain && metre.unit == 4 && metre.beats % 2 == 0 ? Fraction(1, 2) : metre.beat
        return (notes[start].onset / window).floor == (notes[index].onset / window).floor
    }

    /// Chooses directions and ends of the stems of a bar.
    static func place(_ notes: inout [StaffNote], groups: [Range<Int>]) {
        for index in notes.indices where notes[index].hasStem {
            // The head farthest from the middle line decides; on the line stems point down.
            notes[index].isStemUp = notes[index].low + notes[index].high > 0.01
            notes[index].stemEnd = end(of: notes[index])
        }
        for group in groups { beam(&notes, group) }
    }

    private static func end(of note: StaffNote) -> Double {
        let more = Double(max(note.flags - 2, 0)) * spacing
        // A stem of a note on ledger lines reaches to the middle line.
        return note.isStemUp ? min(note.high - stem - more, 0) : max(note.low + stem + more, 0)
    }

    private static func beam(_ notes: inout [StaffNote], _ group: Range<Int>) {
        let low = notes[group].map(\.low).max() ?? 0, high = notes[group].map(\.high).min() ?? 0
        let isUp = low + high > 0.01
        for index in group { (notes[index].isStemUp, notes[index].isBeamed) = (isUp, true) }
        let (first, last) = (notes[group.lowerBound], notes[group.upperBound - 1])
        func anchor(_ note: StaffNote) -> Double { isUp ? note.high : note.low }
        let across = max(stemX(last) - stemX(first), 0.1)
        var rise = min(max((anchor(last) - anchor(first)) / 2, -steepest), steepest)
        // A beam is level where a note between its ends goes beyond both.
        let inner = notes[group].dropFirst().dropLast().map(anchor)
        if let beyond = isUp ? inner.min() : inner.max(), isUp ? beyond < min(anchor(first), anchor(last)) : beyond > max(anchor(first), anchor(last)) { rise = 0 }
        let deepest = Double(max((notes[group].map(\.flags).max() ?? 1) - 1, 0)) * spacing
        // The line that leaves every stem long enough: the shortest wish of all decides.
        let shortest = 2.75 + deepest * 0.8
        var start = isUp ? Double.infinity : -Double.infinity
        for index in group {
            let slope = rise * (stemX(notes[index]) - stemX(first)) / across
            let wish = isUp ? min(anchor(notes[index]) - shortest, 0.5) - slope : max(anchor(notes[index]) + shortest, -0.5) - slope
            start = isUp ? min(start, wish) : max(start, wish)
        }
        for index in group { notes[index].stemEnd = start + rise * (stemX(notes[index]) - stemX(first)) / across }
    }

    /// Where a note's stem stands.
    static func stemX(_ note: StaffNote) -> Double { note.x + (note.isStemUp ? note.glyph.width - 0.06 : 0.06) }
}
