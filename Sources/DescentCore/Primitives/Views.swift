/// The same elements, row by row, in another shape of equal count.
package struct Reshape: Primitive {
    package static let name = "reshape"
    let shape: [Int]
    package init(_ shape: [Int]) { self.shape = shape }
    package var detail: String { "\(shape)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard inputs[0].count == shape.elementCount, shape.allSatisfy({ $0 >= 0 }) else {
            throw ShapeError("reshape: \(inputs[0].shape) has \(inputs[0].count) elements, \(shape) needs \(shape.elementCount).")
        }
        return [TensorType(shape, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { $0.reshaped(to: shape) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0].map { $0.reshaped(to: call.inputs[0].shape) }] }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .moves(mask.moved { applySingle(self, $0) }) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .moves(mask.moved { transpose([$0], call)[0]! }) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        [Batched(inputs[0].front(size).reshaped(to: [size] + shape), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .reshape }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Reshape([3, 2]), [.numbers([2, 3], -2...2)]), PrimitiveSample(Reshape([]), [.numbers([1, 1], -2...2)]),
            PrimitiveSample(Reshape([0]), [.numbers([0, 3], -2...2)]),
        ]
    }
}

/// Axes in another order: axis i of the result is axis `order[i]` of the input.
package struct Permute: Primitive {
    package static let name = "transpose"
    let order: [Int]
    package init(_ order: [Int]) { self.order = order }
    package var detail: String { "\(order)" }

    package static func inverse(_ order: [Int]) -> [Int] {
        var result = order
        for (position, axis) in order.enumerated() { result[axis] = position }
        return result
    }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let shape = inputs[0].shape
        guard order.sorted() == Array(shape.indices) else {
            throw ShapeError("transpose: \(order) is not an order of the \(shape.count) axes of \(shape). Name each axis once.")
        }
        return [TensorType(order.map { shape[$0] }, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { $0.permuted(order) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0].map { $0.permuted(Self.inverse(order)) }] }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .moves(mask.moved { applySingle(self, $0) }) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .moves(mask.moved { transpose([$0], call)[0]! }) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        [Batched(inputs[0].front(size).permuted([0] + order.map { $0 + 1 }), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .view { from in
            StridedView(offset: from.offset, shape: order.map { from.shape[$0] }, strides: order.map { from.strides[$0] })
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Permute([1, 0]), [.numbers([2, 3], -2...2)]), PrimitiveSample(Permute([2, 0, 1]), [.numbers([2, 1, 3], -2...2)]),
            PrimitiveSample(Permute([1, 0]), [.numbers([0, 3], -2...2)]),
        ]
    }
}

/// Repeats: axis i of the input becomes axis `axes[i]` of the result; axes not named, and those of size 1, are repeated.
package struct Broadcast: Primitive {
    package static let name = "broadcast"
    package let shape: [Int]
    package let axes: [Int]
    package init(_ shape: [Int], axes: [Int]) {
        self.shape = shape
        self.axes = axes
    }
    package var detail: String { axes.isEmpty ? "\(shape)" : "\(shape) from axes \(axes)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let from = inputs[0].shape
        guard from.count == axes.count, zip(axes, axes.dropFirst()).allSatisfy({ $0 < $1 }), axes.allSatisfy({ shape.indices.contains($0) }),
            zip(from, axes).allSatisfy({ $0 == shape[$1] || $0 == 1 })
        else {
            throw ShapeError("broadcast: \(from) does not stretch to \(shape). Aligned at the last axis, sizes must be equal, or 1 in the first.")
        }
        return [TensorType(shape, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        guard let cotangent = cotangents[0] else { return [nil] }
        let from = call.inputs[0].shape
        let kept = zip(from, axes).filter { $0 == shape[$1] }.map(\.1)
        let summed = shape.indices.filter { !kept.contains($0) }
        return [cotangent.sum(axes: Array(summed)).reshaped(to: from)]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .moves(mask.moved { applySingle(self, $0) }) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow {
        let from = call.inputs[0].shape
        let kept = zip(from, axes).filter { $0 == shape[$1] }.map(\.1)
        return .sums(mask.anyBackward(over: shape.indices.filter { !kept.contains($0) })?.moved { $0.reshaped(to: from) })
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        [Batched(applySingle(Broadcast([size] + shape, axes: [0] + axes.map { $0 + 1 }), inputs[0].front(size)), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .view { from in
            var strides = [Int](repeating: 0, count: shape.count)
            for (i, axis) in axes.enumerated() where from.shape[i] != 1 || shape[axis] == 1 { strides[axis] = from.strides[i] }
            return StridedView(offset: from.offset, shape: shape, strides: strides)
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Broadcast([2, 3], axes: [1]), [.numbers([3], -2...2)]),
            PrimitiveSample(Broadcast([2, 3, 4], axes: [0, 2]), [.numbers([2, 1], -2...2)]),
            PrimitiveSample(Broadcast([2, 2], axes: []), [.numbers([], -2...2)]),
            PrimitiveSample(Broadcast([0, 3], axes: [1]), [.numbers([3], -2...2)]),
        ]
    }
}

/// A regular part: `counts[i]` elements of axis i from `starts[i]` on, every `steps[i]`-th.
package struct Slice: Primitive {
    package static let name = "slice"
    package let starts: [Int], counts: [Int], steps: [Int]
    package init(starts: [Int], counts: [Int], steps: [Int]) {
        (self.starts, self.counts, self.steps) = (starts, counts, steps)
    }
    package var detail: String {
        (0..<starts.count).map { "\(starts[$0])..<\(starts[$0] + counts[$0] * steps[$0])\(steps[$0] == 1 ? "" : " by \(steps[$0])")" }.joined(separator: ", ")
    }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let shape = inputs[0].shape
        for axis in shape.indices {
            let last = starts[axis] + (counts[axis] - 1) * steps[axis]
            guard counts[axis] >= 0, steps[axis] >= 1, starts[axis] >= 0, counts[axis] == 0 || last < shape[axis] else {
                throw ShapeError("slice: axis \(axis) has size \(shape[axis]); \(counts[axis]) elements from \(starts[axis]) on in steps of \(steps[axis]) do not fit.")
            }
        }
        return [TensorType(counts, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        guard let cotangent = cotangents[0] else { return [nil] }
        let shape = call.inputs[0].shape
        let high = shape.indices.map { axis in
            counts[axis] == 0 ? shape[axis] - starts[axis] : shape[axis] - starts[axis] - ((counts[axis] - 1) * steps[axis] + 1)
        }
        return [applySingle(Pad(low: starts, high: high, interior: steps.map { $0 - 1 }, value: 0), cotangent)]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .moves(mask.moved { applySingle(self, $0) }) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow {
        // The zeros around the part are outside the mask too.
        .moves(Mask(transpose([mask.taken], call)[0]!))
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let axis = inputs[0].axis!
        var (starts, counts, steps) = (starts, counts, steps)
        starts.insert(0, at: axis)
        counts.insert(size, at: axis)
        steps.insert(1, at: axis)
        return [Batched(applySingle(Slice(starts: starts, counts: counts, steps: steps), inputs[0].tensor), axis: axis)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .view { from in
            let start = counts.contains(0) ? 0 : zip(starts, from.strides).reduce(0) { $0 + $1.0 * $1.1 }
            return StridedView(offset: from.offset + start, shape: counts, strides: zip(steps, from.strides).map { $0 * $1 })
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Slice(starts: [1, 0], counts: [2, 2], steps: [1, 2]), [.numbers([3, 4], -2...2)]),
            PrimitiveSample(Slice(starts: [0, 1], counts: [1, 0], steps: [1, 1]), [.numbers([1, 3], -2...2)]),
        ]
    }
}

/// The order along some axes reversed.
package struct Flip: Primitive {
    package static let name = "flip"
    let axes: [Int]
    package init(axes: [Int]) { self.axes = axes }
    package var detail: String { "axes \(axes)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        _ = try normalizedAxes(axes, rank: inputs[0].shape.count, for: "flip")
        return [inputs[0]]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] { [cotangents[0].map { applySingle(self, $0) }] }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .moves(mask.moved { applySingle(self, $0) }) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .moves(mask.moved { transpose([$0], call)[0]! }) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let axis = inputs[0].axis!
        return [Batched(applySingle(Flip(axes: axes.map { $0 >= axis ? $0 + 1 : $0 }), inputs[0].tensor), axis: axis)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .view { from in
            var view = from
            for axis in axes where from.shape.elementCount > 0 {
                view.offset += (from.shape[axis] - 1) * from.strides[axis]
                view.strides[axis] = -from.strides[axis]
            }
            return view
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Flip(axes: [1]), [.numbers([2, 3], -2...2)]), PrimitiveSample(Flip(axes: [0, 1]), [.numbers([2, 1], -2...2)]),
            PrimitiveSample(Flip(axes: [0]), [.numbers([0, 2], -2...2)]),
        ]
    }
}
