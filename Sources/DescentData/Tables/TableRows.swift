import DescentFormats

extension Table {
    /// The rows that have a value in a column, with a notice where others are left out. Nothing can be learned from a row whose answer is not known.
    ///
    /// - Parameter name: The column's name or number.
    /// - Throws: `DataError` for an unknown column, and for one without any value.
    public func leavingOutRows(without name: String) throws(DataError) -> Table {
        let column = try column(name)
        let kept = (0..<rowCount).filter { !isMissing(row: $0, column: column) }
        let missing = rowCount - kept.count
        if missing == 0 { return self }
        if kept.isEmpty { throw DataError(file: file, column: names[column], "the column \(quoted(names[column])) has no value in any row, so there is nothing to learn") }
        let first = (0..<rowCount).first { isMissing(row: $0, column: column) }!
        let place = "\(Set([file(ofRow: first), file]).count == 1 ? "" : "\(file(ofRow: first)), ")line \(line(ofRow: first))"
        let (noun, verb) = missing == 1 ? ("row has", "is") : ("rows have", "are")
        let notice = "\(missing) of \(rowCount) \(noun) no value in \(quoted(names[column])) and \(verb) left out (\(missing == 1 ? place : "the first in \(place)"))"
        return Table(storage.keeping(kept), file: file, names: names, hasHeader: hasHeader, notices: notices + [notice])
    }
}

extension TableStorage {
    /// Some of the rows, ascending.
    fileprivate func keeping(_ rows: [Int]) -> TableStorage {
        let columns = columns.map { column -> Column in
            switch column {
            case .numbers(let cells): .numbers(rows.map { cells[$0] })
            case .places(let fields): .places(rows.map { fields[$0] })
            }
        }
        let parts = parts.map { part in
            Part(firstRow: rows.firstIndex { $0 >= part.firstRow } ?? rows.count, file: part.file, delimiter: part.delimiter, quotes: part.quotes, places: part.places)
        }
        return TableStorage(
            parts: parts, bytes: bytes, columns: columns, readers: readers, haveCodes: haveCodes, rowStarts: rowStarts.isEmpty ? [] : rows.map { rowStarts[$0] }, lines: rows.map { lines[$0] },
            nextLine: nextLine)
    }
}
