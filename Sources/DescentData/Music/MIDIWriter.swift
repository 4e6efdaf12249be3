/// Writes a score as a Standard MIDI File of format 1: a track with tempo, metre and key, and one for each voice.
public enum MIDIWriter {
    /// Ticks of a quarter note: halves, thirds, fifths and their products are whole numbers.
    static let ticks = 480
    /// Quarter notes a minute where the score has no tempo: a moderate pace, the beat of a compound metre being three eighths.
    static func usualTempo(_ metre: Metre) -> Tempo { Tempo(note: metre.isCompound ? Fraction(3, 8) : Fraction(1, 4), perMinute: metre.isCompound ? 100 : 112) }

    /// The bytes of the file. Repeats are played, ties joined.
    public static func bytes(of score: Score) -> [UInt8] {
        let performance = ScorePerformance(score)
        var tracks = [conductor(score, performance)]
        for (index, notes) in performance.voices.enumerated() {
            // The tenth channel has drums.
            let channel = UInt8(index % 15), number = channel < 9 ? channel : channel + 1
            tracks.append(track(notes, name: score.voices[index].name, channel: number))
        }
        var bytes: [UInt8] = Array("MThd".utf8) + big(6, count: 4) + big(1, count: 2) + big(tracks.count, count: 2) + big(ticks, count: 2)
        for track in tracks { bytes += Array("MTrk".utf8) + big(track.count, count: 4) + track }
        return bytes
    }

    private static func big(_ value: Int, count: Int) -> [UInt8] { (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

    /// A number in groups of seven bits, the first ones marked.
    private static func variable(_ value: Int) -> [UInt8] {
        var groups = [UInt8(value & 0x7F)], rest = value >> 7
        while rest > 0 {
            groups.insert(UInt8(rest & 0x7F) | 0x80, at: 0)
            rest >>= 7
        }
        return groups
    }

    private static func meta(_ kind: UInt8, _ data: [UInt8]) -> [UInt8] { [0xFF, kind] + variable(data.count) + data }
    private static func tick(_ time: Fraction) -> Int { Int((time.value * 4 * Double(ticks)).rounded()) }

    /// Events at ticks, each with the time since the last before it.
    private static func encoded(_ events: [(tick: Int, bytes: [UInt8])], end: Int) -> [UInt8] {
        var result: [UInt8] = [], last = 0
        for event in events {
            result += variable(event.tick - last) + event.bytes
            last = event.tick
        }
        return result + variable(Swift.max(end - last, 0)) + meta(0x2F, [])
    }

    private static func conductor(_ score: Score, _ performance: ScorePerformance) -> [UInt8] {
        var events: [(tick: Int, bytes: [UInt8])] = []
        if !score.title.isEmpty { events.append((0, meta(0x03, Array(score.title.utf8)))) }
        func tempo(_ tempo: Tempo) -> [UInt8] { meta(0x51, big(Int((60e6 / Swift.min(Swift.max(tempo.quarters, 4), 6000)).rounded()), count: 3)) }
        if score.tempo == nil { events.append((0, tempo(usualTempo(score.metre)))) }
        for change in performance.changes {
            let tick = tick(change.time)
            switch change.element {
            case .metre(let metre) where metre.beats > 0 && metre.beats <= 64:
                // A click of the metronome lasts a beat, in 24ths of a quarter note.
                let click = UInt8(Swift.min(Swift.max((metre.beat * Fraction(96)).value, 1), 255))
                events.append((tick, meta(0x58, [UInt8(metre.beats), UInt8(metre.unit.trailingZeroBitCount), click, 8])))
            case .key(let key): events.append((tick, meta(0x59, [UInt8(bitPattern: Int8(key.fifths)), key.mode.isMinor ? 1 : 0])))
            case .tempo(let change): events.append((tick, tempo(change)))
            default: break
            }
        }
        return encoded(events, end: tick(performance.duration))
    }

    private static func track(_ notes: [ScorePerformance.Note], name: String, channel: UInt8) -> [UInt8] {
        var events: [(tick: Int, bytes: [UInt8])] = [(0, meta(0x03, Array((name.isEmpty ? "Melody" : name).utf8))), (0, [0xC0 | channel, 0])]
        var strokes: [(tick: Int, isOn: Bool, key: UInt8)] = []
        for note in notes where (0...127).contains(note.key) {
            let start = tick(note.start), end = Swift.max(tick(note.start + note.duration), start + 1)
            strokes += [(start, true, UInt8(note.key)), (end, false, UInt8(note.key))]
        }
        // A key is released before it is struck again.
        strokes.sort { ($0.tick, $0.isOn ? 1 : 0, $0.key) < ($1.tick, $1.isOn ? 1 : 0, $1.key) }
        for stroke in strokes { events.append((stroke.tick, [(stroke.isOn ? 0x90 : 0x80) | channel, stroke.key, stroke.isOn ? 88 : 64])) }
        return encoded(events, end: strokes.last?.tick ?? 0)
    }
}
