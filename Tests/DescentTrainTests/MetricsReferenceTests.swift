import Testing
import DescentTrain

private typealias F = MetricsFixture

/// Against scikit-learn's answers, to 1e-12: with ties, a class that never occurs, one that is only predicted, without and with weights.
struct MetricsReferenceTests {
    private func close(_ a: Double?, _ b: Double, _ what: String = "", _ at: SourceLocation = #_sourceLocation) {
        #expect(a.map { abs($0 - b) <= 1e-12 * max(1, abs(b)) || $0 == b } ?? false, "\(what) \(a ?? .nan), not \(b)", sourceLocation: at)
    }

    private func close(_ a: [Double]?, _ b: [Double], _ what: String = "", _ at: SourceLocation = #_sourceLocation) {
        #expect(a?.count == b.count, "\(what) \(a ?? []), not \(b)", sourceLocation: at)
        for (x, y) in zip(a ?? [], b) { close(x, y, what, at) }
    }

    private var probabilities: [[Double]] { stride(from: 0, to: F.probabilityValues.count, by: 5).map { Array(F.probabilityValues[$0..<$0 + 5]) } }
    private var positives: [Bool] { F.positives.map { $0 == 1 } }

    @Test func labels() {
        for (weights, accuracy, balanced, matthews) in [
            (nil, F.accuracy, F.balancedAccuracy, F.matthews), (F.weights, F.accuracyWeighted, F.balancedAccuracyWeighted, F.matthewsWeighted),
        ] {
            close(Metrics.accuracy(F.predicted, F.labels, weights: weights), accuracy)
            close(Metrics.balancedAccuracy(F.predicted, F.labels, weights: weights), balanced)
            close(ConfusionMatrix(F.predicted, F.labels, weights: weights).accuracy, accuracy)
            close(ConfusionMatrix(F.predicted, F.labels, weights: weights).matthewsCorrelation, matthews)
        }
        close(ConfusionMatrix(F.predicted, F.labels, classes: 5).counts, F.confusion)
        close(ConfusionMatrix(F.predicted, F.labels, classes: 5, weights: F.weights).counts, F.confusionWeighted)
    }

    @Test("a confusion matrix of parts is that of the whole")
    func accumulated() {
        var matrix = ConfusionMatrix(classes: 5)
        for first in stride(from: 0, to: F.labels.count, by: 7) {
            let part = first..<min(first + 7, F.labels.count)
            matrix.add(predicted: Array(F.predicted[part]), labels: Array(F.labels[part]), weights: Array(F.weights[part]))
        }
        #expect(matrix == ConfusionMatrix(F.predicted, F.labels, classes: 5, weights: F.weights))
    }

    @Test("precision, recall, F1 and F2: micro, macro, weighted, of one class")
    func precisionRecall() {
        let averages: [(ConfusionMatrix.Averaging, [Double], [Double], [Double], [Double])] = [
            (.micro, F.microScores, F.microScoresWeighted, F.microScoresOne, F.microScoresOneWeighted),
            (.macro, F.macroScores, F.macroScoresWeighted, F.macroScoresOne, F.macroScoresOneWeighted),
            (.weighted, F.weightedScores, F.weightedScoresWeighted, F.weightedScoresOne, F.weightedScoresOneWeighted),
        ]
        for (averaging, plain, weighted, plainOne, weightedOne) in averages {
            for (weights, zero, one) in [(nil, plain, plainOne), (F.weights, weighted, weightedOne)] {
                close(Metrics.precision(F.predicted, F.labels, averaging, weights: weights), zero[0], "precision \(averaging)")
                close(Metrics.recall(F.predicted, F.labels, averaging, weights: weights), zero[1], "recall \(averaging)")
                close(Metrics.f1(F.predicted, F.labels, averaging, weights: weights), zero[2], "F1 \(averaging)")
                close(ConfusionMatrix(F.predicted, F.labels, weights: weights).fScore(averaging, beta: 2), zero[3], "F2 \(averaging)")
                close(Metrics.precision(F.predicted, F.labels, averaging, zeroDivision: 1, weights: weights), one[0])
                close(Metrics.recall(F.predicted, F.labels, averaging, zeroDivision: 1, weights: weights), one[1])
                close(Metrics.f1(F.predicted, F.labels, averaging, zeroDivision: 1, weights: weights), one[2])
            }
        }
        let predicted = F.scores.map { $0 > 0.5 ? 1 : 0 }
        for (weights, truth) in [(nil, F.binaryScores), (F.weights, F.binaryScoresWeighted)] {
            close(Metrics.precision(predicted, F.positives, .binary(), weights: weights), truth[0])
            close(Metrics.recall(predicted, F.positives, .binary(), weights: weights), truth[1])
            close(Metrics.f1(predicted, F.positives, .binary(), weights: weights), truth[2])
            close(ConfusionMatrix(predicted, F.positives, weights: weights).fScore(.binary(), beta: 2), truth[3])
        }
    }

    @Test("top-k, log loss and Brier score of several classes")
    func probabilitiesOfClasses() {
        for (weights, top, loss, brier) in [
            (nil, [F.top1, F.top2, F.top3], F.logLoss, F.brierMulticlass),
            (F.weights, [F.top1Weighted, F.top2Weighted, F.top3Weighted], F.logLossWeighted, F.brierMulticlassWeighted),
        ] {
            for k in 1...3 { close(Metrics.topKAccuracy(probabilities, F.labels, k: k, weights: weights), top[k - 1], "top \(k)") }
            close(Metrics.logLoss(probabilities, F.labels, weights: weights), loss)
            close(Metrics.brierScore(probabilities, F.labels, weights: weights), brier)
        }
        #expect(Metrics.topKAccuracy(probabilities, F.labels, k: 9) == 1)
    }

    @Test("the ROC curve and its area, with and without points on straight lines")
    func roc() {
        for (weights, area, curves) in [
            (nil, F.rocArea, [(true, F.rocFalse, F.rocTrue, F.rocThresholds), (false, F.rocFalseFull, F.rocTrueFull, F.rocThresholdsFull)]),
            (
                F.weights, F.rocAreaWeighted,
                [(true, F.rocFalseWeighted, F.rocTrueWeighted, F.rocThresholdsWeighted), (false, F.rocFalseFullWeighted, F.rocTrueFullWeighted, F.rocThresholdsFullWeighted)]
            ),
        ] {
            close(Metrics.rocArea(F.scores, positives, weights: weights), area)
            for (drops, wrong, right, thresholds) in curves {
                let curve = Metrics.rocCurve(F.scores, positives, weights: weights, dropsIntermediate: drops)
                close(curve?.falsePositiveRates, wrong, "false")
                close(curve?.truePositiveRates, right, "true")
                close(curve?.thresholds, thresholds, "thresholds")
                close(curve?.area, area)
            }
        }
        let scores = probabilities
        close(Metrics.rocArea(scores, F.labels), F.rocRestMacro)
        close(Metrics.rocArea(scores, F.labels, .weighted), F.rocRestWeighted)
        close(Metrics.rocArea(scores, F.labels, weights: F.weights), F.rocRestMacroWeighted)
        close(Metrics.rocArea(scores, F.labels, .weighted, weights: F.weights), F.rocRestWeightedWeighted)
        let three = stride(from: 0, to: F.threeValues.count, by: 3).map { Array(F.threeValues[$0..<$0 + 3]) }
        close(Metrics.rocArea(three, F.labels), F.threeMacro)
        close(Metrics.rocArea(three, F.labels, .weighted), F.threeWeighted)
    }

    @Test("precision over recall: the curve, its two areas")
    func precisionRecallCurve() {
        for (weights, precisions, recalls, thresholds, average, area) in [
            (nil, F.curvePrecision, F.curveRecall, F.curveThresholds, F.averagePrecision, F.precisionRecallArea),
            (
                F.weights, F.curvePrecisionWeighted, F.curveRecallWeighted, F.curveThresholdsWeighted, F.averagePrecisionWeighted,
                F.precisionRecallAreaWeighted
            ),
        ] {
            let curve = Metrics.precisionRecallCurve(F.scores, positives, weights: weights)
            close(curve?.precisions, precisions)
            close(curve?.recalls, recalls)
            close(curve?.thresholds, thresholds)
            close(curve?.averagePrecision, average)
            close(curve?.area, area)
        }
    }

    @Test("calibration: bins, expected and largest error, Brier score")
    func calibration() {
        for (count, shares, means, expected, largest) in [
            (5, F.calibrationTrue5, F.calibrationPredicted5, F.calibrationError5, F.calibrationMaximum5),
            (10, F.calibrationTrue10, F.calibrationPredicted10, F.calibrationError10, F.calibrationMaximum10),
        ] {
            let calibration = Calibration(F.scores, positives, bins: count)
            close(calibration.bins.map(\.shareOfPositives), shares)
            close(calibration.bins.map(\.meanProbability), means)
            close(calibration.expectedError, expected)
            close(calibration.maximumError, largest)
        }
        let quantile = Calibration(F.scores, positives, bins: 5, binning: .quantile)
        close(quantile.bins.map(\.shareOfPositives), F.calibrationQuantileTrue)
        close(quantile.bins.map(\.meanProbability), F.calibrationQuantilePredicted)
        close(Metrics.brierScore(F.scores, positives), F.brier)
        close(Metrics.brierScore(F.scores, positives, weights: F.weights), F.brierWeighted)
    }

    @Test func regression() {
        for (weights, truth) in [(nil, F.errors), (F.weights, F.errorsWeighted)] {
            close(Metrics.meanAbsoluteError(F.estimates, F.truth, weights: weights), truth[0])
            close(Metrics.meanSquaredError(F.estimates, F.truth, weights: weights), truth[1])
            close(Metrics.rootMeanSquaredError(F.estimates, F.truth, weights: weights), truth[2])
            close(Metrics.rSquared(F.estimates, F.truth, weights: weights), truth[3])
            close(Metrics.medianAbsoluteError(F.estimates, F.truth, weights: weights), truth[4])
            var errors = RegressionErrors()
            for index in F.truth.indices { errors.add(predicted: F.estimates[index], truth: F.truth[index], weight: weights?[index] ?? 1) }
            close([errors.meanAbsolute, errors.meanSquared, errors.rootMeanSquared, errors.rSquared ?? .nan], Array(truth[0..<4]))
        }
    }
}
