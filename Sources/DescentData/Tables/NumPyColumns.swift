import DescentFormats

/// The columns of NumPy arrays: of two axes, rows and columns, or of one axis, which is a column.
enum NumPyColumns {
    /// A table of arrays with as many rows.
    ///
    /// - Parameter arrays: Their names, empty for the array of an .npy file, and the bytes of their .npy files.
    /// - Throws: `FormatError` for arrays of other axes or with different numbers of rows, structured ones, and damaged files.
    static func table(_ arrays: [(name: String, bytes: [UInt8])], file: String, options: Table.Options) throws(FormatError) -> Table {
        var columns: [(name: String, cells: TableColumn)] = []
        var first: (name: String, rows: Int)?
        for (name, bytes) in arrays {
            let place = name.isEmpty ? file : "\(file): \(name)"
            let texts = try NumPyFile.texts(bytes, file: place)
            let array = texts == nil ? try NumPyFile.parse(bytes, file: place) : nil
            let shape = texts?.shape ?? array!.shape
            guard shape.count == 1 || shape.count == 2 else {
                throw FormatError(
                    file: place,
                    reason:
                        "the array has the shape \(shape); a table is an array of two axes, rows and columns\(shape.count > 2 ? ". Recordings and images have more, and their labels in a file of their own (--labels)" : "")"
                )
            }
            let (rows, width) = (shape[0], shape.count == 2 ? shape[1] : 1)
            if let first, first.rows != rows {
                throw FormatError(
                    file: file,
                    reason:
                        "the array \(quoted(first.name)) has \(first.rows) rows and \(quoted(name)) has \(rows); the arrays of a table have as many. Save those that belong together in a file of their own"
                )
            }
            first = first ?? (name, rows)
            let numbers = array?.doubles ?? []
            for column in 0..<width {
                let title = name.isEmpty ? "\(column + 1)" : shape.count == 1 ? name : "\(name) \(column + 1)"
                let cells: TableColumn
                if let texts {
                    cells = .texts((0..<rows).map { texts.texts[$0 * width + column] })
                } else if array!.type == .bool {
                    cells = .texts((0..<rows).map { numbers[$0 * width + column] == 1 ? "true" : "false" })
                } else {
                    cells = .numbers((0..<rows).map { numbers[$0 * width + column] })
                }
                columns.append((title, cells))
            }
        }
        do throws(DataError) {
            return try Table(columns: columns, hasHeader: arrays.contains { !$0.name.isEmpty }, file: file, options: options)
        } catch { throw FormatError(file: file, reason: error.reason) }
    }
}
