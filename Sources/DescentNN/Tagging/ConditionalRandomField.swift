import DescentCore

/// A linear-chain conditional random field: scores whole sequences of tags, so that neighbouring tags fit together. Lafferty, McCallum and Pereira 2001.
///
///     score(y) = start[y_1] + sum_t emissions[t, y_t] + sum_t transitions[y_t, y_t+1] + end[y_last]
///     log p(y) = score(y) - log sum over all y' of exp(score(y'))
///
/// A network gives the emissions, a number for each tag at each step; the field adds what it has learned of neighbours. The sum over all sequences is a
/// `scan` over the steps, so its derivatives are those of the loop: the gradient of `logPartition` with respect to the emissions is each tag's probability.
///
/// Shapes: emissions [time, batch, tags], labels [time, batch] of integers, lengths [batch] of integers, each at least 1. Steps beyond a
/// sequence's length count for nothing, whatever stands there.
public struct ConditionalRandomField: Module, Sendable {
    /// The score of a tag (rows) followed by another (columns): [tags, tags], zeros at first.
    public let transitions: Variable
    /// The score of a tag at the first step: [tags].
    public let start: Variable
    /// The score of a tag at the last step: [tags].
    public let end: Variable

    /// - Parameter tags: How many tags there are, at least 1.
    public init(_ tags: Int) {
        if tags < 1 { stop("ConditionalRandomField(\(tags)): there must be at least 1 tag.") }
        transitions = .parameter([tags, tags], .zeros, of: "ConditionalRandomField: it has \(tags) tags")
        start = .parameter([tags], .zeros, of: "ConditionalRandomField: it has \(tags) tags")
        end = .parameter([tags], .zeros, of: "ConditionalRandomField: it has \(tags) tags")
    }

    /// The number of tags.
    public var tags: Int { start.shape[0] }

    /// The negative log-likelihood of each sequence's labels, in nats: [batch].
    public func callAsFunction(_ emissions: Tensor, labels: Tensor, lengths: Tensor) -> Tensor {
        logPartition(emissions, lengths: lengths) - score(emissions, labels: labels, lengths: lengths)
    }

    /// The logarithm of the sum over all sequences of tags of their exponentiated scores: [batch].
    public func logPartition(_ emissions: Tensor, lengths: Tensor) -> Tensor {
        check(emissions, lengths)
        let time = emissions.shape[0], transitions = transitions.value
        // alpha[j]: the log-sum of the scores of all beginnings whose last tag is j.
        let first = emissions[0] + start.value
        if time == 1 { return logSumExp(first + end.value) }
        let real = isReal(time, lengths)
        let last = scan(first, over: [emissions[1..<time], real[1..<time]]) { alpha, slices in
            let next = logSumExp(alpha.expanded(axis: -1) + transitions, axis: -2) + slices[0]
            return (Tensor.where(slices[1].expanded(axis: -1), next, alpha), [Tensor]())
        }.carry
        return logSumExp(last + end.value)
    }

    /// The score of each sequence's labels: [batch].
    public func score(_ emissions: Tensor, labels: Tensor, lengths: Tensor) -> Tensor {
        check(emissions, lengths)
        let (time, batch) = (emissions.shape[0], emissions.shape[1])
        if labels.shape != [time, batch] || labels.dtype.isFloating {
            stop("ConditionalRandomField: labels are \(labels.type) for emissions of \(emissions.shape); they must be integers of shape [\(time), \(batch)].")
        }
        let real = isReal(time, lengths), places = labels.cast(to: .int64)
        let chosen = emissions.gatheredAlong(places.expanded(axis: -1)).squeezed(axis: -1)
        var total = Tensor.where(real, chosen, Tensor(0, like: chosen)).sum(axis: 0) + start.value.gathered(places[0])
        if time > 1 {
            let pairs = places[0..<time - 1] * Double(tags) + places[1..<time]
            let steps = transitions.value.reshaped(tags * tags).gathered(pairs)
            total = total + Tensor.where(real[1..<time], steps, Tensor(0, like: steps)).sum(axis: 0)
        }
        let last = places.gatheredAlong((lengths.cast(to: .int64) - 1).reshaped(1, batch), axis: 0)[0]
        return total + end.value.gathered(last)
    }

    /// The probability of each tag at each step, of all sequences together: [time, batch, tags]; 0 beyond a sequence's end.
    public func marginals(_ emissions: Tensor, lengths: Tensor) -> Tensor {
        gradient(at: emissions) { logPartition($0, lengths: lengths).sum() }
    }

    /// The sequence of tags with the highest score, for one sequence. Viterbi 1967.
    ///
    /// - Parameters:
    ///   - emissions: The numbers of a tensor [time, tags], row after row.
    ///   - isAllowed: Whether a tag (the second) may follow another (the first; `nil` at the beginning). Where no allowed sequence exists, all are.
    /// - Returns: A tag for each step; of equally good sequences the one of lower tags, compared from the end.
    public func bestPath(_ emissions: [Float], isAllowed: (_ previous: Int?, _ tag: Int) -> Bool = { _, _ in true }) -> [Int] {
        let tags = tags
        if emissions.count % tags != 0 { stop("ConditionalRandomField.bestPath: \(emissions.count) numbers, and \(tags) tags; there must be \(tags) numbers for each step.") }
        let time = emissions.count / tags
        if time == 0 { return [] }
        var steps = transitions.value.floats, best = start.value.floats, last = end.value.floats
        for tag in 0..<tags where !isAllowed(nil, tag) { best[tag] = -.infinity }
        for from in 0..<tags { for to in 0..<tags where !isAllowed(from, to) { steps[from * tags + to] = -.infinity } }
        for tag in 0..<tags { best[tag] += emissions[tag] }
        var origins = [Int](repeating: 0, count: time * tags)
        for step in 1..<Swift.max(time, 1) {
            var next = [Float](repeating: -.infinity, count: tags)
            for from in 0..<tags {
                for to in 0..<tags where best[from] + steps[from * tags + to] > next[to] {
                    next[to] = best[from] + steps[from * tags + to]
                    origins[step * tags + to] = from
                }
            }
            for tag in 0..<tags { next[tag] += emissions[step * tags + tag] }
            best = next
        }
        for tag in 0..<tags { last[tag] += best[tag] }
        var tag = last.indices.max { last[$0] < last[$1] }!
        if last[tag] == -.infinity { return bestPath(emissions) }
        var path = [tag]
        for step in stride(from: time - 1, to: 0, by: -1) {
            tag = origins[step * tags + tag]
            path.append(tag)
        }
        return path.reversed()
    }

    /// Which steps are real: bool [time, batch].
    private func isReal(_ time: Int, _ lengths: Tensor) -> Tensor {
        Tensor.arange(time).reshaped(-1, 1) .< lengths.cast(to: .int64).reshaped(1, -1)
    }

    private func check(_ emissions: Tensor, _ lengths: Tensor) {
        guard emissions.rank == 3, emissions.shape[0] >= 1, emissions.shape[2] == tags else {
            stop("ConditionalRandomField: emissions have shape \(emissions.shape); with \(tags) tags they must be [time, batch, \(tags)], of at least 1 step.")
        }
        guard lengths.shape == [emissions.shape[1]], !lengths.dtype.isFloating else {
            stop("ConditionalRandomField: lengths are \(lengths.type) for a batch of \(emissions.shape[1]); they must be integers of shape [\(emissions.shape[1])].")
        }
    }
}
