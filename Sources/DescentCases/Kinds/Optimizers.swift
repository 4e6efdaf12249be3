import Descent

extension CaseKind {
    /// Trajectories of optimizers, and what the learning rate does.
    static let optimizers = [
        CaseKind("optimizer", optimizerPath),
        CaseKind("lr_quadratic", rateOnQuadratic),
        CaseKind("lr_range_test", rangeTest),
    ]
}

@Sendable private func optimizerPath(_ inputs: CaseInputs) throws -> Answers {
    let start = try inputs.vector("start"), steps = try inputs.count("steps")
    let function = try scalarFunction(inputs, of: start.count)
    let path: [Tensor]
    switch try inputs.text("rule") {
    case "newton":
        path = try newtonPath(inputs, from: start, steps: steps, function)
    case "nag_lookahead":
        path = try lookaheadPath(inputs, from: start, steps: steps, function)
    default:
        path = trajectory(of: try optimizer(inputs), from: [start], steps: steps) { function($1[0]) }.map { $0[0] }
    }
    return ["path": path, "values": path.map(function)]
}

/// The optimizer that is the input `rule`.
private func optimizer(_ inputs: CaseInputs) throws -> any Optimizer {
    let hyper = inputs["hyper"]
    let rule = try inputs.text("rule")
    let place: EpsilonPlace = rule.hasSuffix("_eps_inside") ? .insideRoot : .outsideRoot
    let rate = try hyper.number("lr")
    switch rule {
    case "sgd": return SGD(learningRate: rate)
    case "momentum": return SGD(learningRate: rate, momentum: try hyper.number("mu"))
    case "momentum_velocity": return SGD(learningRate: rate, momentum: try hyper.number("mu"), velocityHoldsRate: true)
    case "nag":
        // Without momentum Nesterov's rule is plain descent, which the optimizer wants to be called so.
        let momentum = try hyper.number("mu")
        return SGD(learningRate: rate, momentum: momentum, isNesterov: momentum != 0)
    case "adagrad", "adagrad_eps_inside": return AdaGrad(learningRate: rate, epsilon: try hyper.number("eps"), epsilonPlace: place)
    case "rmsprop", "rmsprop_eps_inside":
        return RMSProp(learningRate: rate, smoothing: try hyper.number("alpha"), epsilon: try hyper.number("eps"), epsilonPlace: place)
    case "rmsprop_momentum", "rmsprop_momentum_eps_inside":
        return RMSProp(
            learningRate: rate, smoothing: try hyper.number("alpha"), epsilon: try hyper.number("eps"), epsilonPlace: place, momentum: try hyper.number("mu"),
            velocityHoldsRate: place == .insideRoot)
    case "adam", "adam_uncorrected":
        return Adam(
            learningRate: rate, beta1: try hyper.number("beta1"), beta2: try hyper.number("beta2"), epsilon: try hyper.number("eps"), correctsBias: rule == "adam")
    default: throw inputs.error("rule", "is \"\(rule)\", which this program does not know")
    }
}

/// Newton's steps. The search ends early only where the gradient is exactly 0, and with it each further step.
///
/// The points are of the case's element type, the function's derivatives at them float64: along Rosenbrock's valley `y - x²` cancels, and the
/// nearly singular Hessian makes of float32's rounding of it more than the cases allow.
private func newtonPath(_ inputs: CaseInputs, from start: Tensor, steps: Int, _ function: @escaping (Tensor) -> Tensor) throws -> [Tensor] {
    let minimum = minimize(from: start, by: .newton(damped: false), tolerance: 0, iterations: steps, keepsPath: true) {
        function($0.cast(to: .float64))
    }
    guard minimum.end == .converged || minimum.end == .iterationLimit, !minimum.path.isEmpty else {
        throw inputs.error("function", "cannot be searched by Newton's method from the start: \(minimum.end)")
    }
    let path = minimum.path.map { $0.point.reshaped(to: start.shape) }
    return path + Array(repeating: path.last!, count: max(0, steps + 1 - path.count))
}

/// Nesterov's own rule, whose gradient is taken ahead of the parameters. The optimizer's parameters are that point ahead; its velocity leads
/// back: see `SGD`.
private func lookaheadPath(_ inputs: CaseInputs, from start: Tensor, steps: Int, _ function: @escaping (Tensor) -> Tensor) throws -> [Tensor] {
    let hyper = inputs["hyper"]
    let momentum = try hyper.number("mu")
    let optimizer = SGD(learningRate: try hyper.number("lr"), momentum: momentum, isNesterov: momentum != 0, velocityHoldsRate: true)
    let point = Parameters([start])
    optimizer.prepare(for: point)
    let velocity = optimizer.variables.first { $0.path.hasSuffix(".velocity") }?.variable
    var path = [start]
    for _ in 0..<steps {
        descend(point, optimizer) { function($0.values[0].value) }
        let ahead = point.values[0].value
        path.append(velocity.map { ahead + $0.value * momentum } ?? ahead)
    }
    return path
}

/// `1/2 Σ c x²`
private func quadratic(_ curvatures: Tensor) -> (Tensor) -> Tensor { { 0.5 * (curvatures * $0.squared).sum() } }

@Sendable private func rateOnQuadratic(_ inputs: CaseInputs) throws -> Answers {
    let start = try inputs.vector("start"), curvatures = try inputs.vector("curvatures", start.count)
    let function = quadratic(curvatures), rate = try inputs.number("lr")
    let path = trajectory(of: SGD(learningRate: rate), from: [start], steps: try inputs.count("steps")) { function($1[0]) }.map { $0[0] }
    let slopes = hessian(at: start, of: function).diagonal()
    let factors = 1 - rate * slopes
    // Whether a factor is inside -1...1 is decided without rounding: rate * curvature - 2 is rounded once, and keeps its sign.
    let exact = try inputs.reader["curvatures"].doubles()
    let distances = exact.map { (-2.0).addingProduct(rate, $0) }
    let diverges = distances.contains { $0 > 0 } || exact.contains { rate * $0 < 0 }
    let stalls = distances.contains(0) || exact.contains { rate * $0 == 0 }
    // log |1 - p| of the largest factor, which the smallest or the largest p = rate * curvature gives.
    let products = Tensor(float64: exact) * rate
    let (zero, one) = (Tensor(0, like: products), Tensor(1, like: products))
    let decay = Tensor.where(products .< 1, log1p(-minimum(products, one)), log(maximum(products - 1, zero))).max()
    // Where all factors are 0 one step is enough.
    let steps = maximum(ceil(log(Tensor(float64: [1e-6], shape: [])) / decay), Tensor(float64: [1], shape: []))
    return [
        "factors": factors, "limit": 2 / slopes.max(), "verdict": diverges ? "diverges" : stalls ? "stalls" : "converges", "end": path.last!,
        "values": path.map(function), "steps_to_1e-6": diverges || stalls ? nil : steps as Tensor?,
    ]
}

@Sendable private func rangeTest(_ inputs: CaseInputs) throws -> Answers {
    let start = try inputs.vector("start"), function = quadratic(try inputs.vector("curvatures", start.count))
    let low = Tensor(float64: [try inputs.number("lr_min")], shape: []), high = Tensor(float64: [try inputs.number("lr_max")], shape: [])
    let rates = low * (high / low).pow(Tensor.linspace(0, 1, count: try inputs.count("n"), dtype: .float64))
    let optimizer = SGD(learningRate: 0), point = Parameters([start])
    var losses: [Tensor] = []
    for rate in rates.doubles {
        optimizer.setLearningRate(rate)
        losses.append(descend(point, optimizer) { function($0.values[0].value) }.loss)
    }
    if losses.isEmpty { throw inputs.error("n", "is 0; there is at least one rate") }
    return [
        "learning_rates": rates, "losses": losses, "final_loss": function(point.values[0].value), "best": Tensor.stack(losses).argmin(),
    ]
}
