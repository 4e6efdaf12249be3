// Running extremes and log-sums along an axis.

extension Tensor {
    /// The largest element so far along an axis; NaN from the first NaN on. The gradient goes to the first of equal elements.
    public func cumulativeMax(axis: Int = 0) -> Tensor { cumulativeExtreme(axis, smallest: false).values }
    /// The smallest element so far along an axis; NaN from the first NaN on. The gradient goes to the first of equal elements.
    public func cumulativeMin(axis: Int = 0) -> Tensor { cumulativeExtreme(axis, smallest: true).values }
    /// The place of the largest element so far, int64; the first of equals.
    public func cumulativeArgmax(axis: Int = 0) -> Tensor { cumulativeExtreme(axis, smallest: false).places }
    /// The place of the smallest element so far, int64; the first of equals.
    public func cumulativeArgmin(axis: Int = 0) -> Tensor { cumulativeExtreme(axis, smallest: true).places }

    private func cumulativeExtreme(_ axis: Int, smallest: Bool) -> (values: Tensor, places: Tensor) {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: smallest ? "cumulativeMin" : "cumulativeMax")
            guard shape[axis] > 0 else { return (self, .zeros(shape, dtype: .int64)) }
            let x = stopGradient(self), extremes = applySingle(CumulativeExtreme(axis: axis, smallest: smallest), x)
            let before = extremes.slice(axis: axis, 0..<(shape[axis] - 1)), here = x.slice(axis: axis, 1..<shape[axis])
            // A new extreme, or the first NaN.
            var isNew = smallest ? here .< before : here .> before
            if dtype.isFloating { isNew = isNew.or(here.isNaN.and(!before.isNaN)) }
            let numbers = applySingle(Broadcast(here.shape, axes: [axis]), Tensor.arange(shape[axis]).slice(axis: 0, 1..<shape[axis]))
            let marks = Tensor.where(isNew, numbers, Tensor(0, like: numbers)).padded(shape.indices.map { ($0 == axis ? 1 : 0, 0) })
            let places = applySingle(CumulativeExtreme(axis: axis, smallest: false), marks)
            return (gatheredAlong(checked: places, axis: axis), places)
        } catch { return (standIn(error, like: self), .zeros(shape, dtype: .int64)) }
    }

    /// `log` of the running sum of `exp` along an axis, without overflow or loss of the small ones, in about log₂(size) steps.
    public func cumulativeLogSumExp(axis: Int = 0) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "cumulativeLogSumExp")
            var x = floating, shift = 1
            while shift < shape[axis] {
                let earlier = x.slice(axis: axis, 0..<(shape[axis] - shift))
                x = logAddExp(x, earlier.padded(shape.indices.map { ($0 == axis ? shift : 0, 0) }, with: -.infinity))
                shift *= 2
            }
            return x
        } catch { return standIn(error, like: floating) }
    }
}
