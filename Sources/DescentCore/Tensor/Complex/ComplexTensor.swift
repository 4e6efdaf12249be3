/// An n-dimensional array of complex numbers: two real tensors of one shape and one floating type, the real and the imaginary parts.
///
/// Every operation is a composition of real ones, so that derivatives of any order, `vmap`, `compile` and `scan` need no rule of their own. The
/// gradient of a real loss is `∂L/∂real + i ∂L/∂imaginary`: the direction in which the loss grows fastest, as in PyTorch; JAX gives its
/// conjugate.
///
/// float32 parts make `complex64`, float64 parts `complex128`.
public struct ComplexTensor: Sendable {
    /// The real parts.
    public let real: Tensor
    /// The imaginary parts.
    public let imaginary: Tensor

    /// Complex numbers from their parts: broadcast together, of the promoted floating type.
    public init(real: Tensor, imaginary: Tensor) {
        let dtype = DType.promoted(real.floating.dtype, imaginary.floating.dtype)
        let a = real.cast(to: dtype), b = imaginary.cast(to: dtype)
        if a.shape == b.shape {
            (self.real, self.imaginary) = (a, b)
            return
        }
        do {
            let shape = try broadcastShape(a.shape, b.shape, for: "complex")
            (self.real, self.imaginary) = (a.broadcast(to: shape), b.broadcast(to: shape))
        } catch {
            let result = standIn(error, like: a.rank > b.rank ? a : b)
            (self.real, self.imaginary) = (result, result)
        }
    }

    /// Complex numbers with imaginary parts 0.
    public init(_ real: Tensor) {
        self.real = real.floating
        imaginary = Tensor(0, like: self.real)
    }

    /// Complex numbers from sizes and angles in radians.
    public init(magnitude: Tensor, angle: Tensor) { self.init(real: magnitude * cos(angle), imaginary: magnitude * sin(angle)) }

    /// Parts that are known to fit.
    package init(parts real: Tensor, _ imaginary: Tensor) { (self.real, self.imaginary) = (real, imaginary) }

    /// From real and imaginary parts that alternate along a last axis of size 2, as other libraries keep them in memory.
    public init(interleaved: Tensor) {
        if interleaved.shape.last != 2 {
            let result = standIn("complex: interleaved parts of shape \(interleaved.shape); the last axis must have size 2.", like: interleaved.floating)
            self.init(parts: result, result)
        } else {
            self.init(real: interleaved[.rest, 0], imaginary: interleaved[.rest, 1])
        }
    }

    /// Real and imaginary parts alternating along a new last axis of size 2.
    public var interleaved: Tensor { Tensor.stack([real, imaginary], axis: rank) }

    /// The size along each axis; empty for a scalar.
    public var shape: [Int] { real.shape }
    /// The number of axes.
    public var rank: Int { real.rank }
    /// The number of elements.
    public var count: Int { real.count }
    /// The type of the elements.
    public var dtype: ComplexDType { real.dtype == .float64 ? .complex128 : .complex64 }

    /// The same numbers in the other precision.
    public func cast(to dtype: ComplexDType) -> ComplexTensor { map { $0.cast(to: dtype.parts) } }

    /// The same operation on real and imaginary parts: for all that moves elements or adds them.
    package func map(_ operation: (Tensor) -> Tensor) -> ComplexTensor { ComplexTensor(parts: operation(real), operation(imaginary)) }
}

/// The type of a complex tensor's elements.
public enum ComplexDType: Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// Two float32.
    case complex64
    /// Two float64.
    case complex128

    /// The element type of the parts.
    public var parts: DType { self == .complex64 ? .float32 : .float64 }
    public var description: String { self == .complex64 ? "complex64" : "complex128" }
}

extension ComplexTensor: TensorGroup {
    public var tensors: [Tensor] { [real, imaginary] }
    public func rebuilt(from reader: TensorReader) -> ComplexTensor {
        let real = reader.next()
        return ComplexTensor(parts: real, reader.next())
    }
}
