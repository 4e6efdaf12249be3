import DescentCore

/// How a parameter gets its first value. For a weight [outputs, inputs, ...], `inputs` and `outputs` count the further axes too.
public enum Initializer: Hashable, Sendable {
    case zeros
    case constant(Double)
    case uniform(Range<Double>)
    case normal(deviation: Double)
    /// Uniform within ±1/√inputs: PyTorch's default for linear layers.
    case uniformByInputs
    /// Uniform within ±gain √(6 / (inputs + outputs)). Glorot and Bengio 2010: keeps the spread of sigmoid and tanh layers.
    case xavierUniform(gain: Double = 1)
    /// Normal with deviation gain √(2 / (inputs + outputs)). Glorot and Bengio 2010.
    case xavierNormal(gain: Double = 1)
    /// Uniform within ±√(6 / inputs). He et al. 2015: keeps the spread of relu layers.
    case heUniform
    /// Normal with deviation √(2 / inputs). He et al. 2015.
    case heNormal

    /// A value of the given shape.
    public func callAsFunction(_ shape: [Int], _ random: Random, dtype: DType = .float32) -> Tensor {
        let further = shape.dropFirst(2).reduce(1, *)
        let outputs = Double((shape.first ?? 1) * further)
        let inputs = Double((shape.count > 1 ? shape[1] : shape.first ?? 1) * further)
        func within(_ bound: Double) -> Tensor { random.uniform(shape, in: -bound..<bound, dtype: dtype) }
        switch self {
        case .zeros: return .zeros(shape, dtype: dtype)
        case .constant(let value): return .full(shape, value, dtype: dtype)
        case .uniform(let range): return random.uniform(shape, in: range, dtype: dtype)
        case .normal(let deviation): return random.normal(shape, deviation: deviation, dtype: dtype)
        case .uniformByInputs: return within(1 / inputs.squareRoot())
        case .xavierUniform(let gain): return within(gain * (6 / (inputs + outputs)).squareRoot())
        case .xavierNormal(let gain): return random.normal(shape, deviation: gain * (2 / (inputs + outputs)).squareRoot(), dtype: dtype)
        case .heUniform: return within((6 / inputs).squareRoot())
        case .heNormal: return random.normal(shape, deviation: (2 / inputs).squareRoot(), dtype: dtype)
        }
    }
}

extension Variable {
    /// A learned variable. Until its model is initialised with a seed, its value comes from a stream of its own, numbered in the order of making.
    ///
    /// - Parameter module: what to say in errors, "Linear: its weight takes 512 inputs".
    public static func parameter(_ shape: [Int], _ initializer: Initializer, of module: String = "") -> Variable {
        let random = Random(seed: 0).stream("parameter \(ParameterNumbers.next())")
        let variable = Variable(initializer(shape, random), name: "", isTrainable: true) { initializer($0, $1) }
        variable.place = module
        return variable
    }
}
