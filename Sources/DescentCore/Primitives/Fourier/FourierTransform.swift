import CKernels

/// `Y[k] = scale · Σ X[j] exp(∓2πi jk / n)` along an axis, for real and imaginary parts as two tensors; the sign is + for the inverse.
///
/// Linear in both together. As a real matrix on (real, imaginary) it is `[[C, S], [-S, C]]` with symmetric C and S, so that its transpose is
/// the transform with the other sign and the same scale.
package struct FourierTransform: Primitive {
    package static let name = "fourier_transform"
    let axis: Int
    let inverse: Bool
    let scale: Double
    package init(axis: Int, inverse: Bool, scale: Double = 1) { (self.axis, self.inverse, self.scale) = (axis, inverse, scale) }
    package var detail: String { "axis \(axis)\(inverse ? ", inverse" : "")\(scale == 1 ? "" : ", times \(scale)")" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try FourierKernels.check(inputs, axis: axis, for: "fft")
        try FourierKernels.check(count: inputs[0].shape[axis], for: "fft")
        return inputs
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        if tangents.allSatisfy({ $0 == nil }) { return [nil, nil] }
        return apply(self, zip(tangents, call.inputs).map { $0 ?? Tensor(0, like: $1) })
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        if cotangents.allSatisfy({ $0 == nil }) { return [nil, nil] }
        let back = FourierTransform(axis: axis, inverse: !inverse, scale: scale)
        let results = apply(back, zip(cotangents, call.inputs).map { $0 ?? Tensor(0, like: $1) })
        return [call.isLinear[0] ? results[0] : nil, call.isLinear[1] ? results[1] : nil]
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        FourierKernels.batched(FourierTransform(axis: axis + 1, inverse: inverse, scale: scale), inputs, size: size)
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        FourierKernels.kernel(axis: axis, count: inputs[0].shape[axis], scale: scale, role: Int(DK_FOURIER_COMPLEX), inverse: inverse)
    }
    package static var samples: [PrimitiveSample] {
        func sample(_ shape: [Int], axis: Int, inverse: Bool, scale: Double = 1) -> PrimitiveSample {
            PrimitiveSample(FourierTransform(axis: axis, inverse: inverse, scale: scale), [.numbers(shape, -1...1), .numbers(shape, -1...1)])
        }
        return [
            sample([2, 4], axis: 1, inverse: false), sample([2, 5], axis: 1, inverse: true, scale: 0.2), sample([6, 2], axis: 0, inverse: false, scale: 0.5),
            sample([2, 3, 4], axis: 1, inverse: true), sample([1], axis: 0, inverse: false), sample([0, 3], axis: 1, inverse: false),
            sample([37], axis: 0, inverse: false, scale: 0.25),
        ]
    }
}

/// The transform of real numbers along an axis: the first `n / 2 + 1` results, real and imaginary parts; the others are conjugates of these.
///
/// Its transpose is the transform to real numbers, which counts each bin but those that are their own conjugates twice: these are halved first.
package struct RealFourierTransform: Primitive {
    package static let name = "real_fourier_transform"
    let axis: Int
    let scale: Double
    package init(axis: Int, scale: Double = 1) { (self.axis, self.scale) = (axis, scale) }
    package var detail: String { "axis \(axis)\(scale == 1 ? "" : ", times \(scale)")" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try FourierKernels.check(inputs, axis: axis, for: "rfft")
        try FourierKernels.check(count: inputs[0].shape[axis], for: "rfft")
        var shape = inputs[0].shape
        shape[axis] = shape[axis] / 2 + 1
        return [TensorType](repeating: TensorType(shape, inputs[0].dtype), count: 2)
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { tangents[0].map { apply(self, [$0]) } ?? [nil, nil] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        guard let some = cotangents[0] ?? cotangents[1] else { return [nil] }
        let count = call.inputs[0].shape[axis]
        let halves = FourierKernels.binFactors(count: count, otherwise: 0.5, axis: axis, like: some)
        return apply(HermitianFourierTransform(axis: axis, count: count, scale: scale), cotangents.map { $0.map { $0 * halves } ?? Tensor(0, like: some) })
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { FourierKernels.batched(RealFourierTransform(axis: axis + 1, scale: scale), inputs, size: size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        FourierKernels.kernel(axis: axis, count: inputs[0].shape[axis], scale: scale, role: Int(DK_FOURIER_REAL))
    }
    package static var samples: [PrimitiveSample] {
        [([2, 4], 1, 1), ([2, 5], 1, 0.2), ([6, 2], 0, 1), ([2, 3, 4], 1, 0.5), ([1], 0, 1), ([0, 4], 1, 1)].map { shape, axis, scale in
            PrimitiveSample(RealFourierTransform(axis: axis, scale: scale), [.numbers(shape, -1...1)])
        }
    }
}

/// `count` real numbers from the first `count / 2 + 1` of a Hermitian sequence: `scale · Σ X[k] exp(2πi jk / n)` over all of it.
///
/// Imaginary parts of the bins that are their own conjugates (0, and `count / 2` of an even count) count as 0, and have derivative 0.
package struct HermitianFourierTransform: Primitive {
    package static let name = "hermitian_fourier_transform"
    let axis: Int, count: Int
    let scale: Double
    package init(axis: Int, count: Int, scale: Double = 1) { (self.axis, self.count, self.scale) = (axis, count, scale) }
    package var detail: String { "axis \(axis), to \(count)\(scale == 1 ? "" : ", times \(scale)")" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try FourierKernels.check(inputs, axis: axis, for: "irfft")
        try FourierKernels.check(count: count, for: "irfft")
        var shape = inputs[0].shape
        guard shape[axis] == count / 2 + 1 else {
            throw ShapeError("irfft: \(count) real numbers are made from \(count / 2 + 1) bins; axis \(axis) of \(shape) has \(shape[axis]).")
        }
        shape[axis] = count
        return [TensorType(shape, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        if tangents.allSatisfy({ $0 == nil }) { return [nil] }
        return apply(self, zip(tangents, call.inputs).map { $0 ?? Tensor(0, like: $1) })
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        guard let cotangent = cotangents[0] else { return [nil, nil] }
        let bins = apply(RealFourierTransform(axis: axis, scale: scale), [cotangent])
        let doubles = FourierKernels.binFactors(count: count, otherwise: 2, axis: axis, like: bins[0])
        return [call.isLinear[0] ? bins[0] * doubles : nil, call.isLinear[1] ? bins[1] * doubles : nil]
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        FourierKernels.batched(HermitianFourierTransform(axis: axis + 1, count: count, scale: scale), inputs, size: size)
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel { FourierKernels.kernel(axis: axis, count: count, scale: scale, role: Int(DK_FOURIER_TO_REAL)) }
    package static var samples: [PrimitiveSample] {
        [([2, 3], 1, 4, 1), ([2, 3], 1, 5, 0.2), ([4, 2], 0, 6, 1), ([2, 2, 4], 1, 3, 0.5), ([1], 0, 1, 1), ([0, 3], 1, 4, 1)].map { shape, axis, count, scale in
            PrimitiveSample(HermitianFourierTransform(axis: axis, count: count, scale: scale), [.numbers(shape, -1...1), .numbers(shape, -1...1)])
        }
    }
}
