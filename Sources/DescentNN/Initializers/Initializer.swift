import DescentCore

/// How a parameter gets its first value. For a weight [outputs, inputs, ...], `inputs` and `outputs` count the further axes too.
public enum Initializer: Hashable, Sendable {
    case zeros
    case constant(Double)
    case uniform(Range<Double>)
    case normal(deviation: Double)
    /// Normal, with what lies further out than `limit` times the deviation drawn again. The deviation is that of the uncut distribution: at
    /// a limit of 2 the numbers' own is 0.880 of it.
    case truncatedNormal(deviation: Double, limit: Double = 2)
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
    /// Uniform within ±√(3 / inputs). LeCun et al. 1998; for selu layers.
    case lecunUniform
    /// Normal with deviation √(1 / inputs). LeCun et al. 1998; for selu layers.
    case lecunNormal
    /// Variance gain² / fan, for what the others don't say: `.scaled(gain: Initializer.gain(of: .tanh), by: .inputs, .normal)`.
    case scaled(gain: Double, by: Fan, Distribution)
    /// Rows (or, where there are more rows than columns, columns) of length `gain` at right angles to each other, in directions drawn evenly.
    /// The first axis are the rows, the others together the columns. Saxe, McClelland and Ganguli 2014.
    case orthogonal(gain: Double = 1)

    /// The divisor of a variance.
    public enum Fan: Hashable, Sendable {
        case inputs, outputs, average
    }

    /// How numbers of a given variance are spread.
    public enum Distribution: Hashable, Sendable {
        case normal, uniform
    }

    /// By how much an activation shrinks the spread of what passes it, so by how much weights before it should be larger; as PyTorch's
    /// `calculate_gain`. 1 for those that it doesn't know.
    public static func gain(of activation: Activation) -> Double {
        switch activation.name {
        case "tanh": 5 / 3.0
        case "relu": 2.0.squareRoot()
        case "leaky_relu": (2 / (1 + 0.01 * 0.01)).squareRoot()
        case "selu": 0.75
        default: 1
        }
    }

    /// A value of the given shape.
    public func callAsFunction(_ shape: [Int], _ random: Random, dtype: DType = .float32) -> Tensor {
        let further = shape.dropFirst(2).reduce(1, *)
        let outputs = Double((shape.first ?? 1) * further)
        let inputs = Double((shape.count > 1 ? shape[1] : shape.first ?? 1) * further)
        func within(_ bound: Double) -> Tensor { random.uniform(shape, in: -bound..<bound, dtype: dtype) }
        func normal(_ deviation: Double) -> Tensor { random.normal(shape, deviation: deviation, dtype: dtype) }
        switch self {
        case .zeros: return .zeros(shape, dtype: dtype)
        case .constant(let value): return .full(shape, value, dtype: dtype)
        case .uniform(let range): return random.uniform(shape, in: range, dtype: dtype)
        case .normal(let deviation): return normal(deviation)
        case .truncatedNormal(let deviation, let limit):
            return cutNormal(shape, deviation: deviation, limit: limit, random).cast(to: dtype)
        case .uniformByInputs: return within(1 / inputs.squareRoot())
        case .xavierUniform(let gain): return within(gain * (6 / (inputs + outputs)).squareRoot())
        case .xavierNormal(let gain): return normal(gain * (2 / (inputs + outputs)).squareRoot())
        case .heUniform: return within((6 / inputs).squareRoot())
        case .heNormal: return normal((2 / inputs).squareRoot())
        case .lecunUniform: return within((3 / inputs).squareRoot())
        case .lecunNormal: return normal((1 / inputs).squareRoot())
        case .scaled(let gain, let fan, let distribution):
            let count = fan == .inputs ? inputs : fan == .outputs ? outputs : (inputs + outputs) / 2
            let deviation = gain / count.squareRoot()
            return distribution == .normal ? normal(deviation) : within(deviation * 3.0.squareRoot())
        case .orthogonal(let gain): return (orthogonalMatrix(shape, random) * gain).cast(to: dtype)
        }
    }
}

/// Normal numbers, those further out than the limit drawn again, as float64.
private func cutNormal(_ shape: [Int], deviation: Double, limit: Double, _ random: Random) -> Tensor {
    if !(limit >= 0.1) { stop("Initializer.truncatedNormal: the limit is \(limit) deviations; it must be at least 0.1.") }
    let count = shape.reduce(1, *)
    var kept: [Double] = []
    kept.reserveCapacity(count)
    while kept.count < count {
        kept += random.normal([count], dtype: .float64).doubles.lazy.filter { abs($0) <= limit }.prefix(count - kept.count)
    }
    return Tensor(float64: kept.map { $0 * deviation }, shape: shape)
}

extension Variable {
    /// A learned variable, float32 unless made in `withParameters(of:)`. Until its model is initialised with a seed, its value comes from a
    /// stream of its own, numbered in the order of making.
    ///
    /// - Parameter module: what to say in errors, "Linear: its weight takes 512 inputs".
    public static func parameter(_ shape: [Int], _ initializer: Initializer, of module: String = "") -> Variable {
        parameter(shape, of: module) { initializer($0, $1) }
    }

    /// A learned variable whose first value is what the closure gives for its shape and a source of random numbers.
    public static func parameter(_ shape: [Int], of module: String = "", initializer: @escaping @Sendable ([Int], Random) -> Tensor) -> Variable {
        let random = Random(seed: 0).stream("parameter \(ParameterNumbers.next())")
        let dtype = ParameterType.current
        let typed: @Sendable ([Int], Random) -> Tensor = { initializer($0, $1).cast(to: dtype) }
        let variable = Variable(typed(shape, random), name: "", isTrainable: true, initializer: typed)
        variable.place = module
        return variable
    }
}
