import DescentFormats

extension ModelExplanation {
    /// All figures and sentences. What is not finite is null.
    public func json() -> JSON {
        [
            "loss": Self.json(loss), "layers": .array(layers.map { $0.json() }), "unusedParameters": JSON(unusedParameters), "words": JSON(words),
        ]
    }

    fileprivate static func json(_ number: Double) -> JSON { number.isFinite ? .number(number) : .null }
    fileprivate static func json(_ shape: [Int]) -> JSON { .array(shape.map { .integer(Int64($0)) }) }
}

extension ModelExplanation.LayerReport {
    func json() -> JSON {
        var object = JSON.Object()
        object["path"] = .string(path)
        object["kind"] = .string(kind)
        object["isModule"] = .bool(isModule)
        object["inputShapes"] = .array(inputShapes.map(ModelExplanation.json))
        object["shape"] = ModelExplanation.json(shape)
        object["activations"] = activations.json()
        object["gradients"] = gradients.json()
        object["parameters"] = .array(parameters.map { ["path": .string($0.path), "shape": ModelExplanation.json($0.shape), "gradients": $0.gradients.json()] })
        object["units"] = .integer(Int64(units))
        object["deadUnits"] = .integer(Int64(deadUnits))
        object["saturatedUnits"] = .integer(Int64(saturatedUnits))
        object["saturatedShare"] = .number(saturatedShare)
        if !stateGradients.isEmpty { object["stateGradients"] = .array(stateGradients.map(ModelExplanation.json)) }
        return .object(object)
    }
}

extension ModelExplanation.Spread {
    func json() -> JSON {
        [
            "mean": ModelExplanation.json(mean), "deviation": ModelExplanation.json(deviation), "norm": ModelExplanation.json(norm),
            "zeroShare": ModelExplanation.json(zeroShare),
        ]
    }
}
