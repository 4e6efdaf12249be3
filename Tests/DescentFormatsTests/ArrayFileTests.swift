import DescentFormats
import Testing

@Suite("IDX and NumPy files")
struct ArrayFileTests {
    /// An .npy file as NumPy writes it: its header padded to 128 bytes.
    static func npy(_ header: String, _ body: String) -> [UInt8] {
        let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
        return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8) + hexadecimal(body)
    }

    static func header(_ kind: String, _ shape: String, fortran: String = "False") -> String {
        "{'descr': '\(kind)', 'fortran_order': \(fortran), 'shape': \(shape), }"
    }

    static let quarters =
        "0000000000000000000000000000d03f000000000000e03f000000000000e83f000000000000f03f000000000000f43f"

    @Test(
        "arrays as numpy.save writes them (bytes by NumPy)",
        arguments: [
            ("<f8", "(2, 3)", "False", quarters, [0, 0.25, 0.5, 0.75, 1, 1.25]),
            (
                "<f8", "(2, 3)", "True",
                "0000000000000000000000000000e83f000000000000d03f000000000000f03f000000000000e03f000000000000f43f",
                [0, 0.25, 0.5, 0.75, 1, 1.25]
            ),
            (
                ">f8", "(2, 3)", "False",
                "00000000000000003fd00000000000003fe00000000000003fe80000000000003ff00000000000003ff4000000000000",
                [0, 0.25, 0.5, 0.75, 1, 1.25]
            ),
            ("<f2", "(3,)", "False", "003e00c0007c", [1.5, -2, .infinity]), ("|i1", "(2,)", "False", "ff7f", [-1, 127]),
            ("<u2", "(2,)", "False", "ffff0100", [65535, 1]), ("<u4", "(1,)", "False", "ffffffff", [4_294_967_295]),
            ("<i8", "(2,)", "False", "0000000000ffffff0700000000000000", [-1_099_511_627_776, 7]),
            ("|b1", "(2, 1)", "False", "0100", [1, 0]), ("<f4", "()", "False", "00002040", [2.5]),
            ("<i4", "(0, 3)", "False", "", []),
            (
                "<i4", "(2, 3, 4)", "True",
                "000000000c00000004000000100000000800000014000000010000000d00000005000000110000000900000015000000020000000e00000006000000"
                    + "120000000a00000016000000030000000f00000007000000130000000b00000017000000",
                (0..<24).map(Double.init)
            ),
        ] as [(String, String, String, String, [Double])])
    func reading(kind: String, shape: String, fortran: String, body: String, values: [Double]) throws {
        let array = try NumPyFile.parse(Self.npy(Self.header(kind, shape, fortran: fortran), body), file: "f")
        #expect(array.doubles == values)
        #expect(array.floats == values.map { Float($0) })
        #expect("(\(array.shape.map(String.init).joined(separator: ", "))\(array.shape.count == 1 ? "," : ""))" == shape)
    }

    @Test("what is written is byte by byte what NumPy writes")
    func writing() {
        let array = NumericArray([0, 0.25, 0.5, 0.75, 1, 1.25], shape: [2, 3])
        #expect(NumPyFile.encode(array) == Self.npy(Self.header("<f8", "(2, 3)"), Self.quarters))
        #expect(NumPyFile.encode(NumericArray([Float(2.5)], shape: [])) == Self.npy(Self.header("<f4", "()"), "00002040"))
        #expect(NumPyFile.encode(NumericArray([Int64(7)], shape: [1])) == Self.npy(Self.header("<i8", "(1,)"), "0700000000000000"))
    }

    @Test(
        "what is no array has a sentence with its offset",
        arguments: [
            (Array("hello, world".utf8), "f: byte 0: this is no .npy file"),
            (
                npy(header("<f8", "(2, 3)"), "00"),
                "f: byte 128: elements of shape [2, 3] take 48 bytes, and 1 follow; the file is truncated"
            ),
            (npy(header("|u1", "(1,)"), "0000"), "f: byte 128: elements of shape [1] take 1 bytes, and 2 follow; more follows than the shape says"),
            (
                npy(header("<c8", "(1,)"), ""),
                "f: byte 10: elements of the kind \"<c8\" are not read; the kinds are f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8, b1"
            ),
            (npy("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", ""), "f: byte 10: the elements are records, and only arrays of plain numbers are read"),
            (npy("{'descr': '<f8', 'shape': (1,), }", ""), "f: byte 10: the header has no 'fortran_order': \"{'descr': '<f8', 'shape': (1,), }"),
            (npy(header("<f8", "(-1,)"), ""), "f: byte 10: 'shape' has an axis \"-1\""),
            (npy(header("<f8", "(9223372036854775807, 2)"), ""), "f: byte 10: the shape [9223372036854775807, 2] is one that no array can have"),
            (npy(header("<u8", "(1,)"), "0000000000000080"), "f: byte 128: a number of 64 bits without sign is too large for one with"),
            (npy(header("|b1", "(2,)"), "0103"), "f: byte 129: a boolean is 3"),
            (Array(npy(header("<f8", "(1,)"), "").prefix(60)), "f: byte 8: the header should be 118 bytes long; the file is truncated"),
        ])
    func mistakes(bytes: [UInt8], sentence: String) {
        let error = #expect(throws: FormatError.self) { try NumPyFile.parse(bytes, file: "f") }
        #expect(error?.sentence.hasPrefix(sentence) == true, "\(error?.sentence ?? "")")
    }

    /// numpy.savez_compressed(w=zeros((40, 5)), b=array([1, 2], "i4")).
    static let deflated = hexadecimal(
        "504b03042d000000080000002100740ab248ffffffffffffffff05001400772e6e707901001000c00600000000000054000000000000009bec17ea1b"
            + "10c9c850c650ad9e925a9c5ca46ea5a06e9366a1aea3a09e965f54529498179f5f94920a12774bcc294e058a17672416a402f91a26063a0aa69a3a0a"
            + "b50ae4022e8651300a46c1281805a3800c0000504b03042d0000000800000021000bf9aa2dffffffffffffffff05001400622e6e7079010010008800"
            + "0000000000004b000000000000009bec17ea1b10c9c850c650ad9e925a9c5ca46ea5a06e9369a2aea3a09e965f54529498179f5f94920a12774bcc29"
            + "4e058a17672416a402f91a463a9a3a0ab50a14002e4606060626200600504b01022d032d000000080000002100740ab24854000000c0060000050000"
            + "000000000000000000800100000000772e6e7079504b01022d032d0000000800000021000bf9aa2d4b00000088000000050000000000000000000000"
            + "80018b000000622e6e7079504b05060000000002000200660000000d0100000000")

    @Test("an archive that NumPy compressed")
    func compressedArchive() throws {
        let arrays = try NumPyFile.parseArchive(Self.deflated, file: "f")
        #expect(arrays.map(\.name) == ["w", "b"])
        #expect(arrays[0].array == NumericArray([Double](repeating: 0, count: 200), shape: [40, 5]))
        #expect(arrays[1].array == NumericArray([Int32(1), 2], shape: [2]))
    }

    @Test("an archive that was written is read again; names may not repeat")
    func archive() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.npz")
        let arrays = [("x", NumericArray([1.5, 2], shape: [2, 1])), ("größe", NumericArray([Int32(-3)], shape: []))]
        try NumPyFile.writeArchive(arrays, to: path)
        let read = try NumPyFile.readArchive(path)
        #expect(read.map(\.name) == ["x", "größe"] && read.map(\.array) == arrays.map(\.1))
        let twice = [("x", NumericArray([1.5], shape: [1])), ("x", NumericArray([1.5], shape: [1]))]
        let error = #expect(throws: FormatError.self) { try NumPyFile.encodeArchive(twice, file: "f") }
        #expect(error?.sentence == "f: \"x.npy\" names two entries")
    }

    @Test("a damaged archive is an error that says where, or whose content; never a crash")
    func damagedArchive() throws {
        let truncated = #expect(throws: FormatError.self) { try ZipArchive.parse(Array(Self.deflated.dropLast(30)), file: "f") }
        #expect(truncated?.sentence == "f: byte 363: the zip archive has no directory at its end; it is truncated")
        var bytes = try NumPyFile.encodeArchive([("x", NumericArray([1.5], shape: [1]))], file: "f")
        bytes[40] ^= 1
        let damaged = #expect(throws: FormatError.self) { try NumPyFile.parseArchive(bytes, file: "f") }
        #expect(damaged?.sentence == "f: entry \"x.npy\" does not match its checksum; it is damaged")
        var random: UInt64 = 1
        for _ in 0..<3000 {
            var bytes = Self.deflated
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[Int(random >> 33) % bytes.count] = UInt8(truncatingIfNeeded: random >> 20)
            _ = try? NumPyFile.parseArchive(bytes, file: "f")
        }
    }

    @Test("IDX files, big-endian")
    func idx() throws {
        let bytes = hexadecimal("00000b02 00000002 00000003 0001 ffff 0100 7fff 8000 0005")
        let array = try IDXFile.parse(bytes, file: "f")
        #expect(array == NumericArray([Int32(1), -1, 256, 32767, -32768, 5], shape: [2, 3]))
        #expect(try IDXFile.encode(array) == hexadecimal("00000c02 00000002 00000003 00000001 ffffffff 00000100 00007fff ffff8000 00000005"))
        let images = NumericArray(type: .uint8, shape: [1, 2, 2], bytes: [0, 255, 7, 9])
        #expect(try IDXFile.parse(IDXFile.encode(images), file: "f") == images)
        let floats = NumericArray([1.5, -2], shape: [2])
        #expect(try IDXFile.parse(IDXFile.encode(floats), file: "f") == floats)
        #expect(try IDXFile.parse(CompressionTests.stored("\0\0\u{8}\u{1}\0\0\0\u{2}ab"), file: "f").bytes == [97, 98])
    }

    @Test(
        "what is no IDX file has a sentence with its offset",
        arguments: [
            ("00", "f: 1 bytes are too few for an IDX file"),
            ("50000801", "f: byte 0: an IDX file begins with two zeros, and this with 80, 0"),
            ("00000a01", "f: byte 2: the kind of elements is 10, and IDX has 8, 9, 11, 12, 13 and 14"),
            ("00000802000000", "f: byte 7: the file ends within the sizes of its 2 axes"),
            ("0000080100000003 0102", "f: byte 8: elements of shape [3] take 3 bytes, and 2 follow; the file is truncated"),
            ("0000080100000001 0102", "f: byte 8: elements of shape [1] take 1 bytes, and 2 follow; more follows than the shape says"),
            ("00000803ffffffffffffffffffffffff", "f: byte 4: the shape [4294967295, 4294967295, 4294967295] is one that no array can have"),
        ])
    func idxMistakes(digits: String, sentence: String) {
        let error = #expect(throws: FormatError.self) { try IDXFile.parse(hexadecimal(digits), file: "f") }
        #expect(error?.sentence == sentence)
    }
}
