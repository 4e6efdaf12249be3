import DescentCore
import DescentModels
import Testing

/// Against scikit-learn 1.x on the diabetes data, as published, in float64.
@Suite struct LinearRegressionTests {
    // LinearRegression().fit(X, y)
    private let coefficients = [
        -0.036361224223623534, -22.859648090498354, 5.602962091923719, 1.1168079933181838, -1.0899963340632226,
        0.7464504555142124, 0.3720047150891379, 6.53383193599034, 68.48312496478829, 0.2801169893214981,
    ]
    private let intercept = -334.5671385187875

    @Test("least squares by every way", arguments: [LinearRegression.Solver.automatic, .singularValues])
    func leastSquares(_ solver: LinearRegression.Solver) throws {
        var model = LinearRegression(solver: solver)
        try model.fit(Diabetes.inputs, Diabetes.targets)
        expectClose(model.coefficients.doubles, coefficients, 1e-10)
        expectClose([model.intercept], [intercept], 1e-10)
        expectClose([model.score(Diabetes.inputs, Diabetes.targets)], [0.5177484222203498], 1e-12)
    }

    @Test func descent() throws {
        // Columns of one size, so that one rate suits all.
        let x = Diabetes.inputs, mean = x.mean(axis: 0), deviation = x.standardDeviation(axes: [0])
        let scaled = (x - mean) / deviation
        var model = LinearRegression(solver: .gradientDescent(rate: 0.2, iterations: 100_000))
        try model.fit(scaled, Diabetes.targets)
        expectClose((model.coefficients / deviation).doubles, coefficients, 1e-6)

        var stochastic = LinearRegression(solver: .stochasticGradientDescent(rate: 0.005, epochs: 100))
        try stochastic.fit(scaled, Diabetes.targets)
        #expect(stochastic.score(scaled, Diabetes.targets) > 0.51)

        var diverging = LinearRegression(solver: .gradientDescent(rate: 1, iterations: 100_000))
        #expect(throws: ModelError.notConverged("Gradient descent diverged with rate 1.0. Use a smaller rate, or scale the columns.")) {
            try diverging.fit(scaled, Diabetes.targets)
        }
    }

    // Ridge(alpha=10), Lasso(alpha=2, tol=1e-15), ElasticNet(alpha=2, l1_ratio=0.3, tol=1e-15)
    @Test func penalties() throws {
        var ridge = LinearRegression(penalty: .ridge(10))
        try ridge.fit(Diabetes.inputs, Diabetes.targets)
        let ridgeExpected = [
            -0.018830389044545384, -20.529217756359152, 5.833733494532227, 1.1235145909941393, -0.050536902743141265,
            -0.20862182196584245, -0.7751985454926853, 4.684300289907577, 37.25873173188636, 0.32299468120513586,
        ]
        expectClose(ridge.coefficients.doubles, ridgeExpected, 1e-9)
        expectClose([ridge.intercept], [-226.25423522596375], 1e-9)
        ridge.solver = .singularValues
        try ridge.fit(Diabetes.inputs, Diabetes.targets)
        expectClose(ridge.coefficients.doubles, ridgeExpected, 1e-9)

        var lasso = LinearRegression(penalty: .lasso(2))
        try lasso.fit(Diabetes.inputs, Diabetes.targets)
        let found = lasso.coefficients.doubles
        expectClose(
            found,
            [
                0, -12.57838853508241, 6.0990960110457575, 1.087893818506377, 1.1953922614346497, -1.3020497681761227,
                -2.2084485120106083, 0, 1.4591714847507544 + 2e-10, 0.3594446958864295,
            ], 1e-6)
        #expect(found[0] == 0 && found[7] == 0)

        var net = LinearRegression(penalty: .elasticNet(2, lassoShare: 0.3))
        try net.fit(Diabetes.inputs, Diabetes.targets)
        expectClose(
            net.coefficients.doubles,
            [
                -0.04632072433289586, -2.489689584417822, 5.798684844973055, 1.0568722185831991, 1.2431572355315657,
                -1.3505298055251567, -2.1226904861073, 0.1083590980725726, 1.1023980194873777, 0.3695765323992712,
            ], 1e-6)
        expectClose([net.intercept], [-107.76510624106325], 1e-6)
    }

    // numpy: standard errors from the QR decomposition of [1 X], the likelihood of normal errors, cond of the centred columns of length 1.
    @Test func summary() throws {
        var model = LinearRegression(featureNames: Diabetes.names)
        try model.fit(Diabetes.inputs, Diabetes.targets)
        let summary = model.summary()
        expectClose(
            summary.rows.map(\.standardError),
            [
                67.4546211043414, 0.21704143540876228, 5.8358212850148705, 0.7171055005609109, 0.2252381691882694,
                0.573331858550061, 0.5308343897660237, 0.7824638456267184, 5.95863783721632,
                15.669719238707177, 0.273313950359366,
            ], 1e-9)
        expectClose([summary.logLikelihood, summary.conditionNumber], [-2385.992862123519, 21.681282235118402], 1e-9)
        #expect(summary.degreesOfFreedom == 431)
        let lines = summary.description.split(separator: "\n")
        #expect(lines[0] == "Linear regression: 442 examples, 431 degrees of freedom")
        #expect(lines.contains { $0.hasPrefix("bmi") && $0.contains("5.6030") && $0.contains("0.7171") && $0.contains("7.8133") })
        #expect(lines.contains { $0.hasPrefix("R²              0.5177") })
    }

    @Test("collinear columns are named, and the answer has the smallest norm")
    func collinear() throws {
        let a = Diabetes.inputs[.all, 2...2], b = Diabetes.inputs[.all, 3...3], one = Tensor.ones([442, 1], dtype: .float64) * 3
        let x = Tensor.concatenate([a, b, a * 2 - b, one], axis: 1)
        var model = LinearRegression(featureNames: ["bmi", "bp", "mix", "three"])
        try model.fit(x, Diabetes.targets)
        #expect(model.collinear.map(\.column) == ["mix", "three"])
        #expect(model.collinear.map(\.combines) == [["bmi", "bp"], []])
        #expect("\(model.collinear[0])" == "mix is a combination of bmi, bp: its coefficient can't be told from theirs.")
        // The same fit as with the two alone, and orthogonal to what can't be told: (2, -1, -1, 0) and (0, 0, 0, 1).
        var two = LinearRegression()
        try two.fit(Tensor.concatenate([a, b], axis: 1), Diabetes.targets)
        expectClose(model.predict(x).doubles, two.predict(Tensor.concatenate([a, b], axis: 1)).doubles, 1e-9)
        let w = model.coefficients.doubles
        expectClose([2 * w[0] - w[1] - w[2], w[3]], [0, 0], 1e-9)
        #expect(model.summary().description.contains("Note: three is constant."))
        #expect(model.summary().rows.allSatisfy { $0.standardError.isNaN })
    }

    @Test func float32AndNoIntercept() throws {
        var single = LinearRegression(), double = LinearRegression()
        try single.fit(Diabetes.inputs.cast(to: .float32), Diabetes.targets.cast(to: .float32))
        try double.fit(Diabetes.inputs, Diabetes.targets)
        expectClose(single.predict(Diabetes.inputs).doubles, double.predict(Diabetes.inputs).doubles, 1e-3)
        var line = LinearRegression(intercept: false)
        try line.fit(Tensor(float64: [[1], [2], [3]]), Tensor(float64: [2, 4, 6.5]))
        expectClose(line.coefficients.doubles, [29.5 / 14], 1e-14)
        #expect(line.intercept == 0)
    }

    @Test func badInput() {
        var model = LinearRegression(featureNames: ["a", "b"])
        #expect(throws: ModelError.shape("3 rows of inputs and 2 targets; there must be one target a row.")) {
            try model.fit(Tensor.zeros([3, 2]), Tensor.zeros([2]))
        }
        #expect(throws: ModelError.notFinite(row: 1, column: "b")) { try model.fit(Tensor([[1, 2], [3, .nan]]), Tensor([1, 2])) }
        #expect(throws: ModelError.setting("A penalty's strength is a number from 0 on; -1.0 was given.")) {
            model.penalty = .ridge(-1)
            try model.fit(Tensor([[1, 2], [3, 1]]), Tensor([1, 2]))
        }
    }
}
