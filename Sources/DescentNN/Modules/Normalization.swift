import DescentCore

/// Brings the last axes to mean 0 and variance 1, each example by itself, then scales and shifts. Ba, Kiros and Hinton 2016.
///
///     y = (x - mean) / √(variance + ε) * w + b
///
/// Shapes: x [..., shape], y as x; weight (from 1) and bias (from 0) of the given shape, as in PyTorch. The variance is divided by the count.
public struct LayerNorm: Layer, Sendable {
    public let weight: Variable?
    public let bias: Variable?
    /// The axes that are normalised: the last ones of x.
    public let shape: [Int]
    public let epsilon: Double

    /// - Parameters:
    ///   - isScaled: Whether there is a weight and, unless `bias` says otherwise, a bias.
    public init(_ shape: Int..., epsilon: Double = 1e-5, isScaled: Bool = true, bias: Bool = true) {
        self.shape = checkedNormalizedShape("LayerNorm", shape)
        self.epsilon = epsilon
        let place = "LayerNorm: it normalises the last axes, \(shape)"
        weight = isScaled ? .parameter(shape, .constant(1), of: place) : nil
        self.bias = isScaled && bias ? .parameter(shape, .zeros, of: place) : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        func normalized() -> Tensor {
            let axes = normalizedAxes("LayerNorm", x, shape)
            let distance = x.floating - x.mean(axes: axes, keepingAxes: true)
            var y = distance * rsqrt(distance.squared.mean(axes: axes, keepingAxes: true) + epsilon)
            if let weight { y = y * weight.value }
            if let bias { y = y + bias.value }
            return y
        }
        return weight.map { Scope.inModule(of: $0, normalized) } ?? normalized()
    }
}

/// Divides the last axes by the root of their mean square, each example by itself, then scales. Zhang and Sennrich 2019.
///
///     y = x / √(mean(x²) + ε) * w
///
/// Shapes: x [..., shape], y as x; weight (from 1) of the given shape, as in PyTorch.
public struct RMSNorm: Layer, Sendable {
    public let weight: Variable?
    /// The axes that are normalised: the last ones of x.
    public let shape: [Int]
    /// nil: the distance from 1 to the next number of x's element type, PyTorch's default.
    public let epsilon: Double?

    public init(_ shape: Int..., epsilon: Double? = nil, isScaled: Bool = true) {
        self.shape = checkedNormalizedShape("RMSNorm", shape)
        self.epsilon = epsilon
        weight = isScaled ? .parameter(shape, .constant(1), of: "RMSNorm: it normalises the last axes, \(shape)") : nil
    }

    public func callAsFunction(_ x: Tensor) -> Tensor {
        func normalized() -> Tensor {
            let axes = normalizedAxes("RMSNorm", x, shape)
            let values = x.floating
            let epsilon = epsilon ?? (values.dtype == .float64 ? Double.ulpOfOne : Double(Float.ulpOfOne))
            let y = values * rsqrt(values.squared.mean(axes: axes, keepingAxes: true) + epsilon)
            return weight.map { y * $0.value } ?? y
        }
        return weight.map { Scope.inModule(of: $0, normalized) } ?? normalized()
    }
}

private func checkedNormalizedShape(_ name: String, _ shape: [Int]) -> [Int] {
    if shape.isEmpty || shape.contains(where: { $0 < 1 }) { stop("\(name)(\(shape)): needs the sizes of the axes to normalise, each at least 1.") }
    return shape
}

private func normalizedAxes(_ name: String, _ x: Tensor, _ shape: [Int]) -> [Int] {
    guard x.rank >= shape.count, Array(x.shape.suffix(shape.count)) == shape else {
        raise("\(name): x has shape \(x.shape); its last axes must be \(shape).")
        return Array(0..<x.rank)
    }
    return Array((x.rank - shape.count)..<x.rank)
}
