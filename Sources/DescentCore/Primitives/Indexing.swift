import CKernels

/// Index checks that the four primitives share: int64 indices; outside the axis is found when they run.
private func checkIndex(_ name: String, _ index: TensorType) throws(ShapeError) {
    guard index.dtype == .int64 else { throw ShapeError("\(name): indices are \(index.dtype); they must be int64. Cast them.") }
}

/// Indices of a batch member, as places in an axis that holds all members one after another. An index outside its axis stays
/// outside.
private func offsetIndices(_ index: Tensor, axisSize: Int) -> Tensor {
    let size = index.shape[0]
    let member = Tensor.arange(size).reshaped(to: [size] + [Int](repeating: 1, count: index.rank - 1))
    let inside = (index .>= Tensor(Double(-axisSize), like: index)).and(index .< Tensor(Double(axisSize), like: index))
    let positive = Tensor.where(index .< Tensor(0, like: index), index + Double(axisSize), index)
    let far = Tensor.full(index.shape, Double(1 << 50), dtype: .int64)
    return Tensor.where(inside, positive + (member * Double(axisSize)).broadcast(to: index.shape), far)
}

/// `out[..., j..., ...] = x[..., index[j...], ...]`: members of one axis by number. Negative numbers count from the end.
package struct Gather: Primitive {
    package static let name = "gather"
    let axis: Int
    package init(axis: Int) { self.axis = axis }
    package var detail: String { "axis \(axis)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try checkIndex("gather", inputs[1])
        let shape = inputs[0].shape
        _ = try normalizedAxis(axis, rank: shape.count, for: "gather")
        return [TensorType(Array(shape[..<axis]) + inputs[1].shape + Array(shape[(axis + 1)...]), inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0, call.inputs[1]) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        [cotangents[0].map { applySingle(ScatterAdd(axis: axis, size: call.inputs[0].shape[axis]), $0, call.inputs[1]) }, nil]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .moves(mask.moved { applySingle(self, $0, call.inputs[1]) }) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        if inputs[1].axis == nil {
            return [Batched(applySingle(Gather(axis: axis + 1), inputs[0].front(size), inputs[1].tensor), axis: 0)]
        }
        let index = inputs[1].front(size)
        if inputs[0].axis == nil { return [Batched(applySingle(self, inputs[0].tensor, index), axis: axis)] }
        // All members' axes laid end to end; each member's indices moved to its part.
        let x = inputs[0].front(size).movingAxis(axis + 1, to: 1)
        let axisSize = x.shape[1]
        let joined = x.reshaped(to: [size * axisSize] + Array(x.shape[2...]))
        let out = applySingle(Gather(axis: 0), joined, offsetIndices(index, axisSize: axisSize))
        // [batch, index..., before, after] -> [batch, before, index..., after]
        let indexRank = index.rank - 1
        let order = [0] + (0..<axis).map { 1 + indexRank + $0 } + (0..<indexRank).map { 1 + $0 } + ((1 + indexRank + axis)..<out.rank)
        return [Batched(out.permuted(order), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let shape = emitter.inputType(0).shape
            emitter.index(
                dk_gather, outer: Array(shape[..<axis]).elementCount, axis: shape[axis], count: emitter.inputType(1).count,
                inner: Array(shape[(axis + 1)...]).elementCount)
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Gather(axis: 0), [.numbers([3, 2], -2...2), .exact([2, 0, 2, -1], [4], .int64)]),
            PrimitiveSample(Gather(axis: 1), [.numbers([2, 3], -2...2), .exact([1, 0, 2, 1], [2, 2], .int64)]),
            PrimitiveSample(Gather(axis: 0), [.numbers([3, 2], -2...2), .exact([], [0], .int64)]),
        ]
    }
}

/// The transpose of `gather`: adds each part of `x` at its place in an axis of `size` zeros.
package struct ScatterAdd: Primitive {
    package static let name = "scatter_add"
    let axis: Int
    let size: Int
    package init(axis: Int, size: Int) {
        self.axis = axis
        self.size = size
    }
    package var detail: String { "axis \(axis) of \(size)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try checkIndex("scatter_add", inputs[1])
        let shape = inputs[0].shape, index = inputs[1].shape
        guard shape.count >= axis + index.count, Array(shape[axis..<(axis + index.count)]) == index else {
            throw ShapeError("scatter_add: a tensor of shape \(shape) has no axes \(index) from axis \(axis) on, which indices of shape \(index) need.")
        }
        return [TensorType(Array(shape[..<axis]) + [size] + Array(shape[(axis + index.count)...]), inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0, call.inputs[1]) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        [cotangents[0].map { applySingle(Gather(axis: axis), $0, call.inputs[1]) }, nil]
    }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .moves(mask.moved { transpose([$0], call)[0]! }) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        if inputs[1].axis == nil {
            return [Batched(applySingle(ScatterAdd(axis: axis + 1, size: self.size), inputs[0].front(size), inputs[1].tensor), axis: 0)]
        }
        let index = inputs[1].front(size)
        let indexRank = index.rank - 1
        // [batch, before, index..., after] -> [batch, index..., before, after], scattered into the members laid end to end.
        let x = inputs[0].front(size)
        let order = [0] + (0..<indexRank).map { 1 + axis + $0 } + (0..<axis).map { 1 + $0 } + ((1 + axis + indexRank)..<x.rank)
        let out = applySingle(ScatterAdd(axis: 0, size: size * self.size), x.permuted(order), offsetIndices(index, axisSize: self.size))
        let split = out.reshaped(to: [size, self.size] + Array(out.shape[1...]))
        return [Batched(split.movingAxis(1, to: axis + 1), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let out = emitter.outputType(0).shape
            emitter.index(
                dk_scatter_add, outer: Array(out[..<axis]).elementCount, axis: size, count: emitter.inputType(1).count,
                inner: Array(out[(axis + 1)...]).elementCount)
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(ScatterAdd(axis: 0, size: 3), [.numbers([4, 2], -2...2), .exact([2, 0, 2, -1], [4], .int64)]),
            PrimitiveSample(ScatterAdd(axis: 1, size: 3), [.numbers([2, 2, 2], -2...2), .exact([1, 0, 2, 1], [2, 2], .int64)]),
            PrimitiveSample(ScatterAdd(axis: 0, size: 2), [.numbers([0, 2], -2...2), .exact([], [0], .int64)]),
        ]
    }
}

/// `out[i, j, k] = x[i, index[i, j, k], k]`, for any axis: as NumPy's `take_along_axis`.
package struct GatherAlong: Primitive {
    package static let name = "gather_along"
    package let axis: Int
    package init(axis: Int) { self.axis = axis }
    package var detail: String { "axis \(axis)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try checkIndex("gather_along", inputs[1])
        var shape = inputs[0].shape
        _ = try normalizedAxis(axis, rank: shape.count, for: "gather_along")
        if inputs[1].shape.count == shape.count { shape[axis] = inputs[1].shape[axis] }
        guard shape == inputs[1].shape else {
            throw ShapeError("gather_along: indices \(inputs[1].shape) beside \(inputs[0].shape): all axes but axis \(axis) must be equal.")
        }
        return [TensorType(shape, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0, call.inputs[1]) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        [cotangents[0].map { applySingle(ScatterAddAlong(axis: axis, size: call.inputs[0].shape[axis]), $0, call.inputs[1]) }, nil]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { .moves(mask.moved { applySingle(self, $0, call.inputs[1]) }) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        [Batched(applySingle(GatherAlong(axis: axis + 1), inputs[0].front(size), inputs[1].front(size)), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        if axis == inputs[0].shape.count - 1, inputs[1].shape[axis] == 1 { return .pick }
        return .instruction { emitter in
            let shape = emitter.inputType(0).shape
            emitter.index(
                dk_gather_along, outer: Array(shape[..<axis]).elementCount, axis: shape[axis], count: emitter.inputType(1).shape[axis],
                inner: Array(shape[(axis + 1)...]).elementCount)
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(GatherAlong(axis: 1), [.numbers([2, 3], -2...2), .exact([2, 0], [2, 1], .int64)]),
            PrimitiveSample(GatherAlong(axis: 0), [.numbers([3, 2], -2...2), .exact([2, 0, -1, 1], [2, 2], .int64)]),
            PrimitiveSample(GatherAlong(axis: 0), [.numbers([3, 0], -2...2), .exact([], [2, 0], .int64)]),
        ]
    }
}

/// The transpose of `gather_along`.
package struct ScatterAddAlong: Primitive {
    package static let name = "scatter_add_along"
    package let axis: Int
    let size: Int
    package init(axis: Int, size: Int) {
        self.axis = axis
        self.size = size
    }
    package var detail: String { "axis \(axis) of \(size)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try checkIndex("scatter_add_along", inputs[1])
        guard inputs[0].shape == inputs[1].shape else {
            throw ShapeError("scatter_add_along: indices \(inputs[1].shape) beside \(inputs[0].shape); the shapes must be equal.")
        }
        var shape = inputs[0].shape
        shape[axis] = size
        return [TensorType(shape, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0, call.inputs[1]) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        [cotangents[0].map { applySingle(GatherAlong(axis: axis), $0, call.inputs[1]) }, nil]
    }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { .moves(mask.moved { transpose([$0], call)[0]! }) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        [Batched(applySingle(ScatterAddAlong(axis: axis + 1, size: self.size), inputs[0].front(size), inputs[1].front(size)), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        if axis == inputs[0].shape.count - 1, inputs[1].shape[axis] == 1, inputs[0].dtype != .bool { return .place }
        return .instruction { emitter in
            let shape = emitter.inputType(0).shape
            emitter.index(
                dk_scatter_add_along, outer: Array(shape[..<axis]).elementCount, axis: size, count: shape[axis],
                inner: Array(shape[(axis + 1)...]).elementCount)
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(ScatterAddAlong(axis: 1, size: 3), [.numbers([2, 1], -2...2), .exact([2, 0], [2, 1], .int64)]),
            PrimitiveSample(ScatterAddAlong(axis: 0, size: 3), [.numbers([2, 2], -2...2), .exact([2, 0, -1, 0], [2, 2], .int64)]),
        ]
    }
}
