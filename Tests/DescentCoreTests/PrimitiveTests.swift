import DescentCore
import Testing

/// The checks that every registered primitive must pass, on each of its samples.
@Suite struct PrimitiveTests {
    @Test(arguments: PrimitiveRegistry.all.map { $0.name })
    func hasSamples(_ name: String) {
        #expect(PrimitiveCase.all.contains { $0.name == name })
    }

    @Test("forward derivatives agree with central differences", arguments: PrimitiveCase.all.filter(\.sample.isSmooth))
    func forwardDerivative(_ primitive: PrimitiveCase) {
        let inputs = primitive.inputs(), directions = primitive.directions(like: inputs, seed: 1)
        let outputs = primitive.outputs(inputs)
        let differences = centralDifferences(at: inputs, along: directions, of: primitive.outputs)
        for (tangent, difference) in zip(pushed(outputs, inputs, directions), differences) { expectClose(tangent, difference, 2e-8) }
    }

    @Test("reverse derivatives are the transpose of forward ones", arguments: PrimitiveCase.all)
    func reverseDerivative(_ primitive: PrimitiveCase) {
        let inputs = primitive.inputs(), outputs = primitive.outputs(inputs)
        let directions = primitive.directions(like: inputs, seed: 2), weights = primitive.directions(like: outputs, seed: 3)
        let forward = weightedSum(pushed(outputs, inputs, directions), weights)
        let cotangents = Linearization.reverse(outputs, weights, at: inputs)
        expectClose([forward.item()], [weightedSum(cotangents, directions).item()], 1e-12)
    }

    @Test("second derivatives agree with central differences of the gradient", arguments: PrimitiveCase.all.filter(\.sample.isSmooth))
    func secondDerivatives(_ primitive: PrimitiveCase) {
        let inputs = primitive.inputs()
        let directions = primitive.directions(like: inputs, seed: 4), weights = primitive.directions(like: primitive.outputs(inputs), seed: 5)
        func gradient(_ inputs: [Tensor]) -> [Tensor] { Linearization.reverse(primitive.outputs(inputs), weights, at: inputs) }
        let slopes = gradient(inputs)
        let differences = centralDifferences(at: inputs, along: directions, of: gradient)
        let forwardOverReverse = pushed(slopes, inputs, directions)
        let reverseOverReverse = Linearization.reverse(slopes, directions, at: inputs)
        for (position, difference) in differences.enumerated() where inputs[position].dtype.isFloating {
            expectClose(forwardOverReverse[position], difference, 1e-7, "forward over reverse, input \(position):")
            expectClose(reverseOverReverse[position], difference, 1e-7, "reverse over reverse, input \(position):")
        }
    }

    @Test("a batch gives what a loop gives", arguments: PrimitiveCase.all)
    func batch(_ primitive: PrimitiveCase) {
        let size = 3
        let members = (0..<size).map { primitive.inputs(member: $0) }
        let shared = members[0]
        for chosen in subsets(primitive) {
            for atEnd in [false, true] {
                var seeds: [TensorKey: Batched] = [:]
                for position in chosen {
                    let axis = atEnd ? shared[position].rank : 0
                    seeds[shared[position].key] = Batched(Tensor.stack(members.map { $0[position] }, axis: axis), axis: axis)
                }
                let found = Linearization.vectorize(primitive.outputs(shared), seeds, size: size).map { $0.front(size) }
                for member in 0..<size {
                    let expected = primitive.outputs(shared.indices.map { chosen.contains($0) ? members[member][$0] : shared[$0] })
                    for (batched, single) in zip(found, expected) {
                        expectClose(batched[member], single, 1e-13, "inputs \(chosen), batch \(atEnd ? "last" : "first"), member \(member):")
                    }
                }
            }
        }
    }

    @Test("float32 agrees with float64", arguments: PrimitiveCase.all)
    func float32(_ primitive: PrimitiveCase) {
        for (single, double) in zip(primitive.outputs(primitive.inputs(.float32)), primitive.outputs(primitive.inputs())) {
            expectClose(single.doubles, double.doubles, 2e-6)
        }
    }

    @Test("inputs seen through strides give the same", arguments: PrimitiveCase.all, [Layout.transposed, .strided, .flipped])
    func stridedInputs(_ primitive: PrimitiveCase, _ layout: Layout) {
        let inputs = primitive.inputs()
        for (found, expected) in zip(primitive.outputs(inputs.map(layout.view)), primitive.outputs(inputs)) { expectClose(found, expected, 1e-14) }
    }

    @Test("compiled gives the same bits", arguments: PrimitiveCase.all)
    func compiled(_ primitive: PrimitiveCase) {
        let inputs = primitive.inputs()
        let step = compile { (inputs: [Tensor]) in primitive.outputs(inputs) }
        for (found, expected) in zip(step(inputs), primitive.outputs(inputs)) { expectIdentical(found, expected) }
    }

    /// How an input lies in the memory behind it.
    enum Layout: Sendable {
        case transposed, strided, flipped

        /// The same elements as a window on other memory.
        func view(_ x: Tensor) -> Tensor {
            guard x.rank > 0 else { return Tensor.stack([x, x]).settled()[1] }
            switch self {
            case .transposed: return x.transposed().settled().transposed()
            case .strided: return Tensor.stack([x, x], axis: x.rank).settled()[.rest, 1]
            case .flipped: return x.flipped(axes: x.rank - 1).settled().flipped(axes: x.rank - 1)
            }
        }
    }

    /// The inputs that are batched: every choice of at least one. A checkpoint's inputs can't be chosen apart, since the first is
    /// computed from the others.
    private func subsets(_ primitive: PrimitiveCase) -> [[Int]] {
        let count = primitive.sample.inputs.count
        if primitive.sample.primitive(.float64) is Checkpoint { return [Array(0..<count)] }
        return (1..<(1 << count)).map { bits in (0..<count).filter { bits & (1 << $0) != 0 } }
    }
}

/// Tangents of the outputs, zero where there are none.
private func pushed(_ outputs: [Tensor], _ inputs: [Tensor], _ directions: [Tensor]) -> [Tensor] {
    var seeds: [TensorKey: Tensor] = [:]
    for (input, direction) in zip(inputs, directions) where input.dtype.isFloating { seeds[input.key] = direction }
    return zip(Linearization.pushForward(outputs, seeds), outputs).map { $0 ?? Tensor(0, like: $1) }
}

private func centralDifferences(at inputs: [Tensor], along directions: [Tensor], of function: ([Tensor]) -> [Tensor]) -> [Tensor] {
    let step = 1e-5
    func moved(_ sign: Double) -> [Tensor] {
        zip(inputs, directions).map { $0.dtype.isFloating ? ($0 + sign * step * $1).settled() : $0 }
    }
    return zip(function(moved(1)), function(moved(-1))).map { $0.dtype.isFloating ? ($0 - $1) / (2 * step) : Tensor(0, like: $0) }
}

private func weightedSum(_ tensors: [Tensor], _ weights: [Tensor]) -> Tensor {
    zip(tensors, weights).reduce(Tensor(float64: [0], shape: [])) { $1.0.dtype.isFloating ? $0 + ($1.0 * $1.1).sum() : $0 }
}
