/// How a quantile between two elements is found.
public enum QuantileInterpolation: Hashable, Sendable {
    /// On the line between the two.
    case linear
    /// The lower of the two.
    case lower
    /// The higher of the two.
    case higher
    /// The mean of the two.
    case midpoint
    /// The nearer of the two; halfway the one whose place is even.
    case nearest
}

extension Tensor {
    /// The element with the given share of the others below it, along an axis, which is dropped. NaN where one of them is NaN, and of nothing. The gradient
    /// goes to the one or two elements that the result is made from.
    ///
    /// - Parameter share: from 0 (the smallest) to 1 (the largest).
    public func quantile(_ share: Double, axis: Int = -1, keepingAxis: Bool = false, interpolation: QuantileInterpolation = .linear) -> Tensor {
        guard (0...1).contains(share) else { return standIn("quantile: a share of \(share); it must be from 0 to 1.", like: floating, rank: keepingAxis ? rank : rank - 1) }
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "quantile"), x = floating
            var kept = shape
            kept[axis] = 1
            guard shape[axis] > 0 else { return Tensor.full(keepingAxis ? kept : kept.indices.filter { $0 != axis }.map { kept[$0] }, .nan, dtype: x.dtype) }
            let sorted = x.sorted(axis: axis), place = share * Double(shape[axis] - 1)
            func element(_ place: Double) -> Tensor { sorted.slice(axis: axis, Int(place)..<(Int(place) + 1)) }
            let below = place.rounded(.down), above = place.rounded(.up)
            let result =
                switch interpolation {
                case .linear: below == above ? element(below) : element(below) * (above - place) + element(above) * (place - below)
                case .lower: element(below)
                case .higher: element(above)
                case .midpoint: below == above ? element(below) : (element(below) + element(above)) * 0.5
                case .nearest: element(place.rounded(.toNearestOrEven))
                }
            // NaN is sorted last.
            let last = sorted.slice(axis: axis, (shape[axis] - 1)..<shape[axis])
            let checked = Tensor.where(last.isNaN, Tensor(.nan, like: last), result)
            return keepingAxis ? checked : checked.squeezed(axis: axis)
        } catch { return standIn(error, like: floating, rank: keepingAxis ? rank : rank - 1) }
    }

    /// Quantiles for several shares, along a new first axis.
    public func quantiles(_ shares: [Double], axis: Int = -1, interpolation: QuantileInterpolation = .linear) -> Tensor {
        if shares.isEmpty { return standIn("quantiles: no shares. Give at least one.", like: floating) }
        return Tensor.stack(shares.map { quantile($0, axis: axis, interpolation: interpolation) })
    }

    /// The middle element along an axis, which is dropped; of an even number the mean of the two in the middle, as in NumPy (PyTorch gives the lower one:
    /// `quantile(0.5, interpolation: .lower)`).
    public func median(axis: Int = -1, keepingAxis: Bool = false) -> Tensor { quantile(0.5, axis: axis, keepingAxis: keepingAxis, interpolation: .midpoint) }

    /// The covariances of variables, each a row of this matrix [variables, observations]: [variables, variables]; of a vector: its variance, a scalar.
    ///
    /// - Parameters:
    ///   - correction: What is taken off the number of observations.
    ///   - weights: How much each observation counts [observations]; their sum takes the place of the number.
    public func covariance(correction: Int = 1, weights: Tensor? = nil) -> Tensor {
        guard rank == 1 || rank == 2 else { return standIn("covariance: a tensor of shape \(shape); rows of observations are needed.", like: floating, rank: 2) }
        let x = rank == 1 ? floating.expanded(axis: 0) : floating
        let observations = x.shape[1]
        let result: Tensor
        if let weights {
            guard weights.shape == [observations] else {
                return standIn("covariance: weights of shape \(weights.shape) for \(observations) observations.", [x.shape[0], x.shape[0]], x.dtype)
            }
            let weights = weights.cast(to: x.dtype), total = weights.sum()
            let distances = x - (x * weights).sum(axis: 1, keepingAxis: true) / total
            result = (distances * weights).matmul(distances.transposed()) / (total - Double(correction))
        } else {
            let distances = x - x.mean(axis: 1, keepingAxis: true)
            result = distances.matmul(distances.transposed()) / Double(Swift.max(observations - correction, 0))
        }
        return rank == 1 ? result.reshaped(to: []) : result
    }

    /// Pearson's correlations of variables, each a row of this matrix [variables, observations]: [variables, variables]. NaN for a constant row.
    public func correlation() -> Tensor {
        guard rank == 2 else { return standIn("correlation: a tensor of shape \(shape); rows of observations [variables, observations] are needed.", like: floating, rank: 2) }
        let covariances = covariance(), deviations = sqrt(covariances.diagonal())
        let quotients = covariances / deviations.expanded(axis: 1) / deviations.expanded(axis: 0)
        // That of a variable with itself is 1 whatever its elements are, not the bound of a range.
        let isSelf = Tensor.eye(shape[0], dtype: .bool).and(!quotients.isNaN)
        return Tensor.where(isSelf, 1, clamp(quotients, min: -1, max: 1))
    }
}
