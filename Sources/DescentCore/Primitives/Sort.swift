import CKernels

/// The last axis in order, NaN last. All NaNs are alike, and zeros of either sign may come in either order.
///
/// Derivative: the tangent's elements go where the stable order (`argsort`) puts them. The values alone are sorted at a third of the memory
/// traffic that an order of places takes, so `sorted` asks for places only where it is differentiated.
package struct Sort: Primitive {
    package static let name = "sort"
    let descending: Bool
    package init(descending: Bool) { self.descending = descending }
    package var detail: String { descending ? "descending" : "" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        if inputs[0].shape.isEmpty { throw ShapeError("sort: a scalar has no axis to sort.") }
        return inputs
    }
    private func places(_ call: Call) -> Tensor { applySingle(ArgumentSort(descending: descending), call.inputs[0]) }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        [tangents[0].map { $0.gatheredAlong(checked: places(call), axis: $0.rank - 1) }]
    }
    package func forwardFlow(_ mask: Mask, from position: Int, _ call: Call) -> MaskFlow {
        .moves(mask.moved { $0.gatheredAlong(checked: places(call), axis: $0.rank - 1) })
    }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { [Batched(applySingle(self, inputs[0].front(size)), axis: 0)] }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let shape = emitter.inputType(0).shape
            let x = emitter.input(0), out = emitter.output(0)
            emitter.emit(
                dk_sort,
                dk_argsort_arguments(
                    in: x.buffer, out: out, in_offset: x.offset, out_offset: 0, outer: Int64(shape.dropLast().reduce(1, *)),
                    count: Int64(shape.last!), kept: Int64(shape.last!), dtype: emitter.inputType(0).dtype.rawValue, descending: descending ? 1 : 0))
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Sort(descending: false), [.numbers([2, 5], -2...2)]),
            PrimitiveSample(Sort(descending: true), [.floats([1, 3, -1, 0.5, 2], [5])]),
            PrimitiveSample(Sort(descending: false), [.numbers([3, 0], -2...2)]),
        ]
    }
}
