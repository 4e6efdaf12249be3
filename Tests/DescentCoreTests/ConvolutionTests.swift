import DescentCore
import Testing

/// Convolutions against a plain sum in Double, over many geometries, and the convolution's derivatives.
@Suite("Convolutions")
struct ConvolutionTests {
    /// One random problem, with its sizes.
    struct Problem: CustomTestStringConvertible {
        var x: [Int], w: [Int]
        var geometry: ConvolutionGeometry
        var testDescription: String { "x \(x), w \(w), \(geometry)" }
        var rank: Int { geometry.rank }
        var y: [Int] { [x[0], w[0]] + (0..<rank).map { geometry.outputSize($0, input: x[$0 + 2], kernel: w[$0 + 2]) } }
    }

    /// Sizes that meet odd widths, several panels, strides with unreached elements, cut-off padding, groups and single channels.
    static let problems: [Problem] = {
        var dice = Dice(seed: 11)
        func draw(_ range: ClosedRange<Int>) -> Int { range.lowerBound + dice.roll(range.count) }
        var problems: [Problem] = []
        while problems.count < 120 {
            let rank = draw(1...3), groups = [1, 1, 1, 2, 3][draw(0...4)], most = rank == 1 ? 40 : rank == 2 ? 13 : 6
            let x = [draw(1...3), groups * [1, 3, 7][draw(0...2)]] + (0..<rank).map { _ in draw(1...most) }
            let w = [groups * [1, 5, 13][draw(0...2)], x[1] / groups] + (0..<rank).map { _ in draw(1...4) }
            let geometry = ConvolutionGeometry(
                stride: (0..<rank).map { _ in draw(1...3) }, padding: (0..<rank).map { _ in [draw(-1...3), draw(-1...3)] },
                dilation: (0..<rank).map { _ in draw(1...2) }, groups: groups)
            let problem = Problem(x: x, w: w, geometry: geometry)
            if problem.y.allSatisfy({ $0 > 0 }) { problems.append(problem) }
        }
        return problems
    }()

    /// Calls `body` with the positions of x, w and y of each product in the sum.
    static func each(_ problem: Problem, _ body: (Int, Int, Int) -> Void) {
        func full(_ sizes: ArraySlice<Int>, _ missing: Int) -> [Int] { [Int](repeating: missing, count: 3 - sizes.count) + sizes }
        let (x, w, y) = (full(problem.x[2...], 1), full(problem.w[2...], 1), full(problem.y[2...], 1)), g = problem.geometry
        let (stride, dilation) = (full(g.stride[...], 1), full(g.dilation[...], 1)), padding = full(g.padding.map { $0[0] }[...], 0)
        let channels = problem.w[1], filters = problem.w[0] / g.groups
        func inside(_ position: [Int], _ sizes: [Int]) -> Int? {
            zip(position, sizes).allSatisfy { $0 >= 0 && $0 < $1 } ? (position[0] * sizes[1] + position[1]) * sizes[2] + position[2] : nil
        }
        func positions(_ sizes: [Int]) -> [[Int]] {
            (0..<sizes[0]).flatMap { d in (0..<sizes[1]).flatMap { h in (0..<sizes[2]).map { [d, h, $0] } } }
        }
        for (p, place) in positions(y).enumerated() {
            for (t, tap) in positions(w).enumerated() {
                guard let q = inside((0..<3).map { place[$0] * stride[$0] + tap[$0] * dilation[$0] - padding[$0] }, x) else { continue }
                for n in 0..<problem.x[0] {
                    for o in 0..<problem.w[0] {
                        for c in 0..<channels {
                            body(
                                (n * problem.x[1] + o / filters * channels + c) * x.reduce(1, *) + q, (o * channels + c) * w.reduce(1, *) + t,
                                (n * problem.w[0] + o) * y.reduce(1, *) + p)
                        }
                    }
                }
            }
        }
    }

    static func numbers(_ count: Int, _ seed: Int) -> [Double] {
        var dice = Dice(seed: seed)
        return (0..<count).map { _ in Double(dice.roll(2001)) / 1000 - 1 }
    }

    @Test("each of the three operations is the plain sum, in float64 and float32", arguments: problems)
    func plainSum(problem: Problem) {
        let shapes = [problem.x, problem.w, problem.y]
        let values = shapes.enumerated().map { Self.numbers($1.reduce(1, *), $0 + 1) }
        var sums = shapes.map { [Double](repeating: 0, count: $0.reduce(1, *)) }
        Self.each(problem) { x, w, y in
            sums[0][x] += values[1][w] * values[2][y]
            sums[1][w] += values[0][x] * values[2][y]
            sums[2][y] += values[0][x] * values[1][w]
        }
        for dtype in [DType.float64, .float32] {
            let tensors = zip(values, shapes).map { Tensor(float64: $0, shape: $1).cast(to: dtype) }
            let results = [
                applySingle(Convolution(.input(Array(problem.x[2...])), problem.geometry), tensors[2], tensors[1]),
                applySingle(Convolution(.weight(Array(problem.w[2...])), problem.geometry), tensors[0], tensors[2]),
                applySingle(Convolution(.output, problem.geometry), tensors[0], tensors[1]),
            ]
            for (result, sum) in zip(results, sums) {
                let worst = zip(result.cast(to: .float64).doubles, sum).map { abs($0 - $1) }.max()!
                #expect(worst <= (dtype == .float64 ? 1e-12 : 1e-4), "off by \(worst)")
            }
        }
    }

    @Test("the same bits on one, two and three threads, also where images are few, channels are many, and the kernel is large")
    func threads() {
        let before = Threads.count
        defer { Threads.count = before }
        for (x, w, stride, padding) in [([3, 20, 33, 31], [40, 20, 3, 3], 1, 1), ([16, 3, 24, 24], [32, 3, 5, 5], 2, 2), ([1, 8, 40, 40], [24, 8, 12, 12], 1, 0)] {
            let geometry = ConvolutionGeometry(stride: [stride, stride], padding: [[padding, padding], [padding, padding]], dilation: [1, 1], groups: 1)
            let a = Tensor(Self.numbers(x.reduce(1, *), 1).map { Float($0) }, shape: x), b = Tensor(Self.numbers(w.reduce(1, *), 2).map { Float($0) }, shape: w)
            var bits: [[[UInt32]]] = []
            for count in 1...3 {
                Threads.count = count
                let y = applySingle(Convolution(.output, geometry), a, b)
                let results = [
                    y, applySingle(Convolution(.input(Array(x[2...])), geometry), y, b), applySingle(Convolution(.weight(Array(w[2...])), geometry), a, y),
                ]
                bits.append(results.map { $0.floats.map(\.bitPattern) })
            }
            #expect(bits[0] == bits[1] && bits[0] == bits[2])
        }
    }
}

/// Convolutions with 3 x 3 filters at stride 1, which are made of fewer multiplications where channels are many.
@Suite("Convolutions by Winograd's method")
struct WinogradTests {
    /// Sizes with odd grids, several small images in a panel, several panels of an image, groups and padding of all kinds.
    static let problems: [ConvolutionTests.Problem] = [
        ([8, 16, 9, 11], 16, 1, 1), ([50, 17, 4, 4], 23, 1, 1), ([1, 20, 33, 30], 40, 1, 1), ([13, 32, 7, 7], 64, 1, 2), ([24, 48, 6, 5], 32, 2, 0), ([48, 16, 3, 3], 16, 1, 1),
        ([22, 150, 5, 6], 16, 1, 1),
    ].map { x, filters, groups, padding in
        ConvolutionTests.Problem(
            x: x, w: [filters, x[1] / groups, 3, 3],
            geometry: ConvolutionGeometry(stride: [1, 1], padding: [[padding, padding], [padding, padding]], dilation: [1, 1], groups: groups))
    }

    @Test("the error is at most four times that of the plain sum in float32", arguments: problems)
    func error(problem: ConvolutionTests.Problem) {
        let shapes = [problem.x, problem.w, problem.y]
        let values = shapes.enumerated().map { ConvolutionTests.numbers($1.reduce(1, *), $0 + 5).map { Float($0) } }
        var exact = shapes.map { [Double](repeating: 0, count: $0.reduce(1, *)) }, plain = shapes.map { [Float](repeating: 0, count: $0.reduce(1, *)) }
        ConvolutionTests.each(problem) { x, w, y in
            exact[0][x] += Double(values[1][w]) * Double(values[2][y])
            plain[0][x] += values[1][w] * values[2][y]
            exact[1][w] += Double(values[0][x]) * Double(values[2][y])
            plain[1][w] += values[0][x] * values[2][y]
            exact[2][y] += Double(values[0][x]) * Double(values[1][w])
            plain[2][y] += values[0][x] * values[1][w]
        }
        let tensors = zip(values, shapes).map { Tensor($0, shape: $1) }
        let results = [
            0: applySingle(Convolution(.input(Array(problem.x[2...])), problem.geometry), tensors[2], tensors[1]),
            1: applySingle(Convolution(.weight([3, 3]), problem.geometry), tensors[0], tensors[2]),
            2: applySingle(Convolution(.output, problem.geometry), tensors[0], tensors[1]),
        ]
        func deviation(_ found: [Float], _ side: Int) -> Double {
            let squares = zip(found, exact[side]).reduce(0) { $0 + (Double($1.0) - $1.1) * (Double($1.0) - $1.1) }
            return (squares / Double(found.count)).squareRoot()
        }
        for (side, result) in results {
            let (own, direct) = (deviation(result.floats, side), deviation(plain[side], side))
            #expect(own <= 4 * direct, "\(own) and \(direct)")
        }
    }

    @Test("the same bits on one, two and three threads, for many images and for one", arguments: [[25, 16, 6, 6], [1, 24, 40, 40]])
    func threads(x: [Int]) {
        let before = Threads.count
        defer { Threads.count = before }
        let geometry = ConvolutionGeometry(stride: [1, 1], padding: [[1, 1], [1, 1]], dilation: [1, 1], groups: 1), w = [32, x[1], 3, 3]
        let a = Tensor(ConvolutionTests.numbers(x.reduce(1, *), 1).map { Float($0) }, shape: x), b = Tensor(ConvolutionTests.numbers(w.reduce(1, *), 2).map { Float($0) }, shape: w)
        let bits = (1...3).map { count -> [UInt32] in
            Threads.count = count
            return applySingle(Convolution(.output, geometry), a, b).floats.map(\.bitPattern)
        }
        #expect(bits[0] == bits[1] && bits[0] == bits[2])
    }
}

/// What is done to a convolution's results, element by element and row by row, while they are hot.
@Suite("What follows a convolution")
struct ConvolutionEpilogueTests {
    /// Every path of the kernels: patches, Winograd's tiles, groups of one channel, few images and many, one tap.
    static let problems: [ConvolutionTests.Problem] =
        ConvolutionTests.problems.prefix(40) + WinogradTests.problems
        + [([1, 6, 9, 9], 6, 3, 6), ([20, 4, 5, 7], 8, 3, 4), ([2, 3, 6, 6], 4, 1, 1), ([1, 40, 30, 30], 33, 3, 1)].map { x, filters, size, groups in
            ConvolutionTests.Problem(
                x: x, w: [filters, x[1] / groups, size, size],
                geometry: ConvolutionGeometry(stride: [1, 1], padding: [[1, 1], [1, 1]], dilation: [1, 1], groups: groups))
        }

    @Test("bias, scale and activation are one instruction with it, and give the same bits as apart", arguments: problems)
    func sameBits(problem: ConvolutionTests.Problem) {
        let perChannel = [1, problem.w[0]] + [Int](repeating: 1, count: problem.rank)
        func numbers(_ shape: [Int], _ seed: Int) -> Tensor { Tensor(ConvolutionTests.numbers(shape.reduce(1, *), seed).map { Float($0) }, shape: shape) }
        let (x, w, scale, bias) = (numbers(problem.x, 1), numbers(problem.w, 2), numbers(perChannel, 3), numbers(perChannel, 4))
        func after(_ y: Tensor) -> Tensor { relu(y * scale + bias) }
        let step = compile { (x: Tensor, w: Tensor) in after(applySingle(Convolution(.output, problem.geometry), x, w)) }
        let apart = applySingle(Convolution(.output, problem.geometry), x, w)
        evaluate(apart)
        #expect(step(x, w).floats.map(\.bitPattern) == after(apart).floats.map(\.bitPattern))
        // One result a channel: there the channels are better taken as rows, in a pass of its own.
        if problem.y[2...].reduce(1, *) > 1 { #expect(step.instructionCount == 1, "\(step.description)") }
    }

    @Test("a softmax over each channel's places is part of it, and its input is read again later")
    func rows() {
        let x = Tensor(ConvolutionTests.numbers(2 * 3 * 8 * 8, 1).map { Float($0) }, shape: [2, 3, 8, 8])
        let w = Tensor(ConvolutionTests.numbers(4 * 3 * 9, 2).map { Float($0) }, shape: [4, 3, 3, 3])
        func after(_ y: Tensor, _ x: Tensor) -> Tensor { softmax(y.reshaped(2, 4, 64)).reshaped(2, 4, 8, 8) + x[0..., 0..<1] }
        let step = compile { (x: Tensor, w: Tensor) in after(x.convolved(with: w, padding: 1), x) }
        let apart = x.convolved(with: w, padding: 1)
        evaluate(apart)
        let (found, wanted) = (step(x, w).floats, after(apart, x).floats)
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("a sum over no channel's place is 0, and what follows is done to it")
    func nothing() {
        let x = Tensor.zeros([0, 2, 3, 3]), w = Tensor.ones([1, 2, 2, 2])
        let step = compile { (x: Tensor, w: Tensor) in x.convolved(with: w) + 1 }
        #expect(step(x, w).shape == [0, 1, 2, 2])
    }
}
