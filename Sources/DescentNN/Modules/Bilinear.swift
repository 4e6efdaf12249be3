import DescentCore

/// `y_o = x₁ᵀ W_o x₂ + b_o`: every output a weighted sum of all products of one element of each input.
///
/// Shapes: x₁ [..., first], x₂ [..., second] with the same axes in front, y [..., outputs]; weight [outputs, first, second] and bias [outputs],
/// uniform within ±1/√first, as in PyTorch.
public struct Bilinear: Module, Sendable {
    public let weight: Variable
    public let bias: Variable?

    public init(_ first: Int, _ second: Int, _ outputs: Int, bias: Bool = true) {
        if first < 1 || second < 1 || outputs < 1 { stop("Bilinear(\(first), \(second), \(outputs)): all sizes must be at least 1.") }
        let bound = 1 / Double(first).squareRoot()
        let place = "Bilinear: its weight takes \(first) and \(second) inputs"
        weight = .parameter([outputs, first, second], .uniform(-bound..<bound), of: place)
        self.bias = bias ? .parameter([outputs], .uniform(-bound..<bound), of: place) : nil
    }

    public func callAsFunction(_ first: Tensor, _ second: Tensor) -> Tensor {
        Scope.inModule(of: weight) {
            let w = weight.value
            let (outputs, size1, size2) = (w.shape[0], w.shape[1], w.shape[2])
            guard first.shape.last == size1, second.shape.last == size2, first.shape.dropLast() == second.shape.dropLast() else {
                let needed = "[..., \(size1)] and [..., \(size2)] with the same axes in front"
                let sentence = "Bilinear: inputs have shapes \(first.shape) and \(second.shape); they must be \(needed)."
                return standIn(sentence, first.shape.dropLast() + [outputs], first.dtype)
            }
            let front = Array(first.shape.dropLast())
            let rows = front.reduce(1, *)
            // [rows, outputs, first]: the second input against every row of every output's matrix.
            let products = second.product(with: w.reshaped(to: [outputs * size1, size2])).reshaped(to: [rows, outputs, size1])
            let y = (products * first.reshaped(to: [rows, 1, size1])).sum(axis: -1).reshaped(to: front + [outputs])
            return bias.map { y + $0.value } ?? y
        }
    }
}
