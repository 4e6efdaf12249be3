/// A score as it is played: repeats gone through, ties joined, every note with its time.
public struct ScorePerformance: Sendable {
    /// A sounding note.
    public struct Note: Equatable, Sendable {
        /// When it begins, in whole notes.
        public var start: Fraction
        /// How long it sounds, in whole notes.
        public var duration: Fraction
        /// The key on a MIDI keyboard.
        public var key: Int
    }

    /// A change of key, metre or tempo, and when it happens.
    public struct Change: Equatable, Sendable {
        /// When, in whole notes.
        public var time: Fraction
        /// What becomes of it: a key, a metre or a tempo.
        public var element: Score.Element
    }

    /// The notes of each voice, in order.
    public private(set) var voices: [[Note]] = []
    /// The changes of the first voice, those of the beginning included.
    public private(set) var changes: [Change] = []
    /// How long it takes, in whole notes.
    public private(set) var duration = Fraction.zero

    /// Plays a score.
    public init(_ score: Score) {
        changes = [Change(time: .zero, element: .metre(score.metre)), Change(time: .zero, element: .key(score.key))]
        if let tempo = score.tempo { changes.append(Change(time: .zero, element: .tempo(tempo))) }
        for (number, voice) in score.voices.enumerated() {
            var notes: [Note] = [], time = Fraction.zero
            // Notes that are tied to the next, by their key.
            var open: [Int: Int] = [:]
            for place in Self.order(voice.bars(metre: score.metre)).joined() {
                switch voice.elements[place] {
                case .note(let note):
                    var held: [Int: Int] = [:]
                    for head in note.heads {
                        let key = head.pitch.midi
                        if let index = open[key] {
                            notes[index].duration += note.duration
                            if note.isTied { held[key] = index }
                        } else {
                            notes.append(Note(start: time, duration: note.duration, key: key))
                            if note.isTied { held[key] = notes.count - 1 }
                        }
                    }
                    open = held
                    time += note.duration
                case .bar: break
                case let element: if number == 0 { changes.append(Change(time: time, element: element)) }
                }
            }
            voices.append(notes)
            duration = max(duration, time)
        }
    }

    /// The most bars that are played: a repeat of a repeat ends.
    private static let longest = 20_000

    /// The places of the elements that are played, bar by bar.
    ///
    /// A repeat without a beginning goes back to the last strong bar line, as players do. An ending that is not for the present time is left out up to
    /// the next ending or the end of the repeat.
    static func order(_ bars: [Score.Voice.Bar]) -> [Range<Int>] {
        var order: [Range<Int>] = [], index = 0, start = 0, time = 1
        while index < bars.count, order.count < longest {
            let bar = bars[index]
            if let opening = bar.opening {
                // A double bar within a repeat that has a beginning divides nothing.
                let isWithin = bars[start].opening?.beginsRepeat == true
                let isNew = opening.beginsRepeat || opening.isStrong && opening.endings.isEmpty && !opening.endsRepeat && !isWithin
                if isNew, start != index {
                    start = index
                    time = 1
                }
                if !opening.endings.isEmpty, !opening.endings.contains(time), let next = end(ofEnding: index, in: bars, time: time) {
                    index = next
                    continue
                }
            }
            order.append(bar.elements)
            index += 1
            guard let closing = bar.closing, closing.endsRepeat else { continue }
            if time < times(from: start, to: index, in: bars) {
                time += 1
                index = start
            } else {
                // Endings of earlier times have been played.
                while index < bars.count, let endings = bars[index].opening?.endings, !endings.isEmpty, !endings.contains(where: { $0 >= time }) {
                    index += 1
                    while index < bars.count, bars[index].opening?.isStrong != true, bars[index].opening?.endings.isEmpty != false { index += 1 }
                }
                start = index
                time = 1
            }
        }
        return order
    }

    /// How often a repeated part is played: twice, or as often as its endings say.
    private static func times(from start: Int, to end: Int, in bars: [Score.Voice.Bar]) -> Int {
        // The last bar line is the next bar's opening: an ending there belongs to a later time.
        let named = bars[start..<end].dropFirst().flatMap { $0.opening?.endings ?? [] }.max() ?? 1
        let next = end < bars.count ? bars[end].opening?.endings.max() ?? 1 : 1
        return min(max(named, next, 2), 16)
    }

    /// Where playing goes on instead of an ending that is not for this time: at the ending that is, or after the repeat. `nil` where neither comes.
    private static func end(ofEnding index: Int, in bars: [Score.Voice.Bar], time: Int) -> Int? {
        for next in bars.indices[(index + 1)...] {
            guard let opening = bars[next].opening else { continue }
            if opening.endings.contains(time) { return next }
            if opening.beginsRepeat || opening.isStrong && opening.endings.isEmpty { return next }
        }
        return nil
    }
}
