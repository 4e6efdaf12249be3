extension Tensor {
    /// The matrix product, as in NumPy: [..., m, k] · [..., k, n] gives [..., m, n]; leading axes broadcast; a vector on the left is
    /// a row, on the right a column, and that axis is dropped again.
    public func matmul(_ other: Tensor) -> Tensor {
        let dtype = DType.promoted(self.dtype, other.dtype)
        let a = cast(to: dtype == .bool ? .int32 : dtype), b = other.cast(to: dtype == .bool ? .int32 : dtype)
        if a.rank == 0 || b.rank == 0 { return standIn("matmul: \(a.shape) · \(b.shape): a scalar has no axis to multiply over; use *.", like: a.rank == 0 ? b : a) }
        let leftAxis = a.rank - 1, rightAxis = b.rank == 1 ? 0 : b.rank - 2
        guard a.shape[leftAxis] == b.shape[rightAxis] else {
            let sentence = "matmul: inner sizes differ: \(a.shape) · \(b.shape) (\(a.shape[leftAxis]) and \(b.shape[rightAxis]))."
            return standIn(sentence, a.shape.dropLast() + b.shape.suffix(b.rank > 1 ? 1 : 0), a.dtype)
        }
        // Without batch axes on the right, all leading axes of the left are rows of one product.
        if b.rank <= 2 {
            return applySingle(Product(ProductDimensions(leftContracted: [leftAxis], rightContracted: [rightAxis])), a, b)
        }
        let leftBatch = a.rank <= 2 ? [] : Array(a.shape[..<(a.rank - 2)]), rightBatch = Array(b.shape[..<(b.rank - 2)])
        do {
            let batch = try broadcastShape(leftBatch, rightBatch, for: "matmul")
            let left = a.rank == 1 ? a.broadcast(to: batch + a.shape) : a.broadcast(to: batch + a.shape.suffix(2))
            let right = b.broadcast(to: batch + b.shape.suffix(2))
            let axes = Array(0..<batch.count)
            return applySingle(
                Product(
                    ProductDimensions(
                        leftBatch: axes, rightBatch: axes, leftContracted: [left.rank - 1], rightContracted: [batch.count])), left, right)
        } catch { return standIn(error, like: a, rank: Swift.max(a.rank, b.rank)) }
    }

    /// The sum of products of two vectors.
    public func dot(_ other: Tensor) -> Tensor {
        guard rank == 1, other.rank == 1 else { return standIn("dot: \(shape) and \(other.shape); both must be vectors. See matmul.", []) }
        return matmul(other)
    }
    /// All products of two vectors: [m] and [n] give [m, n].
    public func outer(_ other: Tensor) -> Tensor {
        guard rank == 1, other.rank == 1 else { return standIn("outer: \(shape) and \(other.shape); both must be vectors.", [count, other.count]) }
        return expanded(axis: 1) * other.expanded(axis: 0)
    }

    /// Sums of products in Einstein's notation: "ij,jk->ik", "bij,bjk->bik", "ii->i", "ij->". Letters that the result lacks are summed.
    public static func einsum(_ equation: String, _ tensors: Tensor...) -> Tensor {
        let parts = equation.filter { $0 != " " }.split(separator: ">", omittingEmptySubsequences: false)
        let left = parts[0].hasSuffix("-") ? parts[0].dropLast() : parts[0]
        var terms = left.split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
        let letters = Set(terms.joined())
        guard terms.count == tensors.count else { return standIn("einsum: \"\(equation)\" names \(terms.count) tensors; \(tensors.count) were given.", []) }
        guard letters.allSatisfy(\.isLetter), parts.count <= 2 else { return standIn("einsum: \"\(equation)\" is not letters, commas and one ->.", []) }
        let result: [Character] = parts.count == 2 ? Array(parts[1]) : letters.filter { letter in terms.joined().filter { $0 == letter }.count == 1 }.sorted()
        if let unknown = result.first(where: { !letters.contains($0) }) { return standIn("einsum: \"\(equation)\": \(unknown) stands only in the result.", []) }
        var sizes: [Character: Int] = [:]
        for (term, tensor) in zip(terms, tensors) {
            guard term.count == tensor.rank else { return standIn("einsum: \"\(String(term))\" has \(term.count) letters for a tensor of shape \(tensor.shape).", []) }
            for (letter, size) in zip(term, tensor.shape) {
                if let known = sizes[letter], known != size { return standIn("einsum: \"\(equation)\": \(letter) is \(known) in one place and \(size) in another.", []) }
                sizes[letter] = size
            }
        }
        var operands = tensors
        for index in operands.indices { (operands[index], terms[index]) = withoutRepeats(operands[index], terms[index]) }
        while operands.count > 1 {
            // The last two become one; a letter is summed when neither the result nor another tensor has it.
            let right = operands.removeLast(), rightTerm = terms.removeLast()
            let first = operands.removeLast(), firstTerm = terms.removeLast()
            let needed = Set(result).union(terms.joined())
            let shared = firstTerm.filter { rightTerm.contains($0) }
            let batch = shared.filter { needed.contains($0) }, contracted = shared.filter { !needed.contains($0) }
            let dtype = DType.promoted(first.dtype, right.dtype)
            operands.append(
                applySingle(
                    Product(
                        ProductDimensions(
                            leftBatch: batch.map { firstTerm.firstIndex(of: $0)! }, rightBatch: batch.map { rightTerm.firstIndex(of: $0)! },
                            leftContracted: contracted.map { firstTerm.firstIndex(of: $0)! }, rightContracted: contracted.map { rightTerm.firstIndex(of: $0)! })),
                    first.cast(to: dtype), right.cast(to: dtype)))
            terms.append(batch + firstTerm.filter { !shared.contains($0) } + rightTerm.filter { !shared.contains($0) })
        }
        let summed = terms[0].indices.filter { !result.contains(terms[0][$0]) }
        let kept = terms[0].filter { result.contains($0) }
        return operands[0].sum(axes: Array(summed)).permuted(result.map { kept.firstIndex(of: $0)! })
    }

    /// A letter that stands twice in one term is a diagonal.
    private static func withoutRepeats(_ tensor: Tensor, _ term: [Character]) -> (Tensor, [Character]) {
        var (tensor, term) = (tensor, term)
        while let repeated = term.first(where: { letter in term.filter { $0 == letter }.count > 1 }) {
            let places = term.indices.filter { term[$0] == repeated }
            let size = tensor.shape[places[0]]
            let others = term.indices.filter { !places.prefix(2).contains($0) }
            let front = tensor.permuted([places[0], places[1]] + others)
            let flat = front.reshaped(to: [size * size] + front.shape[2...])
            tensor = flat.gathered(checked: Tensor.arange(size) * Double(size + 1))
            term = [repeated] + others.map { term[$0] }
        }
        return (tensor, term)
    }
}

/// The matrix product; see `Tensor.matmul`.
public func matmul(_ a: Tensor, _ b: Tensor) -> Tensor { a.matmul(b) }

extension Tensor {
    /// `x · Wᵀ` over the last axes: [..., inputs] by a weight [outputs, inputs] gives [..., outputs], without transposing the weight.
    package func product(with weight: Tensor) -> Tensor {
        applySingle(Product(ProductDimensions(leftContracted: [rank - 1], rightContracted: [1])), self, weight)
    }
}
