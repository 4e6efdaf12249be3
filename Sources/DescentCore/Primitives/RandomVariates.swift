import CKernels

/// Random numbers whose distribution has parameters, one for each element: the logarithm of a gamma variate, Poisson, binomial. Inputs: the state, two
/// int64 (key, counter), and the parameters, of one shape.
///
/// The logarithm of a gamma variate has a derivative by its shape, with its place in the distribution fixed: the implicit reparameterisation of
/// Figurnov, Mohamed and Mnih 2018. Counts have none.
package struct RandomVariates: Primitive {
    package enum Distribution: UInt8, Hashable, Sendable {
        case logGamma = 0, poisson, binomial
        var parameters: Int { self == .binomial ? 2 : 1 }
    }
    package static let name = "random_variates"
    let distribution: Distribution
    package init(_ distribution: Distribution) { self.distribution = distribution }
    package var detail: String { "\(distribution)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard inputs[0] == TensorType([2], .int64) else { throw ShapeError("random: the state is \(inputs[0]); it must be int64[2] (key, counter).") }
        guard inputs.count == distribution.parameters + 1, inputs[1].dtype.isFloating, inputs[1...].allSatisfy({ $0 == inputs[1] }) else {
            throw ShapeError("random: \(distribution) takes \(distribution.parameters) parameters of one shape and one floating type, not \(inputs[1...].map(\.description)).")
        }
        return [inputs[1]]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        guard distribution == .logGamma else { return [nil] }
        return [tangents[1].map { $0 * GammaSlope.node(call.inputs[1], call.output) }]
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let members = inputs.map { $0.front(size) }
        return [Batched(Tensor.stack((0..<size).map { member in apply(self, members.map { $0[member] })[0] }), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let state = emitter.input(0), a = emitter.input(1), b = emitter.inputCount > 2 ? emitter.input(2) : a
            emitter.emit(
                dk_variate,
                dk_variate_arguments(
                    state: state.buffer, a: a.buffer, b: b.buffer, out: emitter.output(0), state_offset: state.offset, a_offset: a.offset, b_offset: b.offset,
                    count: Int64(emitter.inputType(1).count), kind: distribution.rawValue, dtype: emitter.inputType(1).dtype.rawValue))
        }
    }
    package static var samples: [PrimitiveSample] {
        let state = PrimitiveSample.Input.exact([42, 7], [2], .int64)
        // Not smooth: a sample jumps where another attempt is accepted; the derivative is that of the distribution.
        return [
            PrimitiveSample(RandomVariates(.logGamma), [state, .floats([0.5, 2, 30, 0.01], [2, 2])], smooth: false),
            PrimitiveSample(RandomVariates(.poisson), [state, .floats([0.5, 2, 30, 0], [4])], smooth: false),
            PrimitiveSample(RandomVariates(.binomial), [state, .floats([5, 20, 100], [3]), .floats([0.5, 0.25, 0.75], [3])], smooth: false),
        ]
    }
}

/// How the logarithm `b` of a gamma variate moves with the shape `a` of its distribution, its place in that fixed.
package struct GammaSlope: BinaryElementwise {
    package static let name = "gamma_slope"
    package static let operation = DK_gamma_slope
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isFloating }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let shape = call.inputs[0], logarithm = call.inputs[1]
        let first = tangents[0].map { $0 * GammaCurvature.node(shape, logarithm) }
        // With F the distribution function and l the logarithm, the slope is -F_a / F_l, and log F_l = a l - e^l - lgamma(a).
        let second = tangents[1].map { $0 * (Digamma.node(shape) - logarithm - call.output * (shape - Exp.node(logarithm))) }
        guard let first else { return [second] }
        return [second.map { first + $0 } ?? first]
    }
    // Not smooth: the second derivative is not known.
    package static var samples: [PrimitiveSample] { PrimitiveSample.binary(GammaSlope(), in: 0.5...4, -1...1, smooth: false) }
}

/// The derivative of `GammaSlope` by the shape. Its own derivative is not known and NaN: samples can be differentiated twice.
package struct GammaCurvature: BinaryElementwise {
    package static let name = "gamma_curvature"
    package static let operation = DK_gamma_curvature
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isFloating }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        [(tangents[0] ?? tangents[1]).map { $0 * .nan }]
    }
    package static var samples: [PrimitiveSample] { PrimitiveSample.binary(GammaCurvature(), in: 0.5...4, -1...1, smooth: false) }
}
