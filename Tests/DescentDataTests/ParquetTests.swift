import DescentData
import DescentFormats
import Testing

/// Files that pyarrow wrote, and the values that it was given.
@Suite struct ParquetTests {
    private func table(_ bytes: [UInt8], options: Table.Options = Table.Options()) throws -> Table { try Table(parsing: bytes, file: "f.parquet", options: options) }

    private static let rows = [
        ["1", "0.5", "02139", "2024-02-29", "true", "1.05", "1969-12-31 23:59:59.5Z"], ["", "1.25", "a,b", "", "", "-0.07", ""], ["3", "", "", "1969-12-31", "false", "", "2024-02-29 01:02:03Z"],
        ["9007199254740993", "-2", "02139", "2000-01-01", "true", "12", "2024-02-29 00:00:00Z"],
    ]

    @Test(
        "columns of all kinds, with dictionaries and plain, in pages of both versions, compressed or not",
        arguments: [ParquetSamples.snappyDictionary, ParquetSamples.gzipVersion2, ParquetSamples.plainGroups])
    func values(bytes: [UInt8]) throws {
        let table = try table(bytes)
        #expect(table.names == ["n", "x", "s", "day", "b", "m", "t"])
        #expect((0..<table.rowCount).map { row in table.names.indices.map { table.text(row: row, column: $0) } } == Self.rows)
        #expect(table.number(row: 1, column: 5) == -0.07 && table.isMissing(row: 2, column: 1) && !table.isMissing(row: 2, column: 4))
    }

    @Test("what is not read is named")
    func refusals() throws {
        for (bytes, sentence) in [
            (
                ParquetSamples.nested,
                "f.parquet: the columns \"tags\", \"st\" hold lists, maps or structures, and a cell of a table holds one value; write the file without, or with a column for each part"
            ),
            (
                ParquetSamples.brotli,
                "f.parquet: the column \"a\" is compressed by Brotli, which is not read; write the file with Snappy, gzip or Zstandard: df.to_parquet(\"new.parquet\", compression=\"snappy\")"
            ),
            (
                ParquetSamples.differences,
                "f.parquet: byte 23, the column \"a\": its values are written as differences (DELTA_BINARY_PACKED), which is not read; write the file with plain values or a dictionary, as df.to_parquet(\"new.parquet\") does"
            ),
            (Array(ParquetSamples.nested.dropLast(5)), "f.parquet: the file is no whole Parquet file: it does not begin and end with PAR1; is it cut short?"),
        ] {
            let error = #expect(throws: DataError.self) { try table(bytes) }
            #expect(error?.description == sentence)
        }
    }

    @Test("a damaged file is an error, never a crash", arguments: [ParquetSamples.snappyDictionary, ParquetSamples.gzipVersion2, ParquetSamples.plainGroups])
    func damage(bytes: [UInt8]) {
        var random = SplitMix64(seed: 7), failures = 0
        for _ in 0..<200 {
            var damaged = bytes
            for _ in 0...Int(random.next() % 3) { damaged[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next()) }
            if random.next() % 8 == 0 { damaged.removeSubrange(Int(random.next() % UInt64(bytes.count / 2))..<bytes.count / 2) }
            do { _ = try table(damaged) } catch { failures += 1 }
        }
        #expect(failures > 40 && failures < 200)
    }

    @Test("maps within maps without end are refused")
    func nesting() {
        var bytes = Array("PAR1".utf8) + [0x1B]
        for _ in 0..<100_000 { bytes += [0x01, 0xBB] }
        let count = UInt32(bytes.count - 4)
        bytes += (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array("PAR1".utf8)
        #expect { try table(bytes) } throws: { "\($0)".contains("nested too deep") }
    }
}
