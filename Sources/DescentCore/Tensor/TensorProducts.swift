extension Tensor {
    /// The matrix product, as in NumPy: [..., m, k] · [..., k, n] gives [..., m, n]; leading axes broadcast; a vector on the left is
    /// a row, on the right a column, and that axis is dropped again.
    public func matmul(_ other: Tensor) -> Tensor {
        let dtype = DType.promoted(self.dtype, other.dtype)
        let a = cast(to: dtype == .bool ? .int32 : dtype), b = other.cast(to: dtype == .bool ? .int32 : dtype)
        if a.rank == 0 || b.rank == 0 { return standIn("matmul: \(a.shape) · \(b.shape): a scalar has no axis to multiply over; use *.", like: a.rank == 0 ? b : a) }
        let leftAxis = a.rank - 1, rightAxis = b.rank == 1 ? 0 : b.rank - 2
        guard a.shape[leftAxis] == b.shape[rightAxis] else {
            let sentence = "matmul: inner sizes differ: \(a.shape) · \(b.shape) (\(a.shape[leftAxis]) and \(b.shape[rightAxis]))."
            return standIn(sentence, a.shape.dropLast() + b.shape.suffix(b.rank > 1 ? 1 : 0), a.dtype)
        }
        // Without batch axes on the right, all leading axes of the left are rows of one product.
        if b.rank <= 2 {
            return applySingle(Product(ProductDimensions(leftContracted: [leftAxis], rightContracted: [rightAxis])), a, b)
        }
        let leftBatch = a.rank <= 2 ? [] : Array(a.shape[..<(a.rank - 2)]), rightBatch = Array(b.shape[..<(b.rank - 2)])
        do {
            let batch = try broadcastShape(leftBatch, rightBatch, for: "matmul")
            let left = a.rank == 1 ? a.broadcast(to: batch + a.shape) : a.broadcast(to: batch + a.shape.suffix(2))
            let right = b.broadcast(to: batch + b.shape.suffix(2))
            let axes = Array(0..<batch.count)
            return applySingle(
                Product(
                    ProductDimensions(
                        leftBatch: axes, rightBatch: axes, leftContracted: [left.rank - 1], rightContracted: [batch.count])), left, right)
        } catch { return standIn(error, like: a, rank: Swift.max(a.rank, b.rank)) }
    }

    /// The sum of products of two vectors.
    public func dot(_ other: Tensor) -> Tensor {
        guard rank == 1, other.rank == 1 else { return standIn("dot: \(shape) and \(other.shape); both must be vectors. See matmul.", []) }
        return matmul(other)
    }
    /// All products of two vectors: [m] and [n] give [m, n].
    public func outer(_ other: Tensor) -> Tensor {
        guard rank == 1, other.rank == 1 else { return standIn("outer: \(shape) and \(other.shape); both must be vectors.", [count, other.count]) }
        return expanded(axis: 1) * other.expanded(axis: 0)
    }
}

/// The matrix product; see `Tensor.matmul`.
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor { a.matmul(b) }

extension Tensor {
    /// `x · Wᵀ` over the last axes: [..., inputs] by a weight [outputs, inputs] gives [..., outputs], without transposing the weight.
    package func product(with weight: Tensor) -> Tensor {
        applySingle(Product(ProductDimensions(leftContracted: [rank - 1], rightContracted: [1])), self, weight)
    }
}
