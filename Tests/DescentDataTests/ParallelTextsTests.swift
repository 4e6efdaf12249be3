import DescentData
import Testing

@Suite("Sentences and their translations")
struct ParallelTextsTests {
    private static func parse(_ text: String) throws -> ParallelTexts { try ParallelTexts(parsing: text, file: "pairs.txt") }

    @Test("lines of two columns; blank lines and blanks at the ends are skipped, line ends of all kinds are taken")
    func reading() throws {
        let texts = try Self.parse("Hello. \t नमस्ते।\r\n\n  \nGo!\tजाओ!")
        #expect(texts.pairs == [.init(source: "Hello.", target: "नमस्ते।"), .init(source: "Go!", target: "जाओ!")] && texts.notes.isEmpty)
    }

    @Test("texts are in normalization form C: letters and marks in one form, whatever the file has")
    func normalization() throws {
        let texts = try Self.parse("cafe\u{301}\t\u{95C}\ncaf\u{E9}\tड\u{93C}\n")
        #expect(texts.pairs[0].source.unicodeScalars.elementsEqual("caf\u{E9}".unicodeScalars))
        #expect(texts.pairs.map { Array($0.target.unicodeScalars) }[0] == Array("ड\u{93C}".unicodeScalars))
        #expect(Array(texts.pairs[0].source.utf8) == Array(texts.pairs[1].source.utf8))
    }

    @Test(
        "a line that is no pair is named",
        arguments: [
            ("a\tb\nlonely line\nc\td\n", "pairs.txt:2: the line has one column (\"lonely line\"); it must be a sentence, a tabulator and its translation"),
            ("a\tb\n\tc\n", "pairs.txt:2: the sentence is empty; give the line both sides, or take it out"),
            ("a\tb\nc\t \n", "pairs.txt:2: the translation is empty; give the line both sides, or take it out"),
            ("a\tb\n", "pairs.txt: there is one pair of a sentence and its translation; to learn from them there must be at least two"),
        ])
    func errors(text: String, sentence: String) {
        let error = #expect(throws: DataError.self) { try Self.parse(text) }
        #expect(error.map { "\($0)" } == sentence)
    }

    @Test("further columns are ignored, and it is said")
    func columns() throws {
        #expect(try Self.parse("a\tb\tCC-BY\nc\td\tCC-BY\n").notes == ["The third column (\"CC-BY\") is ignored, in all lines"])
        #expect(try Self.parse("a\tb\tx\ty\nc\td\n").notes == ["The columns from the third on (\"x\"...) are ignored, in 1 line"])
    }

    @Test("both columns of one language are noticed, names and numbers in both are not")
    func oneLanguage() throws {
        let same = try Self.parse((0..<30).map { "the cat number \($0) sat\tthe cat sat \($0)\n" }.joined())
        #expect(same.notes.count == 1 && same.notes[0].hasPrefix("Both columns seem to be of one language"))
        #expect(try Self.parse((0..<30).map { "Tom saw \($0)\tटॉम ने Tom \($0) देखा\n" }.joined()).notes.isEmpty)
    }

    @Test("no sentence stands on both sides of a cut, in whatever case")
    func split() throws {
        let texts = try Self.parse((0..<40).flatMap { number in (0..<3).map { "\($0 == 0 ? "Sentence" : "sentence") \(number)\ttranslation \(number) \($0)\n" } }.joined())
        let split = texts.split(testFraction: 0.1, seed: 3)
        #expect(split.test.count == 12 && split.train.count == 108)
        let (train, test) = (Set(split.train.map { texts.pairs[$0].source.lowercased() }), Set(split.test.map { texts.pairs[$0].source.lowercased() }))
        #expect(train.isDisjoint(with: test))
        #expect(texts.split(testFraction: 0.1, seed: 3) == split && texts.split(testFraction: 0.1, seed: 4) != split && texts.split(testFraction: 0, seed: 1).test.isEmpty)
    }

    @Test("files of pairs are told from labelled texts, prose and tables")
    func fits() {
        #expect(ParallelTexts.fits("Wow!\tवाह!\nHelp!\tबचाओ!\nJump.\tकूदो.\n"))
        #expect(ParallelTexts.fits((0..<50).map { "a sentence\tits translation \(["x", "y", "z"][$0 % 3])\($0)\n" }.joined()))
        #expect(!ParallelTexts.fits((0..<50).map { "a text \($0)\t\($0 % 2 == 0 ? "good" : "bad")\n" }.joined()))
        #expect(!ParallelTexts.fits("Once upon a time\nthere was a king.\n"))
        #expect(!ParallelTexts.fits("1\t2\n3\t4\n"))
        #expect(!ParallelTexts.fits(""))
    }
}
