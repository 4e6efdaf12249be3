import DescentFormats

/// A table that need not fit in memory: it is read in blocks of rows, each a `Table`.
///
///     let stream = try TableStream(path: "large.csv")
///     let encoder = try TableEncoder(fitting: stream, target: 0)
///     for block in 0..<stream.blockCount { let features = try encoder.transform(stream.table(block: block)) }
///
/// Opening it reads the file once, checks every row and remembers where blocks begin; so any block can be read at any
/// time, from any thread, and each time is the same. Memory: about three blocks.
public struct TableStream: Sendable {
    /// A stretch of whole rows.
    private struct Block {
        let start: Int
        let end: Int
        /// Where the first row begins in the block's bytes as UTF-8.
        let firstByte: Int
        let firstLine: Int
        let firstRow: Int
        let rowCount: Int
    }

    /// The file's name, for errors.
    public let file: String
    /// The columns' names, as those of a `Table`.
    public var names: [String] { layout.names }
    /// Whether the names come from the file.
    public var hasHeader: Bool { layout.hasHeader }
    /// The number of rows in all.
    public let rowCount: Int
    /// The number of blocks.
    public var blockCount: Int { blocks.count }

    /// What was found out about the file that a person should know.
    public var notices: [String] { layout.notices }

    private let layout: TableLayout
    private let encoding: TextEncoding
    private let reader: FileReader
    private let blocks: [Block]
    private let threads: Int

    /// Opens a file, which may not be compressed.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - options: How to read it. The header is guessed from the first block.
    ///   - blockSize: The bytes of a block, about; a row that is longer makes its block longer.
    /// - Throws: `FileError` where it cannot be read or changes meanwhile, `DataError` where it is no table.
    public init(path: String, options: Table.Options = Table.Options(), blockSize: Int = 8 << 20) throws {
        precondition(blockSize > 0, "TableStream: blockSize is \(blockSize); it must be positive")
        let reader = try FileReader(path)
        let threads = max(options.threads ?? min(processorCount(), 8), 1)
        var opened = try Self.opened(reader, path, options, blockSize, threads, encoding: .utf8, layout: nil)
        // What only later rows tell, another encoding or codes among numbers, is true of all rows: then it is read again.
        for _ in 0..<2 {
            let isOther = opened.encoding != opened.readAs, marked = isOther ? nil : opened.layout?.marking(codes: opened.haveCodes)
            if !isOther && marked == nil { break }
            opened = try Self.opened(reader, path, options, blockSize, threads, encoding: opened.encoding, layout: marked)
        }
        let (blocks, row) = (opened.blocks, opened.rowCount)
        let layout = opened.layout?.noting(opened.encoding)
        guard let layout, row > 0 else { throw DataError(file: path, "the file has a header and no rows") }
        file = path
        rowCount = row
        self.layout = layout
        encoding = opened.encoding
        self.reader = reader
        self.blocks = blocks
        self.threads = threads
    }

    /// What one pass over the file found.
    private struct Opened {
        var layout: TableLayout?
        var blocks: [Block] = []
        var rowCount = 0
        var haveCodes: [Bool] = []
        /// What the file is in, and what it was read as.
        var encoding: TextEncoding
        let readAs: TextEncoding
    }

    private static func opened(
        _ reader: FileReader, _ path: String, _ options: Table.Options, _ blockSize: Int, _ threads: Int, encoding: TextEncoding, layout: TableLayout?
    ) throws -> Opened {
        var found = Opened(layout: layout, encoding: encoding, readAs: encoding)
        var (offset, line) = (0, 1)
        var size = blockSize
        var isFirst = true
        while offset < reader.size || isFirst {
            let bytes = try reader.read(from: offset, count: size)
            let isLast = offset + bytes.count >= reader.size
            if Gzip.isCompressed(bytes), offset == 0 {
                throw DataError(file: path, "the file is compressed (gzip), and a table that is read in blocks must not be; unpack it")
            }
            // Whole lines, so that only a quote can run over the end.
            guard let cut = isLast ? bytes.count : bytes.lastIndex(of: 0x0A).map({ $0 + 1 }) else {
                size *= 2
                continue
            }
            do throws(DataError) {
                let raw = cut == bytes.count ? bytes : Array(bytes[..<cut])
                if encoding == .utf8, !CSV.isBinary(raw), case .windows1252 = TextEncoding(of: raw, isStart: false), offset > 0 || !raw.starts(with: [0xFF, 0xFE]) {
                    found.encoding = .windows1252
                    return found
                }
                let rows = encoding.utf8(raw)
                let known: TableLayout
                if let layout = found.layout { known = layout } else { known = try TableLayout(rows, file: path, options: options, isWhole: isLast) }
                let first = isFirst ? known.firstRow(rows) : (start: 0, line: line)
                let storage = try TableParser(layout: known, threads: threads).parse(rows, start: first.start, firstLine: first.line)
                if storage.rowCount > 0 {
                    found.blocks.append(
                        Block(
                            start: offset, end: offset + cut, firstByte: first.start, firstLine: first.line, firstRow: found.rowCount, rowCount: storage.rowCount))
                }
                found.layout = known
                found.haveCodes = found.haveCodes.isEmpty ? storage.haveCodes : zip(found.haveCodes, storage.haveCodes).map { $0 || $1 }
                found.rowCount += storage.rowCount
                line = storage.nextLine
                isFirst = false
            } catch {
                guard error.reason == FieldScanner.unclosedQuote, !isLast else { throw error }
                size *= 2
                continue
            }
            offset += cut
            size = blockSize
        }
        return found
    }

    /// The rows of a block, numbered from 0 in the whole table.
    public func rows(ofBlock block: Int) -> Range<Int> { blocks[block].firstRow..<blocks[block].firstRow + blocks[block].rowCount }

    /// A block of rows; its columns and lines are those of the whole table.
    ///
    /// - Throws: `FileError` where the file cannot be read, or is not as it was when it was opened.
    public func table(block: Int) throws -> Table {
        let block = blocks[block]
        let bytes = encoding.utf8(try reader.read(from: block.start, count: block.end - block.start))
        return Table(layout, try TableParser(layout: layout, threads: threads).parse(bytes, start: block.firstByte, firstLine: block.firstLine))
    }

    /// Rows drawn at random, at most `limit`, in the order of the file: each of those wanted is as likely as another.
    ///
    /// - Returns: The table of these, and the number of each row in the whole table.
    func sample(_ limit: Int, seed: UInt64, where isWanted: (Int) -> Bool) throws -> (table: Table, rows: [Int]) {
        var random = SplitMix64(seed: seed)
        var chosen: [Int] = []
        var seen: UInt64 = 0
        for row in 0..<rowCount where isWanted(row) {
            seen += 1
            if chosen.count < limit {
                chosen.append(row)
            } else {
                let place = Int(random.next().multipliedFullWidth(by: seen).high)
                if place < limit { chosen[place] = row }
            }
        }
        chosen.sort()
        var cells: [[String]] = []
        var lines: [Int32] = []
        var next = 0
        for block in blocks.indices {
            let range = rows(ofBlock: block)
            guard next < chosen.count, chosen[next] < range.upperBound else { continue }
            let table = try table(block: block)
            while next < chosen.count, chosen[next] < range.upperBound {
                let row = chosen[next] - range.lowerBound
                cells.append(table.names.indices.map { table.text(row: row, column: $0) })
                lines.append(Int32(truncatingIfNeeded: table.line(ofRow: row)))
                next += 1
            }
        }
        return (try Table(names: names, rows: cells, lines: lines, hasHeader: hasHeader, file: file, readers: layout.readers), chosen)
    }
}
