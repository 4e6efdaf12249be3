/// Products of rows taken from a small table, as an embedding's: many rows of a product are equal then, because many of the rows that go into
/// it are. With S the matrix that takes rows by number (a one in each of its rows):
///
/// - `(S T) W = S (T W)`: the table's rows are multiplied, and rows of the result are taken;
/// - `Sᵀ (G W) = (Sᵀ G) W`: a gradient's rows are added by number first, and the sums multiplied;
/// - `Gᵀ (S T) = (Sᵀ G)ᵀ T`: the same for the gradient of the weight.
///
/// A network that reads characters spends up to a third of its products so. The other rules here bring such products together: rows of rows,
/// parts of rows, and sums by number of joined and padded parts.
///
/// Rows of the table that no number names take no part: where they are, sums by number are zeros, and a zero times what isn't finite would not
/// be. So those rows are masked.
extension Simplification {
    /// Whether a table has so few rows that the rules are worth it: at most half as many as there are numbers.
    private func isSmall(_ rows: Int, _ numbers: [Int]) -> Bool { 2 * rows <= numbers.elementCount }
    /// A row must be long enough to be dearer to multiply than to copy.
    private static let shortestRow = 16

    private struct GatheredRows {
        let table: Int
        let numbers: Int
        /// How many axes the numbers have: the first ones of the result.
        let rank: Int
        let shape: [Int]
    }

    private func shape(_ value: Int) -> [Int] { result.types[value].shape }

    private func gatheredRows(_ value: Int) -> GatheredRows? {
        guard let taken = operation(value), let gather = taken.primitive as? Gather, gather.axis == 0, result.types[taken.inputs[0]].dtype.isFloating else { return nil }
        let numbers = shape(taken.inputs[1])
        return GatheredRows(table: taken.inputs[0], numbers: taken.inputs[1], rank: numbers.count, shape: numbers)
    }

    /// Rows of a table by the numbers of rows of it.
    mutating func takenAgain(_ gather: Gather, _ inputs: [Int]) -> Int? {
        guard let rows = gatheredRows(inputs[0]), gather.axis < rows.rank else { return nil }
        return add(Gather(axis: 0), [rows.table, add(gather, [rows.numbers, inputs[1]])[0]])[0]
    }

    /// Part of the rows that were taken, if there are still many.
    mutating func partTaken(_ slice: Slice, _ input: Int) -> Int? {
        guard let rows = gatheredRows(input) else { return nil }
        let whole = shape(input)
        guard (rows.rank..<whole.count).allSatisfy({ slice.starts[$0] == 0 && slice.counts[$0] == whole[$0] && slice.steps[$0] == 1 }),
            isSmall(shape(rows.table)[0], Array(slice.counts[..<rows.rank]))
        else { return nil }
        let part = Slice(starts: Array(slice.starts[..<rows.rank]), counts: Array(slice.counts[..<rows.rank]), steps: Array(slice.steps[..<rows.rank]))
        return add(Gather(axis: 0), [rows.table, add(part, [rows.numbers])[0]])[0]
    }

    /// Something added to each row that was taken is added to the table's.
    mutating func addedToTaken(_ value: Int, _ other: Int) -> Int? {
        guard let rows = gatheredRows(value), let repeated = operation(other), let broadcast = repeated.primitive as? Broadcast,
            broadcast.axes.allSatisfy({ $0 >= rows.rank }), isSmall(shape(rows.table)[0], rows.shape)
        else { return nil }
        let wide = add(Broadcast(shape(rows.table), axes: broadcast.axes.map { $0 - rows.rank + 1 }), repeated.inputs)[0]
        return add(Gather(axis: 0), [add(Add(), [rows.table, wide])[0], rows.numbers])[0]
    }

    /// A product whose one side is rows that were taken: of the table, and rows of that; or, where it sums over the rows, of sums by number.
    mutating func productOfGathered(_ product: Product, _ inputs: [Int]) -> Int? {
        let d = product.dimensions
        guard d.leftBatch.isEmpty else { return nil }
        for side in 0...1 {
            guard let rows = gatheredRows(inputs[side]), isSmall(shape(rows.table)[0], rows.shape) else { continue }
            let own = side == 0 ? d.leftContracted : d.rightContracted, others = side == 0 ? d.rightContracted : d.leftContracted
            let other = inputs[1 - side]
            if own.allSatisfy({ $0 >= rows.rank }), own.map({ shape(inputs[side])[$0] }).elementCount >= Self.shortestRow {
                let inner = own.map { $0 - rows.rank + 1 }
                let table = add(paired(inner, others, side), side == 0 ? [rows.table, other] : [other, rows.table])[0]
                return add(Gather(axis: side == 0 ? 0 : shape(other).count - others.count), [table, rows.numbers])[0]
            }
            if rows.rank > 0, own.sorted() == Array(0..<rows.rank), let sums = sumsByNumber(other, own.indices.map { others[own.firstIndex(of: $0)!] }, rows, longerThan: inputs[side]) {
                let table = masked(rows.table, rows.numbers, rows: shape(rows.table)[0])
                return add(paired([0], [sums.axis], side), side == 0 ? [table, sums.value] : [sums.value, table])[0]
            }
        }
        return nil
    }

    private func paired(_ own: [Int], _ others: [Int], _ side: Int) -> Product {
        Product(side == 0 ? ProductDimensions(leftContracted: own, rightContracted: others) : ProductDimensions(leftContracted: others, rightContracted: own))
    }

    /// The sums over a tensor's neighbouring axes by the rows' numbers.
    private mutating func sumsByNumber(_ value: Int, _ axes: [Int], _ rows: GatheredRows, longerThan taken: Int) -> (value: Int, axis: Int)? {
        guard axes == Array(axes[0]..<(axes[0] + axes.count)), Array(shape(taken)[rows.rank...]).elementCount >= Self.shortestRow else { return nil }
        return (add(ScatterAdd(axis: axes[0], size: shape(rows.table)[0]), [value, rows.numbers])[0], axes[0])
    }

    /// A tensor [rows, ...] with zeros in the rows that no number names.
    private mutating func masked(_ value: Int, _ numbers: Int, rows: Int) -> Int {
        let type = result.types[value]
        let ones = add(Fill(shape(numbers), ScalarBits(1, .float32)), [])[0]
        let counts = add(ScatterAdd(axis: 0, size: rows), [ones, numbers])[0]
        let isNamed = add(Less(), [add(Fill([rows], ScalarBits(0, .float32)), [])[0], counts])[0]
        let wide = add(Broadcast(type.shape, axes: [0]), [isNamed])[0]
        return add(Select(), [wide, value, add(Fill(type.shape, ScalarBits(0, type.dtype)), [])[0]])[0]
    }

    /// Sums by number along the first axis, with less to add up.
    mutating func summedByNumber(_ scatter: ScatterAdd, _ inputs: [Int]) -> Int? {
        guard scatter.axis == 0, result.types[inputs[0]].dtype.isFloating, let made = operation(inputs[0]) else { return nil }
        let numbers = shape(inputs[1]), rank = numbers.count
        func sums(_ pass: inout Simplification, _ value: Int, _ numbers: Int) -> Int { pass.add(scatter, [value, numbers])[0] }
        switch made.primitive {
        case let inner as ScatterAdd where inner.axis < rank && shape(made.inputs[1]).count == 1:
            return sums(&self, made.inputs[0], add(Gather(axis: inner.axis), [inputs[1], made.inputs[1]])[0])
        case let pad as Pad where isPadded(pad, rank: rank):
            let counts = Array(shape(made.inputs[0])[..<rank])
            let part = Slice(starts: Array(pad.low[..<rank]), counts: counts, steps: counts.map { _ in 1 })
            return sums(&self, made.inputs[0], add(part, [inputs[1]])[0])
        case let joined as Concatenate where joined.axis < rank && made.inputs.contains(where: isProductOrPad):
            var total: Int?, start = 0
            for piece in made.inputs {
                var starts = numbers.map { _ in 0 }, counts = numbers
                (starts[joined.axis], counts[joined.axis]) = (start, shape(piece)[joined.axis])
                start += counts[joined.axis]
                let part = sums(&self, piece, add(Slice(starts: starts, counts: counts, steps: numbers.map { _ in 1 }), [inputs[1]])[0])
                total = total.map { add(Add(), [$0, part])[0] } ?? part
            }
            return total
        case let product as Product: return productOfSums(product, made.inputs, scatter, inputs[1])
        default: return nil
        }
    }

    private func isPadded(_ pad: Pad, rank: Int) -> Bool {
        pad.value == 0 && pad.interior.allSatisfy { $0 == 0 } && (pad.low + pad.high).allSatisfy { $0 >= 0 }
            && (rank..<pad.low.count).allSatisfy { pad.low[$0] == 0 && pad.high[$0] == 0 }
    }

    private func isProductOrPad(_ value: Int) -> Bool {
        guard let made = operation(value) else { return false }
        return made.primitive is Product || made.primitive is Pad
    }

    /// Sums by number of a product's rows: the product of sums by number.
    private mutating func productOfSums(_ product: Product, _ operands: [Int], _ scatter: ScatterAdd, _ numbers: Int) -> Int? {
        let d = product.dimensions, left = d.leftFree(shape(operands[0]).count), right = d.rightFree(shape(operands[1]).count)
        let side = left.isEmpty ? 1 : 0, free = side == 0 ? left : right, rank = shape(numbers).count
        guard d.leftBatch.isEmpty, rank > 0, free.count >= rank, Array(free[..<rank]) == Array(free[0]..<(free[0] + rank)), isSmall(scatter.size, shape(numbers)) else { return nil }
        let others = (free.count > rank ? free[rank...].map { shape(operands[side])[$0] } : []) + (side == 0 ? right.map { shape(operands[1])[$0] } : [])
        guard others.elementCount >= Self.shortestRow else { return nil }
        let first = free[0]
        let sums = add(ScatterAdd(axis: first, size: scatter.size), [operands[side], numbers])[0]
        let own = (side == 0 ? d.leftContracted : d.rightContracted).map { $0 > first ? $0 - rank + 1 : $0 }
        let small = paired(own, side == 0 ? d.rightContracted : d.leftContracted, side)
        let rows = add(small, side == 0 ? [sums, operands[1]] : [operands[0], sums])[0]
        return masked(rows, numbers, rows: scatter.size)
    }
}
