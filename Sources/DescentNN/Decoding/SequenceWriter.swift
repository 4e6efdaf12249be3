import DescentCore

/// Writes with a network: compiled once for each shape, and run for as many sources as there are. One task at a time may use a writer.
///
///     let writer = SequenceWriter(network, beginning: 2, end: 3, never: [0, 1])
///     let best = writer.search(sources, BeamSearch(beams: 5)).map { $0[0].tokens }
public final class SequenceWriter<Network: SequenceGenerator> {
    let network: Network
    let beginning: Int32, end: Int32?
    /// By the most tokens that will be written.
    private var readers: [Int: CompiledFunction<EncodedSource, Tensor, Tensor>] = [:]
    private var steps: [StepForm: CompiledFunction<[Tensor], [Tensor], [Tensor]>] = [:]
    /// How many beams a source has, and how many of the best tokens are looked at: `nil` for all.
    private struct StepForm: Hashable { let beams: Int, kept: Int? }
    private let never: Tensor?

    /// - Parameters:
    ///   - beginning: The token that each target begins with.
    ///   - end: The token that ends one; `nil` where only the limit does.
    ///   - never: Tokens that are not written, such as padding.
    public init(_ network: Network, beginning: Int32, end: Int32?, never: [Int32] = []) {
        (self.network, self.beginning, self.end) = (network, beginning, end)
        self.never = never.isEmpty ? nil : Tensor(int32: never)
    }

    /// The most rows (beams of all sources) that are written at once.
    static var rowLimit: Int { 320 }

    /// The best targets of some sources.
    ///
    /// - Parameters:
    ///   - sources: Tokens, at least one of each source.
    ///   - shouldStop: Asked after each step; `true` ends the search, and what was not finished is missing.
    /// - Returns: For each source at most `settings.count` hypotheses, the best first.
    public func search(_ sources: [[Int32]], _ settings: BeamSearch, shouldStop: () -> Bool = { false }) -> [[Hypothesis]] {
        if settings.beams < 1 || settings.count < 1 || settings.count > settings.beams {
            stop("BeamSearch: \(settings.beams) beams for \(settings.count) hypotheses; there must be at least 1 hypothesis, and as many beams.")
        }
        if let empty = sources.firstIndex(where: \.isEmpty) { stop("SequenceWriter: source \(empty) has no tokens; each must have at least one.") }
        network.infer()
        return inChunks(sources, width: settings.beams, shouldStop: shouldStop) { rows in searched(rows.map { sources[$0] }, settings, shouldStop) }
    }

    /// Writes the targets of some sources at a time, those of like lengths together, so that little is padding.
    ///
    /// - Parameter width: The rows that each source takes.
    func inChunks(_ sources: [[Int32]], width: Int, shouldStop: () -> Bool, _ body: ([Int]) -> [[Hypothesis]]) -> [[Hypothesis]] {
        let order = sources.indices.sorted { (sources[$0].count, $0) < (sources[$1].count, $1) }
        var results = [[Hypothesis]](repeating: [], count: sources.count)
        let chunk = Swift.max(1, Self.rowLimit / width)
        for first in stride(from: 0, to: order.count, by: chunk) {
            let rows = Array(order[first..<Swift.min(first + chunk, order.count)])
            for (row, found) in zip(rows, body(rows)) { results[row] = found }
            if shouldStop() { break }
        }
        return results
    }

    /// Reads sources of which targets of so many tokens at most will be written.
    func read(_ sources: [[Int32]], limit: Int) -> EncodedSource {
        let time = sources.map(\.count).max()!
        // Rounded up, so that there are few forms.
        let capacity = (limit + 8) / 8 * 8
        let network = network
        let reader = readers[capacity] ?? compile { (tokens: Tensor, lengths: Tensor) in network.encode(tokens, lengths: lengths, capacity: capacity) }
        readers[capacity] = reader
        let padded = sources.flatMap { $0 + [Int32](repeating: 0, count: time - $0.count) }
        return reader(Tensor(int32: padded, shape: [sources.count, time]), Tensor(int32: sources.map { Int32($0.count) }))
    }

    private func searched(_ sources: [[Int32]], _ settings: BeamSearch, _ shouldStop: () -> Bool) -> [[Hypothesis]] {
        let batch = sources.count, time = sources.map(\.count).max()!, beams = settings.beams
        let encoded = read(sources, limit: settings.limit(of: time))
        var searches = sources.map { OpenSearch(settings, sourceLength: $0.count, beginning: beginning, end: end) }
        // The first step has one beam for each source.
        var state = encoded.state.map { $0.expanded(axis: 1) }
        var width = 1
        var position = 0
        while searches.contains(where: { !$0.isDone }) {
            let rows = batch * beams
            var tokens = [Int32](repeating: beginning, count: rows), parents = [Int32](repeating: 0, count: rows)
            for (row, search) in searches.enumerated() {
                for (beam, open) in search.beams.enumerated() { (tokens[row * beams + beam], parents[row * beams + beam]) = (open.token, Int32(row * width + open.parent)) }
                for beam in search.beams.count..<beams { parents[row * beams + beam] = Int32(row * width) }
            }
            let step = step(beams: beams, kept: beams + 1)
            let results = step(
                [Tensor(int32: tokens, shape: [batch, beams]), Tensor(int32: parents), Tensor(int64: [position], shape: [])] + state, encoded.memory)
            let kept = results[0].shape[2]
            let (places, values) = (results[0].ints, results[1].floats)
            let hasAttention = results.count > 2 + state.count
            let attention = hasAttention ? results[2].floats : []
            state = Array(results[(hasAttention ? 3 : 2)...])
            width = beams
            position += 1
            for row in searches.indices where !searches[row].isDone {
                let open = searches[row].beams.indices
                let candidates = open.map { beam -> [(token: Int32, logProbability: Double)] in
                    let first = (row * beams + beam) * kept
                    return (first..<first + kept).map { place in (token: Int32(places[place]), logProbability: Double(values[place])) }
                }
                let looked = open.map { beam -> [Float] in
                    let first = (row * beams + beam) * time
                    return hasAttention ? Array(attention[first..<first + sources[row].count]) : []
                }
                searches[row].advance(candidates, attention: hasAttention ? looked : nil)
            }
            if shouldStop() { return sources.map { _ in [] } }
        }
        return searches.indices.map { searches[$0].results() }
    }

    /// A step for so many beams: from tokens, the beams they go on from, the position, states and memory to the best tokens, their log-probabilities, attention
    /// (if there is any), and the next states.
    ///
    /// - Parameter kept: How many of the best tokens; `nil` for all in their order, which then has no list of places.
    func step(beams: Int, kept: Int?) -> CompiledFunction<[Tensor], [Tensor], [Tensor]> {
        let form = StepForm(beams: beams, kept: kept)
        if let known = steps[form] { return known }
        let network = network, never = never
        let step = compile { (inputs: [Tensor], memory: [Tensor]) -> [Tensor] in
            let (tokens, parents, position) = (inputs[0], inputs[1], inputs[2])
            let batch = tokens.shape[0]
            // States as [batch * beams before, ...]; each beam takes that of the one it goes on from.
            let state = inputs[3...].map { state -> Tensor in
                let rest = Array(state.shape[2...])
                return state.reshaped(to: [state.shape[0] * state.shape[1]] + rest).gathered(parents).reshaped(to: [batch, beams] + rest)
            }
            let step = network.step(tokens, position: position, state: state, memory: memory)
            var scores = logSoftmax(step.logits)
            if let never {
                let isNever = (Tensor.arange(scores.shape[2]).expanded(axis: 1) .== never.cast(to: .int64)).cast(to: .int32).max(axis: -1) .> 0
                scores = Tensor.where(isNever.broadcast(to: scores.shape), Tensor(-Double.infinity, like: scores), scores)
            }
            let best = kept.map { scores.topK(Swift.min($0, scores.shape[2])) }
            return (best.map { [$0.places, $0.values] } ?? [scores]) + (step.attention.map { [$0] } ?? []) + step.state
        }
        steps[form] = step
        return step
    }
}
