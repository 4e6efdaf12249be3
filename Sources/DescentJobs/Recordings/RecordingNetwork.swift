import DescentCore
import DescentFormats
import DescentNN

/// What answers from a recording: convolutions over time, each with batch norm over the real steps, recurrent layers that read what they found beside the
/// measurements themselves, and a summary of both: mean and maximum over the real steps, and the last states.
///
/// The arrangement is that of LSTM-FCN (Karim et al. 2018), with the two parts one after the other.
public struct RecordingNetwork: Module {
    /// Its sizes.
    package struct Architecture: Equatable, Sendable {
        /// The numbers of a step: measurements, and marks of missing ones.
        package var inputs: Int
        /// Scores of classes, or 1 for a number.
        package var outputs: Int
        /// Whether each step has an answer.
        package var answersSteps: Bool
        package var cell: CellKind
        package var hidden: Int
        package var layers: Int
        package var filters: Int
        package var direction: ReadingDirection
        package var pooling: RecordingPooling
        /// How many steps are averaged into one.
        package var window: Int
        package var dropout: Double
    }

    package let architecture: Architecture
    package let convolutions: [Convolution]
    package let forward: [ChosenRecurrent]
    package let backward: [ChosenRecurrent]
    private let dropout: Dropout
    private let output: Linear

    /// The kernels of the convolutions, in steps.
    package static let kernels = [7, 5, 3]

    package init(_ sizes: Architecture) {
        architecture = sizes
        convolutions = sizes.filters == 0 ? [] : Self.kernels.enumerated().map { Convolution($0 == 0 ? sizes.inputs : sizes.filters, sizes.filters, kernel: $1) }
        func layer(_ number: Int, reversed: Bool) -> ChosenRecurrent {
            ChosenRecurrent(sizes.cell, number == 0 ? sizes.inputs + sizes.filters : sizes.recurrentSize, sizes.hidden, reversed: reversed)
        }
        forward = (0..<sizes.layers).map { layer($0, reversed: false) }
        backward = sizes.direction == .both ? (0..<sizes.layers).map { layer($0, reversed: true) } : []
        dropout = Dropout(sizes.dropout)
        output = Linear(sizes.summarySize, sizes.outputs)
    }

    /// Scores of the classes, or numbers.
    ///
    /// Shapes: x [time, batch, inputs], the time a multiple of the window; lengths [batch]; result [batch, outputs], or [time, batch, outputs] of steps.
    package func callAsFunction(_ x: Tensor, lengths: Tensor) -> Tensor {
        let parts = read(x, lengths: lengths)
        if architecture.answersSteps {
            let answers = output(dropout(.concatenate([parts.found, parts.outputs].compactMap { $0 }, axis: -1)))
            // All steps of a window have its answer.
            let window = architecture.window, each = [answers.shape[0], window] + answers.shape[1...]
            return window == 1 ? answers : answers.expanded(axis: 1).broadcast(to: each).reshaped(to: x.shape.prefix(2) + [architecture.outputs])
        }
        var summary: [Tensor] = []
        if let found = parts.found { summary += [Self.mean(found, parts.real), Self.maximum(found, parts.real)] }
        let pooling = architecture.pooling
        if pooling == .all || pooling == .mean { summary.append(Self.mean(parts.outputs, parts.real)) }
        if pooling == .all || pooling == .max { summary.append(Self.maximum(parts.outputs, parts.real)) }
        if pooling == .all || pooling == .last { summary += parts.last }
        return output(dropout(.concatenate(summary, axis: -1)))
    }

    /// What the convolutions found, the recurrent layers' outputs, their last states, and which steps are real.
    private func read(_ x: Tensor, lengths: Tensor) -> (found: Tensor?, outputs: Tensor, last: [Tensor], real: Tensor) {
        var (steps, found, real, kept) = recurrentInputs(x, lengths: lengths)
        var last: [Tensor] = []
        for (number, there) in forward.enumerated() {
            let (ahead, end) = there(steps, lengths: kept)
            guard architecture.direction == .both else {
                (steps, last) = (number + 1 < forward.count ? dropout(ahead) : ahead, [end[0]])
                continue
            }
            let (behind, beginning) = backward[number](steps, lengths: kept)
            let both = Tensor.concatenate([ahead, behind], axis: -1)
            (steps, last) = (number + 1 < forward.count ? dropout(both) : both, [end[0], beginning[0]])
        }
        return (found, steps, last, real)
    }

    /// What the recurrent layers read: the convolutions' outputs beside the measurements, both averaged over windows.
    ///
    /// - Returns: The inputs [time, batch, inputs + filters], the convolutions' outputs, 1 for each real step [time, batch, 1], and the lengths.
    package func recurrentInputs(_ x: Tensor, lengths: Tensor) -> (inputs: Tensor, found: Tensor?, real: Tensor, lengths: Tensor) {
        let whole = lengths.cast(to: .int64), window = architecture.window
        func mask(_ time: Int, _ lengths: Tensor) -> Tensor { (Tensor.arange(time).reshaped(-1, 1) .< lengths.reshaped(1, -1)).cast(to: .float32).expanded(axis: -1) }
        var real = mask(x.shape[0], whole), kept = whole, inputs = x
        if window > 1 {
            kept = (whole + Double(window - 1)).floorDivided(by: Tensor(Double(window), like: whole))
            inputs = Self.averaged(x, real, window)
        }
        guard !convolutions.isEmpty else { return (inputs, nil, window > 1 ? mask(inputs.shape[0], kept) : real, kept) }
        // Convolutions have channels before time.
        var found = x.transposed(1, 2, 0)
        for (number, convolution) in convolutions.enumerated() {
            found = convolution(found, real: real.transposed(1, 2, 0))
            if number == 0, window > 1 {
                found = Self.averaged(found.transposed(2, 0, 1), real, window).transposed(1, 2, 0)
                real = mask(inputs.shape[0], kept)
            }
        }
        let timeFirst = found.transposed(2, 0, 1)
        return (.concatenate([inputs, dropout(timeFirst)], axis: -1), timeFirst, real, kept)
    }

    /// Means over windows of steps, of the real ones.
    private static func averaged(_ x: Tensor, _ real: Tensor, _ window: Int) -> Tensor {
        let (time, batch, size) = (x.shape[0] / window, x.shape[1], x.shape[2])
        let sums = (x * real).reshaped(time, window, batch, size).sum(axis: 1), counts = real.reshaped(time, window, batch, 1).sum(axis: 1)
        return sums / maximum(counts, Tensor(1, like: counts))
    }

    private static func mean(_ x: Tensor, _ real: Tensor) -> Tensor { (x * real).sum(axis: 0) / real.sum(axis: 0) }

    /// Outputs beyond a recording's end are put below all others.
    private static func maximum(_ x: Tensor, _ real: Tensor) -> Tensor { Tensor.where((real .> 0.5).broadcast(to: x.shape), x, Tensor.full(x.shape, -1e4)).max(axis: 0) }

    /// A convolution over time, batch norm and relu; 0 beyond a recording's end, so that the next one sees the end as padding.
    package struct Convolution: Module {
        let convolution: Conv1d
        let norm: BatchNorm

        init(_ inputs: Int, _ filters: Int, kernel: Int) {
            convolution = Conv1d(inputs, filters, kernel: kernel, padding: .same, bias: false, initializer: .heNormal)
            norm = BatchNorm(filters)
        }

        /// Shapes: x [batch, inputs, time], real [batch, 1, time].
        func callAsFunction(_ x: Tensor, real: Tensor) -> Tensor { relu(norm(convolution(x), where: real)) * real }
    }
}

extension RecordingNetwork.Architecture {
    /// The outputs of a recurrent layer.
    fileprivate var recurrentSize: Int { direction == .both ? 2 * hidden : hidden }

    /// The numbers that an answer is told from.
    fileprivate var summarySize: Int {
        if answersSteps { return filters + recurrentSize }
        return 2 * filters + recurrentSize * (pooling == .all ? 3 : 1)
    }

    /// The numbers in a model's file: learned ones, and the running statistics of batch norm.
    package var weightCount: Int {
        let kernels = filters == 0 ? 0 : RecordingNetwork.kernels.enumerated().reduce(0) { $0 + filters * (($1.offset == 0 ? inputs : filters) * $1.element + 4) }
        let directions = direction == .both ? 2 : 1
        let cells = (0..<layers).reduce(0) { $0 + directions * cell.gates * hidden * (($1 == 0 ? inputs + filters : recurrentSize) + hidden + 2) }
        return kernels + cells + outputs * (summarySize + 1)
    }

    /// In words: "3 convolutions of 64 filters, 1 GRU layer of 64 in both directions".
    package var summary: String {
        let front = filters == 0 ? "" : "\(RecordingNetwork.kernels.count) convolutions of \(filters) filters over time, "
        let steps = window == 1 ? "" : "\(window) steps averaged into one, "
        let recurrent = "\(layers) \(cell.rawValue.uppercased()) layer\(layers == 1 ? "" : "s") of \(hidden)" + (direction == .both ? " in both directions" : "")
        let pooled = pooling == .all ? "mean, maximum and last state" : pooling == .max ? "maximum" : pooling == .last ? "last state" : "mean"
        return front + steps + recurrent + (answersSteps ? ", an answer for every step" : ", pooled by \(pooled)")
    }

    var json: JSON.Object {
        var object = JSON.Object()
        for (key, value) in [("inputs", inputs), ("outputs", outputs), ("hidden", hidden), ("layers", layers), ("filters", filters), ("window", window)] {
            object[key] = .integer(Int64(value))
        }
        object["answersSteps"] = .bool(answersSteps)
        object["cell"] = .string(cell.rawValue)
        object["direction"] = .string(direction.rawValue)
        object["pooling"] = .string(pooling.rawValue)
        object["dropout"] = .number(dropout)
        return object
    }

    init(_ json: JSONReader) throws(FormatError) {
        guard let direction = ReadingDirection(rawValue: try json["direction"].string()) else { throw json["direction"].error("is no direction that is known") }
        guard let pooling = RecordingPooling(rawValue: try json["pooling"].string()) else { throw json["pooling"].error("is no pooling that is known") }
        self.init(
            inputs: try json["inputs"].int(in: 1...1 << 20), outputs: try json["outputs"].int(in: 1...1 << 20), answersSteps: try json["answersSteps"].bool(),
            cell: try json["cell"].cellKind(), hidden: try json["hidden"].int(in: 1...8192), layers: try json["layers"].int(in: 1...32),
            filters: try json["filters"].int(in: 0...1024), direction: direction, pooling: pooling, window: try json["window"].int(in: 1...RecordingSettings.longestWindow),
            dropout: try json["dropout"].double())
        if !(0..<1).contains(dropout) { throw json["dropout"].error("must be at least 0 and below 1") }
    }
}
