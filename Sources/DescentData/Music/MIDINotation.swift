/// Writes notes on a grid as ABC notation: bars, ties over them, triplets, accidentals where the key needs them.
struct MIDINotation {
    /// A line with metre, unit length and key, and lines of notes.
    private(set) var text: String
    private let key: KeySignature
    /// The accidentals of the present bar, by position.
    private var accidentals: [Int: Int] = [:]

    private static let barsInLine = 4

    /// - Parameter events: Notes and rests without gaps, in 24ths of a quarter note.
    init(_ events: [MIDIMelody.Event], bars: MIDIBars, key: KeySignature) {
        self.key = key
        guard let start = events.first?.start, let first = bars.bars.firstIndex(where: { $0.start + $0.length > start }) else {
            text = "M:4/4 L:1/8 K:\(key.abc)\n"
            return
        }
        var metre = bars.bars[first].metre
        text = "M:\(metre.abc) L:1/8 K:\(key.abc)\n"
        var rest = events[...], count = 0
        for bar in bars.bars[first...] {
            if rest.isEmpty { break }
            let end = bar.start + bar.length
            var part: [(event: MIDIMelody.Event, isTied: Bool)] = []
            while let event = rest.first, event.start < end {
                if event.end <= end {
                    part.append((event, false))
                    rest.removeFirst()
                } else {
                    part.append((MIDIMelody.Event(start: event.start, end: end, key: event.key), event.key != nil))
                    rest[rest.startIndex].start = end
                    break
                }
            }
            if bar.metre != metre {
                metre = bar.metre
                text += "[M:\(metre.abc)]"
            }
            // The tune's last bar is filled, so that it adds up.
            if rest.isEmpty, let last = part.last?.event.end, last < end { part.append((MIDIMelody.Event(start: last, end: end), false)) }
            accidentals = [:]
            text += written(part, bar)
            count += 1
            text += rest.isEmpty ? "|]\n" : count % Self.barsInLine == 0 ? "|\n" : "|"
        }
    }

    /// A bar's notes, with a blank between beats.
    private mutating func written(_ part: [(event: MIDIMelody.Event, isTied: Bool)], _ bar: (start: Int, length: Int, metre: Metre)) -> String {
        let beat = MIDIBars.beat(bar.metre)
        // In a beat with triplets notes end where it ends.
        let triplets = Set(part.flatMap { [$0.event.start - bar.start, $0.event.end - bar.start] }.filter { $0 % 3 != 0 }.map { $0 / beat })
        var pieces: [(event: MIDIMelody.Event, isTied: Bool)] = []
        for (event, isTied) in part {
            var start = event.start
            for number in triplets.sorted() {
                for cut in [bar.start + number * beat, bar.start + (number + 1) * beat] where cut > start && cut < event.end {
                    pieces.append((MIDIMelody.Event(start: start, end: cut, key: event.key), event.key != nil))
                    start = cut
                }
            }
            pieces.append((MIDIMelody.Event(start: start, end: event.end, key: event.key), isTied))
        }
        var result = "", index = 0
        while index < pieces.count {
            let number = (pieces[index].event.start - bar.start) / beat
            if index > 0, number != (pieces[index - 1].event.start - bar.start) / beat { result += " " }
            var end = index + 1
            if triplets.contains(number) {
                while end < pieces.count, (pieces[end].event.start - bar.start) / beat == number { end += 1 }
                if end - index > 1 { result += end - index == 3 ? "(3" : "(3:2:\(end - index)" }
            }
            for piece in pieces[index..<end] {
                let isTriplet = triplets.contains(number) && end - index > 1
                result += note(piece.event, isTied: piece.isTied, scale: isTriplet ? Fraction(3, 2) : Fraction(1))
            }
            index = end
        }
        return result
    }

    private mutating func note(_ event: MIDIMelody.Event, isTied: Bool, scale: Fraction) -> String {
        let length = Fraction(event.end - event.start, MIDIMelody.grid / 2) * scale
        let number = (length.numerator == 1 ? "" : "\(length.numerator)") + (length.denominator == 1 ? "" : "/\(length.denominator)")
        guard let midi = event.key else { return "z\(number)" }
        let pitch = Pitch(midi: midi, in: key)
        var sign = ""
        if pitch.alteration != accidentals[pitch.position] ?? key.alteration(of: pitch.step) {
            sign = KeySignature.sign(pitch.alteration)
            accidentals[pitch.position] = pitch.alteration
        }
        return "\(sign)\(pitch.abc)\(number)\(isTied ? "-" : "")"
    }
}
