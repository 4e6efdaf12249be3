import CKernels

/// The windows of a pooling: one number for each spatial axis.
package struct PoolingGeometry: Hashable, Sendable {
    package var window: [Int]
    package var stride: [Int]
    /// Before and after the input. What lies outside takes no part.
    package var padding: [[Int]]
    package var dilation: [Int]

    package init(window: [Int], stride: [Int], padding: [[Int]], dilation: [Int]) {
        (self.window, self.stride, self.padding, self.dilation) = (window, stride, padding, dilation)
    }

    package func outputSize(_ axis: Int, input: Int) -> Int {
        let room = input + padding[axis][0] + padding[axis][1] - dilation[axis] * (window[axis] - 1) - 1
        return room < 0 ? 0 : room / stride[axis] + 1
    }

    var words: String {
        "window \(window), stride \(stride)" + (padding.contains { $0 != [0, 0] } ? ", padding \(padding)" : "") + (dilation.contains { $0 != 1 } ? ", dilation \(dilation)" : "")
    }

    fileprivate func outputShape(_ shape: [Int]) throws(ShapeError) -> [Int] {
        guard shape.count == window.count + 2 else {
            throw ShapeError("pooling over \(window.count) axes: shape \(shape); it must have \(window.count + 2) axes: batch, channels and the spatial ones.")
        }
        let sizes = window.indices.map { outputSize($0, input: shape[$0 + 2]) }
        if let axis = sizes.firstIndex(where: { $0 < 1 }) {
            let room = shape[axis + 2] + padding[axis][0] + padding[axis][1]
            throw ShapeError("pooling: the window \(window) is larger than the padded input: \(dilation[axis] * (window[axis] - 1) + 1) and \(room) along axis \(axis + 2) of \(shape).")
        }
        return Array(shape[..<2]) + sizes
    }

    fileprivate func emit(_ emitter: inout InstructionEmitter, _ role: Int32, x: Int? = nil, y: Int? = nil, other: Int? = nil, input: [Int], output: [Int]) {
        var arguments = dk_pooling_arguments()
        (arguments.x, arguments.y, arguments.other, arguments.result) = (-1, -1, -1, emitter.output(0))
        if let x { (arguments.x, arguments.x_offset) = (emitter.input(x).buffer, emitter.input(x).offset) }
        if let y { (arguments.y, arguments.y_offset) = (emitter.input(y).buffer, emitter.input(y).offset) }
        if let other { (arguments.other, arguments.other_offset) = (emitter.input(other).buffer, emitter.input(other).offset) }
        arguments.images = Int64(input[0] * input[1])
        arguments.role = role
        arguments.dtype = emitter.outputType(0).dtype.rawValue
        func fill(_ member: WritableKeyPath<dk_pooling_arguments, (Int64, Int64, Int64)>, _ values: [Int], else missing: Int) {
            let full = [Int](repeating: missing, count: 3 - values.count) + values
            arguments[keyPath: member] = (Int64(full[0]), Int64(full[1]), Int64(full[2]))
        }
        fill(\.input, Array(input[2...]), else: 1)
        fill(\.output, Array(output[2...]), else: 1)
        fill(\.kernel, window, else: 1)
        fill(\.stride, stride, else: 1)
        fill(\.dilation, dilation, else: 1)
        fill(\.padding, padding.map { $0[0] }, else: 0)
        emitter.emit(dk_pooling, arguments)
    }
}

/// With the batch among the samples.
private func pooled(_ primitive: some Primitive, _ inputs: [Batched], _ size: Int) -> [Batched] {
    let merged = inputs.map { input in
        let tensor = input.front(size)
        return tensor.reshaped(to: [size * tensor.shape[1]] + Array(tensor.shape[2...]))
    }
    let result = apply(primitive, merged)[0]
    return [Batched(result.reshaped(to: [size, result.shape[0] / size] + Array(result.shape[1...])), axis: 0)]
}

/// What becomes of a mask: each channel of each sample is pooled by itself. One that differs inside of channels ends, which costs nothing.
private func pooledFlow(_ mask: Mask, into shape: [Int]) -> MaskFlow {
    let spatial = Array(2..<shape.count)
    guard !mask.isFromRelu, mask.isRepeated(along: spatial) else { return .ends }
    return .members(mask.any(over: spatial).moved { applySingle(Broadcast(shape, axes: [0, 1]), $0) })
}

private func checkFloating(_ inputs: [TensorType]) throws(ShapeError) {
    guard inputs.allSatisfy({ $0.dtype == inputs[0].dtype && $0.dtype.isFloating }) else {
        throw ShapeError("pooling: element types \(inputs.map { "\($0.dtype)" }.joined(separator: " and ")); they must be float32 or float64.")
    }
}

/// The sum over each window of a [batch, channels, spatial...] tensor, or its transpose.
package struct WindowSum: Primitive {
    package static let name = "sum_pool"
    let geometry: PoolingGeometry
    /// For the transpose: the spatial sizes of its result.
    let transposed: [Int]?
    package init(_ geometry: PoolingGeometry, transposed: [Int]? = nil) { (self.geometry, self.transposed) = (geometry, transposed) }
    package var detail: String { (transposed == nil ? "" : "transposed, ") + geometry.words }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try checkFloating(inputs)
        guard let transposed else { return [TensorType(try geometry.outputShape(inputs[0].shape), inputs[0].dtype)] }
        let shape = Array(inputs[0].shape.prefix(2)) + transposed
        guard try geometry.outputShape(shape) == inputs[0].shape else {
            throw ShapeError("sum_pool: \(inputs[0].shape) is not made of \(shape) by \(geometry.words).")
        }
        return [TensorType(shape, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[0].map { applySingle(self, $0) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        let other = WindowSum(geometry, transposed: transposed == nil ? Array(call.inputs[0].shape[2...]) : nil)
        return [cotangents[0].map { applySingle(other, $0) }]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { pooledFlow(mask, into: call.output.shape) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { pooledFlow(mask, into: call.inputs[0].shape) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { pooled(self, inputs, size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let (input, output) = (emitter.inputType(0).shape, emitter.outputType(0).shape)
            if transposed == nil {
                geometry.emit(&emitter, Int32(DK_POOLING_SUM), x: 0, input: input, output: output)
            } else {
                geometry.emit(&emitter, Int32(DK_POOLING_SUM_TRANSPOSE), other: 0, input: output, output: input)
            }
        }
    }
    package static var samples: [PrimitiveSample] {
        poolingCases.flatMap { geometry, x, y in
            [
                PrimitiveSample(WindowSum(geometry), [.numbers(x, -2...2)]),
                PrimitiveSample(WindowSum(geometry, transposed: Array(x[2...])), [.numbers(y, -2...2)]),
            ]
        }
    }
}

/// The largest element of each window. Between equal ones the gradient is shared evenly.
package struct WindowMax: Primitive {
    package static let name = "max_pool"
    let geometry: PoolingGeometry
    package init(_ geometry: PoolingGeometry) { self.geometry = geometry }
    package var detail: String { geometry.words }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try checkFloating(inputs)
        return [TensorType(try geometry.outputShape(inputs[0].shape), inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        [tangents[0].map { applySingle(WindowChoice(geometry), call.inputs[0], call.output, $0) }]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { pooledFlow(mask, into: call.output.shape) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { pooled(self, inputs, size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { geometry.emit(&$0, Int32(DK_POOLING_MAX), x: 0, input: $0.inputType(0).shape, output: $0.outputType(0).shape) }
    }
    package static var samples: [PrimitiveSample] {
        poolingCases.map { geometry, x, _ in PrimitiveSample(WindowMax(geometry), [.numbers(x, -2...2)]) }
            + [PrimitiveSample(WindowMax(poolingCases[0].0), [.floats([1, 2, 2, 2, 0, 3, 3, 1, 5, 5, 1, 2], [1, 2, 6])], smooth: false)]
    }
}

/// The mean of a tangent over the elements of each window that are equal to its maximum, or the transpose. Inputs: x, the maxima y, and the tangent
/// (or the cotangent). Linear in the last; which elements are chosen does not change with x, except where derivatives jump.
package struct WindowChoice: Primitive {
    package static let name = "max_pool_choice"
    let geometry: PoolingGeometry
    let isTransposed: Bool
    package init(_ geometry: PoolingGeometry, transposed: Bool = false) { (self.geometry, isTransposed) = (geometry, transposed) }
    package var detail: String { (isTransposed ? "transposed, " : "") + geometry.words }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        try checkFloating(inputs)
        guard try geometry.outputShape(inputs[0].shape) == inputs[1].shape, inputs[2].shape == inputs[isTransposed ? 1 : 0].shape else {
            throw ShapeError("max_pool_choice: shapes \(inputs.map { "\($0.shape)" }.joined(separator: ", ")) do not fit \(geometry.words).")
        }
        return [TensorType(inputs[isTransposed ? 0 : 1].shape, inputs[0].dtype)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [tangents[2].map { applySingle(self, call.inputs[0], call.inputs[1], $0) }] }
    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        let other = WindowChoice(geometry, transposed: !isTransposed)
        return [nil, nil, cotangents[0].map { applySingle(other, call.inputs[0], call.inputs[1], $0) }]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow { pooledFlow(mask, into: call.output.shape) }
    package func backwardFlow(_ mask: Mask, to position: Int, _ call: LinearCall) -> MaskFlow { pooledFlow(mask, into: call.inputs[2].shape) }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { pooled(self, inputs, size) }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let role = Int32(isTransposed ? DK_POOLING_MAX_TRANSPOSE : DK_POOLING_MAX_TANGENT)
            geometry.emit(&emitter, role, x: 0, y: 1, other: 2, input: emitter.inputType(0).shape, output: emitter.inputType(1).shape)
        }
    }
    package static var samples: [PrimitiveSample] {
        // Windows [1, 2], [2, 2] and [0, 3] of each channel, with their maxima.
        let geometry = PoolingGeometry(window: [2], stride: [2], padding: [[0, 0]], dilation: [1])
        let x = PrimitiveSample.Input.floats([1, 2, 2, 2, 0, 3, 3, 1, 5, 5, 1, 2], [1, 2, 6]), y = PrimitiveSample.Input.floats([2, 2, 3, 3, 5, 2], [1, 2, 3])
        return [
            PrimitiveSample(WindowChoice(geometry), [x, y, .numbers([1, 2, 6], -2...2)], smooth: false),
            PrimitiveSample(WindowChoice(geometry, transposed: true), [x, y, .numbers([1, 2, 3], -2...2)], smooth: false),
        ]
    }
}

/// Geometries with the shapes of their inputs and outputs.
private let poolingCases: [(PoolingGeometry, [Int], [Int])] = [
    (PoolingGeometry(window: [2], stride: [2], padding: [[0, 0]], dilation: [1]), [2, 1, 6], [2, 1, 3]),
    (PoolingGeometry(window: [3, 2], stride: [2, 1], padding: [[1, 1], [0, 1]], dilation: [1, 1]), [1, 2, 5, 4], [1, 2, 3, 4]),
    (PoolingGeometry(window: [2, 2], stride: [1, 3], padding: [[0, 0], [0, 0]], dilation: [2, 1]), [2, 1, 4, 5], [2, 1, 2, 2]),
    (PoolingGeometry(window: [2, 2, 2], stride: [2, 2, 2], padding: [[0, 0], [1, 0], [0, 0]], dilation: [1, 1, 1]), [1, 1, 2, 3, 4], [1, 1, 1, 2, 2]),
]
