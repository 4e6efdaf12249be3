import CKernels

/// The type of a tensor's elements. A value, not a type parameter: see docs/ARCHITECTURE.md.
public enum DType: UInt8, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    case float32 = 0
    case float64 = 1
    case int32 = 2
    case int64 = 3
    case uint8 = 4
    case bool = 5

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float32, .int32: 4
        case .float64, .int64: 8
        case .uint8, .bool: 1
        }
    }

    /// Whether this is `float32` or `float64`: the types that have derivatives.
    public var isFloating: Bool { self == .float32 || self == .float64 }

    /// Whether this is `int32`, `int64` or `uint8`.
    public var isInteger: Bool { self == .int32 || self == .int64 || self == .uint8 }

    public var description: String {
        switch self {
        case .float32: "float32"
        case .float64: "float64"
        case .int32: "int32"
        case .int64: "int64"
        case .uint8: "uint8"
        case .bool: "bool"
        }
    }

    /// The type of the result when two types meet in one operation.
    ///
    /// The larger of two floating types, the larger of two integer types; an integer or `bool` with a floating type
    /// gives that floating type; `uint8` with `bool` gives `uint8`.
    public static func promoted(_ a: DType, _ b: DType) -> DType {
        if a == b { return a }
        if a.isFloating || b.isFloating {
            return a == .float64 || b == .float64 ? .float64 : .float32
        }
        let order: [DType: Int] = [.bool: 0, .uint8: 1, .int32: 2, .int64: 3]
        return order[a]! > order[b]! ? a : b
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
extension Int32: TensorScalar { public static var dtype: DType { .int32 } }
extension Int: TensorScalar { public static var dtype: DType { .int64 } }
extension Int64: TensorScalar { public static var dtype: DType { .int64 } }
extension UInt8: TensorScalar { public static var dtype: DType { .uint8 } }
extension Bool: TensorScalar { public static var dtype: DType { .bool } }
