import DescentCore
import DescentFormats

extension SafetensorsFile.Tensor {
    /// A tensor's value under a name.
    package init(_ name: String, _ value: DescentCore.Tensor) {
        let kept = value.cast(to: value.dtype.stored)
        self.init(name: name, type: kept.dtype.elementType, shape: kept.shape, bytes: kept.withUnsafeBytes { Array($0) }[...])
    }

    /// The value as a tensor.
    package var value: DescentCore.Tensor {
        DescentCore.Tensor(shape: shape, dtype: type.dtype) { memory in bytes.withUnsafeBytes { memory.copyMemory(from: $0) } }
    }
}

extension DType {
    /// The type that our files hold its elements as: of those that they lack, the next larger one that holds all values (of `uint64` but the upper half).
    var stored: DType {
        switch self {
        case .int8, .int16, .uint16: .int32
        case .uint32, .uint64: .int64
        case .float16, .bfloat16: .float32
        case .float32, .float64, .int32, .int64, .uint8, .bool: self
        }
    }

    /// The element type that files store it as.
    var elementType: ElementType {
        switch stored {
        case .float64: .float64
        case .int32: .int32
        case .int64: .int64
        case .uint8: .uint8
        case .bool: .bool
        default: .float32
        }
    }
}

extension ElementType {
    /// The element type of tensors that holds it.
    fileprivate var dtype: DType {
        switch self {
        case .float32: .float32
        case .float64: .float64
        case .int32: .int32
        case .int64: .int64
        case .uint8: .uint8
        case .bool: .bool
        }
    }
}
