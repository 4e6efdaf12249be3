import CKernels

/// The type of a tensor's elements. A value, not a type parameter: see docs/ARCHITECTURE.md.
public enum DType: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case float32 = 0
    case float64 = 1
    case int32 = 2
    case int64 = 3
    case uint8 = 4
    case bool = 5
    case int8 = 6
    case int16 = 7
    case uint16 = 8
    case uint32 = 9
    case uint64 = 10
    /// IEEE 754's half precision, for storage: elements can be moved and cast, and nothing is computed in them.
    case float16 = 11
    /// The upper half of a float32, for storage: elements can be moved and cast, and nothing is computed in them.
    case bfloat16 = 12

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float64, .int64, .uint64: 8
        case .float32, .int32, .uint32: 4
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// Whether this is `float32` or `float64`: the types that have derivatives.
    public var isFloating: Bool { self == .float32 || self == .float64 }

    /// Whether this is an integer type, signed or not; `bool` is none.
    public var isInteger: Bool { !isFloating && self != .bool && !isStorageOnly }

    /// Whether this is `float16` or `bfloat16`, in which nothing is computed: cast to `float32` first.
    public var isStorageOnly: Bool { rawValue >= DType.float16.rawValue }

    /// Whether elements can be added and multiplied.
    package var isNumeric: Bool { self != .bool && !isStorageOnly }

    /// The Swift type of an integer type's elements; nil for the others.
    package var integerType: (any (FixedWidthInteger & TensorScalar).Type)? {
        switch self {
        case .int8: Int8.self
        case .int16: Int16.self
        case .int32: Int32.self
        case .int64: Int64.self
        case .uint8: UInt8.self
        case .uint16: UInt16.self
        case .uint32: UInt32.self
        case .uint64: UInt64.self
        case .float32, .float64, .bool, .float16, .bfloat16: nil
        }
    }

    public var description: String {
        switch self {
        case .float32: "float32"
        case .float64: "float64"
        case .int32: "int32"
        case .int64: "int64"
        case .uint8: "uint8"
        case .bool: "bool"
        case .int8: "int8"
        case .int16: "int16"
        case .uint16: "uint16"
        case .uint32: "uint32"
        case .uint64: "uint64"
        case .float16: "float16"
        case .bfloat16: "bfloat16"
        }
    }

    package var kernel: dk_dtype { dk_dtype(UInt32(rawValue)) }
}

/// A Swift number that can be an element of a tensor.
public protocol TensorScalar: Sendable {
    /// The element type that holds it.
    static var dtype: DType { get }
}

extension Float: TensorScalar { public static var dtype: DType { .float32 } }
extension Double: TensorScalar { public static var dtype: DType { .float64 } }
extension Int8: TensorScalar { public static var dtype: DType { .int8 } }
extension Int16: TensorScalar { public static var dtype: DType { .int16 } }
extension Int32: TensorScalar { public static var dtype: DType { .int32 } }
extension Int: TensorScalar { public static var dtype: DType { .int64 } }
extension Int64: TensorScalar { public static var dtype: DType { .int64 } }
extension UInt8: TensorScalar { public static var dtype: DType { .uint8 } }
extension UInt16: TensorScalar { public static var dtype: DType { .uint16 } }
extension UInt32: TensorScalar { public static var dtype: DType { .uint32 } }
extension UInt64: TensorScalar { public static var dtype: DType { .uint64 } }
extension Bool: TensorScalar { public static var dtype: DType { .bool } }
