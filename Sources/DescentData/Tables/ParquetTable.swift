import DescentFormats

extension Table {
    /// The table of a Parquet file's bytes.
    ///
    /// - Throws: `FormatError` where it is damaged, or has columns that are not read.
    static func parquet(_ bytes: [UInt8], file: String, options: Options) throws(FormatError) -> Table {
        let columns = try ParquetFile.columns(bytes, file: file).map { name, values -> (String, TableColumn) in
            switch values {
            case .numbers(let numbers): (name, .numbers(numbers))
            case .texts(let texts): (name, .texts(texts))
            }
        }
        do throws(DataError) {
            return try Table(columns: columns, file: file, options: options)
        } catch { throw FormatError(file: file, reason: error.reason) }
    }
}
