/// Fresh names for the tensors of a group, so that a derivative is taken at just these.
private func renamed<Group: TensorGroup>(_ group: Group, _ names: inout [Tensor]) -> Group {
    let fresh = group.tensors.map { Tensor(Node(Identity(), $0, nil, $0.type)) }
    names += fresh
    return group.rebuilt(from: TensorReader(fresh))
}

/// The value if it is a floating scalar; after a fault what stands for one.
package func requireScalar(_ value: Tensor, _ operation: String) -> Tensor {
    if value.shape.isEmpty, value.dtype.isFloating { return value }
    return standIn("\(operation): the function's result is \(value.type); it must be a floating scalar. Reduce it with sum() or mean(), or ask for a jacobian.", [])
}

// The forms for one tensor are spelled out beside the general ones: Swift then checks the types of closures inside closures fast, and
// finds them where it gives up on a pack.

/// The function's value and its gradient: how the scalar result changes with each element of the input. Same shape as the input.
///
/// - Precondition: the result is a scalar of a floating type. A result that does not depend on the input has gradient zero.
public func valueWithGradient(at input: Tensor, of function: (Tensor) -> Tensor) -> (value: Tensor, gradient: Tensor) {
    let (value, slopes) = valueWithGradient(of: [input]) { function($0.next()) }
    return (value, slopes[0])
}

/// The same for an array, a dictionary or another group of tensors.
public func valueWithGradient<Input: TensorGroup>(at input: Input, of function: (Input) -> Tensor) -> (value: Tensor, gradient: Input) {
    let (value, slopes) = valueWithGradient(of: input.tensors) { function(input.rebuilt(from: $0)) }
    return (value, input.rebuilt(from: TensorReader(slopes)))
}

/// The same for several inputs, arrays, dictionaries and other groups of tensors.
public func valueWithGradient<each Input: TensorGroup>(
    at inputs: repeat each Input, of function: (repeat each Input) -> Tensor
) -> (value: Tensor, gradient: (repeat each Input)) {
    var tensors: [Tensor] = []
    for group in repeat each inputs { tensors += group.tensors }
    let (value, slopes) = valueWithGradient(of: tensors) { reader in function(repeat (each inputs).rebuilt(from: reader)) }
    let reader = TensorReader(slopes)
    return (value, (repeat (each inputs).rebuilt(from: reader)))
}

private func valueWithGradient(of inputs: [Tensor], _ function: (TensorReader) -> Tensor) -> (value: Tensor, slopes: [Tensor]) {
    Scope(.substitution).run {
        let names = inputs.map { Tensor(Node(Identity(), $0, nil, $0.type)) }
        let value = requireScalar(function(TensorReader(names)), "gradient")
        return (value, Linearization.reverse([value], [Tensor(1, like: value)], at: names))
    }
}

/// The gradient of a function with a scalar result. See `valueWithGradient`.
public func gradient(at input: Tensor, of function: (Tensor) -> Tensor) -> Tensor { valueWithGradient(at: input, of: function).gradient }

/// The gradient of a function of an array, a dictionary or another group of tensors.
public func gradient<Input: TensorGroup>(at input: Input, of function: (Input) -> Tensor) -> Input { valueWithGradient(at: input, of: function).gradient }

/// The gradients of a function of several inputs.
public func gradient<each Input: TensorGroup>(
    at inputs: repeat each Input, of function: (repeat each Input) -> Tensor
) -> (repeat each Input) {
    valueWithGradient(at: repeat each inputs, of: function).gradient
}

/// The function that gives the gradient of `function`.
public func gradient(of function: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor { { gradient(at: $0, of: function) } }

/// The function that gives the gradients of a function of several inputs.
public func gradient<each Input: TensorGroup>(
    of function: @escaping (repeat each Input) -> Tensor
) -> (repeat each Input) -> (repeat each Input) {
    { (input: repeat each Input) in gradient(at: repeat each input, of: function) }
}

/// The vector-Jacobian product: the function's value, and a function that turns a cotangent of the value (its shape) into
/// cotangents of the inputs (theirs).
public func vjp<each Input: TensorGroup, Output: TensorGroup>(
    at inputs: repeat each Input, of function: (repeat each Input) -> Output
) -> (value: Output, pullback: (Output) -> (repeat each Input)) {
    // The linear graph is made now: the value's own graph may be let go once the value is computed.
    let (value, linear) = Scope(.substitution).run {
        var names: [Tensor] = []
        let fresh = (repeat renamed(each inputs, &names))
        let value = function(repeat each fresh)
        return (value, LinearGraph(of: value.tensors, at: names))
    }
    let types = value.tensors.map(\.type)
    let pullback = { (cotangent: Output) -> (repeat each Input) in
        var cotangents = cotangent.tensors
        if cotangents.map(\.type) != types {
            raise("vjp: the value is \(types), its cotangent \(cotangents.map(\.type)); they must be alike.")
            cotangents = types.map { .zeros($0.shape, dtype: $0.dtype) }
        }
        let reader = TensorReader(linear.pullBack(cotangents))
        return (repeat (each inputs).rebuilt(from: reader))
    }
    return (value, pullback)
}

/// The Jacobian-vector product: the function's value, and how it changes when the input moves along `tangent` (its shape).
public func jvp(at input: Tensor, along tangent: Tensor, of function: (Tensor) -> Tensor) -> (value: Tensor, tangent: Tensor) {
    let (value, tangents) = jvp(at: [input], along: [tangent]) { [function($0[0])] }
    return (value[0], tangents[0])
}

/// The same for groups of tensors.
public func jvp<Input: TensorGroup, Output: TensorGroup>(
    at input: Input, along tangent: Input, of function: (Input) -> Output
) -> (value: Output, tangent: Output) {
    Scope(.substitution).run {
        var names: [Tensor] = []
        let value = function(renamed(input, &names))
        var seeds: [TensorKey: Tensor] = [:]
        for (name, direction) in zip(names, tangent.tensors) {
            if name.type != direction.type {
                raise("jvp: the input is \(name.type), its tangent \(direction.type); they must be alike.")
            } else if name.dtype.isFloating {
                seeds[name.key] = direction
            }
        }
        let outputs = value.tensors
        let tangents = zip(Linearization.pushForward(outputs, seeds), outputs).map { $0 ?? Tensor(0, like: $1) }
        return (value, value.rebuilt(from: TensorReader(tangents)))
    }
}

/// Which way a Jacobian is computed: one reverse pass for each result, or one forward pass for each input, all in one batch.
public enum JacobianMode: Sendable { case automatic, forward, reverse }

/// The Jacobian: the derivative of each element of the result by each element of the input.
///
/// Shape: the result's shape followed by the input's, so a vector by a matrix gives three axes.
public func jacobian(at x: Tensor, mode: JacobianMode = .automatic, of function: (Tensor) -> Tensor) -> Tensor {
    Scope(.substitution).run {
        let name = Tensor(Node(Identity(), x, nil, x.type))
        let y = function(name)
        guard x.dtype.isFloating, y.dtype.isFloating else { return standIn("jacobian: from \(x.type) to \(y.type); both must be floating.", y.shape + x.shape) }
        let forward = mode == .forward || (mode == .automatic && x.count < y.count)
        if forward { return columns(of: y, by: name).movingAxis(0, to: y.rank).reshaped(to: y.shape + x.shape) }
        let trace = Trace("jacobian")
        defer { trace.isRunning = false }
        let weight = Tensor(Node(Placeholder(trace: trace), nil, nil, y.type))
        let row = Linearization.reverse([y], [weight], at: [name])[0]
        let basis = Tensor.eye(y.count, dtype: y.dtype).reshaped(to: [y.count] + y.shape)
        let rows = Linearization.vectorize([row], [weight.key: Batched(basis, axis: 0)], size: y.count)[0].front(y.count)
        return rows.reshaped(to: y.shape + x.shape)
    }
}

/// How `y` changes with each element of `x` in turn: [elements of x] followed by y's shape.
private func columns(of y: Tensor, by x: Tensor) -> Tensor {
    let trace = Trace("jacobian")
    defer { trace.isRunning = false }
    let direction = Tensor(Node(Placeholder(trace: trace), nil, nil, x.type))
    guard let tangent = Linearization.pushForward([y], [x.key: direction])[0] else { return Tensor.zeros([x.count] + y.shape, dtype: y.dtype) }
    let basis = Tensor.eye(x.count, dtype: x.dtype).reshaped(to: [x.count] + x.shape)
    return Linearization.vectorize([tangent], [direction.key: Batched(basis, axis: 0)], size: x.count)[0].front(x.count)
}

/// The function that gives the Jacobian of `function`.
public func jacobian(of function: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor { { jacobian(at: $0, of: function) } }

/// The Hessian of a function with a scalar result: second derivatives by each pair of elements of the input.
///
/// Shape: the input's shape twice. Computed forward over reverse, all directions in one batch.
public func hessian(at x: Tensor, of function: @escaping (Tensor) -> Tensor) -> Tensor {
    Scope(.substitution).run {
        let name = Tensor(Node(Identity(), x, nil, x.type))
        // Symmetric: how the gradient changes along direction i is row i.
        return columns(of: gradient(at: name, of: function), by: name).reshaped(to: x.shape + x.shape)
    }
}

/// The function that gives the Hessian of `function`.
public func hessian(of function: @escaping (Tensor) -> Tensor) -> (Tensor) -> Tensor { { hessian(at: $0, of: function) } }

/// The Hessian times a vector (of the input's shape), without the Hessian: the cost of a few gradients.
public func hessianVectorProduct(at x: Tensor, along vector: Tensor, of function: @escaping (Tensor) -> Tensor) -> Tensor {
    jvp(at: x, along: vector) { gradient(at: $0, of: function) }.tangent
}

/// The same value, through which no derivative flows.
public func stopGradient(_ x: Tensor) -> Tensor { Tensor(Node(StopGradient(), x, nil, x.type)) }

/// The value of a function that reads variables, and its gradient by each of them: the variables' shapes.
public func valueWithGradient(at variables: [Variable], of function: () -> Tensor) -> (value: Tensor, gradient: [Tensor]) {
    let scope = Scope(.substitution)
    let names = variables.map { variable -> Tensor in
        let value = variable.value
        let name = Tensor(Node(Identity(), value, nil, value.type))
        scope.values[ObjectIdentifier(variable)] = name
        return name
    }
    return scope.run {
        let value = requireScalar(function(), "gradient")
        return (value, Linearization.reverse([value], [Tensor(1, like: value)], at: names))
    }
}
