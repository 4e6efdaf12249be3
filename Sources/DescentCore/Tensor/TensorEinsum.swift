extension Tensor {
    /// Sums of products in Einstein's notation: "ij,jk->ik", "bij,bjk->bik", "ii->i", "ij->", "...ij,...jk->...ik". Letters that the result lacks are summed;
    /// "..." stands for all axes not named, which broadcast. Without "->" the result has "..." and then the letters that occur once, in alphabetical order.
    ///
    /// Of more than two tensors, those are multiplied first that leave the least work (the best order for up to eight, else step by step the cheapest pair).
    public static func einsum(_ equation: String, _ tensors: Tensor...) -> Tensor { einsum(equation, tensors) }

    /// The same for tensors in a list.
    public static func einsum(_ equation: String, _ tensors: [Tensor]) -> Tensor {
        do {
            var sum = try EinsteinSum(equation, tensors)
            return sum.contracted()
        } catch { return standIn("\(error)", [], tensors.first?.dtype ?? .float32) }
    }
}

/// A sum of products: tensors whose axes have labels. Letters are their own labels; the axes of an ellipsis are numbered from the last.
private struct EinsteinSum {
    private enum Label: Hashable {
        case letter(Character)
        case ellipsis(Int)
    }
    private struct Operand {
        var tensor: Tensor
        var labels: [Label]
    }

    private var operands: [Operand]
    private let result: [Label]
    private var sizes: [Label: Int] = [:]

    init(_ equation: String, _ tensors: [Tensor]) throws(ShapeError) {
        let text = equation.filter { $0 != " " }
        let arrow = text.firstRange(of: "->")
        let left = arrow.map { text[..<$0.lowerBound] } ?? text[...]
        let terms = left.split(separator: ",", omittingEmptySubsequences: false)
        guard terms.count == tensors.count else { throw ShapeError("einsum: \"\(equation)\" names \(terms.count) tensors; \(tensors.count) were given.") }
        operands = []
        for (term, tensor) in zip(terms, tensors) { operands.append(Operand(tensor: tensor, labels: try Self.labels(term, rank: tensor.rank, tensor.shape, equation))) }
        for operand in operands {
            for (label, size) in zip(operand.labels, operand.tensor.shape) {
                guard let known = sizes[label], known != size else {
                    sizes[label] = size
                    continue
                }
                if case .letter(let letter) = label { throw ShapeError("einsum: \"\(equation)\": \(letter) is \(known) in one place and \(size) in another.") }
                guard known == 1 || size == 1 else { throw ShapeError("einsum: \"\(equation)\": axes of ... have sizes \(known) and \(size); they do not broadcast.") }
                sizes[label] = known == 1 ? size : known
            }
        }
        let all = operands.flatMap(\.labels), ellipsis = Set(all).compactMap { label in if case .ellipsis(let place) = label { place } else { nil } }.sorted(by: >)
        if let arrow {
            let right = text[arrow.upperBound...], named = Set(all)
            let count = right.contains("...") ? ellipsis.count + right.count - 3 : right.count
            if !right.contains("..."), !ellipsis.isEmpty { throw ShapeError("einsum: \"\(equation)\": the result lacks the ... that a tensor has.") }
            result = try Self.labels(right, rank: count, [], equation)
            for label in result { if case .letter(let letter) = label, !named.contains(label) { throw ShapeError("einsum: \"\(equation)\": \(letter) stands only in the result.") } }
            if Set(result).count != result.count { throw ShapeError("einsum: \"\(equation)\": a letter stands twice in the result.") }
        } else {
            var times: [Character: Int] = [:]
            for case .letter(let letter) in all { times[letter, default: 0] += 1 }
            result = ellipsis.map(Label.ellipsis) + times.filter { $0.value == 1 }.keys.sorted().map(Label.letter)
        }
    }

    /// The labels of a term for a tensor of a rank.
    private static func labels(_ term: Substring, rank: Int, _ shape: [Int], _ equation: String) throws(ShapeError) -> [Label] {
        let parts = term.firstRange(of: "...").map { [term[..<$0.lowerBound], term[$0.upperBound...]] } ?? [term]
        guard parts.allSatisfy({ $0.allSatisfy(\.isLetter) }) else { throw ShapeError("einsum: \"\(equation)\" is not letters, ..., commas and one ->.") }
        let letters = parts.reduce(0) { $0 + $1.count }
        guard parts.count == 2 ? letters <= rank : letters == rank else {
            throw ShapeError("einsum: \"\(term)\" has \(letters) letters for a tensor of shape \(shape).")
        }
        let before = parts[0].map(Label.letter)
        return parts.count == 1 ? before : before + (0..<(rank - letters)).reversed().map(Label.ellipsis) + parts[1].map(Label.letter)
    }

    mutating func contracted() -> Tensor {
        operands = operands.map(withoutRepeats).map(withoutStretched)
        // What only one tensor has, and the result lacks, is summed before it is multiplied.
        operands = operands.indices.map { place in
            let others = Set(operands.indices.filter { $0 != place }.flatMap { operands[$0].labels }).union(result)
            return summed(operands[place], keeping: others)
        }
        while operands.count > 1 {
            let (i, j) = nextPair()
            let right = operands.remove(at: j), left = operands.remove(at: i)
            operands.append(product(left, right, keeping: Set(operands.flatMap(\.labels)).union(result)))
        }
        let last = summed(operands[0], keeping: Set(result))
        // A label of the result that no tensor has left belonged to axes of size 1.
        let present = result.filter { last.labels.contains($0) }
        let ordered = last.tensor.permuted(present.map { last.labels.firstIndex(of: $0)! })
        return ordered.reshaped(to: result.map { last.labels.contains($0) ? sizes[$0]! : 1 })
    }

    /// A letter that stands twice in one term is a diagonal.
    private func withoutRepeats(_ operand: Operand) -> Operand {
        var operand = operand
        while let repeated = operand.labels.first(where: { label in operand.labels.filter { $0 == label }.count > 1 }) {
            let places = operand.labels.indices.filter { operand.labels[$0] == repeated }, size = operand.tensor.shape[places[0]]
            let others = operand.labels.indices.filter { !places.prefix(2).contains($0) }
            let front = operand.tensor.permuted([places[0], places[1]] + others)
            let flat = front.reshaped(to: [size * size] + front.shape[2...])
            operand = Operand(tensor: flat.gathered(checked: Tensor.arange(size) * Double(size + 1)), labels: [repeated] + others.map { operand.labels[$0] })
        }
        return operand
    }

    /// An axis of size 1 that stretches to another tensor's is left out: the other has it.
    private func withoutStretched(_ operand: Operand) -> Operand {
        let kept = operand.labels.indices.filter { operand.tensor.shape[$0] == sizes[operand.labels[$0]]! }
        return Operand(tensor: operand.tensor.reshaped(to: kept.map { operand.tensor.shape[$0] }), labels: kept.map { operand.labels[$0] })
    }

    private func summed(_ operand: Operand, keeping needed: Set<Label>) -> Operand {
        let gone = operand.labels.indices.filter { !needed.contains(operand.labels[$0]) }
        return gone.isEmpty ? operand : Operand(tensor: operand.tensor.sum(axes: Array(gone)), labels: operand.labels.filter(needed.contains))
    }

    /// Two tensors multiplied; a label is summed when neither the result nor another tensor has it.
    private func product(_ left: Operand, _ right: Operand, keeping needed: Set<Label>) -> Operand {
        let shared = left.labels.filter { right.labels.contains($0) }
        let batch = shared.filter(needed.contains), summed = shared.filter { !needed.contains($0) }
        let promoted = DType.promoted(left.tensor.dtype, right.tensor.dtype), dtype = promoted == .bool ? .int32 : promoted
        let dimensions = ProductDimensions(
            leftBatch: batch.map { left.labels.firstIndex(of: $0)! }, rightBatch: batch.map { right.labels.firstIndex(of: $0)! },
            leftContracted: summed.map { left.labels.firstIndex(of: $0)! }, rightContracted: summed.map { right.labels.firstIndex(of: $0)! })
        return Operand(
            tensor: applySingle(Product(dimensions), left.tensor.cast(to: dtype), right.tensor.cast(to: dtype)),
            labels: batch + left.labels.filter { !shared.contains($0) } + right.labels.filter { !shared.contains($0) })
    }

    // MARK: The order

    private func volume(_ labels: Set<Label>) -> Double { labels.reduce(1) { $0 * Double(sizes[$1]!) } }

    /// The two tensors to multiply next.
    private func nextPair() -> (Int, Int) {
        let count = operands.count
        if count == 2 { return (0, 1) }
        return count > 8 ? cheapestPair() : firstOfBestOrder()
    }

    /// The pair whose product grows least over the two, as in a greedy search; of equals the cheapest.
    private func cheapestPair() -> (Int, Int) {
        var best = (pair: (0, 1), growth: Double.infinity, work: Double.infinity)
        for i in operands.indices {
            for j in (i + 1)..<operands.count {
                let others = operands.indices.filter { $0 != i && $0 != j }.flatMap { operands[$0].labels }
                let both = Set(operands[i].labels).union(operands[j].labels), kept = both.intersection(Set(others).union(result))
                let growth = volume(kept) - volume(Set(operands[i].labels)) - volume(Set(operands[j].labels)), work = volume(both)
                if (growth, work) < (best.growth, best.work) { best = ((i, j), growth, work) }
            }
        }
        return best.pair
    }

    /// The first product of the order with the least work in all, found over all ways to halve each set of tensors.
    private func firstOfBestOrder() -> (Int, Int) {
        let count = operands.count, all = (1 << count) - 1
        // For each set of tensors: the labels of its product, the least work to get there, and one half of the best split.
        var labels = [Set<Label>](repeating: [], count: all + 1), work = [Double](repeating: 0, count: all + 1), half = [Int](repeating: 0, count: all + 1)
        for set in 1...all {
            let members = operands.indices.filter { set & (1 << $0) != 0 }, others = operands.indices.filter { set & (1 << $0) == 0 }
            labels[set] = Set(members.flatMap { operands[$0].labels }).intersection(Set(others.flatMap { operands[$0].labels }).union(result))
            if members.count == 1 { continue }
            work[set] = .infinity
            var part = (set - 1) & set
            while part > 0 {
                let rest = set ^ part
                let total = work[part] + work[rest] + volume(labels[part].union(labels[rest]))
                if total < work[set] { (work[set], half[set]) = (total, part) }
                part = (part - 1) & set
            }
        }
        // Down to a pair of single tensors.
        var set = all
        while true {
            let part = half[set], rest = set ^ part
            let next = part.nonzeroBitCount > 1 ? part : rest
            if next.nonzeroBitCount == 1 { return (Swift.min(part.trailingZeroBitCount, rest.trailingZeroBitCount), Swift.max(part.trailingZeroBitCount, rest.trailingZeroBitCount)) }
            set = next
        }
    }
}
