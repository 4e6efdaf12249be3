import DescentData

/// A score divided into lines of music of equal width.
package struct StaffSystems {
    /// A line of music.
    package struct System {
        /// Its bars with the places of everything in them, from the line's left edge.
        package var bars: [StaffBar]
        /// Where each bar begins and ends.
        package var edges: [Double]
        /// The key and metre written at its beginning.
        let key: KeySignature
        let metre: Metre?
        /// Where its signature and its first bar begin.
        let signature: Double
        /// The number of its first bar.
        let firstBar: Int
    }

    /// The lines of music.
    package private(set) var systems: [System] = []
    /// The clef of each voice.
    let clefs: [StaffSigns.Clef]
    /// How many bars there are.
    let barCount: Int

    /// The width of a clef with the room around it.
    static let clefWidth = 3.9

    /// - Parameters:
    ///   - width: The width of a line in staff spaces.
    ///   - limit: The most bars.
    package init(_ score: Score, width: Double, limit: Int) {
        clefs = score.voices.map { StaffSigns.Clef(for: $0) }
        let voices = score.voices.map { voice in (voice, voice.bars(metre: score.metre)) }
        barCount = Swift.min(voices.map(\.1.count).max() ?? 0, limit)
        var metre = score.metre, key = score.key, bars: [StaffBar] = [], keys: [KeySignature] = []
        for index in 0..<barCount {
            let parts = voices.map { voice, all in index < all.count ? (bar: all[index], elements: Array(voice.elements[all[index].elements])) : nil }
            bars.append(StaffBar(parts, metre: &metre, key: &key, isFirst: index == 0))
            keys.append(index == 0 ? key : bars[index].keyBefore)
            if index == 0 { firstMetre = metre }
        }
        var start = 0
        while start < bars.count {
            let isFirst = start == 0
            let signature = Self.clefWidth + StaffSigns.width(of: keys[start]) + 0.6 + (isFirst ? StaffSigns.width(of: firstMetre) + 0.6 : 0)
            var end = start + 1, used = signature + bars[start].width
            while end < bars.count, used + bars[end].width <= width {
                used += bars[end].width
                end += 1
            }
            let stretch = Self.stretch(Array(bars[start..<end]), room: width - signature, isLast: end == bars.count)
            systems.append(Self.placed(Array(bars[start..<end]), stretch: stretch, key: keys[start], metre: isFirst ? firstMetre : nil, signature: signature, firstBar: start, clefs: clefs))
            start = end
        }
    }

    private var firstMetre = Metre.none

    /// By how much distances between notes grow, so that a line is full. The last line stays as it is where it is less than three quarters full.
    private static func stretch(_ bars: [StaffBar], room: Double, isLast: Bool) -> Double {
        let width = bars.reduce(0) { $0 + $1.width }, elastic = bars.reduce(0) { $0 + $1.after.reduce(0, +) }
        if elastic <= 0 { return 1 }
        let stretch = (room - (width - elastic)) / elastic
        return isLast && width < 0.75 * room ? min(stretch, 1.15) : Swift.max(stretch, 0.5)
    }

    /// Gives each note its place.
    private static func placed(
        _ bars: [StaffBar], stretch: Double, key: KeySignature, metre: Metre?, signature: Double, firstBar: Int, clefs: [StaffSigns.Clef]
    ) -> System {
        var x = signature, edges = [signature], placed = bars
        for number in placed.indices {
            var bar = placed[number]
            x += bar.lead
            var places: [Fraction: Double] = [:]
            for (index, onset) in bar.onsets.enumerated() {
                x += bar.before[index]
                places[onset] = x
                x += bar.after[index] * stretch
            }
            for voice in bar.voices.indices {
                for index in bar.voices[voice].indices {
                    bar.voices[voice][index].x = places[bar.voices[voice][index].onset] ?? x
                    let ys = bar.voices[voice][index].note.heads.map { clefs[voice].y($0.pitch) }
                    bar.voices[voice][index].low = ys.max() ?? 0
                    bar.voices[voice][index].high = ys.min() ?? 0
                }
                StaffBeams.place(&bar.voices[voice], groups: bar.beams[voice])
            }
            x += bar.trail
            edges.append(x)
            placed[number] = bar
        }
        return System(bars: placed, edges: edges, key: key, metre: metre, signature: signature, firstBar: firstBar)
    }
}
