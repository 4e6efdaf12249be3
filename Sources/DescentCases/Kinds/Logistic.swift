import Descent

extension CaseKind {
    /// Logistic regression, odds, and functions of one element.
    static let logistic = [
        CaseKind("logistic", logisticLoss),
        CaseKind("logistic_train", logisticDescent),
        CaseKind("bce_with_logits", crossEntropyOfLogits),
        CaseKind("odds", odds),
        CaseKind("gaussian_log_odds", gaussianLogOdds),
        CaseKind("sigmoid_derivatives", sigmoidDerivatives),
        CaseKind("activation_table", activationTable),
    ]
}

/// The summed cross-entropy of logistic regression as a function of its weights.
private func summedLoss(_ x: Tensor, _ y: Tensor) -> (Tensor) -> Tensor {
    { binaryCrossEntropy(logits: x.matmul($0), y, reduction: .sum) }
}

@Sendable private func logisticLoss(_ inputs: CaseInputs) throws -> Answers {
    let x = try inputs.matrix("X"), y = try inputs.vector("y", x.shape[0]), theta = try inputs.vector("theta", x.shape[1])
    let loss = summedLoss(x, y)
    let (value, slope) = valueWithGradient(at: theta, of: loss)
    let path = trajectory(of: SGD(learningRate: try inputs.number("lr")), from: [theta], steps: 1) { loss($1[0]) }
    return [
        "h": sigmoid(x.matmul(theta)), "loss": value, "likelihood": exp(-value), "gradient": slope, "hessian": hessian(at: theta, of: loss),
        "theta_after": path[1][0],
    ]
}

@Sendable private func logisticDescent(_ inputs: CaseInputs) throws -> Answers {
    let x = try inputs.matrix("X"), y = try inputs.vector("y", x.shape[0]), start = try inputs.vector("theta0", x.shape[1])
    let loss = summedLoss(x, y)
    let path = trajectory(of: SGD(learningRate: try inputs.number("lr")), from: [start], steps: try inputs.count("steps")) { loss($1[0]) }
    let theta = path.last![0]
    return ["theta": theta, "loss_start": loss(start), "loss_end": loss(theta), "classes": step(x.matmul(theta)).asClass]
}

@Sendable private func crossEntropyOfLogits(_ inputs: CaseInputs) throws -> Answers {
    let z = try inputs.vector("z"), t = try inputs.vector("t", z.count)
    let (sum, slope) = valueWithGradient(at: z) { binaryCrossEntropy(logits: $0, t, reduction: .sum) }
    return ["loss": binaryCrossEntropy(logits: z, t, reduction: .none), "gradient": slope, "sum": sum]
}

@Sendable private func odds(_ inputs: CaseInputs) throws -> Answers {
    let p = try inputs.vector("p")
    let odds = p / (1 - p)
    let logOdds = log(odds)
    return ["odds": odds, "log_odds": logOdds, "class": step(logOdds).asClass]
}

@Sendable private func gaussianLogOdds(_ inputs: CaseInputs) throws -> Answers {
    let one = try inputs.vector("mu1"), zero = try inputs.vector("mu0", one.count), points = try inputs.matrix("points", nil, one.count)
    let model = try GaussianLogOdds(means: one, zero, variance: try inputs.number("s2"), prior: try inputs.number("prior1"))
    return [
        "w": model.coefficients, "b": model.intercept, "log_odds": model.logOdds(points), "posterior": model.posterior(points),
        "likelihood_ratio": model.likelihoodRatio(points),
    ]
}

@Sendable private func sigmoidDerivatives(_ inputs: CaseInputs) throws -> Answers {
    let theta = try inputs.vector("theta"), x = try inputs.vector("x", theta.count)
    return [
        "h": sigmoid(theta.dot(x)),
        "dh": gradient(at: theta) { sigmoid($0.dot(x)) },
        "dlog_h": gradient(at: theta) { logSigmoid($0.dot(x)) },
        // 1 - sigmoid(z) is sigmoid(-z), without the difference that costs digits.
        "d_one_minus_h": gradient(at: theta) { sigmoid(-$0.dot(x)) },
        "dlog_one_minus_h": gradient(at: theta) { logSigmoid(-$0.dot(x)) },
    ]
}

@Sendable private func activationTable(_ inputs: CaseInputs) throws -> Answers {
    let xs = try inputs.vector("xs")
    var answers: Answers = [:]
    for activation in Activation.all where !["softmax", "log_softmax"].contains(activation.name) {
        answers[activation.name] = ["value": activation(xs), "derivative": gradient(at: xs) { activation($0).sum() }] as Answers
    }
    return answers
}
