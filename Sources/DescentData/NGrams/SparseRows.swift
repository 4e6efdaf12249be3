/// Rows of numbers that are nearly all zero: of each row only the others are stored.
package struct SparseRows: Equatable, Sendable {
    /// The number of columns.
    package let width: Int
    /// Where each row begins in `columns` and `values`, and at the end their count.
    package private(set) var starts: [Int] = [0]
    /// The columns of the numbers, ascending within a row.
    package private(set) var columns: [Int32] = []
    /// The numbers.
    package private(set) var values: [Float] = []

    /// No rows yet.
    package init(width: Int) { self.width = width }

    /// The number of rows.
    package var count: Int { starts.count - 1 }

    /// Adds a row.
    ///
    /// - Parameter row: Columns below `width`, ascending, each with its number.
    package mutating func append(_ row: [(column: Int32, value: Float)]) {
        for (column, value) in row {
            columns.append(column)
            values.append(value)
        }
        starts.append(columns.count)
    }

    /// The columns and numbers of a row.
    package func row(_ number: Int) -> [(column: Int32, value: Float)] { (starts[number]..<starts[number + 1]).map { (columns[$0], values[$0]) } }

    /// Some of the rows, in this order.
    package func rows(_ numbers: [Int]) -> SparseRows {
        var part = SparseRows(width: width)
        for number in numbers {
            let place = starts[number]..<starts[number + 1]
            part.columns += columns[place]
            part.values += values[place]
            part.starts.append(part.columns.count)
        }
        return part
    }
}
