import DescentCore
import DescentData
import DescentFormats
import DescentModels
import DescentTrain

/// The classical models that a table can be fitted with.
public enum ClassicalKind: String, CaseIterable, Sendable {
    /// Least squares.
    case linear
    /// Least squares with a penalty on the squares of the coefficients.
    case ridge
    /// Least squares with a penalty on the sizes of the coefficients.
    case lasso
    /// Least squares with both penalties.
    case elasticNet = "elastic-net"
    /// Two classes by Rosenblatt's rule.
    case perceptron
    /// Two classes by maximum likelihood.
    case logistic
    /// Several classes by maximum likelihood.
    case softmax
    /// A logistic regression for each class against all others.
    case oneVsRest = "one-vs-rest"
    /// A logistic regression for each pair of classes.
    case oneVsOne = "one-vs-one"
    /// Classes as normal distributions of one covariance: linear discriminant analysis.
    case gaussian
    /// Least squares of a formula with parameters in which it is not linear.
    case nonlinear

    /// Its name in words.
    public var title: String {
        switch self {
        case .linear: "linear regression"
        case .ridge: "ridge regression"
        case .lasso: "lasso"
        case .elasticNet: "elastic net"
        case .perceptron: "perceptron"
        case .logistic: "logistic regression"
        case .softmax: "softmax regression"
        case .oneVsRest: "one logistic regression for each class against the rest"
        case .oneVsOne: "one logistic regression for each pair of classes"
        case .gaussian: "linear discriminant (normal distributions of one covariance)"
        case .nonlinear: "nonlinear least squares"
        }
    }

    /// Whether it says numbers; the others say classes.
    public var isRegression: Bool { [.linear, .ridge, .lasso, .elasticNet, .nonlinear].contains(self) }

    /// Whether it gives each class a probability.
    var hasProbabilities: Bool { [.logistic, .softmax, .gaussian].contains(self) }

    /// The methods that it can be fitted by; the first is the usual one. None where there is one way only.
    public var methods: [ClassicalMethod] {
        switch self {
        case .linear, .ridge: [.automatic, .singularValues, .gradientDescent, .stochastic]
        case .logistic: [.newton, .limitedMemoryBFGS, .gradientDescent]
        case .softmax: [.limitedMemoryBFGS, .newton, .gradientDescent]
        case .lasso, .elasticNet, .perceptron, .oneVsRest, .oneVsOne, .gaussian, .nonlinear: []
        }
    }

    /// Whether it takes a penalty of its own choice.
    var takesPenalty: Bool { ![.linear, .perceptron, .gaussian, .nonlinear].contains(self) }

    /// The default model of a task.
    public static func usual(for task: PredictionTask) -> ClassicalKind {
        switch task {
        case .regression: .linear
        case .binary: .logistic
        case .multiclass: .softmax
        }
    }
}

/// How a minimum is found.
public enum ClassicalMethod: String, CaseIterable, Sendable {
    /// The best that there is: of least squares without a penalty the normal equations in double-double precision.
    case automatic
    /// Singular values.
    case singularValues = "svd"
    /// Newton's method.
    case newton
    /// L-BFGS.
    case limitedMemoryBFGS = "lbfgs"
    /// Gradient descent.
    case gradientDescent = "gradient-descent"
    /// Stochastic gradient descent.
    case stochastic = "sgd"

    /// Whether columns must be of like size for it.
    var needsScaling: Bool { self == .gradientDescent || self == .stochastic }
}

/// How to fit a classical model to a table. What is nil is chosen by the target and the model.
public struct ClassicalSettings: Equatable, Sendable {
    /// The model.
    public var kind: ClassicalKind?
    /// How columns are understood, and which rows are held out: task, columns, odd cells, test fraction and seed are used.
    public var table = TabularSettings()
    /// The penalty term; its form is that of the model where the model has one.
    public var penalty: Penalty?
    /// How the minimum is found.
    public var method: ClassicalMethod?
    /// The step of gradient descent.
    public var rate = 0.1
    /// The most steps, or of stochastic gradient descent and the perceptron epochs.
    public var iterations = 1000
    /// The highest degree of products of columns.
    public var degree = 1
    /// The model as a formula: terms of columns, or any function of columns and parameters (`ModelFormula`). nil for all columns.
    public var formula: String?
    /// Functions that are taken of columns, by column: `log` of a column instead of the column. Without a formula.
    public var transforms: [String: String] = [:]
    /// Whether numbers are scaled to a mean of 0 and a standard deviation of 1. Penalties and descents scale them in any case.
    public var isStandardized = false
    /// The levels that others are compared with, by column; the first of its levels where none is named.
    public var references: [String: String] = [:]
    /// Whether categories have an indicator for each level, without a reference.
    public var hasAllLevels = false
    /// Where the parameters of a nonlinear model start, all of them or none.
    public var start: [String: Double] = [:]
    /// The least and the largest value of parameters of a nonlinear model.
    public var bounds: [String: ClosedRange<Double>] = [:]
    /// Whether standard errors are those of errors of unequal variance (HC3).
    public var isRobust = false
    /// The probability that a confidence interval covers its coefficient.
    public var confidence = 0.95

    /// Everything chosen by the target and the model.
    public init() {}

    /// Checks everything that can be checked without a table.
    ///
    /// - Throws: `SettingsError` that says what would be right.
    public func validate() throws(SettingsError) {
        try table.validate()
        if !(rate > 0 && rate.isFinite) { throw SettingsError("the rate is \(rate); it must be above 0, 0.1 say") }
        if !(1...10_000_000).contains(iterations) { throw SettingsError("\(iterations) iterations are not possible; it must be 1 to 10000000") }
        if !(1...30).contains(degree) { throw SettingsError("a degree of \(degree) is not possible; it must be 1 to 30") }
        if !(confidence > 0 && confidence < 1) { throw SettingsError("a confidence of \(confidence) is not possible; it must be above 0 and below 1, 0.95 say") }
        if formula != nil {
            if degree > 1 { throw SettingsError("a formula says which powers there are; write x + x^2, or leave out --formula or --degree") }
            if let column = transforms.keys.sorted().first {
                throw SettingsError("a formula says what is computed; write \(transforms[column]!)(\(column)) in it, or leave out --formula or --transform")
            }
        }
        for (column, name) in transforms.sorted(by: { $0.key < $1.key }) where Self.transformNames[name] == nil {
            throw SettingsError("there is no transformation \(quoted(name)) for \(column); there are \(Self.transformNames.keys.sorted().joined(separator: ", "))")
        }
    }

    /// The transformations by name, each as a formula of a column's name.
    static let transformNames: [String: @Sendable (String) -> String] = [
        "log": { "log(\($0))" }, "log1p": { "log1p(\($0))" }, "sqrt": { "sqrt(\($0))" }, "exp": { "exp(\($0))" }, "square": { "\($0)^2" }, "inverse": { "1/\($0)" },
        "abs": { "abs(\($0))" },
    ]

    /// The model's penalty: the one that was asked for or, where the model needs one, of strength 1.
    ///
    /// - Throws: `SettingsError` where the model takes none, or one of another form.
    func chosenPenalty(_ kind: ClassicalKind) throws(SettingsError) -> Penalty {
        guard let penalty else {
            return switch kind {
            case .linear, .logistic, .perceptron, .gaussian, .nonlinear: .none
            case .ridge, .softmax, .oneVsRest, .oneVsOne: .ridge(1)
            case .lasso: .lasso(1)
            case .elasticNet: .elasticNet(1, lassoShare: 0.5)
            }
        }
        if penalty == .none && ![.ridge, .lasso, .elasticNet].contains(kind) { return .none }
        guard kind.takesPenalty else {
            throw SettingsError("a \(kind.title) takes no penalty\(kind == .linear ? "; ridge, lasso and elastic-net do (--model)" : "")")
        }
        let fits =
            switch (kind, penalty) {
            case (.ridge, .ridge), (.lasso, .lasso), (.elasticNet, .elasticNet): true
            case (.logistic, _), (.oneVsRest, _), (.oneVsOne, _), (.softmax, .ridge): true
            default: false
            }
        if !fits {
            let right = kind == .softmax ? "ridge or none (one-vs-rest takes the others)" : kind.rawValue
            throw SettingsError("the penalty of a \(kind.title) is \(right), not \(penalty.words)")
        }
        return penalty
    }

    /// The model's method: the one that was asked for, or the usual one; nil where there is one way only.
    ///
    /// - Throws: `SettingsError` for one that the model is not fitted by.
    func chosenMethod(_ kind: ClassicalKind) throws(SettingsError) -> ClassicalMethod? {
        guard let method else { return kind.methods.first }
        if !kind.methods.contains(method) {
            let known = kind.methods.map(\.rawValue).joined(separator: ", ")
            throw SettingsError("a \(kind.title) is not fitted by \(method.rawValue); " + (known.isEmpty ? "there is one way only, leave out --method" : "there are \(known)"))
        }
        return method
    }
}

extension Penalty {
    /// In words, as it is written on the command line: "ridge:1".
    public var words: String {
        switch self {
        case .none: "none"
        case .ridge(let strength): "ridge:\(shortNumber(strength))"
        case .lasso(let strength): "lasso:\(shortNumber(strength))"
        case .elasticNet(let strength, let share): "elastic-net:\(shortNumber(strength)):\(shortNumber(share))"
        }
    }
}
