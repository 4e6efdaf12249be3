import DescentCore

/// Fixed position vectors, sines and cosines of falling frequency: [length, size]. Vaswani et al. 2017.
///
///     y[t, 2i] = sin(t / 10000^(2i / size))       y[t, 2i + 1] = cos(t / 10000^(2i / size))
///
/// - Parameter offset: The first position.
/// - Precondition: the size is even.
public func sinusoidalPositions(length: Int, size: Int, offset: Int = 0, dtype: DType = .float32) -> Tensor {
    sinusoidalPositions(at: positionNumbers(length, .fixed(offset)), size: size, dtype: dtype)
}

/// The same for any positions, numbers [...]: [..., size].
public func sinusoidalPositions(at positions: Tensor, size: Int, dtype: DType = .float32) -> Tensor {
    if size < 2 || size % 2 != 0 {
        return standIn("sinusoidalPositions: the size is \(size); sines and cosines make an even one.", positions.shape + [size], dtype)
    }
    let angles = positionAngles(positions, size: size, base: 10000)
    return Tensor.stack([sin(angles), cos(angles)], axis: -1).reshaped(to: positions.shape + [size]).cast(to: dtype)
}

/// Positions times frequencies, [..., size / 2], in float64: float32 has too few digits for far positions.
private func positionAngles(_ positions: Tensor, size: Int, base: Double) -> Tensor {
    let exponents = Tensor.arange(size / 2, dtype: .float64) * (-2 / Double(size))
    return positions.cast(to: .float64).expanded(axis: -1) * Tensor.full([], base, dtype: .float64).pow(exponents)
}

/// Where a piece of a sequence starts: known when the graph is made, or a tensor, such as the length of a `KeyValueCache`.
enum PositionOffset {
    case fixed(Int)
    case computed(Tensor)
}

/// The numbers of `length` positions: int64 [length].
func positionNumbers(_ length: Int, _ offset: PositionOffset) -> Tensor {
    switch offset {
    case .fixed(0): return .arange(length)
    case .fixed(let start): return Tensor.arange(length) + Double(start)
    case .computed(let start):
        if start.rank > 0 || !start.dtype.isInteger { raise("positions: the offset is \(start.type); it must be one integer, a tensor without axes.") }
        return Tensor.arange(length) + start.cast(to: .int64)
    }
}

/// Learned position vectors, added to a sequence. Gehring et al. 2017.
///
/// Shapes: x [..., length, size], y as x; weight [count, size], from a normal distribution.
public struct PositionEmbedding: Layer, Sendable {
    public let weight: Variable

    /// - Parameter count: The number of positions; a longer sequence stops the program.
    public init(_ count: Int, _ size: Int, initializer: Initializer = .normal(deviation: 0.02)) {
        if count < 1 || size < 1 { stop("PositionEmbedding(\(count), \(size)): both must be at least 1.") }
        weight = .parameter([count, size], initializer, of: "PositionEmbedding: it has \(count) positions")
    }

    public func callAsFunction(_ x: Tensor) -> Tensor { added(to: x, .fixed(0)) }
    /// - Parameter offset: The position of x's first place.
    public func callAsFunction(_ x: Tensor, offset: Int) -> Tensor { added(to: x, .fixed(offset)) }
    /// - Parameter offset: The position of x's first place, an integer without axes. A position outside the table stops the program when it runs.
    public func callAsFunction(_ x: Tensor, offset: Tensor) -> Tensor { added(to: x, .computed(offset)) }

    func added(to x: Tensor, _ offset: PositionOffset) -> Tensor {
        Scope.inModule(of: weight) {
            let count = weight.shape[0], size = weight.shape[1]
            guard x.rank >= 2, x.shape[x.rank - 1] == size else {
                return standIn("PositionEmbedding: x has shape \(x.shape); it must be [..., length, \(size)].", like: x)
            }
            let length = x.shape[x.rank - 2]
            guard case .fixed(let start) = offset else { return x + weight.value.gathered(positionNumbers(length, offset)) }
            if start < 0 || start + length > count {
                let places = "positions \(start) ..< \(start + length) of \(count)"
                return standIn("PositionEmbedding: \(places). Make it with more positions, or use shorter sequences.", like: x)
            }
            return x + weight.value.slice(axis: 0, start..<(start + length))
        }
    }
}

/// Rotary positions: pairs of a query's or a key's elements are turned by an angle that grows with the position, so that their product depends on
/// the distance alone. Su et al. 2021.
///
///     y[2i]     = x[2i] cos(t ω) - x[2i + 1] sin(t ω)          ω = base^(-2i / size)
///     y[2i + 1] = x[2i] sin(t ω) + x[2i + 1] cos(t ω)
///
/// Shapes: x [..., length, size], y as x.
public struct RotaryPosition: Layer, Sendable {
    /// Which elements are a pair.
    public enum Pairing: Sendable {
        /// Neighbours, 2i and 2i + 1: the paper's.
        case neighbours
        /// i and i + size/2: that of GPT-NeoX and LLaMA's published weights.
        case halves
    }
    /// The size of a head.
    public let size: Int
    public let base: Double
    public let pairing: Pairing

    public init(_ size: Int, base: Double = 10000, pairing: Pairing = .neighbours) {
        if size < 2 || size % 2 != 0 { stop("RotaryPosition(\(size)): elements are turned in pairs; the size must be even.") }
        if !(base > 1) { stop("RotaryPosition(base: \(base)): it must be above 1.") }
        (self.size, self.base, self.pairing) = (size, base, pairing)
    }

    public var children: [(name: String, value: Any)] { [] }
    public func callAsFunction(_ x: Tensor) -> Tensor { turned(x, .fixed(0)) }
    /// - Parameter offset: The position of x's first place.
    public func callAsFunction(_ x: Tensor, offset: Int) -> Tensor { turned(x, .fixed(offset)) }
    /// - Parameter offset: The position of x's first place, an integer without axes: the length of a `KeyValueCache`.
    public func callAsFunction(_ x: Tensor, offset: Tensor) -> Tensor { turned(x, .computed(offset)) }

    func turned(_ x: Tensor, _ offset: PositionOffset) -> Tensor {
        guard x.rank >= 2, x.shape[x.rank - 1] == size, x.dtype.isFloating else {
            return standIn("RotaryPosition(\(size)): x is \(x.type); it must be floating numbers [..., length, \(size)].", like: x)
        }
        let angles = positionAngles(positionNumbers(x.shape[x.rank - 2], offset), size: size, base: base)
        let cosines = cos(angles).cast(to: x.dtype), sines = sin(angles).cast(to: x.dtype)
        switch pairing {
        case .neighbours:
            let pairs = x.reshaped(to: x.shape.dropLast() + [size / 2, 2])
            let first = pairs[.rest, 0], second = pairs[.rest, 1]
            return Tensor.stack([first * cosines - second * sines, first * sines + second * cosines], axis: -1).reshaped(to: x.shape)
        case .halves:
            let parts = x.split(into: 2, axis: -1)
            return .concatenate([parts[0] * cosines - parts[1] * sines, parts[0] * sines + parts[1] * cosines], axis: -1)
        }
    }
}
