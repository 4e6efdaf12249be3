import DescentData
import Testing

@Suite("built-in tables")
struct BuiltInTableTests {
    @Test(
        "rows, columns and sums of the tables (by pandas)",
        arguments: [
            (BuiltInTable.iris, 150, 5, [876.5, 458.6, 563.7, 179.9]), (.diabetes, 442, 11, [21445, 649, 11658.1, 41833.98, 83600]),
        ])
    func sums(name: BuiltInTable, rows: Int, columns: Int, sums: [Double]) throws {
        let table = name.table()
        #expect(table.rowCount == rows && table.columnCount == columns && table.hasHeader)
        #expect(table.names.last == name.target)
        for (column, sum) in sums.enumerated() {
            let found = (0..<rows).reduce(0.0) { $0 + table.number(row: $1, column: column)! }
            #expect(abs(found - sum) < 0.01, "\(table.names[column])")
        }
    }

    @Test("the targets are understood")
    func targets() throws {
        let iris = try TargetEncoder(fitting: BuiltInTable.iris.table(), column: BuiltInTable.iris.target)
        #expect(iris.classes == ["setosa", "versicolor", "virginica"])
        let diabetes = try TargetEncoder(fitting: BuiltInTable.diabetes.table(), column: BuiltInTable.diabetes.target)
        #expect(diabetes.task == .regression && abs(diabetes.mean - 152.13348416289594) < 1e-9)
        #expect(BuiltInTable.digits.table().rowCount == 1797)
        for table in BuiltInTable.allCases { #expect(!table.attribution.isEmpty) }
    }
}
