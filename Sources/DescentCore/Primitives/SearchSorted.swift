import CKernels

/// For each value, how many elements of a sorted row lie before it: those below it, or, from the right, not above it. NaN is above all numbers. The
/// rows [..., n] and the values [..., m] have the same leading axes. No derivative.
package struct SearchSorted: Primitive {
    package static let name = "search_sorted"
    let fromRight: Bool
    package init(fromRight: Bool) { self.fromRight = fromRight }
    package var detail: String { fromRight ? "from the right" : "" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard inputs[0].dtype == inputs[1].dtype, inputs[0].dtype.isNumeric else {
            throw ShapeError("search_sorted: element types \(inputs[0].dtype) and \(inputs[1].dtype); they must be equal, and numbers.")
        }
        guard !inputs[0].shape.isEmpty, inputs[0].shape.dropLast() == inputs[1].shape.dropLast(), !inputs[1].shape.isEmpty else {
            throw ShapeError("search_sorted: rows \(inputs[0].shape) and values \(inputs[1].shape): all axes but the last must be equal.")
        }
        return [TensorType(inputs[1].shape, .int64)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        [Batched(applySingle(self, inputs[0].front(size), inputs[1].front(size)), axis: 0)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let sorted = emitter.input(0), values = emitter.input(1), shape = emitter.inputType(0).shape
            emitter.emit(
                dk_search_sorted,
                dk_search_sorted_arguments(
                    sorted: sorted.buffer, values: values.buffer, out: emitter.output(0), sorted_offset: sorted.offset, values_offset: values.offset,
                    outer: Int64(Array(shape.dropLast()).elementCount), count: Int64(shape.last!), values_count: Int64(emitter.inputType(1).shape.last!),
                    dtype: emitter.inputType(0).dtype.rawValue, right: fromRight ? 1 : 0))
        }
    }
    package static var samples: [PrimitiveSample] {
        [false, true].flatMap { fromRight in
            [
                PrimitiveSample(SearchSorted(fromRight: fromRight), [.exact([1, 2, 2, 4], [4], .int32), .exact([2, 0, 5, 4, 2], [5], .int32)], smooth: false),
                PrimitiveSample(SearchSorted(fromRight: fromRight), [.floats([1, 1, 1, 1], [2, 2]), .floats([0, 1, 2, .nan], [2, 2])], smooth: false),
                PrimitiveSample(SearchSorted(fromRight: fromRight), [.exact([], [0], .int64), .exact([1], [1], .int64)], smooth: false),
            ]
        }
    }
}
