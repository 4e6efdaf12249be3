import Descent

/// Sorting, moving, multiplying and factorising: the rest of the table.
extension Operation {
    static let movements: [String: Operation] = [
        "sort_vector": Operation([1_000_000]) { $0.sorted() },
        "sort_rows": Operation([1024, 1024]) { $0.sorted(axis: 1) },
        "argsort_rows": Operation([1024, 1024]) { $0.argsort(axis: 1) },
        "top_10": Operation({ [$0.normal([1024, 10000])] }) {
            let (values, places) = $0[0].topK(10)
            return [values, places]
        },
        "median_rows": Operation([1024, 1025]) { $0.sorted(axis: 1)[.all, 512] },
        "transpose": Operation(square) { $0.transposed() },
        "transpose_add": Operation(square, square) { $0.transposed() + $1 },
        "permute": Operation([64, 8, 256, 64]) { $0.transposed(0, 2, 1, 3) },
        "strided_slice": Operation(square) { $0[TensorIndex.every(2), TensorIndex.every(2)] + 1 },
        "concatenate": Operation([4096, 1024], [4096, 1024]) { Tensor.concatenate([$0, $1], axis: 1) },
        "pad": Operation([64, 3, 224, 224]) { $0.padded([(0, 0), (0, 0), (3, 3), (3, 3)]) },
        "flip": Operation(square) { $0.flipped(axes: 1) },
        "gather_rows": Operation({ [$0.normal([50000, 128]), $0.labels(50000, 100_000).cast(to: .int32)] }) { [$0[0].gathered($0[1])] },
        "gather_columns": Operation({ [$0.normal(square), $0.labels(4096, 4096).cast(to: .int32)] }) { [$0[0].gathered($0[1], axis: 1)] },
        "scatter_add_rows": Operation({ [$0.normal([100_000, 128]), $0.labels(50000, 100_000).cast(to: .int32)] }) {
            [$0[0].scatterAdded(at: $0[1], size: 50000)]
        },
        "one_hot": Operation({ [$0.labels(1000, 16384).cast(to: .int32)] }) { [$0[0].oneHot(1000)] },
    ]

    static let products: [String: Operation] = [
        "matmul_1024": product([1024, 1024], [1024, 1024]),
        "matmul_3_inside": product([1000, 3], [3, 1000]),
        "matmul_tall": product([100_000, 32], [32, 32]),
        "matmul_wide_inside": product([64, 100_000], [100_000, 64]),
        "matrix_vector": product([4096, 4096], [4096]),
        "vector_matrix": product([1, 4096], [4096, 4096]),
        "matmul_odd": product([513, 257], [257, 129]),
        "matmul_batched": product([64, 128, 64], [64, 64, 128]),
        "matmul_small_batched": product([10000, 4, 4], [10000, 4, 4]),
        "matmul_16_batched": product([2000, 16, 16], [2000, 16, 16]),
        "matmul_float64": Operation({ [$0.normal([512, 512]).cast(to: .float64), $0.normal([512, 512]).cast(to: .float64)] }) { [$0[0].matmul($0[1])] },
        "matmul_transposed": Operation([1024, 512], [1024, 512]) { $0.matmul($1.transposed()) },
        "einsum_attention": Operation([8, 8, 256, 64], [8, 8, 256, 64]) { Tensor.einsum("bhqd,bhkd->bhqk", $0, $1) },
    ]

    private static func product(_ left: [Int], _ right: [Int]) -> Operation { Operation(left, right) { $0.matmul($1) } }

    static let factorizations: [String: Operation] = [
        "cholesky_512": Operation({ [$0.positiveDefinite([512, 512])] }) { [$0[0].cholesky()] },
        "cholesky_batched": Operation({ [$0.positiveDefinite([2000, 16, 16])] }) { [$0[0].cholesky()] },
        "solve_512": Operation({ [$0.positiveDefinite([512, 512]), $0.normal([512, 64])] }) { [$0[0].solve($0[1])] },
        "solve_batched": Operation({ [$0.positiveDefinite([2000, 16, 16]), $0.normal([2000, 16, 1])] }) { [$0[0].solve($0[1])] },
        "inverse_512": Operation({ [$0.positiveDefinite([512, 512])] }) { [$0[0].inverse()] },
        "svd_256": Operation({ [$0.normal([256, 256])] }) {
            let (u, values, v) = $0[0].svd()
            return [u, values, v]
        },
        "svd_tall": Operation({ [$0.normal([10000, 50])] }) {
            let (u, values, v) = $0[0].svd()
            return [u, values, v]
        },
        "symmetric_eigen_256": Operation({ [$0.positiveDefinite([256, 256])] }) {
            let (values, vectors) = $0[0].symmetricEigen()
            return [values, vectors]
        },
        "qr_512": Operation({ [$0.normal([512, 256])] }) {
            let (q, r) = $0[0].qr()
            return [q, r]
        },
    ]
}

extension Generator {
    /// `a aᵀ / n + 1` of a matrix of standard normal numbers, or of each of a batch.
    fileprivate func positiveDefinite(_ shape: [Int]) -> Tensor {
        let a = normal(shape), size = shape[shape.count - 1]
        let result = a.matmul(a.swappingAxes(-1, -2)) / Double(size) + Tensor.eye(size)
        evaluate(result)
        return result
    }
}
