import DescentCore
import DescentData
import DescentModels
import Testing

/// Against scikit-learn 1.x on iris and the digits, in float64, its answers polished by Newton steps.
@Suite struct ClassificationTests {
    @Test("a ridge's logistic regression by every solver", arguments: [LogisticRegression.Solver.newton, .limitedMemoryBFGS()])
    func ridge(_ solver: LogisticRegression.Solver) throws {
        var model = LogisticRegression(solver: solver, tolerance: 1e-11)
        try model.fit(Iris.hardInputs, Iris.hardTargets)
        expectClose(
            model.coefficients.doubles + [model.intercept],
            [-0.3944334785720543, -0.5132774044284334, 2.9307513838533588, 2.417032188337007, -14.43075818016871], 1e-7)
        #expect(model.classes == [1, 2])
        expectClose([model.score(Iris.hardInputs, Iris.hardTargets)], [0.96], 1e-15)
        expectClose(model.probabilities(Iris.hardInputs).sum(axis: 1).doubles, [Double](repeating: 1, count: 100), 1e-15)
    }

    // Standard errors: the inverse of the information at the maximum, by numpy.
    @Test func maximumLikelihood() throws {
        var model = LogisticRegression(penalty: .none, tolerance: 1e-10, featureNames: ["sepal length", "sepal width", "petal length", "petal width"])
        try model.fit(Iris.hardInputs, Iris.hardTargets)
        expectClose(
            model.coefficients.doubles + [model.intercept],
            [-2.465220195186691, -6.68088701407857, 9.42938515392667, 18.28613688785102, -42.63780381302196], 1e-7)
        let summary = model.summary()
        expectClose(summary.rows.map(\.standardError), [25.70766083315856, 2.394301018535244, 4.479564566600519, 4.737207700316953, 9.742612139824704], 1e-6)
        expectClose([summary.logLikelihood], [-5.949273395679407], 1e-10)
        #expect(summary.description.contains("petal width") && summary.description.contains("log-likelihood  -5.9493"))
    }

    @Test func lasso() throws {
        var model = LogisticRegression(penalty: .lasso(1), tolerance: 1e-11)
        try model.fit(Iris.hardInputs, Iris.hardTargets)
        expectClose(model.coefficients.doubles + [model.intercept], [-0.7122429553867748, 0, 4.1549795715626665, 4.00659113958553, -22.52252543611564], 1e-5)
        #expect(model.coefficients.doubles[1] == 0)
        #expect(model.end == .converged)
    }

    @Test func separableDataHaveNoMaximum() throws {
        let x = Iris.inputs[0..<100], y = Iris.targets[0..<100]
        for solver in [LogisticRegression.Solver.newton, .limitedMemoryBFGS()] {
            var model = LogisticRegression(penalty: .none, solver: solver)
            let error = #expect(throws: ModelError.self) { try model.fit(x, y) }
            #expect(
                error?.description == "The classes can be told apart without a mistake, so the likelihood has no maximum: "
                    + "larger coefficients are always better. Add a penalty, such as .ridge(1).")
        }
        var classes = SoftmaxRegression(penalty: .none)
        #expect(throws: ModelError.self) { try classes.fit(x, y) }
        var penalised = LogisticRegression()
        try penalised.fit(x, y)
        #expect(penalised.score(x, y) == 1)
    }

    @Test("separable but for ties on the border: the gradient vanishes, the coefficients grow")
    func quasiSeparable() {
        let x = Tensor(float64: [[1], [2], [3], [3], [4], [5]]), y = Tensor(int64: [0, 0, 0, 1, 1, 1])
        for solver in [LogisticRegression.Solver.newton, .limitedMemoryBFGS()] {
            var model = LogisticRegression(penalty: .none, solver: solver)
            let error = #expect(throws: ModelError.self) { try model.fit(x, y) }
            #expect("\(String(describing: error))".contains("all but ties"))
        }
    }

    @Test("collinear columns share the coefficient")
    func collinear() throws {
        let x = Iris.hardInputs[.all, 2...2]
        var one = LogisticRegression(penalty: .none, tolerance: 1e-10), twice = one
        try one.fit(x, Iris.hardTargets)
        try twice.fit(Tensor.concatenate([x, x], axis: 1), Iris.hardTargets)
        let half = one.coefficients.doubles[0] / 2
        expectClose(twice.coefficients.doubles, [half, half], 1e-6)
    }

    @Test func softmaxOnIris() throws {
        for solver in [SoftmaxRegression.Solver.limitedMemoryBFGS(), .newton] {
            var model = SoftmaxRegression(solver: solver, tolerance: 1e-11)
            try model.fit(Iris.inputs, Iris.targets)
            expectClose(
                model.coefficients.doubles,
                [
                    -0.4235099159, 0.9673505790, -2.5171523682, -1.0793366453, 0.5344615077, -0.3215878536,
                    -0.2063920747, -0.9442984661, -0.1109515918, -0.6457627254, 2.7235444429, 2.0236351115,
                ], 1e-6)
            let intercepts = model.intercepts.doubles
            expectClose([intercepts[0] - intercepts[1], intercepts[1] - intercepts[2]], [7.612362918, 14.323978740], 1e-6)
            expectClose([model.score(Iris.inputs, Iris.targets)], [146.0 / 150], 1e-15)
        }
    }

    @Test func softmaxOnDigits() throws {
        let (pixels, labels) = Digits.load()
        let x = Tensor(float64: pixels.map { Double($0) / 16 }, shape: [1797, 64]), y = Tensor(int64: labels.map(Int.init))
        var model = SoftmaxRegression(tolerance: 1e-9)
        try model.fit(x, y)
        #expect(model.end == .converged)
        expectClose([model.objective], [358.54894773396154], 1e-9)
        expectClose(
            model.coefficients[3, 18..<26].doubles,
            [
                -2.0583182419526556, -1.6282663669396125, 0.8088056846384122, -0.5973459714210398,
                -0.08615560452187745, -0.007290250193598765, -6.853727474389567e-06, -0.5319943359010617,
            ], 1e-6)
        expectClose([model.score(x, y)], [0.9849749582637729], 1e-15)
    }

    @Test func severalClassesFromTwo() throws {
        var rest = OneVsRest(LogisticRegression(tolerance: 1e-10))
        try rest.fit(Iris.inputs, Iris.targets)
        expectClose(
            rest.models.flatMap { $0.coefficients.doubles },
            [
                -0.4450270457617234, 0.9000069675240281, -2.3235360222454653, -0.9734508703338566, -0.17931038583915396, -2.1286499373956054,
                0.6966735716029753, -1.2748067555144544, -0.394426874618955, -0.5133290449882405, 2.9308651030628, 2.4170645935547537,
            ], 1e-4)
        expectClose([rest.score(Iris.inputs, Iris.targets)], [143.0 / 150], 1e-15)
        var one = OneVsOne(LogisticRegression(tolerance: 1e-10))
        try one.fit(Iris.inputs, Iris.targets)
        #expect(one.models.map { [$0.first, $0.second] } == [[0, 1], [0, 2], [1, 2]])
        #expect(one.votes(Iris.inputs).sum(axis: 1).ints == [Int](repeating: 3, count: 150))
        expectClose([one.score(Iris.inputs, Iris.targets)], [146.0 / 150], 1e-15)
    }

    // LinearDiscriminantAnalysis(solver="lsqr")
    @Test func linearDiscriminant() throws {
        var model = LinearDiscriminant()
        try model.fit(Iris.inputs, Iris.targets)
        expectClose(
            Array(model.coefficients.doubles.prefix(5)),
            [24.02465992134722, 24.069255607744672, -16.765958186677437, -17.753480389351438, 16.01858068983458], 1e-9)
        expectClose(model.intercepts.doubles, [-88.04744666112313, -74.31697464782535, -106.4758650415066], 1e-9)
        expectClose([model.score(Iris.inputs, Iris.targets)], [0.98], 1e-15)
    }

    // cases.json: gaussian-log-odds.
    @Test func gaussianLogOdds() throws {
        let model = try GaussianLogOdds(means: Tensor(float64: [1, 2]), Tensor(float64: [-1, 0.5]), variance: 1.5, prior: 0.4)
        let points = Tensor(float64: [[0, 0], [1, 1], [-0.5, 2]])
        expectClose(model.coefficients.doubles + [model.intercept], [1.3333333333333333, 1, -1.6554651081081644], 1e-14)
        expectClose(model.logOdds(points).doubles, [-1.6554651081081644, 0.6778682252251691, -0.32213177477483096], 1e-14)
        expectClose(model.posterior(points).doubles, [0.16037169190014308, 0.6632627414078787, 0.42015630603786314], 1e-14)
        expectClose(model.likelihoodRatio(points).doubles, [0.2865047968601901, 2.9545115270921065, 1.086904049521229], 1e-14)
    }

    @Test func perceptronRestsWhereALineSeparates() throws {
        var model = Perceptron()
        try model.fit(Iris.inputs[0..<100], Iris.targets[0..<100])
        guard case .converged = model.outcome else { return #expect(Bool(false), "\(model.outcome)") }
        #expect(model.score(Iris.inputs[0..<100], Iris.targets[0..<100]) == 1)
    }

    @Test func exclusiveOrNeedsAProduct() throws {
        let x = Tensor(float64: [[0, 0], [0, 1], [1, 0], [1, 1]]), y = Tensor(int64: [0, 1, 1, 0])
        var model = Perceptron(epochs: 100)
        try model.fit(x, y)
        guard case .notSeparated(100, let fewest) = model.outcome else { return #expect(Bool(false), "\(model.outcome)") }
        #expect(fewest >= 1)
        #expect("\(model.outcome)".contains("seem not to be linearly separable"))
        let quadratic = PolynomialFeatures(degree: 2, interactionsOnly: true)
        try model.fit(quadratic(x), y)
        guard case .converged = model.outcome else { return #expect(Bool(false), "\(model.outcome)") }
        #expect(model.predict(quadratic(x)).ints == [0, 1, 1, 0])
    }

    @Test func polynomials() {
        let x = Tensor(float64: [[2, 3], [-1, 5]])
        let features = PolynomialFeatures(degree: 3, includesOne: true)
        #expect(features.names(of: ["a", "b"]) == ["1", "a", "b", "a^2", "a b", "b^2", "a^3", "a^2 b", "a b^2", "b^3"])
        #expect(features(x)[0].doubles == [1, 2, 3, 4, 6, 9, 8, 12, 18, 27])
        #expect(PolynomialFeatures(degree: 2, interactionsOnly: true).products(of: 3) == [[0], [1], [2], [0, 1], [0, 2], [1, 2]])
    }

    // cases.json: zero-one-loss.
    @Test func zeroOneLossIsFlat() {
        let scores = Tensor(float64: [-1.8, -0.8, 0.7, 1.2, 3.2]), y = Tensor(int64: [0, 1, 0, 1, 1])
        #expect(zeroOneLoss(scores: scores, y).item() == 2)
        #expect(gradient(at: scores) { zeroOneLoss(scores: $0, y) }.doubles == [0, 0, 0, 0, 0])
    }

    @Test func labels() throws {
        var model = LogisticRegression()
        #expect(throws: ModelError.labels("All 3 targets are 1; a classifier needs examples of two classes at least.")) {
            try model.fit(Tensor([[1], [2], [3]]), Tensor(int64: [1, 1, 1]))
        }
        #expect(throws: ModelError.labels("Target 1 is 0.5; a classifier's targets are whole numbers, one for each class.")) {
            try model.fit(Tensor([[1], [2]]), Tensor([0, 0.5]))
        }
        try model.fit(Tensor([[1], [2], [3], [4]]), Tensor(int64: [-7, -7, 40, 40]))
        #expect(model.classes == [-7, 40])
        #expect(model.predict(Tensor([[0], [9]])).ints == [-7, 40])
    }

    @Test("large data, from the answer for a part of them")
    func largeData() throws {
        let random = Random(seed: 3), x = random.normal([40_000, 5], dtype: .float64), noise = random.normal([40_000], dtype: .float64)
        let y = (x.matmul(Tensor(float64: [1, -2, 0.5, 0, 3])) + noise + 0.3 .> 0).cast(to: .int64)
        evaluate(x, y)
        var newton = LogisticRegression(tolerance: 1e-12), gradients = LogisticRegression(solver: .limitedMemoryBFGS(), tolerance: 1e-10)
        try newton.fit(x, y)
        try gradients.fit(x, y)
        expectClose(newton.coefficients.doubles, gradients.coefficients.doubles, 1e-7)
        #expect(newton.iterationCount <= 4)
    }
}
