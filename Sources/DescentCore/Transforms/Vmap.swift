/// A function of single examples, as a function of batches: every tensor of the input has its examples along `inAxis`, every
/// tensor of the result along `outAxis`. No loop runs: each operation is replaced by its batched form.
///
/// Captured tensors are shared by all examples.
public func vmap(inAxis: Int = 0, outAxis: Int = 0, _ function: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor {
    { input in mapped([input], inAxis, outAxis) { function($0.next()) } }
}

/// The same for groups of tensors.
public func vmap<Input: TensorGroup, Output: TensorGroup>(
    inAxis: Int = 0, outAxis: Int = 0, _ function: @escaping (Input) -> Output
) -> (Input) -> Output {
    { input in mapped(input.tensors, inAxis, outAxis) { function(input.rebuilt(from: $0)) } }
}

/// The same for a function of two inputs, both batched.
public func vmap<First: TensorGroup, Second: TensorGroup, Output: TensorGroup>(
    inAxis: Int = 0, outAxis: Int = 0, _ function: @escaping (First, Second) -> Output
) -> (First, Second) -> Output {
    { first, second in
        mapped(first.tensors + second.tensors, inAxis, outAxis) { function(first.rebuilt(from: $0), second.rebuilt(from: $0)) }
    }
}

/// The same for a function of three inputs, all batched.
public func vmap<First: TensorGroup, Second: TensorGroup, Third: TensorGroup, Output: TensorGroup>(
    inAxis: Int = 0, outAxis: Int = 0, _ function: @escaping (First, Second, Third) -> Output
) -> (First, Second, Third) -> Output {
    { first, second, third in
        mapped(first.tensors + second.tensors + third.tensors, inAxis, outAxis) {
            function(first.rebuilt(from: $0), second.rebuilt(from: $0), third.rebuilt(from: $0))
        }
    }
}

/// Runs the function once on stand-ins for single examples, and replaces its operations by their batched forms.
private func mapped<Output: TensorGroup>(_ inputs: [Tensor], _ inAxis: Int, _ outAxis: Int, _ function: (TensorReader) -> Output) -> Output {
    let trace = Trace("vmap")
    defer { trace.isRunning = false }
    var seeds: [TensorKey: Batched] = [:]
    var standIns: [Tensor] = []
    var size: Int?
    for given in inputs {
        var input = given, axis = 0
        do throws(ShapeError) {
            axis = try normalizedAxis(inAxis, rank: input.rank, for: "vmap")
            if let size, size != input.shape[axis] {
                throw ShapeError("vmap: batches of \(size) and of \(input.shape[axis]) examples; all inputs must have equally many along axis \(inAxis).")
            }
        } catch {
            input = standIn(error.description, [size ?? 1] + given.shape.dropFirst(), given.dtype)
            axis = 0
        }
        size = input.shape[axis]
        var shape = input.shape
        shape.remove(at: axis)
        let example = Tensor(Node(Placeholder(trace: trace), nil, nil, TensorType(shape, input.dtype)))
        seeds[example.key] = Batched(input, axis: axis)
        standIns.append(example)
    }
    if size == nil { raise("vmap: the input holds no tensor; there is no batch to map over.") }
    let batch = size ?? 1
    return Scope(.vmap, standIns: standIns).run {
        let result = function(TensorReader(standIns))
        let outputs = Linearization.vectorize(result.tensors, seeds, size: batch)
        return result.rebuilt(from: TensorReader(outputs.map { $0.front(batch).movingAxis(0, to: outAxis) }))
    }
}
