import DescentData
import DescentFormats
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite("tables in blocks")
struct TableStreamTests {
    /// A file that is removed again.
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws { try withFile(Array(text.utf8), body) }

    private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
        var template = Array("/tmp/descent-test-XXXXXX".utf8CString)
        let path = String(cString: try #require(mkdtemp(&template)))
        defer { rmdir(path) }
        let file = "\(path)/table.csv"
        try FileSystem.write(bytes, to: file)
        defer { unlink(file) }
        try body(file)
    }

    @Test("blocks of any size have the rows and lines of the whole table", arguments: [1, 10, 64, 1000, 1 << 20])
    func blocks(size: Int) throws {
        let rows = (0..<200).map { "\($0),\"word\($0 % 3)\n, \($0)\",\($0 % 7 == 0 ? "" : "\(Double($0) / 4)")" }
        try withFile("id,text,value\n" + rows.joined(separator: "\n")) { path in
            let whole = try Table(path: path)
            let stream = try TableStream(path: path, options: Table.Options(header: .present), blockSize: size)
            #expect(stream.rowCount == 200 && stream.names == whole.names)
            #expect((stream.blockCount == 1) == (size == 1 << 20))
            var next = 0
            for block in 0..<stream.blockCount {
                let table = try stream.table(block: block)
                #expect(stream.rows(ofBlock: block) == next..<next + table.rowCount)
                for row in 0..<table.rowCount {
                    #expect(table.text(row: row, column: 1) == whole.text(row: next, column: 1))
                    #expect(table.number(row: row, column: 2) == whole.number(row: next, column: 2))
                    #expect(table.line(ofRow: row) == whole.line(ofRow: next))
                    next += 1
                }
            }
            #expect(next == 200)
        }
    }

    @Test("an encoder fitted in blocks is that of the whole table, on the training rows alone")
    func fitting() throws {
        var random = TestRandom(state: 3)
        let rows = (0..<3000).map { row in
            "\(row),\(1e6 + Double.random(in: 0..<1, using: &random)),\(["a", "b", "c"][Int(random.next() % 3)]),"
                + "\(row % 9 == 0 ? "" : "\(Int64.random(in: 0..<50, using: &random))"),\(row >= 2000 ? 1e9 : Double(row % 11))"
        }
        try withFile("id,far,kind,some,y\n" + rows.joined(separator: "\n") + "\n") { path in
            let whole = try Table(path: path)
            let stream = try TableStream(path: path, blockSize: 4096)
            let expected = try TableEncoder(fitting: whole, rows: Array(0..<2000), target: nil)
            let fitted = try TableEncoder(fitting: stream, target: nil) { $0 < 2000 }
            #expect(fitted.featureNames == expected.featureNames && fitted.describe() == expected.describe())
            let a = try expected.transform(whole, rows: Array(0..<500)).values
            let b = try fitted.transform(whole, rows: Array(0..<500)).values
            #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * max(1, abs($0)) })
        }
    }

    @Test("errors have the line of the file; a file that changes and one that is compressed are refused")
    func mistakes() throws {
        func sentence(_ text: String, _ size: Int) throws -> String {
            var result = ""
            try withFile(text) { path in
                do {
                    _ = try TableStream(path: path, blockSize: size)
                } catch {
                    result = "\(error)".replacing(path, with: "f")
                }
            }
            return result
        }
        let rows = (0..<100).map { "\($0),\($0)\n" }.joined()
        #expect(try sentence("a,b\n" + rows + "1,2,3\n" + rows, 64) == "f:102: 3 fields, and the first line has 2")
        #expect(try sentence("a,b\n" + rows + "1,\"2\n" + rows, 64) == "f:102: a quote opens in this line and is never closed")
        #expect(try sentence("", 64) == "f: the file is empty")
        #expect(try sentence("a,b\n", 64) == "f: the file has a header and no rows")
        try withFile([0x1F, 0x8B, 8, 0]) { path in
            let error = #expect(throws: DataError.self) { try TableStream(path: path) }
            #expect(
                error?.reason == "the file is compressed (gzip), and a table that is read in blocks must not be; unpack it")
        }
        try withFile("a,b\n" + rows) { path in
            let stream = try TableStream(path: path, blockSize: 64)
            let file = fopen(path, "a")!
            fputs("1,2\n", file)
            fclose(file)
            let error = #expect(throws: FileError.self) { try stream.table(block: 0) }
            #expect(error?.sentence.hasPrefix("\(path) changed while it was read: it had ") == true)
        }
    }
}
