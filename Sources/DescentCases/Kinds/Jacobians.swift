import Descent

extension CaseKind {
    /// Jacobians of every rank, and Hessians.
    static let jacobians = [
        CaseKind("jacobian_chain", jacobianChain),
        CaseKind("dense_jacobians", denseJacobians),
        CaseKind("neuron_gradients", neuronGradients),
        CaseKind("vector_weight_jacobian", vectorWeightJacobian),
        CaseKind("matmul_jacobian", matmulJacobian),
        CaseKind("jacobian", jacobianOfFormulas),
        CaseKind("hessian", hessianOfFunction),
    ]
}

@Sendable private func jacobianChain(_ inputs: CaseInputs) throws -> Answers {
    let convention = try inputs.text("convention")
    guard convention == "row" || convention == "column" else { throw inputs.error("convention", "is \"\(convention)\"; there are row and column") }
    let isRow = convention == "row"
    let x = try inputs.vector("x0")
    let first = isRow ? try inputs.matrix("WA", x.count, nil) : try inputs.matrix("WA", nil, x.count)
    let width = first.shape[isRow ? 1 : 0]
    let second = isRow ? try inputs.matrix("WB", width, nil) : try inputs.matrix("WB", nil, width)
    let fA = try inputs.activation("fA"), fB = try inputs.activation("fB")
    func product(_ weight: Tensor, _ x: Tensor) -> Tensor { isRow ? x.matmul(weight) : weight.matmul(x) }
    let network = { (x: Tensor) in fB(product(second, fA(product(first, x)))) }
    let u = product(first, x), v = product(second, fA(u))
    let y = network(x)
    let upstream = try inputs.vector("E_y", y.count)
    let whole = jacobian(at: x, of: network)
    return [
        "y0": y, "J_A": jacobian(at: u) { fA($0) }, "J_B": jacobian(at: v) { fB($0) }, "J_x": whole, "shape": whole.shape,
        "E_x": vjp(at: x, of: network).pullback(upstream),
    ]
}

@Sendable private func denseJacobians(_ inputs: CaseInputs) throws -> Answers {
    let w = try inputs.matrix("W"), b = try inputs.vector("b", w.shape[0]), x = try inputs.vector("x", w.shape[1])
    let f = try inputs.activation("activation")
    let byInput = jacobian(at: x) { f(w.matmul($0) + b) }, byBias = jacobian(at: b) { f(w.matmul(x) + $0) }
    let byWeight = jacobian(at: w) { f($0.matmul(x) + b) }
    return [
        "y": f(w.matmul(x) + b), "dy_dx": byInput, "dy_db": byBias, "dy_dW": byWeight,
        "shapes": ["dy_dx": byInput.shape, "dy_db": byBias.shape, "dy_dW": byWeight.shape] as Answers,
    ]
}

@Sendable private func neuronGradients(_ inputs: CaseInputs) throws -> Answers {
    let w = try inputs.vector("w"), b = try inputs.scalar("b"), x = try inputs.vector("x", w.count), f = try inputs.activation("activation")
    let (y, slopes) = valueWithGradient(at: w, b, x) { f($0.dot($2) + $1) }
    return ["y": y, "dy_dw": slopes.0, "dy_db": slopes.1, "dy_dx": slopes.2]
}

@Sendable private func vectorWeightJacobian(_ inputs: CaseInputs) throws -> Answers {
    let w = try inputs.vector("w"), b = try inputs.vector("b", w.count), x = try inputs.scalar("x"), f = try inputs.activation("activation")
    return ["y": f(w * x + b), "dy_dw": jacobian(at: w) { f($0 * x + b) }, "dy_dx": jacobian(at: x) { f(w * $0 + b) }]
}

@Sendable private func matmulJacobian(_ inputs: CaseInputs) throws -> Answers {
    let x = try inputs.matrix("X"), w = try inputs.matrix("W", x.shape[1], nil), upstream = try inputs.matrix("E", x.shape[0], w.shape[1])
    let byWeight = jacobian(at: w) { x.matmul($0) }
    let (y, pullback) = vjp(at: x, w) { $0.matmul($1) }
    let slopes = pullback(upstream)
    return ["Y": y, "dY_dW": byWeight, "shape": byWeight.shape, "dX": slopes.0, "dW": slopes.1]
}

@Sendable private func jacobianOfFormulas(_ inputs: CaseInputs) throws -> Answers {
    let names = try inputs.text("variables").split { $0 == " " || $0 == "," }.map(String.init)
    let point = try inputs.vector("point", names.count)
    let functions = try inputs.texts("functions").map { try Expression($0).function(of: names, dtype: inputs.dtype) }
    if functions.isEmpty { throw inputs.error("functions", "is empty; there is at least one") }
    let all = { (point: Tensor) in Tensor.stack(functions.map { $0(point.rows) }) }
    let slopes = jacobian(at: point, of: all)
    return ["value": all(point), "jacobian": slopes, "shape": slopes.shape]
}

@Sendable private func hessianOfFunction(_ inputs: CaseInputs) throws -> Answers {
    let point = try inputs.vector("point")
    let function = try scalarFunction(inputs, of: point.count)
    let (value, slope) = valueWithGradient(at: point, of: function)
    let curvature = hessian(at: point, of: function)
    let eigenvalues = curvature.symmetricEigen().values
    let range = (eigenvalues.min().item(), eigenvalues.max().item())
    return [
        "value": value, "gradient": slope, "hessian": curvature, "eigenvalues": eigenvalues, "newton_point": point - curvature.solve(slope),
        "curvature": range.0 > 0 ? "minimum-like" : range.1 < 0 ? "maximum-like" : "saddle-like",
    ]
}

/// The function of a vector that the input `function` names.
func scalarFunction(_ inputs: CaseInputs, of size: Int) throws -> (Tensor) -> Tensor {
    let formulas = [
        "bowl": "x**2 + 10*y**2",
        "rosenbrock": "(1 - x)**2 + 100*(y - x**2)**2",
        "saddle": "x**2 - y**2",
        "beale": "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
    ]
    let name = try inputs.text("function")
    if name == "quadratic" {
        let a = try inputs.matrix("A", size, size), b = try inputs.vector("b", size)
        return { 0.5 * $0.dot(a.matmul($0)) + b.dot($0) }
    }
    guard let formula = formulas[name] else {
        throw inputs.error("function", "is \"\(name)\"; there are quadratic, \(formulas.keys.sorted().joined(separator: ", "))")
    }
    if size != 2 { throw inputs.error("function", "is \"\(name)\", a function of 2 numbers; the point has \(size)") }
    let function = try Expression(formula).function(of: ["x", "y"], dtype: inputs.dtype)
    return { function([$0[0], $0[1]]) }
}
