import DescentData
import DescentFormats
import Foundation
import Testing

@Suite("texts from files")
struct TextReadingTests {
    @Test(
        "the first byte that is not UTF-8 is found",
        arguments: [
            ([0x61, 0xC3, 0xA9], nil), ([0x61, 0xE9, 0x62], 1), ([0xC3], 0), ([0x61, 0x62, 0xE2, 0x82], 2), ([0xC0, 0x80], 0), ([0xED, 0xA0, 0x80], 0),
            ([0xF4, 0x90, 0x80, 0x80], 0), ([0xF0, 0x9F, 0x98, 0x80], nil), ([0xF0, 0x9F, 0x28, 0x80], 0), ([0x80], 0), ([0xE0, 0x9F, 0xBF], 0), ([], nil),
        ] as [([UInt8], Int?)])
    func offsets(bytes: [UInt8], offset: Int?) {
        #expect(TextFile.firstInvalidByte(bytes) == offset)
    }

    @Test("whether bytes are UTF-8 is as the standard library says")
    func agreesWithStandardLibrary() {
        var state: UInt64 = 7
        for _ in 0..<20_000 {
            let bytes = (0..<5).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let value = UInt8(truncatingIfNeeded: state >> 33)
                return value < 100 ? value : value | 0x80
            }
            #expect((TextFile.firstInvalidByte(bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
        }
    }

    @Test(
        "sentences for what is no text",
        arguments: [
            ([], "t.txt: the file is empty; there is no text to learn from"),
            ([0xEF, 0xBB, 0xBF], "t.txt: the file is empty; there is no text to learn from"),
            ([0xE9, 0x01, 0x62], "t.txt: the file is not text: the byte at offset 1 is a control character, and other bytes are not UTF-8"),
            ([0xFF, 0xFE, 0x61, 0x00, 0x00, 0x00], "t.txt: the file is not text: the byte at offset 1 is zero"),
            ([0x1F, 0x8B, 8], "t.txt: the file is compressed (gzip); unpack it"),
            ([0x61, 0], "t.txt: the file is not text: the byte at offset 1 is zero"),
        ] as [([UInt8], String)])
    func noText(bytes: [UInt8], sentence: String) {
        #expect { try TextFile.text(bytes, file: "t.txt") } throws: { "\($0)" == sentence }
    }

    @Test("encodings, marks and line ends are those of tables: none of them is learnt")
    func encodings() throws {
        for (bytes, text) in [
            ([0xEF, 0xBB, 0xBF, 0x61, 0x0D, 0x0A, 0x62, 0x0D, 0x0A], "a\nb\n"), ([0x61, 0x0D, 0x62, 0x0D], "a\nb\n"), ([0xFF, 0xFE, 0x61, 0x00, 0xE9, 0x00, 0x0D, 0x00, 0x0A, 0x00], "aé\n"),
            ([0xFE, 0xFF, 0x00, 0x61], "a"), ([0x93, 0x61, 0xE9, 0x94, 0x0D, 0x0A], "“aé”\n"),
        ] as [([UInt8], String)] { #expect(try TextFile.text(bytes, file: "t") == text) }
        let folder = FileManager.default.temporaryDirectory.appending(path: "descent-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "t.txt").path
        try Data([0x61, 0xE9, 0x0D, 0x0A]).write(to: URL(filePath: file))
        #expect(try TextCorpus(path: file).notices == ["\(file) is not UTF-8; it is read as Windows-1252."])
    }

    @Test("a corpus keeps its end for the test, cut between scalars")
    func corpus() throws {
        let corpus = TextCorpus("0123456789नमस्ते01", file: "t", testFraction: 0.5)
        #expect(corpus.training == "012345678")
        #expect(corpus.training + corpus.test == "0123456789नमस्ते01")
        #expect(try TextFile.text([0xEF, 0xBB, 0xBF, 0x61], file: "t") == "a")
    }

    @Test("lines of a text and its class")
    func labelled() throws {
        let texts = try LabelledTexts(parsing: "So good.  \t1\r\n\nA tab\there\t0\r\n bad \t 10 \n", file: "t.txt")
        #expect(texts.texts == ["So good.", "A tab\there", "bad"])
        #expect(texts.classes == ["0", "1", "10"])
        #expect(texts.labels == [1, 0, 2])
        #expect(texts.lines == [1, 3, 4])
    }

    @Test(
        "lines without a label are named",
        arguments: [
            ("a\t1\nb\nc\t0\n", "t.txt:2: line 2 has no label (of 3); each must be a text, a tabulator and its class. Give them one, or take them out"),
            ("a\t1\nb\t\nc\t0\n\nd\n", "t.txt:2: lines 2 and 5 have no label (of 4); each must be a text, a tabulator and its class. Give them one, or take them out"),
            (
                "a\t1\n" + String(repeating: "x\n", count: 9),
                "t.txt:2: lines 2, 3, 4, 5, 6 and 4 more have no label (of 10); each must be a text, a tabulator and its class. Give them one, or take them out"
            ),
            ("a\t1\nb\t1\n", "t.txt: all 2 texts are of the class \"1\"; to tell classes apart there must be at least two"),
            ("\n\n", "t.txt: there are no texts in it"),
        ])
    func missingLabels(text: String, sentence: String) {
        #expect { try LabelledTexts(parsing: text, file: "t.txt") } throws: { "\($0)" == sentence }
    }

    @Test("a folder: a class by file")
    func folder() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "descent-names-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in [("Polish.txt", "Nowak\nKowalski\n"), ("Irish.txt", "O'Neal\n\nAdam \n"), (".hidden", "x\n")] {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        let names = try LabelledTexts(path: folder.path)
        #expect(names.classes == ["Irish", "Polish"])
        #expect(names.texts == ["O'Neal", "Adam", "Nowak", "Kowalski"])
        #expect(names.labels == [0, 0, 1, 1])
        #expect(names.lines == [1, 3, 1, 2])

        try Data([0x61, 0xE9, 0x00, 0x0A]).write(to: folder.appending(path: "Polish.txt"))
        #expect { try LabelledTexts(path: folder.path) } throws: { "\($0)".hasSuffix("Polish.txt: the file is not text: the byte at offset 2 is zero") }
    }

    @Test("what stands in both parts is known, class by class")
    func repeated() throws {
        // Of class 0 the same text ten times; of class 1 ten texts, one of them that of class 0.
        let lines = (0..<10).map { "a\t0\n\($0 == 0 ? "a" : "b\($0)")\t1\n" }
        let texts = try LabelledTexts(parsing: lines.joined(), file: "t")
        let split = texts.split(testFraction: 0.4, seed: 1)
        #expect(split.test.count == 8)
        #expect(texts.repeated(in: split) == split.test.map { texts.labels[$0] == 0 })
    }

    @Test("labelled lines are told from running text and from other tables")
    func guessing() {
        #expect(LabelledTexts.fits((1...10).map { "sentence \($0).\t\($0 % 2)\n" }.joined()))
        #expect(!LabelledTexts.fits("First Citizen:\nBefore we proceed any further, hear me speak.\n"))
        #expect(!LabelledTexts.fits((1...10).map { "Go \($0).\tजाओ \($0)।\tby \($0)\n" }.joined()))
        #expect(TuneCollection.fits("% a book\nX: 1\nT:A\nK:D\nabc\n") && !TuneCollection.fits("K:D\nabc\n"))
    }

    @Test("tunes: what is needed to play them")
    func tunes() throws {
        let book = try TuneCollection(
            parsing: "X: 1\nT:A and D\n% Collection\nM:4/4\nM:6/8\nK: A % sharp\nP:A\nf|ecc c2f|\r\nK:D\nd2|\n\n\nX:2\nK:G\nL:1/8\nGAB|\n\nX:3\nT:no notes\nK:C\n", file: "t.abc")
        #expect(book.tunes == ["M:6/8 K:A\nf|ecc c2f|\nK:D\nd2|\n", "M:4/4 L:1/8 K:G\nGAB|\n"])
        #expect(TuneCollection.notation(of: book.tunes[0], number: 7, title: "New") == "X:7\nT:New\nM:6/8\nK:A\nf|ecc c2f|\nK:D\nd2|\n")
        #expect { try TuneCollection(parsing: "just words\n", file: "t.abc") } throws: {
            "\($0)" == "t.abc: there is no tune in it; a tune in ABC notation has a line K: with its key, then lines of notes"
        }
    }
}
