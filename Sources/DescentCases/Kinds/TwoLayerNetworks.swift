import Descent

extension CaseKind {
    /// Networks with one hidden layer.
    static let twoLayerNetworks = [
        CaseKind("two_layer", twoLayer),
        CaseKind("two_layer_train", twoLayerDescent),
        CaseKind("scalar_net", scalarNet),
        CaseKind("one_hidden_unit", oneHiddenUnit),
        CaseKind("zero_input_gradient", zeroInputGradient),
    ]
}

/// `V sigmoid(W x) + c`.
private struct TwoLayerNetwork: Module {
    let hidden: Linear
    let output: Linear

    /// - Parameter bias: c; nil: none.
    init(_ first: Tensor, _ second: Tensor, bias: Tensor?) {
        hidden = Linear(first, bias: nil)
        output = Linear(second, bias: bias)
    }

    func callAsFunction(_ x: Tensor) -> (hidden: Tensor, output: Tensor) {
        let z = sigmoid(hidden(x))
        return (z, output(z))
    }

    /// Its weights by the names of the cases.
    var weights: Answers {
        var found: Answers = ["W": hidden.weight.value, "V": output.weight.value]
        if let bias = output.bias { found["c"] = bias.value }
        return found
    }
}

extension Linear {
    /// A layer of given weights [outputs, inputs], and a given bias [outputs] or none.
    init(_ weights: Tensor, bias values: Tensor?) {
        self = withParameters(of: weights.dtype) { Linear(weights.shape[1], weights.shape[0], bias: values != nil) }
        weight.value = weights
        if let values { bias!.value = values }
    }
}

/// What a network's last outputs mean, and the loss that goes with it.
private enum Task: String, CaseIterable {
    case regression, binary, multiclass

    init(_ inputs: CaseInputs) throws {
        let name = try inputs.text("task")
        guard let task = Task(rawValue: name) else {
            throw inputs.error("task", "is \"\(name)\"; there are \(Task.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        self = task
    }

    func prediction(_ output: Tensor) -> Tensor {
        switch self {
        case .regression: output
        case .binary: sigmoid(output)
        case .multiclass: softmax(output)
        }
    }

    func loss(_ output: Tensor, _ target: Tensor) -> Tensor {
        switch self {
        case .regression: halfSquaredError(output, target)
        case .binary: binaryCrossEntropy(logits: output, target, reduction: .sum)
        case .multiclass: softmaxCrossEntropy(output, target, reduction: .sum)
        }
    }
}

/// The network, its data and its loss.
private func problem(_ inputs: CaseInputs) throws -> (network: TwoLayerNetwork, x: Tensor, task: Task, loss: (TwoLayerNetwork) -> Tensor) {
    let x = try inputs.matrix("X"), w = try inputs.matrix("W", nil, x.shape[1]), v = try inputs.matrix("V", nil, w.shape[0])
    let y = try inputs.matrix("Y", x.shape[0], v.shape[0])
    let bias = inputs.has("c") ? try inputs.vector("c", v.shape[0]) : nil
    let task = try Task(inputs)
    return (TwoLayerNetwork(w, v, bias: bias), x, task, { task.loss($0(x).output, y) })
}

@Sendable private func twoLayer(_ inputs: CaseInputs) throws -> Answers {
    let (network, x, task, loss) = try problem(inputs)
    let (z, output) = network(x)
    let (before, gradients) = descend(network, SGD(learningRate: try inputs.number("lr")), loss: loss)
    var slopes: Answers = ["W": gradients["hidden.weight"]!, "V": gradients["output.weight"]!]
    if let bias = gradients["output.bias"] { slopes["c"] = bias }
    return ["z": z, "yhat": task.prediction(output), "E": before, "gradient": slopes, "after": network.weights, "E_after": loss(network)]
}

@Sendable private func twoLayerDescent(_ inputs: CaseInputs) throws -> Answers {
    let (network, _, _, loss) = try problem(inputs)
    let start = loss(network)
    let optimizer = SGD(learningRate: try inputs.number("lr"))
    for _ in 0..<(try inputs.count("steps")) { descend(network, optimizer, loss: loss) }
    var answers = network.weights
    answers["E_start"] = start
    answers["E_end"] = loss(network)
    return answers
}

/// Two layers of one unit each.
private struct ScalarNetwork: Module {
    let first: Linear
    let second: Linear
}

@Sendable private func scalarNet(_ inputs: CaseInputs) throws -> Answers {
    func layer(_ weight: String, _ bias: String) throws -> Linear {
        Linear(try inputs.scalar(weight).reshaped(1, 1), bias: try inputs.scalar(bias).reshaped(1))
    }
    let network = ScalarNetwork(first: try layer("w1", "b1"), second: try layer("w2", "b2"))
    let x = try inputs.scalar("x").reshaped(1), y = try inputs.scalar("y").reshaped(1)
    let z1 = network.first(x), z2 = network.second(sigmoid(z1))
    let loss = { (network: ScalarNetwork) in
        binaryCrossEntropy(logits: network.second(sigmoid(network.first(x))), y, reduction: .sum)
    }
    let slope = gradient(at: z2) { binaryCrossEntropy(logits: $0, y, reduction: .sum) }
    let (before, gradients) = descend(network, SGD(learningRate: try inputs.number("alpha")), loss: loss)
    let paths = ["w1": "first.weight", "b1": "first.bias", "w2": "second.weight", "b2": "second.bias"]
    let slopes: Answers = paths.mapValues { gradients[$0]!.reshaped(to: []) }
    let after: Answers = paths.mapValues { path in network.parameters.first { $0.path == path }!.variable.value.reshaped(to: []) }
    return [
        "z1": z1[0], "a1": sigmoid(z1)[0], "z2": z2[0], "a2": sigmoid(z2)[0], "L": before, "dz2": slope[0], "gradient": slopes, "after": after,
        "L_after": loss(network),
    ]
}

/// Some inputs, one hidden unit, one output, no biases.
private struct OneHiddenUnit: Module {
    let hidden: Linear
    let output: Linear
}

@Sendable private func oneHiddenUnit(_ inputs: CaseInputs) throws -> Answers {
    let x = try inputs.vector("x"), w = try inputs.vector("w", x.count), w4 = try inputs.scalar("w4"), y = try inputs.scalar("y").reshaped(1)
    let network = OneHiddenUnit(hidden: Linear(w.reshaped(1, x.count), bias: nil), output: Linear(w4.reshaped(1, 1), bias: nil))
    let head = try inputs.text("head")
    guard head == "linear" || head == "sigmoid" else { throw inputs.error("head", "is \"\(head)\"; there are linear and sigmoid") }
    let isLinear = head == "linear"
    let loss = { (network: OneHiddenUnit) in
        let output = network.output(sigmoid(network.hidden(x)))
        return isLinear ? halfSquaredError(output, y) : binaryCrossEntropy(logits: output, y, reduction: .sum)
    }
    let o = network.hidden(x), output = network.output(sigmoid(o))
    let prediction = isLinear ? output : sigmoid(output)
    let byPrediction: Tensor
    if isLinear {
        byPrediction = gradient(at: prediction) { halfSquaredError($0, y) }
    } else {
        // By the prediction and by what it lacks to 1, which falls as it rises.
        let slopes = gradient(at: prediction, sigmoid(-output)) { -(y * log($0) + (1 - y) * log($1)).sum() }
        byPrediction = slopes.0 - slopes.1
    }
    let (before, gradients) = descend(network, SGD(learningRate: try inputs.number("eta")), loss: loss)
    return [
        "o": o[0], "hidden": sigmoid(o)[0], "yhat": prediction[0], "L": before, "dyhat": byPrediction[0],
        "gradient": ["w": gradients["hidden.weight"]![0], "w4": gradients["output.weight"]![0]] as Answers,
        "after": ["w": network.hidden.weight.value[0], "w4": network.output.weight.value[0]] as Answers, "L_after": loss(network),
    ]
}

@Sendable private func zeroInputGradient(_ inputs: CaseInputs) throws -> Answers {
    let x = try inputs.matrix("X"), w = try inputs.matrix("W", nil, x.shape[1]), t = try inputs.matrix("T", x.shape[0], w.shape[0])
    let layer = Linear(w, bias: nil)
    let (value, gradients) = valueWithGradient(at: layer) { halfSquaredError($0(x), t) }
    let isZero = (x .== 0).all(axes: [0]).bools
    return ["E": value, "dW": gradients["weight"]!, "zero_columns": isZero.indices.filter { isZero[$0] }]
}
