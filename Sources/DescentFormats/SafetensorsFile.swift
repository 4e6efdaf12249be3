/// The kinds of elements that our files hold; the raw value is safetensors' name for it.
public enum ElementType: String, CaseIterable, Sendable {
    /// 32-bit float. Files of other origin may hold F16 and BF16: these are read as `float32`, exactly.
    case float32 = "F32"
    /// 64-bit float.
    case float64 = "F64"
    /// 32-bit signed integer.
    case int32 = "I32"
    /// 64-bit signed integer.
    case int64 = "I64"
    /// 8-bit unsigned integer.
    case uint8 = "U8"
    /// One byte, 0 or 1.
    case bool = "BOOL"

    /// Bytes an element.
    public var size: Int {
        switch self {
        case .float32, .int32: 4
        case .float64, .int64: 8
        case .uint8, .bool: 1
        }
    }
}

/// A safetensors file: named tensors and a map of texts.
///
/// A file is a little-endian 64-bit length, a JSON header of that length, and the tensors' bytes. Ours hold a checksum
/// of the whole file in their metadata, as `descent.checksum`, which every reader may ignore and ours verifies.
public struct SafetensorsFile: Sendable {
    /// One tensor: its bytes are little-endian, row-major, without padding.
    public struct Tensor: Sendable {
        /// Its name, unique in the file.
        public var name: String
        /// The kind of its elements.
        public var type: ElementType
        /// The size of each axis; empty for a scalar.
        public var shape: [Int]
        /// The product of `shape` times `type.size` bytes. Of a file that was read, a part of that file's one buffer.
        public var bytes: ArraySlice<UInt8>

        /// A tensor to be written; that the number of bytes fits the shape is checked then.
        public init(name: String, type: ElementType, shape: [Int], bytes: ArraySlice<UInt8>) {
            self.name = name
            self.type = type
            self.shape = shape
            self.bytes = bytes
        }
    }

    /// The tensors; of a file that was read, in the order of their bytes.
    public var tensors: [Tensor]
    /// Texts by name; of a file that was read, without the checksum.
    public var metadata: [String: String]

    /// A file to be written.
    public init(tensors: [Tensor] = [], metadata: [String: String] = [:]) {
        self.tensors = tensors
        self.metadata = metadata
    }

    /// The tensor of this name, if the file has one.
    public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

    /// The metadata entry that holds the checksum: 16 hexadecimal digits, XXH64 of the data, its seed being XXH64 of
    /// all that comes before (length and header) with these digits taken as zeros.
    public static let checksumKey = "descent.checksum"

    /// Where the digits begin in a file of ours: after this, which no escaped text can contain.
    static let checksumPrefix = Array("\"\(checksumKey)\":\"".utf8)
    static let checksumLength = 16
    /// As the reference implementation: a longer header is refused.
    static let headerLimit = 100_000_000
}
