import DescentCore
import DescentFormats

extension SafetensorsFile.Tensor {
    /// A tensor's value under a name.
    package init(_ name: String, _ value: DescentCore.Tensor) {
        self.init(name: name, type: value.dtype.elementType, shape: value.shape, bytes: value.withUnsafeBytes { Array($0) }[...])
    }

    /// The value as a tensor.
    package var value: DescentCore.Tensor {
        DescentCore.Tensor(shape: shape, dtype: type.dtype) { memory in bytes.withUnsafeBytes { memory.copyMemory(from: $0) } }
    }
}

extension DType {
    /// The element type that files store it as.
    var elementType: ElementType {
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
