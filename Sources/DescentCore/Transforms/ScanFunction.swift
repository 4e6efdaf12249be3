/// A loop over the first axis of some tensors, with a value carried from step to step: one operation of the graph, whatever the
/// number of steps.
///
///     let (last, running) = scan(Tensor(0), over: x) { total, x in
///         let total = total + x
///         return (total, total)                   // carried on; stacked
///     }
///
/// The body runs once, on stand-ins, and its operations become the loop's. What it computes from the slices alone is computed for all
/// steps together before the loop, and what only feeds the results after it; nothing has to be marked. Derivatives of any order,
/// forward and reverse, and `vmap` go through it.
///
/// - Parameters:
///   - carry: what the first step gets; each step must give tensors of the same shapes and element types on.
///   - slices: tensors with the steps in their first axis, all equally many. The body gets them without that axis.
///   - reversed: whether the loop starts at the last step. Results are stacked in the order of the slices either way.
///   - body: from the carry and a step's slices to the next carry and the step's results.
/// - Returns: the last carry, and the results of all steps, stacked in axis 0.
public func scan<Carry: TensorGroup, Slice: TensorGroup, Output: TensorGroup>(
    _ carry: Carry, over slices: Slice, reversed: Bool = false, _ body: (Carry, Slice) -> (Carry, Output)
) -> (carry: Carry, outputs: Output) {
    let starts = carry.tensors, inputs = slices.tensors
    var parts: (Carry, Output)?
    let outputs = looped(starts, inputs, reversed) { reader in
        let result = body(carry.rebuilt(from: reader), slices.rebuilt(from: reader))
        parts = result
        return (result.0.tensors, result.1.tensors)
    }
    let reader = TensorReader(outputs)
    return (carry.rebuilt(from: reader), parts!.1.rebuilt(from: reader))
}

/// The same with two things carried.
public func scan<First: TensorGroup, Second: TensorGroup, Slice: TensorGroup, Output: TensorGroup>(
    _ carry: (First, Second), over slices: Slice, reversed: Bool = false, _ body: ((First, Second), Slice) -> ((First, Second), Output)
) -> (carry: (First, Second), outputs: Output) {
    let starts = carry.0.tensors + carry.1.tensors
    var outputs: Output?
    let results = looped(starts, slices.tensors, reversed) { reader in
        let first = carry.0.rebuilt(from: reader), second = carry.1.rebuilt(from: reader)
        let result = body((first, second), slices.rebuilt(from: reader))
        outputs = result.1
        return (result.0.0.tensors + result.0.1.tensors, result.1.tensors)
    }
    let reader = TensorReader(results)
    return ((carry.0.rebuilt(from: reader), carry.1.rebuilt(from: reader)), outputs!.rebuilt(from: reader))
}

/// So many steps without slices: the body gets the number of the step, an int64 scalar.
public func scan<Carry: TensorGroup, Output: TensorGroup>(
    _ carry: Carry, steps: Int, reversed: Bool = false, _ body: (Carry, Tensor) -> (Carry, Output)
) -> (carry: Carry, outputs: Output) {
    if steps < 0 { raise("scan: \(steps) steps; there must be at least 0.") }
    return scan(carry, over: Tensor.arange(Swift.max(0, steps)), reversed: reversed, body)
}

/// Runs the body on stand-ins for one step, and makes a loop of what it did.
private func looped(_ starts: [Tensor], _ slices: [Tensor], _ reversed: Bool, _ body: (TensorReader) -> ([Tensor], [Tensor])) -> [Tensor] {
    var fault: String?
    let length = slices.first?.shape.first ?? 0
    if slices.first?.shape.first == nil {
        fault = "there is nothing to loop over; the slices must hold a tensor of at least one axis, the steps. For steps without slices give their number."
    } else if slices.contains(where: { $0.shape.first != length }) {
        fault = "slices of shapes \(slices.map(\.shape)); the first axis of all is the steps, and must be equally long."
    }
    if let fault { raise("scan: \(fault)") }
    let trace = Trace("scan")
    defer { trace.isRunning = false }
    let standIns = (starts.map(\.type) + slices.map { TensorType(Array($0.shape.dropFirst()), $0.dtype) })
        .map { Tensor(Node(Placeholder(trace: trace), nil, nil, $0)) }
    let (carries, stacks) = Scope(.scan, standIns: standIns).run { body(TensorReader(standIns)) }
    if carries.count != starts.count {
        fault = "the body was given \(starts.count) carried tensors and gives \(carries.count) on; they must be as many."
    } else if let (position, (start, carry)) = zip(starts, carries).enumerated().first(where: { $0.element.0.type != $0.element.1.type }) {
        fault = "carried tensor \(position) is \(start.type) at first and \(carry.type) after a step; a loop's carry keeps its shape and element type."
    } else if carries.isEmpty && stacks.isEmpty {
        fault = "the body gives nothing, neither a carry nor results."
    }
    if let fault {
        raise("scan: \(fault)")
        return starts + stacks.map { standIn([length] + $0.shape, $0.dtype) }
    }
    let (captured, further) = ScanBody.capture(carries + stacks, from: standIns)
    let scan = Scan(captured, carries: starts.count, slices: slices.count, stacks: stacks.count, length: length, isReversed: reversed)
    return apply(scan, starts + slices + further)
}
