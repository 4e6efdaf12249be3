import Descent

extension CaseKind {
    /// Dropout, initialisers, one-hot rows.
    static let layers = [
        CaseKind("dropout", dropoutOfUnits),
        CaseKind("init_scales", scalesOfInitializers),
        CaseKind("one_hot", oneHotTokens),
    ]
}

@Sendable private func dropoutOfUnits(_ inputs: CaseInputs) throws -> Answers {
    let h = try inputs.vector("h"), mask = try inputs.vector("mask", h.count), upstream = try inputs.vector("upstream", h.count)
    let p = try inputs.number("p")
    guard (0..<1).contains(p) else { throw inputs.error("p", "is \(p); it must be at least 0 and below 1") }
    let keep = 1 - p
    let layer = Dropout(p)
    layer.infer()
    // A unit is kept or not, whatever the others are: its moments over all masks are those over its own two states.
    let kept = dropout(h, keeping: Tensor(1, like: h), probability: p), dropped = dropout(h, keeping: Tensor(0, like: h), probability: p)
    let mean = kept * keep + dropped * p
    let variance = kept.squared * keep + dropped.squared * p - mean.squared
    // With each unit, the number of active ones stays as it is or grows by one.
    var active = Tensor.ones([1], dtype: h.dtype)
    for _ in 0..<h.count { active = active.padded([(0, 1)]) * p + active.padded([(1, 0)]) * keep }
    return [
        "train_inverted": dropout(h, keeping: mask, probability: p), "test_inverted": layer(h), "train_plain": h * mask, "test_plain": h * keep,
        "mean_inverted": mean, "variance_inverted": variance, "mean_plain": h * keep,
        "active_mean": (active * Tensor.arange(h.count + 1, dtype: .int64).cast(to: h.dtype)).sum(), "active_pmf": active,
        "backward_inverted": vjp(at: h) { dropout($0, keeping: mask, probability: p) }.pullback(upstream),
    ]
}

@Sendable private func scalesOfInitializers(_ inputs: CaseInputs) throws -> Answers {
    let shape = [try inputs.int("fan_out"), try inputs.int("fan_in")]
    if shape.contains(where: { $0 < 1 }) { throw inputs.error("fan_in", "and fan_out must be at least 1") }
    // What an initialiser draws is the same numbers as those of unit scale from the same source, scaled: so its scale is seen without error.
    func scale(_ initializer: Initializer, ofUnit unit: (Random) -> Tensor) -> Tensor {
        abs(initializer(shape, Random(seed: 1), dtype: inputs.dtype)).max() / abs(unit(Random(seed: 1))).max()
    }
    func bound(_ initializer: Initializer) -> Tensor { scale(initializer) { $0.uniform(shape, in: -1..<1, dtype: inputs.dtype) } }
    func deviation(_ initializer: Initializer) -> Tensor { scale(initializer) { $0.normal(shape, dtype: inputs.dtype) } }
    return [
        "xavier_uniform": bound(.xavierUniform()), "xavier_normal": deviation(.xavierNormal()), "he_normal": deviation(.heNormal),
        "he_uniform": bound(.heUniform), "lecun_normal": deviation(.lecunNormal),
    ]
}

@Sendable private func oneHotTokens(_ inputs: CaseInputs) throws -> Answers {
    let tokens = try inputs.texts("tokens")
    var vocabulary: [String] = []
    for token in tokens where !vocabulary.contains(token) { vocabulary.append(token) }
    let indices = Tensor(int64: tokens.map { vocabulary.firstIndex(of: $0)! })
    let rows = indices.oneHot(vocabulary.count, dtype: inputs.dtype)
    var answers: Answers = ["vocabulary": vocabulary, "indices": indices, "one_hot": rows]
    if inputs.has("W") { answers["picked"] = rows.matmul(try inputs.matrix("W", nil, vocabulary.count).transposed()) }
    return answers
}
