import DescentCore
import DescentNN
import Testing

/// The field against the enumeration of all sequences, and its gradients against finite differences.
@Suite struct ConditionalRandomFieldTests {
    private static let tags = 3, lengths = [4, 1, 3]

    /// A field with numbers that are not zero, emissions [4, 3, 3] and labels [4, 3], whose padding holds numbers too.
    private static func sample() -> (field: ConditionalRandomField, emissions: Tensor, labels: Tensor, lengths: Tensor) {
        let field = withParameters(of: .float64) { ConditionalRandomField(tags) }
        let random = Random(seed: 5)
        for variable in [field.transitions, field.start, field.end] { variable.value = random.normal(variable.shape, dtype: .float64) }
        let emissions = random.normal([4, 3, tags], dtype: .float64)
        return (field, emissions, Tensor(int64: [2, 0, 1, 0, 2, 2, 1, 1, 0, 2, 0, 1], shape: [4, 3]), Tensor(int64: lengths))
    }

    /// All sequences of a length.
    private static func sequences(_ length: Int) -> [[Int]] {
        (0..<length).reduce([[]]) { all, _ in all.flatMap { one in (0..<tags).map { one + [$0] } } }
    }

    /// The score of a sequence by its definition.
    private static func score(_ path: [Int], of row: Int, _ field: ConditionalRandomField, _ emissions: Tensor) -> Double {
        let scores = emissions.doubles, steps = field.transitions.value.doubles
        var total = field.start.value.doubles[path[0]] + field.end.value.doubles[path.last!]
        for (time, tag) in path.enumerated() { total += scores[(time * lengths.count + row) * tags + tag] }
        for (from, to) in zip(path, path.dropFirst()) { total += steps[from * tags + to] }
        return total
    }

    @Test func theLogPartitionIsThatOfAllSequences() {
        let (field, emissions, labels, lengths) = Self.sample()
        let found = field.logPartition(emissions, lengths: lengths).doubles, losses = field(emissions, labels: labels, lengths: lengths).doubles
        for (row, length) in Self.lengths.enumerated() {
            let total = logSumExp(Tensor(float64: Self.sequences(length).map { Self.score($0, of: row, field, emissions) })).item()
            expectClose(found[row], total, 1e-12)
            let path = (0..<length).map { labels.ints[$0 * 3 + row] }
            expectClose(losses[row], total - Self.score(path.map { Int($0) }, of: row, field, emissions), 1e-12)
        }
        // One step alone needs no loop.
        expectClose(field.logPartition(emissions[0..<1], lengths: Tensor(int64: [1, 1, 1])).doubles[1], found[1], 1e-12)
    }

    @Test func gradientsAreFiniteDifferences() {
        let (field, emissions, labels, lengths) = Self.sample()
        let loss = { (x: Tensor) in field(x, labels: labels, lengths: lengths).sum() }
        expectClose(gradient(at: emissions, of: loss).doubles, finiteDifferences(at: emissions, loss), 1e-7)
        let (_, gradients) = valueWithGradient(at: field) { $0(emissions, labels: labels, lengths: lengths).sum() }
        for (path, variable) in [("transitions", field.transitions), ("start", field.start), ("end", field.end)] {
            let before = variable.value
            let differences = finiteDifferences(at: before) { moved in
                variable.value = moved
                return loss(emissions)
            }
            variable.value = before
            expectClose(gradients[path]!.doubles, differences, 1e-7, path)
        }
    }

    @Test func marginalsAreTheSharesOfAllSequences() {
        let (field, emissions, _, lengths) = Self.sample()
        let found = field.marginals(emissions, lengths: lengths).doubles
        for (row, length) in Self.lengths.enumerated() {
            let all = Self.sequences(length), weights = softmax(Tensor(float64: all.map { Self.score($0, of: row, field, emissions) })).doubles
            for time in 0..<4 {
                for tag in 0..<Self.tags {
                    let share = time < length ? zip(all, weights).reduce(0) { $0 + ($1.0[time] == tag ? $1.1 : 0) } : 0
                    expectClose(found[(time * 3 + row) * Self.tags + tag], share, 1e-12)
                }
            }
        }
    }

    @Test func theBestPathIsTheBestOfAllSequences() {
        let (field, emissions, _, _) = Self.sample()
        for (row, length) in Self.lengths.enumerated() {
            let own = emissions[0..<length, row].cast(to: .float32).floats
            let best = Self.sequences(length).max { Self.score($0, of: row, field, emissions) < Self.score($1, of: row, field, emissions) }!
            #expect(field.bestPath(own) == best)
            // Among the sequences that never have 2 after 0 or at the beginning.
            let allowed = { (previous: Int?, tag: Int) in !(tag == 2 && (previous == nil || previous == 0)) }
            let legal = Self.sequences(length).filter { path in zip([nil] + path.map { Optional($0) }, path).allSatisfy { allowed($0, $1) } }
            #expect(field.bestPath(own, isAllowed: allowed) == legal.max { Self.score($0, of: row, field, emissions) < Self.score($1, of: row, field, emissions) }!)
        }
        #expect(field.bestPath([]) == [] && field.bestPath([0, 0, 9], isAllowed: { _, _ in false }) == field.bestPath([0, 0, 9]))
    }

    @Test func paddingChangesNothing() {
        let (field, emissions, labels, lengths) = Self.sample()
        let real = (Tensor.arange(4).reshaped(-1, 1) .< lengths.reshaped(1, -1)).expanded(axis: -1).broadcast(to: emissions.shape)
        let other = Tensor.where(real, emissions, Tensor(7, like: emissions))
        expectClose(field(other, labels: labels, lengths: lengths).doubles, field(emissions, labels: labels, lengths: lengths).doubles, 0)
    }

    @Test func wrongShapesAreNamed() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = ConditionalRandomField(3).logPartition(Tensor.zeros([2, 1, 4]), lengths: Tensor(int64: [2]))
        }
        expectSentence(result, "ConditionalRandomField: emissions have shape [2, 1, 4]; with 3 tags they must be [time, batch, 3], of at least 1 step.")
    }
}
