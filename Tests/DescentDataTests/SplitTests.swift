import DescentData
import Testing

@Suite("splits")
struct SplitTests {
    @Test("each row is in one part, and the parts have the sizes asked for", arguments: [0.0, 0.2, 0.25, 0.5, 1.0])
    func parts(fraction: Double) {
        let split = Split.shuffled(count: 101, testFraction: fraction, seed: 3)
        #expect((split.train + split.test).sorted() == Array(0..<101))
        #expect(split.test.count == min(Int((101 * fraction).rounded()), 100))
        #expect(split.train == split.train.sorted() && split.test == split.test.sorted())
    }

    @Test("a seed always gives the same rows, on every machine")
    func seeds() {
        let split = Split.shuffled(count: 20, testFraction: 0.2, seed: 1)
        #expect(split == Split.shuffled(count: 20, testFraction: 0.2, seed: 1))
        #expect(split.test == [1, 9, 10, 13])
        #expect(split != Split.shuffled(count: 20, testFraction: 0.2, seed: 2))
    }

    @Test("each class has its share of both parts")
    func stratified() {
        let labels: [Int32] = (0..<103).map { $0 < 70 ? 0 : $0 < 95 ? 1 : $0 < 102 ? 2 : 3 }
        let split = Split.stratified(labels: labels, testFraction: 0.2, seed: 5)
        let counts = (0..<4).map { label in split.test.count { labels[$0] == label } }
        #expect(counts == [14, 5, 2, 0])
        #expect(split.test.count == 21)
    }

    @Test("every row is held out equally often")
    func even() {
        var counts = [Int](repeating: 0, count: 10)
        for seed in 0..<5000 as Range<UInt64> {
            for row in Split.shuffled(count: 10, testFraction: 0.2, seed: seed).test { counts[row] += 1 }
        }
        // 1000 each, give or take five standard deviations.
        #expect(counts.allSatisfy { abs($0 - 1000) < 142 })
    }

    @Test("no rows, one row")
    func tiny() {
        #expect(Split.shuffled(count: 0, seed: 1) == Split.stratified(labels: [], seed: 1))
        #expect(Split.shuffled(count: 1, seed: 1).train == [0])
    }
}
