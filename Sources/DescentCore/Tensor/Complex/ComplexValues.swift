extension ComplexTensor {
    /// The one number of a tensor that has only one.
    public func item() -> (real: Double, imaginary: Double) {
        guard count == 1 else {
            raise("item: a tensor of shape \(shape) has \(count) elements; item() is for one. Use real.doubles and imaginary.doubles, or a subscript.")
            return (.nan, .nan)
        }
        evaluate(real, imaginary)
        return (real.item(), imaginary.item())
    }
}

extension ComplexTensor: CustomStringConvertible {
    /// The elements in rows and columns, shortened in the middle when there are many, with shape and type.
    public var description: String {
        evaluate(real, imaginary)
        let tail = rank == 0 ? "  (\(dtype))" : "  (\(dtype)\(shape))"
        return TensorPrinter(complex: self).elements + tail
    }
}
