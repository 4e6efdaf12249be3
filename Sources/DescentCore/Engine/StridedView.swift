/// A window on dense memory: where it starts, its shape, and how far apart neighbours are along each axis, in elements.
package struct StridedView: Hashable, Sendable {
    package var offset: Int
    package var shape: [Int]
    package var strides: [Int]

    package init(offset: Int = 0, shape: [Int], strides: [Int]) {
        (self.offset, self.shape, self.strides) = (offset, shape, strides)
    }

    /// All of a dense tensor.
    package init(dense shape: [Int]) { self.init(shape: shape, strides: shape.denseStrides) }

    package var count: Int { shape.elementCount }

    /// Fewest axes that visit the same elements in the same order: axes of size 1 dropped, neighbours joined.
    package var collapsed: StridedView {
        var result = StridedView(offset: offset, shape: [], strides: [])
        for (size, stride) in zip(shape, strides) where size != 1 {
            if let last = result.strides.last, last == stride * size {
                result.shape[result.shape.count - 1] *= size
                result.strides[result.strides.count - 1] = stride
            } else {
                result.shape.append(size)
                result.strides.append(stride)
            }
        }
        return result
    }

    /// Whether it visits consecutive elements in order.
    package var isDense: Bool {
        if count <= 1 { return true }
        var step = 1
        for axis in shape.indices.reversed() where shape[axis] != 1 {
            if strides[axis] != step { return false }
            step *= shape[axis]
        }
        return true
    }

    /// Whether it visits one element again and again.
    package var isScalar: Bool { zip(shape, strides).allSatisfy { $0 == 1 || $1 == 0 } }

    /// The same elements in the same order in another shape, if strides can say so.
    package func reshaped(to target: [Int]) -> StridedView? {
        if target.elementCount == 0 { return StridedView(offset: offset, shape: target, strides: target.denseStrides) }
        let joined = collapsed
        var strides = [Int](repeating: 0, count: target.count)
        // Each joined axis must be cut into whole target axes, from the last one on.
        var axis = joined.shape.count - 1
        var left = axis >= 0 ? joined.shape[axis] : 1
        var stride = axis >= 0 ? joined.strides[axis] : 0
        for position in target.indices.reversed() {
            let size = target[position]
            if size == 1 { continue }
            while left == 1 {
                axis -= 1
                guard axis >= 0 else { return nil }
                left = joined.shape[axis]
                stride = joined.strides[axis]
            }
            guard left % size == 0 else { return nil }
            strides[position] = stride
            stride *= size
            left /= size
        }
        return StridedView(offset: offset, shape: target, strides: strides)
    }

    /// The view as `rows` times `columns`, each with one stride; nil if it is not that regular.
    package func matrix(rows: Int, columns: Int) -> (rowStride: Int, columnStride: Int)? {
        guard let view = reshaped(to: [rows, columns]) else { return nil }
        return (rows == 1 ? 0 : view.strides[0], columns == 1 ? 1 : view.strides[1])
    }

    /// One element for each row of `columns`, if all elements of a row are the same.
    package func rows(of columns: Int) -> StridedView? {
        let view = collapsed
        guard let size = view.shape.last, view.strides.last == 0, size % columns == 0 else { return nil }
        return StridedView(offset: view.offset, shape: view.shape.dropLast() + [size / columns], strides: view.strides).collapsed
    }

    /// Several axes as one, in the given order: its size and stride; nil if one stride can't say it.
    package func joined(_ axes: [Int]) -> (size: Int, stride: Int)? {
        let part = StridedView(shape: axes.map { shape[$0] }, strides: axes.map { strides[$0] }).collapsed
        switch part.shape.count {
        case 0: return (1, 0)
        case 1: return (part.shape[0], part.strides[0])
        default: return nil
        }
    }
}
