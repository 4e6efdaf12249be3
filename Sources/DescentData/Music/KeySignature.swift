import DescentFormats

/// A key: its tonic, its mode, and the sharps or flats that follow from them.
public struct KeySignature: Hashable, Sendable {
    /// A mode of the diatonic scale, and the two special keys of ABC notation.
    public enum Mode: String, CaseIterable, Sendable {
        case major = "", minor = "m", mixolydian = "mix", dorian = "dor", phrygian = "phr", lydian = "lyd", locrian = "loc"
        /// The scale of the Highland pipes, and no key at all.
        case pipes = "HP", none = "none"

        /// Steps on the line of fifths from the major key of the same tonic.
        var fifths: Int {
            switch self {
            case .major, .pipes, .none: 0
            case .lydian: 1
            case .mixolydian: -1
            case .dorian: -2
            case .minor: -3
            case .phrygian: -4
            case .locrian: -5
            }
        }

        /// Whether its third is a minor one.
        public var isMinor: Bool { [.minor, .dorian, .phrygian, .locrian].contains(self) }
    }

    /// The tonic as it is written: `F#`; empty where there is none.
    public let tonic: String
    /// The mode.
    public let mode: Mode
    /// Sharps, or flats as a negative number: -7 to 7.
    public let fifths: Int
    /// Accidentals that are added to those of the mode, by letter: `K:D phr ^f`.
    public let accidentals: [Int: Int]

    /// A key of a mode.
    init(tonic: String, mode: Mode, fifths: Int, accidentals: [Int: Int] = [:]) {
        (self.tonic, self.mode, self.fifths, self.accidentals) = (tonic, mode, fifths, accidentals)
    }

    /// No sharps, no flats.
    public static let none = KeySignature(tonic: "", mode: .none, fifths: 0)

    /// A major or minor key by its number of sharps or flats.
    public init(fifths: Int, isMinor: Bool) {
        let fifths = min(max(fifths, -7), 7), place = fifths + (isMinor ? 3 : 0)
        let step = (((place * 4) % 7) + 7) % 7, alteration = (place - Pitch.fifths[step]) / 7
        self.init(tonic: String(Pitch.letters[step]) + (alteration == 1 ? "#" : alteration == -1 ? "b" : ""), mode: isMinor ? .minor : .major, fifths: fifths)
    }

    /// How far a letter is raised (0 for C to 6 for B).
    public func alteration(of step: Int) -> Int {
        if let own = accidentals[step] { return own }
        let place = Pitch.fifths[step]
        // The first sharp is F, at -1 on the line of fifths; the first flat is B, at 5.
        return fifths > 0 && place < fifths - 1 ? 1 : fifths < 0 && place > 5 + fifths ? -1 : 0
    }

    /// As ABC notation writes it: `F#m`, `Ador`, `D phr ^f`.
    public var abc: String {
        if mode == .none && accidentals.isEmpty { return "none" }
        if mode == .pipes { return "HP" }
        let added = accidentals.sorted { $0.key < $1.key }.map { " " + Self.sign($0.value) + String(Pitch.letters[$0.key]).lowercased() }.joined()
        return mode == .none ? "none" + added : tonic + mode.rawValue + added
    }

    /// In words: "F# minor".
    public var name: String {
        switch mode {
        case .none: "no key"
        case .pipes: "Highland pipes"
        case .major: "\(tonic) major"
        case .minor: "\(tonic) minor"
        default: "\(tonic) \(mode)"
        }
    }

    /// An accidental as ABC notation writes it.
    static func sign(_ alteration: Int) -> String { ["__", "_", "=", "^", "^^"][min(max(alteration, -2), 2) + 2] }

    // MARK: - Reading

    /// Reads what follows `K:`, case and blanks as people write them: `G`, `Gmaj`, `A minor`, `Ador`, `Bb`, `D phr ^f`, `HP`, `none`, with or without a clef.
    ///
    /// - Throws: `NotationError` where it is no key.
    public init(parsing text: some StringProtocol) throws(NotationError) {
        var words = String(text.prefix { $0 != "%" }).split { $0 == " " || $0 == "\t" }.map(String.init)
        // A clef and other settings of the staff may stand beside the key, or alone.
        words.removeAll { word in word.contains("=") || Self.clefs.contains { word.lowercased().hasPrefix($0) } }
        guard let first = words.first else {
            self = .none
            return
        }
        if first.lowercased().hasPrefix("none") {
            self.init(tonic: "", mode: .none, fifths: 0, accidentals: try Self.accidentals([String(first.dropFirst(4))] + words.dropFirst()))
            return
        }
        if first.uppercased() == "HP" {
            self.init(tonic: "", mode: .pipes, fifths: 2)
            return
        }
        var rest = Substring(first)
        guard let step = Pitch.letters.firstIndex(where: { String($0) == rest.first?.uppercased() }) else { throw Self.noKey(text) }
        rest.removeFirst()
        var alteration = 0
        if let sign = rest.first, let value: Int = ["#": 1, "♯": 1, "b": -1, "♭": -1][sign] {
            alteration = value
            rest.removeFirst()
        }
        words.removeFirst()
        // `K:A minor` and `K:Aminor`, `K:D phr ^f` and `K:Dphr^f`.
        let name = rest.prefix { $0.isLetter }
        let mode: Mode
        if !rest.isEmpty {
            guard let found = name.isEmpty ? .major : Self.mode(name) else { throw Self.noKey(text) }
            mode = found
            if name.count < rest.count { words.insert(String(rest.dropFirst(name.count)), at: 0) }
        } else if let word = words.first, let found = Self.mode(Substring(word)) {
            mode = found
            words.removeFirst()
        } else {
            mode = .major
        }
        // `K:D exp _b`: these accidentals and no others, whatever the mode would have.
        if words.first?.lowercased() == "exp" {
            self.init(tonic: "", mode: .none, fifths: 0, accidentals: try Self.accidentals(words.dropFirst()))
            return
        }
        let fifths = Pitch.fifths[step] + 7 * alteration + mode.fifths
        if abs(fifths) > 7 { throw NotationError("the key \(quoted(String(text))) has \(abs(fifths)) \(fifths > 0 ? "sharps" : "flats"); a key has 7 at most") }
        self.init(
            tonic: String(Pitch.letters[step]) + (alteration > 0 ? "#" : alteration < 0 ? "b" : ""), mode: mode, fifths: fifths, accidentals: try Self.accidentals(words[...]))
    }

    private static let clefs = ["treble", "bass", "alto", "tenor", "perc", "clef", "octave", "transpose", "middle", "stafflines", "t-8", "treble-8"]

    private static func noKey(_ text: some StringProtocol) -> NotationError {
        NotationError("\(quoted(String(text.prefix(20)))) is no key; K: has a letter A to G, # or b, and a mode, as in K:G, K:Am, K:F#m or K:Ddor")
    }

    /// The mode of a word, by its first three letters as the standard says.
    private static func mode(_ word: Substring) -> Mode? {
        let word = word.lowercased()
        if word == "m" { return .minor }
        return ["maj": .major, "ion": .major, "min": .minor, "aeo": .minor, "mix": .mixolydian, "dor": .dorian, "phr": .phrygian, "lyd": .lydian, "loc": .locrian][
            String(word.prefix(3))]
    }

    /// Accidentals such as `^f` and `_b`, or `^f^c` in one word; other words that follow a key say nothing that is needed.
    private static func accidentals(_ words: ArraySlice<String>) throws(NotationError) -> [Int: Int] {
        var result: [Int: Int] = [:]
        for word in words {
            var value: Int?
            for character in word {
                switch character {
                case "^": value = (value ?? 0) + 1
                case "_": value = (value ?? 0) - 1
                case "=": value = 0
                default:
                    guard let known = value, let step = Pitch.letters.firstIndex(where: { String($0) == character.uppercased() }) else { break }
                    result[step] = min(max(known, -2), 2)
                    value = nil
                }
            }
        }
        return result
    }
}

/// Why something is not the notation that it should be, as a sentence without its place.
public struct NotationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    init(_ description: String) { self.description = description }
}
