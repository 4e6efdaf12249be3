import DescentCore
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// How gradients fare on their way through the steps of a recurrent cell: whether what happens late can still teach what came early.
///
///     print(GradientFlow.report(LSTMCell(8, 64), sequence))
///
/// s is the whole state: h, of an LSTM h and c together. Pascanu, Mikolov and Bengio 2013.
public struct GradientFlow: Sendable, CustomStringConvertible {
    public enum Trend: String, Sendable {
        /// The last norm is below 1/1000 of the first.
        case vanishing
        /// It is above 1000 times the first, or no finite number.
        case exploding
        /// Neither.
        case healthy
    }

    /// The fraction of each element that an LSTM's forget gates (a GRU's update gates) let through along the cell state: the product
    /// f_1 f_2 ... f_t, which is the derivative of c_t in c_0 on that path. Near 1 the error is carried unharmed (Hochreiter and
    /// Schmidhuber 1997: the constant-error path).
    public struct Path: Sendable {
        /// Of the elements of the product after t = 1, 2, ... steps.
        public let largest: [Double], mean: [Double], smallest: [Double]
    }

    /// The cell's type: "LSTMCell".
    public let cell: String
    /// The spectral norm (largest singular value) of ds_t / ds_0, the product of the Jacobians of t steps, for t = 1, 2, ...
    public let stateNorms: [Double]
    /// The Euclidean norm of dL / ds_t, for t = 0 (the state before the first step), 1, 2, ...
    public let lossNorms: [Double]
    /// Nil for a cell without such gates.
    public let path: Path?

    /// The change of `stateNorms` from the first step to the last.
    public var trend: Trend {
        guard let first = stateNorms.first, let last = stateNorms.last else { return .healthy }
        if !last.isFinite { return .exploding }
        return last < 1e-3 * first || last == 0 ? .vanishing : last > 1e3 * first ? .exploding : .healthy
    }

    /// By how much the norm of ds_t / ds_0 changes from one step to the next, in the mean: below 1 it shrinks. Nil for fewer than two steps.
    public var factorByStep: Double? {
        guard stateNorms.count > 1, stateNorms[0] > 0 else { return nil }
        return pow(stateNorms.last! / stateNorms[0], 1 / Double(stateNorms.count - 1))
    }

    /// Runs a cell over a sequence and follows its gradients. Costs a Jacobian of the state at each step.
    ///
    /// - Parameters:
    ///   - x: one sequence, [time, inputs], of the parameters' type.
    ///   - state: where it starts, for a batch of 1; nil for the initial state.
    ///   - loss: from the outputs [time, hiddenSize] to a scalar L. Nil: the sum of the last output.
    public static func report<Cell: RecurrentCell>(
        _ cell: Cell, _ x: Tensor, from state: Cell.State? = nil, loss: ((Tensor) -> Tensor)? = nil
    ) -> GradientFlow {
        guard x.rank == 2, x.dtype.isFloating, x.shape[0] > 0 else {
            stop("GradientFlow: the sequence is \(x.type); one sequence is floating of shape [time, features], with at least one step.")
        }
        let start = state ?? cell.initialState(batch: 1, dtype: x.dtype)
        let sizes = start.tensors.map(\.count), size = sizes.reduce(0, +)
        /// The next state as one vector.
        func next(_ x: Tensor, _ vector: Tensor) -> Tensor {
            let parts = zip(vector.split(sizes: sizes), start.tensors).map { $0.reshaped(to: $1.shape) }
            return Tensor.concatenate(cell(x.expanded(axis: 0), start.rebuilt(from: TensorReader(parts))).tensors.map { $0.reshaped(-1) })
        }
        let step = compile { (x: Tensor, vector: Tensor) in (next(x, vector), jacobian(at: vector) { next(x, $0) }) }

        var vector = Tensor.concatenate(start.tensors.map { $0.reshaped(-1) })
        var product = Tensor.eye(size, dtype: .float64)
        var norms: [Double] = [], kept: [Double]?, shares: [[Double]] = []
        for time in 0..<x.shape[0] {
            let parts = zip(vector.split(sizes: sizes), start.tensors).map { $0.reshaped(to: $1.shape) }
            if let gate = cell.keptShare(x[time].expanded(axis: 0), start.rebuilt(from: TensorReader(parts)))?.doubles {
                kept = kept.map { zip($0, gate).map { $0 * $1 } } ?? gate
                shares.append(kept!)
            }
            let (after, slope) = step(x[time], vector)
            product = slope.cast(to: .float64).matmul(product)
            norms.append(spectralNorm(product.doubles, rows: size, columns: size))
            vector = after
        }
        let path =
            shares.isEmpty
            ? nil
            : Path(
                largest: shares.map { $0.max()! }, mean: shares.map { $0.reduce(0, +) / Double($0.count) }, smallest: shares.map { $0.min()! })
        return GradientFlow(
            cell: String(describing: Cell.self), stateNorms: norms, lossNorms: lossNorms(cell, x, start, loss ?? { $0[-1].sum() }), path: path)
    }

    /// Each state is moved by something that is zero; the loss' derivative in it is that in the state.
    private static func lossNorms<Cell: RecurrentCell>(_ cell: Cell, _ x: Tensor, _ start: Cell.State, _ loss: (Tensor) -> Tensor) -> [Double] {
        let steps = x.shape[0]
        let moves = start.tensors.map { Tensor.zeros([steps] + $0.shape, dtype: $0.dtype) }
        let slopes = gradient(at: start.tensors + moves) { given in
            let first = start.rebuilt(from: TensorReader(given))
            let (_, outputs) = scan(first, over: [x.expanded(axis: 1)] + Array(given[start.tensors.count...])) { state, slices in
                let moved = zip(cell(slices[0], state).tensors, slices[1...]).map { $0 + $1 }
                let next = state.rebuilt(from: TensorReader(moved))
                return (next, cell.output(next))
            }
            return loss(outputs.reshaped(steps, -1))
        }
        let before = slopes[..<start.tensors.count].map { $0.squared.sum().item() }.reduce(0, +)
        let after = slopes[start.tensors.count...].map { $0.squared.reshaped(steps, -1).sum(axes: [1]).doubles }
        return ([before] + (0..<steps).map { time in after.reduce(0) { $0 + $1[time] } }).map { $0.squareRoot() }
    }

    /// In words.
    public var description: String {
        let count = stateNorms.count
        var lines = ["\(cell) over \(count) step\(count == 1 ? "" : "s"): gradients are \(trend.rawValue)."]
        if let first = stateNorms.first, let last = stateNorms.last {
            let each = factorByStep.map { ", a factor of \(rounded($0)) a step" } ?? ""
            lines.append("The norm of ds_t/ds_0 goes from \(rounded(first)) to \(rounded(last))\(each).")
        }
        lines.append("The norm of dL/ds_t is \(rounded(lossNorms.last!)) at the last step and \(rounded(lossNorms[0])) before the first.")
        if let path, let mean = path.mean.last {
            lines.append("On the path of its gates alone \(rounded(mean)) of each element gets through in the mean, from \(rounded(path.smallest.last!)) to \(rounded(path.largest.last!)).")
        }
        switch trend {
        case .vanishing: lines.append("The first steps will hardly be learned from late ones. A gated cell with a forget gate biased to 1, orthogonal weights of the state or shorter sequences help.")
        case .exploding: lines.append("A step of training may throw the weights far away. Clip the gradient's norm, or start from smaller weights of the state.")
        case .healthy: break
        }
        return lines.joined(separator: "\n")
    }
}

/// Three significant digits.
private func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var exponent = 0, mantissa = abs(value)
    while mantissa >= 9.995 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.9995 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let digits = (mantissa * 100).rounded() / 100
    let sign = value < 0 ? "-" : ""
    guard (-3...3).contains(exponent) else { return "\(sign)\(digits)e\(exponent)" }
    var number = digits
    for _ in 0..<abs(exponent) { number = exponent > 0 ? number * 10 : number / 10 }
    return sign + "\((number * 1e6).rounded() / 1e6)"
}
