import DescentCore
import Testing

import DescentNN
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A generator without learning: the probabilities of the next token depend on the last one and on the source's first token.
private struct MarkovGenerator: SequenceGenerator {
    /// Log-probabilities [sources, tokens, tokens].
    let table: Variable

    init(_ table: Tensor) { self.table = Variable(table) }

    func encode(_ tokens: Tensor, lengths: Tensor, capacity: Int) -> EncodedSource {
        EncodedSource(memory: [table.value.gathered(tokens.slice(axis: 1, 0..<1).squeezed(axis: 1))], state: [Tensor.zeros([tokens.shape[0], 1])])
    }

    func step(_ tokens: Tensor, position: Tensor, state: [Tensor], memory: [Tensor]) -> GeneratorStep {
        let places = tokens.cast(to: .int64).expanded(axis: 2).broadcast(to: tokens.shape + [memory[0].shape[2]])
        return GeneratorStep(logits: memory[0].gatheredAlong(places, axis: 1), state: state.map { $0 + 1 }, attention: nil)
    }
}

@Suite("Beam search")
struct BeamSearchTests {
    static let tokens = 6, end: Int32 = 3

    /// Random log-probabilities: token 0 is padding, 2 the beginning, 3 the end.
    private static func table(sources: Int, seed: Int) -> Tensor {
        logSoftmax(Random(seed: seed).normal([sources, tokens, tokens]) * 2)
    }

    /// All sequences up to a length with their scores, the best first.
    private static func all(_ table: [Double], _ settings: BeamSearch, limit: Int, never: Set<Int>) -> [(tokens: [Int32], score: Double)] {
        var found: [(tokens: [Int32], score: Double)] = []
        func go(_ tokens: [Int32], _ sum: Double, _ last: Int) {
            for next in 0..<Self.tokens where !never.contains(next) {
                let total = sum + table[last * Self.tokens + next]
                if next == Int(Self.end) {
                    if !tokens.isEmpty { found.append((tokens, settings.score(total, length: tokens.count + 1, coverage: []))) }
                } else if tokens.count + 1 < limit {
                    go(tokens + [Int32(next)], total, next)
                }
            }
        }
        go([], 0, 2)
        return found.sorted { $1.score < $0.score }
    }

    @Test("with enough beams the best of all sequences are found, in order", arguments: [0, 0.6, 1.5])
    func exhaustive(penalty: Double) {
        let table = Self.table(sources: 3, seed: 5)
        let writer = SequenceWriter(MarkovGenerator(table), beginning: 2, end: Self.end, never: [0, 2])
        var settings = BeamSearch(beams: 400)
        (settings.count, settings.lengthPenalty, settings.lengthFactor, settings.lengthMargin) = (10, penalty, 0, 5)
        let numbers = table.cast(to: .float64).doubles
        for (source, found) in writer.search([[0], [1], [2]], settings).enumerated() {
            let wanted = Self.all(Array(numbers[source * 36..<(source + 1) * 36]), settings, limit: 5, never: [0, 2]).prefix(10)
            #expect(found.map(\.tokens) == wanted.map(\.tokens))
            #expect(zip(found, wanted).allSatisfy { abs($0.score - $1.score) < 1e-5 })
        }
    }

    @Test("what is found doesn't depend on what else is in the batch; no padding, beginning or end is in it, and no two are the same", arguments: [1, 3, 5])
    func batches(beams: Int) {
        let writer = SequenceWriter(MarkovGenerator(Self.table(sources: 8, seed: 2)), beginning: 2, end: Self.end, never: [0, 2])
        var settings = BeamSearch(beams: beams)
        settings.count = beams
        let sources: [[Int32]] = (0..<8).map { [Int32($0)] + [Int32](repeating: 1, count: $0 % 3) }
        let together = writer.search(sources, settings)
        for (source, found) in zip(sources, together) {
            #expect(writer.search([source], settings)[0] == found)
            #expect(found.allSatisfy { !$0.tokens.contains(0) && !$0.tokens.contains(2) && !$0.tokens.contains(Self.end) })
            #expect(Set(found.map(\.tokens)).count == found.count)
        }
    }

    /// A search over tokens 4, 5, 6 with two beams.
    private static func search(_ change: (inout BeamSearch) -> Void = { _ in }) -> OpenSearch {
        var settings = BeamSearch(beams: 2)
        (settings.lengthPenalty, settings.minimumLength, settings.lengthFactor, settings.lengthMargin) = (0, 0, 0, 4)
        change(&settings)
        return OpenSearch(settings, sourceLength: 1, beginning: 2, end: end)
    }

    @Test("the search goes on while an open beginning can still be better than what has ended")
    func goesOn() {
        var search = Self.search()
        search.advance([[(Self.end, -1.0), (4, -0.5), (5, -3)]], attention: nil)
        #expect(!search.isDone && search.beams.map(\.token) == [4, 5])
        search.advance([[(Self.end, -0.1), (4, -4)], [(4, -1)]], attention: nil)
        #expect(search.isDone)
        let found = search.results()
        #expect(found.count == 1 && found[0].tokens == [4] && abs(found[0].logProbability + 0.6) < 1e-12 && found[0].isComplete)
    }

    @Test("it ends at once where nothing open can be better")
    func endsAtOnce() {
        var search = Self.search()
        search.advance([[(Self.end, -0.1), (4, -3), (5, -4)]], attention: nil)
        #expect(search.isDone && search.results()[0].tokens == [])
    }

    @Test("with a length penalty a longer sequence can overtake, and is waited for")
    func overtakes() {
        var search = Self.search { $0.lengthPenalty = 1 }
        search.advance([[(4, -0.9), (Self.end, -1.0), (5, -9)]], attention: nil)
        // -1.0 over 1 against at best -0.9 over 10/6.
        #expect(!search.isDone)
    }

    @Test("what has ended takes no further part, and keeps its tokens and its score")
    func finished() {
        var search = Self.search { $0.count = 2 }
        search.advance([[(4, -0.1), (Self.end, -0.2), (5, -0.3)]], attention: nil)
        search.advance([[(4, -0.1), (5, -2)], [(4, -0.1), (5, -2)]], attention: nil)
        search.advance([[(Self.end, -0.1), (5, -2)], [(4, -0.1), (5, -2)]], attention: nil)
        let found = search.results()
        #expect(found.map(\.tokens) == [[], [4, 4]])
        #expect(zip(found, [-0.2, -0.3]).allSatisfy { abs($0.logProbability - $1) < 1e-12 })
    }

    @Test("two beams never hold the same tokens, though both continue with the same one")
    func different() {
        var search = Self.search()
        search.advance([[(4, -0.1), (5, -0.2), (6, -0.3)]], attention: nil)
        #expect(search.beams.map(\.token) == [4, 5])
        search.advance([[(6, -0.1), (4, -5)], [(6, -0.1), (4, -5)]], attention: nil)
        #expect(search.beams.map(\.token) == [6, 6] && search.beams.map(\.parent) == [0, 1])
    }

    @Test("without an end within the limit there is the best beginning, and it is said")
    func limit() {
        var search = Self.search { $0.lengthMargin = 2 }
        for _ in 0..<2 { search.advance(search.beams.map { _ in [(4, -0.1), (5, -0.2), (6, -0.3)] }, attention: nil) }
        #expect(search.isDone)
        let found = search.results()
        #expect(found.count == 1 && found[0].tokens == [4, 4] && !found[0].isComplete)
    }

    @Test("the coverage penalty prefers what looked at the whole source")
    func coverage() {
        var settings = BeamSearch(beams: 1)
        settings.coveragePenalty = 0.5
        #expect(settings.score(-1, length: 1, coverage: [1, 1]) == -1)
        #expect(abs(settings.score(-1, length: 1, coverage: [1, 0.5]) - (-1 + 0.5 * -0.6931471805599453)) < 1e-12)
    }

    @Test("draws come as often as the sequence is probable, each whatever the others are, and are followed by nothing")
    func sampling() {
        let table = Self.table(sources: 2, seed: 9), numbers = table.cast(to: .float64).doubles
        let writer = SequenceWriter(MarkovGenerator(table), beginning: 2, end: Self.end, never: [0, 2])
        func draw(_ sources: [[Int32]], count: Int) -> [[Hypothesis]] {
            let randoms = (0..<sources.count * count).map { Random(seed: 100 + $0 % count) }
            return writer.sample(sources, count: count, limit: { _ in 4 }) { source, draw, scores in
                // The inverse of the distribution's function.
                var left = randoms[source * count + draw].uniform([1]).item() * scores.reduce(0) { $0 + exp(Double($1)) }
                for (token, score) in scores.enumerated() {
                    left -= exp(Double(score))
                    if left < 0 { return token }
                }
                return scores.count - 1
            }
        }
        let drawn = draw([[1], [0]], count: 300)
        #expect(drawn[1] == draw([[0]], count: 300)[0] && drawn[0].prefix(40) == draw([[1]], count: 40)[0].prefix(40))
        for (source, found) in zip([1, 0], drawn) {
            #expect(found.allSatisfy { $0.tokens.allSatisfy { ![0, 2, Self.end].contains($0) } && $0.tokens.count <= 4 && ($0.isComplete || $0.tokens.count == 4) })
            // What is never written leaves its share to the others.
            let row = (0..<Self.tokens).map { exp(numbers[source * 36 + 2 * Self.tokens + $0]) }
            let share = row[Int(Self.end)] / (1 - row[0] - row[2]), deviation = (share * (1 - share) / 300).squareRoot()
            #expect(abs(Double(found.count { $0.tokens.isEmpty && $0.isComplete }) / 300 - share) < 4 * deviation)
            let one = found.first { $0.tokens.count == 2 && $0.isComplete }!
            let path = [2] + one.tokens.map(Int.init) + [3]
            let sum = zip(path, path.dropFirst()).reduce(0.0) { $0 + numbers[source * 36 + $1.0 * Self.tokens + $1.1] }
            #expect(abs(one.logProbability - sum) < 1e-5)
        }
    }
}
