extension Score.Voice {
    /// A bar: what stands between two bar lines.
    package struct Bar {
        /// The places of its elements among the voice's.
        package var elements: Range<Int>
        /// How long it is.
        package var duration = Fraction.zero
        /// How long its metre asks it to be; `nil` where there is none.
        package var full: Fraction?
        /// The bar line before it; `nil` at the beginning.
        package var opening: Score.BarLine?
        /// The bar line after it; `nil` at the end.
        package var closing: Score.BarLine?
    }

    /// The bars with notes in written order. Bar lines that follow each other with nothing between are one.
    ///
    /// - Parameter metre: That of the beginning.
    package func bars(metre: Metre) -> [Bar] {
        var bars: [Bar] = [], full = metre.bar
        var bar = Bar(elements: 0..<0), notes = 0
        bar.full = full
        func merged(_ first: Score.BarLine?, _ second: Score.BarLine) -> Score.BarLine {
            guard var line = first else { return second }
            if second.isStrong { line.style = second.style }
            line.endsRepeat = line.endsRepeat || second.endsRepeat
            line.beginsRepeat = line.beginsRepeat || second.beginsRepeat
            line.endings += second.endings
            return line
        }
        for (place, element) in elements.enumerated() {
            switch element {
            case .note(let note):
                bar.duration += note.duration
                notes += 1
            case .metre(let metre):
                full = metre.bar
                if notes == 0 { bar.full = full }
            case .bar(let line):
                if notes == 0 {
                    if !bars.isEmpty { bars[bars.count - 1].closing = merged(bars[bars.count - 1].closing, line) }
                    bar.opening = merged(bar.opening, line)
                } else {
                    bar.elements = bar.elements.lowerBound..<place
                    bar.closing = line
                    bars.append(bar)
                    bar = Bar(elements: place + 1..<place + 1, opening: line)
                    bar.full = full
                    notes = 0
                }
            case .key, .tempo: break
            }
        }
        if notes > 0 {
            bar.elements = bar.elements.lowerBound..<elements.count
            bars.append(bar)
        }
        return bars
    }
}

/// How many bars of music are as long as their metre says.
public struct BarCount: Equatable, Sendable {
    /// Bars that add up.
    public private(set) var whole = 0
    /// Bars of a metre in all.
    public private(set) var total = 0

    /// No bars.
    public init() {}

    /// The bars of a score.
    ///
    /// A shorter bar that opens or closes a section adds up together with one of the tune that it completes; the tune's first bar may be a
    /// pick-up without one.
    public init(_ score: Score) {
        for voice in score.voices {
            let bars = voice.bars(metre: score.metre)
            let openings = bars.indices.filter { $0 == 0 || bars[$0].opening?.isStrong == true || bars[$0].opening?.endings.isEmpty == false }
            let closings = bars.indices.filter { $0 == bars.count - 1 || bars[$0].closing?.isStrong == true }
            for (index, bar) in bars.enumerated() {
                guard let full = bar.full else { continue }
                total += 1
                let rest = full - bar.duration
                let isWhole =
                    rest == .zero
                    || rest > .zero
                        && (index == 0 && bars.count > 1 || openings.contains(index) && closings.contains { $0 != index && bars[$0].duration == rest }
                            || closings.contains(index) && openings.contains { $0 != index && bars[$0].duration == rest })
                if isWhole { whole += 1 }
            }
        }
    }

    /// The share of bars that add up; `nil` where there are none.
    public var share: Double? { total == 0 ? nil : Double(whole) / Double(total) }

    public static func + (a: BarCount, b: BarCount) -> BarCount {
        var sum = a
        sum.whole += b.whole
        sum.total += b.total
        return sum
    }
}
