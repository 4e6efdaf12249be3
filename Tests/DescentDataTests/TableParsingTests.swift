import DescentData
import DescentFormats
import Testing

/// SplitMix64, for tests that need many cases.
struct TestRandom: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

@Suite("parsing tables")
struct TableParsingTests {
    @Test("decimal numbers are rounded as the C library rounds them")
    func rounding() throws {
        var random = TestRandom(state: 1)
        var texts: [String] = [
            "9007199254740993", "9007199254740992.5", "0.1", "1e22", "1e23", "8.5e-324", "2.2250738585072011e-308",
            "1.7976931348623157e308", "179769313486231570000e288", "5e-324", "0.000000000000000000000000000012345678901234567",
            "1234567890123456789", "12345678901234567890", "123456789012345678901", "9223372036854775808e10", "4503599627370496.5",
            "4503599627370497.5", "1.00000000000000011102230246251565", "7.2057594037927933e16", "3e-55", "3e55", "3e-56", "0e400",
        ]
        for _ in 0..<20_000 {
            // Any double in its shortest form, any digits with any power, and numbers halfway between two doubles.
            let value = Double(bitPattern: random.next())
            if value.isFinite { texts.append("\(value)") }
            let digits = String(random.next() >> UInt64.random(in: 0..<60, using: &random))
            let place = Int.random(in: 0...digits.count, using: &random)
            texts.append("\(digits.prefix(place)).\(digits.dropFirst(place))")
            texts.append("-\(digits)e\(Int.random(in: -80...80, using: &random))")
            texts.append("\(random.next() >> 10 | 1)e\(Int.random(in: -30...30, using: &random))")
            texts.append("\((random.next() >> 11) | 1 << 53).5")
        }
        let table = try Table(
            parsing: Array(("x,y\n" + texts.map { "\($0),1\n" }.joined()).utf8), file: "f",
            options: Table.Options(delimiter: .comma, header: .present))
        var wrong: [String] = []
        for (row, text) in texts.enumerated() where table.number(row: row, column: 0)?.bitPattern != Double(text)?.bitPattern {
            wrong.append(text)
        }
        #expect(wrong.isEmpty, "\(wrong.prefix(5))")
    }

    @Test("several threads read what one reads, newlines and commas in quotes included")
    func threads() throws {
        var random = TestRandom(state: 2)
        var text = "number,quoted,word,late\n"
        var expected: [[String]] = []
        while text.utf8.count < 3 << 20 {
            let number = "\(Int.random(in: -999...999, using: &random)).\(Int.random(in: 0...999, using: &random))"
            // Some rows are longer than what a thread is given.
            let size = Int.random(in: 0..<2000, using: &random) == 0 ? 600_000 : Int.random(in: 0...40, using: &random)
            let quoted = String((0..<size).map { _ in "a,\n\r\"7".randomElement(using: &random)! })
            let row = [number, quoted, "w\(expected.count % 7)", expected.count > 5000 ? "x" : "1"]
            let escaped = quoted.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            text += "\(row[0]),\"\(escaped)\",\(row[2]),\(row[3])\(expected.count % 3 == 0 ? "\r\n" : "\n")"
            if expected.count % 100 == 0 { text += "\n" }
            expected.append(row)
        }
        let one = try Table(parsing: Array(text.utf8), file: "f", options: Table.Options(threads: 1))
        let four = try Table(parsing: Array(text.utf8), file: "f", options: Table.Options(threads: 4))
        #expect(one.rowCount == expected.count && four.rowCount == expected.count)
        for row in expected.indices {
            let texts = (0..<4).map { four.text(row: row, column: $0) }
            guard texts == expected[row] else {
                Issue.record("row \(row) differs")
                return
            }
            guard four.number(row: row, column: 0) == Double(expected[row][0]), one.line(ofRow: row) == four.line(ofRow: row) else {
                Issue.record("row \(row) has another number or line")
                return
            }
        }
    }

    @Test("an error far into a file has its line, however many threads read it", arguments: [1, 4])
    func lateError(threads: Int) {
        let rows = 300_000
        let text = "a,b\n" + (0..<rows).map { $0 == 250_000 ? "1\n" : "12.5,\($0)\n" }.joined()
        let error = #expect(throws: DataError.self) {
            try Table(parsing: Array(text.utf8), file: "f", options: Table.Options(threads: threads))
        }
        #expect(error?.description == "f:250002: 1 field, and the first line has 2")
    }

    @Test("mixed line ends, a byte-order mark and blank lines")
    func mixed() throws {
        let table = try table("\u{FEFF}\n  \na,b\r\n1,2\n3,4\r5,\r\n\r\n  \n,6")
        #expect(table.names == ["a", "b"] && table.rowCount == 4)
        #expect((0..<4).map { table.number(row: $0, column: 0) } == [1, 3, 5, nil])
        #expect((0..<4).map { table.number(row: $0, column: 1) } == [2, 4, nil, 6])
        #expect((0..<4).map { table.line(ofRow: $0) } == [4, 5, 6, 9])
        #expect(table.isMissing(row: 2, column: 1) && table.isMissing(row: 3, column: 0))
        let ending = try Table(parsing: Array("a,b\n1,".utf8), file: "f")
        #expect(ending.rowCount == 1 && ending.isMissing(row: 0, column: 1))
    }

    @Test("the text of a cell in a column of numbers is as it was written")
    func texts() throws {
        let table = try table("a,b\n007, 1.50 \n\"3\",twelve\n1e3,\n4,5\n6,7")
        #expect((0..<3).map { table.text(row: $0, column: 0) } == ["007", "3", "1e3"])
        #expect((0..<3).map { table.text(row: $0, column: 1) } == ["1.50", "twelve", ""])
        #expect(table.number(row: 1, column: 1) == nil && !table.isMissing(row: 1, column: 1))
    }

    @Test(
        "a delimiter given that is not the file's",
        arguments: [
            (Delimiter.semicolon, "a,b,c\n1,2,3\n4,5,6", "semicolon", "comma", 3), (.comma, "a\tb\n1\t2\n", "comma", "tab", 2),
            (.tab, "a|b\n1|2", "tab", "bar", 2), (.comma, "x;y\n1,5;2\n3;4,5", "comma", "semicolon", 2),
        ])
    func wrongDelimiter(given: Delimiter, text: String, name: String, likely: String, count: Int) {
        let error = #expect(throws: DataError.self) {
            try Table(parsing: Array(text.utf8), file: "f", options: Table.Options(delimiter: given))
        }
        #expect(
            error?.description
                == "f:1: the delimiter given is the \(name), and this file's seems to be the \(likely), which divides every line "
                + "into \(count) fields. Give that one, or none to have it guessed")
    }

    @Test("a delimiter given for a single column is taken")
    func singleColumn() throws {
        let table = try Table(
            parsing: Array("text\nhello, world\nno comma\n".utf8), file: "f", options: Table.Options(delimiter: .tab, header: .present))
        #expect(table.names == ["text"] && table.text(row: 0, column: 0) == "hello, world")
    }

    @Test("a compressed table is unpacked; a damaged one has a sentence with the place of the damage")
    func compressed() throws {
        let text = Array("a,b\n1,2\n".utf8)
        var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, UInt8(text.count), 0, ~UInt8(text.count), 255] + text
        for word in [CRC32.checksum(text), UInt32(text.count)] { withUnsafeBytes(of: word.littleEndian) { file += $0 } }
        #expect(try Table(parsing: file, file: "f.gz").number(row: 0, column: 1) == 2)
        file[17] ^= 1
        let error = #expect(throws: DataError.self) { try Table(parsing: file, file: "f.gz") }
        #expect(error?.description == "f.gz: the gzip file is damaged at byte 23: its checksum does not match its content")
    }
}
