extension Tensor {
    private func reduce(_ axes: [Int]?, keepingAxes: Bool, _ name: String, _ operation: ([Int]) -> Tensor) -> Tensor {
        do {
            let list = try normalizedAxes(axes ?? Array(0..<rank), rank: rank, for: name)
            let result = operation(list)
            guard keepingAxes else { return result }
            return result.reshaped(to: shape.indices.map { list.contains($0) ? 1 : shape[$0] })
        } catch { return standIn(error, like: self, rank: keepingAxes ? rank : rank - (axes?.count ?? rank)) }
    }
    /// In the type in which sums are made.
    private var summable: Tensor { cast(to: dtype.sumType) }

    /// The sum over axes (all, if none are named), which are dropped or, with `keepingAxes`, left with size 1.
    public func sum(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        if axes?.isEmpty == true { return self }
        return reduce(axes, keepingAxes: keepingAxes, "sum") { $0.isEmpty ? summable : applySingle(Sum(axes: $0), summable) }
    }
    public func sum(axis: Int, keepingAxis: Bool = false) -> Tensor { sum(axes: [axis], keepingAxes: keepingAxis) }

    /// The mean over axes (all, if none are named). Of no elements: NaN.
    public func mean(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        let x = floating
        let total = x.sum(axes: axes, keepingAxes: keepingAxes)
        let members = total.count == 0 ? 1 : x.count / total.count
        return total * (1 / Double(members))
    }
    public func mean(axis: Int, keepingAxis: Bool = false) -> Tensor { mean(axes: [axis], keepingAxes: keepingAxis) }

    /// The mean squared distance from the mean. `correction` is taken off the count: 1 for a sample's estimate. NaN where nothing is left of
    /// the count: of no elements, or of one with a correction of 1.
    public func variance(axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false) -> Tensor {
        let distance = floating - floating.mean(axes: axes, keepingAxes: true)
        let total = (distance * distance).sum(axes: axes, keepingAxes: keepingAxes)
        return total / Double(Swift.max((total.count == 0 ? 1 : count / total.count) - correction, 0))
    }
    /// The root of the variance. Where all elements are equal, it is 0, and so are its derivatives of any order.
    public func standardDeviation(axes: [Int]? = nil, correction: Int = 0, keepingAxes: Bool = false) -> Tensor {
        variance(axes: axes, correction: correction, keepingAxes: keepingAxes).rootOfSquares
    }

    /// The largest element over axes (all, if none are named). Equal ones share the gradient evenly.
    public func max(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        reduce(axes, keepingAxes: keepingAxes, "max") { $0.isEmpty ? self : applySingle(Max(axes: $0), self) }
    }
    public func max(axis: Int, keepingAxis: Bool = false) -> Tensor { max(axes: [axis], keepingAxes: keepingAxis) }
    /// The smallest element over axes (all, if none are named). Equal ones share the gradient evenly.
    public func min(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor {
        reduce(axes, keepingAxes: keepingAxes, "min") { $0.isEmpty ? self : applySingle(Min(axes: $0), self) }
    }
    public func min(axis: Int, keepingAxis: Bool = false) -> Tensor { min(axes: [axis], keepingAxes: keepingAxis) }

    /// The place of the largest element along an axis, int64; the first of equals.
    public func argmax(axis: Int = -1) -> Tensor { arg(axis, smallest: false) }
    /// The place of the smallest element along an axis, int64; the first of equals.
    public func argmin(axis: Int = -1) -> Tensor { arg(axis, smallest: true) }
    private func arg(_ axis: Int, smallest: Bool) -> Tensor {
        do { return applySingle(ArgReduce(axis: try normalizedAxis(axis, rank: rank, for: "argmax"), smallest: smallest), self) } catch {
            return standIn(error, like: self, rank: rank - 1).cast(to: .int64)
        }
    }

    /// The product over an axis, which is dropped. By halves, so that its derivative is right with zeros among the elements.
    public func product(axis: Int) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "product")
            var x = self
            if x.shape[axis] == 0 {
                var rest = shape
                rest.remove(at: axis)
                return .full(rest, 1, dtype: dtype)
            }
            while x.shape[axis] > 1 {
                let half = x.shape[axis] / 2
                let pairs = x.slice(axis: axis, 0..<half) * x.slice(axis: axis, half..<(2 * half))
                x = x.shape[axis] % 2 == 0 ? pairs : Tensor.concatenate([pairs, x.slice(axis: axis, (2 * half)..<x.shape[axis])], axis: axis)
            }
            return x.squeezed(axis: axis)
        } catch { return standIn(error, like: self, rank: rank - 1) }
    }
    /// The product of all elements.
    public func product() -> Tensor { flattened().product(axis: 0) }

    /// Whether all elements are true (not zero).
    public func all(axes: [Int]? = nil) -> Tensor { cast(to: .bool).cast(to: .int32).min(axes: axes).cast(to: .bool) }
    /// Whether any element is true (not zero).
    public func any(axes: [Int]? = nil) -> Tensor { cast(to: .bool).cast(to: .int32).max(axes: axes).cast(to: .bool) }

    /// Running sums along an axis.
    public func cumulativeSum(axis: Int = 0, reverse: Bool = false) -> Tensor {
        do { return applySingle(CumulativeSum(axis: try normalizedAxis(axis, rank: rank, for: "cumulative sum"), reverse: reverse), summable) } catch { return standIn(error, like: self) }
    }
    /// Running products along an axis, in about log₂(size) steps.
    public func cumulativeProduct(axis: Int = 0) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "cumulative product")
            var x = self
            var shift = 1
            while shift < shape[axis] {
                let earlier = x.slice(axis: axis, 0..<(shape[axis] - shift))
                x = x * earlier.padded(shape.indices.map { ($0 == axis ? shift : 0, 0) }, with: 1)
                shift *= 2
            }
            return x
        } catch { return standIn(error, like: self) }
    }

    /// The Euclidean norm of all elements. Its derivatives of any order at zero are 0.
    public var norm: Tensor { (floating * floating).sum().rootOfSquares }

    /// The root of a sum of squares. Where that is 0 it has a kink; the derivatives count as 0.
    private var rootOfSquares: Tensor { Tensor.where(self .== 0, Tensor(0, like: self), sqrt(self)) }
}
