import Descent

/// Data of the same shapes as the peers', when no dump of theirs is given.
final class Generator {
    private let random = Random(seed: 0)

    func normal(_ shape: [Int]) -> Tensor { settled(random.normal(shape)) }
    func uniform(_ bound: Double, _ shape: [Int]) -> Tensor { settled(random.uniform(shape, in: -bound..<bound)) }
    func labels(_ classes: Int, _ shape: Int...) -> Tensor { settled((random.uniform(shape) * Double(classes)).cast(to: .int64)) }
    private func settled(_ tensor: Tensor) -> Tensor {
        evaluate(tensor)
        return tensor
    }

    func dense(_ sizes: [Int]) -> [Tensor] {
        zip(sizes, sizes.dropFirst()).flatMap { inputs, outputs -> [Tensor] in
            let bound = 1 / Double(inputs).squareRoot()
            return [settled(random.uniform([outputs, inputs], in: -bound..<bound)), settled(random.uniform([outputs], in: -bound..<bound))]
        }
    }

    func regression(_ rows: Int, _ columns: Int) -> Spec {
        let x = normal([rows, columns])
        return Spec(inputs: [x, settled(x.matmul(normal([columns, 1])) + normal([rows, 1]) * 0.1)], parameters: dense([columns, 1]))
    }

    func binary(_ rows: Int, _ columns: Int) -> Spec {
        let x = normal([rows, columns])
        return Spec(inputs: [x, settled((x.matmul(normal([columns, 1])) + normal([rows, 1]) .> 0).cast(to: .float32))], parameters: dense([columns, 1]))
    }

    func classifier(_ sizes: [Int], batch: Int) -> Spec {
        Spec(inputs: [normal([batch, sizes[0]]), labels(sizes.last!, batch)], parameters: dense(sizes))
    }

    func matrices(_ count: Int, _ shape: [Int]) -> Spec {
        Spec(inputs: (0..<count).map { _ in normal(shape) }, parameters: (0..<count).map { _ in normal(shape) })
    }

    func wide() -> Spec { Spec(inputs: [normal([256, 1024]), normal([256, 1024])], parameters: dense([1024, 4096, 4096, 1024])) }

    static var xor: Spec {
        Spec(inputs: [Tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), Tensor([[0], [1], [1], [0]])], parameters: Generator().dense([2, 2, 1]))
    }
}
