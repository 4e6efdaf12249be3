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
        .sorting(dk_sort, descending: descending)
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Sort(descending: false), [.numbers([2, 5], -2...2)]),
            PrimitiveSample(Sort(descending: true), [.floats([1, 3, -1, 0.5, 2], [5])]),
            PrimitiveSample(Sort(descending: false), [.numbers([3, 0], -2...2)]),
        ]
    }
}

/// The order that sorts the last axis, or its first places: stable, NaN last. No derivative.
package struct ArgumentSort: Primitive {
    package static let name = "argsort"
    let descending: Bool
    /// How many places are given; all if `nil`.
    let kept: Int?
    package init(descending: Bool, kept: Int? = nil) { (self.descending, self.kept) = (descending, kept) }
    package var detail: String { [descending ? "descending" : "", kept.map { "first \($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: ", ") }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        guard let count = inputs[0].shape.last else { throw ShapeError("argsort: a scalar has no axis to sort.") }
        if let kept, !(0...count).contains(kept) { throw ShapeError("argsort: the first \(kept) of an axis of \(count).") }
        return [TensorType(inputs[0].shape.dropLast() + [kept ?? count], .int64)]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] { [Batched(applySingle(self, inputs[0].front(size)), axis: 0)] }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .sorting(dk_argsort, descending: descending, kept: kept)
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(ArgumentSort(descending: false), [.numbers([2, 5], -2...2)], smooth: false),
            PrimitiveSample(ArgumentSort(descending: true), [.floats([1, 3, 1, .nan, 2], [5])], smooth: false),
            PrimitiveSample(ArgumentSort(descending: true, kept: 2), [.numbers([3, 5], -2...2)], smooth: false),
        ]
    }
}

extension Kernel {
    /// Sorts each row of the last axis. `kept`: how many of a row's results are given; all if `nil`.
    fileprivate static func sorting(_ run: @escaping dk_kernel, descending: Bool, kept: Int? = nil) -> Kernel {
        .instruction { emitter in
            let shape = emitter.inputType(0).shape, x = emitter.input(0)
            emitter.emit(
                run,
                dk_argsort_arguments(
                    in: x.buffer, out: emitter.output(0), in_offset: x.offset, out_offset: 0, outer: Int64(shape.dropLast().reduce(1, *)),
                    count: Int64(shape.last!), kept: Int64(kept ?? shape.last!), dtype: emitter.inputType(0).dtype.rawValue, descending: descending ? 1 : 0))
        }
    }
}
