import DescentCore
import DescentData
import DescentModels
import DescentJobs
import DescentReports
import DescentTrain
import Foundation
import TestFolders
import Testing

/// Classical models of tables, against NumPy and scikit-learn.
struct ClassicalTests {
    private static let kinds = ["red", "blue", "green"]
    private static func a(_ row: Int) -> Double { (Double(row) * 0.7548776662).truncatingRemainder(dividingBy: 1) * 10 }
    private static func b(_ row: Int) -> Double { (Double(row) * 0.5698402910).truncatingRemainder(dividingBy: 1) * 4 - 2 }
    private static func kind(_ row: Int) -> Int { row % 2 == 0 ? 0 : 1 + (row / 2) % 2 }
    private static func noise(_ row: Int) -> Double { sin(Double(row) * 12.9898) }
    private static func y(_ row: Int) -> Double {
        3 + 2 * a(row) - b(row) + 0.7 * (kind(row) == 1 ? 1 : 0) - 0.4 * (kind(row) == 2 ? 1 : 0) + 0.5 * noise(row)
    }

    /// 60 rows of two numbers, a category, and a target made of them.
    private static func table(_ target: (Int) -> String, extra: ((Int) -> String)? = nil) throws -> Table {
        let rows = (0..<60).map { row in ["\(a(row))", "\(b(row))", kinds[kind(row)]] + (extra.map { [$0(row)] } ?? []) + [target(row)] }
        return try Table(names: ["a", "b", "k"] + (extra == nil ? [] : ["c"]) + ["y"], rows: rows, file: "t.csv")
    }

    private static let numbers: @Sendable (Int) -> String = { row in "\(y(row))" }
    private static let two: @Sendable (Int) -> String = { row in noise(row) * 1.2 + 0.6 * b(row) - 0.15 * (a(row) - 5) > 0 ? "yes" : "no" }
    private static let three: @Sendable (Int) -> String = { row in
        let level = y(row) + 2 * noise(row)
        return level < 10 ? "low" : level < 16 ? "mid" : "top"
    }

    private static func fit(_ table: Table, testFraction: Double = 0, _ change: (inout ClassicalSettings) -> Void = { _ in }) throws -> (ClassicalTraining, ClassicalModel) {
        var settings = ClassicalSettings()
        settings.table.testFraction = testFraction
        if table.names.contains("k") { settings.references = ["k": "red"] }
        change(&settings)
        let training = try ClassicalTraining(table, target: "y", settings: settings)
        return (training, try training.run())
    }

    /// Coefficients of an output by column, the intercept among them, and their standard errors.
    private static func coefficients(_ model: ClassicalModel, output: String? = nil) throws -> [String: (value: Double, error: Double?)] {
        let all = try JSONSerialization.jsonObject(with: Data(model.coefficients.text().utf8)) as! [[String: Any]]
        let own = all.filter { output == nil || $0["output"] as? String == output }
        return Dictionary(uniqueKeysWithValues: own.map { ($0["name"] as! String, ($0["estimate"] as! Double, $0["standardError"] as? Double)) })
    }

    private static func close(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-6) -> Bool { a.map { abs($0 - b) < tolerance * Swift.max(1, abs(b)) } ?? false }

    // numpy.linalg.lstsq over [1, a, b, k = blue, k = green], and sqrt(diag(inv(XᵀX)) s²).
    @Test("least squares: coefficients in the columns' own units, and their standard errors, as NumPy has them")
    func linear() throws {
        let (training, model) = try Self.fit(Self.table(Self.numbers))
        #expect(training.kind == .linear && training.columnNotes.contains("k: category: red, blue, green; the reference is red"), "\(training.columnNotes)")
        let found = try Self.coefficients(model)
        let expected: [String: (Double, Double)] = [
            "(Intercept)": (2.9642374450180484, 0.10129465705039183), "a": (2.0087219270730836, 0.019391305024787437),
            "b": (-1.001827114715014, 0.04099542503529238), "k = blue": (0.6681118900400884, 0.13585499810745966),
            "k = green": (-0.39578279371483344, 0.11611520633538916),
        ]
        #expect(found.count == 5)
        for (name, numbers) in expected {
            #expect(Self.close(found[name]?.value, numbers.0, 1e-10), "\(name)")
            #expect(Self.close(found[name]?.error, numbers.1, 1e-9), "\(name)")
        }
        let summary = model.fitSummary.joined(separator: "\n")
        #expect(summary.hasPrefix("Linear regression: 60 rows, 4 columns\ny ~ a + b + k\n"))
        #expect(summary.contains("R²              0.9967") && summary.contains("log-likelihood  -22.3156") && summary.contains("condition"))
    }

    // The same matrix; Newton's method in NumPy, errors from the inverse of the Hessian.
    @Test("logistic regression without a penalty, as Newton's method in NumPy has it", arguments: [ClassicalMethod.newton, .limitedMemoryBFGS])
    func logistic(method: ClassicalMethod) throws {
        let (training, model) = try Self.fit(Self.table(Self.two)) { $0.method = method }
        #expect(training.kind == .logistic)
        let found = try Self.coefficients(model)
        let expected: [String: (Double, Double)] = [
            "(Intercept)": (2.176160166499824, 0.7904200994889194), "a": (-0.28005422727774437, 0.13565815478360352),
            "b": (1.2268449446902256, 0.34827626186845395), "k = blue": (-0.8041100613910646, 0.8862643937331043),
            "k = green": (-1.013329464740544, 0.8054277056487452),
        ]
        for (name, numbers) in expected {
            #expect(Self.close(found[name]?.value, numbers.0, method == .newton ? 1e-10 : 1e-4), "\(name)")
            if method == .newton { #expect(Self.close(found[name]?.error, numbers.1, 1e-9), "\(name)") }
        }
        #expect(model.fitSummary[0] == "Logistic regression: 60 rows, 4 columns, log-odds of yes against no")
        #expect(model.fitSummary.contains { $0.hasPrefix("log-likelihood  -29.3628") })
    }

    // sklearn on the same columns, the two numbers standardised: Ridge(alpha=2), Lasso(alpha=0.5), LogisticRegression(C=1).
    @Test("with a penalty numbers are scaled first: ridge, lasso and softmax as scikit-learn has them")
    func penalties() throws {
        let (training, ridge) = try Self.fit(Self.table(Self.numbers)) { ($0.kind, $0.penalty) = (.ridge, .ridge(2)) }
        #expect(training.notes.last?.contains("scaled") == true)
        let names = ["a", "b", "k = blue", "k = green", "(Intercept)"]
        let expected = [5.626118174706305, -1.1084178657788002, 0.806713068386115, -0.37465155511698434, 12.6365811993391]
        let found = try Self.coefficients(ridge)
        for (name, value) in zip(names, expected) { #expect(Self.close(found[name]?.value, value), "\(name)") }

        let (_, lasso) = try Self.fit(Self.table(Self.numbers)) { ($0.kind, $0.penalty) = (.lasso, .lasso(0.5)) }
        let sparse = try Self.coefficients(lasso)
        for (name, value) in zip(names, [5.486386557819013, -0.6292153321523121, 0, 0, 12.744596577656383]) { #expect(Self.close(sparse[name]?.value, value), "\(name)") }
        #expect(sparse["k = blue"]?.value == 0)

        let (_, softmax) = try Self.fit(Self.table(Self.three))
        let low = try Self.coefficients(softmax, output: "low"), top = try Self.coefficients(softmax, output: "top")
        for (name, value) in zip(names, [-2.268968565896701, 0.37286258650287624, -0.010910719385413395, 0.12548737308696134]) { #expect(Self.close(low[name]?.value, value, 1e-5), "\(name)") }
        for (name, value) in zip(names, [1.8326992450426502, -0.7702394745944803, 1.0804563484704777, -0.9068547327077029]) { #expect(Self.close(top[name]?.value, value, 1e-5), "\(name)") }
        // Only differences of intercepts are determined.
        #expect(Self.close(top["(Intercept)"]!.value - low["(Intercept)"]!.value, -0.3095006347765412 + 0.28787268887419537, 1e-5))
    }

    @Test("several-class models of two classes say log-odds, and are read back", arguments: [ClassicalKind.softmax, .gaussian, .oneVsRest, .oneVsOne])
    func twoClasses(kind: ClassicalKind) throws {
        let place = try RunPlace()
        defer { place.remove() }
        let table = try Self.table(Self.two)
        let (_, model) = try Self.fit(table) { $0.kind = kind }
        try model.save(to: place.path)
        let answers = try ClassicalModel(path: place.path).predict(table)
        #expect(try answers == model.predict(table))
        // About as many right as the logistic regression has.
        #expect((0..<60).count { answers[$0].label == (Self.two($0) == "yes" ? 1 : 0) } > 40)
    }

    // The columns of R's model.matrix with contr.treatment.
    @Test(
        "categories are coded as R codes them",
        arguments: [
            ("y ~ a + k", ["a", "k = red", "k = green"]), ("y ~ k - 1", ["k = blue", "k = red", "k = green"]), ("y ~ a:k", ["a:k = blue", "a:k = red", "a:k = green"]),
            ("y ~ a*k", ["a", "k = red", "k = green", "a:k = red", "a:k = green"]), ("y ~ k + c - 1", ["k = blue", "k = red", "k = green", "c = v"]),
            ("y ~ I(a*b) + a^2", ["I(a*b)", "a^2"]),
        ])
    func coding(formula: String, names: [String]) throws {
        let (training, _) = try Self.fit(Self.table(Self.numbers, extra: { $0 % 3 == 0 ? "u" : "v" })) { settings in
            settings.formula = formula
            settings.references = formula.contains("k") ? ["k": "blue"] : [:]
        }
        #expect(Set(training.featureNames) == Set(names) && training.featureNames.count == names.count, "\(training.featureNames)")
        #expect(try training.run().estimates.count == names.count + (formula.contains("- 1") ? 0 : 1))
    }

    @Test("a model of any kind is read back and gives the same answers, to the last bit", arguments: ClassicalKind.allCases, [1, 2])
    func saved(kind: ClassicalKind, degree: Int) throws {
        let place = try RunPlace()
        defer { place.remove() }
        let target = kind.isRegression ? Self.numbers : [.perceptron, .logistic].contains(kind) ? Self.two : Self.three
        let table = try Self.table(target)
        let (training, model) = try Self.fit(table, testFraction: 0.25) { settings in
            settings.kind = kind
            if kind == .nonlinear {
                settings.formula = "log(y + 10) ~ log(p + q*a) + r*b^2"
                (settings.start, settings.references) = (["p": 10, "q": 1, "r": 0], [:])
            } else {
                settings.degree = degree
            }
            if kind == .logistic { settings.penalty = .elasticNet(1, lassoShare: 0.25) }
        }
        try model.save(to: place.path)
        let read = try ClassicalModel(path: place.path)
        #expect(try read.predict(table) == model.predict(table))
        #expect(read.formula.source == model.formula.source)
        #expect(read.record == model.record && read.record.heldOut == Quantity(15, "rows"))
        let other = try read.evaluation(table, rows: training.split.test)
        let names = kind.isRegression ? ["rSquared", "rootMeanSquareError"] : ["accuracy", "baselineAccuracy"]
        for name in names { #expect(other[name] != nil && other[name] == model.record[name], "\(name)") }
        if kind.isRegression { #expect(other["rSquared"]! > 0.7, "\(other["rSquared"]!)") }
    }

    // sklearn's LinearDiscriminantAnalysis(solver="lsqr"), rows 0 and 7.
    @Test("the probabilities of the linear discriminant are scikit-learn's")
    func discriminant() throws {
        let table = try Self.table(Self.three)
        let (_, model) = try Self.fit(table) { $0.kind = .gaussian }
        let answers = try model.predict(table, rows: [0, 7])
        for (answer, expected) in zip(answers, [[0.9997708154479378, 0.0002291820042908728, 2.547771354666288e-09], [0.8432680872889983, 0.1567318967843017, 1.59e-08]]) {
            guard case .label(0, let probabilities) = answer else {
                Issue.record("\(answer)")
                continue
            }
            #expect(zip(probabilities, expected).allSatisfy { abs(Double($0) - $1) < 1e-6 }, "\(probabilities)")
        }
    }

    @Test("exclusive or: no line, but products of the columns, say it")
    func products() throws {
        let rows = (0..<80).map { row -> [String] in
            let (a, b) = (Self.a(row) - 5, Self.b(row))
            return ["\(a)", "\(b)", a * b > 0 ? "same" : "other"]
        }
        let table = try Table(names: ["a", "b", "y"], rows: rows, file: "xor.csv")
        func accuracy(_ degree: Int) throws -> Double {
            let (training, model) = try Self.fit(table, testFraction: 0.25) { ($0.degree, $0.penalty) = (degree, .ridge(0.1)) }
            if degree == 2 { #expect(training.featureNames == ["a", "b", "a^2", "a:b", "b^2"]) }
            return model.record["accuracy"] ?? .nan
        }
        #expect(try accuracy(1) < 0.75)
        #expect(try accuracy(2) >= 0.9)
        #expect(throws: ModelError.self) { try Self.fit(table) { ($0.degree, $0.penalty) = (2, Penalty.none) } }
    }

    @Test("collinear columns are left out where coefficients would not be determined, and named where a penalty determines them")
    func collinear() throws {
        let extra: (Int) -> String = { "\(2 * Self.a($0) - Self.b($0) + 1)" }
        let (linear, _) = try Self.fit(Self.table(Self.numbers, extra: extra))
        #expect(linear.notes.contains { $0.contains("Left out: c is a combination of a, b, so its coefficient can't be told from theirs") }, "\(linear.notes)")
        #expect(linear.featureNames == ["a", "b", "k = blue", "k = green"])
        let (_, ridge) = try Self.fit(Self.table(Self.two, extra: extra)) { $0.penalty = .ridge(1) }
        #expect(ridge.fitSummary.contains { $0.contains("c is a combination of a, b: its coefficient can't be told from theirs") }, "\(ridge.fitSummary)")
    }

    @Test("settings that don't fit: a sentence each")
    func bad() throws {
        func refused(_ target: @escaping (Int) -> String, _ part: String, _ change: (inout ClassicalSettings) -> Void) {
            #expect { try Self.fit(Self.table(target), testFraction: 0, change) } throws: {
                let sentence = "\($0)"
                if !sentence.contains(part) { Issue.record("\(sentence)") }
                return $0 is SettingsError
            }
        }
        refused(Self.numbers, "a logistic regression tells classes apart, and \"y\" holds numbers; use --model linear") { $0.kind = .logistic }
        refused(Self.three, "a logistic regression tells two classes apart, and \"y\" has 3; use --model softmax or one-vs-rest") { $0.kind = .logistic }
        refused(Self.numbers, "a linear regression takes no penalty; ridge, lasso and elastic-net do (--model)") { $0.penalty = .ridge(1) }
        refused(Self.three, "the penalty of a softmax regression is ridge or none") { $0.penalty = .lasso(1) }
        refused(Self.numbers, "a linear regression is not fitted by newton; there are automatic, svd, gradient-descent, sgd") { $0.method = .newton }
        refused(Self.numbers, "a degree of 0 is not possible") { $0.degree = 0 }
    }
}
