// Places in sorted rows, what is not zero, sets of values, counts.

extension Tensor {
    /// Where each value would go into this sorted vector (or rows [..., n], for values [..., m]) so that it stays sorted, int64: before equal elements, or
    /// behind them with `fromRight`. NaN goes behind all numbers. No derivative.
    public func searchSorted(_ values: Tensor, fromRight: Bool = false) -> Tensor {
        let promoted = DType.promoted(dtype, values.dtype), common = promoted == .bool ? .uint8 : promoted
        if rank == 0 { return standIn("searchSorted: a scalar is no sorted row.", values.shape, .int64) }
        let sorted = cast(to: common), flat = rank == 1 ? values.flattened() : values
        return applySingle(SearchSorted(fromRight: fromRight), sorted, flat.cast(to: common)).reshaped(to: values.shape)
    }

    /// Whether each element is among the values.
    public func isIn(_ values: Tensor) -> Tensor {
        guard values.count > 0 else { return .zeros(shape, dtype: .bool) }
        let common = DType.promoted(dtype, values.dtype)
        let sorted = values.cast(to: common).flattened().sorted(), x = cast(to: common)
        let places = minimum(sorted.searchSorted(x), Tensor(int64: [values.count - 1], shape: []))
        return sorted.gathered(checked: places) .== x
    }

    // MARK: What is not zero

    /// How many elements over axes (all, if none are named) are not zero (or true), int64.
    public func countNonzero(axes: [Int]? = nil, keepingAxes: Bool = false) -> Tensor { cast(to: .bool).sum(axes: axes, keepingAxes: keepingAxes) }

    /// The places of elements that are not zero (or true), row by row, int64: one vector for each axis.
    ///
    /// - Parameters:
    ///   - size: How many places to give, needed inside `compile`, where their number is not known; what goes beyond is left out.
    ///   - fill: The place given where there are fewer than `size`.
    public func nonzero(size: Int? = nil, fill: Int = 0) -> [Tensor] {
        let flat = flattened().cast(to: .bool)
        guard let places = flat.placesOfTrue(size, "nonzero") else { return shape.map { _ in .zeros([0], dtype: .int64) } }
        let isThere = Tensor.arange(places.count) .< flat.countNonzero()
        return zip(shape, shape.denseStrides).map { axis, stride in
            let along = places.floorDivided(by: Tensor(int64: [Swift.max(stride, 1)], shape: [])) % Tensor(int64: [Swift.max(axis, 1)], shape: [])
            return Tensor.where(isThere, along, Tensor.full([places.count], Double(fill), dtype: .int64))
        }
    }

    /// The elements at which a mask of this shape is true, row by row, in one axis.
    ///
    /// - Parameters:
    ///   - size: How many elements to give, needed inside `compile`, where their number is not known; what goes beyond is left out.
    ///   - fill: What is given where there are fewer than `size`.
    public func masked(by mask: Tensor, size: Int? = nil, fill: Double = 0) -> Tensor {
        guard mask.shape == shape else { return standIn("masked: a mask of shape \(mask.shape) for a tensor of shape \(shape).", [0], dtype) }
        let flat = mask.flattened().cast(to: .bool)
        guard let places = flat.placesOfTrue(size, "masked") else { return .zeros([0], dtype: dtype) }
        if count == 0 { return .full([places.count], fill, dtype: dtype) }
        let taken = flattened().gathered(checked: places)
        return size == nil ? taken : Tensor.where(Tensor.arange(places.count) .< flat.countNonzero(), taken, Tensor(fill, like: taken))
    }

    /// The places at which this bool vector is true, and 0 behind them, `size` together.
    private func placesOfTrue(_ size: Int?, _ operation: String) -> Tensor? {
        guard let size = size ?? countNonzero().knownCount(operation) else { return nil }
        if size < 0 { return standIn("\(operation): a size of \(size); it must be 0 or more.", [0], .int64) }
        let order = cumulativeSum() - 1
        // What is not true, or too much, goes to one place more, which is cut off.
        let isKept = self.and(order .< Tensor(int64: [size], shape: []))
        let target = Tensor.where(isKept, order, Tensor.full([count], Double(size), dtype: .int64))
        return applySingle(ScatterAdd(axis: 0, size: size + 1), Tensor.arange(count), target).slice(axis: 0, 0..<size)
    }

    // MARK: Sets

    /// The different elements, ascending, and what belongs to them.
    public struct Unique: Sendable {
        /// The different elements, ascending. Each NaN is an element of its own.
        public let values: Tensor
        /// The first place of each in the tensor row by row, int64.
        public let places: Tensor
        /// For each element of the tensor the number of its value, int64, in the shape of the tensor.
        public let inverse: Tensor
        /// How often each occurs, int64.
        public let counts: Tensor
    }

    /// The different elements, where they are, and how often they occur. The values alone are `unique().values`; what is not used is not computed.
    ///
    /// - Parameters:
    ///   - size: How many values to give, needed inside `compile`, where their number is not known: the smallest ones. What is missing repeats the smallest, with a
    ///     count of 0; the numbers in `inverse` of values left out are beyond the end.
    public func unique(size: Int? = nil) -> Unique {
        let flat = flattened(), order = flat.argsort(), sorted = flat.gathered(checked: order)
        let isNew: Tensor
        if count == 0 {
            isNew = .zeros([0], dtype: .bool)
        } else {
            isNew = Tensor.concatenate([Tensor(bool: [true]), sorted.slice(axis: 0, 1..<count) .!= sorted.slice(axis: 0, 0..<(count - 1))])
        }
        guard let starts = isNew.placesOfTrue(size, "unique") else {
            let none = Tensor.zeros([0], dtype: .int64)
            return Unique(values: .zeros([0], dtype: dtype), places: none, inverse: standIn(shape, .int64), counts: none)
        }
        // The sorted elements' numbers, brought back to where the elements were.
        let numbers = applySingle(ScatterAdd(axis: 0, size: count), isNew.cumulativeSum() - 1, order)
        let size = starts.count
        let kept = Tensor.where(numbers .< Tensor(int64: [size], shape: []), numbers, Tensor.full([count], Double(size), dtype: .int64))
        let counts = applySingle(ScatterAdd(axis: 0, size: size + 1), Tensor.full([count], 1, dtype: .int64), kept).slice(axis: 0, 0..<size)
        let isEmpty = count == 0
        return Unique(
            values: isEmpty ? .zeros([size], dtype: dtype) : sorted.gathered(checked: starts), places: isEmpty ? starts : order.gathered(checked: starts),
            inverse: numbers.reshaped(to: shape), counts: counts)
    }

    // MARK: Counts

    /// How often each of 0, 1, 2, ... occurs among these integers, int64; with weights, the sum of the weights of its elements. Numbers that are negative,
    /// or not below the size, are not counted.
    ///
    /// - Parameter size: How many numbers to count, needed inside `compile`, where the largest is not known.
    public func binCounts(weights: Tensor? = nil, size: Int? = nil) -> Tensor {
        guard dtype.isInteger else { return standIn("binCounts: elements of type \(dtype); they must be integers.", [0], .int64) }
        if let weights, weights.shape != shape { return standIn("binCounts: weights of shape \(weights.shape) for numbers of shape \(shape).", [0], weights.dtype) }
        let numbers = flattened().cast(to: .int64)
        guard let size = size ?? (count == 0 ? 0 : (numbers.max() + 1).knownCount("binCounts")) else { return .zeros([0], dtype: .int64) }
        return numbers.counted(Swift.max(size, 0), weights)
    }

    /// The counts (or sums of weights) of the numbers 0 ..< size in this vector of int64.
    private func counted(_ size: Int, _ weights: Tensor?) -> Tensor {
        let limit = Tensor.full(shape, Double(size), dtype: .int64)
        let target = Tensor.where((self .< limit).and(self .>= Tensor(0, like: self)), self, limit)
        let ones = weights.map { $0.flattened().cast(to: $0.dtype.sumType) } ?? Tensor.full(shape, 1, dtype: .int64)
        return applySingle(ScatterAdd(axis: 0, size: size + 1), ones, target).slice(axis: 0, 0..<size)
    }

    /// How many elements lie in each of `bins` equal parts of a range (by default from the smallest to the largest finite element), and the edges of the parts. The last
    /// part holds its upper edge too. What lies outside, and NaN, is not counted. With weights: the sum of the weights, which has a derivative.
    public func histogram(bins: Int = 10, range: ClosedRange<Double>? = nil, weights: Tensor? = nil) -> (counts: Tensor, edges: Tensor) {
        if bins < 1 { return (standIn("histogram: \(bins) bins; at least one is needed.", [0], .int64), .zeros([1], dtype: floating.dtype)) }
        let x = stopGradient(floating)
        let isFinite = x.isFinite, infinity = Tensor(.infinity, like: x)
        func bound(_ number: Double?, _ otherwise: Double, _ extreme: () -> Tensor) -> Tensor {
            number == nil && count > 0 ? extreme() : .full([], number ?? otherwise, dtype: x.dtype)
        }
        var low = bound(range?.lowerBound, 0) { Tensor.where(isFinite, x, infinity).min() }
        var high = bound(range?.upperBound, 1) { Tensor.where(isFinite, x, -infinity).max() }
        // All equal: half a unit around them, as in NumPy.
        let isPoint = low .== high
        (low, high) = (Tensor.where(isPoint, low - 0.5, low), Tensor.where(isPoint, high + 0.5, high))
        let inner = Tensor.linspace(0, 1, count: bins + 1, dtype: x.dtype) * (high - low) + low
        let edges = Tensor.concatenate([inner.slice(axis: 0, 0..<bins), high.expanded(axis: 0)])
        return (histogram(edges: edges, weights: weights), edges)
    }

    /// The same for parts between given edges, ascending.
    public func histogram(edges: Tensor, weights: Tensor? = nil) -> Tensor {
        guard edges.rank == 1, edges.count > 1 else { return standIn("histogram: edges of shape \(edges.shape); a vector of at least two is needed.", [0], .int64) }
        if let weights, weights.shape != shape { return standIn("histogram: weights of shape \(weights.shape) for elements of shape \(shape).", [0], weights.dtype) }
        let x = stopGradient(floating).flattened(), bins = edges.count - 1
        let last = Tensor(int64: [bins - 1], shape: [])
        let bin = Tensor.where(x .== edges[-1], last, edges.searchSorted(x, fromRight: true) - 1)
        return bin.counted(bins, weights)
    }
}
