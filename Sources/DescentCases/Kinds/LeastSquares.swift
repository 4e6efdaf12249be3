import Descent

extension CaseKind {
    /// Linear least squares: solved, and descended.
    static let leastSquares = [
        CaseKind("normal_equation", normalEquation),
        CaseKind("least_squares_gradient", gradientOfSquares),
        CaseKind("gd_least_squares", descentOfSquares),
        CaseKind("regularized_least_squares", regularized),
        CaseKind("residual_sums", residualSums),
        CaseKind("minibatch_sgd", miniBatches),
    ]
}

/// X [n, d] and y [n].
private func design(_ inputs: CaseInputs) throws -> (x: Tensor, y: Tensor) {
    let x = try inputs.matrix("X")
    return (x, try inputs.vector("y", x.shape[0]))
}

@Sendable private func normalEquation(_ inputs: CaseInputs) throws -> Answers {
    let (x, y) = try design(inputs)
    let beta = x.leastSquares(y)
    let fitted = x.matmul(beta)
    return ["beta": beta, "rank": x.matrixRank(), "fitted": fitted, "rss": meanSquaredError(fitted, y, reduction: .sum)]
}

@Sendable private func gradientOfSquares(_ inputs: CaseInputs) throws -> Answers {
    let (x, y) = try design(inputs)
    let beta = try inputs.vector("beta", x.shape[1])
    let loss = { (beta: Tensor) in halfSquaredError(x.matmul(beta), y) }
    let (value, slope) = valueWithGradient(at: beta, of: loss)
    let path = trajectory(of: SGD(learningRate: try inputs.number("lr")), from: [beta], steps: 1) { loss($1[0]) }
    return ["J": value, "gradient": slope, "hessian": hessian(at: beta, of: loss), "beta_after": path[1][0]]
}

@Sendable private func descentOfSquares(_ inputs: CaseInputs) throws -> Answers {
    let (x, y) = try design(inputs)
    let start = try inputs.vector("beta0", x.shape[1])
    let loss = { (beta: Tensor) in halfSquaredError(x.matmul(beta), y) }
    let path = trajectory(of: SGD(learningRate: try inputs.number("lr")), from: [start], steps: try inputs.count("steps")) { loss($1[0]) }
    let beta = path.last![0], solution = x.leastSquares(y)
    let steepest = hessian(at: start, of: loss).symmetricEigen().values.max()
    return [
        "beta": beta, "normal_equation": solution, "distance_to_solution": (beta - solution).norm(.two), "eig_max": steepest,
        "lr_limit": 2 / steepest,
    ]
}

@Sendable private func regularized(_ inputs: CaseInputs) throws -> Answers {
    let (x, y) = try design(inputs)
    let beta = try inputs.vector("beta", x.shape[1]), l1 = try inputs.number("l1"), l2 = try inputs.number("l2")
    let penalty = { (beta: Tensor) -> Tensor in beta.dot(beta) * (l2 / 2) + beta.norm(.one) * l1 }
    let (objective, slope) = valueWithGradient(at: beta) { halfSquaredError(x.matmul($0), y) + penalty($0) }
    var answers: Answers = ["objective": objective, "gradient": slope]
    if l1 == 0 {
        let scatter = x.transposed().matmul(x) + Tensor.eye(x.shape[1], dtype: x.dtype) * l2
        answers["ridge_solution"] = scatter.solve(x.transposed().matmul(y))
    }
    return answers
}

@Sendable private func residualSums(_ inputs: CaseInputs) throws -> Answers {
    let y = try inputs.vector("y"), fitted = try inputs.vector("yhat", y.count)
    return [
        "signed_sum": (y - fitted).sum(), "absolute_sum": meanAbsoluteError(fitted, y, reduction: .sum),
        "sum_of_squares": meanSquaredError(fitted, y, reduction: .sum),
    ]
}

@Sendable private func miniBatches(_ inputs: CaseInputs) throws -> Answers {
    let (x, y) = try design(inputs)
    let start = try inputs.vector("theta0", x.shape[1])
    var batches: [Tensor] = []
    for batch in try inputs.reader["batches"].elements() {
        batches.append(Tensor(int64: try CaseInputs.ints(batch, in: 0..<x.shape[0])))
    }
    let model = try inputs.text("model")
    let loss: (Tensor, Tensor) -> Tensor
    switch model {
    case "linear": loss = { 0.5 * meanSquaredError($0, $1) }
    case "logistic": loss = { binaryCrossEntropy(logits: $0, $1) }
    default: throw inputs.error("model", "is \"\(model)\"; there are linear and logistic")
    }
    let path = trajectory(of: SGD(learningRate: try inputs.number("lr")), from: [start], steps: batches.count) { step, theta in
        loss(x[batches[step]].matmul(theta[0]), y[batches[step]])
    }
    return ["path": path.map { $0[0] }]
}
