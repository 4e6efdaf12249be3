import DescentTrain
import Testing

private typealias F = TranslationScoresFixture

/// Against sacreBLEU's answers, to 1e-9.
@Suite("translation scores")
struct TranslationScoresTests {
    private func close(_ a: Double, _ b: Double, _ what: String, _ at: SourceLocation = #_sourceLocation) {
        #expect(abs(a - b) <= 1e-9, "\(what) \(a), not \(b)", sourceLocation: at)
    }

    private func close(_ score: BLEUScore, _ truth: F.BLEU, _ what: String, _ at: SourceLocation = #_sourceLocation) {
        close(score.score, truth.score, "BLEU of \(what)", at)
        close(score.brevityPenalty, truth.brevityPenalty, "brevity penalty of \(what)", at)
        #expect(score.hypothesisLength == truth.hypothesisLength, "tokens of \(what)", sourceLocation: at)
        #expect(score.referenceLength == truth.referenceLength, "reference tokens of \(what)", sourceLocation: at)
        #expect(score.precisions.count == 4 && score.matches.count == 4 && score.totals.count == 4, sourceLocation: at)
        for (order, (a, b)) in zip(score.precisions, truth.precisions).enumerated() { close(a, b, "precision \(order + 1) of \(what)", at) }
    }

    @Test("each sentence's BLEU, chrF and chrF++ are sacreBLEU's")
    func sentences() {
        #expect(F.sentences.count >= 24)
        for pair in F.sentences {
            close(BLEUScore.sentence(pair.hypothesis, references: pair.references), pair.bleu, pair.hypothesis)
            close(ChrFScore.sentence(pair.hypothesis, references: pair.references).score, pair.chrF, "chrF of \(pair.hypothesis)")
            let plus = ChrFScore.sentence(pair.hypothesis, references: pair.references, wordOrder: 2)
            close(plus.score, pair.chrFPlusPlus, "chrF++ of \(pair.hypothesis)")
        }
    }

    @Test("corpora of them too, with different numbers of references")
    func corpora() {
        for (index, corpus) in F.corpora.enumerated() {
            let hypotheses = corpus.sentences.map(\.hypothesis)
            let references = corpus.sentences.map(\.references)
            close(BLEUScore(hypotheses: hypotheses, references: references), corpus.bleu, "corpus \(index)")
            close(ChrFScore(hypotheses: hypotheses, references: references).score, corpus.chrF, "chrF of corpus \(index)")
            close(ChrFScore(hypotheses: hypotheses, references: references, wordOrder: 2).score, corpus.chrFPlusPlus, "chrF++ of corpus \(index)")
        }
    }

    @Test("clipped matches counted by hand; the order without one is smoothed to half a match")
    func byHand() {
        let score = BLEUScore.sentence("the cat sat on a mat", references: ["the cat sat on the red mat"])
        #expect(score.matches == [5, 3, 2, 1] && score.totals == [6, 5, 4, 3])
        let smoothed = BLEUScore.sentence("the cat sat in the mat", references: ["the cat sat on the red mat"])
        #expect(smoothed.matches == [5, 2, 1, 0] && smoothed.totals == [6, 5, 4, 3])
        close(smoothed.precisions[3], 100 * 0.5 / 3, "smoothed precision")
    }

    @Test("scores of no sentences")
    func empty() {
        #expect(BLEUScore(hypotheses: [], references: []).score == 0)
        #expect(ChrFScore(hypotheses: [], references: []).score == 0)
        #expect(Metrics.exactMatch(hypotheses: [], references: []).isNaN)
    }

    @Test("sentences of fewer than four words score 0 as a corpus, above 0 one by one")
    func short() {
        #expect(BLEUScore(hypotheses: ["a b c"], references: [["a b c"]]).score == 0)
        close(BLEUScore.sentence("a b c", references: ["a b c"]).score, 100, "BLEU of an equal short sentence")
    }

    @Test("exact matches: any reference counts, case and spaces do")
    func exactMatch() {
        let share = Metrics.exactMatch(
            hypotheses: ["a", "b", "C", "d ", "cafe\u{301}"], references: [["x", "a"], ["b"], ["c"], ["d"], ["caf\u{E9}"]])
        #expect(share == 0.6)
    }
}
