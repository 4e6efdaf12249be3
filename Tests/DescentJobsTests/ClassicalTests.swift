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
        change(&settings)
        let training = try ClassicalTraining(table, target: "y", settings: settings)
        return (training, try training.run())
    }

    /// Coefficients of an output by column, the intercept among them, and their standard errors.
    private static func coefficients(_ model: ClassicalModel, output: Int = 0) throws -> [String: (value: Double, error: Double?)] {
        let json = try JSONObject(model)
        let columns = json["columns"] as! [String]
        let found = (json["outputs"] as! [[String: Any]])[output]
        let values = (found["coefficients"] as! [Double]) + [found["intercept"] as! Double]
        let errors = found["standardErrors"] as? [Any]
        return Dictionary(uniqueKeysWithValues: (columns + ["intercept"]).enumerated().map { ($1, (values[$0], errors?[$0] as? Double)) })
    }

    private static func JSONObject(_ model: ClassicalModel) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(model.toJSON().text().utf8)) as! [String: Any]
    }

    private static func close(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-6) -> Bool { a.map { abs($0 - b) < tolerance * Swift.max(1, abs(b)) } ?? false }

    // numpy.linalg.lstsq over [1, a, b, k = blue, k = green], and sqrt(diag(inv(XᵀX)) s²).
    @Test("least squares: coefficients in the columns' own units, and their standard errors, as NumPy has them")
    func linear() throws {
        let (training, model) = try Self.fit(Self.table(Self.numbers))
        #expect(training.kind == .linear && training.notes == ["Compared with: k = red."])
        let found = try Self.coefficients(model)
        let expected: [String: (Double, Double)] = [
            "intercept": (2.9642374450180484, 0.10129465705039183), "a": (2.0087219270730836, 0.019391305024787437),
            "b": (-1.001827114715014, 0.04099542503529238), "k = blue": (0.6681118900400884, 0.13585499810745966),
            "k = green": (-0.39578279371483344, 0.11611520633538916),
        ]
        #expect(found.count == 5)
        for (name, numbers) in expected {
            #expect(Self.close(found[name]?.value, numbers.0, 1e-10), "\(name)")
            #expect(Self.close(found[name]?.error, numbers.1, 1e-9), "\(name)")
        }
        let summary = model.summary.joined(separator: "\n")
        #expect(summary.hasPrefix("Linear regression: 60 rows, 4 columns\n"))
        #expect(summary.contains("R²              0.9967") && summary.contains("log-likelihood  -22.3156") && summary.contains("condition"))
    }

    // The same matrix; Newton's method in NumPy, errors from the inverse of the Hessian.
    @Test("logistic regression without a penalty, as Newton's method in NumPy has it", arguments: [ClassicalMethod.newton, .limitedMemoryBFGS])
    func logistic(method: ClassicalMethod) throws {
        let (training, model) = try Self.fit(Self.table(Self.two)) { $0.method = method }
        #expect(training.kind == .logistic)
        let found = try Self.coefficients(model)
        let expected: [String: (Double, Double)] = [
            "intercept": (2.176160166499824, 0.7904200994889194), "a": (-0.28005422727774437, 0.13565815478360352),
            "b": (1.2268449446902256, 0.34827626186845395), "k = blue": (-0.8041100613910646, 0.8862643937331043),
            "k = green": (-1.013329464740544, 0.8054277056487452),
        ]
        for (name, numbers) in expected {
            #expect(Self.close(found[name]?.value, numbers.0, 1e-4), "\(name)")
            if method == .newton { #expect(Self.close(found[name]?.error, numbers.1, 1e-4), "\(name)") }
        }
        #expect(model.summary[0] == "Logistic regression: 60 rows, 4 columns, log-odds of yes against no")
        #expect(model.summary.contains { $0.hasPrefix("log-likelihood  -29.3628") })
    }

    // sklearn on the same columns, the two numbers standardised: Ridge(alpha=2), Lasso(alpha=0.5), LogisticRegression(C=1).
    @Test("with a penalty numbers are scaled first: ridge, lasso and softmax as scikit-learn has them")
    func penalties() throws {
        let (training, ridge) = try Self.fit(Self.table(Self.numbers)) { ($0.kind, $0.penalty) = (.ridge, .ridge(2)) }
        #expect(training.notes.last?.contains("scaled") == true)
        let names = ["a", "b", "k = blue", "k = green", "intercept"]
        let expected = [5.626118174706305, -1.1084178657788002, 0.806713068386115, -0.37465155511698434, 12.6365811993391]
        let found = try Self.coefficients(ridge)
        for (name, value) in zip(names, expected) { #expect(Self.close(found[name]?.value, value), "\(name)") }

        let (_, lasso) = try Self.fit(Self.table(Self.numbers)) { ($0.kind, $0.penalty) = (.lasso, .lasso(0.5)) }
        let sparse = try Self.coefficients(lasso)
        for (name, value) in zip(names, [5.486386557819013, -0.6292153321523121, 0, 0, 12.744596577656383]) { #expect(Self.close(sparse[name]?.value, value), "\(name)") }
        #expect(sparse["k = blue"]?.value == 0)

        let (_, softmax) = try Self.fit(Self.table(Self.three))
        let low = try Self.coefficients(softmax), top = try Self.coefficients(softmax, output: 2)
        for (name, value) in zip(names, [-2.268968565896701, 0.37286258650287624, -0.010910719385413395, 0.12548737308696134]) { #expect(Self.close(low[name]?.value, value, 1e-5), "\(name)") }
        for (name, value) in zip(names, [1.8326992450426502, -0.7702394745944803, 1.0804563484704777, -0.9068547327077029]) { #expect(Self.close(top[name]?.value, value, 1e-5), "\(name)") }
        // Only differences of intercepts are determined.
        #expect(Self.close(top["intercept"]!.value - low["intercept"]!.value, -0.3095006347765412 + 0.28787268887419537, 1e-5))
    }

    @Test("the model as a network without hidden layers gives the same answers", arguments: ClassicalKind.allCases)
    func network(kind: ClassicalKind) throws {
        let target = kind.isRegression ? Self.numbers : [.perceptron, .logistic].contains(kind) ? Self.two : Self.three
        let table = try Self.table(target)
        let (training, model) = try Self.fit(table, testFraction: 0.25) { $0.kind = kind }
        let answers = try model.predict(table)
        guard let tabular = model.tabular else {
            #expect(kind == .oneVsOne)
            return
        }
        for (own, other) in zip(answers, try tabular.predict(table)) {
            switch (own, other) {
            case (.value(let a), .value(let b)): #expect(abs(a - b) < 1e-4 * Swift.max(1, abs(a)))
            case (.label(let a, let p), .label(let b, let q)):
                #expect(a == b)
                // A model without probabilities is sure of all but ties.
                if [.logistic, .softmax, .gaussian].contains(kind) { #expect(zip(p, q).allSatisfy { abs($0 - $1) < 1e-5 }) } else { #expect(p[a] > 0.9) }
            default: Issue.record("answers of different kinds")
            }
        }
        let other = try tabular.evaluation(table, rows: training.split.test)
        #expect(model.record.heldOut == Quantity(15, "rows"))
        let names = kind.isRegression ? ["rSquared", "rootMeanSquareError", "meanAbsoluteError", "baselineRootMeanSquareError"] : ["accuracy", "baselineAccuracy"]
        // Equal up to what float32 rounds off.
        for name in names {
            let (a, b) = (try #require(other[name]), try #require(model.record[name]))
            #expect(kind.isRegression ? abs(a - b) < 1e-4 * Swift.max(1, abs(b)) : a == b, "\(name)")
        }
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
            if degree == 2 { #expect(training.featureNames == ["a", "b", "a^2", "a b", "b^2"] && model.tabular == nil) }
            return model.record["accuracy"] ?? .nan
        }
        #expect(try accuracy(1) < 0.75)
        #expect(try accuracy(2) >= 0.9)
        #expect(throws: ModelError.self) { try Self.fit(table) { ($0.degree, $0.penalty) = (2, Penalty.none) } }
    }

    @Test("collinear columns are named")
    func collinear() throws {
        for target in [Self.numbers, Self.two] {
            let (_, model) = try Self.fit(Self.table(target, extra: { "\(2 * Self.a($0) - Self.b($0) + 1)" })) { $0.penalty = target(0) == Self.numbers(0) ? nil : .ridge(1) }
            #expect(model.summary.contains { $0.contains("c is a combination of a, b: its coefficient can't be told from theirs") }, "\(model.summary)")
        }
    }

    @Test("a model is read back with what it was fitted by")
    func saved() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let table = try Self.table(Self.two)
        let (_, model) = try Self.fit(table) { $0.penalty = .elasticNet(1, lassoShare: 0.25) }
        let tabular = try #require(model.tabular)
        try tabular.save(to: place.path)
        let read = try TabularModel(path: place.path)
        #expect(read.record.method == "logistic regression, penalty elastic-net:1:0.25")
        #expect(try read.predict(table) == tabular.predict(table))
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
