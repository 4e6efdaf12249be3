import CKernels

/// A number around, and between, the elements: `low[i]` before, `high[i]` after, `interior[i]` between neighbours on axis i.
package struct Pad: Primitive {
    package static let name = "pad"
    let low: [Int], high: [Int], interior: [Int]
    let value: Double
    package init(low: [Int], high: [Int], interior: [Int], value: Double) {
        (self.low, self.high, self.interior, self.value) = (low, high, interior, value)
    }
    package var detail: String { "low \(low), high \(high)\(interior.allSatisfy { $0 == 0 } ? "" : ", interior \(interior)"), \(value)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let shape = inputs[0].shape
        guard low.count == shape.count, high.count == shape.count, (low + high + interior).allSatisfy({ $0 >= 0 }) else {
            throw ShapeError("pad: \(shape) with \(low) before and \(high) after: give one number, 0 or more, for each of the \(shape.count) axes.")
        }
        return [TensorType(shape.indices.map { low[$0] + high[$0] + shape[$0] + Swift.max(shape[$0] - 1, 0) * interior[$0] }, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        [tangents[0].map { applySingle(Pad(low: low, high: high, interior: interior, value: 0), $0) }]
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        [cotangents[0].map { applySingle(Slice(starts: low, counts: call.inputs[0].shape, steps: interior.map { $0 + 1 }), $0) }]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow {
        .moves(Mask(applySingle(Pad(low: low, high: high, interior: interior, value: 0), mask.taken)))
    }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .moves(mask.moved { transpose([$0], call)[0]! }) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let axis = inputs[0].axis!
        var (low, high, interior) = (low, high, interior)
        low.insert(0, at: axis)
        high.insert(0, at: axis)
        interior.insert(0, at: axis)
        return [Batched(applySingle(Pad(low: low, high: high, interior: interior, value: value), inputs[0].tensor), axis: axis)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .movement { emitter in
            let out = emitter.output(0)
            emitter.fill(out, offset: 0, count: emitter.outputType(0).count, ScalarBits(value, emitter.outputType(0).dtype))
            let shape = emitter.inputType(0).shape
            let dense = emitter.outputType(0).shape.denseStrides
            emitter.copy(
                emitter.view(0), to: out,
                StridedView(
                    offset: zip(low, dense).reduce(0) { $0 + $1.0 * $1.1 }, shape: shape, strides: zip(dense, interior).map { $0 * ($1 + 1) }))
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Pad(low: [1, 0], high: [0, 2], interior: [0, 1], value: 0), [.numbers([2, 3], -2...2)]),
            PrimitiveSample(Pad(low: [1], high: [1], interior: [0], value: 2.5), [.numbers([1], -2...2)]),
            PrimitiveSample(Pad(low: [1], high: [1], interior: [3], value: 0), [.numbers([0], -2...2)]),
        ]
    }
}

/// Tensors one after another along an axis.
package struct Concatenate: Primitive {
    package static let name = "concatenate"
    let axis: Int
    package init(axis: Int) { self.axis = axis }
    package var detail: String { "axis \(axis)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard let first = inputs.first else { throw ShapeError("concatenate: no tensors. Give at least one.") }
        var shape = first.shape
        guard shape.indices.contains(axis) else { throw ShapeError("concatenate: axis \(axis) is outside a tensor of rank \(shape.count).") }
        for (position, input) in inputs.enumerated().dropFirst() {
            guard input.dtype == first.dtype else { throw ShapeError("concatenate: tensor \(position) is \(input.dtype), the first is \(first.dtype). Cast one of them.") }
            var expected = input.shape
            if input.shape.count == shape.count { expected[axis] = first.shape[axis] }
            guard expected == first.shape else {
                throw ShapeError("concatenate: tensor \(position) has shape \(input.shape), the first \(first.shape); all axes but axis \(axis) must be equal.")
            }
            shape[axis] += input.shape[axis]
        }
        return [TensorType(shape, first.dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        if tangents.allSatisfy({ $0 == nil }) { return [nil] }
        return [apply(self, zip(tangents, call.inputs).map { $0 ?? Tensor(0, like: $1) })[0]]
    }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        guard let cotangent = cotangents[0] else { return call.inputs.map { _ in nil } }
        var start = 0
        return zip(call.inputs, call.isLinear).map { input, isLinear in
            defer { start += input.shape[axis] }
            return isLinear ? cotangent.slice(axis: axis, start..<(start + input.shape[axis])) : nil
        }
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow {
        // What stands beside the masked part gets zeros, which are outside the mask too.
        let parts = call.inputs.enumerated().map { $0 == position ? mask.taken : Tensor.full($1.shape, 0, dtype: .bool) }
        return .moves(Mask(apply(self, parts)[0]))
    }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow {
        .moves(mask.moved { transpose([$0], call)[position]! })
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        [Batched(apply(Concatenate(axis: axis + 1), inputs.map { $0.front(size) })[0], axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .movement { emitter in
            let out = emitter.output(0)
            let dense = emitter.outputType(0).shape.denseStrides
            var start = 0
            for position in 0..<emitter.inputCount {
                let shape = emitter.inputType(position).shape
                emitter.copy(emitter.view(position), to: out, StridedView(offset: start * dense[axis], shape: shape, strides: dense))
                start += shape[axis]
            }
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Concatenate(axis: 1), [.numbers([2, 3], -2...2), .numbers([2, 1], -2...2), .numbers([2, 0], -2...2)]),
            PrimitiveSample(Concatenate(axis: 0), [.numbers([1], -2...2)]),
        ]
    }
}
