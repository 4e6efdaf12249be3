import DescentData
import DescentFormats
import TestFolders
import Testing

/// MIDI files of all kinds become tunes; damaged ones a sentence with the byte.
struct MIDIFileTests {
    private func head(format: UInt8, tracks: UInt8, division: [UInt8] = [0, 96]) -> [UInt8] { Array("MThd".utf8) + [0, 0, 0, 6, 0, format, 0, tracks] + division }
    private func track(_ events: [UInt8]) -> [UInt8] {
        let events = events + [0, 0xFF, 0x2F, 0]
        return Array("MTrk".utf8) + [0, 0, UInt8(events.count >> 8), UInt8(events.count & 0xFF)] + events
    }
    /// Notes one after another: a key and how many ticks below 128 it sounds; key 0 is a rest.
    private func notes(_ notes: [(UInt8, UInt8)], channel: UInt8 = 0) -> [UInt8] {
        var wait: UInt8 = 0
        return notes.flatMap { key, ticks -> [UInt8] in
            if key == 0 {
                wait = ticks
                return []
            }
            defer { wait = 0 }
            return [wait, 0x90 | channel, key, 80, ticks, 0x80 | channel, key, 0]
        }
    }
    private func melody(_ bytes: [UInt8]) throws -> MIDIMelody { try MIDIMelody(MIDIFile(bytes, file: "t.mid"), file: "t.mid") }
    private func text(_ bytes: [UInt8]) throws -> String { try melody(bytes).text }

    /// 3/4, G major.
    private let signs: [UInt8] = [0, 0xFF, 0x58, 4, 3, 2, 24, 8, 0, 0xFF, 0x59, 2, 1, 0]

    @Test("a file that we write comes back as it was, repeats played")
    func roundTrip() throws {
        let score = TuneCollection.score(ofNotation: "X:1\nT:t\nM:6/8\nL:1/8\nK:Em\n|:E2F G>AB|c3- c^d/e/f:|\n")
        #expect(try text(MIDIWriter.bytes(of: score)) == "M:6/8 L:1/8 K:Em\nE2F G3/2A/2B|c4 ^d/2e/2f|E2F G3/2A/2B|c4 ^d/2e/2f|]\n")
        let triplets = TuneCollection.score(ofNotation: "X:1\nT:t\nM:4/4\nL:1/8\nK:F\n(3FGA B2 (3:2:2c2d z2|A/B/c d2- d4|\n")
        #expect(try text(MIDIWriter.bytes(of: triplets)) == "M:4/4 L:1/8 K:F\n(3FGA B2 (3:2:2c2d z2|A/2B/2c d6|]\n")
    }

    @Test("running status, note-ons of no velocity, meta events and system messages within; format 0")
    func messages() throws {
        let events: [UInt8] =
            signs + [0, 0xF0, 3, 1, 2, 0xF7, 0, 0xFF, 0x51, 3, 7, 0xA1, 0x20, 0, 0xFF, 0x7F, 0x81, 0x00] + [UInt8](repeating: 1, count: 128)
            + [0, 0x90, 67, 80, 96, 67, 0, 0, 69, 80, 96, 69, 0, 0, 71, 80, 96, 71, 0, 0, 0xC0, 5, 0, 0xB0, 7, 100, 0, 0x90, 67, 80, 0x82, 0x20, 67, 0]
        #expect(try text(head(format: 0, tracks: 1) + track(events)) == "M:3/4 L:1/8 K:G\nG2 A2 B2|G6|]\n")
    }

    @Test("the melody is the high line, or the one that its name says; drums are none; the highest of a chord")
    func lines() throws {
        let bass = track(notes([(36, 96), (43, 96), (36, 96)], channel: 1)), high = track(notes([(72, 96), (74, 96), (76, 96)], channel: 2))
        let drums = track(notes([(80, 96), (80, 96), (80, 96)], channel: 9))
        #expect(try text(head(format: 1, tracks: 4) + track(signs) + bass + high + drums).hasSuffix("\nc2 d2 e2|]\n"))
        let named = track([0, 0xFF, 3, 6] + Array("Melody".utf8) + notes([(60, 96), (62, 96), (64, 96)], channel: 3))
        #expect(try melody(head(format: 1, tracks: 4) + track(signs) + bass + high + named).notice.hasPrefix("melody of track 4 \"Melody\", channel 4: 3 notes"))
        let chord = track(signs + [0, 0x90, 60, 80, 0, 0x90, 67, 80, 0x82, 0x20, 0x80, 60, 0, 0, 0x80, 67, 0])
        #expect(try text(head(format: 0, tracks: 1) + chord).hasSuffix("\nG6|]\n"))
        // A chord is struck from below, a tick for each note: its highest is the melody.
        let rolled = track(signs + [0, 0x90, 60, 80, 1, 0x90, 67, 80, 0x82, 0x1F, 0x80, 60, 0, 0, 0x80, 67, 0])
        #expect(try text(head(format: 0, tracks: 1) + rolled).hasSuffix("\nG6|]\n"))
        #expect { try text(head(format: 1, tracks: 1) + drums) } throws: { "\($0)" == "t.mid: there are no notes in it but those of drums (channel 10)" }
    }

    @Test("times that were played are moved to the grid; a short gap is no rest; a pick-up is short; a change of metre comes with its bar")
    func grid() throws {
        let played = track(signs + notes([(67, 92), (0, 5), (69, 90), (0, 4), (71, 97), (67, 45), (0, 4), (69, 46), (0, 2), (0, 0)]))
        #expect(try text(head(format: 0, tracks: 1) + played).hasPrefix("M:3/4 L:1/8 K:G\nG2 A2 B2|GA"))
        let upbeat = track(signs + [0x81, 0x40] + Array(notes([(62, 96), (67, 96), (71, 96), (67, 96)]).dropFirst()))
        #expect(try text(head(format: 0, tracks: 1) + upbeat) == "M:3/4 L:1/8 K:G\nD2|G2 B2 G2|]\n")
        let change = track(signs + notes([(67, 96), (69, 96), (71, 96)]) + [0, 0xFF, 0x58, 4, 2, 2, 24, 8] + notes([(67, 96), (66, 96)]))
        #expect(try text(head(format: 0, tracks: 1) + change) == "M:3/4 L:1/8 K:G\nG2 A2 B2|[M:2/4]G2 F2|]\n")
        // 25 frames of 40 ticks: a second is two quarter notes.
        let timed = track(notes([(60, 125), (0, 127), (64, 125)]))
        #expect(try melody(head(format: 0, tracks: 1, division: [0xE7, 40]) + timed).notice.contains("times are in seconds"))
    }

    @Test("a key that no file says is guessed from the notes")
    func keys() throws {
        let scale: [UInt8] = [69, 71, 73, 74, 76, 78, 80, 81, 76, 73, 69, 69]
        #expect(try text(head(format: 0, tracks: 1) + track(notes(scale.map { ($0, 96) }))).hasPrefix("M:4/4 L:1/8 K:A\n"))
        let minor: [UInt8] = [62, 64, 65, 67, 69, 70, 73, 74, 69, 65, 62, 62]
        #expect(try text(head(format: 0, tracks: 1) + track(notes(minor.map { ($0, 96) }))).hasPrefix("M:4/4 L:1/8 K:Dm\n"))
    }

    @Test("a damaged file is a sentence with the byte")
    func damaged() throws {
        let whole = head(format: 0, tracks: 1) + track(notes([(60, 96)]))
        func error(_ bytes: [UInt8]) -> String {
            do { return try "none: \(text(bytes))" } catch { return "\(error)" }
        }
        func changed(_ place: Int, _ value: UInt8) -> [UInt8] {
            var bytes = whole
            bytes[place] = value
            return bytes
        }
        #expect(error(Array(whole.dropLast(5))) == "t.mid: byte 18: a track is said to have 12 bytes, and 7 are left; the file is cut short")
        #expect(error(Array(whole.prefix(16))) == "t.mid: byte 14: the file ends within the head of a track")
        #expect(error(Array(whole.prefix(9))) == "t.mid: byte 9: the file ends where a message goes on; it is cut short")
        #expect(error(changed(11, 3)) == "t.mid: byte 34: the header says 3 tracks, and there is one; the file is cut short")
        #expect(error(changed(9, 7)) == "t.mid: byte 8: the format is 7; there are formats 0, 1 and 2")
        #expect(error(changed(13, 0)) == "t.mid: byte 12: a quarter note is said to have 0 ticks")
        #expect(error(changed(23, 20)) == "t.mid: byte 23: a message has no status, and none is before it")
        #expect(error(changed(24, 200)) == "t.mid: byte 23: a message on channel 1 has a value of 128 or more")
        #expect(error(changed(21, 3)) == "t.mid: byte 25: a message goes beyond the end of its track")
        #expect(error(Array("not music".utf8)) == "t.mid: byte 0: a MIDI file begins with MThd, and there is none")
    }

    @Test("no bytes stop the program")
    func fuzzed() throws {
        let score = TuneCollection.score(ofNotation: "X:1\nT:t\nM:6/8\nL:1/8\nK:Em\n|:E2F G>AB|c3- c^d/e/f:|\n")
        let whole = MIDIWriter.bytes(of: score)
        var state: UInt64 = 7
        func random(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        var read = 0
        for _ in 0..<600 {
            var bytes = whole
            for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
            if random(4) == 0 { bytes.removeLast(random(bytes.count)) }
            if (try? text(bytes)) != nil { read += 1 }
        }
        #expect(read > 50)
    }

    @Test("notation and MIDI files in one folder; a damaged one is left out")
    func folder() throws {
        let place = try RunPlace()
        defer { place.remove() }
        try FileSystem.createFolder(place.path)
        try FileSystem.write(Array("X:1\nM:3/4\nK:G\nG6|\n".utf8), to: "\(place.path)/a.abc")
        try FileSystem.write(head(format: 0, tracks: 1) + track(signs + notes([(67, 96), (69, 96), (71, 96)])), to: "\(place.path)/b.mid")
        try FileSystem.write(Array(head(format: 0, tracks: 1).dropLast()), to: "\(place.path)/c.MID")
        let book = try TuneCollection(paths: [place.path])
        #expect(book.tunes == ["M:3/4 K:G\nG6|\n", "M:3/4 L:1/8 K:G\nG2 A2 B2|]\n"])
        #expect(book.notices.count == 1 && book.notices[0].hasSuffix("c.MID: byte 13: the file ends where a message goes on; it is cut short (left out)."))
        #expect(book.readings.count == 1 && book.readings[0].contains("b.mid: melody of track 1"))
    }
}
