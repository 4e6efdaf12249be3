import DescentCore
import DescentModels
import Testing

/// Nonlinear least squares, against NIST's certified values and models whose parameters are known.
struct NonlinearLeastSquaresTests {
    private func fit(_ start: [Double]?, bounds: [ClosedRange<Double>?]? = nil, linear: [Int] = [0]) throws -> NonlinearFit {
        // NIST's Misra1a, https://www.itl.nist.gov/div898/strd/nls/data/misra1a.shtml: certified to 11 digits.
        let y = [10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78]
        let x = [77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0], data = Tensor(float64: x)
        return try NonlinearLeastSquares(["b1", "b2"], target: y, linear: linear, bounds: bounds, scales: [77.6...760]) { b in b[0] * (1 - exp(-b[1] * data)) }.fit(from: start)
    }

    @Test("Misra1a from NIST's far start, from a useless one, and from none; with and without linear parameters", arguments: [[500, 0.0001], [1, 1000], nil], [[0], []])
    func misra(start: [Double]?, linear: [Int]) throws {
        let fit = try fit(start, linear: linear)
        #expect(abs(fit.estimates[0].value / 238.94212918 - 1) < 1e-10 && abs(fit.estimates[1].value / 5.5015643181e-4 - 1) < 1e-10)
        #expect(abs(fit.estimates[0].standardError / 2.7070075241 - 1) < 1e-9 && abs(fit.residualSquares / 0.12455138894 - 1) < 1e-9)
        #expect(fit.isConverged && fit.isDetermined && (fit.startsTried > 0) == (start?[0] != 500))
    }

    @Test("a parameter at its bound has no standard error, the others are best beside it")
    func bounded() throws {
        let fit = try fit([200, 1e-3], bounds: [0...200, nil])
        #expect(fit.estimates[0].value == 200 && fit.estimates[0].standardError.isNaN && fit.atBound == ["b1"])
        #expect(fit.estimates[1].standardError > 0 && fit.degreesOfFreedom == 13)
        // There the slope of the sum of squares in b2 is 0.
        let near = try [0.9999, 1.0001].map { factor in
            let b2 = fit.estimates[1].value * factor
            return try self.fit([200, b2], bounds: [200...200.0000001, b2...b2 * 1.0000001]).residualSquares
        }
        #expect(near.allSatisfy { $0 > fit.residualSquares })
    }

    // The model, the start and nearly the parameters of NIST's MGH17, where the search comes to the other of the two equal minima.
    @Test("parameters that may change places come in the order of the start", arguments: [true, false])
    func order(isAscending: Bool) throws {
        let x = Tensor(float64: (0..<33).map { Double($0) * 10 }), truth = [0.375, 1.936, -1.465, 0.01287, 0.02212]
        func model(_ b: Tensor) -> Tensor { b[0] + b[1] * exp(-b[3] * x) + b[2] * exp(-b[4] * x) }
        let y = model(Tensor(float64: truth)).doubles
        let start: [Double] = isAscending ? [50, 150, -100, 1, 2] : [50, 150, -100, 2, 1]
        let fit = try NonlinearLeastSquares(["b1", "b2", "b3", "b4", "b5"], target: y, linear: [0, 1, 2]) { model($0) }.fit(from: start)
        let expected = isAscending ? truth : [truth[0], truth[2], truth[1], truth[4], truth[3]]
        for (estimate, value) in zip(fit.estimates, expected) { #expect(abs(estimate.value / value - 1) < 1e-7, "\(estimate)") }
    }

    @Test("parameters that the rows don't determine are said to be so, and a start without a value is no end")
    func undetermined() throws {
        let x = Tensor(float64: [1, 2, 3, 4, 5, 6])
        let fit = try NonlinearLeastSquares(["a", "b"], target: [2, 4.1, 5.9, 8, 10.1, 12]) { $0[0] * $0[1] * x }.fit(from: [1, 1])
        #expect(!fit.isDetermined && abs(fit.estimates[0].value * fit.estimates[1].value - 2.006) < 0.01)
        #expect(fit.estimates.allSatisfy { $0.standardError.isNaN })
        let log = try NonlinearLeastSquares(["a"], target: [0, 1, 2, 3, 4, 5]) { DescentCore.log(x + $0[0]) }.fit(from: [-3])
        #expect(log.isConverged && log.startsTried > 0)
        #expect(throws: ModelError.self) { try NonlinearLeastSquares(["a", "b"], target: [1]) { $0[0] + $0[1] }.fit() }
    }
}
