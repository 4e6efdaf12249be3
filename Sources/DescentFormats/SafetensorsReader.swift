extension SafetensorsFile {
    /// Reads a file.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where its content is not what it should be.
    public init(path: String) throws {
        try self.init(parsing: try FileSystem.read(path), file: path)
    }

    /// Reads a file's bytes, trusting no length and no offset in them.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: The name that errors begin with.
    /// - Throws: `FormatError` for anything that a safetensors file may not be: a truncated file, a header that is too
    ///   long or is not JSON, a tensor of an unknown type or impossible shape, ranges that overlap, leave gaps or lie
    ///   outside, a checksum that does not match.
    public init(parsing bytes: [UInt8], file: String) throws(FormatError) {
        let header = try Self.header(of: bytes, file: file)
        let root = JSONReader(try JSON(parsing: bytes[header], file: "\(file): header"), file: file)
        var metadata: [String: String] = [:]
        var spans: [Span] = []
        for (name, value) in try root.members() {
            if name == "__metadata__" {
                for (key, text) in try value.members() { metadata[key] = try text.string() }
            } else {
                spans.append(try Span(name: name, entry: value))
            }
        }
        let available = bytes.count - header.upperBound
        spans.sort { ($0.start, $0.end) < ($1.start, $1.end) }
        try Self.check(spans, available: available, file: file)
        if let digits = metadata.removeValue(forKey: Self.checksumKey) {
            try Self.verify(digits, bytes, header: header, file: file)
        }

        var tensors: [Tensor] = []
        tensors.reserveCapacity(spans.count)
        for span in spans {
            let part = bytes[header.upperBound + span.start..<header.upperBound + span.end]
            tensors.append(try span.tensor(part, file: file))
        }
        self.init(tensors: tensors, metadata: metadata)
    }

    private static func header(of bytes: [UInt8], file: String) throws(FormatError) -> Range<Int> {
        guard bytes.count >= 8 else {
            throw FormatError(
                file: file, reason: "\(bytes.count) bytes are too few for a safetensors file; it is truncated")
        }
        let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= UInt64(headerLimit) else {
            throw FormatError(
                file: file,
                reason: "its header would be \(length) bytes long, more than the \(headerLimit) allowed; "
                    + "this is not a safetensors file, or it is damaged")
        }
        guard length <= UInt64(bytes.count - 8) else {
            throw FormatError(
                file: file,
                reason: "its header should be \(length) bytes long, and \(bytes.count - 8) follow; "
                    + "the file is truncated")
        }
        guard length > 0, bytes[8] == UInt8(ascii: "{") else {
            throw FormatError(file: file, reason: "its header does not begin with {; this is not a safetensors file")
        }
        return 8..<8 + Int(length)
    }

    /// The ranges, in order, must fill the data exactly.
    private static func check(_ spans: [Span], available: Int, file: String) throws(FormatError) {
        var end = 0
        var previous = ""
        for span in spans {
            if span.start < end {
                throw FormatError(
                    file: file,
                    reason: "tensors \(quoted(previous)) and \(quoted(span.name)) overlap at byte \(span.start)")
            }
            if span.start > end {
                throw FormatError(
                    file: file,
                    reason: "bytes \(end) to \(span.start), before tensor \(quoted(span.name)), belong to no tensor")
            }
            if span.end > available {
                throw FormatError(
                    file: file,
                    reason: "tensor \(quoted(span.name)) ends at byte \(span.end) of the data, which has \(available); "
                        + "the file is truncated")
            }
            end = span.end
            previous = span.name
        }
        if end < available {
            throw FormatError(file: file, reason: "the last \(available - end) bytes belong to no tensor")
        }
    }

    private static func verify(
        _ digits: String, _ bytes: [UInt8], header: Range<Int>, file: String
    ) throws(FormatError) {
        let actual = checksum(of: bytes, header: header).hex
        guard actual == digits else {
            throw FormatError(
                file: file,
                reason: "its checksum is \(actual) and should be \(quoted(digits)): the file is damaged "
                    + "(or another program changed it: then remove \(quoted(checksumKey)) from its metadata)")
        }
    }
}

/// What the header says of one tensor.
private struct Span {
    let name: String
    let type: ElementType
    /// Set where the file's elements are 16-bit floats.
    let half: HalfFloat?
    let shape: [Int]
    let start: Int
    let end: Int

    init(name: String, entry: JSONReader) throws(FormatError) {
        self.name = name
        let reader = JSONReader(entry.json ?? .null, file: "\(entry.file): tensor \(quoted(name))")
        let typeName = try reader["dtype"].string()
        half = HalfFloat(rawValue: typeName)
        guard let type = half == nil ? ElementType(rawValue: typeName) : .float32 else {
            let known = (ElementType.allCases.map(\.rawValue) + ["F16", "BF16"]).joined(separator: ", ")
            throw reader["dtype"].error("is \(quoted(typeName)), and the types known here are \(known)")
        }
        self.type = type
        var shape: [Int] = []
        for axis in try reader["shape"].elements() { shape.append(try axis.int()) }
        self.shape = shape
        guard let size = SafetensorsFile.byteCount(shape, half == nil ? type.size : 2) else {
            throw reader["shape"].error("is \(shape), which no tensor can have")
        }
        let offsets = try reader["data_offsets"].elements()
        guard offsets.count == 2 else { throw reader["data_offsets"].error("has \(offsets.count) numbers, not 2") }
        start = try offsets[0].int()
        end = try offsets[1].int()
        guard start >= 0, end >= start else {
            throw reader["data_offsets"].error("is [\(start), \(end)], which is no range of bytes")
        }
        guard end - start == size else {
            throw reader["data_offsets"].error(
                "has \(end - start) bytes, and \(typeName) \(shape) takes \(size)")
        }
    }

    func tensor(_ part: ArraySlice<UInt8>, file: String) throws(FormatError) -> SafetensorsFile.Tensor {
        if type == .bool, let index = part.firstIndex(where: { $0 > 1 }) {
            throw FormatError(
                file: file,
                reason: "tensor \(quoted(name)): element \(index - part.startIndex) of a BOOL tensor is \(part[index])")
        }
        let bytes = half.map { $0.widened(part)[...] } ?? part
        return SafetensorsFile.Tensor(name: name, type: type, shape: shape, bytes: bytes)
    }
}
