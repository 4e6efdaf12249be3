import CKernels

package enum ReductionKind: UInt8, Sendable, Hashable {
    case sum = 0, max = 1, min = 2, argmax = 4, argmin = 5
}

/// Drops the reduced axes from a shape.
private func reduced(_ type: TensorType, _ axes: [Int], for name: String) throws(ShapeError) -> [Int] {
    _ = try normalizedAxes(axes, rank: type.shape.count, for: name)
    return type.shape.indices.filter { !axes.contains($0) }.map { type.shape[$0] }
}

/// Axes of a member, as axes of the batch whose axis is `batch`.
private func shifted(_ axes: [Int], past batch: Int) -> [Int] { axes.map { $0 >= batch ? $0 + 1 : $0 } }

/// Where the batch axis is after the reduced axes are gone.
private func remaining(_ batch: Int, without axes: [Int]) -> Int { batch - axes.filter { $0 < batch }.count }

extension Tensor {
    /// Repeats a reduced tensor over the axes that were reduced.
    fileprivate func spread(to shape: [Int], over axes: [Int]) -> Tensor {
        applySingle(Broadcast(shape, axes: shape.indices.filter { !axes.contains($0) }), self)
    }
}

/// The sum over axes, which are dropped.
package struct Sum: Primitive {
    package static let name = "sum"
    package let axes: [Int]
    package init(axes: [Int]) { self.axes = axes.sorted() }
    package var detail: String { "axes \(axes)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [TensorType(try reduced(inputs[0], axes, for: "sum"), inputs[0].dtype)] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        [cotangents[0].map { $0.spread(to: call.inputs[0].shape, over: axes) }]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .sums(mask.any(over: axes)) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .moves(mask.moved { transpose([$0], call)[0]! }) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let batch = inputs[0].axis!
        let axes = shifted(self.axes, past: batch)
        return [Batched(applySingle(Sum(axes: axes), inputs[0].tensor), axis: remaining(batch, without: axes))]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .reduce(.sum, axes: axes) }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Sum(axes: [1]), [.numbers([2, 3], -2...2)]), PrimitiveSample(Sum(axes: [0]), [.numbers([2, 3], -2...2)]),
            PrimitiveSample(Sum(axes: [0, 2]), [.numbers([2, 3, 2], -2...2)]), PrimitiveSample(Sum(axes: [1]), [.numbers([2, 3, 2], -2...2)]),
            PrimitiveSample(Sum(axes: [0, 1]), [.numbers([1, 1], -2...2)]), PrimitiveSample(Sum(axes: [0]), [.numbers([0, 3], -2...2)]),
        ]
    }
}

/// The rule of the largest and the smallest element: where several are equal they share the gradient. `isLess` tells which elements are not the result;
/// if the result is NaN, it is true for none, and all share.
private func sharedAmongEquals(_ call: Call, _ tangents: [Tensor?], _ axes: [Int], isLess: (Tensor, Tensor) -> Tensor) -> [Tensor?] {
    guard let tangent = tangents[0] else { return [nil] }
    let x = call.inputs[0], isOther = isLess(x, call.output.spread(to: x.shape, over: axes))
    let sharing = Double(axes.map { x.shape[$0] }.elementCount) - isOther.cast(to: x.dtype).sum(axes: axes)
    return [Tensor.where(isOther, Tensor(0, like: x), tangent).sum(axes: axes) / sharing]
}

/// The largest element over axes, which are dropped. Equal largest elements share the gradient evenly.
package struct Max: Primitive {
    package static let name = "max"
    let axes: [Int]
    package init(axes: [Int]) { self.axes = axes.sorted() }
    package var detail: String { "axes \(axes)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [TensorType(try reduced(inputs[0], axes, for: "max"), inputs[0].dtype)] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { sharedAmongEquals(call, tangents, axes) { $0 .< $1 } }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .sums(mask.any(over: axes)) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let batch = inputs[0].axis!
        let axes = shifted(self.axes, past: batch)
        return [Batched(applySingle(Max(axes: axes), inputs[0].tensor), axis: remaining(batch, without: axes))]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .reduce(.max, axes: axes) }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Max(axes: [1]), [.numbers([2, 3], -2...2)]), PrimitiveSample(Max(axes: [0]), [.numbers([2, 3], -2...2)]),
            PrimitiveSample(Max(axes: [0, 1]), [.numbers([2, 3], -2...2)]), PrimitiveSample(Max(axes: [0]), [.numbers([1, 2], -2...2)]),
            PrimitiveSample(Max(axes: [0]), [.floats([2, 1, 2], [3])], smooth: false),
        ]
    }
}

/// The smallest element over axes, which are dropped. Equal smallest elements share the gradient evenly.
package struct Min: Primitive {
    package static let name = "min"
    let axes: [Int]
    package init(axes: [Int]) { self.axes = axes.sorted() }
    package var detail: String { "axes \(axes)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] { [TensorType(try reduced(inputs[0], axes, for: "min"), inputs[0].dtype)] }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { sharedAmongEquals(call, tangents, axes) { $0 .> $1 } }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .sums(mask.any(over: axes)) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let batch = inputs[0].axis!
        let axes = shifted(self.axes, past: batch)
        return [Batched(applySingle(Min(axes: axes), inputs[0].tensor), axis: remaining(batch, without: axes))]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .reduce(.min, axes: axes) }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Min(axes: [1]), [.numbers([2, 3], -2...2)]), PrimitiveSample(Min(axes: [0, 1]), [.numbers([2, 3], -2...2)]),
            PrimitiveSample(Min(axes: [0]), [.floats([1, 2, 1], [3])], smooth: false),
        ]
    }
}

/// The place of the largest (or smallest) element along an axis, which is dropped; the first of equals. No derivative.
package struct ArgReduce: Primitive {
    package static let name = "argmax"
    let axis: Int
    let smallest: Bool
    package init(axis: Int, smallest: Bool) {
        self.axis = axis
        self.smallest = smallest
    }
    package var detail: String { "\(smallest ? "smallest, " : "")axis \(axis)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let shape = try reduced(inputs[0], [axis], for: "argmax")
        guard inputs[0].shape[axis] > 0 else { throw ShapeError("argmax: axis \(axis) of \(inputs[0].shape) is empty; there is no largest element.") }
        return [TensorType(shape, .int64)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let batch = inputs[0].axis!
        let axis = shifted([axis], past: batch)[0]
        return [Batched(applySingle(ArgReduce(axis: axis, smallest: smallest), inputs[0].tensor), axis: remaining(batch, without: [axis]))]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel { .reduce(smallest ? .argmin : .argmax, axes: [axis]) }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(ArgReduce(axis: 1, smallest: false), [.numbers([2, 3], -2...2)], smooth: false),
            PrimitiveSample(ArgReduce(axis: 0, smallest: true), [.numbers([2, 3], -2...2)], smooth: false),
        ]
    }
}

/// Running sums along an axis, from the front or from the back.
package struct CumulativeSum: Primitive {
    package static let name = "cumulative_sum"
    let axis: Int
    let reverse: Bool
    package init(axis: Int, reverse: Bool) {
        self.axis = axis
        self.reverse = reverse
    }
    package var detail: String { "axis \(axis)\(reverse ? ", from the back" : "")" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        _ = try normalizedAxis(axis, rank: inputs[0].shape.count, for: "cumulative_sum")
        return [inputs[0]]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        [cotangents[0].map { applySingle(CumulativeSum(axis: axis, reverse: !reverse), $0) }]
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let batch = inputs[0].axis!
        return [Batched(applySingle(CumulativeSum(axis: shifted([axis], past: batch)[0], reverse: reverse), inputs[0].tensor), axis: batch)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let shape = emitter.inputType(0).shape
            let x = emitter.input(0), out = emitter.output(0)
            emitter.emit(
                dk_cumulative,
                dk_cumulative_arguments(
                    in: x.buffer, out: out, in_offset: x.offset, out_offset: 0, outer: Int64(Array(shape[..<axis]).elementCount),
                    count: Int64(shape[axis]), inner: Int64(Array(shape[(axis + 1)...]).elementCount),
                    reduction: UInt8(DK_SUM.rawValue), dtype: emitter.inputType(0).dtype.rawValue, reverse: reverse ? 1 : 0))
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(CumulativeSum(axis: 1, reverse: false), [.numbers([2, 3], -2...2)]),
            PrimitiveSample(CumulativeSum(axis: 0, reverse: true), [.numbers([3, 2], -2...2)]),
            PrimitiveSample(CumulativeSum(axis: 0, reverse: false), [.numbers([0, 2], -2...2)]),
        ]
    }
}
