extension Table {
    /// The rows of this table, and after them those of another, by the names of this one's columns. Cells of a column that the other lacks are empty.
    /// A row's line is then its number, counted from 1.
    ///
    /// - Throws: `DataError` where the other has none of the columns.
    public func followed(by other: Table) throws(DataError) -> Table {
        let places = names.map { name in other.names.firstIndex(of: name) }
        if places.allSatisfy({ $0 == nil }) {
            throw DataError(file: other.file, "it has none of the columns of \(file): \(names.prefix(30).joined(separator: ", "))")
        }
        let own = (0..<rowCount).map { row in names.indices.map { text(row: row, column: $0) } }
        let added = (0..<other.rowCount).map { row in places.map { $0.map { other.text(row: row, column: $0) } ?? "" } }
        // Read as this table was: what a comma means is not asked again.
        return try Table(names: names, rows: own + added, file: file, options: TableFormat(of: self).options)
    }
}
