import DescentCore
import DescentData
import DescentTrain

/// Batches of recordings of unlike lengths, each batch of nearly equal ones, so that little is padding.
///
/// A batch's tensors: inputs [time, batch, inputs], 0 beyond a recording's end; lengths [batch]; and the answers: labels or scaled numbers [batch], or labels of
/// steps [time, batch], -1 beyond the end.
final class RecordingBatches: BatchSource {
    private let inputs: [[Float]]
    private let width: Int
    private let answers: Answers
    private let window: Int
    private let order: LengthOrder

    /// What a network is to answer.
    enum Answers {
        case labels([Int32])
        case numbers([Float])
        case stepLabels([[Int32]])

        /// The answers of the rows, as a batch has them.
        fileprivate func tensor(_ rows: [Int], time: Int) -> Tensor {
            switch self {
            case .labels(let labels): return Tensor(int32: rows.map { labels[$0] })
            case .numbers(let numbers): return Tensor(rows.map { numbers[$0] }, shape: [rows.count, 1])
            case .stepLabels(let labels):
                var all = [Int32](repeating: -1, count: time * rows.count)
                for (column, row) in rows.enumerated() {
                    for (step, label) in labels[row].enumerated() { all[step * rows.count + column] = label }
                }
                return Tensor(int32: all, shape: [time, rows.count])
            }
        }
    }

    /// - Parameters:
    ///   - inputs: The recordings as the network reads them, `width` numbers a step.
    ///   - answers: One for each.
    ///   - seed: What the order is drawn from; nil for the shortest first.
    init(_ inputs: [[Float]], width: Int, answers: Answers, window: Int, batchSize: Int, seed: Int?) {
        (self.inputs, self.width, self.answers, self.window) = (inputs, width, answers, window)
        order = LengthOrder(lengths: inputs.map { $0.count / width }, batchSize: batchSize, seed: seed)
    }

    var examplesPerEpoch: Int { inputs.count }
    func steps(inEpoch epoch: Int) -> Int { order.batchCount }
    var isPreparedAhead: Bool { false }

    func batch(_ step: Int, ofEpoch epoch: Int) -> Batch {
        let rows = order.rows(step, ofEpoch: epoch)
        let tensors = Self.tensors(rows.map { inputs[$0] }, width: width, window: window)
        return Batch(tensors + [answers.tensor(rows, time: tensors[0].shape[0])], count: rows.count)
    }

    /// The steps that a batch has: a multiple of the window, and of 4, so that there are few forms to compile.
    private static func padded(_ length: Int, window: Int) -> Int {
        let time = LengthOrder.padded((length + 3) / 4 * 4)
        return (time + window - 1) / window * window
    }

    /// Inputs [time, batch, inputs] and lengths [batch].
    static func tensors(_ recordings: [[Float]], width: Int, window: Int) -> [Tensor] {
        let count = recordings.count, lengths = recordings.map { $0.count / width }, time = padded(lengths.max() ?? 1, window: window)
        var values = [Float](repeating: 0, count: time * count * width)
        values.withUnsafeMutableBufferPointer { values in
            for (column, recording) in recordings.enumerated() {
                recording.withUnsafeBufferPointer { recording in
                    for step in 0..<lengths[column] {
                        let target = (step * count + column) * width, source = step * width
                        for place in 0..<width { values[target + place] = recording[source + place] }
                    }
                }
            }
        }
        return [Tensor(values, shape: [time, count, width]), Tensor(int32: lengths.map { Int32($0) })]
    }
}
