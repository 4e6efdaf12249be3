import DescentData
import Testing

@Suite("built-in phrase book")
struct PhraseBookTests {
    private let all = PhraseBook.pairs + PhraseBook.heldOut

    /// The words of a sentence, without its marks.
    private func words(_ sentence: String) -> [String] {
        sentence.split(separator: " ").map { String($0.filter { !",.?!।".contains($0) }) }
    }

    private func counts(_ sentences: [String]) -> [String: Int] {
        Dictionary(sentences.flatMap(words).map { ($0, 1) }, uniquingKeysWith: +)
    }

    @Test("the numbers of pairs and words")
    func numbers() {
        #expect(PhraseBook.pairs.count == 793)
        #expect(PhraseBook.heldOut.count == 70)
        let english = counts(PhraseBook.pairs.map { $0.english.lowercased() })
        let hindi = counts(PhraseBook.pairs.map(\.hindi))
        #expect(english.count == 308 && hindi.count == 403)
        #expect(english.count { $0.value >= 3 } == 275 && hindi.count { $0.value >= 3 } == 305)
        #expect(all.allSatisfy { (1...9).contains(words($0.english).count) })
    }

    @Test("known pairs are there")
    func knownPairs() {
        #expect(PhraseBook.pairs.contains { $0 == ("How are you?", "आप कैसे हैं?") })
        #expect(PhraseBook.pairs.contains { $0 == ("Please open the door.", "कृपया दरवाज़ा खोलिए।") })
    }

    @Test("no sentence occurs twice, in either language, and none held out is among the pairs")
    func distinct() {
        #expect(Set(all.map(\.english)).count == all.count)
        #expect(Set(all.map(\.hindi)).count == all.count)
    }

    @Test("what is held out has no word that occurs fewer than three times in the pairs")
    func composition() {
        let english = counts(PhraseBook.pairs.map(\.english))
        let hindi = counts(PhraseBook.pairs.map(\.hindi))
        for pair in PhraseBook.heldOut {
            for word in words(pair.english) { #expect(english[word, default: 0] >= 3, "\(word) in \(pair.english)") }
            for word in words(pair.hindi) { #expect(hindi[word, default: 0] >= 3, "\(word) in \(pair.hindi)") }
        }
    }

    @Test("both sides end with the same kind of mark, have as many commas, and single spaces")
    func marks() {
        let hindiMarks: [Character: Character] = [".": "।", "?": "?", "!": "!"]
        for pair in all {
            #expect(pair.english.last.flatMap { hindiMarks[$0] } == pair.hindi.last, "\(pair)")
            #expect(pair.english.count { $0 == "," } == pair.hindi.count { $0 == "," }, "\(pair)")
            for side in [pair.english, pair.hindi] {
                #expect(side.dropLast().allSatisfy { !".?!।".contains($0) }, "\(side)")
                #expect(words(side).allSatisfy { !$0.isEmpty }, "\(side)")
                #expect(side.split(separator: " ", omittingEmptySubsequences: false).count == words(side).count, "\(side)")
            }
        }
    }

    @Test("English is ASCII letters, Hindi is Devanagari")
    func scripts() {
        for pair in all {
            #expect(pair.english.unicodeScalars.allSatisfy { ("a"..."z").contains($0) || ("A"..."Z").contains($0) || " ,.?!'".unicodeScalars.contains($0) }, "\(pair)")
            #expect(pair.hindi.unicodeScalars.allSatisfy { ("\u{901}"..."\u{964}").contains($0) || " ,?!".unicodeScalars.contains($0) }, "\(pair)")
            #expect(pair.english.first?.isUppercase == true, "\(pair)")
        }
    }

    /// NFC leaves out the letters that Unicode excludes from composition (U+0958 to U+095F) and composes the three others that have a nukta.
    @Test("Hindi is in NFC, with each nukta and vowel sign after a consonant")
    func normalized() {
        let consonants: ClosedRange<Unicode.Scalar> = "\u{915}"..."\u{939}"
        for pair in all {
            let scalars = Array(pair.hindi.unicodeScalars)
            for (index, scalar) in scalars.enumerated() {
                let before = index > 0 ? scalars[index - 1] : " "
                #expect(!("\u{958}"..."\u{95F}").contains(scalar), "\(pair.hindi)")
                if scalar == "\u{93C}" { #expect(consonants.contains(before) && !"नरळ".unicodeScalars.contains(before), "\(pair.hindi)") }
                if ("\u{93E}"..."\u{94D}").contains(scalar) { #expect(consonants.contains(before) || before == "\u{93C}", "\(pair.hindi)") }
            }
        }
    }
}
