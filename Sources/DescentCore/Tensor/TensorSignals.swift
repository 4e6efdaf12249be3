/// Which part of a convolution of two vectors is given.
public enum ConvolutionExtent: Hashable, Sendable {
    /// All places at which they overlap: n + m - 1.
    case full
    /// As many as the longer vector has, from the middle.
    case same
    /// Where the shorter lies wholly inside the longer: |n - m| + 1.
    case valid
}

extension Tensor {
    /// The convolution of two vectors, `out[k] = Σ self[j] other[k - j]`: the coefficients of a product of polynomials. Integers become float32.
    public func convolution(with other: Tensor, extent: ConvolutionExtent = .full) -> Tensor {
        guard rank == 1, other.rank == 1, count > 0, other.count > 0 else {
            return standIn("convolution: \(shape) and \(other.shape); both must be vectors with at least one element.", [0], floating.dtype)
        }
        let dtype = DType.promoted(floating.dtype, other.floating.dtype)
        var (long, short) = (cast(to: dtype), other.cast(to: dtype))
        if short.count > long.count { (long, short) = (short, long) }
        let n = long.count, m = short.count
        let padding: (before: Int, after: Int) =
            switch extent {
            case .full: (m - 1, m - 1)
            case .same: (m / 2, m - 1 - m / 2)
            case .valid: (0, 0)
            }
        // A window of the longer vector below the flipped shorter one.
        let cut = long.reshaped(to: [1, 1, n]).convolved(with: short.flipped(axes: 0).reshaped(to: [1, 1, m]), padding: .explicit([padding]))
        return cut.flattened()
    }

    /// The cross-correlation of two vectors, `out[k] = Σ self[j + k] other[j]`, from the largest shift of `other` to the left on, as in NumPy.
    public func crossCorrelation(with other: Tensor, extent: ConvolutionExtent = .valid) -> Tensor {
        guard rank == 1, other.rank == 1, count > 0, other.count > 0 else {
            return standIn("crossCorrelation: \(shape) and \(other.shape); both must be vectors with at least one element.", [0], floating.dtype)
        }
        return convolution(with: other.flipped(axes: 0), extent: extent)
    }

    /// The value of the polynomial with these coefficients, the highest power first, at each element of x.
    public func polynomial(at x: Tensor) -> Tensor {
        guard rank == 1 else { return standIn("polynomial: coefficients of shape \(shape); a vector is needed.", like: x) }
        let dtype = DType.promoted(self.dtype, x.dtype), x = x.cast(to: dtype)
        return cast(to: dtype).unstacked().reduce(Tensor(0, like: x)) { $0 * x + $1 }
    }

    /// Values at x on the line through given points, whose `places` are ascending: outside them the first and the last value, or `left` and `right`.
    ///
    /// Derivatives: in x the slope of the piece (0 outside), and in places and values.
    public static func interpolated(at x: Tensor, places: Tensor, values: Tensor, left: Double? = nil, right: Double? = nil) -> Tensor {
        guard places.rank == 1, places.shape == values.shape, places.count > 0 else {
            return standIn("interpolated: places of shape \(places.shape), values of shape \(values.shape); both must be vectors of one size, at least 1.", like: x.floating)
        }
        let dtype = [places.floating, values.floating].reduce(x.floating.dtype) { DType.promoted($0, $1.dtype) }
        let x = x.cast(to: dtype), places = places.cast(to: dtype), values = values.cast(to: dtype), last = places.count - 1
        var result: Tensor
        if last == 0 {
            result = values.broadcast(to: [1]).squeezed().broadcast(to: x.shape)
            result = Tensor.where(x.isNaN, x, result)
        } else {
            let piece = (stopGradient(places).searchSorted(stopGradient(x), fromRight: true) - 1).clipped(to: 0...Double(last - 1)).cast(to: .int64)
            let start = places.gathered(checked: piece), end = places.gathered(checked: piece + 1)
            let low = values.gathered(checked: piece), high = values.gathered(checked: piece + 1)
            let width = end - start
            // Places that are equal make a step; the piece between them has no width.
            let share = Tensor.where(width .== 0, Tensor(0, like: width), (x - start) / width)
            result = low + (high - low) * share
        }
        let first = values[0], final = values[last]
        result = Tensor.where(x .< places[0], left.map { Tensor($0, like: first) } ?? first, result)
        return Tensor.where(x .> places[last], right.map { Tensor($0, like: final) } ?? final, result)
    }
}
