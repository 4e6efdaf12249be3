import DescentCore
import Testing

/// One sample of one registered primitive, with the inputs that the checks feed to it.
struct PrimitiveCase: Sendable, CustomTestStringConvertible {
    let name: String
    let number: Int
    let sample: PrimitiveSample

    static let all: [PrimitiveCase] = PrimitiveRegistry.all.flatMap { type in
        type.samples.enumerated().map { PrimitiveCase(name: type.name, number: $0.offset, sample: $0.element) }
    }

    var testDescription: String { "\(name) \(sample.primitive(.float64).detail) #\(number)" }

    /// The inputs, with floating ones of the type under test. Different for each member of a batch, but always valid.
    func inputs(_ dtype: DType = .float64, member: Int = 0) -> [Tensor] {
        sample.inputs.enumerated().map { position, input in
            switch input {
            case .numbers(let shape, let range):
                Tensor(float64: spread(shape.elementCount, in: range, seed: position + 7 * member), shape: shape).settled(as: dtype)
            case .exact(let values, let shape, let type): Tensor(float64: rotated(values, member), shape: shape).settled(as: type)
            case .floats(let values, let shape): Tensor(float64: rotated(values, member), shape: shape).settled(as: dtype)
            case .definite(let shape): definite(shape, seed: position + 7 * member).settled(as: dtype)
            }
        }
    }

    /// `B Bᵀ / n + I / 2`, with B's numbers spread over -1...1, rounded to float32.
    private func definite(_ shape: [Int], seed: Int) -> Tensor {
        let b = Tensor(float64: spread(shape.elementCount, in: -1...1, seed: seed), shape: shape)
        let size = shape[shape.count - 1]
        return (b.matmul(b.swappingAxes(-1, -2)) / Double(Swift.max(size, 1)) + Tensor.eye(size, dtype: .float64) * 0.5).cast(to: .float32).cast(to: .float64)
    }

    func outputs(_ inputs: [Tensor]) -> [Tensor] {
        apply(sample.primitive(inputs.first { $0.dtype.isFloating }?.dtype ?? .float64), inputs)
    }

    /// Floating tensors of the shapes of the given ones, zero where those are not floating.
    func directions(like tensors: [Tensor], seed: Int) -> [Tensor] {
        tensors.enumerated().map { position, tensor in
            guard tensor.dtype.isFloating else { return Tensor(0, like: tensor) }
            return Tensor(float64: spread(tensor.count, in: -1...1, seed: 31 * seed + position), shape: tensor.shape).settled(as: tensor.dtype)
        }
    }

    private func rotated(_ values: [Double], _ places: Int) -> [Double] {
        guard !values.isEmpty else { return [] }
        return values.indices.map { values[($0 + places) % values.count] }
    }
}

extension Tensor {
    /// Computed now, as a leaf of its own.
    func settled(as dtype: DType) -> Tensor {
        let tensor = cast(to: dtype)
        evaluate(tensor)
        return tensor
    }
    func settled() -> Tensor { settled(as: dtype) }
}
