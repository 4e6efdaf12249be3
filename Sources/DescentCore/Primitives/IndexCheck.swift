import CKernels

/// Integers as int64, each of them checked to be an index of an axis; one that is not stops the run with the sentence of its `IndexUse`.
///
/// An operation of its own, before whatever takes the indices: gathers are fused, merged, batched and differentiated into others, which only
/// know places in memory.
package struct IndexCheck: Primitive {
    package static let name = "index_check"
    let size: Int
    /// The number of the `IndexUse`.
    let use: Int

    package init(size: Int, use: Int) { (self.size, self.use) = (size, use) }

    package var detail: String { "axis of \(size)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard inputs[0].dtype.isInteger else {
            let use = IndexUse.numbered(use)
            throw ShapeError("\(use.operation): \(use.noun == "index" ? "indices" : use.noun + "s") are \(inputs[0].dtype); they must be integers.")
        }
        return [TensorType(inputs[0].shape, .int64)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { [Batched(applySingle(self, inputs[0].tensor), axis: inputs[0].axis)] }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        let lowest = IndexUse.numbered(use).lowest(size)
        return .instruction { emitter in
            let x = emitter.input(0)
            emitter.emit(
                dk_check_index,
                dk_check_index_arguments(
                    in: x.buffer, out: emitter.output(0), in_offset: x.offset, count: Int64(emitter.inputType(0).count), lowest: Int64(lowest),
                    limit: Int64(size), use: Int64(use), dtype: emitter.inputType(0).dtype.rawValue))
        }
    }
    package static var samples: [PrimitiveSample] {
        let use = IndexUse("sample", place: nil).number
        return [
            PrimitiveSample(IndexCheck(size: 3, use: use), [.exact([2, 0, 2, -1], [2, 2], .int64)]),
            PrimitiveSample(IndexCheck(size: 3, use: use), [.exact([2, -3, 0], [3], .int32)]),
            PrimitiveSample(IndexCheck(size: 300, use: use), [.exact([255, 0], [2], .uint8)]),
            PrimitiveSample(IndexCheck(size: 3, use: use), [.exact([], [0], .int64)]),
        ]
    }
}

extension Tensor {
    /// These integers as indices of an axis of the given size (int64), checked when they are computed.
    package func checked(as use: IndexUse, size: Int) -> Tensor { checked(use.number, size) }

    private func checked(_ use: Int, _ size: Int) -> Tensor { applySingle(IndexCheck(size: size, use: use), self) }

    /// The same for an operation that is called often: outside modules, the number of its use is known.
    func checked(as operation: IndexOperation, size: Int) -> Tensor {
        checked(Scope.modulePlace == nil ? operation.number : IndexUse(operation.name).number, size)
    }
}

/// An operation that takes indices as NumPy does, negative ones from the end.
struct IndexOperation {
    let name: String
    fileprivate let number: Int

    private init(_ name: String) { (self.name, number) = (name, IndexUse(name, place: nil).number) }

    static let gather = IndexOperation("gather"), scatterAdd = IndexOperation("scatter_add")
    static let subscripted = IndexOperation("subscript")
}
