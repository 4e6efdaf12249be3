extension ABCReader {
    /// A voice as it is read: its notes so far, and what applies to the next one.
    struct VoiceState {
        private(set) var voice: Score.Voice
        /// The unit note length.
        var unit: Fraction
        private var key: KeySignature
        /// Accidentals of the present bar, by the position of the pitch, and of ties across its beginning.
        private var accidentals: [Int: Int] = [:]
        private var tied: [Int: Int] = [:]
        private var tuplet: (group: Score.Tuplet, left: Int)?
        /// How the next note's length changes by a broken rhythm.
        private var factor = Fraction(1)
        private var symbol: String?
        private var graces: [Score.Note.Head] = []
        /// The place of the last note, for ties, broken rhythms and blanks.
        private var last: Int?
        private var metre: Metre

        init(_ name: String, of score: Score, unit: Fraction) {
            voice = Score.Voice(name: name)
            (key, metre, self.unit) = (score.key, score.metre, unit)
        }

        /// Takes the settings of the whole header, in which a voice may come before the key.
        mutating func reset(_ score: Score, _ unit: Fraction) { (key, metre, self.unit) = (score.key, score.metre, unit) }

        mutating func change(_ key: KeySignature) {
            self.key = key
            accidentals = [:]
            voice.elements.append(.key(key))
        }

        mutating func change(_ metre: Metre) {
            self.metre = metre
            voice.elements.append(.metre(metre))
        }

        mutating func change(_ tempo: Tempo) { voice.elements.append(.tempo(tempo)) }

        mutating func take(_ token: ABCScanner.Token) {
            switch token {
            case .blank: endBeam()
            case .symbol(let text): symbol = text
            case .graces(let pitches): graces = pitches.map { head($0) }
            case .note(let pitches, let length): note(pitches.map { head($0) }, unit * length, isInvisible: false)
            case .rest(let length, let isInvisible): note([], unit * length, isInvisible: isInvisible)
            case .bars(let count): for index in 0..<count { wholeBar(isLast: index == count - 1) }
            case .bar(let line):
                (accidentals, tied) = (tied, [:])
                endBeam()
                voice.elements.append(.bar(line))
            case .tie: tie()
            case .tuplet(let count, let space, let notes):
                let usual = [2: 3, 3: 2, 4: 3, 6: 2, 8: 3][count] ?? (metre.isCompound ? 3 : 2)
                var group = Score.Tuplet(count: count, space: space ?? usual)
                group.isFirst = true
                tuplet = notes == 0 ? nil : (group, notes ?? count)
            case .broken(let dots): breakRhythm(dots)
            case .field, .fault: break
            }
        }

        /// The end of a line ends a beam.
        mutating func endLine() { endBeam() }

        private mutating func endBeam() {
            guard let last, case .note(var note) = voice.elements[last] else { return }
            note.endsBeam = true
            voice.elements[last] = .note(note)
        }

        /// A head as it sounds: by its own accidental, the bar's, or the key's.
        private mutating func head(_ written: ABCScanner.WrittenPitch) -> Score.Note.Head {
            var pitch = Pitch(step: written.step, octave: written.octave)
            if let own = written.alteration { accidentals[pitch.position] = own }
            pitch.alteration = accidentals[pitch.position] ?? key.alteration(of: written.step)
            return Score.Note.Head(pitch: pitch, showsAccidental: written.alteration != nil)
        }

        private mutating func note(_ heads: [Score.Note.Head], _ length: Fraction, isInvisible: Bool) {
            var note = Score.Note(heads: heads, duration: length * factor)
            note.isInvisible = isInvisible
            factor = Fraction(1)
            if var (group, left) = tuplet {
                left -= 1
                group.isLast = left == 0
                note.tuplet = group
                note.duration = note.duration * Fraction(group.space, group.count)
                group.isFirst = false
                tuplet = left == 0 ? nil : (group, left)
            }
            (note.symbol, note.graces) = (symbol, graces)
            (symbol, graces) = (nil, [])
            last = voice.elements.count
            voice.elements.append(.note(note))
        }

        /// A rest of a whole bar.
        private mutating func wholeBar(isLast: Bool) {
            note([], metre.bar ?? Fraction(1), isInvisible: false)
            if !isLast { voice.elements.append(.bar(Score.BarLine())) }
        }

        private mutating func tie() {
            guard let last, case .note(var note) = voice.elements[last], !note.isRest else { return }
            note.isTied = true
            voice.elements[last] = .note(note)
            // An accidental holds for the note that is tied across the bar line.
            for head in note.heads where accidentals[head.pitch.position] != nil { tied[head.pitch.position] = head.pitch.alteration }
        }

        /// `a>b` makes the first longer by half and the second shorter, `a<b` the other way round; `>>` and `>>>` more so.
        private mutating func breakRhythm(_ dots: Int) {
            guard let last, case .note(var note) = voice.elements[last] else { return }
            let part = Fraction(1, 1 << abs(dots)), rest = Fraction(2) - part
            note.duration = note.duration * (dots > 0 ? rest : part)
            factor = dots > 0 ? part : rest
            voice.elements[last] = .note(note)
        }
    }
}
