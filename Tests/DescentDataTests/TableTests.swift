import DescentData
import DescentFormats
import Testing

/// A table from text, as if read from a file called `f`.
func table(_ text: String, header: Table.Header = .guess) throws -> Table {
    try Table(parsing: Array(text.utf8), file: "f", options: Table.Options(header: header))
}

@Suite("tables")
struct TableTests {
    @Test(
        "the header is guessed",
        arguments: [
            ("x,y\n1,2\n3,4", true), ("1,2\n3,4", false), ("x,y\n1,a\n2,b", true), ("x,\n1,2", true),
            ("a,1\nb,2", false),
            ("name,kind\nu,p\nv,p\nw,q\nx,q", true), ("u,p\nv,p\nw,q\nx,q\ny,q", false), ("hello,hola\nyes,si", false),
            ("x,x\n1,2", true), ("x,y", true), ("x,y\nNA,3\n,4", true),
        ])
    func header(text: String, expected: Bool) throws {
        if text == "x,y" {
            let error = #expect(throws: DataError.self) { try table(text) }
            #expect(error?.description == "f: the file has a header and no rows")
        } else {
            #expect(try table(text).hasHeader == expected)
        }
    }

    @Test("a header can be told to be there or not")
    func toldHeader() throws {
        #expect(try table("1,2\n3,4", header: .present).names == ["1", "2"])
        #expect(try table("1,2\n3,4", header: .present).rowCount == 1)
        let without = try table("x,y\n3,4", header: .absent)
        #expect(without.names == ["1", "2"] && without.rowCount == 2)
    }

    @Test("a header without rows")
    func headerOnly() {
        let error = #expect(throws: DataError.self) { try table("Age,Fare\n") }
        #expect(error?.description == "f: the file has a header and no rows")
    }

    @Test("names that are empty or repeated are made different")
    func names() throws {
        #expect(try table("a,,a,b\n1,2,3,4", header: .present).names == ["a", "2", "a_2", "b"])
    }

    @Test("a column is found by name, then by number; else the nearest name is suggested")
    func columns() throws {
        let table = try table("Age,Fare,1\n1,2,3", header: .present)
        #expect(try table.column("Fare") == 1)
        #expect(try table.column("1") == 2)
        #expect(try table.column("2") == 1)
        for (name, sentence) in [
            ("fore", "f: there is no column \"fore\". Did you mean \"Fare\"? The columns are Age, Fare, 1"),
            ("Survived", "f: there is no column \"Survived\". The columns are Age, Fare, 1"),
            ("4", "f: there is no column \"4\". The columns are Age, Fare, 1"),
        ] {
            let error = #expect(throws: DataError.self) { try table.column(name) }
            #expect(error?.description == sentence)
        }
    }

    @Test(
        "texts that are numbers, and their values",
        arguments: [
            ("1", 1), ("-2.50", -2.5), ("+.5", 0.5), ("5.", 5), ("1e3", 1000), ("1.5E-3", 0.0015), ("00.7", 0.7),
            ("0.1", 0.1), ("1180591620717411303424", 0x1p70), ("4.9671", 4.9671), ("-0", -0.0),
            ("0.30000000000000004", 0.1 + 0.2), (" 3 ", 3), ("\"3\"", 3),
            ("0.0000000000000000000000000000000000001", 1e-37),
        ])
    func numbers(text: String, value: Double) throws {
        #expect(try table("x,y\n\(text),1", header: .present).number(row: 0, column: 0) == value)
    }

    @Test(
        "texts that are no numbers",
        arguments: ["1.2.3", "0x10", "1e", "e5", "-", "1,000", "inf", "1e999", "12 km", "", "007"])
    func noNumbers(text: String) throws {
        #expect(try table("x;y\n\(text);1", header: .present).number(row: 0, column: 0) == nil)
    }

    @Test(
        "texts that mean a missing value",
        arguments: ["", " ", "NA", "n/a", "NaN", "-nan", "NULL", "None", "?", "\"\""])
    func missing(text: String) throws {
        #expect(try table("x,y\n\(text),1", header: .present).isMissing(row: 0, column: 0))
    }

    @Test("a table from values in code")
    func inCode() throws {
        let table = try Table(names: ["a", "b"], rows: [["x\"y", "1"], ["", "2.5"]])
        #expect(table.text(row: 0, column: 0) == "x\"y")
        #expect(table.number(row: 1, column: 1) == 2.5)
        #expect(throws: DataError.self) { try Table(names: ["a"], rows: [["1", "2"]]) }
        #expect(throws: DataError.self) { try Table(names: ["a"], rows: []) }
    }

    @Test("a missing file")
    func missingFile() {
        let error = #expect(throws: FileError.self) { try Table(path: "/no/file.csv") }
        #expect(error?.sentence == "no such file: /no/file.csv")
    }
}
