/// Parses the rows of a file into columns, in stretches on several threads.
///
/// A stretch begins after a line's end, and nobody knows yet whether that line end stands within quotes. So each stretch
/// is parsed as if it did not, and is taken where the one before it ends where it begins; else it is parsed again from
/// where that one ended. The result is that of one pass over the file.
struct TableParser {
    let layout: TableLayout
    let threads: Int

    /// Less is not worth a thread.
    private static let leastStretch = 1 << 20

    /// - Parameters:
    ///   - bytes: The file's bytes, or some of its whole rows.
    ///   - start: Where the first row to be parsed begins.
    ///   - firstLine: The line of that place, from 1.
    func parse(_ bytes: [UInt8], start: Int, firstLine: Int) throws(DataError) -> TableStorage {
        var chunks = parseChunks(bytes, start: start)
        var line = Int32(truncatingIfNeeded: firstLine)
        for chunk in chunks {
            if let failure = chunk.failure {
                throw DataError(
                    file: failure.file, line: failure.line.map { $0 + Int(line) }, column: failure.column, failure.reason)
            }
            line += chunk.lineCount
        }

        let rowCount = chunks.reduce(0) { $0 + $1.lines.count }
        var rowStarts: [UInt32] = []
        var lines: [Int32] = []
        rowStarts.reserveCapacity(rowCount)
        lines.reserveCapacity(rowCount)
        line = Int32(truncatingIfNeeded: firstLine)
        for chunk in chunks {
            rowStarts += chunk.rowStarts
            for relative in chunk.lines { lines.append(relative + line) }
            line += chunk.lineCount
        }
        var columns: [TableStorage.Column] = []
        for (column, isNumber) in layout.areNumbers.enumerated() {
            func join<Cell>(_ type: Cell.Type) -> [Cell] {
                [Cell](unsafeUninitializedCapacity: rowCount) { output, count in
                    for index in chunks.indices {
                        let part = chunks[index].lines.count
                        guard part > 0, let target = output.baseAddress else { continue }
                        let cells = UnsafeRawPointer(chunks[index].columns[column].cells)
                        UnsafeMutableRawPointer(target + count).copyMemory(from: cells, byteCount: part * 8)
                        count += part
                        // Not two copies of the table at once.
                        chunks[index].columns[column] = CellBuffer()
                    }
                }
            }
            columns.append(isNumber ? .numbers(join(UInt64.self)) : .places(join(CSV.Field.self)))
        }
        let haveCodes = layout.names.indices.map { column in chunks.contains { $0.haveCodes[column] } }
        let part = TableStorage.Part(firstRow: 0, file: layout.file, delimiter: layout.delimiter, quotes: layout.quotes, places: Array(layout.names.indices))
        return TableStorage(
            parts: [part], bytes: bytes, columns: columns, readers: layout.readers,
            haveCodes: haveCodes, rowStarts: rowStarts, lines: lines, nextLine: Int(line))
    }

    private func parseChunks(_ bytes: [UInt8], start: Int) -> [TableChunk] {
        bytes.withUnsafeBufferPointer { buffer in
            let shared = SharedBytes(buffer: buffer)
            let starts = stretches(buffer, start: start)
            let layout = layout
            let scanner: @Sendable () -> FieldScanner = {
                FieldScanner(shared.buffer, delimiter: layout.delimiter, quotes: layout.quotes, file: layout.file)
            }
            let guesses = concurrentMap(count: starts.count, threads: threads) { index in
                let limit = index + 1 < starts.count ? starts[index + 1] : shared.buffer.count
                return TableChunk(scanner(), layout: layout, start: starts[index], limit: limit)
            }
            var chunks: [TableChunk] = []
            var position = start
            for (index, guess) in guesses.enumerated() {
                let limit = index + 1 < starts.count ? starts[index + 1] : buffer.count
                let chunk =
                    guess.start == position
                    ? guess : TableChunk(scanner(), layout: layout, start: position, limit: max(limit, position))
                chunks.append(chunk)
                position = chunk.end
                if chunk.failure != nil { break }
            }
            return chunks
        }
    }

    /// Where stretches begin: right after a newline, but for the first.
    private func stretches(_ bytes: UnsafeBufferPointer<UInt8>, start: Int) -> [Int] {
        let count = bytes.count - start
        let parts = threads == 1 ? 1 : min(threads * 4, max(count / Self.leastStretch, 1))
        var starts = [start]
        for part in 1..<max(parts, 1) {
            let boundary = start + count / parts * part
            guard boundary > starts[starts.count - 1], let newline = bytes[boundary...].firstIndex(of: 0x0A) else { continue }
            if newline + 1 < bytes.count, newline + 1 > starts[starts.count - 1] { starts.append(newline + 1) }
        }
        return starts
    }
}

/// Bytes that several threads read while their owner waits.
private struct SharedBytes: @unchecked Sendable {
    let buffer: UnsafeBufferPointer<UInt8>
}
