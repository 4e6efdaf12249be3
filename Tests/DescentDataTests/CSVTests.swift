import DescentData
import Testing

@Suite("CSV")
struct CSVTests {
    @Test(
        "fields as RFC 4180 and real files have them",
        arguments: [
            ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
            ("a,b\r\n1,2", [["a", "b"], ["1", "2"]]),
            ("a,b\r1,2\r", [["a", "b"], ["1", "2"]]),
            ("\u{FEFF}a,b\n1,2", [["a", "b"], ["1", "2"]]),
            ("\"a, \"\"b\"\"\",\"c\nd\"\n\"\",x", [["a, \"b\"", "c\nd"], ["", "x"]]),
            (" a , \"b\" \n\n  \n1,\n", [["a", "b"], ["1", ""]]),
            ("5\" pipe,1\n6,2", [["5\" pipe", "1"], ["6", "2"]]),
            (",\n,\n", [["", ""], ["", ""]]),
            ("a\nb\n", [["a"], ["b"]]),
            ("é,ß\n", [["é", "ß"]]),
            ("\"a\"\"\"", [["a\""]]),
        ])
    func fields(text: String, expected: [[String]]) throws {
        let csv = try CSV(parsing: Array(text.utf8), file: "f", delimiter: .comma)
        #expect(rows(csv) == expected)
    }

    @Test(
        "the delimiter is guessed",
        arguments: [
            ("a,b;c\n1,2;3\n4;5\n", Delimiter.semicolon), ("1,5;2,5\n3,5;4,5", .semicolon), ("a\tb\n1, 2\t3", .tab),
            ("a|b\n1|2", .bar), (" 0.1  2 \n 3   4", .whitespace), ("one word\nthree more words", .comma),
            ("\"x;y\",1\n\"z;w\",2", .comma), ("a", .comma),
        ])
    func delimiters(text: String, expected: Delimiter) throws {
        #expect(try CSV(parsing: Array(text.utf8), file: "f").delimiter == expected)
    }

    @Test("runs of spaces are one delimiter")
    func whitespace() throws {
        let csv = try CSV(parsing: Array("  1   2\t3 \n\n4 \"5 6\" 7".utf8), file: "f")
        #expect(rows(csv) == [["1", "2", "3"], ["4", "5 6", "7"]])
    }

    @Test("between tabulators, a quotation need not be a quoted field")
    func tabs() throws {
        let text = "\"So\" he said\t0\n\"a\tb\"\t1\n\"\"\"x\"\"\"\t1"
        let csv = try CSV(parsing: Array(text.utf8), file: "f", delimiter: .tab)
        #expect(rows(csv) == [["\"So\" he said", "0"], ["a\tb", "1"], ["\"x\"", "1"]])
    }

    @Test("quotes can be told to mean nothing")
    func noQuotes() throws {
        let csv = try CSV(parsing: Array("\"a,b\"".utf8), file: "f", delimiter: .comma, quotes: false)
        #expect(rows(csv) == [["\"a", "b\""]])
    }

    @Test("lines are counted over newlines in quotes and blank lines")
    func lines() throws {
        let csv = try CSV(parsing: Array("a,b\n\"x\ny\",1\r\n\r\nz,2".utf8), file: "f")
        #expect((0..<3).map(csv.line(ofRow:)) == [1, 2, 5])
    }

    @Test(
        "what is no table has a sentence with its place",
        arguments: [
            (Array("".utf8), "f: the file is empty"),
            (Array("\n \n".utf8), "f: the file is empty"),
            (Array("a,b\n1,2,3\n".utf8), "f:2: 3 fields, and the first line has 2"),
            (Array("a,b\n1,2\n\n1\n".utf8), "f:4: 1 field, and the first line has 2"),
            (Array("a,b\n1,\"2\n3\n".utf8), "f:2: a quote opens in this line and is never closed"),
            (
                Array("a,b\n1,\"2\" x\n".utf8),
                "f:2: text follows a closing quote within field 2; a quote within quotes is written twice"
            ),
            ([0xFF, 0xFE, 97, 0], "f: the text is in UTF-16; save it as UTF-8"),
            ([0x1F, 0x8B, 8], "f: the file is compressed (gzip); unpack it"),
            ([0x50, 0x4B, 3, 4], "f: the file is a spreadsheet or zip archive; save the table as CSV"),
            ([97, 0, 98], "f: the file is not text"),
        ])
    func mistakes(bytes: [UInt8], sentence: String) {
        let error = #expect(throws: DataError.self) { try CSV(parsing: bytes, file: "f") }
        #expect(error?.description == sentence)
    }

    @Test("any bytes at all give a table or an error, never a crash")
    func anything() {
        var random: UInt64 = 1
        let alphabet = Array("a1,;\t|\"\"\n\r .é".utf8) + [0xFF, 0xC3, 0xEF, 0xBB, 0xBF]
        for _ in 0..<3000 {
            let bytes = (0..<24).map { _ in
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int(random >> 33) % alphabet.count]
            }
            for delimiter in [nil, Delimiter.comma, .tab, .whitespace] {
                guard let csv = try? CSV(parsing: bytes, file: "f", delimiter: delimiter) else { continue }
                #expect(rows(csv).count == csv.rowCount)
            }
        }
    }

    private func rows(_ csv: CSV) -> [[String]] {
        (0..<csv.rowCount).map { row in (0..<csv.columnCount).map { csv.text(row: row, column: $0) } }
    }
}
