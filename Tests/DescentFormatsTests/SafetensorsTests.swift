import DescentFormats
import Testing

@Suite("safetensors")
struct SafetensorsTests {
    private static let sample = SafetensorsFile(
        tensors: [
            .init(name: "b", type: .uint8, shape: [3], bytes: [1, 2, 3]),
            .init(name: "layer.weight", type: .float32, shape: [2, 1], bytes: [0, 0, 128, 63, 0, 0, 0, 64]),
            .init(name: "empty", type: .float64, shape: [0, 7], bytes: []),
            .init(name: "flag", type: .bool, shape: [], bytes: [1]),
            .init(name: "a", type: .int64, shape: [1], bytes: [1, 0, 0, 0, 0, 0, 0, 0]),
            .init(name: "c", type: .int32, shape: [1, 1], bytes: [1, 0, 0, 0]),
        ], metadata: ["format": "descent", "card": "{\"x\":\"descent.checksum\"}"])

    @Test("what is written is read back, wide elements first, then by name")
    func roundTrip() throws {
        let file = try SafetensorsFile(parsing: try Self.sample.encoded(), file: "m")
        #expect(file.metadata == Self.sample.metadata)
        #expect(file.tensors.map(\.name) == ["a", "empty", "c", "layer.weight", "b", "flag"])
        for tensor in Self.sample.tensors {
            let back = try #require(file[tensor.name])
            #expect(back.type == tensor.type && back.shape == tensor.shape && back.bytes == tensor.bytes)
        }
    }

    @Test("the bytes do not depend on the order given, and the header is padded to 8 bytes")
    func deterministic() throws {
        let bytes = try Self.sample.encoded()
        let other = SafetensorsFile(tensors: Self.sample.tensors.reversed(), metadata: Self.sample.metadata)
        #expect(try other.encoded() == bytes)
        #expect(bytes[0] % 8 == 0)
    }

    @Test("a file is written and read by path")
    func files() throws {
        let folder = try TemporaryFolder()
        try Self.sample.write(to: folder.file("m"))
        #expect(try SafetensorsFile(path: folder.file("m")).tensors.count == 6)
        #expect(throws: FileError.self) { try SafetensorsFile(path: folder.file("n")) }
    }

    @Test("every byte changed, and every truncation, is an error, or changes nothing but the checksum's own name")
    func damage() throws {
        let bytes = try Self.sample.encoded()
        for index in bytes.indices {
            for change: UInt8 in [1, 0x20, 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] ^= change
                guard let file = try? SafetensorsFile(parsing: damaged, file: "m") else { continue }
                #expect(file.metadata.count == Self.sample.metadata.count + 1, "a damaged byte was not noticed")
                #expect(file.metadata["card"] == Self.sample.metadata["card"])
                #expect(Self.sample.tensors.allSatisfy { file[$0.name]?.bytes == $0.bytes })
            }
            #expect(throws: FormatError.self) { try SafetensorsFile(parsing: Array(bytes[..<index]), file: "m") }
        }
    }

    @Test(
        "each impossible header has its sentence",
        arguments: [
            (
                #"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4,
                #"m: tensor "w": "data_offsets" has 4 bytes, and F32 [2] takes 8"#
            ),
            (
                #"{"w":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0,
                #"m: tensor "w": "shape" is [4611686018427387904, 4], which no tensor can have"#
            ),
            (
                #"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4,
                #"m: tensor "w": "shape" is [-1], which no tensor can have"#
            ),
            (
                #"{"w":{"dtype":"F8","shape":[1],"data_offsets":[0,1]}}"#, 1,
                #"m: tensor "w": "dtype" is "F8", and the types known here are F32, F64, I32, I64, U8, BOOL, F16, BF16"#
            ),
            (
                #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, 1,
                #"m: tensor "w": "data_offsets" is [1, 0], which is no range of bytes"#
            ),
            (
                #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0]}}"#, 1,
                #"m: tensor "w": "data_offsets" has 1 numbers, not 2"#
            ),
            (
                #"{"w":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 1,
                #"m: tensor "w" ends at byte 2 of the data, which has 1; the file is truncated"#
            ),
            (
                #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 3,
                "m: the last 2 bytes belong to no tensor"
            ),
            (
                #"{"w":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2,
                #"m: bytes 0 to 1, before tensor "w", belong to no tensor"#
            ),
            (
                #"{"v":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"w":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3,
                #"m: tensors "v" and "w" overlap at byte 1"#
            ),
            (
                #"{"w":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"w":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#, 1,
                #"m: header:1:53: the key "w" appears twice in one object"#
            ),
            (
                #"{"w":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}}"#, 2,
                #"m: tensor "w": element 0 of a BOOL tensor is 7"#
            ),
            (#"{"w":3}"#, 0, #"m: tensor "w": "dtype" is missing"#),
            (#"{"__metadata__":{"a":1}}"#, 0, #"m: "__metadata__.a" is 1, not text"#),
            (#"[]"#, 0, "m: its header does not begin with {; this is not a safetensors file"),
            (#"{"#, 0, "m: header:1:2: a key in quotes is missing in an object"),
        ])
    func hostile(header: String, dataCount: Int, sentence: String) {
        let bytes = file(header, data: [UInt8](repeating: 7, count: dataCount))
        let error = #expect(throws: FormatError.self) { try SafetensorsFile(parsing: bytes, file: "m") }
        #expect(error?.sentence == sentence)
    }

    @Test("header lengths that are not believed")
    func lengths() {
        for (bytes, sentence) in [
            ([1, 2, 3], "m: 3 bytes are too few for a safetensors file; it is truncated"),
            (
                [9, 0, 0, 0, 0, 0, 0, 0, 123],
                "m: its header should be 9 bytes long, and 1 follow; the file is truncated"
            ),
            (
                [UInt8](repeating: 255, count: 9),
                "m: its header would be 18446744073709551615 bytes long, more than the 100000000 allowed; "
                    + "this is not a safetensors file, or it is damaged"
            ),
        ] {
            let error = #expect(throws: FormatError.self) { try SafetensorsFile(parsing: bytes, file: "m") }
            #expect(error?.sentence == sentence)
        }
    }

    @Test("16-bit floats become 32-bit ones")
    func halves() throws {
        let header = #"{"h":{"dtype":"F16","shape":[6],"data_offsets":[0,12]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[12,16]}}"#
        let halves: [UInt16] = [0x3C00, 0xC000, 0x0001, 0x7C00, 0x7BFF, 0x8000]
        let data = (halves + [0x3F80, 0xC049]).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let read = try SafetensorsFile(parsing: file(header, data: data), file: "m")
        #expect(floats(read["h"]) == [1, -2, 0x1p-24, .infinity, 65504, -0.0])
        #expect(floats(read["b"]) == [1, -3.140625])
        #expect(read["h"]?.type == .float32)
    }

    @Test("tensors that cannot be written")
    func unwritable() {
        for (tensors, metadata, sentence) in [
            (
                [SafetensorsFile.Tensor(name: "w", type: .float32, shape: [2], bytes: [1])], [:],
                "m: tensor \"w\": 1 bytes do not fit F32 [2]"
            ),
            (
                [.init(name: "w", type: .uint8, shape: [1], bytes: [1]), .init(name: "w", type: .bool, shape: [1], bytes: [1])],
                [:], "m: \"w\" names two tensors"
            ),
            (
                [.init(name: "__metadata__", type: .uint8, shape: [1], bytes: [1])], [:],
                "m: \"__metadata__\" is reserved and cannot name a tensor"
            ),
            ([], ["descent.checksum": "x"], "m: the metadata entry \"descent.checksum\" is written by itself"),
        ] as [([SafetensorsFile.Tensor], [String: String], String)] {
            let error = #expect(throws: FormatError.self) {
                try SafetensorsFile(tensors: tensors, metadata: metadata).encoded(file: "m")
            }
            #expect(error?.sentence == sentence)
        }
    }

    @Test("XXH64 agrees with its published values")
    func checksum() {
        #expect(Checksum([]).hex == "ef46db3751d8e999")
        #expect(Checksum(Array("a".utf8)).hex == "d24ec4f1a98c6e5b")
        #expect(Checksum(Array("abc".utf8)).hex == "44bc2cf5ad770999")
        #expect(Checksum(Array("Nobody inspects the spammish repetition".utf8)).hex == "fbcea83c8a378bf1")
    }

    private func file(_ header: String, data: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + data
    }

    private func floats(_ tensor: SafetensorsFile.Tensor?) -> [Float] {
        guard let bytes = tensor.map({ Array($0.bytes) }) else { return [] }
        return stride(from: 0, to: bytes.count, by: 4).map { index in
            bytes.withUnsafeBytes { Float(bitPattern: $0.loadUnaligned(fromByteOffset: index, as: UInt32.self)) }
        }
    }
}
