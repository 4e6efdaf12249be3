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

    @Test("one class only, nothing at all: no value rather than a number that says nothing")
    func noValue() {
        #expect(Metrics.rocCurve([0.1, 0.9], [true, true]) == nil)
        #expect(Metrics.rocArea([0.1, 0.9], [false, false]) == nil)
        #expect(Metrics.rocArea([0.1, 0.9], [true, false], weights: [1, 0]) == nil)
        #expect(Metrics.rocArea([[0.1, 0.9], [0.2, 0.8]], [1, 1]) == nil)
        #expect(Metrics.averagePrecision([0.1, 0.9], [false, false]) == nil)
        #expect(Metrics.averagePrecision([0.1, 0.9], [true, true]) == 1)
        #expect(Metrics.logLoss([[Double]](), []).isNaN)
        #expect(Metrics.medianAbsoluteError([], []).isNaN)
        #expect(Metrics.medianAbsoluteError([1, .nan], [1, 1]).isNaN)
        #expect(Metrics.accuracy([1], [1], weights: [0]).isNaN)
        #expect(ConfusionMatrix(classes: 2).balancedAccuracy.isNaN)
        #expect(ConfusionMatrix(classes: 2).f1(.macro).isNaN == false)
        #expect(Calibration([Double](), []).expectedError.isNaN)
    }

    @Test("a class without a value counts as zeroDivision, or not at all where that is NaN")
    func zeroDivision() {
        // Class 1 is never predicted, class 2 never the truth.
        let (predicted, labels) = ([0, 0, 2], [0, 1, 0])
        #expect(Metrics.precision(predicted, labels, .binary(positive: 1)) == 0)
        #expect(Metrics.precision(predicted, labels, .binary(positive: 1), zeroDivision: 1) == 1)
        #expect(Metrics.precision(predicted, labels, .binary(positive: 7), zeroDivision: .nan).isNaN)
        #expect(Metrics.precision(predicted, labels, .macro, zeroDivision: .nan) == 0.25)
        #expect(Metrics.precision(predicted, labels, .macro) == 0.5 / 3)
        #expect(ConfusionMatrix(predicted, labels).recall(of: 2) == nil)
        #expect(ConfusionMatrix(predicted, labels, classes: 5).f1(of: 4) == nil)
    }

    @Test func perplexity() {
        #expect(abs(Metrics.perplexity(negativeLogLikelihoods: [1.3862943611198906, 1.3862943611198906]) - 4) < 1e-12)
        #expect(abs(Metrics.perplexity(negativeLogLikelihoods: [0, 1.3862943611198906]) - 2) < 1e-12)
        #expect(Metrics.perplexity(negativeLogLikelihoods: []).isNaN)
    }

    @Test("sums keep what each addition rounds off")
    func compensated() {
        var mean = WeightedMean()
        for value in [1e16, 1, 1, -1e16] { mean.add(value) }
        #expect(mean.value == 0.5)
        mean.add(.infinity)
        #expect(mean.value == .infinity)
    }
}
