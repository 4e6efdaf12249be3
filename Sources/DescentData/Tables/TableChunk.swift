/// A stretch of a file's rows, parsed on its own.
struct TableChunk: Sendable {
    /// Where the stretch begins, and where its last row's line ends.
    let start: Int
    private(set) var end: Int
    /// Where each row begins, and on which line, the stretch's first line being 0.
    private(set) var rowStarts: [UInt32] = []
    private(set) var lines: [Int32] = []
    /// How many lines end in the stretch.
    private(set) var lineCount: Int32 = 0
    /// The cells of each column. Emptied one by one as they are joined.
    var columns: [CellBuffer]
    /// Whether a number with a leading zero stands in each column: `02139`.
    private(set) var haveCodes: [Bool]
    /// The error, if there is one; its line counts from the stretch's first, 0.
    private(set) var failure: DataError?

    /// Parses the rows that begin at `start` or later and before `limit`.
    init(_ scanner: FieldScanner, layout: TableLayout, start: Int, limit: Int) {
        self.start = start
        end = start
        columns = layout.names.map { _ in CellBuffer() }
        haveCodes = layout.names.map { _ in false }
        do throws(DataError) {
            try parse(scanner, layout: layout, limit: limit)
        } catch {
            failure = error
        }
    }

    private mutating func parse(_ scanner: FieldScanner, layout: TableLayout, limit: Int) throws(DataError) {
        let bytes = scanner.bytes
        let count = bytes.count
        let isBlankSeparated = layout.delimiter == .whitespace
        let last = columns.count - 1
        var position = start
        var line: Int32 = 0
        guard let base = bytes.baseAddress else { return }
        let tables = DecimalNumber.tables
        let areQuick = zip(layout.areNumbers, layout.readers).map { $0 && $1.isPlain && !isBlankSeparated }
        var row = 0
        while position < limit {
            if isBlankSeparated { scanner.skipBlanks(&position) }
            if position >= limit { break }
            if scanner.isLineEnd(bytes[position]) {
                scanner.skipLineEnd(&position, &line)
                continue
            }
            let rowStart = position
            let firstLine = line
            if row % 4096 == 0 { reserve(4096, parsed: position - start, row: row, limit: limit - start) }
            var column = 0
            while true {
                var cell: UInt64
                var isNothing = false
                quick: do {
                    if areQuick[column] {
                        // A number or nothing, up to the delimiter or the line's end.
                        let first = bytes[position]
                        if first == scanner.separator || (column > 0 && scanner.isLineEnd(first)) {
                            cell = NumberText.missingCell
                            break quick
                        }
                        let number = DecimalNumber.read(base, from: position, to: count, tables: tables)
                        if number.next > 0 && number.next < count {
                            let after = bytes[number.next]
                            if after == scanner.separator || scanner.isLineEnd(after) {
                                // Of the many numbers that begin with a zero, nearly all go on with a point.
                                if first == UInt8(ascii: "0"), number.next > position + 1, bytes[position + 1] &- 48 < 10 { note(code: bytes, position..<number.next, column) }
                                cell = number.value.bitPattern
                                position = number.next
                                break quick
                            }
                        }
                    }
                    let isNumber = layout.areNumbers[column]
                    let field = try scanner.field(&position, &line, number: column + 1)
                    isNothing = field.isNothing
                    if isNumber && !isNothing && bytes[field.range.lowerBound] == UInt8(ascii: "0") { note(code: bytes, field.range, column) }
                    cell =
                        isNumber
                        ? layout.readers[column].content(UnsafeBufferPointer(rebasing: bytes[field.range])).cell
                        : UInt64(field.start) | UInt64(field.length) << 32
                }
                columns[column].cells[row] = cell
                if isBlankSeparated { scanner.skipBlanks(&position) }
                if position == count || scanner.isLineEnd(bytes[position]) {
                    // A line of spaces alone is blank too.
                    if column == 0 && isNothing { break }
                    if column < last { throw ragged(layout, count: column + 1, line: firstLine) }
                    rowStarts.append(UInt32(truncatingIfNeeded: rowStart))
                    lines.append(firstLine)
                    row += 1
                    break
                }
                if column == last {
                    var fields = column + 1
                    while position < count, !scanner.isLineEnd(bytes[position]) {
                        if !isBlankSeparated { position += 1 }
                        _ = try scanner.field(&position, &line, number: fields + 1)
                        if isBlankSeparated { scanner.skipBlanks(&position) }
                        fields += 1
                    }
                    throw ragged(layout, count: fields, line: firstLine)
                }
                if !isBlankSeparated { position += 1 }
                column += 1
                // The file may end after a delimiter.
                if position == count && !isBlankSeparated && layout.areNumbers[column] {
                    columns[column].cells[row] = NumberText.missingCell
                    if column < last { throw ragged(layout, count: column + 1, line: firstLine) }
                    rowStarts.append(UInt32(truncatingIfNeeded: rowStart))
                    lines.append(firstLine)
                    row += 1
                    break
                }
            }
            if position < count { scanner.skipLineEnd(&position, &line) }
        }
        end = position
        lineCount = line
    }

    /// Notes a number that is a code: digits throughout, the first of several a zero.
    private mutating func note(code bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ column: Int) {
        if range.count > 1, bytes[range].allSatisfy({ $0 &- 48 < 10 }) { haveCodes[column] = true }
    }

    /// Makes room for some rows more: for as many as the rest will have, going by the rows until now.
    private mutating func reserve(_ more: Int, parsed: Int, row: Int, limit: Int) {
        guard row + more > columns[0].capacity else { return }
        let expected = row == 0 ? 0 : Int(Double(limit) / Double(max(parsed, 1)) * Double(row) * 1.02)
        for column in columns { column.reserve(max(row + more, expected + more), used: row) }
        rowStarts.reserveCapacity(expected)
        lines.reserveCapacity(expected)
    }

    private func ragged(_ layout: TableLayout, count: Int, line: Int32) -> DataError {
        DataError(
            file: layout.file, line: Int(line),
            "\(count) field\(count == 1 ? "" : "s"), and the first line has \(layout.names.count)")
    }
}

/// The 64-bit cells of a column while it is filled. One thread fills it, and then another reads it.
final class CellBuffer: @unchecked Sendable {
    private(set) var cells: UnsafeMutablePointer<UInt64>
    private(set) var capacity = 0

    init() { cells = .allocate(capacity: 0) }

    deinit { cells.deallocate() }

    /// Moves the first `used` cells to where there is room for `count`.
    func reserve(_ count: Int, used: Int) {
        let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
        larger.update(from: cells, count: used)
        cells.deallocate()
        cells = larger
        capacity = count
    }
}
