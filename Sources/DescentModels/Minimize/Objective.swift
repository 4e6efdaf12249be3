import DescentCore

/// A scalar function of a point given as a list of numbers, with its gradient.
struct Objective {
    let shape: [Int]
    let dtype: DType
    /// Rounding errors in values, relative: two values that differ by less can't be told apart.
    let noise: Double
    private let compute: (Tensor) -> (Tensor, Tensor)

    /// A function of tensors like `start`, compiled.
    init(like start: Tensor, _ function: @escaping (Tensor) -> Tensor) {
        let compiled = compile { (x: Tensor) -> (Tensor, Tensor) in
            let result = valueWithGradient(at: x, of: function)
            return (result.value, result.gradient)
        }
        self.init(shape: start.shape, dtype: start.dtype) { compiled($0) }
    }

    /// A function that gives its own gradient.
    init(shape: [Int], dtype: DType, _ compute: @escaping (Tensor) -> (Tensor, Tensor)) {
        self.init(shape: shape, dtype: dtype, noise: dtype == .float32 ? 2e-7 : 4e-16, compute)
    }

    /// The same, for values that were computed with other rounding errors than the point's type has.
    func withNoise(_ noise: Double) -> Objective { Objective(shape: shape, dtype: dtype, noise: noise, compute) }

    private init(shape: [Int], dtype: DType, noise: Double, _ compute: @escaping (Tensor) -> (Tensor, Tensor)) {
        (self.shape, self.dtype, self.noise, self.compute) = (shape, dtype, noise, compute)
    }

    func tensor(_ point: [Double]) -> Tensor {
        dtype == .float64 ? Tensor(float64: point, shape: shape) : Tensor(point.map(Float.init), shape: shape)
    }

    func callAsFunction(_ point: [Double]) -> (value: Double, gradient: [Double]) {
        let (value, gradient) = compute(tensor(point))
        return (value.item(), gradient.doubles)
    }

    /// The Hessian at a point as a float64 matrix.
    func hessian(of function: @escaping (Tensor) -> Tensor) -> ([Double]) -> Tensor {
        let compiled = compile { (x: Tensor) in DescentCore.hessian(at: x, of: function) }
        let count = shape.reduce(1, *)
        return { compiled(self.tensor($0)).cast(to: .float64).reshaped(to: [count, count]) }
    }
}

// Vectors as lists of numbers: points and gradients of a search are small beside the data that the function works on.

func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
}

/// `a + scale * b`.
func moved(_ a: [Double], _ scale: Double, _ b: [Double]) -> [Double] {
    var result = a
    for i in a.indices { result[i] += scale * b[i] }
    return result
}

func largest(_ a: [Double]) -> Double { a.reduce(0) { $1.isNaN ? .nan : Swift.max($0, Swift.abs($1)) } }
