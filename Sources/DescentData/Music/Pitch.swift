/// A written pitch: its letter, its octave and how far it is raised.
public struct Pitch: Hashable, Sendable {
    /// The letter: 0 for C to 6 for B.
    public var step: Int
    /// The octave in scientific notation: 4 for that of middle C.
    public var octave: Int
    /// Semitones above the letter: 1 for a sharp, -1 for a flat.
    public var alteration: Int

    /// A pitch.
    public init(step: Int, octave: Int, alteration: Int = 0) { (self.step, self.octave, self.alteration) = (step, octave, alteration) }

    /// Semitones of the letters above C.
    static let semitones = [0, 2, 4, 5, 7, 9, 11]
    /// Letters from C to B.
    static let letters: [Character] = ["C", "D", "E", "F", "G", "A", "B"]
    /// Places of the letters on the line of fifths, C at 0.
    static let fifths = [0, 2, 4, -1, 1, 3, 5]

    /// The key on a MIDI keyboard: 60 for middle C. May lie outside 0 to 127.
    public var midi: Int { 12 * (octave + 1) + Self.semitones[step] + alteration }
    /// Letters above C of octave 0: what a staff shows.
    public var position: Int { 7 * octave + step }

    /// The pitch of a MIDI key, spelled for a key signature: of the twelve pitch classes on the line of fifths the ones nearest to the scale.
    init(midi: Int, in key: KeySignature) {
        // A minor key raises its sixth and seventh, which lie further up the line than a major key's chromatic notes.
        let lowest = key.fifths - (key.mode.isMinor ? 3 : 4), wanted = ((midi % 12) + 12) % 12
        let place = (lowest..<lowest + 12).first { (($0 * 7) % 12 + 12) % 12 == wanted } ?? 0
        let step = (((place * 4) % 7) + 7) % 7
        let alteration = (place - Self.fifths[step]) / 7
        self.init(step: step, octave: (midi - alteration - Self.semitones[step]) / 12 - 1, alteration: alteration)
    }

    /// As ABC notation writes it, without an accidental: `C,`, `C`, `c`, `c'`.
    var abc: String {
        let letter = String(Self.letters[step])
        if octave >= 5 { return letter.lowercased() + String(repeating: "'", count: octave - 5) }
        return letter + String(repeating: ",", count: 4 - octave)
    }
}
