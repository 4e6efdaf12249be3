import DescentCore
import Testing

/// Reductions, products, order: against loops.
@Suite struct TensorMathTests {
    private let values = spread(24, in: -2...2)
    private var cube: Tensor { Tensor(float64: values, shape: [2, 3, 4]) }

    @Test(arguments: [[0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2], [-1]])
    func reductions(_ axes: [Int]) {
        let strides = [12, 4, 1], shape = [2, 3, 4], gone = axes.map { $0 < 0 ? $0 + 3 : $0 }, kept = [0, 1, 2].filter { !gone.contains($0) }
        var groups: [Int: [Double]] = [:]
        for (place, value) in values.enumerated() {
            let target = kept.reduce(0) { $0 * shape[$1] + place / strides[$1] % shape[$1] }
            groups[target, default: []].append(value)
        }
        let members = groups.sorted { $0.key < $1.key }.map(\.value)
        let sums = members.map { $0.reduce(0, +) }, means = members.map { $0.reduce(0, +) / Double($0.count) }
        expectClose(cube.sum(axes: axes).doubles, sums, 1e-14)
        expectClose(cube.mean(axes: axes).doubles, means, 1e-14)
        #expect(cube.max(axes: axes).doubles == members.map { $0.max()! } && cube.min(axes: axes).doubles == members.map { $0.min()! })
        let variances = zip(members, means).map { group, mean in group.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(group.count - 1) }
        expectClose(cube.variance(axes: axes, correction: 1).doubles, variances, 1e-13)
        #expect(cube.sum(axes: axes, keepingAxes: true).shape == shape.indices.map { gone.contains($0) ? 1 : shape[$0] })
    }

    @Test func reductionsOfNothingAndOfTruth() {
        #expect(Tensor.zeros([0, 2]).sum(axis: 0).floats == [0, 0] && Tensor.zeros([0]).mean().item().isNaN)
        #expect(Tensor(bool: [true, true, false]).sum().item() == 2 && Tensor(uint8: [200, 100]).sum().item() == 300)
        #expect(Tensor(bool: [true, false]).any().bools == [true] && Tensor(bool: [true, false]).all().bools == [false])
        #expect(Tensor([1, .nan, 3]).max().item().isNaN && Tensor([1, 3, 3, 2]).argmax().item() == 1 && Tensor([[1, 0], [0, 1]]).argmin(axis: 0).ints == [1, 0])
        #expect(Tensor([[1, 2], [3, 4]]).product(axis: 0).floats == [3, 8] && Tensor([2, 0, 3]).product().item() == 0)
    }

    @Test func theGradientOfAProductWithZeros() {
        #expect(gradient(at: Tensor([2, 0, 3])) { $0.product() }.floats == [0, 6, 0])
    }

    @Test func running() {
        let x = Tensor([[1, 2, 3], [4, 5, 6]])
        #expect(x.cumulativeSum(axis: 1).floats == [1, 3, 6, 4, 9, 15] && x.cumulativeSum(axis: 0, reverse: true).floats == [5, 7, 9, 4, 5, 6])
        #expect(x.cumulativeProduct(axis: 1).floats == [1, 2, 6, 4, 20, 120] && x.cumulativeProduct().floats == [1, 2, 3, 4, 10, 18])
    }

    // MARK: Order

    @Test func sorting() {
        let x = Tensor([3, .nan, 1, 3, -.infinity])
        #expect(x.argsort().ints == [4, 2, 0, 3, 1] && x.argsort(descending: true).ints == [0, 3, 2, 4, 1])
        #expect(x.sorted().floats.dropLast() == [-.infinity, 1, 3, 3])
        #expect(Tensor([[3, 1], [1, 2]]).sorted(axis: 0).floats == [1, 1, 3, 2])
        let (values, places) = Tensor([[1, 9, 5], [7, 8, 6]]).topK(2)
        #expect(values.floats == [9, 5, 8, 7] && places.ints == [1, 2, 1, 0])
        let many = Tensor((0..<1000).map { Float(($0 * 7919) % 10) })
        #expect(many.argsort().ints == (0..<1000).sorted { (($0 * 7919) % 10, $0) < (($1 * 7919) % 10, $1) })
        #expect(gradient(at: Tensor([3, 1, 2])) { ($0.sorted() * Tensor([10, 20, 30])).sum() }.floats == [30, 10, 20])
    }

    // MARK: Products

    @Test(arguments: [
        ([3], [3]), ([3], [3, 2]), ([2, 3], [3]), ([2, 3], [3, 4]), ([5, 2, 3], [3, 4]), ([5, 2, 3], [3]), ([2, 3], [5, 3, 4]), ([3], [5, 3, 4]),
        ([5, 2, 3], [5, 3, 4]), ([6, 1, 2, 3], [5, 3, 4]), ([2, 0], [0, 3]),
    ])
    func matrixProducts(_ a: [Int], _ b: [Int]) {
        let x = Tensor(float64: spread(a.elementCount, in: -1...1), shape: a), y = Tensor(float64: spread(b.elementCount, in: -1...1, seed: 1), shape: b)
        // By sums of broadcast products: rows [..., m, k, 1] and columns [..., 1, k, n].
        let rows = a.count == 1 ? x.reshaped(to: [1] + a) : x, columns = b.count == 1 ? y.reshaped(to: b + [1]) : y
        var expected = (rows.expanded(axis: -1) * columns.expanded(axis: -3)).sum(axis: -2)
        if b.count == 1 { expected = expected.squeezed(axis: -1) }
        if a.count == 1 { expected = expected.squeezed(axis: b.count == 1 ? -1 : -2) }
        expectClose(x.matmul(y), expected, 1e-14)
    }

    @Test func productsOfWholeNumbers() {
        let found = Tensor(int64: [1, 2, 3, 4], shape: [2, 2]).matmul(Tensor(int32: [5, 6]))
        #expect(found.dtype == .int64 && found.ints == [17, 39])
    }

    @Test(arguments: ["ij,jk->ik", "ij,kj->ki", "ij,ij->", "ij,ij->ij", "ij,k->ijk", "ii->i", "ii", "ij->ji", "ij->", "ij->j", "bij,bjk->bik", "bij,bkj->b", "ij,jk,kl->il", "i,i,i->i", "ij,jk"])
    func einsum(_ equation: String) {
        let sides = equation.split(separator: "-"), terms = sides[0].split(separator: ",").map(Array.init)
        let letters = Set(terms.joined()).sorted(), size = 3
        let free = letters.filter { letter in terms.joined().filter { $0 == letter }.count == 1 }
        let result = equation.contains(">") ? Array(equation.drop { $0 != ">" }.dropFirst()) : free
        let tensors = terms.indices.map { Tensor(float64: spread(power(size, terms[$0].count), in: -1...1, seed: $0), shape: terms[$0].map { _ in size }) }
        let numbers = tensors.map(\.doubles)
        var expected = [Double](repeating: 0, count: power(size, result.count))
        for turn in 0..<power(size, letters.count) {
            /// The place that the letters' present values give in a tensor with these axes.
            func place(_ term: [Character]) -> Int { term.reduce(0) { $0 * size + turn / power(size, letters.firstIndex(of: $1)!) % size } }
            expected[place(result)] += terms.indices.reduce(1) { $0 * numbers[$1][place(terms[$1])] }
        }
        let found: Tensor =
            switch tensors.count {
            case 1: Tensor.einsum(equation, tensors[0])
            case 2: Tensor.einsum(equation, tensors[0], tensors[1])
            default: Tensor.einsum(equation, tensors[0], tensors[1], tensors[2])
            }
        expectClose(found.doubles, expected, 1e-13)
    }

    private func power(_ base: Int, _ exponent: Int) -> Int { (0..<exponent).reduce(1) { product, _ in product * base } }
}
