/// One entry in a tensor's subscript.
public enum TensorIndex: Sendable {
    /// One member of an axis, which is dropped. Negative counts from the end.
    case at(Int)
    /// A part of an axis, `from ..< to` in steps; nil is the end (or, for a negative step, the front). Negative counts from the end.
    case range(from: Int?, to: Int?, step: Int)
    /// Members of an axis by number, in the shape of the tensor of int64.
    case members(Tensor)
    /// The whole axis.
    case whole
    /// All axes not named by the other entries.
    case others
    /// A new axis of size 1.
    case inserted
}

/// An index in a tensor's subscript: a number, a range, a tensor of int64, or a `TensorIndex`.
public protocol TensorIndexConvertible {
    var tensorIndex: TensorIndex { get }
}

extension TensorIndex: TensorIndexConvertible { public var tensorIndex: TensorIndex { self } }
extension Int: TensorIndexConvertible { public var tensorIndex: TensorIndex { .at(self) } }
extension Range: TensorIndexConvertible where Bound == Int { public var tensorIndex: TensorIndex { .range(from: lowerBound, to: upperBound, step: 1) } }
extension ClosedRange: TensorIndexConvertible where Bound == Int {
    public var tensorIndex: TensorIndex { .range(from: lowerBound, to: upperBound == -1 ? nil : upperBound + 1, step: 1) }
}
extension PartialRangeFrom: TensorIndexConvertible where Bound == Int { public var tensorIndex: TensorIndex { .range(from: lowerBound, to: nil, step: 1) } }
extension PartialRangeUpTo: TensorIndexConvertible where Bound == Int { public var tensorIndex: TensorIndex { .range(from: nil, to: upperBound, step: 1) } }
extension PartialRangeThrough: TensorIndexConvertible where Bound == Int {
    public var tensorIndex: TensorIndex { .range(from: nil, to: upperBound == -1 ? nil : upperBound + 1, step: 1) }
}
extension Tensor: TensorIndexConvertible { public var tensorIndex: TensorIndex { .members(self) } }

extension TensorIndexConvertible where Self == TensorIndex {
    /// Every `step`-th of an axis, `from ..< to`; a negative step goes backwards.
    public static func every(_ step: Int, from: Int? = nil, to: Int? = nil) -> TensorIndex { .range(from: from, to: to, step: step) }
    /// The whole axis.
    public static var all: TensorIndex { .whole }
    /// All axes not named by the other entries.
    public static var rest: TensorIndex { .others }
    /// A new axis of size 1.
    public static var newAxis: TensorIndex { .inserted }
}

extension Tensor {
    /// Parts of a tensor, as in NumPy: numbers (negative from the end), ranges, `.every(2)`, `.all`, `.rest`, `.newAxis`, and tensors of
    /// int64 (gather). Entries go with the axes from the first; axes not named are whole. A range is cut to the axis.
    ///
    ///     x[0]  x[-1]  x[1..<3, 2...]  x[.rest, 0]  x[.every(-1)]  x[rows]
    public subscript<each Index: TensorIndexConvertible>(_ entries: repeat each Index) -> Tensor {
        var list: [TensorIndex] = []
        for entry in repeat each entries { list.append(entry.tensorIndex) }
        return part(list)
    }

    /// The same for entries in a list.
    package func part(_ entries: [TensorIndex]) -> Tensor {
        var list = entries
        let named = list.reduce(0) { count, entry in
            switch entry {
            case .others, .inserted: count
            default: count + 1
            }
        }
        if named > rank { return standIn("subscript: \(named) entries for a tensor of rank \(rank), shape \(shape).", []) }
        let whole = [TensorIndex](repeating: .whole, count: rank - named)
        if let open = list.firstIndex(where: { if case .others = $0 { true } else { false } }) {
            list.replaceSubrange(open...open, with: whole)
        } else {
            list += whole
        }

        var result = self
        // The axis of the result so far that an entry is about, and the axis of this tensor.
        var axis = 0, source = 0
        for entry in list {
            switch entry {
            case .whole: axis += 1
            case .others: return standIn("subscript: .rest can stand only once.", like: result)
            case .inserted:
                result = result.expanded(axis: axis)
                axis += 1
                source -= 1
            case .at(let number):
                let size = result.shape[axis]
                let place = number < 0 ? number + size : number
                guard place >= 0, place < size else {
                    let sentence = "subscript: \(number) is outside axis \(source) of \(shape), which has \(size) members."
                    result = standIn(sentence, Array(result.shape[..<axis] + result.shape[(axis + 1)...]), dtype)
                    break
                }
                result = result.slice(axis: axis, place..<(place + 1)).squeezed(axis: axis)
            case .range(let from, let to, let step):
                result = result.slice(axis: axis, from: from, to: to, step: step)
                axis += 1
            case .members(let numbers):
                result = result.gathered(numbers, axis: axis, as: .subscripted)
                axis += numbers.rank
            }
            source += 1
        }
        return result
    }

    /// A range of one axis.
    package func slice(axis: Int, _ range: Range<Int>) -> Tensor {
        if range == 0..<shape[axis] { return self }
        var starts = [Int](repeating: 0, count: rank), counts = shape
        starts[axis] = range.lowerBound
        counts[axis] = range.count
        return applySingle(Slice(starts: starts, counts: counts, steps: [Int](repeating: 1, count: rank)), self)
    }

    private func slice(axis: Int, from: Int?, to: Int?, step: Int) -> Tensor {
        let size = shape[axis]
        if step == 0 { return standIn("subscript: a step of 0 gets nowhere.", like: self) }
        if step < 0 {
            // Backwards: the same places, counted on the flipped axis.
            func mirrored(_ place: Int?) -> Int? { place.map { size - 1 - ($0 < 0 ? $0 + size : $0) } }
            let flipped = applySingle(Flip(axes: [axis]), self)
            return flipped.slice(axis: axis, front: Swift.max(0, mirrored(from) ?? 0), back: Swift.min(size, mirrored(to) ?? size), step: -step)
        }
        func place(_ number: Int?, _ otherwise: Int) -> Int { Swift.min(Swift.max(number.map { $0 < 0 ? $0 + size : $0 } ?? otherwise, 0), size) }
        return slice(axis: axis, front: place(from, 0), back: place(to, size), step: step)
    }

    private func slice(axis: Int, front: Int, back: Int, step: Int) -> Tensor {
        let members = front < back ? (back - front + step - 1) / step : 0
        if members == shape[axis], step == 1 { return self }
        var starts = [Int](repeating: 0, count: rank), counts = shape, steps = [Int](repeating: 1, count: rank)
        (starts[axis], counts[axis], steps[axis]) = (members == 0 ? 0 : front, members, step)
        return applySingle(Slice(starts: starts, counts: counts, steps: steps), self)
    }

    /// Members of an axis by number (integers, negative from the end), in the shape of `numbers`. A number outside the axis stops the
    /// program when it runs.
    public func gathered(_ numbers: Tensor, axis: Int = 0) -> Tensor { gathered(numbers, axis: axis, as: .gather) }

    private func gathered(_ numbers: Tensor, axis: Int, as operation: IndexOperation) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: operation.name)
            return gathered(checked: numbers.checked(as: operation, size: shape[axis]), axis: axis)
        } catch { return standIn(error, like: self, rank: rank - 1 + numbers.rank) }
    }

    /// The same for numbers that have been checked against the axis, or that can't be wrong.
    package func gathered(checked numbers: Tensor, axis: Int = 0) -> Tensor { applySingle(Gather(axis: axis), self, numbers) }

    /// `out[i, j] = self[i, numbers[i, j]]` along an axis: `numbers` (integers, negative from the end) has this tensor's shape but for that
    /// axis. A number outside the axis stops the program when it runs.
    public func gatheredAlong(_ numbers: Tensor, axis: Int = -1) -> Tensor {
        do {
            // Not checked ahead, so that it stays part of a fused group: nothing changes what its numbers mean, and a plan knows its name.
            return gatheredAlong(checked: numbers.cast(to: .int64), axis: try normalizedAxis(axis, rank: rank, for: GatherAlong.name))
        } catch { return standIn("\(error)", numbers.shape, dtype) }
    }

    /// The same for numbers that have been checked against the axis, or that can't be wrong.
    package func gatheredAlong(checked numbers: Tensor, axis: Int) -> Tensor { applySingle(GatherAlong(axis: axis), self, numbers) }

    /// Each part of this tensor added at its number along an axis of `size` zeros: the transpose of `gathered`.
    public func scatterAdded(at numbers: Tensor, axis: Int = 0, size: Int) -> Tensor {
        do {
            let axis = try normalizedAxis(axis, rank: rank, for: IndexOperation.scatterAdd.name)
            return applySingle(ScatterAdd(axis: axis, size: size), self, numbers.checked(as: .scatterAdd, size: size))
        } catch { return standIn(error, like: self) }
    }

    /// The places that would sort the last axis (or another): stable, NaN last.
    public func argsort(axis: Int = -1, descending: Bool = false) -> Tensor {
        do {
            let place = try normalizedAxis(axis, rank: rank, for: "argsort")
            return applySingle(ArgumentSort(descending: descending), movingAxis(place, to: -1)).movingAxis(-1, to: place)
        } catch { return standIn("\(error)", shape, .int64) }
    }
    /// Sorted along an axis. The derivative follows the elements to their new places.
    public func sorted(axis: Int = -1, descending: Bool = false) -> Tensor {
        do {
            let place = try normalizedAxis(axis, rank: rank, for: "sorted")
            return applySingle(Sort(descending: descending), movingAxis(place, to: -1)).movingAxis(-1, to: place)
        } catch { return standIn(error, like: self) }
    }
    /// The `count` largest of the last axis, in falling order, and their places.
    public func topK(_ count: Int) -> (values: Tensor, places: Tensor) {
        if rank == 0 || count > shape[rank - 1] || count < 0 {
            let shape = shape.dropLast() + [count]
            return (standIn("topK: \(count) of the last axis of \(self.shape).", Array(shape), dtype), .zeros(shape.map { Swift.max(0, $0) }, dtype: .int64))
        }
        let places = applySingle(ArgumentSort(descending: true, kept: count), self)
        return (gatheredAlong(checked: places, axis: rank - 1), places)
    }
}
