import DescentFormats

/// The melody of a MIDI file as a tune in ABC notation, so that one network learns from both.
public struct MIDIMelody: Sendable {
    /// The tune's text: a line with metre, unit length and key, and lines of notes.
    public let text: String
    /// What was chosen and guessed, in a sentence without the file's name.
    public let notice: String

    /// A note or rest on the grid: its beginning, its end and its key, `nil` for a rest. Times are in 24ths of a quarter note.
    struct Event: Equatable {
        var start, end: Int
        var key: Int?
    }

    /// Grid lines of a quarter note.
    static let grid = 24

    /// Chooses the line that is most likely the melody, and writes it on a grid.
    ///
    /// - Throws: `DataError` where the file has no notes but drums.
    public init(_ midi: MIDIFile, file: String) throws(DataError) {
        guard let voice = Self.voice(midi) else {
            throw DataError(file: file, midi.notes.isEmpty ? "there are no notes in it" : "there are no notes in it but those of drums (channel 10)")
        }
        let metres = midi.metres.isEmpty ? [(time: 0, metre: Metre(4, 4))] : midi.metres
        let bars = MIDIBars(metres, end: voice.notes.map(\.end).max() ?? 0)
        let (events, shift, hasTriplets) = Self.onGrid(voice.notes, bars)
        guard let first = events.first, let lastBar = bars.bars.last, first.start < lastBar.start + lastBar.length else {
            throw DataError(file: file, "its notes begin after bar \(bars.bars.count), where reading ends; remove the silence before them")
        }
        let isCut = events.last!.end > lastBar.start + lastBar.length
        let given = midi.keys.first, isGiven = given.map { $0.fifths != 0 || $0.isMinor } ?? false
        // Programs write C major where nobody said a key.
        let key = isGiven ? KeySignature(fifths: given!.fifths, isMinor: given!.isMinor) : Self.key(of: events)
        text = MIDINotation(events, bars: bars, key: key).text
        let grid = hasTriplets ? "sixteenths and triplets" : "sixteenths"
        notice =
            "melody of track \(voice.track + 1)\(voice.name.isEmpty ? "" : " \(quoted(voice.name))"), channel \(voice.channel + 1): \(events.count { $0.key != nil } == 1 ? "one note" : "\(events.count { $0.key != nil }) notes") on a grid of \(grid), moved by \(Int((shift * 100).rounded())) % of a quarter note at most; \(isGiven ? "key" : "key guessed:") \(key.name)\(midi.metres.isEmpty ? "; no metre is given, 4/4 is taken" : "")\(midi.isTimed ? "; times are in seconds, two quarter notes in each are taken" : "")\(isCut ? "; only the first \(bars.bars.count) bars are read" : "")"
    }

    // MARK: - The line

    private struct Line {
        let track, channel: Int
        let name: String
        let notes: [MIDIFile.Note]
    }

    private static let names = ["melod", "vocal", "voice", "lead", "solo", "sopran", "flute", "violin", "fiddle", "sing", "tune"]

    /// The track and channel with the melody: one line rather than chords, high rather than low, with as many notes as a melody has; a name says more.
    private static func voice(_ midi: MIDIFile) -> Line? {
        let lines = Dictionary(grouping: midi.notes.filter { $0.channel != 9 }) { $0.track << 4 | $0.channel }
        let most = lines.values.map(\.count).max() ?? 0
        func score(_ place: Int, _ notes: [MIDIFile.Note]) -> Double {
            let pitch = Double(notes.reduce(0) { $0 + $1.key }) / Double(notes.count)
            let alone = Double(zip(notes, notes.dropFirst()).count { $0.end <= $1.start + 0.1 } + 1) / Double(notes.count)
            let name = midi.names[place >> 4].lowercased()
            return pitch + 12 * alone + (names.contains { name.contains($0) } ? 24 : 0) - (name.contains("bass") ? 24 : 0)
        }
        let able = lines.filter { $0.value.count * 5 >= most }
        guard let best = able.max(by: { (score($0.key, $0.value), -$0.key) < (score($1.key, $1.value), -$1.key) }) else { return nil }
        return Line(track: best.key >> 4, channel: best.key & 15, name: midi.names[best.key >> 4], notes: best.value)
    }

    // MARK: - The grid

    /// The grids of a beat by the distance of their lines, and what each costs beside the error of its notes: a plain one is taken where it does as well.
    private static let grids: [(step: Int, cost: Double)] = [(6, 0), (8, 0.35), (3, 0.9), (4, 1.2)]

    /// The highest line of some notes on a grid that is chosen beat by beat, and the largest distance that an onset was moved by.
    private static func onGrid(_ notes: [MIDIFile.Note], _ bars: MIDIBars) -> (events: [Event], shift: Double, hasTriplets: Bool) {
        var steps: [Int: Int] = [:], shift = 0.0, hasTriplets = false
        let placed = notes.map { (start: $0.start * Double(grid), end: $0.end * Double(grid), key: $0.key) }
        for (beat, members) in Dictionary(grouping: placed, by: { bars.beat(at: $0.start) }) {
            let isCompound = bars.beatLength(beat) != grid
            let best = grids.filter { !isCompound || $0.step == 6 || $0.step == 3 }.min { a, b in
                func cost(_ choice: (step: Int, cost: Double)) -> Double {
                    members.reduce(0) { sum, note in sum + abs(note.start - Self.nearest(note.start, beat, choice.step)) } / Double(members.count) + choice.cost
                }
                return cost(a) < cost(b)
            }
            steps[beat] = best?.step
        }
        func snapped(_ time: Double) -> Int {
            let beat = bars.beat(at: time)
            return Int(nearest(time, beat, steps[beat] ?? 6))
        }
        var events: [Event] = []
        for note in placed {
            let start = snapped(note.start), end = Swift.max(snapped(note.end), start + 3)
            shift = Swift.max(shift, abs(Double(start) - note.start) / Double(grid))
            if [8, 4].contains(steps[bars.beat(at: note.start)] ?? 6) { hasTriplets = true }
            guard let last = events.last else {
                events.append(Event(start: start, end: end, key: note.key))
                continue
            }
            // Of notes that begin together the highest is kept; a lower one under a note that goes on accompanies it.
            if start == last.start {
                if note.key > (last.key ?? 0) { events[events.count - 1] = Event(start: start, end: end, key: note.key) }
                continue
            }
            if note.key < (last.key ?? 0) && start + 6 <= last.end { continue }
            // A short gap between notes is how they were played, not a rest.
            let gap = start - last.end
            if gap < 0 || gap < 6 || gap * 4 <= start - last.start { events[events.count - 1].end = start }
            if events[events.count - 1].end < start { events.append(Event(start: events[events.count - 1].end, end: start)) }
            events.append(Event(start: start, end: end, key: note.key))
        }
        return (events, shift, hasTriplets)
    }

    private static func nearest(_ time: Double, _ beat: Int, _ step: Int) -> Double { Double(beat) + ((time - Double(beat)) / Double(step)).rounded() * Double(step) }

    // MARK: - The key

    /// How well each of twelve semitones above the tonic fits into a major and a minor key (Krumhansl and Kessler 1982).
    private static let major = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88], minor = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17]

    /// The key whose profile correlates best with how long each pitch class sounds.
    static func key(of events: [Event]) -> KeySignature {
        var weights = [Double](repeating: 0, count: 12)
        for event in events { if let key = event.key { weights[key % 12] += Double(event.end - event.start) } }
        func correlation(_ profile: [Double], _ tonic: Int) -> Double {
            let meanProfile = profile.reduce(0, +) / 12, meanWeight = weights.reduce(0, +) / 12
            var product = 0.0, square = 0.0
            for index in 0..<12 {
                let (a, b) = (profile[index] - meanProfile, weights[(index + tonic) % 12] - meanWeight)
                (product, square) = (product + a * b, square + a * a)
            }
            return product / square.squareRoot()
        }
        var best = (score: -Double.infinity, fifths: 0, isMinor: false)
        for fifths in -5...6 {
            for (isMinor, profile) in [(false, major), (true, minor)] {
                let tonic = (((fifths + (isMinor ? 3 : 0)) * 7) % 12 + 12) % 12, score = correlation(profile, tonic)
                if score > best.score { best = (score, fifths, isMinor) }
            }
        }
        return KeySignature(fifths: best.fifths, isMinor: best.isMinor)
    }
}

/// The bars and beats of a MIDI file, in 24ths of a quarter note.
struct MIDIBars {
    /// The beginning of each bar, its length, and its metre.
    private(set) var bars: [(start: Int, length: Int, metre: Metre)] = []

    /// The most bars of a tune.
    private static let limit = 5000

    init(_ changes: [(time: Double, metre: Metre)], end: Double) {
        var start = 0, metre = Metre(4, 4), next = 0
        let last = Int(Swift.min(end, 1e6) * Double(MIDIMelody.grid)) + 1
        while start < last, bars.count < Self.limit {
            // A change within a bar is one at the next bar line.
            while next < changes.count, changes[next].time * Double(MIDIMelody.grid) < Double(start) + 0.5 {
                metre = changes[next].metre
                next += 1
            }
            let length = Swift.max(metre.beats * 4 * MIDIMelody.grid / metre.unit, 6)
            bars.append((start, length, metre))
            start += length
        }
    }

    private func bar(at time: Double) -> (start: Int, length: Int, metre: Metre)? {
        var low = 0, high = bars.count
        while low < high {
            let middle = (low + high) / 2
            if Double(bars[middle].start) <= time { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? bars.first : bars[low - 1]
    }

    /// The length of a metre's beat.
    static func beat(_ metre: Metre) -> Int { Swift.max(Int((metre.beat.value * 4 * Double(MIDIMelody.grid)).rounded()), 6) == MIDIMelody.grid * 3 / 2 ? MIDIMelody.grid * 3 / 2 : MIDIMelody.grid }

    /// The beginning of the beat at a time.
    func beat(at time: Double) -> Int {
        guard let bar = bar(at: time) else { return 0 }
        let length = Self.beat(bar.metre)
        return bar.start + Int(Swift.max(time - Double(bar.start), 0)) / length * length
    }

    /// How long the beat is that begins at a time.
    func beatLength(_ start: Int) -> Int { bar(at: Double(start)).map { Self.beat($0.metre) } ?? MIDIMelody.grid }
}
