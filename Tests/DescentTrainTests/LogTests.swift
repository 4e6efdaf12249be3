import DescentFormats
import TestFolders
import Testing
import DescentTrain

struct LogTests {
    private func inFolder(_ body: (TemporaryFolder) throws -> Void) throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        try body(folder)
    }

    private func text(_ path: String) throws -> String { String(decoding: try FileSystem.read(path), as: UTF8.self) }

    @Test("CRC-32C agrees with the examples of RFC 3720 (B.4)")
    func checksum() {
        #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(CRC32C.checksum(0..<32) == 0x46DD_794E)
        #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xE306_9283)
    }

    @Test("a CSV log's numbers read back to the same bits")
    func roundTrip() throws {
        try inFolder { folder in
            let values = [0.1, 1.0 / 3, Double.leastNonzeroMagnitude, -1.7976931348623157e308, 123456789.123, -0.0]
            let log = try CSVLog(path: folder.path("log.csv"), stepName: "epoch")
            for (step, value) in values.enumerated() { try log.append(step: step + 1, values: [("train/loss", value), ("rate, learning", 0.5)]) }
            try log.append(step: 7, values: [("train/loss", .nan), ("rate, learning", .infinity)])
            try log.flush()
            let lines = try text(folder.path("log.csv")).split(separator: "\n")
            #expect(lines[0] == "epoch,train/loss,\"rate, learning\"")
            #expect(lines.count == 8)
            for (line, value) in zip(lines.dropFirst(), values) {
                #expect(Double(String(line.split(separator: ",")[1]))?.bitPattern == value.bitPattern)
            }
            #expect(lines[7] == "7,nan,inf")
        }
    }

    @Test("a log that is resumed loses the rows after the step, and a line that was cut off")
    func resumed() throws {
        try inFolder { folder in
            let path = folder.path("log.csv")
            for step in 1...1 { try CSVLog(path: path, stepName: "epoch").append(step: step, values: [("loss", 1), ("a \"b\", c", 2)]) }
            let log = try CSVLog(path: path, stepName: "epoch", resumingAfter: 1)
            for step in 2...5 { try log.append(step: step, values: [("loss", Double(step)), ("a \"b\", c", 2)]) }
            let torn = try AppendingFile(path: path)
            try torn.append(Array("6,0.2".utf8))
            let resumed = try CSVLog(path: path, stepName: "epoch", resumingAfter: 3)
            #expect(resumed.columns == ["epoch", "loss", "a \"b\", c"])
            try resumed.append(step: 4, values: [("loss", 0.5), ("a \"b\", c", 3)])
            #expect(try text(path) == "epoch,loss,\"a \"\"b\"\", c\"\n1,1.0,2.0\n2,2.0,2.0\n3,3.0,2.0\n4,0.5,3.0\n")
            try CSVLog(path: path).append(step: 1, values: [("x", 1)])
            #expect(try text(path) == "step,x\n1,1.0\n")
        }
    }

    @Test("a value that comes later has a column from then on")
    func laterColumns() throws {
        try inFolder { folder in
            let path = folder.path("log.csv")
            let log = try CSVLog(path: path)
            try log.append(step: 1, values: [("loss", 1)])
            try log.append(step: 2, values: [("loss", 2), ("accuracy", 0.5)])
            try log.append(step: 3, values: [("accuracy", 0.75)])
            #expect(try text(path) == "step,loss,accuracy\n1,1.0,\n2,2.0,0.5\n3,,0.75\n")
        }
    }

    @Test("a file that is no log of this run is an error that says where")
    func foreign() throws {
        try inFolder { folder in
            let path = folder.path("log.csv")
            try FileSystem.write(Array("name,age\nx,1\n".utf8), to: path)
            let other = #expect(throws: FormatError.self) { try CSVLog(path: path, stepName: "epoch", resumingAfter: 3) }
            #expect(other?.sentence.contains("its first column is \"name\", not \"epoch\"") == true)
            try FileSystem.write(Array("epoch,loss\n1,2\nx,1\n".utf8), to: path)
            let broken = #expect(throws: FormatError.self) { try CSVLog(path: path, stepName: "epoch", resumingAfter: 3) }
            #expect(broken?.sentence.contains("log.csv:3: \"x\" is no epoch") == true)
            #expect(throws: FileError.self) { try TensorBoardLog(folder: path + "/x") }
        }
    }

    @Test("an event file, byte by byte as TensorBoard's own classes write it")
    func events() throws {
        try inFolder { folder in
            let log = try TensorBoardLog(folder: folder.path("run"), resumingAt: 3, clock: { 1_700_000_000.25 })
            try log.append(step: 4, values: [("train/loss", 0.5), ("rate", -2)])
            try log.append(step: 300, text: "*hi*", name: "note")
            try log.append(step: -1, histogram: "w", of: [1, 3, .nan])
            try log.append(step: 5, values: [])
            try log.append(step: 5, histogram: "empty", of: [.nan])
            try log.flush()
            #expect(log.path == folder.path("run/events.out.tfevents.1700000000.250000"))
            let hex = try FileSystem.read(log.path).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(hex == Self.fixture)
            let second = try TensorBoardLog(folder: folder.path("run"), clock: { 1_700_000_000.25 })
            #expect(second.path == folder.path("run/events.out.tfevents.1700000000.250001"))
        }
    }

    /// These events as the classes of tensorboard 2.21 itself write them, records and checksums included.
    private static let fixture = """
        1800000000000000a37f4b220900001040fc54d9411a0d627261696e2e4576656e743a32338d2fe90f000000000000006d532b090900001040fc54d9\
        4110033a0208019481124c2d000000000000003c418afb0900001040fc54d94110042a200a110a0a747261696e2f6c6f7373150000003f0a0b0a0472\
        61746515000000c07646e6f7300000000000000095f5d05f0900001040fc54d94110ac022a220a200a046e6f7465420e080712041202080142042a68\
        692a4a080a060a0474657874998cc072330200000000000010073fa30900001040fc54d94110ffffffffffffffffff012a9c040a99040a01772a9304\
        09000000000000f03f11000000000000084019000000000000004021000000000000104029000000000000244032f001111111111111f13f22222222\
        2222f23f333333333333f33f444444444444f43f555555555555f53f666666666666f63f787777777777f73f888888888888f83f9a9999999999f93f\
        aaaaaaaaaaaafa3fbcbbbbbbbbbbfb3fcdccccccccccfc3fdeddddddddddfd3fefeeeeeeeeeefe3f0000000000000040888888888888004011111111\
        111101409a999999999901402222222222220240aaaaaaaaaaaa02403333333333330340bcbbbbbbbbbb03404444444444440440cdcccccccccc0440\
        5655555555550540dedddddddddd05406666666666660640efeeeeeeeeee0640787777777777074000000000000008403af001000000000000f03f00\
        000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
        000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
        000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
        00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000f03f1c86105b
        """
}
