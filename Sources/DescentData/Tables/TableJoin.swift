import DescentFormats

extension Table {
    /// Reads several files as one table: the rows of the first, then those of the next. Columns are found by name, in whatever order a file has them; the first file
    /// says how they are written.
    ///
    /// - Parameter fileColumn: The name of a column that is added and says which file each row is from: its name without its folder or, where two files have
    ///   the same name, its path.
    /// - Throws: as `init(path:)`, and `DataError` where a file has other columns, which it names.
    public init(paths: [String], options: Options = Options(), fileColumn: String? = nil) throws {
        let tables = try Self.tables(paths, options)
        let table = try tables.count == 1 ? tables[0] : Self.joined(tables)
        self = try fileColumn.map { try table.adding(column: $0, Self.titles(of: paths), rows: tables.map(\.rowCount)) } ?? table
    }

    private static func tables(_ paths: [String], _ options: Options) throws -> [Table] {
        precondition(!paths.isEmpty, "Table: there are no paths")
        let first = try Table(path: paths[0], options: options)
        if paths.count == 1 { return [first] }
        var like = options
        like.header = first.hasHeader ? .present : .absent
        like.spellings = TableFormat(of: first).spellings
        let tables = try [first] + paths.dropFirst().map { try Table(path: $0, options: like) }
        // Codes with leading zeros that the first file does not have make the column one of codes in all of them.
        let codes = options.spellings == nil ? tables.dropFirst().flatMap(\.unmarkedCodes) : []
        if codes.isEmpty { return tables }
        for name in codes { like.spellings![name] = .codes }
        return try paths.map { try Table(path: $0, options: like) }
    }

    /// The columns that are read as numbers, and hold codes.
    private var unmarkedCodes: [String] { names.indices.filter { storage.haveCodes[$0] && !storage.readers[$0].spelling.isCode }.map { names[$0] } }

    /// What the files are called in a column.
    package static func titles(of paths: [String]) -> [String] {
        let names = paths.map { String($0.split(separator: "/").last ?? Substring($0)) }
        return Set(names).count == Set(paths).count ? names : paths
    }

    /// The rows of all, under the names of the first.
    private static func joined(_ tables: [Table]) throws(DataError) -> Table {
        let first = tables[0]
        var places: [[Int]] = []
        for table in tables {
            if !first.hasHeader || table.names == first.names {
                if table.columnCount != first.columnCount {
                    throw DataError(file: table.file, "it has \(table.columnCount) columns, and \(first.file) has \(first.columnCount); files that are read together have the same columns")
                }
                places.append(Array(first.names.indices))
                continue
            }
            let index = Dictionary(table.names.enumerated().map { ($1, $0) }) { first, _ in first }
            let lacking = first.names.filter { index[$0] == nil }, added = Set(table.names).subtracting(first.names)
            if !lacking.isEmpty || !added.isEmpty {
                func list(_ names: [String]) -> String { "\(names.count == 1 ? "column" : "columns") \(names.prefix(10).map(quoted).joined(separator: ", "))\(names.count > 10 ? ", ..." : "")" }
                let parts =
                    (lacking.isEmpty ? [] : ["lacks the \(list(lacking)) of \(first.file)"]) + (added.isEmpty ? [] : ["has the \(list(table.names.filter(added.contains))) that \(first.file) lacks"])
                throw DataError(file: table.file, "it \(parts.joined(separator: " and ")); files that are read together have the same columns, in any order")
            }
            places.append(first.names.map { index[$0]! })
        }
        let storage = try TableStorage(joining: zip(tables, places).map { ($0.storage, $1) })
        let files = tables.count <= 3 ? tables.map(\.file).joined(separator: ", ") : "\(first.file) and \(tables.count - 1) other files"
        var notices: [String] = []
        for table in tables { for notice in table.notices { notices.append("\(table.file): \(notice)") } }
        return Table(storage, file: files, names: first.names, hasHeader: first.hasHeader, notices: notices)
    }

    /// The table with one more column, whose cells repeat.
    ///
    /// - Parameters:
    ///   - texts: The texts, each for as many rows as `rows` says.
    /// - Throws: `DataError` where the table has a column of this name.
    package func adding(column name: String, _ texts: [String], rows: [Int]) throws(DataError) -> Table {
        if names.contains(name) { throw DataError(file: file, column: name, "it has a column \(quoted(name)) already; choose another name for the column of files (--file-column)") }
        return Table(try storage.adding(texts, rows: rows), file: file, names: names + [name], hasHeader: hasHeader, notices: notices)
    }
}

extension TableStorage {
    /// The rows of several tables, one after the other.
    ///
    /// - Parameter tables: Each with the place of every column of the first.
    fileprivate init(joining tables: [(storage: TableStorage, places: [Int])]) throws(DataError) {
        let first = tables[0].storage
        var bytes: [UInt8] = [], bases: [Int] = [], parts: [Part] = [], rowStarts: [UInt32] = [], lines: [Int32] = []
        bytes.reserveCapacity(tables.reduce(0) { $0 + $1.storage.bytes.count })
        // Rows that stand nowhere have a start all the same, where others have one.
        let haveStarts = tables.contains { !$0.storage.rowStarts.isEmpty }
        for (storage, places) in tables {
            for part in storage.parts {
                let own = part.places.map { given in places.map { given[$0] } }
                parts.append(Part(firstRow: lines.count + part.firstRow, file: part.file, delimiter: part.delimiter, quotes: part.quotes, places: own))
            }
            let base = bytes.count
            bases.append(base)
            bytes += storage.bytes
            try CSV.checkSize(bytes.count, file: parts[0].file)
            if haveStarts { rowStarts += storage.rowStarts.isEmpty ? [UInt32](repeating: 0, count: storage.rowCount) : storage.rowStarts.map { $0 + UInt32(truncatingIfNeeded: base) } }
            lines += storage.lines
        }
        var columns: [Column] = []
        for column in first.columns.indices {
            let own = tables.map { $0.storage.columns[$0.places[column]] }
            let areNumbers = own.allSatisfy { if case .numbers = $0 { true } else { false } }
            if areNumbers {
                columns.append(.numbers(own.flatMap { column -> [UInt64] in if case .numbers(let cells) = column { cells } else { [] } }))
                continue
            }
            var fields: [CSV.Field] = []
            fields.reserveCapacity(lines.count)
            for (index, part) in own.enumerated() {
                let (storage, places) = tables[index]
                switch part {
                case .places(let given): fields += given.map { $0.moved(by: bases[index]) }
                case .numbers(let cells):
                    for row in cells.indices {
                        if let place = storage.part(ofRow: row).places?[places[column]] {
                            fields.append(storage.field(row: row, place: place).moved(by: bases[index]))
                        } else {
                            let text = NumberText.text(ofCell: cells[row])
                            fields.append(CSV.Field(start: text.isEmpty ? 0 : bytes.count, length: text.utf8.count, hasDoubledQuote: false))
                            bytes += text.utf8
                        }
                    }
                    try CSV.checkSize(bytes.count, file: parts[0].file)
                }
            }
            columns.append(.places(fields))
        }
        self.init(
            parts: parts, bytes: bytes, columns: columns, readers: first.readers, haveCodes: first.haveCodes, rowStarts: rowStarts, lines: lines, nextLine: tables.last!.storage.nextLine)
    }

    /// One more column, of texts that repeat.
    fileprivate func adding(_ texts: [String], rows: [Int]) throws(DataError) -> TableStorage {
        var bytes = bytes, fields: [CSV.Field] = []
        fields.reserveCapacity(rowCount)
        for (text, count) in zip(texts, rows) {
            fields += [CSV.Field](repeating: CSV.Field(start: bytes.count, length: text.utf8.count, hasDoubledQuote: false), count: count)
            bytes += text.utf8
        }
        try CSV.checkSize(bytes.count, file: parts[0].file)
        // A row's own fields don't hold the new column, which is never looked up there.
        let parts = parts.map { Part(firstRow: $0.firstRow, file: $0.file, delimiter: $0.delimiter, quotes: $0.quotes, places: $0.places.map { $0 + [-1] }) }
        let reader = CellReader(spelling: .plain, missing: readers.first?.missing ?? .usual)
        return TableStorage(
            parts: parts, bytes: bytes, columns: columns + [.places(fields)], readers: readers + [reader], haveCodes: haveCodes + [false], rowStarts: rowStarts, lines: lines, nextLine: nextLine)
    }
}
