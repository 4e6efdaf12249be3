import DescentCore

/// A table of learned vectors, one for each number: `y[...] = weight[x[...]]`.
///
/// Shapes: x [...] of integers in 0 ..< count, y [..., size]; weight [count, size], as in PyTorch, from a normal distribution. A number outside
/// the table stops the program when it runs.
public struct Embedding: Layer, Sendable {
    public let weight: Variable
    /// The number whose vector is left alone: it starts at 0 and gets no gradient. For what fills up short sequences.
    public let padding: Int?

    public init(_ count: Int, _ size: Int, padding: Int? = nil, initializer: Initializer = .normal(deviation: 1)) {
        if count < 1 || size < 1 { stop("Embedding(\(count), \(size)): both must be at least 1.") }
        if let padding, !(0..<count).contains(padding) { stop("Embedding(\(count), \(size), padding: \(padding)): the padding is one of 0 ..< \(count).") }
        self.padding = padding
        weight = .parameter([count, size], of: "Embedding: its weight has \(count) rows") { shape, random in
            let values = initializer(shape, random)
            guard let padding else { return values }
            return Tensor.where((Tensor.arange(count) .== Double(padding)).expanded(axis: 1).broadcast(to: shape), Tensor(0, like: values), values)
        }
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        Scope.inModule(of: weight) {
            let use = IndexUse("Embedding", "number", axis: "its table has % rows", countsFromEnd: false, advice: "For places to fill up, name one of the rows: padding: 0.")
            let places = x.checked(as: use, size: weight.shape[0])
            let vectors = weight.value.gathered(checked: places)
            guard let padding else { return vectors }
            let isPadding = (places .== Double(padding)).expanded(axis: -1).broadcast(to: vectors.shape)
            return Tensor.where(isPadding, stopGradient(vectors), vectors)
        }
    }
}
