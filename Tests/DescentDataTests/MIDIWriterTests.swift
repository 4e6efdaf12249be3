import DescentData
import Testing

/// The bytes of MIDI files, against the Standard MIDI Files 1.0 document; mido 1.3, pretty_midi 0.2 and music21 9 read the same.
struct MIDIWriterTests {
    @Test("a file of two bars, byte by byte")
    func bytes() {
        let score = TuneCollection.score(ofNotation: "X:1\nT:t\nM:6/8\nL:1/8\nQ:3/8=100\nK:Em\nE3-E3|G6|\n")
        let expected: [UInt8] =
            [0x4D, 0x54, 0x68, 0x64, 0, 0, 0, 6, 0, 1, 0, 2, 0x01, 0xE0]
            // Title, metre (6 over 2 to the 3rd, a click of 36), key (one sharp, minor), tempo (400,000 microseconds a quarter note), the end after 2 bars of 1,440 ticks.
            + [0x4D, 0x54, 0x72, 0x6B, 0, 0, 0, 31] + [0, 0xFF, 3, 1, 0x74] + [0, 0xFF, 0x58, 4, 6, 3, 36, 8] + [0, 0xFF, 0x59, 2, 1, 1] + [0, 0xFF, 0x51, 3, 0x06, 0x1A, 0x80]
            + [0x96, 0x40, 0xFF, 0x2F, 0]
            + [0x4D, 0x54, 0x72, 0x6B, 0, 0, 0, 35] + [0, 0xFF, 3, 6] + Array("Melody".utf8) + [0, 0xC0, 0] + [0, 0x90, 64, 88, 0x8B, 0x20, 0x80, 64, 64]
            + [0, 0x90, 67, 88, 0x8B, 0x20, 0x80, 67, 64, 0, 0xFF, 0x2F, 0]
        #expect(MIDIWriter.bytes(of: score) == expected)
    }
}
