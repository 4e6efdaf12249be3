import DescentData
import DescentJobs
import Testing

/// Notes on a staff: what is drawn, and where beams and bars divide.
struct StaffPictureTests {
    private func score(_ notes: String, metre: String = "6/8") -> Score { TuneCollection.score(ofNotation: "X:1\nT:A <tune>\nM:\(metre)\nL:1/8\nK:G\n\(notes)\n") }

    @Test("values that no single note has are tied")
    func values() {
        func values(_ numerator: Int, _ denominator: Int) -> String { StaffNote.values(of: Fraction(numerator, denominator)).map(\.description).joined(separator: " ") }
        #expect(values(3, 8) == "3/8" && values(7, 8) == "7/8" && values(5, 8) == "1/2 1/8" && values(9, 8) == "1 1/8" && values(1, 3) == "1/4 1/16 1/64" && values(1, 4096) == "1/128")
    }

    @Test(
        "beams end with the beat, with a blank and with longer notes",
        arguments: [
            ("GABcde|", "6/8", [0..<3, 3..<6]), ("GA Bcde|", "6/8", [0..<2, 3..<6]), ("G2A B/c/d3/e/|", "6/8", [2..<6]), ("GABcdefg|", "4/4", [0..<4, 4..<8]),
            ("G/A/B/c/defg|", "4/4", [0..<4, 4..<6, 6..<8]), ("GAzBcd|", "3/4", [0..<2, 4..<6]), ("GABcde", "none", [0..<6]),
        ])
    func beams(notes: String, metre: String, expected: [Range<Int>]) {
        let score = score(notes, metre: metre), bars = score.voices[0].bars(metre: score.metre)
        let written = StaffNote.notes(of: score.voices[0].elements[bars[0].elements], from: .zero)
        #expect(StaffBeams.groups(written, metre: score.metre) == expected)
    }

    @Test("a picture has its title escaped, a description, as many heads as notes, and the same bytes each time")
    func picture() {
        let score = score("G2B d2^c|(3GAB c>d z2|1 [GBd]3-[GBd]3:|2 G,6|]"), svg = StaffPicture(score).svg
        #expect(svg.hasPrefix("<svg ") && svg.hasSuffix("</svg>") && svg == StaffPicture(score).svg)
        #expect(svg.contains("<title>A &lt;tune&gt;</title><desc>G major, 6/8, 4 bars</desc>"))
        func count(_ glyph: MusicGlyph) -> Int { svg.components(of: "d=\"\(glyph.path)\"") }
        #expect(count(.blackHead) == 15 && count(.halfHead) == 1 && count(.sharp) == 2 && count(.trebleClef) == 1)
        #expect(svg.contains(">1.</text>") && svg.contains(">2.</text>") && svg.contains(">3</text>"))
    }

    @Test("lines of music are full, and every note stands within its bar")
    func systems() {
        let score = score(String(repeating: "GAB c>de|d2B G/A/B/c/d|", count: 12)), systems = StaffSystems(score, width: 110, limit: 100)
        #expect(systems.systems.count > 2 && systems.systems.map(\.bars.count).reduce(0, +) == 24)
        for system in systems.systems.dropLast() { #expect(abs(system.edges.last! - 110) < 1e-6) }
        for system in systems.systems {
            for (index, bar) in system.bars.enumerated() {
                let places = bar.voices[0].map(\.x)
                #expect(places == places.sorted() && places.first! > system.edges[index] && places.last! + 1.18 < system.edges[index + 1])
                // Stems are long enough for their beams.
                for note in bar.voices[0] where note.hasStem { #expect(abs(note.stemEnd - (note.isStemUp ? note.high : note.low)) >= 2.5) }
            }
        }
    }
}

extension String {
    /// How often a text stands in this one.
    fileprivate func components(of part: String) -> Int {
        var count = 0, rest = self[...]
        while let found = rest.firstRange(of: part) {
            count += 1
            rest = rest[found.upperBound...]
        }
        return count
    }
}
