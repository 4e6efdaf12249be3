// Elements in another arrangement: repeated, tiled, rolled, turned; grids and differences.

extension Tensor {
    /// Each member of an axis repeated `count` times, one after another. Without an axis: of all elements, in one axis.
    public func repeated(_ count: Int, axis: Int? = nil) -> Tensor {
        guard let axis else { return flattened().repeated(count, axis: 0) }
        if count < 0 { return standIn("repeated: \(count) times; it must be 0 or more.", like: self) }
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "repeated")
            var shape = self.shape
            shape[axis] *= count
            return repeating(count, at: axis + 1).reshaped(to: shape)
        } catch { return standIn(error, like: self) }
    }

    /// Each member of an axis repeated as often as its number among the integers `counts` says.
    ///
    /// - Parameter size: The size of the axis afterwards, needed inside `compile`, where the sum of the counts is not known; what is left over of it
    ///   repeats the last member, what goes beyond is cut off.
    public func repeated(_ counts: Tensor, axis: Int = 0, size: Int? = nil) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "repeated")
            guard counts.shape == [shape[axis]], counts.dtype.isInteger else {
                throw ShapeError("repeated: counts \(counts.type) for axis \(axis) of \(shape); they must be integers of shape [\(shape[axis])].")
            }
            guard shape[axis] > 0 else { return self }
            let ends = counts.cast(to: .int64).cumulativeSum()
            guard let size = size ?? ends[-1].knownCount("repeated") else { return standIn(like: self) }
            // The member of each place is the first that ends behind it.
            let members = minimum(ends.searchSorted(Tensor.arange(size), fromRight: true), Tensor(int64: [shape[axis] - 1], shape: []))
            return gathered(checked: members, axis: axis)
        } catch { return standIn(error, like: self) }
    }

    /// The whole tensor side by side with itself: as often along each of the last axes as the numbers say, as in NumPy.
    public func tiled(_ counts: Int...) -> Tensor {
        if counts.contains(where: { $0 < 0 }) { return standIn("tiled: \(counts) times; all must be 0 or more.", like: self) }
        let rank = Swift.max(rank, counts.count)
        let sizes = [Int](repeating: 1, count: rank - self.rank) + shape, times = [Int](repeating: 1, count: rank - counts.count) + counts
        let pairs = zip(times, sizes).flatMap { [$0, $1] }
        let spread = applySingle(Broadcast(pairs, axes: (0..<rank).map { 2 * $0 + 1 }), reshaped(to: sizes))
        return spread.reshaped(to: zip(times, sizes).map { $0 * $1 })
    }

    /// Moved along an axis by `shift` places; what leaves at one end comes in at the other. Without an axis: the elements row by row.
    public func rolled(_ shift: Int, axis: Int? = nil) -> Tensor {
        guard let axis else { return flattened().rolled(shift, axis: 0).reshaped(to: shape) }
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "rolled")
            let size = shape[axis]
            guard size > 0 else { return self }
            let places = (shift % size + size) % size
            if places == 0 { return self }
            return Tensor.concatenate([slice(axis: axis, (size - places)..<size), slice(axis: axis, 0..<(size - places))], axis: axis)
        } catch { return standIn(error, like: self) }
    }

    /// Turned by `turns` quarters in the plane of two axes, from the first towards the second.
    public func rotated90(_ turns: Int = 1, axes: (Int, Int) = (0, 1)) -> Tensor {
        do {
            let plane = try normalizedAxes([axes.0, axes.1], rank: rank, for: "rotated90")
            switch (turns % 4 + 4) % 4 {
            case 0: return self
            case 1: return flipped(axes: plane[1]).swappingAxes(plane[0], plane[1])
            case 2: return flipped(axes: plane[0], plane[1])
            default: return swappingAxes(plane[0], plane[1]).flipped(axes: plane[1])
            }
        } catch { return standIn(error, like: self) }
    }

    /// Differences of neighbours along an axis, each the later less the earlier, taken `order` times: the axis has `order` members fewer.
    public func differences(order: Int = 1, axis: Int = -1) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "differences")
            if order < 0 { throw ShapeError("differences: order \(order); it must be 0 or more.") }
            var x = self
            for _ in 0..<order {
                let size = x.shape[axis]
                guard size > 0 else { break }
                let later = x.slice(axis: axis, 1..<size), earlier = x.slice(axis: axis, 0..<(size - 1))
                x = dtype == .bool ? later.xor(earlier) : later - earlier
            }
            return x
        } catch { return standIn(error, like: self) }
    }

    /// The members of an axis, one tensor each, without that axis.
    public func unstacked(axis: Int = 0) -> [Tensor] {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "unstacked")
            return (0..<shape[axis]).map { slice(axis: axis, $0..<($0 + 1)).squeezed(axis: axis) }
        } catch { return [standIn(error, like: self, rank: rank - 1)] }
    }

    /// Coordinates of a grid: for each vector a tensor with one axis for each of them, in which it runs along its own. The axes come in the order of the
    /// vectors (NumPy's `indexing="ij"`, the order of the Array API and of PyTorch); with `columnsFirst` the first two are exchanged, as in plots and as NumPy does by default.
    public static func meshgrid(_ vectors: Tensor..., columnsFirst: Bool = false) -> [Tensor] {
        if let odd = vectors.first(where: { $0.rank > 1 }) { return [standIn("meshgrid: a tensor of shape \(odd.shape); vectors are needed.", like: odd)] }
        let shape = vectors.map(\.count)
        return vectors.enumerated().map { place, vector in
            let grid = applySingle(Broadcast(shape, axes: [place]), vector.flattened())
            return columnsFirst && vectors.count > 1 ? grid.swappingAxes(0, 1) : grid
        }
    }

    /// Tensors stretched to their common shape.
    public static func broadcastTogether(_ tensors: Tensor...) -> [Tensor] {
        do {
            var shape: [Int] = []
            for tensor in tensors { shape = try broadcastShape(shape, tensor.shape, for: "broadcastTogether") }
            return tensors.map { $0.broadcast(to: shape) }
        } catch { return tensors.map { standIn(error, like: $0) } }
    }

    /// This integer scalar as a number, for the size of a result: computed now. Where it depends on the input of a traced function it has no value yet;
    /// a sentence says what to do then.
    func knownCount(_ operation: String) -> Int? {
        let open = Graph.nodes(behind: [self]) { $0.storage() == nil }.lazy.compactMap { $0.primitive as? Placeholder }.first
        guard let open else { return ints[0] }
        raise("\(operation): the size of the result depends on values, which are not known inside \(open.trace.name). Give it with size:.")
        return nil
    }
}
