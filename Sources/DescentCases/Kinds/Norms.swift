import Descent

extension CaseKind {
    /// Norms of vectors and matrices, and gradients cut by them.
    static let norms = [
        CaseKind("norms", vectorNorms),
        CaseKind("matrix_norms", matrixNorms),
        CaseKind("clip_norm", clippedByNorm),
        CaseKind("clip_value", clippedByValue),
    ]
}

@Sendable private func vectorNorms(_ inputs: CaseInputs) throws -> Answers {
    let x = try inputs.vector("x"), p = try inputs.number("p")
    if p <= 0 { throw inputs.error("p", "is \(p); it must be above 0") }
    return [
        "l0": x.norm(.zero), "l1": x.norm(.one), "l2": x.norm(.two), "linf": x.norm(.infinity), "lp": x.norm(.power(p)),
        "grad_l1": gradient(at: x) { $0.norm(.one) }, "grad_l2": gradient(at: x) { $0.norm(.two) },
    ]
}

@Sendable private func matrixNorms(_ inputs: CaseInputs) throws -> Answers {
    let a = try inputs.matrix("A")
    return [
        "frobenius": a.matrixNorm(.frobenius), "spectral": a.matrixNorm(.spectral), "one": a.matrixNorm(.one), "inf": a.matrixNorm(.infinity),
        "nuclear": a.matrixNorm(.nuclear),
    ]
}

/// The input `grads`: a list of tensors of any shapes, as the gradients of as many parameters.
private func listedGradients(_ inputs: CaseInputs) throws -> Gradients {
    Gradients(
        try inputs.reader["grads"].elements().enumerated().map { place, entry in
            let gradient = try inputs.tensor(entry)
            return (NamedVariable(path: "\(place)", variable: Variable(Tensor(0, like: gradient), isTrainable: true)), gradient)
        })
}

@Sendable private func clippedByNorm(_ inputs: CaseInputs) throws -> Answers {
    let gradients = try listedGradients(inputs), limit = try inputs.number("max_norm")
    return [
        "total_norm": gradients.norm, "exact": gradients.clipped(toNorm: limit, epsilon: 0).tensors,
        "pytorch": gradients.clipped(toNorm: limit).tensors,
    ]
}

@Sendable private func clippedByValue(_ inputs: CaseInputs) throws -> Answers {
    let limit = try inputs.number("c")
    if limit < 0 { throw inputs.error("c", "is \(limit); it must be at least 0") }
    return ["clipped": try listedGradients(inputs).clipped(toValue: limit).tensors]
}
