import DescentCore

/// Looks for the most probable sequences: at each step the best few beginnings are kept, and each is continued in all ways. With one beam it is greedy.
///
/// - A hypothesis that has its end takes no further part; its beam goes to the next best beginning. Two beams never hold the same tokens.
/// - The search ends when no open beginning can come to a better score than the worst hypothesis that is asked for, not when the first ends.
/// - Each sequence is searched by itself: what else is in the batch doesn't matter to it.
public struct BeamSearch: Equatable, Sendable {
    /// Beginnings that are kept.
    public var beams = 5
    /// Hypotheses that are given for each source, at most `beams`; the best first.
    public var count = 1
    /// α of the length penalty `((5 + length) / 6) ^ α`, by which log-probabilities are divided; 0 for none. Longer sequences have lower
    /// probabilities, whatever they say. Wu et al. 2016.
    public var lengthPenalty = 0.6
    /// β of the coverage penalty `-β Σ_j log min(1, Σ_t a_tj)` over the source's steps j: for sources that were not looked at in full. Wu et al. 2016.
    public var coveragePenalty = 0.0
    /// The most tokens of a target, for a source of so many: this many times its length ...
    public var lengthFactor = 2.0
    /// ... and this many more.
    public var lengthMargin = 10
    /// The fewest tokens of a target before its end.
    public var minimumLength = 1

    public init() {}
    /// - Parameter beams: Beginnings that are kept; 1 is greedy.
    public init(beams: Int) { self.beams = beams }

    /// The most tokens for a source of this many.
    public func limit(of sourceLength: Int) -> Int { Swift.max(1, Int((lengthFactor * Double(sourceLength)).rounded(.up)) + lengthMargin) }

    /// What log-probabilities of this many tokens, the end among them, are divided by.
    func penalty(length: Int) -> Double { lengthPenalty == 0 ? 1 : power((5 + Double(length)) / 6, lengthPenalty) }

    /// The score of a sequence.
    ///
    /// - Parameter coverage: How much each real step of the source was looked at in all.
    package func score(_ logProbability: Double, length: Int, coverage: [Float]) -> Double {
        var score = logProbability / penalty(length: length)
        if coveragePenalty > 0 { for sum in coverage { score += coveragePenalty * logarithm(Swift.max(1e-6, Swift.min(1, Double(sum)))) } }
        return score
    }
}

/// The search for one source: what was found, and what is still open. It knows nothing of networks.
package struct OpenSearch {
    /// A beginning.
    package struct Beam {
        package var logProbability: Double
        /// The beam of the step before that it goes on from.
        package var parent: Int
        package var token: Int32
        /// The place of its last token among all that were written.
        var node: Int
        var coverage: [Float]
    }

    private struct Node { let token: Int32, before: Int, attention: [Float] }

    let settings: BeamSearch
    let sourceLength: Int
    let end: Int32?
    package private(set) var beams: [Beam]
    private(set) var length = 0
    private var nodes: [Node] = []
    private var finished: [Hypothesis] = []
    package private(set) var isDone = false

    package init(_ settings: BeamSearch, sourceLength: Int, beginning: Int32, end: Int32?) {
        (self.settings, self.sourceLength, self.end) = (settings, sourceLength, end)
        // One beginning: others like it would only be continued in the same ways.
        beams = [Beam(logProbability: 0, parent: 0, token: beginning, node: -1, coverage: [Float](repeating: 0, count: sourceLength))]
    }

    /// Whether the next token may be the end.
    var mayEnd: Bool { length >= settings.minimumLength }

    /// Takes the best continuations of each beam.
    ///
    /// - Parameters:
    ///   - candidates: For each beam tokens with their log-probabilities, the best first: at least `beams + 1` of them, or all that there are.
    ///   - attention: For each beam how much each real step of the source was looked at; `nil` for a network that doesn't look back.
    package mutating func advance(_ candidates: [[(token: Int32, logProbability: Double)]], attention: [[Float]]?) {
        var all: [(beam: Int, token: Int32, sum: Double)] = []
        for (beam, found) in candidates.enumerated() {
            for candidate in found where candidate.logProbability > -.infinity && (candidate.token != end || mayEnd) {
                all.append((beam, candidate.token, beams[beam].logProbability + candidate.logProbability))
            }
        }
        all.sort { ($1.sum, $0.beam, $0.token) < ($0.sum, $1.beam, $1.token) }
        length += 1
        var next: [Beam] = []
        for (rank, candidate) in all.enumerated() {
            if next.count == settings.beams { break }
            let before = beams[candidate.beam]
            let looked = attention?[candidate.beam] ?? []
            let coverage = looked.isEmpty ? before.coverage : zip(before.coverage, looked).map { $0 + $1 }
            if candidate.token == end {
                // An end counts where it is among the best of all, as any continuation does.
                if rank < settings.beams { finish(before.node, candidate.sum, looked, coverage, isComplete: true) }
                continue
            }
            nodes.append(Node(token: candidate.token, before: before.node, attention: looked))
            next.append(Beam(logProbability: candidate.sum, parent: candidate.beam, token: candidate.token, node: nodes.count - 1, coverage: coverage))
        }
        beams = next
        let limit = settings.limit(of: sourceLength)
        isDone = beams.isEmpty || length >= limit || cannotImprove(limit)
    }

    /// No open beginning can come to more than it has, over the largest penalty that there can be.
    private func cannotImprove(_ limit: Int) -> Bool {
        if finished.count < settings.count { return false }
        let worst = finished.map(\.score).sorted(by: >)[settings.count - 1]
        return beams.allSatisfy { $0.logProbability / settings.penalty(length: limit + 1) <= worst }
    }

    private mutating func finish(_ node: Int, _ sum: Double, _ looked: [Float], _ coverage: [Float], isComplete: Bool) {
        var tokens: [Int32] = [], attention: [[Float]] = [], place = node
        if isComplete, !looked.isEmpty { attention.append(looked) }
        while place >= 0 {
            tokens.append(nodes[place].token)
            if !nodes[place].attention.isEmpty { attention.append(nodes[place].attention) }
            place = nodes[place].before
        }
        finished.append(
            Hypothesis(
                tokens: tokens.reversed(), logProbability: sum, score: settings.score(sum, length: tokens.count + (isComplete ? 1 : 0), coverage: coverage),
                isComplete: isComplete, attention: attention.reversed()))
    }

    /// The best hypotheses, the best first. Where fewer have an end than are asked for, open ones follow them.
    package mutating func results() -> [Hypothesis] {
        var found = finished.sorted { $1.score < $0.score }
        if found.count < settings.count {
            finished = []
            for beam in beams { finish(beam.node, beam.logProbability, [], beam.coverage, isComplete: false) }
            found += finished.sorted { $1.score < $0.score }
        }
        return Array(found.prefix(settings.count))
    }
}
