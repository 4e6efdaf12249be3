import Descent

extension CaseKind {
    /// Softmax, its losses, and several classes from two.
    static let classes = [
        CaseKind("softmax", softmaxOfLogits),
        CaseKind("output_loss", outputLoss),
        CaseKind("mse_vs_ce", squaresAgainstCrossEntropy),
        CaseKind("softmax_regression", softmaxRegression),
        CaseKind("multiclass_counts", countsOfDiscriminants),
        CaseKind("ovr_predict", oneVersusRest),
        CaseKind("ovo_predict", oneVersusOne),
    ]
}

@Sendable private func softmaxOfLogits(_ inputs: CaseInputs) throws -> Answers {
    let z = try inputs.vector("z")
    return [
        "p": softmax(z), "log_p": logSoftmax(z), "logsumexp": logSumExp(z), "jacobian": jacobian(at: z) { softmax($0) },
        "log_jacobian": jacobian(at: z) { logSoftmax($0) },
    ]
}

/// `Σ t log y` where a target of 0 costs nothing, be y 0.
private func weightedLogarithm(_ t: Tensor, _ y: Tensor) -> Tensor {
    let isUsed = t .!= 0
    return Tensor.where(isUsed, t * log(Tensor.where(isUsed, y, Tensor(1, like: y))), Tensor(0, like: y)).sum()
}

@Sendable private func outputLoss(_ inputs: CaseInputs) throws -> Answers {
    let z = try inputs.vector("z"), t = try inputs.vector("t", z.count)
    let function = try inputs.activation("activation"), name = try inputs.text("loss")
    let y = function(z)
    // What y lacks to 1. For a sigmoid it is sigmoid(-z), where 1 - y would lose its digits.
    let complement = function.name == "sigmoid" ? sigmoid(-z) : 1 - y
    let value: Tensor, byOutput: Tensor, byLogit: Tensor
    switch (name, function.name) {
    case ("mse", _):
        value = halfSquaredError(y, t)
        byOutput = gradient(at: y) { halfSquaredError($0, t) }
        byLogit = gradient(at: z) { halfSquaredError(function($0), t) }
    case ("bce", _):
        let loss = { (y: Tensor, complement: Tensor) in -(weightedLogarithm(t, y) + weightedLogarithm(1 - t, complement)) }
        let slopes = gradient(at: y, complement, of: loss)
        // The complement falls as y rises.
        byOutput = slopes.0 - slopes.1
        let ofLogits: (Tensor) -> Tensor =
            function.name == "sigmoid"
            ? { binaryCrossEntropy(logits: $0, t, reduction: .sum) } : { loss(function($0), 1 - function($0)) }
        (value, byLogit) = valueWithGradient(at: z, of: ofLogits)
    case ("ce", let activation):
        byOutput = gradient(at: y) { -weightedLogarithm(t, $0) }
        let ofLogits: (Tensor) -> Tensor =
            switch activation {
            case "softmax": { softmaxCrossEntropy($0, t, reduction: .sum) }
            case "sigmoid": { -(t * logSigmoid($0)).sum() }
            default: { -weightedLogarithm(t, function($0)) }
            }
        (value, byLogit) = valueWithGradient(at: z, of: ofLogits)
    default: throw inputs.error("loss", "is \"\(name)\"; there are mse, bce and ce")
    }
    return ["y": y, "loss": value, "dloss_dy": byOutput, "dloss_dz": byLogit]
}

@Sendable private func squaresAgainstCrossEntropy(_ inputs: CaseInputs) throws -> Answers {
    let y = try inputs.vector("ys")
    return ["mse": 0.5 * meanSquaredError(y, Tensor(1, like: y), reduction: .none), "ce": -log(y)]
}

@Sendable private func softmaxRegression(_ inputs: CaseInputs) throws -> Answers {
    let x = try inputs.matrix("X"), theta = try inputs.matrix("Theta", nil, x.shape[1])
    let labels = Tensor(int64: try inputs.ints("labels", in: 0..<theta.shape[0]))
    if labels.shape != [x.shape[0]] { throw inputs.error("labels", "has \(labels.count) labels for \(x.shape[0]) rows of X") }
    let loss = { (theta: Tensor) in softmaxCrossEntropy(x.matmul(theta.transposed()), labels, reduction: .sum) }
    let (value, slope) = valueWithGradient(at: theta, of: loss)
    let path = trajectory(of: SGD(learningRate: try inputs.number("lr")), from: [theta], steps: 1) { loss($1[0]) }
    let logits = x.matmul(theta.transposed())
    return [
        "probabilities": softmax(logits), "loss": value, "mean_loss": softmaxCrossEntropy(logits, labels), "gradient": slope,
        "theta_after": path[1][0],
    ]
}

@Sendable private func countsOfDiscriminants(_ inputs: CaseInputs) throws -> Answers {
    let count = try inputs.int("K")
    if count < 1 { throw inputs.error("K", "is \(count); there is at least one class") }
    let pairs = (0..<count).flatMap { first in (first + 1..<count).map { [first, $0] } }
    return ["one_vs_rest": count, "one_vs_one": Tensor.ones([count, count]).upperTriangle(diagonal: 1).sum(), "pairs": pairs]
}

@Sendable private func oneVersusRest(_ inputs: CaseInputs) throws -> Answers {
    let theta = try inputs.matrix("Theta"), x = try inputs.matrix("X", nil, theta.shape[1])
    let scores = x.matmul(theta.transposed())
    let exact = try inputs.exact.matrix("X")
    let positives = try inputs.exact.matrix("Theta").rows.map { exactClasses(exact, $0) }
    return ["scores": scores, "class": scores.argmax(axis: 1), "positives": Tensor.stack(positives, axis: 1).sum(axis: 1)]
}

@Sendable private func oneVersusOne(_ inputs: CaseInputs) throws -> Answers {
    let count = try inputs.int("K")
    var first: [Int] = [], second: [Int] = []
    for pair in try inputs.reader["pairs"].elements() {
        let classes = try CaseInputs.ints(pair, in: 0..<max(0, count))
        if classes.count != 2 { throw pair.error("names \(classes.count) classes; a pair has 2") }
        first.append(classes[0])
        second.append(classes[1])
    }
    if first.isEmpty { throw inputs.error("pairs", "is empty; there is at least one pair") }
    let theta = try inputs.exact.matrix("Theta", first.count, nil), x = try inputs.exact.matrix("X", nil, theta.shape[1])
    let isFirst = Tensor.stack(theta.rows.map { exactClasses(x, $0) }, axis: 1).cast(to: .bool)
    let chosen = Tensor.where(isFirst, Tensor(int64: first), Tensor(int64: second))
    let votes = chosen.oneHot(count).sum(axis: 1)
    return ["votes": votes, "class": votes.argmax(axis: 1)]
}
