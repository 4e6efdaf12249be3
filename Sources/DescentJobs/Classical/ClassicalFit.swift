import DescentCore
import DescentData
import DescentExplain
import DescentModels
import DescentTrain

/// A classical model as it was fitted: how it answers, and what is inferred of it.
struct ClassicalFit {
    /// How it answers.
    let rule: ClassicalRule
    /// Standard errors and what follows from them; nil where the model has none.
    private(set) var inference: ClassicalInference?
    /// Its summary, line by line.
    private(set) var summary: [String] = []

    /// Fits a model.
    ///
    /// - Throws: `ModelError`, `DataError`.
    init(_ training: ClassicalTraining) throws {
        let rows = training.split.train, settings = training.settings
        let target = try training.targets(rows), kind = training.kind
        if case .nonlinear(let expression, let parameters) = training.formula.content {
            let fit = try Self.nonlinear(training, expression, parameters, target)
            inference = .nonlinear(fit)
            rule = .formula(expression, zip(parameters, fit.estimates).map { ($0, $1.value) })
            summary = ClassicalSummary.nonlinear(fit, training)
            return
        }
        let design = training.design!, columns = try design.matrix(training.table, rows: rows)
        let name = training.target.task == .regression ? training.formula.response.source : training.target.classes.last ?? training.target.name
        if kind == .linear, training.method == .automatic {
            let fit = try LeastSquaresFit(columns, target, intercept: design.hasIntercept, isRobust: settings.isRobust, confidence: settings.confidence)
            inference = .leastSquares(fit)
            rule = .scores([Self.output(name, fit.estimates, design)])
            summary = ClassicalSummary.leastSquares(fit, training)
            return
        }
        let x = Tensor(float64: columns.flatMap(\.values), shape: [columns.count, rows.count]).transposed()
        let y = training.target.task == .regression ? Tensor(float64: target) : Tensor(int64: target.map { Int($0) })
        if kind == .logistic, training.penalty == .none, training.method == .newton {
            var search = LogisticRegression(penalty: .none, intercept: design.hasIntercept, iterations: settings.iterations, featureNames: design.names)
            try search.fit(x, y)
            let start = (design.hasIntercept ? [search.intercept] : []) + search.coefficients.doubles
            let fit = try LogisticFit(columns, target.map { $0 == 1 }, intercept: design.hasIntercept, from: start, confidence: settings.confidence)
            inference = .logistic(fit, hasIntercept: design.hasIntercept)
            rule = .scores([Self.output(name, fit.estimates, design)])
            summary = ClassicalSummary.logistic(fit, training)
            return
        }
        let (found, notes) = try Self.search(training, x, y, name)
        rule = found
        summary = ClassicalSummary.plain(found, training, x, notes)
    }

    /// The coefficients of all of a design's columns, of estimates of some of them.
    private static func output(_ name: String, _ estimates: [Estimate], _ design: DesignMatrix) -> ClassicalRule.Output {
        let known = Dictionary(estimates.map { ($0.name, $0.value) }) { first, _ in first }
        return ClassicalRule.Output(
            name: name, coefficients: design.names.map { known[$0] ?? 0 }, intercept: design.hasIntercept ? known[LeastSquaresFit.interceptName] ?? 0 : 0)
    }

    private static func nonlinear(_ training: ClassicalTraining, _ expression: Expression, _ parameters: [String], _ target: [Double]) throws -> NonlinearFit {
        let table = training.table, rows = training.split.train, settings = training.settings
        var inputs: [String: Tensor] = [:], scales: [ClosedRange<Double>] = []
        for name in expression.names where !parameters.contains(name) {
            let column = try table.column(name)
            let values = rows.map { table.number(row: $0, column: column) ?? .nan }
            inputs[name] = Tensor(float64: values)
            if let low = values.min(), let high = values.max() { scales.append(low...high) }
        }
        let known = inputs
        // What doesn't fit together is found before the search.
        var probe = known
        for name in parameters { probe[name] = Tensor(float64: [1], shape: []) }
        let shape = try expression(probe).shape
        if shape != [], shape != [rows.count] {
            throw ExpressionError(source: expression.source, place: expression.root.place, reason: "the formula has values of the shape \(shape); each of the \(rows.count) rows needs one")
        }
        let function = try expression.function(of: parameters + known.keys.sorted())
        let data = known.keys.sorted().map { known[$0]! }
        let problem = NonlinearLeastSquares(
            parameters, target: target, linear: expression.linearNames(among: parameters).map { parameters.firstIndex(of: $0)! },
            bounds: parameters.map { settings.bounds[$0] }, scales: scales
        ) { p in function(parameters.indices.map { p[$0] } + data) }
        return try problem.fit(
            from: settings.start.isEmpty ? nil : parameters.map { settings.start[$0]! }, seed: settings.table.seed, confidence: settings.confidence)
    }

    /// Models that are searched for without inference, and what was noticed.
    private static func search(_ training: ClassicalTraining, _ x: Tensor, _ y: Tensor, _ name: String) throws -> (ClassicalRule, [String]) {
        let settings = training.settings, classes = training.target.classes, names = training.featureNames
        let iterations = settings.iterations, rate = settings.rate
        func outputs(_ coefficients: Tensor, _ intercepts: Tensor) -> [ClassicalRule.Output] {
            let (all, starts) = (coefficients.doubles, intercepts.doubles), width = coefficients.shape[1]
            return classes.indices.map { ClassicalRule.Output(name: classes[$0], coefficients: Array(all[$0 * width..<($0 + 1) * width]), intercept: starts[$0]) }
        }
        switch training.kind {
        case .linear, .ridge, .lasso, .elasticNet, .nonlinear:
            let solver: LinearRegression.Solver =
                switch training.method {
                case .singularValues: .singularValues
                case .gradientDescent: .gradientDescent(rate: rate, iterations: iterations)
                case .stochastic: .stochasticGradientDescent(rate: rate, epochs: iterations, seed: settings.table.seed)
                default: .automatic
                }
            var model = LinearRegression(penalty: training.penalty, solver: solver, featureNames: names)
            try model.fit(x, y)
            let isEmpty = training.penalty != .none && model.coefficients.doubles.allSatisfy { $0 == 0 }
            let rest = model.summary()
            return (
                .scores([.init(name: name, coefficients: model.coefficients.doubles, intercept: model.intercept)]),
                ["R²              \(ClassicalSummary.number(rest.rSquared))", "condition       \(ClassicalSummary.number(rest.conditionNumber))"] + model.collinear.map { "Note: \($0)" }
                    + (isEmpty ? ["Note: the penalty leaves nothing of the coefficients; use a smaller one (--penalty)."] : [])
            )
        case .logistic:
            let solver: LogisticRegression.Solver =
                switch training.method {
                case .limitedMemoryBFGS: .limitedMemoryBFGS()
                case .gradientDescent: .gradientDescent(rate: rate)
                default: .newton
                }
            var model = LogisticRegression(penalty: training.penalty, solver: solver, iterations: iterations, featureNames: names)
            try model.fit(x, y)
            let rest = model.summary()
            return (
                .scores([.init(name: name, coefficients: model.coefficients.doubles, intercept: model.intercept)]),
                ["log-likelihood  \(ClassicalSummary.number(rest.logLikelihood))"] + ended(model.end) + collinear(x, names)
            )
        case .perceptron:
            var model = Perceptron(epochs: iterations)
            try model.fit(x, y)
            return (.scores([.init(name: name, coefficients: model.coefficients.doubles, intercept: model.intercept)]), ["\(model.outcome)"] + collinear(x, names))
        case .softmax:
            let solver: SoftmaxRegression.Solver =
                switch training.method {
                case .newton: .newton
                case .gradientDescent: .gradientDescent(rate: rate)
                default: .limitedMemoryBFGS()
                }
            // The usual tolerance is that of large data; here the last digits are shown.
            var model = SoftmaxRegression(penalty: training.penalty, solver: solver, tolerance: 1e-8, iterations: iterations)
            try model.fit(x, y)
            let notes = training.penalty == .none ? perfect(model.predict(x), y, classes) : []
            let all = outputs(model.coefficients, model.intercepts)
            return (.scores(classes.count == 2 ? [all[1].minus(all[0])] : all), [likelihood(model.probabilities(x), y)] + notes + ended(model.end) + collinear(x, names))
        case .gaussian:
            var model = LinearDiscriminant()
            try model.fit(x, y)
            let all = outputs(model.coefficients, model.intercepts)
            // Of two classes the difference of the scores is the log-odds.
            return (.scores(classes.count == 2 ? [all[1].minus(all[0])] : all), [likelihood(model.probabilities(x), y)] + collinear(x, names))
        case .oneVsRest:
            var model = OneVsRest(LogisticRegression(penalty: training.penalty, iterations: iterations))
            try model.fit(x, y)
            let all = zip(classes, model.models).map { ClassicalRule.Output(name: $0, coefficients: $1.coefficients.doubles, intercept: $1.intercept) }
            return (.scores(classes.count == 2 ? [all[1].minus(all[0])] : all), collinear(x, names))
        case .oneVsOne:
            var model = OneVsOne(LogisticRegression(penalty: training.penalty, iterations: iterations))
            try model.fit(x, y)
            return (
                .votes(
                    model.models.map { pair in
                        (
                            pair.first, pair.second,
                            ClassicalRule.Output(
                                name: "\(classes[pair.second])/\(classes[pair.first])", coefficients: pair.model.coefficients.doubles, intercept: pair.model.intercept)
                        )
                    }), collinear(x, names)
            )
        }
    }

    private static func ended(_ end: DescentModels.Minimum.End) -> [String] {
        end == .converged ? [] : ["Note: the search ended before it converged (\(end)); allow more --iterations."]
    }

    private static func likelihood(_ probabilities: Tensor, _ labels: Tensor) -> String {
        let values = probabilities.doubles, width = probabilities.shape[1]
        let sum = labels.ints.enumerated().reduce(0.0) { $0 + logarithm(values[$1.offset * width + $1.element]) }
        return "log-likelihood  \(ClassicalSummary.number(sum))"
    }

    /// Classes that are never confused with another: without a penalty their coefficients may grow without bound (separation).
    private static func perfect(_ predicted: Tensor, _ labels: Tensor, _ classes: [String]) -> [String] {
        let pairs = Array(zip(predicted.ints, labels.ints))
        return classes.indices.filter { label in pairs.allSatisfy { ($0 == label) == ($1 == label) } }.map {
            "Note: \(classes[$0]) is told apart without a mistake; without a penalty its coefficients may grow without end (--penalty ridge:1)."
        }
    }

    /// Columns that others give away, as least squares find them.
    private static func collinear(_ x: Tensor, _ names: [String]) -> [String] {
        var probe = LinearRegression(featureNames: names)
        guard (try? probe.fit(x, Tensor.zeros([x.shape[0]], dtype: .float64))) != nil else { return [] }
        return probe.collinear.map { "Note: \($0)" }
    }
}
