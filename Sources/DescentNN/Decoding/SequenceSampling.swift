import DescentCore

extension SequenceWriter {
    /// Targets drawn at random, each by itself: neither the other draws nor the other sources matter to it.
    ///
    ///     let drawn = writer.sample(sources, count: 3, limit: { 2 * $0 + 10 }) { source, draw, logProbabilities in choose(logProbabilities) }
    ///
    /// - Parameters:
    ///   - sources: Tokens, at least one of each source.
    ///   - count: How many targets are drawn for each source.
    ///   - limit: The most tokens of a target, for a source of so many.
    ///   - shouldStop: Asked after each step; `true` ends the writing, and what was not finished is missing.
    ///   - choose: Chooses a token: the number of the source, that of the draw, and the log-probability of each token (-infinity for those that are never written).
    /// - Returns: For each source its targets, in the order of the draws.
    public func sample(
        _ sources: [[Int32]], count: Int, limit: (Int) -> Int, shouldStop: () -> Bool = { false }, choose: (_ source: Int, _ draw: Int, _ logProbabilities: ArraySlice<Float>) -> Int
    ) -> [[Hypothesis]] {
        if count < 1 { stop("SequenceWriter.sample: \(count) targets for each source; there must be at least 1.") }
        if let empty = sources.firstIndex(where: \.isEmpty) { stop("SequenceWriter: source \(empty) has no tokens; each must have at least one.") }
        network.infer()
        return inChunks(sources, width: count, shouldStop: shouldStop) { rows in
            drawn(rows, sources, count, limit, shouldStop, choose)
        }
    }

    private func drawn(
        _ rows: [Int], _ sources: [[Int32]], _ count: Int, _ limit: (Int) -> Int, _ shouldStop: () -> Bool, _ choose: (Int, Int, ArraySlice<Float>) -> Int
    ) -> [[Hypothesis]] {
        let batch = rows.count, time = rows.map { sources[$0].count }.max()!, limits = rows.map { Swift.max(1, limit(sources[$0].count)) }
        let encoded = read(rows.map { sources[$0] }, limit: limits.max()!)
        var drafts = [Draft](repeating: Draft(last: beginning), count: batch * count)
        var state = encoded.state.map { $0.expanded(axis: 1) }
        var position = 0
        while drafts.contains(where: \.isOpen) {
            // The first step goes on from the one state of a source, the others each from its own.
            let parents = drafts.indices.map { Int32(position == 0 ? $0 / count : $0) }
            let step = step(beams: count, kept: nil)
            let results = step(
                [Tensor(int32: drafts.map(\.last), shape: [batch, count]), Tensor(int32: parents), Tensor(int64: [position], shape: [])] + state, encoded.memory)
            let tokens = results[0].shape[2], scores = results[0].floats
            let hasAttention = results.count > 1 + state.count
            let attention = hasAttention ? results[1].floats : []
            state = Array(results[(hasAttention ? 2 : 1)...])
            position += 1
            for place in drafts.indices where drafts[place].isOpen {
                let row = place / count
                let probabilities = scores[place * tokens..<(place + 1) * tokens]
                let token = choose(rows[row], place % count, probabilities)
                let looked = hasAttention ? Array(attention[place * time..<place * time + sources[rows[row]].count]) : []
                drafts[place].append(Int32(token), Double(probabilities[place * tokens + token]), looked, isEnd: Int32(token) == end, limit: limits[row])
            }
            if shouldStop() { return [] }
        }
        return (0..<batch).map { row in drafts[row * count..<(row + 1) * count].map(\.hypothesis) }
    }
}

/// A target that is being drawn.
private struct Draft {
    private(set) var last: Int32
    private(set) var isOpen = true
    private var tokens: [Int32] = [], attention: [[Float]] = [], logProbability = 0.0, isComplete = false

    init(last: Int32) { self.last = last }

    mutating func append(_ token: Int32, _ logProbability: Double, _ looked: [Float], isEnd: Bool, limit: Int) {
        self.logProbability += logProbability
        if !looked.isEmpty { attention.append(looked) }
        last = token
        if !isEnd { tokens.append(token) }
        isComplete = isEnd
        isOpen = !isEnd && tokens.count < limit
    }

    var hypothesis: Hypothesis { Hypothesis(tokens: tokens, logProbability: logProbability, score: logProbability, isComplete: isComplete, attention: attention) }
}
