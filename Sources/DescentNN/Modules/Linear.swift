import DescentCore

/// `y = x Wᵀ + b`: every output a weighted sum of all inputs.
///
/// Shapes: x [..., inputs], y [..., outputs]; weight [outputs, inputs] and bias [outputs], as in PyTorch. The default weights are
/// uniform within ±1/√inputs, as PyTorch's are (He et al. 2015 with a slope of √5), and so are the biases.
public struct Linear: Layer, Sendable {
    public let weight: Variable
    public let bias: Variable?

    public init(_ inputs: Int, _ outputs: Int, bias: Bool = true, initializer: Initializer = .uniformByInputs) {
        if inputs < 1 || outputs < 1 { stop("Linear(\(inputs), \(outputs)): both sizes must be at least 1.") }
        weight = .parameter([outputs, inputs], initializer, of: "Linear: its weight takes \(inputs) inputs")
        let bound = 1 / Double(inputs).squareRoot()
        self.bias = bias ? .parameter([outputs], initializer == .uniformByInputs ? .uniform(-bound..<bound) : .zeros, of: "Linear: it gives \(outputs) outputs") : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        Scope.inModule(of: weight) {
            let w = weight.value
            guard let size = x.shape.last, size == w.shape[1] else {
                let sizes = "\(x.shape.last.map(String.init) ?? "none") and \(w.shape[1])"
                return standIn("matmul: inner sizes differ: \(x.shape) · \([w.shape[1], w.shape[0]]) (\(sizes)).", x.shape.dropLast() + [w.shape[0]], x.dtype)
            }
            let y = x.product(with: w)
            return bias.map { y + $0.value } ?? y
        }
    }
}
