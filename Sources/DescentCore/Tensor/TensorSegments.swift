// Reductions of segments: parts of the first axis that share a number.

extension Tensor {
    /// The sums of the parts of the first axis that have the same number: member i of `segments` (integers from 0) is the segment that row i belongs to.
    /// [count, ...]; a segment without rows has 0.
    public func segmentSum(_ segments: Tensor, count: Int) -> Tensor {
        guard let numbers = checkedSegments(segments, count, "segmentSum") else { return segmentStandIn(count).cast(to: dtype.sumType) }
        return applySingle(ScatterAdd(axis: 0, size: count), cast(to: dtype.sumType), numbers)
    }

    /// The means of segments; NaN of one without rows. See `segmentSum`.
    public func segmentMean(_ segments: Tensor, count: Int) -> Tensor {
        guard let numbers = checkedSegments(segments, count, "segmentMean") else { return segmentStandIn(count).floating }
        let x = floating, sizes = applySingle(ScatterAdd(axis: 0, size: count), Tensor.full([shape[0]], 1, dtype: x.dtype), numbers)
        let total = applySingle(ScatterAdd(axis: 0, size: count), x, numbers)
        return total / sizes.reshaped(to: [count] + [Int](repeating: 1, count: rank - 1))
    }

    /// The largest elements of segments, -infinity (or the least number of the type) of one without rows. NaN if one is. Equal ones share the gradient
    /// evenly. See `segmentSum`.
    public func segmentMax(_ segments: Tensor, count: Int) -> Tensor { segmentExtreme(segments, count, smallest: false) }
    /// The smallest elements of segments, infinity (or the largest number of the type) of one without rows. NaN if one is. Equal ones share the gradient
    /// evenly. See `segmentSum`.
    public func segmentMin(_ segments: Tensor, count: Int) -> Tensor { segmentExtreme(segments, count, smallest: true) }

    private func segmentExtreme(_ segments: Tensor, _ count: Int, smallest: Bool) -> Tensor {
        guard let numbers = checkedSegments(segments, count, smallest ? "segmentMin" : "segmentMax") else { return segmentStandIn(count) }
        let rest = Array(shape.dropFirst()), result = [count] + rest
        // What the reduction of nothing gives.
        let nothing = smallest ? Tensor.zeros([0] + rest, dtype: dtype).min(axes: [0]) : Tensor.zeros([0] + rest, dtype: dtype).max(axes: [0])
        if shape[0] == 0 { return nothing.broadcast(to: result) }
        // Sorted by element, then, stably, by segment: the extremes are at the ends of the segments.
        let byElement = stopGradient(self).argsort(axis: 0)
        let spread = applySingle(Broadcast(shape, axes: [0]), numbers)
        let bySegment = spread.gatheredAlong(checked: byElement, axis: 0).argsort(axis: 0)
        let order = byElement.gatheredAlong(checked: bySegment, axis: 0)
        let sortedNumbers = numbers.sorted(), ids = Tensor.arange(count)
        let starts = sortedNumbers.searchSorted(ids), ends = sortedNumbers.searchSorted(ids, fromRight: true) - 1
        let isEmpty = applySingle(Broadcast(result, axes: [0]), ends .< starts)
        func member(_ places: Tensor) -> Tensor {
            gatheredAlong(checked: order.gathered(checked: places.clipped(to: 0...Double(shape[0] - 1)).cast(to: .int64)), axis: 0)
        }
        let last = member(ends)
        var extreme = smallest ? member(starts) : last
        // NaN is sorted last.
        if smallest, dtype.isFloating { extreme = Tensor.where(last.isNaN, last, extreme) }
        if dtype.isFloating {
            // The value is that of one element; the derivative is the mean of the derivatives of all that are equal to it.
            let isEqual = self .== stopGradient(extreme).gathered(checked: numbers)
            let moves = Tensor.where(isEqual, self - stopGradient(self), Tensor(0, like: self))
            func total(_ x: Tensor) -> Tensor { applySingle(ScatterAdd(axis: 0, size: count), x, numbers) }
            let shared = stopGradient(extreme) + total(moves) / clamp(total(isEqual.cast(to: dtype)), min: 1)
            extreme = Tensor.where(extreme.isFinite, shared, extreme)
        }
        return Tensor.where(isEmpty, nothing.broadcast(to: result), extreme)
    }

    private func checkedSegments(_ segments: Tensor, _ count: Int, _ operation: String) -> Tensor? {
        guard rank > 0, segments.shape == [shape[0]], segments.dtype.isInteger, count >= 0 else {
            raise("\(operation): segments \(segments.type) and a count of \(count) for a tensor of shape \(shape); integers of shape \(Array(shape.prefix(1))) and a count of at least 0 are needed.")
            return nil
        }
        return segments.checked(as: IndexUse(operation, "segment", axis: "% segments", countsFromEnd: false), size: count)
    }

    private func segmentStandIn(_ count: Int) -> Tensor { standIn([Swift.max(count, 0)] + shape.dropFirst(), dtype) }
}
