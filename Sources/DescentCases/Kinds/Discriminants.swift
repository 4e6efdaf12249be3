import Descent

extension CaseKind {
    /// Linear discriminants, perceptrons, truth tables.
    static let discriminants = [
        CaseKind("perceptron", perceptron),
        CaseKind("discriminant", discriminant),
        CaseKind("boundary_segment", boundarySegment),
        CaseKind("threshold_table", thresholdTable),
        CaseKind("zero_one_loss", zeroOne),
    ]
}

@Sendable private func perceptron(_ inputs: CaseInputs) throws -> Answers {
    let theta = try inputs.vector("theta"), x = try inputs.vector("x", theta.count)
    let z = theta.dot(x), activation = try inputs.activation("activation")
    // A step decides; the others change little where z does.
    let isDecision = activation.name == "step"
    let decided = exactClasses(try inputs.exact.vector("x").expanded(axis: 0), try inputs.exact.vector("theta"))[0]
    return ["weighted_sum": z, "output": isDecision ? activation(decided) : activation(z)]
}

@Sendable private func discriminant(_ inputs: CaseInputs) throws -> Answers {
    let w = try inputs.vector("w"), b = try inputs.scalar("b")
    let points = try inputs.matrix("points", nil, w.count)
    let norm = w.norm(.two)
    let g = points.matmul(w) + b
    let exact = inputs.exact
    let augmented = try exact.matrix("points").padded([(0, 0), (0, 1)], with: 1)
    let classes = exactClasses(augmented, .concatenate([try exact.vector("w"), try exact.scalar("b").reshaped(1)]))
    return [
        "normal": w, "unit_normal": w / norm, "norm": norm, "distance_origin": abs(b) / norm, "signed_distance_origin": b / norm,
        "foot": -b * w / norm.squared, "g": g, "signed_distance": g / norm, "class": classes,
    ]
}

@Sendable private func boundarySegment(_ inputs: CaseInputs) throws -> Answers {
    let w = try inputs.vector("w", 2), b = try inputs.scalar("b"), box = try inputs.vector("box", 4)
    let x = box[0..<2], y = box[2..<4]
    // Where the line meets the four lines that the box's sides lie on, two by two.
    let crossings = Tensor.concatenate([
        Tensor.stack([x, -(b + w[0] * x) / w[1]], axis: 1),
        Tensor.stack([-(b + w[1] * y) / w[0], y], axis: 1),
    ])
    let corners = box.reshaped(2, 2)
    // A crossing at a corner is found twice, with different rounding.
    let slack = (corners[.all, 1] - corners[.all, 0]).max().item() * (inputs.dtype == .float64 ? 1e-12 : 1e-5)
    let inside = (crossings .>= corners[.all, 0] - slack).and(crossings .<= corners[.all, 1] + slack).all(axes: [1]).bools
    var ends: [[Double]] = []
    for (point, isInside) in zip(crossings.rows.map(\.doubles), inside) where isInside {
        if !ends.contains(where: { abs($0[0] - point[0]) + abs($0[1] - point[1]) <= 4 * slack }) { ends.append(point) }
    }
    // A difference in x that is only rounding does not order two ends.
    ends.sort { abs($0[0] - $1[0]) > slack ? $0[0] < $1[0] : $0[1] < $1[1] }
    return ["ends": ends]
}

/// The rows of a truth table with the feature and the bias in front.
private func designOfTable(_ inputs: CaseInputs) throws -> Tensor {
    var design = try inputs.matrix("rows")
    let count = design.shape[0]
    if inputs.has("feature") {
        let names = (0..<design.shape[1]).map { "x\($0 + 1)" }
        let feature = try Expression(try inputs.text("feature")).function(of: names, dtype: inputs.dtype)
        let column = feature(names.indices.map { design[.all, $0] }).broadcast(to: [count])
        design = .concatenate([column.expanded(axis: 1), design], axis: 1)
    }
    if try inputs.flag("bias") { design = .concatenate([.ones([count, 1], dtype: inputs.dtype), design], axis: 1) }
    return design
}

@Sendable private func thresholdTable(_ inputs: CaseInputs) throws -> Answers {
    let design = try designOfTable(inputs)
    let targets = try inputs.vector("targets", design.shape[0]), weights = try inputs.vector("weights", design.shape[1])
    let classes = exactClasses(try designOfTable(inputs.exact), try inputs.exact.vector("weights"))
    let wrong = (classes .!= targets).bools
    return [
        "design": design, "outputs": design.matmul(weights), "classes": classes, "all_correct": !wrong.contains(true),
        "wrong_rows": wrong.indices.filter { wrong[$0] },
    ]
}

@Sendable private func zeroOne(_ inputs: CaseInputs) throws -> Answers {
    let x = try inputs.matrix("X"), y = try inputs.vector("y", x.shape[0]), theta = try inputs.vector("theta", x.shape[1])
    let scores = x.matmul(theta)
    let isPositive = exactClasses(try inputs.exact.matrix("X"), try inputs.exact.vector("theta")).bools, labels = y.bools
    let slope = gradient(at: theta) { meanAbsoluteError(step(x.matmul($0)), y, reduction: .sum) }
    return [
        "scores": scores, "false_positive": labels.indices.filter { isPositive[$0] && !labels[$0] },
        "false_negative": labels.indices.filter { !isPositive[$0] && labels[$0] }, "E": labels.indices.count { isPositive[$0] != labels[$0] }, "gradient": slope,
    ]
}
