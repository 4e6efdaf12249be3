import Descent

extension CaseKind {
    /// Single steps of gated cells with given gates, and what repeated steps do to a gradient.
    static let gates = [
        CaseKind("lstm_update", lstmUpdate),
        CaseKind("gru_update", gruUpdate),
        CaseKind("gate_expression", gateExpression),
        CaseKind("pointwise", pointwise),
        CaseKind("forget_path", forgetPath),
        CaseKind("scalar_chain", scalarChain),
        CaseKind("jacobian_product", jacobianProduct),
        CaseKind("cell_sizes", cellSizes),
    ]
}

@Sendable private func lstmUpdate(_ inputs: CaseInputs) throws -> Answers {
    let f = try inputs.vector("f"), i = try inputs.vector("i", f.count), g = try inputs.vector("g", f.count), o = try inputs.vector("o", f.count)
    let c = f * (try inputs.vector("c_prev", f.count)) + i * g
    return ["filtered": i * g, "c": c, "h": o * tanh(c)]
}

@Sendable private func gruUpdate(_ inputs: CaseInputs) throws -> Answers {
    let z = try inputs.vector("z")
    return ["h": (1 - z) * (try inputs.vector("h_prev", z.count)) + z * (try inputs.vector("n", z.count))]
}

@Sendable private func gateExpression(_ inputs: CaseInputs) throws -> Answers {
    let i = try inputs.vector("i"), f = try inputs.vector("f", i.count), o = try inputs.vector("o", i.count)
    return ["if(1-o)": i * f * (1 - o), "if(1-o)o": i * f * (1 - o) * o]
}

@Sendable private func pointwise(_ inputs: CaseInputs) throws -> Answers {
    let a = try inputs.vector("a"), b = try inputs.vector("b", a.count)
    return ["product": a * b, "sum": a + b, "tanh": tanh(a)]
}

@Sendable private func forgetPath(_ inputs: CaseInputs) throws -> Answers {
    let gates = try inputs.matrix("f")
    let cell = Tensor.zeros([gates.shape[1]], dtype: gates.dtype)
    // The cell after all steps by the cell before them; what comes in from elsewhere does not matter to it.
    return ["product": gradient(at: cell) { scan($0, over: gates) { cell, forget in (forget * cell, cell) }.carry.sum() }]
}

@Sendable private func scalarChain(_ inputs: CaseInputs) throws -> Answers {
    let slope = try inputs.scalar("d"), steps = try inputs.count("steps")
    let slopes = slope.broadcast(to: [steps])
    return ["gradient": gradient(at: Tensor(0, like: slope)) { scan($0, over: slopes) { x, slope in (slope * x, x) }.carry }]
}

@Sendable private func jacobianProduct(_ inputs: CaseInputs) throws -> Answers {
    var h = try inputs.vector("h0")
    let w = try inputs.matrix("W", h.count, h.count), activation = try inputs.activation("activation"), steps = try inputs.count("steps")
    if steps < 1 { throw inputs.error("steps", "is \(steps); there is at least one") }
    var product = Tensor.eye(h.count, dtype: h.dtype)
    var norms: [Tensor] = []
    for _ in 0..<steps {
        product = jacobian(at: h) { activation(w.matmul($0)) }.matmul(product)
        h = activation(w.matmul(h))
        norms.append(product.matrixNorm(.spectral))
    }
    let ratio = (norms.last! / norms[0]).item()
    return [
        "norms": norms, "product": product, "h_end": h, "spectral_radius": spectralRadius(of: w),
        "trend": ratio < 1e-3 ? "vanishing" : ratio > 1e3 ? "exploding" : "neither",
    ]
}

/// The largest absolute value of an eigenvalue: the limit of `‖Wᵐ‖^(1/m)` (Gelfand 1941) at m = 2⁶⁰, by squaring, with the size taken out at
/// each squaring so that nothing overflows.
private func spectralRadius(of w: Tensor) -> Tensor {
    var power = w
    var logarithm = Tensor.zeros([], dtype: .float64)
    var share = 1.0
    for _ in 0..<60 {
        let size = power.matrixNorm(.frobenius)
        // A power of W that vanishes: all eigenvalues are 0.
        if size.item() == 0 { return Tensor(0, like: size) }
        logarithm = logarithm + log(size).cast(to: .float64) * share
        let scaled = power / size
        power = scaled.matmul(scaled)
        share /= 2
    }
    return exp(logarithm)
}

@Sendable private func cellSizes(_ inputs: CaseInputs) throws -> Answers {
    let n = try inputs.int("n"), d = try inputs.int("d")
    if n < 1 || d < 1 { throw inputs.error("n", "and d must be at least 1") }
    let rnn = RNNCell(n, d), gru = GRUCell(n, d), lstm = LSTMCell(n, d)
    // The library's cells have two biases, as PyTorch's; the cases' have one.
    return [
        "W_shape": [rnn.hiddenWeight.shape[0], rnn.hiddenWeight.shape[1] + rnn.inputWeight.shape[1]],
        "concat_shape": [rnn.hiddenWeight.shape[1] + rnn.inputWeight.shape[1], 1], "bias_shape": [rnn.inputBias.shape[0], 1],
        "rnn": rnn.parameterCount - rnn.hiddenBias.shape[0], "gru": gru.parameterCount - gru.hiddenBias.shape[0],
        "lstm": lstm.parameterCount - lstm.hiddenBias.shape[0], "pytorch_rnn": rnn.parameterCount, "pytorch_gru": gru.parameterCount,
        "pytorch_lstm": lstm.parameterCount,
    ]
}
