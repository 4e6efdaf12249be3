import DescentData
import DescentFormats
import TestFolders
import Testing

/// Numbers as people write them: every column by one rule, which is kept and used again.
@Suite("Spellings of numbers")
struct NumberSpellingTests {
    private static func table(_ text: String, _ options: Table.Options = Table.Options()) throws -> Table {
        try Table(parsing: Array(text.utf8), file: "f.csv", options: options)
    }

    private static func numbers(_ table: Table, _ column: Int) -> [Double?] { (0..<table.rowCount).map { table.number(row: $0, column: column) } }

    @Test(
        "a column is read by one rule, and it is said",
        arguments: [
            (["\"41,203\"", "\"1,002\"", "950", "\"12,000,000.5\""], [41203, 1002, 950, 12_000_000.5], "thousands separated by commas"),
            (["\"12,34,567\"", "\"1,00,000\"", "99"], [1_234_567, 100_000, 99], "thousands separated by commas"),
            (["$33.50", "$1", "-$2.25", "($4.00)"], [33.5, 1, -2.25, -4], "in $"),
            (["33.50 €", "1 €", "2.25 €"], [33.5, 1, 2.25], "in €"),
            (["USD 5", "USD 7.5"], [5, 7.5], "in USD"),
            (["12%", "0.5%", "-3 %"], [12, 0.5, -3], "in %"),
            (["12 kg", "0.5 kg", "70kg"], [12, 0.5, 70], "in kg"),
            (["12 km/h", "5 km/h"], [12, 5], "in km/h"),
            (["1 234 567", "1 000", "12"], [1_234_567, 1000, 12], "thousands separated by spaces"),
            (["1\u{A0}234.5", "2\u{202F}000"], [1234.5, 2000], "thousands separated by spaces"),
            (["1'234.50", "2’000"], [1234.5, 2000], "thousands separated by apostrophes"),
            (["\u{2212}5", "7", "\u{2212}0.5"], [-5, 7, -0.5], "minus signs of print or brackets"),
            (["1.5e3", "2", "-7"], [1500, 2, -7], nil),
        ] as [([String], [Double], String?)])
    func spellings(cells: [String], values: [Double], words: String?) throws {
        let table = try Self.table("name,x\n" + cells.enumerated().map { "\($0 % 2 == 0 ? "a" : "b"),\($1)\n" }.joined())
        #expect(Self.numbers(table, 1) == values)
        #expect(table.spelling(ofColumn: 1).words == words)
        #expect(table.text(row: 0, column: 1) == cells[0].filter { $0 != "\"" })
    }

    @Test("decimal commas: where one column can be nothing else, it decides for those that could")
    func decimalCommas() throws {
        let table = try Self.table("preis;menge;einwohner;plain\n49,50;1,234;1.234;5\n1.049,5;2,500;12.500;6\n7;3,125;999;7\n")
        #expect(Self.numbers(table, 0) == [49.5, 1049.5, 7] && Self.numbers(table, 1) == [1.234, 2.5, 3.125] && Self.numbers(table, 2) == [1234, 12500, 999])
        #expect(table.spelling(ofColumn: 0).words == "decimal comma" && table.spelling(ofColumn: 1).words == "decimal comma, by the other columns")
        #expect(Self.numbers(table, 3) == [5, 6, 7] && table.spelling(ofColumn: 3) == .plain)
        // Between commas, and with nothing to decide by, 1,234 is a thousand, and that is said.
        let other = try Self.table("x,y\n\"1,234\",1\n\"2,500\",2\n")
        #expect(Self.numbers(other, 0) == [1234, 2500] && other.spelling(ofColumn: 0).words == "thousands separated by commas: 1,234 is read as 1234")
        // Points alone are decimals.
        #expect(Self.numbers(try Self.table("x,y\n1.234,1\n2.500,2\n"), 0) == [1.234, 2.5])
    }

    @Test("codes with leading zeros are no numbers, wherever the first of them stands", arguments: [1, 4])
    func codes(threads: Int) throws {
        let early = try Self.table("zip,age\n02139,5\n10001,6\n")
        #expect(early.spelling(ofColumn: 0) == .codes && Self.numbers(early, 0) == [nil, nil] && early.text(row: 0, column: 0) == "02139")
        let rows = (0..<3000).map { "\($0 == 2500 ? "00501" : "\(10_000 + $0)"),\($0 % 7)\n" }.joined()
        let late = try Self.table("zip,age\n" + rows, Table.Options(threads: threads))
        #expect(late.spelling(ofColumn: 0) == .codes && late.text(row: 2500, column: 0) == "00501" && late.text(row: 0, column: 0) == "10000")
        #expect(late.number(row: 2500, column: 1) == 1)
        let place = try TemporaryFolder()
        defer { place.remove() }
        try FileSystem.write(Array(("zip,age\n" + rows).utf8), to: place.path("f.csv"))
        let stream = try TableStream(path: place.path("f.csv"), blockSize: 4096)
        #expect(try (0..<stream.blockCount).allSatisfy { try stream.table(block: $0).spelling(ofColumn: 0) == .codes } && stream.rowCount == 3000)
        // Decimals, zeros and numbers with a sign are no codes.
        #expect(Self.numbers(try Self.table("x,y\n0.5,0\n0,0\n00.5,1\n"), 0) == [0.5, 0, 0.5])
    }

    @Test("a file to predict is read by the rules of the file that was learned from")
    func rules() throws {
        let text = "zip;preis;n\n02139;1,5;1\n10001;2,25;2\n02139;3,5;4\n10001;1,125;7\n"
        let table = try Self.table(text)
        let encoder = try TableEncoder(fitting: table, target: 2)
        #expect(encoder.describe()[0].hasPrefix("zip: category (codes with leading zeros)") && encoder.describe()[1].contains("(decimal comma)"))
        let stored = try TableEncoder(json: JSONReader(encoder.toJSON(), file: "encoder"))
        #expect(stored.tableOptions.spellings == encoder.tableOptions.spellings && stored.spellings["zip"] == .codes)
        // Alone, 1,500 would be a thousand and a half thousand, and 10001 a number.
        let other = try Self.table("zip;preis\n10001;1,500\n", stored.tableOptions)
        #expect(other.number(row: 0, column: 1) == 1.5)
        #expect(try stored.transform(other).values == encoder.transform(Self.table("zip;preis\n10001;1,5\n", encoder.tableOptions)).values)
        // What is plain keeps a version that earlier programs read.
        #expect(JSONReader(try TableEncoder(fitting: Self.table("x,y\n1,2\n3,4\n"), target: 1).toJSON(), file: "encoder")["version"].exists)
        #expect(try JSONReader(TableEncoder(fitting: Self.table("x,y\n1,2\n3,4\n"), target: 1).toJSON(), file: "encoder")["version"].int() == 1)
    }

    @Test("what is missing can be said, and what is taken for missing is said")
    func missing() throws {
        let text = "country,x\nNA,-\nDE,5\nNA,6\nDE,-\nFR,7\n"
        let usual = try Self.table(text)
        #expect(usual.isMissing(row: 0, column: 0))
        let note = try TableEncoder(fitting: usual, target: 1, kinds: ["country": .category]).describe()[0]
        #expect(note.contains("2 cells say \"NA\", read as missing (--missing says what is)"))
        let told = try Self.table(text, Table.Options(missing: .only(["-"])))
        #expect(!told.isMissing(row: 0, column: 0) && told.isMissing(row: 0, column: 1) && told.number(row: 1, column: 1) == 5)
        #expect(try TableEncoder(fitting: told, target: 1).featureNames.contains("country = NA"))
        // Numbers can be words for nothing.
        #expect(Self.numbers(try Self.table("x,y\n-999,1\n5,2\n", Table.Options(missing: .only(["-999"]))), 0) == [nil, 5])
    }

    @Test("comments, a delimiter that is named, two columns of one name, other encodings")
    func oddFiles() throws {
        let comments = try Self.table("# exported by a tool\n# units: cm, kg\n\nheight,weight\n150,50\n151,51\n")
        #expect(comments.names == ["height", "weight"] && comments.rowCount == 2 && comments.line(ofRow: 0) == 5)
        #expect(comments.notices == ["2 comment lines before the first row are skipped (#)"])
        #expect(try Self.table("#chrom\tstart\nx\t1\ny\t2\n").names == ["#chrom", "start"])
        #expect(try Self.table("sep=;\na;b\n1;2\n").names == ["a", "b"])
        let twice = try Self.table("x,x,y\n0,4,0\n1,5,2\n")
        #expect(twice.hasHeader && twice.names == ["x", "x_2", "y"] && twice.notices == ["another column named \"x\" is called \"x_2\""])
        let latin = try Table(parsing: [0x63, 0x69, 0x74, 0x74, 0xE0, 0x2C, 0x6E, 0x0A, 0x4B, 0xF6, 0x6C, 0x6E, 0x2C, 0x31, 0x0A, 0x80, 0x2C, 0x32, 0x0A], file: "l")
        #expect(latin.names == ["città", "n"] && latin.text(row: 0, column: 0) == "Köln" && latin.text(row: 1, column: 0) == "€")
        #expect(latin.notices == ["the file is not UTF-8; it is read as Windows-1252"])
        for isBig in [false, true] {
            let units = Array("é,n\nä,1\nö,2\n".utf16)
            let mark: [UInt8] = isBig ? [0xFE, 0xFF] : [0xFF, 0xFE]
            let bytes = units.reduce(into: mark) { bytes, unit in
                let (high, low) = (UInt8(unit >> 8), UInt8(unit & 255))
                bytes += isBig ? [high, low] : [low, high]
            }
            let table = try Table(parsing: bytes, file: "u")
            #expect(table.names == ["é", "n"] && table.text(row: 1, column: 0) == "ö" && table.number(row: 1, column: 1) == 2)
        }
        let place = try TemporaryFolder()
        defer { place.remove() }
        let path = place.path("latin.csv")
        let head = "# c\ncity,n\n" + (0..<500).map { "K,\($0)\n" }.joined()
        try FileSystem.write(Array(head.utf8) + [0x4B, 0xF6, 0x2C, 0x39, 0x0A], to: path)
        let stream = try TableStream(path: path, blockSize: 1024)
        let last = try stream.table(block: stream.blockCount - 1)
        #expect(last.text(row: last.rowCount - 1, column: 0) == "Kö" && stream.rowCount == 501 && last.line(ofRow: last.rowCount - 1) == 503)
        #expect(try stream.table(block: 0).text(row: 0, column: 1) == "0" && stream.notices.count == 2)
    }

    @Test("a column that is nearly numbers says what is in the way")
    func nearly() throws {
        let cells = (0..<20).map { $0 % 5 == 4 ? "ask \($0)" : "$\($0).5" }
        let table = try Self.table("price,y\n" + cells.enumerated().map { "\($1),\($0 % 3)\n" }.joined())
        let notes = try TableEncoder(fitting: Table(names: ["price", "y", "z"], rows: (0..<20).map { [cells[$0], "\($0 % 3)", "\($0 % 4)"] }), target: 1).describe()
        #expect(notes[0] == "price: ignored (text; 16 of 20 cells look like numbers, \"ask 4\" does not: mend them, or --column price=numeric --invalid-cells missing)")
        #expect(table.spelling(ofColumn: 0) == .plain)
    }
}
