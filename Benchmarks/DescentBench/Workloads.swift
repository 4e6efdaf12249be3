import Descent

/// The data and initial parameters of a workload.
struct Spec {
    var inputs: [Tensor]
    var parameters: [Tensor]
}

/// One step of a workload, and the number that is compared with the peers'.
struct Workload: Sendable {
    let spec: @Sendable (Generator) -> Spec
    let build: @Sendable (Spec) -> () -> Tensor

    static let all: [String: Workload] = fits.merging(steps) { $1 }.merging(sequences) { $1 }.merging(images) { $1 }.merging(translation) { $1 }

    private static let steps: [String: Workload] = [
        "linreg_gd": Workload(spec: { $0.regression(10000, 32) }) { spec in
            train(Sequential(Linear(32, 1)), spec, SGD(learningRate: 0.01)) { model, x, y in meanSquaredError(model(x), y) }
        },
        "logreg_titanic": Workload(spec: { $0.binary(891, 6) }) { spec in
            train(Sequential(Linear(6, 1)), spec, SGD(learningRate: 0.1)) { model, x, y in binaryCrossEntropy(logits: model(x), y) }
        },
        "mlp_tiny_step": Workload(spec: { _ in Generator.xor }) { spec in
            train(Sequential(Linear(2, 2), Activation.sigmoid, Linear(2, 1)), spec, SGD(learningRate: 0.5)) { model, x, y in
                binaryCrossEntropy(logits: model(x), y)
            }
        },
        "mlp_small_step": Workload(spec: { $0.classifier([64, 128, 10], batch: 32) }) { classifier([64, 128, 10], $0) },
        "mlp_mnist_step": Workload(spec: { $0.classifier([784, 512, 256, 10], batch: 128) }) { classifier([784, 512, 256, 10], $0) },
        "mlp_wide_step": Workload(spec: { $0.wide() }) { spec in
            train(multilayer([1024, 4096, 4096, 1024]), spec, Adam(learningRate: 1e-3)) { model, x, y in meanSquaredError(model(x), y) }
        },
        "infer_mlp_b1": Workload(spec: { Spec(inputs: [$0.normal([1, 784])], parameters: $0.dense([784, 512, 256, 10])) }) { spec in
            let model = multilayer([784, 512, 256, 10])
            load(model, spec.parameters)
            let run = compile { (x: Tensor) in model(x) }
            return { run(spec.inputs[0]) }
        },
        "softmax_ce_big": Workload(spec: { Spec(inputs: [$0.normal([4096, 10000]), $0.labels(10000, 4096)], parameters: []) }) { spec in
            let run = compile { (x: Tensor, y: Tensor) in
                let result = valueWithGradient(at: x) { softmaxCrossEntropy($0, y) }
                return (result.value, result.gradient)
            }
            return { run(spec.inputs[0], spec.inputs[1]).0 }
        },
        "elementwise_chain": Workload(spec: { Spec(inputs: [$0.normal([16 * 1024 * 1024])], parameters: []) }) { spec in
            let run = compile { (x: Tensor) in
                let result = valueWithGradient(at: x) { x in
                    let product = tanh(x * 1.5 + 0.25) * sigmoid(x)
                    return (product + x * x).mean()
                }
                return (result.value, result.gradient)
            }
            return { run(spec.inputs[0]).0 }
        },
        "optim_adam_10m": Workload(spec: { $0.matrices(10, [1000, 1000]) }) { spec in
            let model = Blocks(blocks: spec.parameters.map { Variable($0, isTrainable: true) })
            let optimizer = Adam(learningRate: 1e-3)
            let parameters = model.parameters
            let update = compile { (gradients: [Tensor]) in
                optimizer.update(model, with: Gradients(zip(parameters, gradients).map { ($0, $1) }))
                return model.parameters[0].variable.value[0, 0]
            }
            return { update(spec.inputs) }
        },
        "hessian_mlp": Workload(spec: { Spec(inputs: [$0.normal([64, 8]), $0.normal([64, 1])], parameters: $0.dense([8, 16, 1])) }) { spec in
            let flat = Tensor.concatenate(spec.parameters.map { $0.flattened() })
            evaluate(flat)
            let run = compile { (v: Tensor, x: Tensor, y: Tensor) in
                hessian(at: v) { v in
                    let parts = v.split(sizes: [128, 16, 16, 1])
                    let hidden = tanh(x.matmul(parts[0].reshaped(16, 8).transposed()) + parts[1])
                    return meanSquaredError(hidden.matmul(parts[2].reshaped(1, 16).transposed()) + parts[3], y)
                }
            }
            return { run(flat, spec.inputs[0], spec.inputs[1]) }
        },
        "jacobian_mlp": Workload(spec: { Spec(inputs: [$0.normal([64])], parameters: $0.dense([64, 128, 64])) }) { spec in
            let model = Sequential(Linear(64, 128), Activation.tanh, Linear(128, 64))
            load(model, spec.parameters)
            let run = compile { (x: Tensor) in jacobian(at: x, mode: .reverse) { model($0) } }
            return { run(spec.inputs[0]) }
        },
        "mlp_small_eager": Workload(spec: { $0.classifier([64, 128, 10], batch: 32) }) { spec in
            let model = multilayer([64, 128, 10]), optimizer = Adam(learningRate: 1e-3)
            load(model, spec.parameters)
            return {
                let (loss, gradients) = valueWithGradient(at: model) { softmaxCrossEntropy($0(spec.inputs[0]), spec.inputs[1]) }
                optimizer.update(model, with: gradients)
                evaluate(loss)
                return loss
            }
        },
    ]
}

/// Parameters without a network.
struct Blocks: Module {
    let blocks: [Variable]
    var children: [(name: String, value: Any)] { blocks.enumerated().map { ("p\($0.offset)", $0.element) } }
}

func multilayer(_ sizes: [Int]) -> Sequential {
    var layers: [any Layer] = []
    for (inputs, outputs) in zip(sizes, sizes.dropFirst()) { layers += [Linear(inputs, outputs), Activation.relu] }
    return Sequential(Array(layers.dropLast()))
}

func load(_ model: some Module, _ parameters: [Tensor]) {
    for (entry, value) in zip(model.parameters, parameters) { entry.variable.value = value + 0 }
    evaluate(model.parameters.map(\.variable.value))
}

func train(_ model: Sequential, _ spec: Spec, _ optimizer: some Optimizer, loss: @escaping (Sequential, Tensor, Tensor) -> Tensor) -> () -> Tensor {
    load(model, spec.parameters)
    let step = compile { (x: Tensor, y: Tensor) in
        let (value, gradients) = valueWithGradient(at: model) { loss($0, x, y) }
        optimizer.update(model, with: gradients)
        return value
    }
    return { step(spec.inputs[0], spec.inputs[1]) }
}

func classifier(_ sizes: [Int], _ spec: Spec) -> () -> Tensor {
    train(multilayer(sizes), spec, Adam(learningRate: 1e-3)) { model, x, y in softmaxCrossEntropy(model(x), y) }
}
