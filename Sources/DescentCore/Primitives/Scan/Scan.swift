/// A loop over the first axis of its slices, with values carried from step to step: recurrent networks, filters, simulations.
///
///     (carry, stacked, summed) = body(carry, slice at t, constants)      for t = 0 ..< length, or from the last step to the first
///
/// Inputs: first carries, slices (with the steps in axis 0), constants. Results: last carries, what the steps gave (stacked in axis 0,
/// in the order of time whichever way the loop runs), and what is summed over the steps.
///
/// Its derivative is a scan again: forward, one that carries tangents along and reads what the original kept of each step; reverse,
/// that one's transpose, which runs the other way. So back-propagation through time is nothing special.
package struct Scan: Primitive {
    package static let name = "scan"
    package let body: ScanBody
    package let carryCount: Int, sliceCount: Int, stackCount: Int
    package let length: Int
    package let isReversed: Bool

    package init(_ body: ScanBody, carries: Int, slices: Int, stacks: Int, length: Int, isReversed: Bool) {
        (self.body, carryCount, sliceCount, stackCount) = (body, carries, slices, stacks)
        (self.length, self.isReversed) = (length, isReversed)
    }

    package var constantCount: Int { body.program.inputs.count - carryCount - sliceCount }
    package var sumCount: Int { body.program.outputs.count - carryCount - stackCount }
    package var detail: String {
        "\(length) steps\(isReversed ? ", from the last" : ""), \(carryCount) carried, \(sliceCount) sliced, \(constantCount) constant, \(stackCount) stacked, \(sumCount) summed"
    }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let types = body.inputTypes
        guard inputs.count == types.count else { throw ShapeError("scan: the body takes \(types.count) tensors, it was given \(inputs.count).") }
        for (position, (given, wanted)) in zip(inputs, types).enumerated() {
            let isSlice = position >= carryCount && position < carryCount + sliceCount
            let full = isSlice ? TensorType([length] + wanted.shape, wanted.dtype) : wanted
            if given != full { throw ShapeError("scan: input \(position) is \(given); the body takes \(full).") }
        }
        return resultTypes
    }

    /// The types of the results: those of the body, with the steps in front of what is stacked.
    package var resultTypes: [TensorType] {
        body.outputTypes.enumerated().map { position, type in
            position >= carryCount && position < carryCount + stackCount ? TensorType([length] + type.shape, type.dtype) : type
        }
    }

    // MARK: Forward

    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let trace = Trace("scan")
        defer { trace.isRunning = false }
        let primal = body.standIns(trace)
        let run = body.program.applied(to: primal)
        let results = run.outputs
        // A carry has a tangent if it starts with one, or gets one from anything that does.
        var isActive = zip(tangents, primal).map { $0 != nil && $1.dtype.isFloating }
        var standIns: [Tensor?] = []
        var found: [Tensor?] = []
        repeat {
            standIns = zip(primal, isActive).map { $1 ? Tensor(Node(Placeholder(trace: trace), nil, nil, $0.type)) : nil }
            var seeds: [TensorKey: Tensor] = [:]
            for (input, standIn) in zip(primal, standIns) { if let standIn { seeds[input.key] = standIn } }
            found = Linearization.pushForward(results, seeds)
        } while activate(&isActive, by: found)

        let carries = (0..<carryCount).filter { isActive[$0] }
        let others = (carryCount..<results.count).filter { found[$0] != nil }
        let tangentResults = carries.map { found[$0] ?? Tensor(0, like: primal[$0]) } + others.map { found[$0]! }
        let stacks = others.filter { $0 < carryCount + stackCount }.count
        let residuals = ScanResiduals(of: tangentResults, on: standIns.compactMap { $0 }, self, primal, values: run.values)

        // What the linear loop reads of each step: kept by the original loop run with these as further results.
        let kept = keeping(residuals.kept, run, call)
        let slices = carryCount..<(carryCount + sliceCount), constants = (carryCount + sliceCount)..<primal.count
        let activeSlices = slices.filter { isActive[$0] }, activeConstants = constants.filter { isActive[$0] }
        let stepInputs = carries.map { standIns[$0]! } + residuals.kept + primal[slices] + activeSlices.map { standIns[$0]! }
        let (linear, further) = ScanBody.capture(tangentResults, from: stepInputs + primal[constants] + activeConstants.map { standIns[$0]! })
        let scan = Scan(
            linear, carries: carries.count, slices: kept.count + sliceCount + activeSlices.count, stacks: stacks, length: length, isReversed: isReversed)
        let inputs = carries.map { tangents[$0] ?? Tensor(0, like: call.inputs[$0]) } + kept + call.inputs[slices] + activeSlices.map { tangents[$0]! }
        let outputs = apply(scan, inputs + call.inputs[constants] + activeConstants.map { tangents[$0]! } + further)
        var answer = [Tensor?](repeating: nil, count: results.count)
        for (position, index) in (carries + others).enumerated() { answer[index] = outputs[position] }
        return answer
    }

    /// Marks the carries that turned out to have a tangent; whether there were any.
    private func activate(_ isActive: inout [Bool], by found: [Tensor?]) -> Bool {
        var isNew = false
        for carry in 0..<carryCount where found[carry] != nil && !isActive[carry] {
            isActive[carry] = true
            isNew = true
        }
        return isNew
    }

    /// The stacked values of some of the body's tensors: results that there are already, or those of the same loop with more results.
    /// (Both loops become one when the program is simplified.)
    private func keeping(_ tensors: [Tensor], _ run: (outputs: [Tensor], values: [Tensor?]), _ call: Call) -> [Tensor] {
        var places: [Tensor?] = tensors.map { tensor in
            (carryCount..<carryCount + stackCount).first { run.outputs[$0].key == tensor.key }.map { call.outputs[$0] }
        }
        let missing = tensors.indices.filter { places[$0] == nil }
        if missing.isEmpty { return places.map { $0! } }
        let numbers = missing.map { index in run.values.firstIndex { $0?.key == tensors[index].key }! }
        var program = body.program
        program.outputs.insert(contentsOf: numbers, at: carryCount + stackCount)
        let scan = Scan(
            ScanBody(program), carries: carryCount, slices: sliceCount, stacks: stackCount + missing.count, length: length, isReversed: isReversed)
        let outputs = apply(scan, call.inputs)
        for (offset, index) in missing.enumerated() { places[index] = outputs[carryCount + stackCount + offset] }
        return places.map { $0! }
    }

    // MARK: Reverse

    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        let trace = Trace("scan")
        defer { trace.isRunning = false }
        let primal = body.standIns(trace)
        let results = body(primal)
        var isLinear = call.isLinear
        let slices = carryCount..<(carryCount + sliceCount), constants = (carryCount + sliceCount)..<primal.count
        var depends: Set<Int> = []
        repeat {
            let sources = Set(primal.indices.filter { isLinear[$0] }.map { primal[$0].node.id })
            depends = Set(Graph.nodes(from: sources, to: results).map(\.id)).union(sources)
        } while activate(&isLinear, by: results.map { depends.contains($0.node.id) ? $0 : nil })
        let carries = (0..<carryCount).filter { isLinear[$0] }
        if carries.count < carryCount {
            stop("scan: a linear loop carries a value that is not linear in its inputs; a derivative rule made it so.")
        }
        func standIn(_ tensor: Tensor) -> Tensor { Tensor(Node(Placeholder(trace: trace), nil, nil, tensor.type)) }
        let reached = (carryCount..<results.count).filter { cotangents[$0] != nil && depends.contains(results[$0].node.id) }
        let reachedStacks = reached.filter { $0 < carryCount + stackCount }, reachedSums = reached.filter { $0 >= carryCount + stackCount }
        let carried = carries.map { standIn(results[$0]) }
        let stacked = reachedStacks.map { standIn(results[$0]) }, summed = reachedSums.map { standIn(results[$0]) }

        let sources = primal.indices.filter { isLinear[$0] }
        let found = Linearization.pullBack(
            carries.map { results[$0] } + reachedStacks.map { results[$0] } + reachedSums.map { results[$0] }, carried + stacked + summed,
            to: sources.map { primal[$0] })
        var slopes = [Tensor?](repeating: nil, count: primal.count)
        for (source, slope) in zip(sources, found) { slopes[source] = slope }

        let linearSlices = slices.filter { slopes[$0] != nil }, linearConstants = constants.filter { slopes[$0] != nil }
        let bodyResults = carries.map { slopes[$0] ?? Tensor(0, like: primal[$0]) } + (linearSlices + linearConstants).map { slopes[$0]! }
        let otherSlices = slices.filter { !isLinear[$0] }, otherConstants = constants.filter { !isLinear[$0] }
        let (transposed, further) = ScanBody.capture(
            bodyResults, from: carried + otherSlices.map { primal[$0] } + stacked + otherConstants.map { primal[$0] } + summed)
        let scan = Scan(
            transposed, carries: carries.count, slices: otherSlices.count + stacked.count, stacks: linearSlices.count, length: length,
            isReversed: !isReversed)
        let starts = carries.map { cotangents[$0] ?? Tensor(0, like: results[$0]) }
        if starts.isEmpty && bodyResults.isEmpty { return primal.map { _ in nil } }
        let outputs = apply(
            scan,
            starts + otherSlices.map { call.inputs[$0] } + reachedStacks.map { cotangents[$0]! } + otherConstants.map { call.inputs[$0] }
                + reachedSums.map { cotangents[$0]! } + further)
        var answer = [Tensor?](repeating: nil, count: primal.count)
        for (position, index) in (carries + linearSlices + linearConstants).enumerated() where call.isLinear[index] { answer[index] = outputs[position] }
        return answer
    }

    // MARK: Batches

    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let trace = Trace("scan")
        defer { trace.isRunning = false }
        let primal = body.standIns(trace)
        let results = body(primal)
        var isBatched = inputs.map { $0.axis != nil }
        var standIns: [Tensor] = []
        var found: [Batched] = []
        repeat {
            standIns = zip(primal, isBatched).map { input, isBatched in
                isBatched ? Tensor(Node(Placeholder(trace: trace), nil, nil, TensorType([size] + input.shape, input.dtype))) : input
            }
            var seeds: [TensorKey: Batched] = [:]
            for (index, input) in primal.enumerated() where isBatched[index] { seeds[input.key] = Batched(standIns[index], axis: 0) }
            found = Linearization.vectorize(results, seeds, size: size)
        } while activate(&isBatched, by: found.map { $0.axis == nil ? nil : $0.tensor })
        // A carry that was batched for another's sake is batched in the body's results too.
        let outputs = found.enumerated().map { index, result in
            result.axis != nil || (index < carryCount && isBatched[index]) ? result.front(size) : result.tensor
        }
        let (batched, further) = ScanBody.capture(outputs, from: standIns)
        let scan = Scan(batched, carries: carryCount, slices: sliceCount, stacks: stackCount, length: length, isReversed: isReversed)
        let arguments = inputs.enumerated().map { index, input in
            if !isBatched[index] { return input.tensor }
            let isSlice = index >= carryCount && index < carryCount + sliceCount
            return isSlice ? input.front(size).movingAxis(0, to: 1) : input.front(size)
        }
        return apply(scan, arguments + further).enumerated().map { index, result in
            let isStack = index >= carryCount && index < carryCount + stackCount
            let isBatched = index < carryCount ? isBatched[index] : found[index].axis != nil
            return Batched(result, axis: isBatched ? (isStack ? 1 : 0) : nil)
        }
    }

    package func kernel(_ inputs: [TensorType]) -> Kernel { .loop(self) }

    package static var samples: [PrimitiveSample] {
        /// h' = tanh(h w + x), y = h' * x, and the sum of h'.
        @Sendable func recurrent(_ dtype: DType, length: Int, isReversed: Bool) -> Scan {
            let trace = Trace("a sample")
            let shapes = [[2, 3], [2, 3], [3, 3]]
            let standIns = shapes.map { Tensor(Node(Placeholder(trace: trace), nil, nil, TensorType($0, dtype))) }
            let state = tanh(standIns[0].matmul(standIns[2]) + standIns[1])
            let body = ScanBody.capture([state, state * standIns[1], state.sum(axes: [0])], from: standIns).body
            return Scan(body, carries: 1, slices: 1, stacks: 1, length: length, isReversed: isReversed)
        }
        /// Two carries that exchange places, one of them with no tangent at first, nothing stacked.
        @Sendable func exchanging(_ dtype: DType) -> Scan {
            let trace = Trace("a sample")
            let standIns = (0..<3).map { _ in Tensor(Node(Placeholder(trace: trace), nil, nil, TensorType([2], dtype))) }
            let body = ScanBody.capture([standIns[1] * standIns[2], standIns[0] + standIns[2]], from: standIns).body
            return Scan(body, carries: 2, slices: 1, stacks: 0, length: 3, isReversed: false)
        }
        let weights: PrimitiveSample.Input = .numbers([3, 3], -1...1), state: PrimitiveSample.Input = .numbers([2, 3], -1...1)
        return [
            PrimitiveSample({ recurrent($0, length: 4, isReversed: false) }, [state, .numbers([4, 2, 3], -1...1), weights]),
            PrimitiveSample({ recurrent($0, length: 3, isReversed: true) }, [state, .numbers([3, 2, 3], -1...1), weights]),
            PrimitiveSample({ recurrent($0, length: 0, isReversed: false) }, [state, .numbers([0, 2, 3], -1...1), weights]),
            PrimitiveSample({ exchanging($0) }, [.numbers([2], -1...1), .numbers([2], -1...1), .numbers([3, 2], -1...1)]),
        ]
    }
}
