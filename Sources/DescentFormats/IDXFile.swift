/// IDX, the format of the MNIST images: two zeros, the kind of elements, the number of axes, their sizes as 32-bit
/// big-endian numbers, and the elements, big-endian.
public enum IDXFile {
    /// Reads a file, which may be compressed by gzip.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where its content is not what it should be.
    public static func read(_ path: String) throws -> NumericArray { try parse(FileSystem.read(path), file: path) }

    /// Reads a file's bytes. 8- and 16-bit integers with a sign become 32-bit ones.
    ///
    /// - Throws: `FormatError` with the offset of what is wrong.
    public static func parse(_ bytes: [UInt8], file: String) throws(FormatError) -> NumericArray {
        let bytes = Gzip.isCompressed(bytes) ? try Gzip.decompress(bytes, file: file) : bytes
        func error(_ reason: String) -> FormatError { FormatError(file: file, reason: reason) }
        guard bytes.count >= 4 else { throw error("\(bytes.count) bytes are too few for an IDX file") }
        guard bytes[0] == 0, bytes[1] == 0 else { throw error("byte 0: an IDX file begins with two zeros, and this with \(bytes[0]), \(bytes[1])") }
        let (size, type): (Int, ElementType)
        switch bytes[2] {
        case 0x08: (size, type) = (1, .uint8)
        case 0x09: (size, type) = (1, .int32)
        case 0x0B: (size, type) = (2, .int32)
        case 0x0C: (size, type) = (4, .int32)
        case 0x0D: (size, type) = (4, .float32)
        case 0x0E: (size, type) = (8, .float64)
        default: throw error("byte 2: the kind of elements is \(bytes[2]), and IDX has 8, 9, 11, 12, 13 and 14")
        }
        let axes = Int(bytes[3])
        let start = 4 + 4 * axes
        guard bytes.count >= start else { throw error("byte \(bytes.count): the file ends within the sizes of its \(axes) axes") }
        let shape = (0..<axes).map { axis in (0..<4).reduce(0) { $0 << 8 | Int(bytes[4 + 4 * axis + $1]) } }
        guard let expected = SafetensorsFile.byteCount(shape, size) else { throw error("byte 4: the shape \(shape) is one that no array can have") }
        guard bytes.count - start == expected else {
            let what = bytes.count - start < expected ? "the file is truncated" : "more follows than the shape says"
            throw error("byte \(start): elements of shape \(shape) take \(expected) bytes, and \(bytes.count - start) follow; \(what)")
        }
        var data = ElementConversion.swapped(bytes[start...], size: size)
        if bytes[2] == 0x09 { data = ElementConversion.widened(data, Int8.self, Int32.self) }
        if bytes[2] == 0x0B { data = ElementConversion.widened(data, Int16.self, Int32.self) }
        return NumericArray(type: type, shape: shape, bytes: data)
    }

    /// A file's bytes. Booleans are written as bytes, 64-bit integers not at all.
    ///
    /// - Throws: `FormatError` for 64-bit integers and for axes longer than 32 bits tell.
    public static func encode(_ array: NumericArray, file: String = "IDX") throws(FormatError) -> [UInt8] {
        let kind: UInt8
        switch array.type {
        case .uint8, .bool: kind = 0x08
        case .int32: kind = 0x0C
        case .float32: kind = 0x0D
        case .float64: kind = 0x0E
        case .int64: throw FormatError(file: file, reason: "IDX has no 64-bit integers; use 32-bit ones")
        }
        guard array.shape.count < 256, array.shape.allSatisfy({ $0 <= UInt32.max }) else {
            throw FormatError(file: file, reason: "IDX has at most 255 axes of 32-bit sizes, and the shape is \(array.shape)")
        }
        var bytes: [UInt8] = [0, 0, kind, UInt8(array.shape.count)]
        for size in array.shape { withUnsafeBytes(of: UInt32(size).bigEndian) { bytes += $0 } }
        return bytes + ElementConversion.swapped(array.bytes[...], size: array.type.size)
    }
}
