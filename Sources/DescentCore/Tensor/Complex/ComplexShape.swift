extension ComplexTensor {
    /// The same elements, row by row, in another shape. One size may be -1: it is worked out.
    public func reshaped(to shape: [Int]) -> ComplexTensor { map { $0.reshaped(to: shape) } }
    public func reshaped(_ shape: Int...) -> ComplexTensor { reshaped(to: shape) }
    /// All elements in one axis; with `fromAxis`, only the axes from that one on.
    public func flattened(fromAxis axis: Int = 0) -> ComplexTensor { map { $0.flattened(fromAxis: axis) } }
    /// Axes in another order: axis i of the result is axis `order[i]` of this. Without an order: reversed.
    public func transposed(_ order: Int...) -> ComplexTensor {
        let places = order.isEmpty ? Array((0..<rank).reversed()) : order.map { $0 < 0 ? $0 + rank : $0 }
        return map { $0.permuted(places) }
    }
    /// The conjugate transpose of the last two axes.
    public var adjoint: ComplexTensor { conjugate.swappingAxes(-1, -2) }
    /// Two axes exchanged.
    public func swappingAxes(_ a: Int, _ b: Int) -> ComplexTensor { map { $0.swappingAxes(a, b) } }
    /// One axis moved to another place, the others keeping their order.
    public func movingAxis(_ from: Int, to: Int) -> ComplexTensor { map { $0.movingAxis(from, to: to) } }
    /// A new axis of size 1 at this place of the result.
    public func expanded(axis: Int) -> ComplexTensor { map { $0.expanded(axis: axis) } }
    /// Without an axis of size 1, or without all of them.
    public func squeezed(axis: Int? = nil) -> ComplexTensor { map { $0.squeezed(axis: axis) } }
    /// Stretched to a shape as NumPy does: aligned at the last axis, sizes of 1 repeated.
    public func broadcast(to shape: [Int]) -> ComplexTensor { map { $0.broadcast(to: shape) } }
    /// Zeros around the elements: for each axis, how many before and how many after.
    public func padded(_ sizes: [(before: Int, after: Int)]) -> ComplexTensor { map { $0.padded(sizes) } }
    /// The lower triangle of the last two axes, zeros above. `diagonal`: how far above the main one it reaches.
    public func lowerTriangle(diagonal: Int = 0) -> ComplexTensor { map { $0.lowerTriangle(diagonal: diagonal) } }
    /// The upper triangle of the last two axes, zeros below.
    public func upperTriangle(diagonal: Int = 0) -> ComplexTensor { map { $0.upperTriangle(diagonal: diagonal) } }
    /// The diagonal of the last two axes.
    public func diagonal() -> ComplexTensor { map { $0.diagonal() } }

    /// Members of an axis by number (integers, negative from the end), in the shape of `numbers`.
    public func gathered(_ numbers: Tensor, axis: Int = 0) -> ComplexTensor { map { $0.gathered(numbers, axis: axis) } }
    /// `out[i, j] = self[i, numbers[i, j]]` along an axis.
    public func gatheredAlong(_ numbers: Tensor, axis: Int = -1) -> ComplexTensor { map { $0.gatheredAlong(numbers, axis: axis) } }
    /// Zeros with these members added at places of an axis of the given size; places may repeat.
    public func scatterAdded(at numbers: Tensor, axis: Int = 0, size: Int) -> ComplexTensor {
        map { $0.scatterAdded(at: numbers, axis: axis, size: size) }
    }

    /// Members, ranges and new axes, as for a `Tensor`.
    public subscript<each Index: TensorIndexConvertible>(_ entries: repeat each Index) -> ComplexTensor {
        var list: [TensorIndex] = []
        for entry in repeat each entries { list.append(entry.tensorIndex) }
        return map { $0.part(list) }
    }

    /// One after another along an axis that they have.
    public static func concatenate(_ tensors: [ComplexTensor], axis: Int = 0) -> ComplexTensor {
        ComplexTensor(parts: Tensor.concatenate(tensors.map(\.real), axis: axis), Tensor.concatenate(tensors.map(\.imaginary), axis: axis))
    }
    /// Side by side along a new axis.
    public static func stack(_ tensors: [ComplexTensor], axis: Int = 0) -> ComplexTensor {
        ComplexTensor(parts: Tensor.stack(tensors.map(\.real), axis: axis), Tensor.stack(tensors.map(\.imaginary), axis: axis))
    }
    /// Parts of the given sizes along an axis.
    public func split(sizes: [Int], axis: Int = 0) -> [ComplexTensor] {
        zip(real.split(sizes: sizes, axis: axis), imaginary.split(sizes: sizes, axis: axis)).map { ComplexTensor(parts: $0, $1) }
    }
    /// `condition ? a : b`, element by element, shapes broadcast together.
    public static func `where`(_ condition: Tensor, _ a: ComplexTensor, _ b: ComplexTensor) -> ComplexTensor {
        ComplexTensor(parts: Tensor.where(condition, a.real, b.real), Tensor.where(condition, a.imaginary, b.imaginary))
    }
}
