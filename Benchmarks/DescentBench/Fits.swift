import Descent

/// Whole fits of classical models on the peers' data; a step is one fit, and its number the training score.
extension Workload {
    static let fits: [String: Workload] = [
        "linreg_fit": Workload(spec: { $0.tabular(100_000, 32) }) { spec in
            { score(LinearRegression(), spec.inputs[0], spec.inputs[1]) }
        },
        "logreg_fit": Workload(spec: { $0.tabular(100_000, 32) }) { spec in
            let labels = (spec.inputs[1] .> 0).cast(to: .int64)
            evaluate(labels)
            return { score(LogisticRegression(tolerance: 1e-4), spec.inputs[0], labels) }
        },
        "softmax_fit": Workload(spec: { _ in Generator.digits }) { spec in
            { score(SoftmaxRegression(tolerance: 1e-4), spec.inputs[0], spec.inputs[1]) }
        },
    ]

    /// Fits a copy of the model. The score is lazy, so that only the fit is timed, as in the peers.
    private static func score(_ model: some Model, _ x: Tensor, _ y: Tensor) -> Tensor {
        var model = model
        do { try model.fit(x, y) } catch { fail("\(error)") }
        if model is any Classifier { return (model.predict(x) .== y).cast(to: .float32).mean() }
        let rest = y - model.predict(x), spread = y - y.mean()
        return 1 - rest.dot(rest) / spread.dot(spread)
    }
}

extension Generator {
    func tabular(_ rows: Int, _ columns: Int) -> Spec {
        let x = normal([rows, columns]), y = x.matmul(normal([columns])) + normal([rows])
        evaluate(y)
        return Spec(inputs: [x, y], parameters: [])
    }

    /// The built-in digits, each pixel between 0 and 1: scikit-learn's load_digits.
    static var digits: Spec {
        let (pixels, labels) = Digits.load()
        return Spec(inputs: [Tensor(pixels.map { Float($0) / 16 }, shape: [Digits.count, 64]), Tensor(int64: labels.map(Int.init))], parameters: [])
    }
}
