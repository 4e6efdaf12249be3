/// A value of Thrift's compact protocol, in which Parquet keeps what it says of itself.
///
/// The format: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
enum ThriftValue {
    case integer(Int64)
    case boolean(Bool)
    case number(Double)
    case bytes(ArraySlice<UInt8>)
    case list([ThriftValue])
    case structure([Int: ThriftValue])

    /// The integer, if it is one.
    var integer: Int? { if case .integer(let value) = self { Int(value) } else { nil } }
    /// The boolean, if it is one.
    var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }
    /// The text, if it is one.
    var text: String? { if case .bytes(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil } }
    /// The elements, if it is a list.
    var list: [ThriftValue]? { if case .list(let values) = self { values } else { nil } }
    /// The member with a number, if it is a structure that has it.
    subscript(_ field: Int) -> ThriftValue? { if case .structure(let members) = self { members[field] } else { nil } }
}

/// Reads values of Thrift's compact protocol. Nothing that it makes is larger than the bytes that it is given.
struct ThriftReader {
    let bytes: ArraySlice<UInt8>
    private(set) var position: Int
    private let file: String

    /// Structures and lists within each other; Parquet's own go 6 deep.
    private static let depthLimit = 32

    init(_ bytes: ArraySlice<UInt8>, file: String) {
        (self.bytes, self.file) = (bytes, file)
        position = bytes.startIndex
    }

    /// The structure that begins at the position.
    ///
    /// - Throws: `FormatError` with the offset of what is wrong.
    mutating func structure() throws(FormatError) -> ThriftValue { try structure(depth: 0) }

    private func error(_ reason: String) -> FormatError { FormatError(file: file, reason: "byte \(position): \(reason)") }

    private mutating func byte() throws(FormatError) -> UInt8 {
        guard position < bytes.endIndex else { throw error("the file's description of itself ends too early") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func varint() throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            let next = try byte()
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
        }
        throw error("an integer has more than 64 bits")
    }

    private mutating func zigzag() throws(FormatError) -> Int64 {
        let value = try varint()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    private mutating func structure(depth: Int) throws(FormatError) -> ThriftValue {
        if depth > Self.depthLimit { throw error("structures are nested too deep") }
        var members: [Int: ThriftValue] = [:]
        var field = 0
        while true {
            let head = try byte()
            if head == 0 { return .structure(members) }
            let step = Int(head >> 4)
            field = step == 0 ? Int(truncatingIfNeeded: try zigzag()) : field + step
            let type = head & 0x0F
            members[field] = type == 1 ? .boolean(true) : type == 2 ? .boolean(false) : try value(type, depth: depth)
        }
    }

    private mutating func value(_ type: UInt8, depth: Int) throws(FormatError) -> ThriftValue {
        switch type {
        // In a list a boolean has a byte of its own.
        case 1, 2: return .boolean(try byte() == 1)
        case 3: return .integer(Int64(Int8(bitPattern: try byte())))
        case 4, 5, 6: return .integer(try zigzag())
        case 7:
            var bits: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 8) { bits |= UInt64(try byte()) << shift }
            return .number(Double(bitPattern: bits))
        case 8:
            let count = try varint()
            guard count <= UInt64(bytes.endIndex - position) else { throw error("a text of \(count) bytes is longer than what follows") }
            defer { position += Int(count) }
            return .bytes(bytes[position..<position + Int(count)])
        case 9, 10:
            let head = try byte()
            let count = head >> 4 == 15 ? try varint() : UInt64(head >> 4)
            return .list(try elements(head & 0x0F, count, depth: depth))
        case 11:
            if depth > Self.depthLimit { throw error("maps are nested too deep") }
            let count = try varint()
            if count == 0 { return .list([]) }
            let types = try byte()
            var values: [ThriftValue] = []
            guard count <= UInt64(bytes.endIndex - position) else { throw error("a map of \(count) entries is longer than what follows") }
            for _ in 0..<count { values += [try value(types >> 4, depth: depth + 1), try value(types & 0x0F, depth: depth + 1)] }
            return .list(values)
        case 12: return try structure(depth: depth + 1)
        default: throw error("the type \(type) is unknown")
        }
    }

    private mutating func elements(_ type: UInt8, _ count: UInt64, depth: Int) throws(FormatError) -> [ThriftValue] {
        // Each element takes a byte at least.
        guard count <= UInt64(bytes.endIndex - position) else { throw error("a list of \(count) elements is longer than what follows") }
        if depth > Self.depthLimit { throw error("lists are nested too deep") }
        var values: [ThriftValue] = []
        for _ in 0..<count { values.append(try value(type, depth: depth + 1)) }
        return values
    }
}
