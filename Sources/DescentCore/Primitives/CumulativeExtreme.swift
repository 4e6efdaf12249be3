import CKernels

/// Running maxima (or minima) along an axis; NaN, once met, stays. No derivative: the functions over it gather what it finds, and the gather has one.
package struct CumulativeExtreme: Primitive {
    package static let name = "cumulative_extreme"
    let axis: Int
    let smallest: Bool
    package init(axis: Int, smallest: Bool) { (self.axis, self.smallest) = (axis, smallest) }
    package var detail: String { "\(smallest ? "smallest, " : "")axis \(axis)" }
    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        _ = try normalizedAxis(axis, rank: inputs[0].shape.count, for: smallest ? "cumulativeMin" : "cumulativeMax")
        return [inputs[0]]
    }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        let batch = inputs[0].axis!
        return [Batched(applySingle(CumulativeExtreme(axis: axis >= batch ? axis + 1 : axis, smallest: smallest), inputs[0].tensor), axis: batch)]
    }
    package func kernel(_ inputs: [TensorType]) -> Kernel {
        .instruction { emitter in
            let shape = emitter.inputType(0).shape, x = emitter.input(0)
            emitter.emit(
                dk_cumulative,
                dk_cumulative_arguments(
                    in: x.buffer, out: emitter.output(0), in_offset: x.offset, out_offset: 0, outer: Int64(Array(shape[..<axis]).elementCount),
                    count: Int64(shape[axis]), inner: Int64(Array(shape[(axis + 1)...]).elementCount),
                    reduction: UInt8(smallest ? DK_MIN.rawValue : DK_MAX.rawValue), dtype: emitter.inputType(0).dtype.rawValue, reverse: 0))
        }
    }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(CumulativeExtreme(axis: 1, smallest: false), [.floats([1, 3, 2, 0, .nan, 5], [2, 3])], smooth: false),
            PrimitiveSample(CumulativeExtreme(axis: 0, smallest: true), [.exact([3, 2, 2, 4], [4], .int64)], smooth: false),
            PrimitiveSample(CumulativeExtreme(axis: 0, smallest: true), [.floats([], [0, 2])], smooth: false),
        ]
    }
}
