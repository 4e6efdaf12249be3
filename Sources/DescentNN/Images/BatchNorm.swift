import DescentCore

/// Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts. Ioffe and Szegedy 2015.
///
///     y = (x - mean) / √(variance + ε) * w + b
///
/// In training, mean and variance (divided by the count) are the batch's, and the running ones move towards them: running = (1 - momentum) running +
/// momentum batch, the variance there divided by the count less one; as in PyTorch. In use, the running ones are taken. They are state: saved
/// with the weights, carried by compiled steps, resumed.
///
/// Shapes: x [batch, channels] or [batch, channels, spatial...], y as x; weight (from 1), bias (from 0), `running_mean` and `running_var` [channels], with
/// PyTorch's names.
public struct BatchNorm: Layer, Sendable {
    public let weight: Variable?
    public let bias: Variable?
    /// The running mean, [channels].
    public let runningMean: Variable
    /// The running variance, [channels].
    public let runningVariance: Variable
    public let channels: Int
    public let epsilon: Double
    /// The weight of a new batch in the running statistics.
    public let momentum: Double
    /// Whether the batch's statistics are used and kept: see `Module.train()` and `Module.infer()`.
    public let isTraining = ModeFlag(true)

    /// - Parameter isScaled: Whether there are a weight and a bias.
    public init(_ channels: Int, epsilon: Double = 1e-5, momentum: Double = 0.1, isScaled: Bool = true) {
        if channels < 1 { stop("BatchNorm(\(channels)): there must be at least one channel.") }
        if !(0...1).contains(momentum) { stop("BatchNorm(momentum: \(momentum)): it must be from 0 to 1.") }
        (self.channels, self.epsilon, self.momentum) = (channels, epsilon, momentum)
        let place = "BatchNorm: it normalises \(channels) channels"
        weight = isScaled ? .parameter([channels], .constant(1), of: place) : nil
        bias = isScaled ? .parameter([channels], .zeros, of: place) : nil
        runningMean = Variable(Tensor.zeros([channels]).cast(to: ParameterType.current))
        runningVariance = Variable(Tensor.ones([channels]).cast(to: ParameterType.current))
    }

    public var children: [(name: String, value: Any)] {
        var children: [(name: String, value: Any)] = []
        if let weight { children.append(("weight", weight)) }
        if let bias { children.append(("bias", bias)) }
        return children + [("running_mean", runningMean), ("running_var", runningVariance), ("isTraining", isTraining)]
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { self(x, where: nil) }

    /// The same with statistics of some places only: of the real steps of sequences of unlike lengths.
    ///
    /// - Parameter real: 1 where a place counts and 0 where it is padding, [batch, 1, spatial...]; nil: all count.
    public func callAsFunction(_ x: Tensor, where real: Tensor?) -> Tensor {
        func normalized() -> Tensor {
            guard x.rank >= 2, x.shape[1] == channels else {
                return standIn("BatchNorm(\(channels)): x has shape \(x.shape); it must be [batch, \(channels)] or [batch, \(channels), spatial...].", like: x)
            }
            let values = x.floating
            func along(_ values: Tensor) -> Tensor { values.alongChannels(x.rank) }
            let mean: Tensor, variance: Tensor, distance: Tensor
            if isTraining.value {
                let axes = (0..<x.rank).filter { $0 != 1 }, count = axes.reduce(1) { $0 * x.shape[$1] }
                if count < 2 { raise("BatchNorm(\(channels)): x has shape \(x.shape), one value for each channel; in training there must be more, for a variance.") }
                if let real {
                    guard real.shape == [x.shape[0], 1] + x.shape[2...] else {
                        let places = "the places that count \(real.shape); they must be \([x.shape[0], 1] + x.shape[2...])"
                        return standIn("BatchNorm(\(channels)): x has shape \(x.shape), and \(places).", like: x)
                    }
                    let places = real.cast(to: values.dtype), number = places.sum()
                    mean = (values * places).sum(axes: axes, keepingAxes: true) / number
                    distance = values - mean
                    variance = (distance.squared * places).sum(axes: axes, keepingAxes: true) / number
                    keep(mean, in: runningMean, 1)
                    // A single place has no variance of its own; it is 0 then, and not 0 / 0.
                    keep(variance * (number / maximum(number - 1, Tensor(1, like: number))), in: runningVariance, 1)
                } else {
                    mean = values.mean(axes: axes, keepingAxes: true)
                    distance = values - mean
                    variance = distance.squared.mean(axes: axes, keepingAxes: true)
                    keep(mean, in: runningMean, 1)
                    keep(variance, in: runningVariance, Double(count) / Double(count - 1))
                }
            } else {
                mean = along(runningMean.value)
                distance = values - mean
                variance = along(runningVariance.value)
            }
            var scale = rsqrt(variance + epsilon)
            if let weight { scale = scale * along(weight.value) }
            let y = distance * scale
            return bias.map { y + along($0.value) } ?? y
        }
        return weight.map { Scope.inModule(of: $0, normalized) } ?? normalized()
    }

    private func keep(_ statistics: Tensor, in variable: Variable, _ factor: Double) {
        let new = stopGradient(statistics).reshaped(to: [channels])
        variable.value = variable.value * (1 - momentum) + new * (momentum * factor)
    }
}

/// Brings groups of channels to mean 0 and variance 1, each example by itself, then scales and shifts each channel. Wu and He 2018.
///
/// Shapes: x [batch, channels, spatial...], y as x; weight (from 1) and bias (from 0) [channels], as in PyTorch.
public struct GroupNorm: Layer, Sendable {
    public let weight: Variable?
    public let bias: Variable?
    public let groups: Int, channels: Int, epsilon: Double

    /// - Parameter groups: Divides the channels; 1 is layer norm over channels and places, as many as channels is instance norm.
    public init(_ groups: Int, _ channels: Int, epsilon: Double = 1e-5, isScaled: Bool = true) {
        if groups < 1 || channels < 1 || channels % groups != 0 { stop("GroupNorm(\(groups), \(channels)): the groups must divide the channels.") }
        (self.groups, self.channels, self.epsilon) = (groups, channels, epsilon)
        let place = "GroupNorm: it normalises \(channels) channels"
        weight = isScaled ? .parameter([channels], .constant(1), of: place) : nil
        bias = isScaled ? .parameter([channels], .zeros, of: place) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        func normalized() -> Tensor {
            guard x.rank >= 2, x.shape[1] == channels else {
                return standIn("GroupNorm(\(groups), \(channels)): x has shape \(x.shape); it must be [batch, \(channels), spatial...].", like: x)
            }
            let rows = x.floating.reshaped(to: [x.shape[0], groups, x.count / Swift.max(1, x.shape[0] * groups)])
            let distance = rows - rows.mean(axes: [2], keepingAxes: true)
            var y = (distance * rsqrt(distance.squared.mean(axes: [2], keepingAxes: true) + epsilon)).reshaped(to: x.shape)
            if let weight { y = y * weight.value.alongChannels(x.rank) }
            if let bias { y = y + bias.value.alongChannels(x.rank) }
            return y
        }
        return weight.map { Scope.inModule(of: $0, normalized) } ?? normalized()
    }
}

/// Brings each channel of each example to mean 0 and variance 1. Ulyanov, Vedaldi and Lempitsky 2016.
///
/// Shapes: x [batch, channels, spatial...], y as x; without weight and bias unless `isScaled`, as in PyTorch.
public struct InstanceNorm: Layer, Sendable {
    private let norm: GroupNorm

    public init(_ channels: Int, epsilon: Double = 1e-5, isScaled: Bool = false) { norm = GroupNorm(channels, channels, epsilon: epsilon, isScaled: isScaled) }
    public var children: [(name: String, value: Any)] { norm.children }
    public func callAsFunction(_ x: Tensor) -> Tensor { norm(x) }
}

/// Dropout of whole channels: neighbouring elements of a feature map say the same. Tompson et al. 2015.
///
/// Shapes: x [batch, channels, spatial...], y as x. See `Dropout`.
public struct Dropout2d: Layer, Sendable {
    private let dropout: Dropout

    /// - Parameter seed: See `Dropout`.
    public init(_ probability: Double, seed: Int? = nil) { dropout = Dropout(probability, seed: seed) }
    public var children: [(name: String, value: Any)] { dropout.children }
    public func callAsFunction(_ x: Tensor) -> Tensor {
        if x.rank < 3 { return standIn("Dropout2d: x has shape \(x.shape); it must be [batch, channels, spatial...].", like: x) }
        return dropout(x, sharedAlongAxesFrom: 2)
    }
}
