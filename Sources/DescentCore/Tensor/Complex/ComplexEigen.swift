extension ComplexTensor {
    /// Eigenvalues [..., n] and right eigenvectors, as columns [..., n, n], of general matrices: `self · vectors = vectors · diag(values)`.
    ///
    /// By real parts and then imaginary ones, ascending. Each vector has length 1, and its largest element is real and positive. Eigenvalues that
    /// differ from all others have derivatives, as their vectors have; those of equal ones are NaN. A matrix without n independent vectors, such as
    /// a Jordan block, gives vectors that are nearly the same.
    public func eigen() -> (values: ComplexTensor, vectors: ComplexTensor) {
        let parts = apply(GeneralEigen(), [real, imaginary])
        return (ComplexTensor(parts: parts[0], parts[1]), ComplexTensor(parts: parts[2], parts[3]))
    }
    /// The eigenvalues alone, in the same order.
    public func eigenvalues() -> ComplexTensor { eigen().values }
}

extension Tensor {
    /// Eigenvalues [..., n] and right eigenvectors, as columns [..., n, n], of general real matrices, which may be complex: then in exact pairs of conjugates.
    /// See `ComplexTensor.eigen()`, and `symmetricEigen()` for symmetric matrices.
    public func eigen() -> (values: ComplexTensor, vectors: ComplexTensor) {
        if rank < 2 { return ComplexTensor(asMatrix("eigen")).eigen() }
        return ComplexTensor(self).eigen()
    }
    /// The eigenvalues alone, in the same order.
    public func eigenvalues() -> ComplexTensor { eigen().values }
}
