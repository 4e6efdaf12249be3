import DescentCore

/// What the scores of translations have in common.
enum TranslationScores {
    /// Stops where the counts differ or a sentence has no reference.
    static func check(_ name: String, _ hypotheses: [String], _ references: [[String]]) {
        guard hypotheses.count == references.count else {
            stop("\(name): \(hypotheses.count) hypotheses, references of \(references.count) sentences; there must be as many of each.")
        }
        if let index = references.firstIndex(where: \.isEmpty) { stop("\(name): sentence \(index) has no reference; each needs at least one.") }
    }
}

extension Metrics {
    /// The share of hypotheses that equal one of their references, from 0 to 1. Of none: NaN.
    ///
    /// Case, punctuation and white space count. Equality is Swift's, so canonically equivalent texts ("é" in one code point or in two)
    /// are equal.
    public static func exactMatch(hypotheses: [String], references: [[String]]) -> Double {
        TranslationScores.check("Metrics.exactMatch", hypotheses, references)
        return mean(hypotheses.count, nil) { references[$0].contains(hypotheses[$0]) ? 1 : 0 }
    }
}
