import DescentCore
import DescentModels
import Foundation
import Testing

/// Least squares and the distributions of its tests, against certified and computed values.
struct StatisticsTests {
    private func digits(_ value: Double, _ truth: Double) -> Double { value == truth ? 15 : -log10(abs(value - truth) / abs(truth)) }

    // NIST's Longley, https://www.itl.nist.gov/div898/strd/lls/data/Longley.shtml: certified to 15 digits.
    @Test("Longley's table: coefficients and standard errors to 13 digits")
    func longley() throws {
        let y: [Double] = [60323, 61122, 60171, 61187, 63221, 63639, 64989, 63761, 66019, 67857, 68169, 66513, 68655, 69564, 69331, 70551]
        let columns: [[Double]] = [
            [83, 88.5, 88.2, 89.5, 96.2, 98.1, 99, 100, 101.2, 104.6, 108.4, 110.8, 112.6, 114.2, 115.7, 116.9],
            [234289, 259426, 258054, 284599, 328975, 346999, 365385, 363112, 397469, 419180, 442769, 444546, 482704, 502601, 518173, 554894],
            [2356, 2325, 3682, 3351, 2099, 1932, 1870, 3578, 2904, 2822, 2936, 4681, 3813, 3931, 4806, 4007],
            [1590, 1456, 1616, 1650, 3099, 3594, 3547, 3350, 3048, 2857, 2798, 2637, 2552, 2514, 2572, 2827],
            [107608, 108632, 109773, 110929, 112075, 113270, 115094, 116219, 117388, 118734, 120445, 121950, 123366, 125368, 127852, 130081],
            (1947...1962).map(Double.init),
        ]
        let fit = try LeastSquaresFit(columns.enumerated().map { DesignColumn("x\($0 + 1)", $1) }, y)
        let estimates = [-3482258.63459582, 15.0618722713733, -0.0358191792925910, -2.02022980381683, -1.03322686717359, -0.0511041056535807, 1829.15146461355]
        let errors = [890420.383607373, 84.9149257747669, 0.0334910077722432, 0.488399681651699, 0.214274163161675, 0.226073200069370, 455.478499142212]
        for (found, (estimate, error)) in zip(fit.estimates, zip(estimates, errors)) {
            #expect(digits(found.value, estimate) > 13 && digits(found.standardError, error) > 13, "\(found)")
        }
        #expect(digits(fit.rSquared, 0.995479004577296) > 13 && digits(fit.residualStandardError, 304.854073561965) > 13)
        #expect(digits(try #require(fit.fTest).statistic, 330.285339234588) > 12)
    }

    @Test("powers of a column up to the tenth: the polynomial that made the numbers, exactly, though their condition is 1e15")
    func powers() throws {
        let x = (0..<60).map { -9 + Double($0) / 10 }
        let columns = (1...10).map { power in DesignColumn("x^\(power)", x.map { DoubleDouble($0).power(power) }) }
        // Coefficients of 0.5^k; the targets are rounded to doubles once.
        let y = x.map { value in (0...10).reversed().reduce(DoubleDouble(0)) { $0 * DoubleDouble(value) + DoubleDouble(1 / Double(1 << $1)) }.high }
        let fit = try LeastSquaresFit(columns, y)
        #expect(fit.conditionNumber > 1e13)
        for (power, estimate) in fit.estimates.enumerated() { #expect(abs(estimate.value * Double(1 << power) - 1) < 1e-4, "\(estimate)") }
        #expect(fit.residualSquares < 1e-20 * fit.targetSquares)
        // The same columns as doubles are exact combinations of nothing: all are kept.
        #expect(fit.dropped.isEmpty)
    }

    @Test("exact combinations are dropped, near ones are not")
    func dropped() throws {
        let a = (0..<30).map { Double(($0 * 7) % 11) * 0.37 }, b = (0..<30).map { Double(($0 * 5) % 13) * 1.1 }
        let y = (0..<30).map { Double($0 % 4) }
        let exact = zip(a, b).map { 2 * $0 - $1 + 1 }, near = exact.enumerated().map { $1 + ($0 % 2 == 0 ? 1e-9 : 0) }
        let fit = try LeastSquaresFit([DesignColumn("a", a), DesignColumn("b", b), DesignColumn("c", exact)], y)
        #expect(fit.dropped == [Collinearity(column: "c", combines: ["a", "b"])] && fit.estimates.count == 3)
        #expect(try LeastSquaresFit([DesignColumn("a", a), DesignColumn("b", b), DesignColumn("c", near)], y).dropped.isEmpty)
        let constant = try LeastSquaresFit([DesignColumn("one", Array(repeating: 3, count: 30)), DesignColumn("a", a)], y)
        #expect(constant.dropped == [Collinearity(column: "one", combines: [])])
    }

    @Test("HC3, leverage and Cook's distance by their formulas")
    func robust() throws {
        let x = [1.0, 2, 3, 4, 10], y = [1.0, 3, 2, 5, 9]
        let fit = try LeastSquaresFit([DesignColumn("x", x)], y, isRobust: true)
        let mean = 4.0, spread = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        // Var(b) = Σ (x - mean)² r² / (1 - h)² / S².
        var sum = 0.0
        for (place, value) in x.enumerated() {
            let h = 0.2 + (value - mean) * (value - mean) / spread
            #expect(abs(fit.leverage[place] - h) < 1e-14)
            let part = (value - mean) / spread * fit.residuals[place] / (1 - h)
            sum += part * part
            let s2 = fit.residualSquares / 3
            #expect(abs(fit.cooksDistances[place] - fit.residuals[place] * fit.residuals[place] * h / ((1 - h) * (1 - h) * 2 * s2)) < 1e-13)
        }
        #expect(abs(fit.estimates[1].standardError - sum.squareRoot()) < 1e-14)
    }

    // mpmath 1.3 at 50 digits (betainc), and closed forms: 1 - 2/π (atan(t/√3) + (t/√3) / (1 + t²/3)) for t with 3 degrees of freedom, (1 + f/4)^-4, exp(-x/2) (1 + x/2), erfc(10/√2).
    @Test(
        "Student's t, Fisher's F, chi-squared and normal probabilities to 13 digits, in the tails too",
        arguments: [
            (StudentDistribution(freedom: 3).twoSided(2), 0.139325968558843),
            (StudentDistribution(freedom: 700).twoSided(15), 2.6243345349223799e-44), (StudentDistribution(freedom: 50).twoSided(0.25), 0.80361168527153512),
            (FisherDistribution(10, 90).upper(3), 0.0026021524590681426),
            (StudentDistribution(freedom: 1).twoSided(1), 0.5), (FisherDistribution(2, 2).upper(1), 0.5),
            (FisherDistribution(2, 8).upper(4), 0.0625), (ChiSquaredDistribution(freedom: 2).upper(60), 9.35762296884017e-14),
            (ChiSquaredDistribution(freedom: 4).upper(1), 0.909795989568950), (NormalDistribution.twoSided(10), 1.52397060483210528e-23),
        ])
    func probabilities(value: Double, truth: Double) { #expect(abs(value / truth - 1) < 1e-12, "\(value) \(truth)") }

    @Test("quantiles are where the probability is")
    func quantiles() {
        #expect(abs(StudentDistribution(freedom: 1).upperQuantile(0.025) - 12.7062047361747) < 1e-11)
        #expect(abs(NormalDistribution.upperQuantile(0.025) - 1.95996398454005) < 1e-13)
        #expect(abs(StudentDistribution(freedom: 1e9).upperQuantile(0.025) - NormalDistribution.upperQuantile(0.025)) < 1e-8)
    }
}
