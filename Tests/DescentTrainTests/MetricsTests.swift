import Testing
import DescentTrain

/// Against values computed by hand.
struct MetricsTests {
    @Test func accuracy() {
        #expect(Metrics.accuracy([1, 0, 2, 2], [1, 1, 2, 0]) == 0.5)
        #expect(Metrics.accuracy([], []).isNaN)
    }

    @Test func logLoss() {
        let loss = Metrics.logLoss([[0.5, 0.5], [0.25, 0.75]], [0, 0])
        #expect(abs(loss - (0.6931471805599453 + 1.3862943611198906) / 2) < 1e-12)
        #expect(Metrics.logLoss([[0, 1]], [0]).isFinite)
    }

    @Test func errors() {
        #expect(Metrics.meanSquaredError([1, 2, 3], [1, 4, 0]) == 13.0 / 3)
        #expect(Metrics.meanAbsoluteError([1, 2, 3], [1, 4, 0]) == 5.0 / 3)
    }

    @Test("R² is 1 for the truth, 0 for its mean, and has no value where the truth does not vary")
    func rSquared() {
        #expect(Metrics.rSquared([1, 2, 3], [1, 2, 3]) == 1)
        #expect(Metrics.rSquared([2, 2, 2], [1, 2, 3]) == 0)
        #expect(Metrics.rSquared([1, 2, 4], [1, 2, 3]) == 0.5)
        #expect(Metrics.rSquared([1, 2], [3, 3]) == nil)
    }
}
