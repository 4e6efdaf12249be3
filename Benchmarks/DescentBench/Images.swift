import Descent

extension Workload {
    /// Convolutional networks.
    static let images: [String: Workload] = [
        "cnn_small_step": Workload(spec: { $0.smallImages(64) }) { spec in
            train(smallNetwork(), spec, Adam(learningRate: 1e-3)) { model, x, y in softmaxCrossEntropy(model(x), y) }
        },
        "cnn_cifar_step": Workload(spec: { $0.colourImages(32) }) { spec in
            var layers: [any Layer] = [], channels = 3
            for (index, filters) in [64, 64, 128, 128, 256, 256].enumerated() {
                layers += [Conv2d(channels, filters, kernel: 3, padding: 1, bias: false), BatchNorm(filters), Activation.relu]
                if index % 2 == 1 { layers.append(MaxPool(2)) }
                channels = filters
            }
            return train(Sequential(layers + [Flatten(), Linear(256 * 16, 10)]), spec, SGD(learningRate: 0.01, momentum: 0.9)) { model, x, y in
                softmaxCrossEntropy(model(x), y)
            }
        },
        "conv3x3_output": convolution { x, w, _ in x.convolved(with: w, padding: 1) },
        "conv3x3_input": convolution { x, w, y in gradient(at: x) { ($0.convolved(with: w, padding: 1) * y).sum() } },
        "conv3x3_weight": convolution { x, w, y in gradient(at: w) { (x.convolved(with: $0, padding: 1) * y).sum() } },
        "infer_cnn_b1": Workload(spec: { generator in
            var spec = generator.smallImages(1)
            spec.inputs = [spec.inputs[0]]
            return spec
        }) { spec in
            let model = smallNetwork()
            load(model, spec.parameters)
            let run = compile { (x: Tensor) in model(x) }
            return { run(spec.inputs[0]) }
        },
    ]

    /// One of the three operations of a convolution of 3 x 3, 64 to 64 channels, 32 images of 32 x 32: 2.4 GFLOP. Not of the peers' side.
    private static func convolution(_ operation: @escaping @Sendable (Tensor, Tensor, Tensor) -> Tensor) -> Workload {
        Workload(spec: { Spec(inputs: [$0.normal([32, 64, 32, 32]), $0.normal([64, 64, 3, 3]), $0.normal([32, 64, 32, 32])], parameters: []) }) { spec in
            let run = compile { (x: Tensor, w: Tensor, y: Tensor) in operation(x, w, y) }
            return { run(spec.inputs[0], spec.inputs[1], spec.inputs[2])[0].flattened()[0] }
        }
    }

    private static func smallNetwork() -> Sequential {
        Sequential(
            Conv2d(1, 32, kernel: 3, padding: 1), Activation.relu, MaxPool(2), Conv2d(32, 64, kernel: 3, padding: 1), Activation.relu, MaxPool(2), Flatten(),
            Linear(64 * 49, 128), Activation.relu, Linear(128, 10))
    }
}

extension Generator {
    func convolution(_ channels: Int, _ filters: Int, bias: Bool) -> [Tensor] {
        let weight = normal([filters, channels, 3, 3]) * (1 / Double(channels * 9).squareRoot())
        return bias ? [weight, Tensor.zeros([filters])] : [weight]
    }

    func smallImages(_ count: Int) -> Spec {
        Spec(
            inputs: [normal([count, 1, 28, 28]), labels(10, count)],
            parameters: convolution(1, 32, bias: true) + convolution(32, 64, bias: true) + dense([64 * 49, 128, 10]))
    }

    func colourImages(_ count: Int) -> Spec {
        var parameters: [Tensor] = [], channels = 3
        for filters in [64, 64, 128, 128, 256, 256] {
            parameters += convolution(channels, filters, bias: false) + [Tensor.ones([filters]), Tensor.zeros([filters])]
            channels = filters
        }
        return Spec(inputs: [normal([count, 3, 32, 32]), labels(10, count)], parameters: parameters + dense([256 * 16, 10]))
    }
}
