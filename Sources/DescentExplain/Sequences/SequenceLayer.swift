import DescentCore
import DescentNN

/// What a recurrent layer does over one sequence: its gates and states by step and unit, as plain numbers.
///
///     let (layer, outputs) = SequenceLayer.reading(x, cell: reader.cell, path: "reader")
public struct SequenceLayer: Sendable {
    /// A gate or a state over the steps.
    public struct Values: Sendable, Equatable {
        /// "forget gate", "cell state".
        public let name: String
        /// Whether it lies between 0 and 1.
        public let isGate: Bool
        /// By step, then by unit.
        public let steps: [[Double]]

        /// Values of your own.
        public init(_ name: String, isGate: Bool, steps: [[Double]]) { (self.name, self.isGate, self.steps) = (name, isGate, steps) }

        /// The mean over the units, by step; of a state, that of the sizes.
        public var means: [Double] { steps.map { step in step.reduce(0) { $0 + (isGate ? $1 : Swift.abs($1)) } / Double(Swift.max(step.count, 1)) } }

        /// The standard deviation over the units, by step.
        public var deviations: [Double] {
            steps.map { step in
                let mean = step.reduce(0, +) / Double(Swift.max(step.count, 1))
                return (step.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Swift.max(step.count, 1))).squareRoot()
            }
        }
    }

    /// Where it is in the model: "layers.0".
    public let path: String
    /// The cell: "LSTM".
    public let cell: String
    /// What it hands on from step to step: "h, c".
    public let stateName: String
    /// The number of units.
    public let hiddenSize: Int
    /// Whether it reads from the end. Values are in the order of the sequence all the same.
    public let isReversed: Bool
    /// Its gates and states.
    public let values: [Values]

    /// A layer of your own numbers.
    public init(path: String, cell: String, stateName: String = "h", hiddenSize: Int, isReversed: Bool = false, values: [Values]) {
        (self.path, self.cell, self.stateName, self.hiddenSize, self.isReversed, self.values) = (path, cell, stateName, hiddenSize, isReversed, values)
    }

    /// Runs a cell over a sequence, and notes what it does.
    ///
    /// - Parameters:
    ///   - x: [time, 1, inputs].
    ///   - state: Where it starts, for a batch of 1; `nil` for the initial state.
    /// - Returns: The layer, its outputs [time, 1, hiddenSize], and the state after its last step.
    public static func reading<Cell: InspectableCell>(
        _ x: Tensor, cell: Cell, from state: Cell.State? = nil, isReversed: Bool = false, path: String
    ) -> (layer: SequenceLayer, outputs: Tensor, state: Cell.State) {
        guard x.rank == 3, x.shape[1] == 1 else { stop("SequenceLayer: the sequence has shape \(x.shape); one sequence is [time, 1, features].") }
        let start = state ?? cell.initialState(batch: 1, dtype: x.dtype)
        var kinds: [(name: String, isGate: Bool)] = []
        let (last, results) = scan(start, over: x, reversed: isReversed) { state, x in
            let (next, values) = cell.inspected(x, state)
            kinds = values.map { ($0.name, $0.isGate) }
            return (next, [cell.output(next)] + values.map(\.value))
        }
        let (steps, size) = (x.shape[0], cell.hiddenSize)
        let values = zip(kinds, results.dropFirst()).map { kind, tensor in
            let all = tensor.cast(to: .float64).doubles
            return Values(kind.name, isGate: kind.isGate, steps: (0..<steps).map { Array(all[$0 * size..<($0 + 1) * size]) })
        }
        return (
            SequenceLayer(path: path, cell: Cell.shortName, stateName: Cell.stateName, hiddenSize: size, isReversed: isReversed, values: values), results[0], last
        )
    }

    /// The layer in words: "GRU backward".
    func title(number: Int?, isPair: Bool) -> String {
        cell + (number.map { ", layer \($0)" } ?? "") + (isPair ? isReversed ? ", backward" : ", forward" : "")
    }

    /// The units whose values change most over the steps, the most changing first.
    func liveliest(_ count: Int) -> [Int] {
        guard let last = values.last, let first = last.steps.first else { return [] }
        let spreads = first.indices.map { unit in
            let column = last.steps.map { $0[unit] }
            return (column.max() ?? 0) - (column.min() ?? 0)
        }
        return Array(spreads.indices.sorted { (spreads[$1], $0) < (spreads[$0], $1) }.prefix(count))
    }
}
