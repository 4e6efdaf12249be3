/// NumPy's .npy (one array) and .npz (a zip archive of named ones).
///
/// The format: NEP 1, https://numpy.org/neps/nep-0001-npy-format.html.
public enum NumPyFile {
    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// Reads an .npy file.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where its content is not what it should be.
    public static func read(_ path: String) throws -> NumericArray { try parse(FileSystem.read(path), file: path) }

    /// Reads an .npz file: its arrays by name, in the archive's order.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where its content is not what it should be.
    public static func readArchive(_ path: String) throws -> [(name: String, array: NumericArray)] {
        try parseArchive(FileSystem.read(path), file: path)
    }

    /// Reads the bytes of an .npy file: C or Fortran order, either byte order. Elements of kinds that are not used here
    /// become ones that hold them: smaller integers 32-bit ones, 32-bit unsigned and larger ones 64-bit ones, 16-bit floats 32-bit ones.
    ///
    /// - Throws: `FormatError` with the offset of what is wrong.
    public static func parse(_ bytes: [UInt8], file: String) throws(FormatError) -> NumericArray {
        func error(_ reason: String) -> FormatError { FormatError(file: file, reason: reason) }
        guard bytes.count >= 10, bytes.starts(with: magic) else { throw error("byte 0: this is no .npy file") }
        let version = bytes[6]
        guard (1...3).contains(version) else { throw error("byte 6: version \(version) of the format is unknown") }
        let lengthSize = version == 1 ? 2 : 4
        guard bytes.count >= 8 + lengthSize else { throw error("byte \(bytes.count): the file ends within its header") }
        let length = (0..<lengthSize).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        let start = 8 + lengthSize + length
        guard start <= bytes.count else { throw error("byte 8: the header should be \(length) bytes long; the file is truncated") }
        let text = String(decoding: bytes[8 + lengthSize..<start], as: UTF8.self)
        let header = try NumPyHeader(text, file: file)
        guard let expected = SafetensorsFile.byteCount(header.shape, header.size) else {
            throw error("byte 10: the shape \(header.shape) is one that no array can have")
        }
        guard bytes.count - start == expected else {
            let what = bytes.count - start < expected ? "the file is truncated" : "more follows than the shape says"
            throw error("byte \(start): elements of shape \(header.shape) take \(expected) bytes, and \(bytes.count - start) follow; \(what)")
        }
        var data = header.isBigEndian ? ElementConversion.swapped(bytes[start...], size: header.size) : Array(bytes[start...])
        if header.isFortranOrder { data = ElementConversion.rowMajor(data, shape: header.shape, size: header.size) }
        let type: ElementType
        switch header.kind {
        case "f2": (type, data) = (.float32, HalfFloat.ieee.widened(data[...]))
        case "f4": type = .float32
        case "f8": type = .float64
        case "i1": (type, data) = (.int32, ElementConversion.widened(data, Int8.self, Int32.self))
        case "i2": (type, data) = (.int32, ElementConversion.widened(data, Int16.self, Int32.self))
        case "u2": (type, data) = (.int32, ElementConversion.widened(data, UInt16.self, Int32.self))
        case "i4": type = .int32
        case "u4": (type, data) = (.int64, ElementConversion.widened(data, UInt32.self, Int64.self))
        case "i8": type = .int64
        case "u8":
            if let place = stride(from: 7, to: data.count, by: 8).first(where: { data[$0] > 127 }) {
                throw error("byte \(start + place - 7): a number of 64 bits without sign is too large for one with")
            }
            type = .int64
        case "u1": type = .uint8
        default:
            if let place = data.firstIndex(where: { $0 > 1 }) { throw error("byte \(start + place): a boolean is \(data[place])") }
            type = .bool
        }
        return NumericArray(type: type, shape: header.shape, bytes: data)
    }

    /// The bytes of an .npy file: version 1, C order, little-endian.
    public static func encode(_ array: NumericArray) -> [UInt8] {
        let kind =
            switch array.type {
            case .float32: "<f4"
            case .float64: "<f8"
            case .int32: "<i4"
            case .int64: "<i8"
            case .uint8: "|u1"
            case .bool: "|b1"
            }
        let shape = array.shape.map { "\($0)," }.joined(separator: " ")
        let tuple = array.shape.count > 1 ? String(shape.dropLast()) : shape
        var header = "{'descr': '\(kind)', 'fortran_order': False, 'shape': (\(tuple)), }"
        // The elements begin at a multiple of 64; a shape of 255 axes fits the 16-bit length by far.
        while (magic.count + 4 + header.utf8.count + 1) % 64 != 0 { header += " " }
        header += "\n"
        var bytes = magic + [1, 0]
        withUnsafeBytes(of: UInt16(truncatingIfNeeded: header.utf8.count).littleEndian) { bytes += $0 }
        return bytes + Array(header.utf8) + array.bytes
    }

    /// Writes an .npy file, all or nothing.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public static func write(_ array: NumericArray, to path: String) throws(FileError) { try FileSystem.write(encode(array), to: path) }

    /// The arrays of an .npz file's bytes, by name (without `.npy`), in the archive's order.
    ///
    /// - Throws: `FormatError` with the offset, or the name of the array, of what is wrong.
    public static func parseArchive(_ bytes: [UInt8], file: String) throws(FormatError) -> [(name: String, array: NumericArray)] {
        var arrays: [(name: String, array: NumericArray)] = []
        for entry in try ZipArchive.parse(bytes, file: file) {
            let name = entry.name.hasSuffix(".npy") ? String(entry.name.dropLast(4)) : entry.name
            arrays.append((name, try parse(entry.content, file: "\(file): \(entry.name)")))
        }
        return arrays
    }

    /// The bytes of an .npz file, its arrays stored without compression.
    ///
    /// - Throws: `FormatError` for a name that is given twice or is too long, and for an archive beyond 4 GB.
    public static func encodeArchive(
        _ arrays: [(name: String, array: NumericArray)], file: String = "npz"
    ) throws(FormatError) -> [UInt8] {
        try ZipArchive.encode(arrays.map { ZipArchive.Entry(name: "\($0.name).npy", content: encode($0.array)) }, file: file)
    }

    /// Writes an .npz file, all or nothing.
    ///
    /// - Throws: As `encodeArchive`, or `FileError` of kind `.unwritable`.
    public static func writeArchive(_ arrays: [(name: String, array: NumericArray)], to path: String) throws {
        try FileSystem.write(encodeArchive(arrays, file: path), to: path)
    }
}

/// The header of an .npy file, a Python dictionary: `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`.
struct NumPyHeader {
    /// Such as `f8`.
    let kind: String
    let size: Int
    let isBigEndian: Bool
    let isFortranOrder: Bool
    let shape: [Int]

    private static let kinds = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"]

    init(_ text: String, file: String) throws(FormatError) {
        func error(_ reason: String) -> FormatError { FormatError(file: file, reason: "byte 10: \(reason)") }
        func value(_ key: String) throws(FormatError) -> Substring {
            for quote in ["'", "\""] {
                guard let place = text.range(of: "\(quote)\(key)\(quote)") else { continue }
                let rest = text[place.upperBound...].drop { $0 == " " }
                if rest.first == ":" { return rest.dropFirst().drop { $0 == " " } }
            }
            throw error("the header has no '\(key)': \(quoted(String(text.prefix(100).prefix { $0 != "\n" }.split(separator: "  ").first ?? "")))")
        }
        let descriptor = try value("descr")
        guard let quote = descriptor.first, quote == "'" || quote == "\"" else {
            throw error("the elements are records, and only arrays of plain numbers are read")
        }
        let name = String(descriptor.dropFirst().prefix { $0 != quote })
        kind = String(name.drop { "<>|=".contains($0) })
        isBigEndian = name.hasPrefix(">")
        guard Self.kinds.contains(kind), let size = Int(kind.dropFirst()) else {
            throw error("elements of the kind \(quoted(name)) are not read; the kinds are \(Self.kinds.joined(separator: ", "))")
        }
        self.size = size
        let order = try value("fortran_order")
        isFortranOrder = order.hasPrefix("True")
        guard isFortranOrder || order.hasPrefix("False") else { throw error("'fortran_order' is neither True nor False") }
        let tuple = try value("shape")
        guard tuple.first == "(", let end = tuple.firstIndex(of: ")") else { throw error("'shape' is no tuple") }
        var shape: [Int] = []
        for part in tuple[..<end].dropFirst().split(separator: ",") {
            let digits = part.drop { $0 == " " }.prefix { $0 != " " && $0 != "L" }
            if digits.isEmpty { continue }
            guard let axis = Int(digits), axis >= 0 else { throw error("'shape' has an axis \(quoted(String(digits)))") }
            shape.append(axis)
        }
        self.shape = shape
    }
}

extension String {
    /// Where a text occurs first, byte by byte.
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
