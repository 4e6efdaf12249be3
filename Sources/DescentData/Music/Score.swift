/// A piece of music as it is written: voices of notes with exact durations, bars, repeats, keys and metres.
public struct Score: Equatable, Sendable {
    /// The title; empty for none.
    public var title = ""
    /// The composer or source; empty for none.
    public var composer = ""
    /// The key at the beginning.
    public var key = KeySignature.none
    /// The metre at the beginning.
    public var metre = Metre.none
    /// The unit note length of its ABC notation.
    public var unitLength = Fraction(1, 8)
    /// The tempo; `nil` where none is given.
    public var tempo: Tempo?
    /// The voices, the melody first; at least one.
    public var voices: [Voice] = []

    /// A score without voices.
    public init() {}

    /// A line of music.
    public struct Voice: Equatable, Sendable {
        /// Its name in the notation.
        public var name: String
        /// Notes, bar lines and changes in written order.
        public var elements: [Element]

        /// A voice of a name.
        public init(name: String, elements: [Element] = []) { (self.name, self.elements) = (name, elements) }
    }

    /// What stands on a staff.
    public enum Element: Equatable, Sendable {
        case note(Note)
        case bar(BarLine)
        case key(KeySignature)
        case metre(Metre)
        case tempo(Tempo)
    }

    /// A note, a chord or a rest.
    public struct Note: Equatable, Sendable {
        /// A head of a chord.
        public struct Head: Equatable, Sendable {
            /// The pitch as it sounds.
            public var pitch: Pitch
            /// Whether an accidental is written before it.
            public var showsAccidental: Bool

            /// A head at a pitch.
            public init(pitch: Pitch, showsAccidental: Bool = false) { (self.pitch, self.showsAccidental) = (pitch, showsAccidental) }
        }

        /// The heads; none for a rest.
        public var heads: [Head]
        /// How long it sounds, in whole notes.
        public var duration: Fraction
        /// The group of a tuplet that it belongs to.
        public var tuplet: Tuplet?
        /// Whether it is tied to the next note.
        public var isTied = false
        /// Grace notes before it.
        public var graces: [Head] = []
        /// A chord symbol or annotation above it: "Am".
        public var symbol: String?
        /// Whether a blank follows in the notation, which ends a beam.
        public var endsBeam = false
        /// Whether a rest is not drawn.
        public var isInvisible = false

        /// A note, a chord or a rest of a duration in whole notes.
        public init(heads: [Head] = [], duration: Fraction) { (self.heads, self.duration) = (heads, duration) }

        /// Whether it is a rest.
        public var isRest: Bool { heads.isEmpty }
        /// How long it is written: a note of a triplet is written as one of three where two are meant.
        public var writtenDuration: Fraction { tuplet.map { duration * Fraction($0.count, $0.space) } ?? duration }
    }

    /// `count` notes in the time of `space`.
    public struct Tuplet: Equatable, Sendable {
        /// The number over it.
        public var count: Int
        /// In the time of how many.
        public var space: Int
        /// Whether this note begins the group, and whether it ends it.
        public var isFirst = false, isLast = false

        /// A group of `count` notes in the time of `space`.
        public init(count: Int, space: Int) { (self.count, self.space) = (count, space) }
    }

    /// A bar line.
    public struct BarLine: Equatable, Sendable {
        /// How it is drawn.
        public enum Style: Sendable {
            case single, double, final, initial, dotted
        }

        /// How it is drawn, repeats aside.
        public var style: Style
        /// Whether what is before it is played again.
        public var endsRepeat: Bool
        /// Whether a repeated part begins after it.
        public var beginsRepeat: Bool
        /// The times that the ending after it is played; empty for no ending.
        public var endings: [Int]

        /// A bar line.
        public init(style: Style = .single, endsRepeat: Bool = false, beginsRepeat: Bool = false, endings: [Int] = []) {
            (self.style, self.endsRepeat, self.beginsRepeat, self.endings) = (style, endsRepeat, beginsRepeat, endings)
        }

        /// Whether it divides sections.
        public var isStrong: Bool { style != .single && style != .dotted || endsRepeat || beginsRepeat }
    }
}
