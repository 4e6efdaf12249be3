import DescentFormats

/// What a Standard MIDI File holds: notes of all tracks and channels, with changes of metre and key.
public struct MIDIFile: Sendable {
    /// A note that is struck and released.
    public struct Note: Equatable, Sendable {
        /// When it begins and ends, in quarter notes.
        public var start, end: Double
        /// The key, 60 for middle C.
        public var key: Int
        /// The track, from 0, and the channel, from 0.
        public var track, channel: Int
    }

    /// The notes by their beginning.
    public private(set) var notes: [Note] = []
    /// The name of each track; empty for none.
    public private(set) var names: [String] = []
    /// Changes of metre, with their time in quarter notes.
    public private(set) var metres: [(time: Double, metre: Metre)] = []
    /// Changes of key, with their time in quarter notes: sharps, or flats as a negative number, and whether it is a minor key.
    public private(set) var keys: [(time: Double, fifths: Int, isMinor: Bool)] = []
    /// Whether times are in seconds, of which two quarter notes are made.
    public private(set) var isTimed = false

    /// Ticks of a quarter note.
    private var division = 480.0
    private let file: String
    private let bytes: [UInt8]
    private var offset = 0

    /// Whether bytes are those of a MIDI file, in a RIFF container or without.
    public static func fits(_ bytes: some Collection<UInt8>) -> Bool { bytes.starts(with: "MThd".utf8) || bytes.starts(with: "RIFF".utf8) && bytes.dropFirst(8).starts(with: "RMID".utf8) }

    /// Reads a file's bytes: formats 0, 1 and 2, with running status, system exclusive messages, and times in parts of a quarter note or of a frame.
    ///
    /// - Throws: `DataError` that names the byte where the file is not as it should be.
    public init(_ bytes: [UInt8], file: String) throws(DataError) {
        (self.bytes, self.file) = (bytes, file)
        if bytes.starts(with: "RIFF".utf8) { offset = 20 }
        guard try word(4) == 0x4D54_6864 else { throw wrong(at: offset - 4, "a MIDI file begins with MThd, and there is none") }
        let length = try word(4), start = offset
        if length < 6 { throw wrong(at: start - 4, "the header is said to have \(length) bytes; it has 6") }
        let format = try word(2), tracks = try word(2)
        if format > 2 { throw wrong(at: start, "the format is \(format); there are formats 0, 1 and 2") }
        try readDivision()
        try skip(length - 6, of: "the header")
        var count = 0
        while offset < bytes.count {
            // Whatever follows the tracks is not music.
            if bytes.count - offset < 8 {
                if count >= tracks { break }
                throw wrong(at: offset, "the file ends within the head of a track")
            }
            let kind = try word(4), size = try word(4)
            if kind != 0x4D54_726B {
                if count >= tracks { break }
                try skip(size, of: "a part that is no track")
                continue
            }
            if size > bytes.count - offset { throw wrong(at: offset - 4, "a track is said to have \(size) bytes, and \(bytes.count - offset) are left; the file is cut short") }
            try readTrack(count, end: offset + size)
            count += 1
        }
        if count < tracks { throw wrong(at: bytes.count, "the header says \(tracks) tracks, and there \(count == 1 ? "is one" : "are \(count)"); the file is cut short") }
        notes.sort { ($0.start, -$0.key, $0.track, $0.channel) < ($1.start, -$1.key, $1.track, $1.channel) }
        metres.sort { $0.time < $1.time }
        keys.sort { $0.time < $1.time }
    }

    private func wrong(at offset: Int, _ reason: String) -> DataError { DataError(file: file, "byte \(offset): \(reason)") }

    private mutating func byte() throws(DataError) -> UInt8 {
        guard offset < bytes.count else { throw wrong(at: offset, "the file ends where a message goes on; it is cut short") }
        offset += 1
        return bytes[offset - 1]
    }

    private mutating func word(_ count: Int) throws(DataError) -> Int {
        var value = 0
        for _ in 0..<count { value = value << 8 | Int(try byte()) }
        return value
    }

    private mutating func skip(_ count: Int, of what: String) throws(DataError) {
        if count > bytes.count - offset { throw wrong(at: offset, "\(what) is said to have \(count) more bytes, and \(bytes.count - offset) are left; the file is cut short") }
        offset += count
    }

    /// A number in groups of seven bits, four groups at most.
    private mutating func variable() throws(DataError) -> Int {
        let start = offset
        var value = 0
        for _ in 0..<4 {
            let next = try byte()
            value = value << 7 | Int(next & 0x7F)
            if next < 0x80 { return value }
        }
        throw wrong(at: start, "a length of variable size has more than four bytes")
    }

    private mutating func readDivision() throws(DataError) {
        let start = offset, value = try word(2)
        if value < 0x8000 {
            if value == 0 { throw wrong(at: start, "a quarter note is said to have 0 ticks") }
            division = Double(value)
            return
        }
        // A negative number of frames a second, and ticks a frame. Without beats, a quarter note is half a second.
        let frames = 256 - (value >> 8), ticks = value & 0xFF
        guard [24, 25, 29, 30].contains(frames), ticks > 0 else {
            throw wrong(at: start, "the time is \(frames) frames a second of \(ticks) ticks; there are 24, 25, 29 or 30 frames, of one tick or more")
        }
        division = (frames == 29 ? 29.97 : Double(frames)) * Double(ticks) / 2
        isTimed = true
    }

    private mutating func readTrack(_ track: Int, end: Int) throws(DataError) {
        var tick = 0, status: UInt8 = 0, name = ""
        // The notes that sound, by channel and key, with where they began.
        var open: [Int: [Int]] = [:]
        func time(_ tick: Int) -> Double { Double(tick) / division }
        func close(_ place: Int, from: Int, to: Int) { notes.append(Note(start: time(from), end: time(Swift.max(to, from + 1)), key: place & 0x7F, track: track, channel: place >> 7)) }
        while offset < end {
            tick = Swift.min(tick + (try variable()), 1 << 40)
            let place = offset
            if offset < end, bytes[offset] >= 0x80 { status = try byte() } else if status == 0 { throw wrong(at: place, "a message has no status, and none is before it") }
            switch status {
            case 0xFF:
                let kind = try byte(), size = try variable(), start = offset
                try skip(size, of: "a meta event")
                if offset > end { throw wrong(at: place, "a meta event of \(size) bytes goes beyond the end of its track") }
                let data = bytes[start..<offset]
                try readMeta(kind, data, at: place, time: time(tick), name: &name)
                // After a meta event or a system message there is no running status.
                status = 0
                if kind == 0x2F { offset = end }
            case 0xF0, 0xF7:
                let size = try variable()
                try skip(size, of: "a system exclusive message")
                if offset > end { throw wrong(at: place, "a system exclusive message of \(size) bytes goes beyond the end of its track") }
                status = 0
            case 0x80...0xEF:
                let first = try byte(), second = (0xC0...0xDF).contains(status) ? 0 : try byte()
                if first >= 0x80 || second >= 0x80 { throw wrong(at: place, "a message on channel \(status & 15 + 1) has a value of 128 or more") }
                let note = Int(status & 15) << 7 | Int(first)
                if status & 0xF0 == 0x90, second > 0 {
                    open[note, default: []].append(tick)
                } else if status & 0xE0 == 0x80, let start = open[note]?.first {
                    open[note]?.removeFirst()
                    close(note, from: start, to: tick)
                }
            default: throw wrong(at: place, "\(status) is the status of no message in a file")
            }
        }
        if offset > end { throw wrong(at: end, "a message goes beyond the end of its track") }
        for (note, starts) in open { for start in starts where tick > start { close(note, from: start, to: tick) } }
        names.append(name)
    }

    private mutating func readMeta(_ kind: UInt8, _ data: ArraySlice<UInt8>, at place: Int, time: Double, name: inout String) throws(DataError) {
        let data = Array(data)
        switch kind {
        case 0x03 where name.isEmpty: name = ABCText.trimmed(String(decoding: data.filter { $0 >= 32 }, as: UTF8.self))
        case 0x58:
            guard data.count >= 2 else { throw wrong(at: place, "a time signature has four bytes, numerator and power of two first") }
            guard (1...64).contains(data[0]), data[1] <= 6 else { throw wrong(at: place, "the metre is \(data[0])/2^\(data[1]); metres have 1 to 64 beats of at least a 64th") }
            metres.append((time, Metre(Int(data[0]), 1 << Int(data[1]))))
        case 0x59:
            guard data.count >= 2, abs(Int(Int8(bitPattern: data[0]))) <= 7 else { throw wrong(at: place, "a key signature has -7 to 7 sharps, and 0 or 1 for major or minor") }
            keys.append((time, Int(Int8(bitPattern: data[0])), data[1] == 1))
        default: break
        }
    }
}
