import DescentCore
import Testing

@Suite struct TensorTests {
    private let matrix = Tensor([[1, 2, 3], [4, 5, 6]])

    // MARK: Creation and types

    @Test func creation() {
        #expect(Tensor(3).shape == [] && Tensor([1, 2]).shape == [2] && matrix.shape == [2, 3])
        #expect(Tensor([[[1, 2]], [[3, 4]]]).shape == [2, 1, 2])
        #expect(Tensor(bool: [true, false]).dtype == .bool && Tensor(uint8: [1]).dtype == .uint8 && Tensor(float64: [1]).dtype == .float64)
        #expect(Tensor.arange(3).ints == [0, 1, 2] && Tensor.arange(1, 2, step: 0.25).floats == [1, 1.25, 1.5, 1.75])
        #expect(Tensor.arange(3, 0, step: -1).floats == [3, 2, 1] && Tensor.arange(2, 1).count == 0)
        #expect(Tensor.linspace(0, 1, count: 5).floats == [0, 0.25, 0.5, 0.75, 1])
        #expect(Tensor.eye(2).floats == [1, 0, 0, 1] && Tensor.full([2], 7, dtype: .int32).ints == [7, 7])
        #expect(Tensor(shape: [2], dtype: .int32) { $0.bindMemory(to: Int32.self).initialize(repeating: 5) }.ints == [5, 5])
    }

    @Test func promotion() {
        let expected: [(DType, DType, DType)] = [
            (.bool, .uint8, .uint8), (.uint8, .int32, .int32), (.int32, .int64, .int64), (.int64, .float32, .float32), (.float32, .float64, .float64),
            (.bool, .bool, .int32),
        ]
        for (a, b, result) in expected {
            #expect((Tensor.ones([1], dtype: a) + Tensor.ones([1], dtype: b)).dtype == result)
            #expect((Tensor.ones([1], dtype: b) + Tensor.ones([1], dtype: a)).dtype == result)
        }
    }

    @Test func numbersBesideATensor() {
        #expect((Tensor(int32: [1]) + 1).dtype == .int32 && (Tensor(int32: [1]) * 0.5).dtype == .float32 && (Tensor(float64: [1]) * 0.1).item() == 0.1)
        #expect((Tensor(int32: [7]) / 2).item() == 3.5)
        // A number that uint8 can't hold is not bent to fit.
        #expect((Tensor(uint8: [0, 5]) .> -1).bools == [true, true] && (Tensor(uint8: [250]) + 300).ints == [550] && (Tensor(uint8: [1]) + 255).dtype == .uint8)
    }

    @Test func casts() {
        #expect(Tensor([1.9, -1.9, .nan, 1e20]).cast(to: .int32).ints == [1, -1, 0, Int(Int32.max)])
        #expect(Tensor([0, -2, .nan]).bools == [false, true, true])
    }

    @Test func wholeQuotientsAndRemainders() {
        let a = Tensor(int32: [7, -7, 7, -7]), b = Tensor(int32: [2, 2, -2, -2])
        #expect(a.floorDivided(by: b).ints == [3, -4, -4, 3])
        #expect((a % b).ints == [1, 1, -1, -1])
        #expect((Tensor([5.5, -5.5]) % 2).floats == [1.5, 0.5])
    }

    // MARK: Broadcasting

    @Test(arguments: [([2, 3], [3], [2, 3]), ([2, 1], [1, 3], [2, 3]), ([], [2], [2]), ([4, 1, 3], [2, 1], [4, 2, 3]), ([0, 3], [1, 3], [0, 3]), ([1], [0], [0])])
    func broadcasting(_ a: [Int], _ b: [Int], _ result: [Int]) {
        let x = spread(a.elementCount, in: -1...1), y = spread(b.elementCount, in: -1...1, seed: 1)
        let found = Tensor(float64: x, shape: a) - Tensor(float64: y, shape: b)
        #expect(found.shape == result)
        /// The element of an operand that belongs to a place of the result.
        func element(_ values: [Double], _ shape: [Int], _ place: Int) -> Double {
            let strides = result.denseStrides, lead = result.count - shape.count
            return values[shape.indices.reduce(0) { $0 + (shape[$1] == 1 ? 0 : place / strides[$1 + lead] % result[$1 + lead]) * shape.denseStrides[$1] }]
        }
        #expect(found.doubles == (0..<result.elementCount).map { element(x, a, $0) - element(y, b, $0) })
    }

    // MARK: Indexing

    private let cube = Tensor.arange(0, 24).reshaped(to: [2, 3, 4])

    @Test func members() {
        #expect(cube[1].shape == [3, 4] && cube[1, 2, 3].item() == 23 && cube[-1, -1, -1].item() == 23)
        #expect(cube[.rest, 1].floats == [1, 5, 9, 13, 17, 21])
        #expect(cube[0, .rest, 2].floats == [2, 6, 10])
        #expect(cube[.all, 1].floats == [4, 5, 6, 7, 16, 17, 18, 19])
    }

    @Test func ranges() {
        let x = Tensor.arange(0, 6)
        #expect(x[1..<4].floats == [1, 2, 3] && x[4...].floats == [4, 5] && x[..<2].floats == [0, 1] && x[...2].floats == [0, 1, 2] && x[1...3].floats == [1, 2, 3])
        #expect(x[(-2)...].floats == [4, 5] && x[..<(-4)].floats == [0, 1] && x[(-3)...(-1)].floats == [3, 4, 5] && x[...(-1)].count == 6)
        #expect(x[4..<100].floats == [4, 5] && x[10...].count == 0 && x[3..<3].count == 0)
        #expect(cube[1, 1..., ..<2].floats == [16, 17, 20, 21])
    }

    @Test(arguments: [-7, -6, -3, 0, 2, 5, 9, nil] as [Int?], [-9, -2, 0, 3, 6, 8, nil] as [Int?])
    func steps(_ from: Int?, _ to: Int?) {
        let size = 6
        for step in [1, 2, 4, -1, -2, -5] {
            /// NumPy's rule: negative from the end, cut to the axis.
            func bound(_ number: Int?, _ otherwise: Int) -> Int {
                guard let number else { return otherwise }
                let place = number < 0 ? number + size : number
                return step > 0 ? min(max(place, 0), size) : min(max(place, -1), size - 1)
            }
            let expected = Array(stride(from: bound(from, step > 0 ? 0 : size - 1), to: bound(to, step > 0 ? size : -1), by: step))
            #expect(Tensor.arange(size)[.every(step, from: from, to: to)].ints == expected, "\(String(describing: from)):\(String(describing: to)):\(step)")
        }
    }

    @Test func gathersAndNewAxes() {
        #expect(matrix[Tensor(int64: [1, 0, -1])].floats == [4, 5, 6, 1, 2, 3, 4, 5, 6])
        #expect(matrix[.all, Tensor(int64: [2, 0, 0, 1], shape: [2, 2])].shape == [2, 2, 2])
        #expect(matrix[.newAxis, 0, .newAxis].shape == [1, 1, 3])
        #expect(matrix.gatheredAlong(Tensor(int64: [-1, 0], shape: [2, 1])).floats == [3, 4])
        let slope = gradient(at: matrix) { $0.gatheredAlong(Tensor(int64: [-1, 0], shape: [2, 1])).sum() }
        #expect(slope.floats == [0, 0, 1, 1, 0, 0])
    }

    @Test func picksFromLongRows() {
        let size = 20_000
        let x = Tensor.arange(0, Double(2 * size)).reshaped(to: [2, size]), places = Tensor(int64: [5, -1], shape: [2, 1])
        #expect(x.gatheredAlong(places).floats == [5, Float(2 * size - 1)])
        let slope = gradient(at: x / Double(size)) { -logSoftmax($0).gatheredAlong(places).mean() }
        expectClose(slope[.all, Tensor(int64: [5, size - 1])].diagonalPair, (softmax(x / Double(size))[.all, Tensor(int64: [5, size - 1])].diagonalPair - 1) / 2, 1e-6)
    }

    @Test func scatters() {
        let parts = Tensor([[1, 2], [3, 4], [5, 6]])
        #expect(parts.scatterAdded(at: Tensor(int64: [0, 2, 0]), size: 3).floats == [6, 8, 0, 0, 3, 4])
    }

    // MARK: Shapes

    @Test func joiningAndParting() {
        #expect(Tensor.concatenate([matrix, matrix], axis: -1).shape == [2, 6])
        #expect(Tensor.concatenate([Tensor([1]), Tensor(int32: [2])]).floats == [1, 2])
        #expect(Tensor.stack([Tensor([1, 2]), Tensor([3, 4])], axis: 1).floats == [1, 3, 2, 4])
        #expect(matrix.split(sizes: [1, 2], axis: 1).map(\.floats) == [[1, 4], [2, 3, 5, 6]])
        #expect(matrix.split(into: 3, axis: 1).map(\.shape) == [[2, 1], [2, 1], [2, 1]])
        #expect(Tensor([1, 2]).padded([(1, 2)], with: 9).floats == [9, 1, 2, 9, 9])
        #expect(matrix.flipped(axes: 0, 1).floats == [6, 5, 4, 3, 2, 1])
        #expect(matrix.reshaped(3, -1).shape == [3, 2] && matrix.flattened().shape == [6] && cube.flattened(fromAxis: 1).shape == [2, 12])
        #expect(matrix.transposed().floats == [1, 4, 2, 5, 3, 6] && cube.movingAxis(0, to: -1).shape == [3, 4, 2] && cube.swappingAxes(0, 2).shape == [4, 3, 2])
        #expect(matrix.expanded(axis: -1).shape == [2, 3, 1] && matrix.expanded(axis: 0).squeezed().shape == [2, 3])
    }

    @Test func triangles() {
        let square = Tensor([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
        #expect(square.lowerTriangle().floats == [1, 0, 0, 4, 5, 0, 7, 8, 9])
        #expect(square.upperTriangle().floats == [1, 2, 3, 0, 5, 6, 0, 0, 9])
        #expect(square.lowerTriangle(diagonal: -1).floats == [0, 0, 0, 4, 0, 0, 7, 8, 0])
        #expect(square.upperTriangle(diagonal: 1).floats == [0, 2, 3, 0, 0, 6, 0, 0, 0])
    }

    @Test func oneHot() {
        #expect(Tensor(int64: [2, 0, 5]).oneHot(3).floats == [0, 0, 1, 1, 0, 0, 0, 0, 0])
    }

    // MARK: Bridging

    @Test func borrowedMemoryIsNotCopied() {
        nonisolated(unsafe) let memory = UnsafeMutablePointer<Float>.allocate(capacity: 3)
        memory.initialize(repeating: 2, count: 3)
        nonisolated(unsafe) var isReleased = false
        do {
            let tensor = Tensor(borrowing: memory, shape: [3], dtype: .float32) { isReleased = true }
            #expect(tensor.withUnsafeBytes { $0.baseAddress } == UnsafeRawPointer(memory))
            #expect((tensor + 1).floats == [3, 3, 3])
            #expect(!isReleased)
        }
        #expect(isReleased)
        memory.deallocate()
    }

    // MARK: Printing

    @Test func printing() {
        #expect("\(Tensor(2.5))" == "2.5000  (float32)")
        #expect("\(matrix)" == "[[1., 2., 3.],\n [4., 5., 6.]]  (float32[2, 3])")
        #expect("\(Tensor([1.5, -10, .nan, .infinity]))" == "[  1.5000, -10.0000,      nan,      inf]  (float32[4])")
        #expect("\(Tensor([1e-7, 1]))" == "[1.0000e-07, 1.0000e+00]  (float32[2])")
        #expect("\(Tensor(float64: [0.1, 2]))" == "[0.100000, 2.000000]  (float64[2])")
        #expect("\(Tensor(int64: [Int.max, -1]))" == "[9223372036854775807,                  -1]  (int64[2])")
        #expect("\(Tensor(bool: [true, false]))" == "[ true, false]  (bool[2])")
        #expect("\(Tensor.zeros([0, 3]))" == "[]  (float32[0, 3])" && "\(Tensor.zeros([2, 0]))" == "[[],\n []]  (float32[2, 0])")
        #expect("\(Tensor.arange(2000, dtype: .int32))" == "[   0,    1,    2, ..., 1997, 1998, 1999]  (int32[2000])")
        #expect("\(Tensor.zeros([2, 600]))" == "[[0., 0., 0., ..., 0., 0., 0.],\n [0., 0., 0., ..., 0., 0., 0.]]  (float32[2, 600])")
        #expect("\(Tensor([[[1]], [[2]]]))" == "[[[1.]],\n [[2.]]]  (float32[2, 1, 1])")
    }
}

extension Tensor {
    /// The two elements on the diagonal of a 2 by 2 matrix.
    fileprivate var diagonalPair: Tensor { Tensor.stack([self[0, 0], self[1, 1]]) }
}
