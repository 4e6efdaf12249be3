/// Which axes of a product of two tensors are multiplied and summed, and which run side by side.
package struct ProductDimensions: Hashable, Sendable {
    package var leftBatch: [Int], rightBatch: [Int]
    package var leftContracted: [Int], rightContracted: [Int]

    package init(leftBatch: [Int] = [], rightBatch: [Int] = [], leftContracted: [Int], rightContracted: [Int]) {
        (self.leftBatch, self.rightBatch) = (leftBatch, rightBatch)
        (self.leftContracted, self.rightContracted) = (leftContracted, rightContracted)
    }

    package func leftFree(_ rank: Int) -> [Int] { (0..<rank).filter { !leftBatch.contains($0) && !leftContracted.contains($0) } }
    package func rightFree(_ rank: Int) -> [Int] { (0..<rank).filter { !rightBatch.contains($0) && !rightContracted.contains($0) } }
}

/// Sums of products over named axes of two tensors: every matrix product, dot product and batched form.
///
/// The result's axes: the batch axes, the left's free axes, the right's free axes.
package struct Product: Primitive {
    package static let name = "product"
    package let dimensions: ProductDimensions
    package init(_ dimensions: ProductDimensions) { self.dimensions = dimensions }
    package var detail: String {
        let d = dimensions
        return "\(d.leftContracted)·\(d.rightContracted)" + (d.leftBatch.isEmpty ? "" : ", batch \(d.leftBatch)·\(d.rightBatch)")
    }

    package func infer(_ inputs: [TensorType]) throws(ShapeError) -> [TensorType] {
        let a = inputs[0].shape, b = inputs[1].shape, d = dimensions
        guard inputs[0].dtype == inputs[1].dtype, inputs[0].dtype != .bool else {
            throw ShapeError("product: element types \(inputs[0].dtype) and \(inputs[1].dtype); they must be equal numbers.")
        }
        for (i, j) in zip(d.leftContracted, d.rightContracted) where a[i] != b[j] {
            throw ShapeError("matmul: inner sizes differ: \(a) · \(b) (\(a[i]) and \(b[j])).")
        }
        for (i, j) in zip(d.leftBatch, d.rightBatch) where a[i] != b[j] {
            throw ShapeError("matmul: batch sizes differ: \(a) · \(b) (\(a[i]) and \(b[j])).")
        }
        return [TensorType(d.leftBatch.map { a[$0] } + d.leftFree(a.count).map { a[$0] } + d.rightFree(b.count).map { b[$0] }, inputs[0].dtype)]
    }

    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] {
        let first = tangents[0].map { applySingle(self, $0, call.inputs[1]) }
        let second = tangents[1].map { applySingle(self, call.inputs[0], $0) }
        guard let first else { return [second] }
        guard let second else { return [first] }
        return [first + second]
    }

    package func transpose(_ cotangents: [Tensor?], _ call: LinearCall) -> [Tensor?] {
        guard let cotangent = cotangents[0] else { return [nil, nil] }
        let d = dimensions
        let leftRank = call.inputs[0].rank, rightRank = call.inputs[1].rank
        let batch = d.leftBatch.count
        let leftFree = d.leftFree(leftRank), rightFree = d.rightFree(rightRank)
        if call.isLinear[0] {
            // cotangent [batch, leftFree, rightFree] · right over rightFree -> [batch, leftFree, contracted in the right's order]
            let result = applySingle(
                Product(
                    ProductDimensions(
                        leftBatch: Array(0..<batch), rightBatch: d.rightBatch,
                        leftContracted: Array((batch + leftFree.count)..<cotangent.rank), rightContracted: rightFree)), cotangent, call.inputs[1])
            let byRight = d.rightContracted.sorted()
            let contracted = byRight.map { d.leftContracted[d.rightContracted.firstIndex(of: $0)!] }
            return [result.permuted(Permute.inverse(d.leftBatch + leftFree + contracted)), nil]
        }
        let result = applySingle(
            Product(
                ProductDimensions(
                    leftBatch: Array(0..<batch), rightBatch: d.leftBatch,
                    leftContracted: Array(batch..<(batch + leftFree.count)), rightContracted: leftFree)), cotangent, call.inputs[0])
        let byLeft = d.leftContracted.sorted()
        let contracted = byLeft.map { d.rightContracted[d.leftContracted.firstIndex(of: $0)!] }
        return [nil, result.permuted(Permute.inverse(d.rightBatch + rightFree + contracted))]
    }

    package func maskedJVP(_ call: Call, _ tangents: [Masked?]) -> [Masked?]? {
        let d = dimensions, left = call.inputs[0], right = call.inputs[1]
        let leftFree = d.leftFree(left.rank), rightFree = d.rightFree(right.rank)
        let first = tangents[0].map { tangent -> Masked in
            let factor = tangent.ignoring(right, (d.leftBatch, d.rightBatch), contracted: (d.leftContracted, d.rightContracted), free: leftFree)
            let result = applySingle(self, tangent.resolved, factor)
            let places = Array(0..<(d.leftBatch.count + leftFree.count))
            return Masked(result, tangent.mask?.any(over: d.leftContracted).spread(d.leftBatch + leftFree, to: places, of: result.shape), isExact: true)
        }
        let second = tangents[1].map { tangent -> Masked in
            let factor = tangent.ignoring(left, (d.rightBatch, d.leftBatch), contracted: (d.rightContracted, d.leftContracted), free: rightFree)
            let result = applySingle(self, factor, tangent.resolved)
            let places = d.leftBatch.indices + rightFree.indices.map { d.leftBatch.count + leftFree.count + $0 }
            return Masked(result, tangent.mask?.any(over: d.rightContracted).spread(d.rightBatch + rightFree, to: places, of: result.shape), isExact: true)
        }
        guard let first else { return [second] }
        guard let second else { return [first] }
        return [first + second]
    }

    package func maskedTranspose(_ cotangents: [Masked?], _ call: LinearCall) -> [Masked?]? {
        guard let cotangent = cotangents[0], let mask = cotangent.mask else {
            return transpose(cotangents.map { $0?.resolved }, call).map { $0.map { Masked($0) } }
        }
        let d = dimensions, side = call.isLinear[0] ? 0 : 1, other = call.inputs[1 - side]
        let leftFree = d.leftFree(call.inputs[0].rank), rightFree = d.rightFree(call.inputs[1].rank)
        let batch = Array(d.leftBatch.indices)
        let leftPlaces = leftFree.indices.map { batch.count + $0 }, rightPlaces = rightFree.indices.map { batch.count + leftFree.count + $0 }
        let (own, kept, summed) = side == 0 ? (d.leftBatch + leftFree, batch + leftPlaces, rightPlaces) : (d.rightBatch + rightFree, batch + rightPlaces, leftPlaces)
        var inputs = call.inputs
        inputs[1 - side] = cotangent.ignoring(
            other, (batch, side == 0 ? d.rightBatch : d.leftBatch), contracted: (summed, side == 0 ? rightFree : leftFree),
            free: side == 0 ? leftPlaces : rightPlaces)
        let found = transpose([cotangent.resolved], LinearCall(inputs: inputs, isLinear: call.isLinear, outputTypes: call.outputTypes))
        return found.enumerated().map { position, result in
            guard let result else { return nil }
            return Masked(result, mask.anyBackward(over: summed)?.spread(kept, to: own, of: result.shape), isExact: true)
        }
    }

    package func batch(_ inputs: [Batched], size: Int) -> [Batched] {
        guard let right = inputs[1].axis else {
            guard let left = inputs[0].axis else { return [Batched(applySingle(self, inputs[0].tensor, inputs[1].tensor), axis: nil)] }
            // The left's batch is one more free axis: one large product.
            let d = shifted(left: left)
            let axis = d.leftBatch.count + d.leftFree(inputs[0].tensor.rank).firstIndex(of: left)!
            return [Batched(applySingle(Product(d), inputs[0].tensor, inputs[1].tensor), axis: axis)]
        }
        if inputs[0].axis == nil, let exchanged = exchangedBatch(inputs[0].tensor, inputs[1].tensor, right) { return [exchanged] }
        // Side by side, with the batch in front.
        let left = inputs[0].axis ?? 0
        let leftTensor = inputs[0].axis == nil ? inputs[0].tensor.repeating(size, at: 0) : inputs[0].tensor
        var d = shifted(left: left, right: right)
        d.leftBatch.insert(left, at: 0)
        d.rightBatch.insert(right, at: 0)
        return [Batched(applySingle(Product(d), leftTensor, inputs[1].tensor), axis: 0)]
    }

    /// Only the right has a batch, and one side is a vector: the operands exchanged give one large product, with the batch in front.
    private func exchangedBatch(_ left: Tensor, _ right: Tensor, _ axis: Int) -> Batched? {
        let d = shifted(right: axis)
        let leftFree = d.leftFree(left.rank), rightFree = d.rightFree(right.rank).filter { $0 != axis }
        guard d.leftBatch.isEmpty, leftFree.map({ left.shape[$0] }).elementCount == 1 || rightFree.map({ right.shape[$0] }).elementCount == 1 else { return nil }
        let swapped = applySingle(Product(ProductDimensions(leftContracted: d.rightContracted, rightContracted: d.leftContracted)), right, left)
        // [right free with the batch among them, left free] -> [batch, left free, right free]
        let free = d.rightFree(right.rank)
        let place = free.firstIndex(of: axis)!
        let order = [place] + leftFree.indices.map { free.count + $0 } + free.indices.filter { $0 != place }
        return Batched(swapped.permuted(order), axis: 0)
    }

    /// The dimensions after an axis more has come in on one side or both.
    private func shifted(left: Int? = nil, right: Int? = nil) -> ProductDimensions {
        func shift(_ axes: [Int], past axis: Int?) -> [Int] { axes.map { axis != nil && $0 >= axis! ? $0 + 1 : $0 } }
        return ProductDimensions(
            leftBatch: shift(dimensions.leftBatch, past: left), rightBatch: shift(dimensions.rightBatch, past: right),
            leftContracted: shift(dimensions.leftContracted, past: left), rightContracted: shift(dimensions.rightContracted, past: right))
    }

    package func kernel(_ inputs: [TensorType]) -> Kernel { .product(dimensions) }

    package static var samples: [PrimitiveSample] {
        let matrices = Product(ProductDimensions(leftContracted: [1], rightContracted: [0]))
        let batched = Product(ProductDimensions(leftBatch: [0], rightBatch: [0], leftContracted: [2], rightContracted: [1]))
        let odd = Product(ProductDimensions(leftBatch: [1], rightBatch: [2], leftContracted: [2, 0], rightContracted: [0, 1]))
        return [
            PrimitiveSample(matrices, [.numbers([2, 3], -2...2), .numbers([3, 4], -2...2)]),
            PrimitiveSample(matrices, [.numbers([1, 3], -2...2), .numbers([3, 1], -2...2)]),
            PrimitiveSample(matrices, [.numbers([2, 0], -2...2), .numbers([0, 3], -2...2)]),
            PrimitiveSample(Product(ProductDimensions(leftContracted: [0], rightContracted: [0])), [.numbers([4], -2...2), .numbers([4], -2...2)]),
            PrimitiveSample(batched, [.numbers([2, 2, 3], -2...2), .numbers([2, 3, 2], -2...2)]),
            PrimitiveSample(odd, [.numbers([2, 3, 4], -2...2), .numbers([4, 2, 3, 2], -2...2)]),
        ]
    }
}

extension Mask {
    /// Without the axes that are not among `axes` (they are gone already), repeated into a shape of which they are the axes `places`.
    func spread(_ axes: [Int], to places: [Int], of shape: [Int]) -> Mask {
        // The mask's axes are `axes` in rising order; a broadcast wants their places in rising order.
        let rising = axes.sorted()
        let placed = rising.map { places[axes.firstIndex(of: $0)!] }
        let order = placed.indices.sorted { placed[$0] < placed[$1] }
        return moved { applySingle(Broadcast(shape, axes: placed.sorted()), $0.permuted(order)) }
    }
}

extension Masked {
    /// A factor of a product with this, with zeros where it meets masked elements only: a row of data that a mask excludes may hold NaN, and 0 times
    /// NaN is NaN. Only where the mask is known to be the same along the free axes; else it would cost a pass over memory.
    ///
    /// - Parameters:
    ///   - batch, contracted: the axes of this and the factor's that go together.
    ///   - free: the other axes of this.
    func ignoring(_ factor: Tensor, _ batch: ([Int], [Int]), contracted: ([Int], [Int]), free: [Int]) -> Tensor {
        guard let mask, !mask.isFromRelu, mask.isRepeated(along: free), !mask.isRepeated(along: batch.0 + contracted.0) else { return factor }
        return mask.any(over: free).spread(batch.0 + contracted.0, to: batch.1 + contracted.1, of: factor.shape).zeroing(factor)
    }
}
