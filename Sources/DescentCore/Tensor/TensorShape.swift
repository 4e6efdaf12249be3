extension Tensor {
    /// The same elements, row by row, in another shape. One size may be -1: it is worked out.
    public func reshaped(to shape: [Int]) -> Tensor {
        if shape == self.shape { return self }
        var shape = shape
        if let open = shape.firstIndex(of: -1) {
            let others = shape.enumerated().filter { $0.offset != open }.map(\.element).elementCount
            guard others > 0, count % others == 0 else {
                return standIn("reshape: \(self.shape) has \(count) elements, which do not divide into \(shape).", shape, dtype)
            }
            shape[open] = count / others
        }
        return applySingle(Reshape(shape), self)
    }
    public func reshaped(_ shape: Int...) -> Tensor { reshaped(to: shape) }
    /// All elements in one axis; with `fromAxis`, only the axes from that one on.
    public func flattened(fromAxis axis: Int = 0) -> Tensor {
        rank == 0 ? reshaped(to: [1]) : reshaped(to: Array(shape[..<axis]) + [Array(shape[axis...]).elementCount])
    }

    package func permuted(_ order: [Int]) -> Tensor {
        order == Array(0..<rank) ? self : applySingle(Permute(order), self)
    }
    /// Axes in another order: axis i of the result is axis `order[i]` of this. Without an order: reversed.
    public func transposed(_ order: Int...) -> Tensor {
        permuted(order.isEmpty ? Array((0..<rank).reversed()) : order.map { $0 < 0 ? $0 + rank : $0 })
    }
    /// Two axes exchanged.
    public func swappingAxes(_ a: Int, _ b: Int) -> Tensor {
        do {
            var order = Array(0..<rank)
            order.swapAt(try normalizedAxis(a, rank: rank, for: "swapping axes"), try normalizedAxis(b, rank: rank, for: "swapping axes"))
            return permuted(order)
        } catch { return standIn(error, like: self) }
    }
    /// One axis moved to another place, the others keeping their order.
    public func movingAxis(_ from: Int, to: Int) -> Tensor {
        do {
            let source = try normalizedAxis(from, rank: rank, for: "moving an axis"), target = try normalizedAxis(to, rank: rank, for: "moving an axis")
            var order = Array(0..<rank)
            order.insert(order.remove(at: source), at: target)
            return permuted(order)
        } catch { return standIn(error, like: self) }
    }

    /// A new axis of size 1 at this place of the result.
    public func expanded(axis: Int) -> Tensor {
        do {
            let place = try normalizedAxis(axis, rank: rank + 1, for: "expanding")
            var shape = self.shape
            shape.insert(1, at: place)
            return reshaped(to: shape)
        } catch { return standIn(error, like: self, rank: rank + 1) }
    }
    /// Without an axis of size 1, or without all of them.
    public func squeezed(axis: Int? = nil) -> Tensor {
        do {
            guard let axis else { return reshaped(to: shape.filter { $0 != 1 }) }
            let place = try normalizedAxis(axis, rank: rank, for: "squeezing")
            if shape[place] != 1 { throw ShapeError("squeezing: axis \(axis) of \(shape) has size \(shape[place]); only an axis of size 1 can go.") }
            var shape = self.shape
            shape.remove(at: place)
            return reshaped(to: shape)
        } catch { return standIn(error, like: self, rank: rank - 1) }
    }

    /// Stretched to a shape as NumPy does: aligned at the last axis, sizes of 1 repeated.
    public func broadcast(to shape: [Int]) -> Tensor {
        if shape == self.shape { return self }
        if shape.count < rank { return standIn("broadcast: \(self.shape) does not stretch to \(shape), which has fewer axes.", shape, dtype) }
        if Swift.type(of: node.primitive) == Fill.self, let fill = node.primitive as? Fill, zip(self.shape.reversed(), shape.reversed()).allSatisfy({ $0 == $1 || $0 == 1 }) {
            return Tensor(Node(Fill(shape, fill.scalar), nil, nil, TensorType(shape, dtype)))
        }
        return applySingle(Broadcast(shape, axes: Array((shape.count - rank)..<shape.count)), self)
    }

    /// Repeated `size` times along a new axis.
    package func repeating(_ size: Int, at axis: Int) -> Tensor {
        var shape = self.shape
        shape.insert(size, at: axis)
        return applySingle(Broadcast(shape, axes: shape.indices.filter { $0 != axis }), self)
    }

    /// The order along axes reversed.
    public func flipped(axes: Int...) -> Tensor {
        do { return applySingle(Flip(axes: try normalizedAxes(axes, rank: rank, for: "flip")), self) } catch { return standIn(error, like: self) }
    }

    /// A number around the elements: for each axis, how many before and how many after.
    public func padded(_ sizes: [(before: Int, after: Int)], with value: Double = 0) -> Tensor {
        applySingle(Pad(low: sizes.map(\.before), high: sizes.map(\.after), interior: sizes.map { _ in 0 }, value: value), self)
    }

    /// One after another along an axis that they have.
    public static func concatenate(_ tensors: [Tensor], axis: Int = 0) -> Tensor {
        guard let first = tensors.first else { return standIn("concatenate: no tensors. Give at least one.", [0]) }
        do {
            let dtype = tensors.dropFirst().reduce(first.dtype) { DType.promoted($0, $1.dtype) }
            return apply(Concatenate(axis: try normalizedAxis(axis, rank: first.rank, for: "concatenate")), tensors.map { $0.cast(to: dtype) })[0]
        } catch { return standIn(error, like: first) }
    }
    /// Side by side along a new axis.
    public static func stack(_ tensors: [Tensor], axis: Int = 0) -> Tensor { concatenate(tensors.map { $0.expanded(axis: axis) }, axis: axis) }

    /// Parts of the given sizes along an axis.
    public func split(sizes: [Int], axis: Int = 0) -> [Tensor] {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: "split")
            if sizes.reduce(0, +) != shape[axis] { throw ShapeError("split: sizes \(sizes) add up to \(sizes.reduce(0, +)); axis \(axis) has \(shape[axis]).") }
            var start = 0
            return sizes.map { size in
                defer { start += size }
                return slice(axis: axis, start..<(start + size))
            }
        } catch { return [Tensor](repeating: standIn(error, like: self), count: sizes.count) }
    }
    /// `parts` equal parts along an axis.
    public func split(into parts: Int, axis: Int = 0) -> [Tensor] {
        do {
            let place = try normalizedAxis(axis, rank: rank, for: "split")
            if parts < 1 || shape[place] % parts != 0 { throw ShapeError("split: axis \(axis) of size \(shape[place]) does not divide into \(parts) equal parts.") }
            return split(sizes: [Int](repeating: shape[place] / parts, count: parts), axis: place)
        } catch { return [Tensor](repeating: standIn(error, like: self), count: Swift.max(0, parts)) }
    }

    /// The lower triangle of the last two axes, zeros above. `diagonal`: how far above the main one it reaches.
    public func lowerTriangle(diagonal: Int = 0) -> Tensor { triangle { $0 .<= $1 + Double(diagonal) } }
    /// The upper triangle of the last two axes, zeros below.
    public func upperTriangle(diagonal: Int = 0) -> Tensor { triangle { $0 .>= $1 + Double(diagonal) } }
    private func triangle(_ keep: (Tensor, Tensor) -> Tensor) -> Tensor {
        if rank < 2 { return standIn("triangle: a tensor of shape \(shape) has no last two axes.", like: self) }
        let matrix = [shape[rank - 2], shape[rank - 1]]
        let columns = applySingle(Broadcast(matrix, axes: [1]), Tensor.arange(matrix[1])), rows = applySingle(Broadcast(matrix, axes: [0]), Tensor.arange(matrix[0]))
        return Tensor.where(keep(columns, rows), self, Tensor(0, like: self))
    }
}
