import DescentData
import DescentFormats
import Testing

/// Rows without an answer, and columns that count rows.
@Suite struct RowChoiceTests {
    private func table(_ text: String) throws -> Table { try Table(parsing: Array(text.utf8), file: "f") }

    @Test("rows without a value in the target are left out, and said to be")
    func answers() throws {
        let whole = try table("x,kind,y\n1,\"a\nb\",2\n3,b,\n4,c,NA\n5,d,6\n")
        let kept = try whole.leavingOutRows(without: "y")
        #expect((0..<kept.rowCount).map { row in kept.names.indices.map { kept.text(row: row, column: $0) } } == [["1", "a\nb", "2"], ["5", "d", "6"]])
        #expect((0..<2).map { kept.line(ofRow: $0) } == [2, 6] && kept.number(row: 1, column: 0) == 5)
        #expect(kept.notices == ["2 of 4 rows have no value in \"y\" and are left out (the first in line 4)"])
        #expect(try whole.leavingOutRows(without: "x").notices.isEmpty)
        let error = #expect(throws: DataError.self) { try table("x,y\n1,NA\n2,\n").leavingOutRows(without: "y") }
        #expect(error?.description == "f: the column \"y\" has no value in any row, so there is nothing to learn")
    }

    @Test("rows are counted by their lines where some are left out, and in each of several files")
    func lines() throws {
        let rows = (1...20).map { "\($0),\($0 * 7 % 5),\($0 % 6 == 0 ? "" : "\($0 * $0)")" }
        let kept = try table((["id,z,y"] + rows).joined(separator: "\n")).leavingOutRows(without: "y")
        #expect(kept.rowCount == 17)
        #expect(try TableEncoder(fitting: kept, target: 2).featureNames == ["z"])
    }

    @Test(
        "a column that goes up by 1 from row to row is ignored where its name is that of an index",
        arguments: [("id", true), ("PassengerId", true), ("Unnamed: 0", true), ("row_number", true), ("", true), ("day", false), ("x", false), ("paid", false), ("order id", true)])
    func index(name: String, isIgnored: Bool) throws {
        let rows = (1...12).map { "\($0),\($0 * 7 % 5),\($0 * $0)" }
        let encoder = try TableEncoder(fitting: table((["\(name),z,y"] + rows).joined(separator: "\n")), target: 2)
        let shown = name.isEmpty ? "1" : name, option = name.contains(" ") || name.contains(":") ? "'\(shown)=" : "\(shown)=", end = option.hasPrefix("'") ? "'" : ""
        #expect(
            encoder.describe()[0]
                == (isIgnored ? "\(shown): ignored (row number; --column \(option)numeric\(end) keeps it)" : "\(shown): numeric, goes up by 1 from row to row (--column \(shown)=ignore leaves it out)")
        )
        #expect(encoder.featureNames.contains(shown) == !isIgnored)
    }
}
