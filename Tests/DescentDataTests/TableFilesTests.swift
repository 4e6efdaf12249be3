import DescentData
import DescentFormats
import TestFolders
import Testing

/// Several files read as one table.
@Suite struct TableFilesTests {
    /// The cells of files that are written for the test.
    private func read(_ files: [(name: String, text: String)], fileColumn: String? = nil, options: Table.Options = Table.Options()) throws -> Table {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        for (name, text) in files { try FileSystem.write(Array(text.utf8), to: folder.path(name)) }
        return try Table(paths: files.map { folder.path($0.name) }, options: options, fileColumn: fileColumn)
    }

    private func cells(_ table: Table) -> [[String]] { (0..<table.rowCount).map { row in table.names.indices.map { table.text(row: row, column: $0) } } }

    @Test("columns are found by name, whatever their order, delimiter and format; a row knows its file and line")
    func order() throws {
        let table = try read([("a.csv", "x,kind,y\n1,\"p,q\",2\n3,b,4\n"), ("b.csv", "y;kind;x\n6;c;5\n\n8;;n/a\n"), ("c.jsonl", "{\"kind\":\"d\",\"x\":7.5,\"y\":null}\n")], fileColumn: "source")
        #expect(table.names == ["x", "kind", "y", "source"])
        #expect(
            cells(table) == [
                ["1", "p,q", "2", "a.csv"], ["3", "b", "4", "a.csv"], ["5", "c", "6", "b.csv"], ["n/a", "", "8", "b.csv"], ["7.5", "d", "", "c.jsonl"],
            ])
        #expect((0..<5).map { table.number(row: $0, column: 0) } == [1, 3, 5, nil, 7.5])
        #expect(table.isMissing(row: 3, column: 0) && table.isMissing(row: 4, column: 2))
        #expect((0..<5).map { table.line(ofRow: $0) } == [2, 3, 2, 4, 1])
        #expect(table.file(ofRow: 1).hasSuffix("/a.csv") && table.file(ofRow: 2).hasSuffix("/b.csv") && table.file(ofRow: 4).hasSuffix("/c.jsonl"))
    }

    @Test("numbers in one file and texts in another are texts; a cell that fits ill is named by its file and line")
    func mixed() throws {
        let table = try read([("a.csv", "x,y\n1,1\n2,2\n3,3\n"), ("b.csv", "y,x\n4,four\n5,five\n")])
        #expect(cells(table).map { $0[0] } == ["1", "2", "3", "four", "five"])
        #expect(table.number(row: 2, column: 0) == 3 && table.number(row: 3, column: 0) == nil)
        let odd = try read([("a.csv", "x,y\n1,1\n2,2\n3,3\n5,5\n"), ("b.csv", "y,x\n4,4\n5,five\n")])
        let error = #expect(throws: DataError.self) { try TableEncoder(fitting: odd, target: 1) }
        #expect(error?.description.hasSuffix("/b.csv:3: column \"x\" is \"five\", not a finite number. Fix the cell, or use --invalid-cells missing") == true)
    }

    @Test("codes with leading zeros in a later file make the column one of codes")
    func codes() throws {
        let table = try read([("a.csv", "zip,y\n12139,1\n94110,2\n"), ("b.csv", "zip,y\n02139,3\n")])
        #expect(cells(table).map { $0[0] } == ["12139", "94110", "02139"])
        #expect((0..<3).allSatisfy { table.number(row: $0, column: 0) == nil } && table.spelling(ofColumn: 0) == .codes)
    }

    @Test("the first file's way of writing numbers is that of the others")
    func spelling() throws {
        let table = try read([("a.csv", "x;y\n1.049,50;1\n2,5;2\n"), ("b.csv", "x;y\n3.000;3\n")])
        #expect((0..<3).map { table.number(row: $0, column: 0) } == [1049.5, 2.5, 3000])
    }

    @Test("other columns are named")
    func columns() throws {
        let error = #expect(throws: DataError.self) { try read([("a.csv", "x,kind,y\n1,a,2\n"), ("c.csv", "x,z,w,kind\n1,2,3,a\n")]) }
        #expect(
            error?.description.hasSuffix(
                "/c.csv: it lacks the column \"y\" of \(error!.file.dropLast(5))a.csv and has the columns \"z\", \"w\" that \(error!.file.dropLast(5))a.csv lacks; files that are read together have the same columns, in any order"
            ) == true)
        let taken = #expect(throws: DataError.self) { try read([("a.csv", "x,y\n1,2\n")], fileColumn: "y") }
        #expect(taken?.reason == "it has a column \"y\" already; choose another name for the column of files (--file-column)")
    }

    @Test("a pattern means the files that match it, sorted")
    func patterns() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        for name in ["b.csv", "a.csv", "c.txt", "[x].csv"] { try FileSystem.write([0x31], to: folder.path(name)) }
        #expect(try FileSystem.matching(folder.path("?.csv")) == [folder.path("a.csv"), folder.path("b.csv")])
        #expect(try FileSystem.matching(folder.path("[x].csv")) == [folder.path("[x].csv")])
        let error = #expect(throws: FileError.self) { try FileSystem.matching(folder.path("*.parquet")) }
        #expect(error?.sentence == "no file matches the pattern \(folder.path("*.parquet"))")
    }

    // MARK: - Values

    @Test("members of objects are columns with dots, on lines, over lines and in an array")
    func objects() throws {
        let line = "{\"user\":{\"age\":3,\"name\":{\"first\":\"a\\\"}{\"}},\"ok\":true,\"n\":\"1,234\"}", second = "{\"ok\":null,\"extra\":1.5,\"n\":\"5,678\"}"
        for text in ["\(line)\n\n\(second)\n", "[\(line),\n\n\(second)]", line.split(separator: ",\"").joined(separator: ",\n \"") + "\n" + second] {
            let table = try Table(parsing: Array(text.utf8), file: "f")
            #expect(table.names == ["user.age", "user.name.first", "ok", "n", "extra"])
            #expect(cells(table) == [["3", "a\"}{", "true", "1,234", ""], ["", "", "", "5,678", "1.5"]])
            #expect(table.number(row: 1, column: 3) == 5678 && table.isMissing(row: 0, column: 4))
        }
        for (text, sentence) in [
            (
                "{\"a\":1}\n{\"a\":{\"b\":[1]}}",
                "f:2: the value of \"a.b\" is an array, and a cell of a table holds one value: a text, a number, true, false or null. Leave it out, or write a member for each element"
            ),
            ("{\"a\":1}\n{\"a\":tru}", "f:2:6: "), ("{\"a\":{\"b\":1},\"a.b\":2}", "f:1: two members are called \"a.b\", which is also how a member of an object is called"),
            ("[{\"a\":1}, 5]", "f:1: between rows, which are objects {\"column\": value, ...}, stands \"5]\""), ("[{\"a\":1},\n{\"a\":2", "f:2: the object that begins here does not end"),
            ("[{\"a\":1},\n{\"a\":2}", "f:2: the array of rows does not end"),
        ] {
            let error = #expect(throws: DataError.self) { try Table(parsing: Array(text.utf8), file: "f") }
            #expect(error?.description.hasPrefix(sentence) == true)
        }
    }

    @Test("an array of objects on one line is read whole; whole numbers keep their digits")
    func digits() throws {
        let array = Array("[{\"id\":9007199254740993},{\"id\":9007199254740992}]".utf8)
        #expect(Table.isWhole(array) && !Table.isWhole(Array("{\"id\":1".utf8)))
        #expect(try cells(Table(parsing: array, file: "f")) == [["9007199254740993"], ["9007199254740992"]])
        #expect(try cells(Table(parsing: Array("[{\"id\":1234567890123451}]".utf8), file: "f")) == [["1234567890123451"]])
    }

    @Test("NumPy arrays are columns: rows and columns, or named ones with as many rows")
    func arrays() throws {
        let matrix = NumericArray([1.5, .nan, 3, 4], shape: [2, 2]), whole = NumericArray([Int64(7), 8], shape: [2])
        let table = try Table(parsing: NumPyFile.encode(matrix), file: "X.npy")
        #expect(!table.hasHeader && table.names == ["1", "2"] && cells(table) == [["1.5", ""], ["3", "4"]])
        let named = try Table(parsing: NumPyFile.encodeArchive([("X", matrix), ("y", whole)]), file: "d.npz")
        #expect(named.hasHeader && named.names == ["X 1", "X 2", "y"] && cells(named) == [["1.5", "", "7"], ["3", "4", "8"]])
        for (bytes, sentence) in [
            (NumPyFile.encode(NumericArray([Float](repeating: 0, count: 8), shape: [2, 2, 2])), "f: the array has the shape [2, 2, 2]; a table is an array of two axes, rows and columns"),
            (try NumPyFile.encodeArchive([("X", matrix), ("y", NumericArray([1.0], shape: [1]))]), "f: the array \"X\" has 2 rows and \"y\" has 1; the arrays of a table have as many"),
        ] {
            let error = #expect(throws: DataError.self) { try Table(parsing: bytes, file: "f") }
            #expect(error?.description.hasPrefix(sentence) == true)
        }
    }
}
