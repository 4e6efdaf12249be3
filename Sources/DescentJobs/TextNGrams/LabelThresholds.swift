import DescentCore
import DescentData
import DescentTrain

/// From which probability on each of several labels is given.
package enum LabelThresholds {
    /// The thresholds with the highest F1 of each label, on scores of texts that were not learned from.
    ///
    /// - Parameters:
    ///   - scores: For each text a score for each label; empty for texts that are not looked at.
    ///   - targets: Row-major, [texts, labels], 0 and 1.
    package static func best(_ scores: [[Float]], targets: [Float], labels: Int) -> [Float] {
        (0..<labels).map { label in
            let pairs = scores.indices.filter { !scores[$0].isEmpty }.map { (probability: logistic(scores[$0][label]), isTrue: targets[$0 * labels + label] > 0.5) }
                .sorted { $0.probability > $1.probability }
            let positives = pairs.count { $0.isTrue }
            var right = 0, best = (f1: -1.0, threshold: Float(0.5))
            for (place, pair) in pairs.enumerated() {
                if pair.isTrue { right += 1 }
                // Equal probabilities fall on one side.
                if place + 1 < pairs.count, pairs[place + 1].probability == pair.probability { continue }
                let f1 = 2 * Double(right) / Double(place + 1 + positives)
                let next = place + 1 < pairs.count ? pairs[place + 1].probability : 0
                // In a gap around a half, a half.
                let threshold = next < 0.5 && pair.probability >= 0.5 ? 0.5 : (pair.probability + next) / 2
                // Of thresholds that are as good, the one nearest to a half.
                if f1 > best.f1 + 1e-12 || f1 > best.f1 - 1e-12 && Swift.abs(threshold - 0.5) < Swift.abs(best.threshold - 0.5) { best = (f1, threshold) }
            }
            return best.threshold
        }
    }

    /// The probability of a score.
    package static func logistic(_ score: Float) -> Float { Float(1 / (1 + exponential(-Double(score)))) }
}

/// How good sets of labels are.
package struct LabelEvaluation {
    /// Of each label: how often it was given rightly, given wrongly, and missed.
    let counts: [(right: Int, wrong: Int, missed: Int)]
    package let metrics: [Metric]
    let labels: [String]

    package init(predicted: [Set<Int>], truth: [Set<Int>], labels: [String]) {
        self.labels = labels
        let counts = labels.indices.map { label in
            (
                right: zip(predicted, truth).count { $0.contains(label) && $1.contains(label) }, wrong: zip(predicted, truth).count { $0.contains(label) && !$1.contains(label) },
                missed: zip(predicted, truth).count { !$0.contains(label) && $1.contains(label) }
            )
        }
        self.counts = counts
        let right = counts.reduce(0) { $0 + $1.right }, wrong = counts.reduce(0) { $0 + $1.wrong }, missed = counts.reduce(0) { $0 + $1.missed }
        let cells = Double(Swift.max(truth.count * labels.count, 1))
        metrics = [
            Metric("f1Micro", Self.f1(right, wrong, missed)), Metric("f1Macro", counts.reduce(0) { $0 + Self.f1($1.right, $1.wrong, $1.missed) } / Double(labels.count)),
            Metric("exactMatch", Double(zip(predicted, truth).count { $0 == $1 }) / Double(Swift.max(truth.count, 1))),
            Metric("precisionMicro", Self.ratio(right, right + wrong)), Metric("recallMicro", Self.ratio(right, right + missed)),
            Metric("hammingLoss", Double(wrong + missed) / cells),
        ]
    }

    static func f1(_ right: Int, _ wrong: Int, _ missed: Int) -> Double { ratio(2 * right, 2 * right + wrong + missed) }
    static func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }

    /// The metrics, with words for those that a person looks at first.
    var headlines: [Metric] {
        metrics.map { metric in
            var metric = metric
            switch metric.name {
            case "f1Micro": metric.words = "F1 \(fixed(metric.value, 4)) over all labels (micro average)"
            case "f1Macro": metric.words = "F1 \(fixed(metric.value, 4)), mean of the labels' (macro average)"
            case "exactMatch": metric.words = "exact match \(fixed(metric.value, 4)) (texts whose labels are all right)"
            default: break
            }
            return metric
        }
    }

    /// A row for each label: precision, recall, F1, and how many texts have it.
    var rows: [[String]] {
        zip(labels, counts).map { label, count in
            [
                label, fixed(Self.ratio(count.right, count.right + count.wrong), 3), fixed(Self.ratio(count.right, count.right + count.missed), 3),
                fixed(Self.f1(count.right, count.wrong, count.missed), 3), "\(count.right + count.missed)",
            ]
        }
    }

    static let columns = ["label", "precision", "recall", "F1", "texts"]
}
