/// The shape and element type of a tensor, known before it has a value.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
    public var shape: [Int]
    public var dtype: DType

    public init(_ shape: [Int], _ dtype: DType) {
        self.shape = shape
        self.dtype = dtype
    }

    /// The number of elements: the product of the sizes.
    public var count: Int { shape.elementCount }
    /// Bytes of a dense tensor of this type.
    package var byteCount: Int { count * dtype.byteCount }
    public var description: String { "\(dtype)\(shape)" }
}

extension [Int] {
    /// The product of the sizes; 1 for a scalar.
    package var elementCount: Int {
        var product = 1
        for size in self { product *= size }
        return product
    }

    /// Strides, in elements, of a dense row-major tensor of this shape.
    package var denseStrides: [Int] {
        var strides = [Int](repeating: 1, count: count)
        var step = 1
        for axis in indices.reversed() {
            strides[axis] = step
            step *= self[axis]
        }
        return strides
    }
}

/// A mistake in the shapes or types given to an operation: a sentence with the operation, the shapes, and what would be right.
public struct ShapeError: Error, CustomStringConvertible, Sendable {
    public let description: String
    package init(_ description: String) { self.description = description }
}

/// The shape that two shapes broadcast to, as in NumPy: aligned at the last axis, a size of 1 stretches.
package func broadcastShape(_ a: [Int], _ b: [Int], for operation: String) throws(ShapeError) -> [Int] {
    if a == b { return a }
    let rank = Swift.max(a.count, b.count)
    var result = [Int](repeating: 1, count: rank)
    for axis in 0..<rank {
        let i = axis - (rank - a.count), j = axis - (rank - b.count)
        let x = i >= 0 ? a[i] : 1, y = j >= 0 ? b[j] : 1
        guard x == y || x == 1 || y == 1 else {
            throw ShapeError("\(operation): shapes \(a) and \(b) do not broadcast: axis \(axis - rank) is \(x) in the first and \(y) in the second. Sizes must be equal, or one of them 1.")
        }
        result[axis] = x == 1 ? y : x
    }
    return result
}

/// The axis counted from the front, for one that may count from the end.
package func normalizedAxis(_ axis: Int, rank: Int, for operation: String) throws(ShapeError) -> Int {
    let result = axis < 0 ? axis + rank : axis
    guard result >= 0, result < rank else {
        throw ShapeError("\(operation): axis \(axis) is outside a tensor of rank \(rank)\(rank > 0 ? ": use \(-rank) to \(rank - 1)" : ", which has no axes").")
    }
    return result
}

package func normalizedAxes(_ axes: [Int], rank: Int, for operation: String) throws(ShapeError) -> [Int] {
    var result: [Int] = []
    for axis in axes {
        let normalized = try normalizedAxis(axis, rank: rank, for: operation)
        if result.contains(normalized) { throw ShapeError("\(operation): axis \(axis) is named twice in \(axes).") }
        result.append(normalized)
    }
    return result
}
