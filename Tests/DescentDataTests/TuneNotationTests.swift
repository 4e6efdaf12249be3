import DescentData
import DescentFormats
import TestFolders
import Testing

/// ABC notation as people have it: what notes sound, how long, in which order; and what is wrong with a tune.
struct TuneNotationTests {
    private func score(_ notes: String, header: String = "M:4/4\nL:1/8\nK:C") -> Score { TuneCollection.score(ofNotation: "X:1\nT:t\n\(header)\n\(notes)\n") }
    private func played(_ score: Score) -> [String] { ScorePerformance(score).voices[0].map { "\($0.key):\($0.duration)" } }

    @Test(
        "lengths are exact",
        arguments: [
            ("C C2 C/ C// C3/2 C/4 C3/", "60:1/8 60:1/4 60:1/16 60:1/32 60:3/16 60:1/32 60:3/16"),
            // Broken rhythms, once and twice.
            ("C>D C<D C>>D", "60:3/16 62:1/16 60:1/16 62:3/16 60:7/32 62:1/32"),
            // Three in the time of two; three notes of which two are written; four in the time of three.
            ("(3CDE (3:2:2C2D (4CDEF", "60:1/12 62:1/12 64:1/12 60:1/6 62:1/12 60:3/32 62:3/32 64:3/32 65:3/32"),
            // Chords with a length of their own, ties that join, grace notes and decorations that take no time.
            ("[C-E-]2[CE]2", "60:1/2 64:1/2"), ("[CE]2 [C2E2]/ C-C {de}!trill!D ~.vE", "60:1/4 64:1/4 60:1/8 64:1/8 60:1/4 62:1/8 64:1/8"),
            ("C, C c c' ^c _d =c __d", "48:1/8 60:1/8 72:1/8 84:1/8 73:1/8 73:1/8 72:1/8 72:1/8"),
            ("\"Am\"A\"^slow\"B % a comment", "69:1/8 71:1/8"),
        ])
    func lengths(notes: String, expected: String) { #expect(played(score(notes)).joined(separator: " ") == expected) }

    @Test("an accidental holds to the end of its bar, and over a tie; the key holds for all octaves")
    func accidentals() {
        #expect(played(score("^FF|F-|F|", header: "K:C")).map { $0.prefix(2) } == ["66", "66", "65"])
        #expect(played(score("^F-|FF|", header: "K:C")).map { $0.prefix(2) } == ["66", "66"])
        #expect(played(score("Ff^gG", header: "K:G")).map { $0.prefix(2) } == ["66", "78", "80", "67"])
    }

    @Test(
        "repeats and endings are played",
        arguments: [
            ("C|D:|E|", "CDCDE"), ("|:C|D:|:E:|F|", "CDCDEEF"), ("C|1 D:|2 E|F|", "CDCEF"), ("C|[1D:|[2E||F:|", "CDCEFF"), ("|:C|1,3 D:|2 E:|]", "CDCECD"),
            ("C|D||E|F:|", "CDEFEF"), ("|:C::D:|", "CCDD"), ("C|1 D|E:|2 F|]G|", "CDECFG"), ("C:|\n|:D:|", "CCDD"), ("|:C||D:|E||F:|", "CDCDEFF"),
        ])
    func repeats(notes: String, expected: String) {
        let letters = [60: "C", 62: "D", 64: "E", 65: "F", 67: "G"]
        #expect(ScorePerformance(score(notes)).voices[0].map { letters[$0.key] ?? "?" }.joined() == expected)
    }

    @Test(
        "keys of all modes",
        arguments: [
            ("G", 1, "G"), ("Gmaj", 1, "G"), ("G major", 1, "G"), ("Am", 0, "Am"), ("A minor", 0, "Am"), ("AMin", 0, "Am"), ("Ador", 1, "Ador"), ("D Dorian", 0, "Ddor"),
            ("A mixolydian", 2, "Amix"), ("F#m", 3, "F#m"), ("Bb", -2, "Bb"), ("Eb lyd", -2, "Eblyd"), ("E phr", 0, "Ephr"), ("B loc", 0, "Bloc"), ("HP", 2, "HP"), ("none", 0, "none"),
            ("", 0, "none"), ("G clef=bass", 1, "G"), ("bass", 0, "none"), ("D phr ^f", -2, "Dphr ^f"), ("em", 1, "Em"), ("C#", 7, "C#"), ("D exp _b", 0, "none _b"), ("none_b", 0, "none _b"),
        ])
    func keys(text: String, fifths: Int, written: String) throws {
        let key = try KeySignature(parsing: text)
        #expect(key.fifths == fifths && key.abc == written)
        if text == "D phr ^f" { #expect(key.alteration(of: 3) == 1 && key.alteration(of: 6) == -1) }
    }

    @Test("metres, and how long a note without a length is")
    func metres() throws {
        for (text, abc, unit) in [
            ("6/8", "6/8", "1/8"), ("C", "4/4", "1/8"), ("C|", "2/2", "1/8"), ("2/4", "2/4", "1/16"), ("none", "none", "1/8"), ("2+3/8", "5/8", "1/16"), ("(3+2)/8", "5/8", "1/16"),
        ] {
            let metre = try Metre(parsing: text)
            #expect(metre.abc == abc && "\(metre.unitLength)" == unit)
        }
        #expect(throws: NotationError.self) { try Metre(parsing: "6/7") }
        #expect(played(score("C", header: "M:2/4\nK:C")) == ["60:1/16"])
    }

    @Test("bars that add up: pick-ups, and parts that complete each other")
    func bars() {
        func count(_ notes: String) -> [Int] {
            let count = BarCount(score(notes, header: "M:6/8\nL:1/8\nK:C"))
            return [count.whole, count.total]
        }
        #expect(count("C|CDE FGA|c3 C2:|") == [3, 3])
        #expect(count("CDE FGA|c3 C2|CDE FG|") == [1, 3])
        #expect(count("C|CDE FGA|c6 c||") == [2, 3])
        #expect(count("(3CDE C2 FG|[M:9/8]CDE FGA Bcd|") == [2, 2])
        #expect(BarCount(score("CDE|FG|", header: "M:none\nK:C")).share == nil)
    }

    @Test("lines as they are found: no number, tags, entities, several voices, words, ends of lines of all kinds")
    func collections() throws {
        func tunes(_ text: String) throws -> [String] { try TuneCollection(parsing: text, file: "t.abc").tunes }
        let plain = ["M:6/8 K:G\nGAB c3|\n", "M:6/8 K:D\nDEF A3|\n"]
        // Without a blank line between; without numbers; with the same number twice; with blank lines everywhere.
        #expect(try tunes("X:1\nT:a\nM:6/8\nK:G\nGAB c3|\nX:1\nT:b\nM:6/8\nK:D\nDEF A3|") == plain)
        #expect(try tunes("T:a\nM:6/8\nK:G\nGAB c3|\n\nT:b\nM:6/8\nK:D\nDEF A3|") == plain)
        #expect(try tunes("T:a\nM:6/8\nK:G\nGAB c3|\nT:b\nM:6/8\nK:D\nDEF A3|") == plain)
        #expect(try tunes("X:1\n\nT:a\n\nM:6/8\n\nK:G\n\nGAB c3|\n\nX:2\n\nT:b\n\nM:6/8\n\nK:D\n\nDEF A3|\n\n") == plain)
        #expect(
            try tunes(
                "<html><body><pre>\nX:1\nT:Rock &amp; Reel<br>\nM:6/8\nK: G major % one sharp\n%%staves 1\nGAB c3|<br/>\nw:la la\nThis tune was learned from many people.\n\nWords between tunes: a dance.\n\nX:2\nM:6/8\nK:Dmaj\nDEF A3|</pre>"
            ) == plain)
        #expect(try tunes("X:1\nM:C\nK:G\nV:1\nG8|\nV:2\nD8|\nV:1\nA8|\n") == ["M:4/4 K:G\nG8|\nA8|\n"])
        #expect(try tunes("X:1\nM:C|\nK:Am\n!trill!A2\"^loud\"B2 \"Am\"c4|[K: A minor]A8|\n") == ["M:2/2 K:Am\nA2B2 \"Am\"c4|[K:Am]A8|\n"])
        // A metre and a length before the first tune are those of all; without any the bars say it.
        #expect(try tunes("M:6/8\nL:1/8\n\nX:1\nK:G\nGAB c3|\n") == ["M:6/8 L:1/8 K:G\nGAB c3|\n"])
        #expect(try tunes("X:1\nK:G\nGABc de|GABc de|GABc de|G6|\n") == ["M:3/4 K:G\nGABc de|GABc de|GABc de|G6|\n"])
        // Notes keep their lengths where the metre that is found would have others.
        #expect(try tunes("X:1\nK:G\nGABc|dcBA|GABc|G4|\n") == ["M:2/4 L:1/8 K:G\nGABc|dcBA|GABc|G4|\n"])
        #expect(try tunes("X:1\nM:6/8\nK:G\na<b>c a3|\n") == ["M:6/8 K:G\na<b>c a3|\n"])
    }

    @Test("a tune that cannot be played is left out, and named")
    func faults() throws {
        let good = "X:9\nM:6/8\nK:G\nGAB|\n\n"
        func notice(_ tune: String) throws -> String { try TuneCollection(parsing: good + tune, file: "t.abc").notices.joined(separator: " ") }
        #expect(try notice("X:1\nT:a\nK:G\nGA[Bc|\n") == "t.abc:9: column 3: a chord has no closing ] on the line; \"a\" is left out.")
        #expect(try notice("X:1\nT:a\nK:G\nGA\"Am|\n").contains("t.abc:9: column 3: a chord symbol or text has no closing quotation mark on the line"))
        #expect(try notice("X:1\nT:a\nK:H\nGA|\n").contains("t.abc:8: \"H\" is no key; K: has a letter A to G"))
        #expect(try notice("X:1\nT:a\nM:6/7\nK:G\nGA|\n").contains("t.abc:8: \"6/7\" is no metre"))
        #expect(try notice("X:1\nT:a\nL:1/7\nK:G\nGA|\n").contains("t.abc:8: \"1/7\" is no unit note length"))
        #expect(try notice("X:1\nT:a\nGAB|c3|\n").contains("t.abc:6: it has no key"))
        #expect(try notice("X:1\nT:a\nK:C\n").contains("t.abc:6: it has no notes after its key; \"a\" is left out."))
        #expect(try notice("X:1\nT:a\nK:G\nG£A|\n").contains("column 2: \"£\" has no meaning among notes"))
        #expect { try TuneCollection(parsing: "X:1\nT:a\nK:G\nGA[Bc|\n", file: "t.abc") } throws: { "\($0)" == "t.abc:4: column 3: a chord has no closing ] on the line" }
    }

    @Test("a folder of tunes: files in folders, one that has none is left out")
    func folders() throws {
        let place = try RunPlace()
        defer { place.remove() }
        try FileSystem.createFolder("\(place.path)/reels")
        try FileSystem.write(Array("X:1\nM:4/4\nK:G\nG8|\n".utf8), to: "\(place.path)/b.abc")
        try FileSystem.write(Array("X:1\r\nM:6/8\r\nT:Caf".utf8) + [0xE9] + Array("\r\nK:D\r\nD6|\r\n".utf8), to: "\(place.path)/reels/a.abc")
        try FileSystem.write(Array("only words\n".utf8), to: "\(place.path)/z.abc")
        #expect(try TuneCollection.isFolderOfTunes(place.path))
        let book = try TuneCollection(paths: [place.path])
        #expect(book.tunes == ["M:4/4 K:G\nG8|\n", "M:6/8 K:D\nD6|\n"])
        #expect(book.notices.contains { $0.hasSuffix("a.abc is not UTF-8; it is read as Windows-1252.") } && book.notices.contains { $0.contains("z.abc: there is no tune in it") })
    }

    @Test("tables of tunes as thesession.org gives them out")
    func tables() throws {
        let place = try RunPlace()
        defer { place.remove() }
        try FileSystem.createFolder(place.path)
        let csv =
            "tune_id,setting_id,name,type,meter,mode,abc,date,username\n18105,1,\"$150 Boot, The\",polka,2/4,Gmajor,\"fdec dBAF|\r\n|:~E2 FG A>B c2:|\",2019-07-06,a\n2,2,Bad,jig,6/8,Adorian,\"A[Bc\",2019-07-06,b\n"
        let json = #"[{"tune_id":"1","name":"A","type":"jig","meter":"6\/8","mode":"Adorian","abc":"|:EAA B2A|\r\nABc d3:|"}]"#
        #expect(TuneTable.fits(csv) && TuneTable.fits(json) && !TuneTable.fits("name,mode\na,b\n") && !TuneTable.fits("X:1\nK:G\n"))
        try FileSystem.write(Array(csv.utf8), to: "\(place.path)/tunes.csv")
        try FileSystem.write(Array(json.utf8), to: "\(place.path)/tunes.json")
        let book = try TuneCollection(path: "\(place.path)/tunes.csv")
        #expect(book.tunes == ["M:2/4 K:G\nfdec dBAF|\n|:~E2 FG A>B c2:|\n"])
        #expect(book.notices.count == 1 && book.notices[0].hasSuffix("tunes.csv:4: column 2: a chord has no closing ] on the line; \"Bad\" is left out."), "\(book.notices)")
        #expect(try TuneCollection(path: "\(place.path)/tunes.json").tunes == ["M:6/8 K:Ador\n|:EAA B2A|\nABc d3:|\n"])
    }

    @Test("nothing that a network writes stops the program")
    func noise() {
        var state: UInt64 = 1
        let letters = Array("ABCdefg|:[](3\"{}!^_=/,'>-<2 1zZxK:M:V&\n\\%+.~")
        for _ in 0..<300 {
            var text = ""
            for _ in 0..<60 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(letters[Int(state >> 33) % letters.count])
            }
            let score = score(text)
            _ = (BarCount(score), MIDIWriter.bytes(of: score))
        }
    }
}
