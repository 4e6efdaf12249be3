import DescentCore

/// How long the sequences of a batch are, known before a step is built, so that padding costs nothing.
///
/// The sequences are sorted by length, the longest first, and time is cut into a few segments; in each only the sequences that are still
/// going take part. So the work is that of the real steps and a little more, where a mask alone does the work of the longest for all.
///
///     let lengths = SequenceLengths([7, 100, 31])
///     let (outputs, last) = reader(x, from: nil, lengths: lengths)
///     let loss = softmaxCrossEntropy(lengths.joined(outputs), lengths.joined(labels))
///
/// The lengths are part of the form of a compiled function, not of its data: make one for each `SequenceLengths` (it is `Hashable`), or
/// use batches of nearly equal lengths with a mask.
public struct SequenceLengths: Hashable, Sendable {
    /// The lengths, in the order of the batch.
    public let lengths: [Int]
    /// The sequences by length, the longest first.
    public let order: [Int]
    /// Steps in which the same sequences take part.
    public let segments: [Segment]

    /// Steps in which the `rows` longest sequences take part.
    public struct Segment: Hashable, Sendable {
        public let steps: Range<Int>
        public let rows: Int
        /// Whether one of them ends before the segment does, so that its last steps are masked.
        public let isMasked: Bool

        package init(steps: Range<Int>, rows: Int, isMasked: Bool) { (self.steps, self.rows, self.isMasked) = (steps, rows, isMasked) }
    }

    /// - Parameter lengths: at least one, each at least 1.
    public init(_ lengths: [Int]) {
        if lengths.isEmpty || lengths.contains(where: { $0 < 1 }) {
            stop(
                "SequenceLengths: \(lengths.isEmpty ? "no lengths" : "a length of \(lengths.min()!) (sequence \(lengths.firstIndex { $0 < 1 }!))"); a batch has at least one sequence, and each at least one step."
            )
        }
        self.lengths = lengths
        order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
        segments = Self.cut(order.map { lengths[$0] })
    }

    /// The longest.
    public var longest: Int { lengths[order[0]] }
    /// Real steps in all.
    public var total: Int { lengths.reduce(0, +) }
    /// Steps computed, the masked ones among them.
    public var computed: Int { segments.reduce(0) { $0 + $1.steps.count * $1.rows } }

    /// A segment's start costs as much as this many steps of a sequence: matrices are laid out for it, and gradients added.
    private static let segmentCost = 48

    /// The cut of least cost, by dynamic programming over the places where a sequence ends.
    private static func cut(_ sorted: [Int]) -> [Segment] {
        let ends = Set(sorted).sorted()
        let bounds = [0] + ends
        func rows(_ time: Int) -> Int { sorted.prefix { $0 > time }.count }
        var best = [(cost: 0, from: 0)]
        for place in 1..<bounds.count {
            var choice = (cost: Int.max, from: 0)
            for from in 0..<place {
                let cost = best[from].cost + (bounds[place] - bounds[from]) * rows(bounds[from]) + segmentCost
                if cost < choice.cost { choice = (cost, from) }
            }
            best.append(choice)
        }
        var found: [Segment] = [], place = bounds.count - 1
        while place > 0 {
            let from = best[place].from, count = rows(bounds[from])
            found.append(Segment(steps: bounds[from]..<bounds[place], rows: count, isMasked: sorted[..<count].contains { $0 < bounds[place] }))
            place = from
        }
        return found.reversed()
    }

    /// The real steps of all sequences, one after another in the order of the batch: [batch, time, ...] to [total, ...].
    public func joined(_ padded: Tensor, timeFirst: Bool = false) -> Tensor {
        let shape = padded.shape
        guard shape.count >= 2, shape[timeFirst ? 1 : 0] == lengths.count, shape[timeFirst ? 0 : 1] >= longest else {
            let axes = timeFirst ? "[time, batch, ...]" : "[batch, time, ...]"
            let sentence =
                "SequenceLengths.joined: a tensor of \(shape) for \(lengths.count) sequences of up to \(longest) steps; it must be \(axes)."
            return standIn(sentence, [total] + shape.dropFirst(2), padded.dtype)
        }
        let time = shape[timeFirst ? 0 : 1]
        let places = lengths.enumerated().flatMap { row, length in (0..<length).map { timeFirst ? $0 * lengths.count + row : row * time + $0 } }
        return padded.reshaped(to: [shape[0] * shape[1]] + shape[2...]).gathered(Tensor(int64: places))
    }
}

extension Recurrent {
    /// The outputs of all steps, and the state after each sequence's last, for sequences whose lengths are known: the steps beyond a
    /// sequence's end cost nothing, and their outputs are zero.
    ///
    /// Shapes as ever; the time axis may be longer than the longest sequence.
    public func callAsFunction(_ x: Tensor, from state: Cell.State?, lengths: SequenceLengths) -> (outputs: Tensor, state: Cell.State) {
        let steps = timeFirst || x.rank < 2 ? x : x.movingAxis(1, to: 0)
        guard x.rank == 3, steps.shape[1] == lengths.lengths.count, steps.shape[0] >= lengths.longest else {
            let axes = timeFirst ? "[time, batch, features]" : "[batch, time, features]"
            let sentence = "Recurrent: the input has shape \(x.shape) for \(lengths.lengths.count) sequences of up to \(lengths.longest) steps; it must be \(axes)."
            let sizes = timeFirst ? [lengths.longest, lengths.lengths.count] : [lengths.lengths.count, lengths.longest]
            return self(standIn(sentence, sizes + [x.shape.last ?? 1], x.dtype), from: nil)
        }
        let batch = steps.shape[1]
        let order = Tensor(int64: lengths.order)
        var rank = lengths.order
        for (place, row) in lengths.order.enumerated() { rank[row] = place }
        let sorted = steps.gathered(order, axis: 1)
        let real = Tensor(int64: lengths.order.map { lengths.lengths[$0] })
        let start = state ?? cell.initialState(batch: batch, dtype: x.dtype)
        // The states of all sequences, the longest first; in a segment those of the first rows change.
        var states = start.tensors.map { $0.gathered(order) }
        var outputs = [Tensor?](repeating: nil, count: lengths.segments.count)
        // A sequence keeps its dropout mask from segment to segment: each draws from the same place, and numbers that are drawn by their
        // count are the same for the first rows of any batch. The streams go on behind the largest draw.
        let streams = cell.randomStates, before = streams.map(\.value)
        var after = before
        defer { for (stream, state) in zip(streams, after) { stream.value = state } }
        for place in isReversed ? Array(lengths.segments.indices.reversed()) : Array(lengths.segments.indices) {
            let segment = lengths.segments[place]
            for (stream, state) in zip(streams, before) { stream.value = state }
            let result = scanned(
                sorted[segment.steps, 0..<segment.rows], start.rebuilt(from: TensorReader(states.map { $0[0..<segment.rows] })),
                segment.isMasked
                    ? Tensor.arange(Double(segment.steps.lowerBound), Double(segment.steps.upperBound), dtype: .int64)
                        .reshaped(-1, 1, 1) .< real[0..<segment.rows].reshaped(1, segment.rows, 1) : nil)
            states = zip(states, result.carry.tensors).map { all, first in
                segment.rows == batch ? first : Tensor.concatenate([first, all[segment.rows..<batch]], axis: 0)
            }
            if segment.rows == lengths.segments[0].rows { after = streams.map(\.value) }
            outputs[place] = result.outputs.padded([(0, 0), (0, batch - segment.rows), (0, 0)])
        }
        var all = Tensor.concatenate(outputs.map { $0! }, axis: 0).gathered(Tensor(int64: rank), axis: 1)
        if steps.shape[0] > lengths.longest { all = all.padded([(0, steps.shape[0] - lengths.longest), (0, 0), (0, 0)]) }
        let last = start.rebuilt(from: TensorReader(states.map { $0.gathered(Tensor(int64: rank)) }))
        return (timeFirst ? all : all.movingAxis(0, to: 1), last)
    }
}
