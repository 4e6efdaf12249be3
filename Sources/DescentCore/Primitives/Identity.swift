/// The same value under a new name: what a derivative is taken at.
package struct Identity: Primitive {
    package static let name = "identity"
    package init() {}
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [inputs[0]] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0]] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0]] }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .moves(mask) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .moves(mask) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { inputs }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .identity }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Identity(), in: -2...2) }
}

/// The same value, through which no derivative flows.
package struct StopGradient: Primitive {
    package static let name = "stop_gradient"
    package init() {}
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [inputs[0]] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { [Batched(applySingle(self, inputs[0].tensor), axis: inputs[0].axis)] }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .identity }
    package static var samples: [PrimitiveSample] { [PrimitiveSample(StopGradient(), [.numbers([3], -2...2)], smooth: false)] }
}

/// The same value, kept apart: two computations from it are not merged with those from its input. Each has its own number.
package struct Barrier: Primitive {
    package static let name = "barrier"
    let number: Int
    package init() { number = Node.nextID }
    package init(number: Int) { self.number = number }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [inputs[0]] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0]] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0]] }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .moves(mask) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .moves(mask) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { [Batched(applySingle(self, inputs[0].tensor), axis: inputs[0].axis)] }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .reshape }
    package static var samples: [PrimitiveSample] { PrimitiveSample.unary(Barrier(), in: -2...2) }
}
