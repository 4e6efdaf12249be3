import DescentFormats

/// What a file of a table holds, by its first bytes.
enum TableContent {
    /// Fields with a delimiter between.
    case fields
    /// JSON objects: one on each line, one after the other, or in an array.
    case objects
    /// A NumPy array, or an archive of them.
    case array, archive
    /// Columns in Parquet's format.
    case parquet

    init(_ bytes: [UInt8]) {
        self = .fields
        if bytes.starts(with: [0x93] + Array("NUMPY".utf8)) { self = .array }
        // A spreadsheet is a zip archive too; its first entry is no array.
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]), Self.firstEntryIsArray(bytes) { self = .archive }
        if bytes.starts(with: ParquetFile.magic) { self = .parquet }
        if JSONRows.begin(bytes) { self = .objects }
    }

    /// Whether the name of a zip archive's first entry ends in `.npy`.
    private static func firstEntryIsArray(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 30 else { return false }
        let end = 30 + Int(bytes[26]) + Int(bytes[27]) << 8
        return end <= bytes.count && bytes[30..<end].reversed().starts(with: "ypn.".utf8)
    }
}

extension Table {
    /// Whether a file that begins so must be read as a whole, and not row by row: arrays, Parquet, and objects that don't have a line each.
    package static func isWhole(_ bytes: [UInt8]) -> Bool {
        switch TableContent(bytes) {
        case .fields: false
        // Of a first line that has not ended nothing can be said, but that an array is no row.
        case .objects: JSONRows.isArray(bytes) || (!JSONRows.areLines(bytes) && bytes.contains(0x0A))
        case .array, .archive, .parquet: true
        }
    }

    /// The table of a file that holds values; `nil` where it holds fields with a delimiter between.
    ///
    /// - Throws: `DataError` where it is damaged, or no table.
    static func values(in bytes: [UInt8], file: String, options: Options) throws(DataError) -> Table? {
        do throws(FormatError) {
            switch TableContent(bytes) {
            case .fields: return nil
            case .objects: return try JSONRows(bytes, file: file).table(file: file, options: options)
            case .array: return try NumPyColumns.table([("", bytes)], file: file, options: options)
            case .parquet: return try parquet(bytes, file: file, options: options)
            case .archive:
                return try NumPyColumns.table(ZipArchive.parse(bytes, file: file).map { ($0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name, $0.content) }, file: file, options: options)
            }
        } catch {
            throw DataError(file: error.file, error.reason)
        }
    }
}
