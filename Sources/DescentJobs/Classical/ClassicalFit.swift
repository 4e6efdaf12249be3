import DescentCore
import DescentData
import DescentModels
import DescentTrain

/// A classical model that was fitted: its coefficients, what it says of itself, and its answers.
struct ClassicalFit {
    /// The coefficients of one number that the model says: a prediction, log-odds, or a class's score.
    struct Output: Equatable {
        /// The class, or the target.
        let name: String
        let coefficients: [Double]
        let intercept: Double
        /// Of the coefficients, then of the intercept; empty where there are none.
        var standardErrors: [Double] = []
    }

    /// The linear terms; nil for one-vs-one votes.
    let outputs: [Output]?
    /// Its summary, line by line.
    private(set) var summary: [String]
    private let kind: ClassicalKind
    private let classes: [String]
    /// Class numbers of rows, where they are found by votes.
    private let votes: ((Tensor) -> [Int])?

    /// A factor of the scores of models that give only a side, so that the sigmoid is 0 or 1.
    static let certainty = 1e4

    /// Fits a model.
    ///
    /// - Throws: `ModelError`.
    init(_ training: ClassicalTraining, _ x: Tensor, targets y: Tensor) throws {
        kind = training.kind
        classes = training.target.classes
        let classes = classes
        let names = training.featureNames
        let iterations = training.settings.iterations, rate = training.settings.rate
        var votes: ((Tensor) -> [Int])?
        switch kind {
        case .linear, .ridge, .lasso, .elasticNet:
            let solver: LinearRegression.Solver =
                switch training.method {
                case .singularValues: .singularValues
                case .gradientDescent: .gradientDescent(rate: rate, iterations: iterations)
                case .stochastic: .stochasticGradientDescent(rate: rate, epochs: iterations, seed: training.settings.table.seed)
                default: .automatic
                }
            var model = LinearRegression(penalty: training.penalty, solver: solver, featureNames: names)
            try model.fit(x, y)
            let said = model.summary()
            outputs = [
                Output(
                    name: training.target.name, coefficients: model.coefficients.doubles, intercept: model.intercept,
                    standardErrors: said.rows.dropFirst().map(\.standardError) + [said.rows[0].standardError])
            ]
            summary = said.description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            summary[0] = Self.heading(training, x)
            if training.penalty != .none, model.coefficients.doubles.allSatisfy({ $0 == 0 }) {
                summary.append("Note: the penalty leaves nothing of the coefficients; use a smaller one (--penalty).")
            }
        case .logistic:
            let solver: LogisticRegression.Solver =
                switch training.method {
                case .limitedMemoryBFGS: .limitedMemoryBFGS()
                case .gradientDescent: .gradientDescent(rate: rate)
                default: .newton
                }
            var model = LogisticRegression(penalty: training.penalty, solver: solver, iterations: iterations, featureNames: names)
            try model.fit(x, y)
            let said = model.summary()
            outputs = [
                Output(
                    name: classes[1], coefficients: model.coefficients.doubles, intercept: model.intercept,
                    standardErrors: said.rows.dropFirst().map(\.standardError) + [said.rows[0].standardError])
            ]
            summary = said.description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            summary[0] = Self.heading(training, x) + ", log-odds of \(classes[1]) against \(classes[0])"
        case .perceptron:
            var model = Perceptron(epochs: iterations)
            try model.fit(x, y)
            outputs = [Output(name: classes[1], coefficients: model.coefficients.doubles, intercept: model.intercept)]
            summary = [Self.heading(training, x) + ", above 0 for \(classes[1]), else \(classes[0])"]
            summary += ["", "\(model.outcome)"]
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
            outputs = Self.outputs(classes, model.coefficients, model.intercepts)
            summary = [Self.heading(training, x) + ", a score for each class", ""]
            summary.append(Self.likelihood(model.probabilities(x), y))
            if training.penalty == .none { summary += Self.perfect(model.predict(x), y, classes) }
            if model.end != .converged { summary.append("Note: the search ended before it converged (\(model.end)); allow more --iterations.") }
        case .gaussian:
            var model = LinearDiscriminant()
            try model.fit(x, y)
            let all = Self.outputs(classes, model.coefficients, model.intercepts)
            // Of two classes the difference of the scores is the log-odds.
            outputs = classes.count == 2 ? [all[1].minus(all[0])] : all
            summary = [Self.heading(training, x) + (classes.count == 2 ? ", log-odds of \(classes[1]) against \(classes[0])" : ", a score for each class"), ""]
            summary.append(Self.likelihood(model.probabilities(x), y))
        case .oneVsRest:
            var model = OneVsRest(LogisticRegression(penalty: training.penalty, iterations: iterations))
            try model.fit(x, y)
            let all = zip(classes, model.models).map { Output(name: $0, coefficients: $1.coefficients.doubles, intercept: $1.intercept) }
            outputs = classes.count == 2 ? [all[1].minus(all[0])] : all
            summary = [Self.heading(training, x) + ", log-odds of each class against the rest"]
        case .oneVsOne:
            var model = OneVsOne(LogisticRegression(penalty: training.penalty, iterations: iterations))
            try model.fit(x, y)
            let fitted = model
            votes = { fitted.predict($0).ints }
            outputs = nil
            summary = [Self.heading(training, x) + ", log-odds of the second of each pair", ""]
            summary += Self.coefficients(
                model.models.map { Output(name: "\(classes[$0.second])/\(classes[$0.first])", coefficients: $0.model.coefficients.doubles, intercept: $0.model.intercept) },
                names)
        }
        self.votes = votes
        if let outputs, ![.linear, .ridge, .lasso, .elasticNet, .logistic].contains(kind) {
            summary.insert(contentsOf: [""] + Self.coefficients(outputs, names), at: 1)
        }
        if !kind.isRegression { summary += Self.collinear(x, names) }
    }

    private static func heading(_ training: ClassicalTraining, _ x: Tensor) -> String {
        let title = training.kind.title
        let penalty = training.penalty == .none ? "" : ", penalty \(training.penalty.words)"
        return "\(title.prefix(1).uppercased() + title.dropFirst()): \(grouped(x.shape[0])) rows, \(grouped(x.shape[1])) columns\(penalty)"
    }

    private static func outputs(_ classes: [String], _ coefficients: Tensor, _ intercepts: Tensor) -> [Output] {
        let (all, starts) = (coefficients.doubles, intercepts.doubles)
        let width = coefficients.shape[1]
        return classes.indices.map { Output(name: classes[$0], coefficients: Array(all[$0 * width..<($0 + 1) * width]), intercept: starts[$0]) }
    }

    /// A line for each column, a place for each output.
    private static func coefficients(_ outputs: [Output], _ names: [String]) -> [String] {
        let rows =
            [[""] + outputs.map(\.name), ["intercept"] + outputs.map { number($0.intercept) }]
            + names.indices.map { place in [names[place]] + outputs.map { number($0.coefficients[place]) } }
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + space : space + row[column]
            }.joined(separator: "  ")
        }
    }

    private static func number(_ value: Double) -> String {
        let size = Swift.abs(value)
        return size != 0 && (size < 1e-4 || size >= 1e7) ? scientific(value, 4) : fixed(value, size >= 1000 ? 2 : 4)
    }

    private static func likelihood(_ probabilities: Tensor, _ labels: Tensor) -> String {
        let values = probabilities.doubles, width = probabilities.shape[1]
        let sum = labels.ints.enumerated().reduce(0.0) { $0 + logarithm(values[$1.offset * width + $1.element]) }
        return "log-likelihood  \(number(sum))"
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

    /// Answers to rows of the design matrix.
    func answers(_ x: Tensor) -> [Prediction] {
        if let votes {
            return votes(x).map { label in .label(label, probabilities: classes.indices.map { $0 == label ? 1 : 0 }) }
        }
        let columns = outputs!.map { (x.matmul(Tensor(float64: $0.coefficients)) + $0.intercept).doubles }
        if kind.isRegression { return columns[0].map { .value($0) } }
        let factor = kind.hasProbabilities ? 1 : Self.certainty
        return (0..<x.shape[0]).map { row in
            var scores = columns.map { $0[row] * factor }
            if scores.count == 1 { scores.insert(0, at: 0) }
            let highest = scores.max()!
            let parts = scores.map { exponential($0 - highest) }
            let sum = parts.reduce(0, +)
            // Of a tie of two classes the first is the answer.
            let label = columns.count == 1 ? (columns[0][row] > 0 ? 1 : 0) : scores.firstIndex(of: highest)!
            return .label(label, probabilities: parts.map { Float($0 / sum) })
        }
    }
}

extension ClassicalFit.Output {
    /// The difference of two scores.
    func minus(_ other: Self) -> Self {
        ClassicalFit.Output(name: name, coefficients: zip(coefficients, other.coefficients).map { $0 - $1 }, intercept: intercept - other.intercept)
    }
}
