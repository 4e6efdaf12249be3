import CKernels

/// How a filter moves over an input: one number for each spatial axis.
package struct ConvolutionGeometry: Hashable, Sendable {
    package var stride: [Int]
    /// Zeros before and after the input.
    package var padding: [[Int]]
    package var dilation: [Int]
    package var groups: Int

    package init(stride: [Int], padding: [[Int]], dilation: [Int], groups: Int) {
        (self.stride, self.padding, self.dilation, self.groups) = (stride, padding, dilation, groups)
    }

    package var rank: Int { stride.count }

    /// The size of the output along an axis; below 1 where the filter is larger than the padded input.
    package func outputSize(_ axis: Int, input: Int, kernel: Int) -> Int {
        let room = input + padding[axis][0] + padding[axis][1] - dilation[axis] * (kernel - 1) - 1
        return room < 0 ? 0 : room / stride[axis] + 1
    }

    var words: String {
        var words = ["stride \(stride)"]
        if padding.contains(where: { $0 != [0, 0] }) { words.append("padding \(padding)") }
        if dilation.contains(where: { $0 != 1 }) { words.append("dilation \(dilation)") }
        if groups != 1 { words.append("\(groups) groups") }
        return words.joined(separator: ", ")
    }
}

/// Cross-correlation and the two operations that its derivatives need.
///
/// The sum of `y[n, o, p] · w[o, c, t] · x[n, c, p · stride + t · dilation - padding]` over everything is linear in each of `x`, `w` and `y`. Its
/// derivative by one of them is a bilinear function of the other two: by `y` the cross-correlation of `x` and `w`, by `x` the input's gradient (a
/// transposed convolution), by `w` the weight's gradient. So the transposes of each are the other two, and derivatives of any order stay among them.
package struct Convolution: Primitive {
    package enum Role: Hashable, Sendable {
        /// Inputs: x, w. Result: y.
        case output
        /// Inputs: y, w. Result: x, whose spatial sizes the output's do not tell.
        case input([Int])
        /// Inputs: x, y. Result: w, whose spatial sizes the others do not tell.
        case weight([Int])
    }

    package static let name = "convolution"
    package let role: Role
    package let geometry: ConvolutionGeometry

    package init(_ role: Role, _ geometry: ConvolutionGeometry) { (self.role, self.geometry) = (role, geometry) }

    package var detail: String {
        switch role {
        case .output: geometry.words
        case .input: "input gradient, \(geometry.words)"
        case .weight: "weight gradient, \(geometry.words)"
        }
    }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let a = inputs[0], b = inputs[1], rank = geometry.rank + 2, groups = geometry.groups
        guard a.dtype == b.dtype, a.dtype.isFloating else {
            throw ShapeError("convolution: element types \(a.dtype) and \(b.dtype); both must be float32 or float64.")
        }
        guard a.shape.count == rank, b.shape.count == rank else {
            throw ShapeError("convolution over \(geometry.rank) axes: shapes \(a.shape) and \(b.shape); both must have \(rank) axes.")
        }
        switch role {
        case .output:
            try check(input: a.shape, kernel: b.shape)
            return [TensorType([a.shape[0], b.shape[0]] + spatial(a.shape, b.shape), a.dtype)]
        case .input(let sizes):
            let x = [a.shape[0], b.shape[1] * groups] + sizes
            try check(input: x, kernel: b.shape)
            guard a.shape[1] == b.shape[0], Array(a.shape[2...]) == spatial(x, b.shape) else {
                throw ShapeError(
                    "transposed convolution: \(a.shape) is not the output of a filter \(b.shape) over \(x), which is \([a.shape[0], b.shape[0]] + spatial(x, b.shape)).")
            }
            return [TensorType(x, a.dtype)]
        case .weight(let sizes):
            guard a.shape[1] % groups == 0 else { throw Self.groupsError(groups, a.shape[1], "input channels") }
            let w = [b.shape[1], a.shape[1] / groups] + sizes
            try check(input: a.shape, kernel: w)
            guard a.shape[0] == b.shape[0], Array(b.shape[2...]) == spatial(a.shape, w) else {
                throw ShapeError("convolution: \(b.shape) is not the output of a filter \(w) over \(a.shape).")
            }
            return [TensorType(w, a.dtype)]
        }
    }

    private func spatial(_ input: [Int], _ kernel: [Int]) -> [Int] {
        (0..<geometry.rank).map { geometry.outputSize($0, input: input[$0 + 2], kernel: kernel[$0 + 2]) }
    }

    private static func groupsError(_ groups: Int, _ channels: Int, _ noun: String) -> ShapeError {
        ShapeError("convolution: \(groups) groups do not divide \(channels) \(noun).")
    }

    private func check(input: [Int], kernel: [Int]) throws(ShapeError) {
        let groups = geometry.groups
        if input[1] == 0 || kernel[0] == 0 { throw ShapeError("convolution: input \(input) and filters \(kernel); there must be at least one channel and one filter.") }
        if input[1] % groups != 0 { throw Self.groupsError(groups, input[1], "input channels") }
        if kernel[0] % groups != 0 { throw Self.groupsError(groups, kernel[0], "filters") }
        if kernel[1] != input[1] / groups {
            let each = groups == 1 ? "" : " in \(groups) groups"
            throw ShapeError("convolution: the input \(input) has \(input[1]) channels\(each), and the filters \(kernel) take \(kernel[1]).")
        }
        for axis in 0..<geometry.rank {
            let reach = geometry.dilation[axis] * (kernel[axis + 2] - 1) + 1, room = input[axis + 2] + geometry.padding[axis][0] + geometry.padding[axis][1]
            if kernel[axis + 2] < 1 || reach > room {
                throw ShapeError(
                    "convolution: the filter \(Array(kernel[2...]))\(reach == kernel[axis + 2] ? "" : ", dilated over \(reach),") is larger than the padded input: \(reach) and \(room) along axis \(axis + 2) of \(input)."
                )
            }
        }
    }

    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let first = tangents[0].map { applySingle(self, $0, call.inputs[1]) }
        let second = tangents[1].map { applySingle(self, call.inputs[0], $0) }
        guard let first else { return [second] }
        guard let second else { return [first] }
        return [first + second]
    }

    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        guard let cotangent = cotangents[0] else { return [nil, nil] }
        let a = call.inputs[0], b = call.inputs[1]
        func sizes(_ tensor: Tensor) -> [Int] { Array(tensor.shape[2...]) }
        if call.isLinear[0] {
            let result =
                switch role {
                case .output: applySingle(Convolution(.input(sizes(a)), geometry), cotangent, b)
                case .input: applySingle(Convolution(.output, geometry), cotangent, b)
                case .weight: applySingle(Convolution(.input(sizes(a)), geometry), b, cotangent)
                }
            return [result, nil]
        }
        let result =
            switch role {
            case .output: applySingle(Convolution(.weight(sizes(b)), geometry), a, cotangent)
            case .input: applySingle(Convolution(.weight(sizes(b)), geometry), cotangent, a)
            case .weight: applySingle(Convolution(.output, geometry), a, cotangent)
            }
        return [nil, result]
    }

    // The mask of a tangent or cotangent that a selection of whole samples or filters made goes along, as in a product: an image that a loss leaves
    // out may hold NaN. (A mask that differs from element to element ends: to look at it would cost a pass over memory in every step.)

    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? {
        let kinds = [operands.first, operands.second]
        let parts = tangents.indices.compactMap { position -> Masked? in
            guard let tangent = tangents[position] else { return nil }
            let factor = tangent.ignoring(call.inputs[1 - position], shared: sharedAxes(kinds[position], kinds[1 - position]))
            let result = position == 0 ? applySingle(self, tangent.resolved, factor) : applySingle(self, factor, tangent.resolved)
            return Masked(result, tangent.mask?.following(sharedAxes(kinds[position], operands.result), into: result.shape), isExact: true)
        }
        return [parts.count == 2 ? parts[0] + parts[1] : parts.first]
    }

    package func maskedTranspose(_ cotangents: [Masked?], _ call: LinearCall) -> [Masked?]? {
        guard let cotangent = cotangents[0], let mask = cotangent.mask else { return nil }
        let kinds = [operands.first, operands.second], own = call.isLinear[0] ? 0 : 1
        var inputs = call.inputs
        inputs[1 - own] = cotangent.ignoring(inputs[1 - own], shared: sharedAxes(operands.result, kinds[1 - own]))
        let found = transpose([cotangent.resolved], LinearCall(inputs: inputs, isLinear: call.isLinear, outputTypes: call.outputTypes))
        return found.map { $0.map { Masked($0, mask.following(sharedAxes(operands.result, kinds[own]), into: $0.shape), isExact: true) } }
    }

    /// The axes of two operands that are one index: of samples, filters or channels. Nil where groups divide it.
    private func sharedAxes(_ a: Operand, _ b: Operand) -> (Int, Int)? {
        switch (a, b) {
        case (.x, .y), (.y, .x): (0, 0)
        case (.y, .w): (1, 0)
        case (.w, .y): (0, 1)
        default: geometry.groups == 1 ? (1, 1) : nil
        }
    }

    /// Where a batch goes: into the samples, the filters or the channels of each group, or into more groups, whichever both operands that have it share.
    private enum Place { case samples, filters, channels, groups }
    private enum Operand { case x, w, y }

    private var operands: (first: Operand, second: Operand, result: Operand) {
        switch role {
        case .output: (.x, .w, .y)
        case .input: (.y, .w, .x)
        case .weight: (.x, .y, .w)
        }
    }

    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        if inputs.allSatisfy({ $0.axis == nil }) { return [Batched(applySingle(self, inputs[0].tensor, inputs[1].tensor), axis: nil)] }
        let (first, second, result) = operands
        let place: Place
        if inputs[0].axis != nil && inputs[1].axis != nil {
            place = .groups
        } else {
            // The index that the operand with the batch shares with the result.
            switch (inputs[0].axis != nil ? first : second, result) {
            case (.x, .y), (.y, .x): place = .samples
            case (.w, .y), (.y, .w): place = .filters
            default: place = .channels
            }
        }
        var geometry = geometry
        if place == .groups { geometry.groups *= size }
        let operands = zip(inputs, [first, second]).map { $0.axis == nil ? $0.tensor : merged($0.front(size), $1, place) }
        return [Batched(separated(applySingle(Convolution(role, geometry), operands[0], operands[1]), result, place, size), axis: 0)]
    }

    /// [batch, ...] with the batch within another axis.
    private func merged(_ tensor: Tensor, _ operand: Operand, _ place: Place) -> Tensor {
        let shape = tensor.shape, rest = Array(shape[3...]), groups = geometry.groups
        switch place {
        case .samples: return tensor.reshaped(to: [shape[0] * shape[1], shape[2]] + rest)
        case .groups where operand == .w: return tensor.reshaped(to: [shape[0] * shape[1], shape[2]] + rest)
        case .groups: return tensor.movingAxis(0, to: 1).reshaped(to: [shape[1], shape[0] * shape[2]] + rest)
        case .channels where operand == .w: return tensor.movingAxis(0, to: 1).reshaped(to: [shape[1], shape[0] * shape[2]] + rest)
        case .filters where operand == .w:
            return tensor.reshaped(to: [shape[0], groups, shape[1] / groups, shape[2]] + rest).movingAxis(0, to: 1).reshaped(to: [shape[0] * shape[1], shape[2]] + rest)
        case .filters, .channels:
            return tensor.reshaped(to: [shape[0], shape[1], groups, shape[2] / groups] + rest).movingAxis(0, to: 2)
                .reshaped(to: [shape[1], shape[0] * shape[2]] + rest)
        }
    }

    /// The inverse of `merged`.
    private func separated(_ tensor: Tensor, _ operand: Operand, _ place: Place, _ size: Int) -> Tensor {
        let shape = tensor.shape, rest = Array(shape[2...]), groups = geometry.groups
        switch place {
        case .samples: return tensor.reshaped(to: [size, shape[0] / size, shape[1]] + rest)
        case .groups where operand == .w: return tensor.reshaped(to: [size, shape[0] / size, shape[1]] + rest)
        case .groups: return tensor.reshaped(to: [shape[0], size, shape[1] / size] + rest).movingAxis(1, to: 0)
        case .channels where operand == .w: return tensor.reshaped(to: [shape[0], size, shape[1] / size] + rest).movingAxis(1, to: 0)
        case .filters where operand == .w:
            return tensor.reshaped(to: [groups, size, shape[0] / size / groups, shape[1]] + rest).movingAxis(1, to: 0)
                .reshaped(to: [size, shape[0] / size, shape[1]] + rest)
        case .filters, .channels:
            return tensor.reshaped(to: [shape[0], groups, size, shape[1] / size / groups] + rest).movingAxis(2, to: 0)
                .reshaped(to: [size, shape[0], shape[1] / size] + rest)
        }
    }

    package func kernel(_ inputs: [TensorType]) -> Kernel {
        guard case .output = role else { return .instruction { emit(into: &$0) } }
        // A row is a channel of a sample.
        return .instructionWithEpilogue(rows: inputs[0].shape[0] * inputs[1].shape[0], columns: spatial(inputs[0].shape, inputs[1].shape).elementCount) { emit(into: &$0) }
    }

    /// Writes the instruction.
    private func emit(into emitter: inout InstructionEmitter) {
        let (a, b) = (emitter.input(0), emitter.input(1)), output = emitter.output(0)
        let (first, second, result) = (emitter.inputType(0), emitter.inputType(1), emitter.outputType(0))
        var arguments = dk_convolution_arguments()
        let x: TensorType, w: TensorType, y: TensorType
        switch role {
        case .output:
            (x, w, y) = (first, second, result)
            (arguments.x, arguments.x_offset, arguments.w, arguments.w_offset, arguments.y) = (a.buffer, a.offset, b.buffer, b.offset, output)
            arguments.role = Int32(DK_CONVOLUTION_OUTPUT)
        case .input:
            (x, w, y) = (result, second, first)
            (arguments.y, arguments.y_offset, arguments.w, arguments.w_offset, arguments.x) = (a.buffer, a.offset, b.buffer, b.offset, output)
            arguments.role = Int32(DK_CONVOLUTION_INPUT)
        case .weight:
            (x, w, y) = (first, result, second)
            (arguments.x, arguments.x_offset, arguments.y, arguments.y_offset, arguments.w) = (a.buffer, a.offset, b.buffer, b.offset, output)
            arguments.role = Int32(DK_CONVOLUTION_WEIGHT)
        }
        arguments.dtype = x.dtype.rawValue
        arguments.epilogue = emitter.epilogue
        arguments.batch = Int64(x.shape[0])
        arguments.groups = Int64(geometry.groups)
        arguments.channels = Int64(w.shape[1])
        arguments.filters = Int64(w.shape[0] / geometry.groups)
        var sizes = (x: Array(x.shape[2...]), w: Array(w.shape[2...]), y: Array(y.shape[2...]))
        var (stride, dilation, padding) = (geometry.stride, geometry.dilation, geometry.padding.map { $0[0] })
        if sizes.w.allSatisfy({ $0 == 1 }), stride.allSatisfy({ $0 == 1 }), geometry.padding.allSatisfy({ $0 == [0, 0] }) {
            // A filter of one tap is a product: one long row of results.
            sizes = ([sizes.x.reduce(1, *)], [1], [sizes.y.reduce(1, *)])
            (stride, dilation, padding) = ([1], [1], [0])
        }
        func fill(_ member: WritableKeyPath<dk_convolution_arguments, (Int64, Int64, Int64)>, _ values: [Int], else missing: Int) {
            let full = [Int](repeating: missing, count: 3 - values.count) + values
            arguments[keyPath: member] = (Int64(full[0]), Int64(full[1]), Int64(full[2]))
        }
        fill(\.input, sizes.x, else: 1)
        fill(\.kernel, sizes.w, else: 1)
        fill(\.output, sizes.y, else: 1)
        fill(\.stride, stride, else: 1)
        fill(\.dilation, dilation, else: 1)
        fill(\.padding, padding, else: 0)
        emitter.emit(dk_convolution, arguments)
    }

    package static var samples: [PrimitiveSample] {
        func geometry(_ stride: [Int], _ padding: [[Int]], _ dilation: [Int], _ groups: Int = 1) -> ConvolutionGeometry {
            ConvolutionGeometry(stride: stride, padding: padding, dilation: dilation, groups: groups)
        }
        // x, w, y for each geometry.
        let cases: [(ConvolutionGeometry, [Int], [Int], [Int])] = [
            (geometry([1], [[0, 0]], [1]), [2, 2, 5], [3, 2, 3], [2, 3, 3]),
            (geometry([2], [[2, 1]], [2]), [1, 1, 6], [2, 1, 2], [1, 2, 4]),
            (geometry([1, 1], [[1, 1], [1, 1]], [1, 1]), [2, 2, 3, 4], [2, 2, 3, 3], [2, 2, 3, 4]),
            (geometry([2, 3], [[1, 0], [2, 1]], [1, 1], 2), [1, 4, 4, 5], [4, 2, 2, 3], [1, 4, 2, 2]),
            (geometry([1, 2], [[0, 0], [1, 1]], [2, 1], 2), [2, 2, 5, 4], [2, 1, 2, 2], [2, 2, 3, 3]),
            (geometry([1, 1, 2], [[1, 1], [0, 0], [1, 0]], [1, 1, 1]), [1, 2, 2, 3, 4], [2, 2, 2, 2, 3], [1, 2, 3, 2, 2]),
        ]
        return cases.flatMap { geometry, x, w, y in
            let numbers = [x, w, y].map { PrimitiveSample.Input.numbers($0, -2...2) }
            return [
                PrimitiveSample(Convolution(.output, geometry), [numbers[0], numbers[1]]),
                PrimitiveSample(Convolution(.input(Array(x[2...])), geometry), [numbers[2], numbers[1]]),
                PrimitiveSample(Convolution(.weight(Array(w[2...])), geometry), [numbers[0], numbers[2]]),
            ]
        }
    }
}

extension Masked {
    /// A factor of a convolution with this, with zeros where it meets masked elements only.
    fileprivate func ignoring(_ factor: Tensor, shared axes: (Int, Int)?) -> Tensor {
        guard let axes else { return factor }
        return ignoring(factor, ([], []), contracted: ([axes.0], [axes.1]), free: tensor.shape.indices.filter { $0 != axes.0 })
    }
}

extension Mask {
    /// The mask of a tensor that shares an index with this one's, where this one depends on that index alone; nil where it doesn't.
    fileprivate func following(_ axes: (Int, Int)?, into shape: [Int]) -> Mask? {
        // As many axes as the result of the convolution.
        let others = shape.indices.filter { $0 != axes?.0 }
        guard let axes, !isFromRelu, isRepeated(along: others) else { return nil }
        return any(over: others).spread([axes.0], to: [axes.1], of: shape)
    }
}
