import DescentCore

/// The same numbers for the same seed (SplitMix64).
struct Dice: RandomNumberGenerator {
    private var state: UInt64
    init(seed: Int) { state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 }
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
    /// A number below `count`.
    mutating func roll(_ count: Int) -> Int { Int.random(in: 0..<count, using: &self) }
    mutating func pick<Element>(_ list: [Element]) -> Element { list[roll(list.count)] }
}

/// A graph of random operations that fit together. Its numbers stay small, and it has no steps (floor, equality) where one rounding
/// more or less would change a result.
struct RandomGraph {
    private var dice: Dice
    private(set) var tensors: [Tensor] = []
    private let dtype: DType
    private let sizes: [Int]

    init(seed: Int, dtype: DType, sizes: [Int] = [1, 2, 3, 4, 5, 8]) {
        dice = Dice(seed: seed)
        self.dtype = dtype
        self.sizes = sizes
    }

    /// A leaf of a random shape, not too large.
    mutating func addLeaf(rank: Int) {
        var shape: [Int] = []
        for _ in 0..<rank { shape.append(dice.pick(shape.elementCount > 1000 ? [1, 2] : sizes)) }
        tensors.append(Tensor(float64: spread(shape.elementCount, in: -1.5...1.5, seed: tensors.count), shape: shape).settled(as: dtype))
    }

    mutating func add(_ tensor: Tensor) { tensors.append(tensor) }

    /// One more operation on what is there.
    mutating func grow() {
        let x = dice.pick(tensors)
        if let made = operation(on: x), made.count <= 200_000, made.rank <= 5 { tensors.append(made) }
    }

    private mutating func operation(on x: Tensor) -> Tensor? {
        switch dice.roll(16) {
        case 0, 1: dice.pick(Self.unary)(x)
        case 2, 3, 4: binary(x)
        case 5: reduction(x)
        case 6: x.permuted(Array(0..<x.rank).shuffled(using: &dice))
        case 7: x.reshaped(to: x.rank > 1 && x.count > 0 && dice.roll(2) == 0 ? [x.shape[0], x.count / x.shape[0]] : [x.count])
        case 8: slice(x)
        case 9: x.rank == 0 ? nil : x.flipped(axes: dice.roll(x.rank))
        case 10: x.broadcast(to: [dice.pick(sizes)] + x.shape)
        case 11: x.padded(x.shape.map { _ in (dice.roll(2), dice.roll(3)) }, with: 0.5)
        case 12: product(x)
        case 13: gather(x)
        case 14: x.rank == 0 || x.count == 0 ? nil : dice.roll(2) == 0 ? softmax(x, axis: dice.roll(x.rank)) : logSoftmax(x, axis: dice.roll(x.rank))
        default: x.rank == 0 ? nil : tanh(x.cumulativeSum(axis: dice.roll(x.rank), reverse: dice.roll(2) == 0))
        }
    }

    nonisolated(unsafe) private static let unary: [(Tensor) -> Tensor] = [
        tanh, sin, abs, relu, { -$0 }, sigmoid, { exp(tanh($0)) }, { sqrt($0 * $0 + 1) }, softplus,
    ]
    nonisolated(unsafe) private static let binary: [(Tensor, Tensor) -> Tensor] = [
        { $0 + $1 }, { $0 - $1 }, { tanh($0) * $1 }, { $0 / ($1 * $1 + 1) }, maximum, minimum,
        { Tensor.where($0 .> $1, $0, 0.5 * $1 + 0.5 * $0) },
    ]
    nonisolated(unsafe) private static let reductions: [(Tensor, [Int], Bool) -> Tensor] = [
        { $0.mean(axes: $1, keepingAxes: $2) }, { $0.max(axes: $1, keepingAxes: $2) }, { $0.min(axes: $1, keepingAxes: $2) },
    ]

    private mutating func binary(_ x: Tensor) -> Tensor? {
        let y = dice.pick(tensors)
        guard let shape = try? broadcastShape(x.shape, y.shape, for: "test"), shape.elementCount <= 100_000 else { return nil }
        return dice.pick(Self.binary)(x, y)
    }

    private mutating func reduction(_ x: Tensor) -> Tensor? {
        let axes = (0..<x.rank).filter { _ in dice.roll(2) == 0 }, keeps = dice.roll(2) == 0
        if axes.contains(where: { x.shape[$0] == 0 }) { return nil }
        return dice.pick(Self.reductions)(x, axes, keeps)
    }

    private mutating func slice(_ x: Tensor) -> Tensor? {
        guard x.rank > 0 else { return nil }
        let axis = dice.roll(x.rank), size = x.shape[axis]
        let start = dice.roll(size + 1)
        return x.slice(axis: axis, start..<(start + dice.roll(size - start + 1)))
    }

    private mutating func product(_ x: Tensor) -> Tensor? {
        guard x.rank >= 1, x.count > 0, let y = tensors.filter({ $0.rank == 2 && $0.shape.contains(x.shape.last!) }).randomElement(using: &dice) else { return nil }
        let right = y.shape[0] == x.shape.last! ? y : y.transposed()
        let result = x.matmul(right) / Double(x.shape.last!)
        return dice.roll(2) == 0 ? result : relu(result + Tensor.arange(0, Double(result.shape.last!), dtype: dtype) * 0.01)
    }

    private mutating func gather(_ x: Tensor) -> Tensor? {
        guard x.rank > 0, x.count > 0 else { return nil }
        let axis = dice.roll(x.rank)
        if dice.roll(2) == 0 {
            let places = Tensor(int64: (0..<(1 + dice.roll(5))).map { _ in dice.roll(2 * x.shape[axis]) - x.shape[axis] })
            return dice.roll(2) == 0 ? x.gathered(places, axis: axis) : x.gathered(places, axis: axis).scatterAdded(at: places, axis: axis, size: x.shape[axis])
        }
        var shape = x.shape
        shape[axis] = 1
        let places = Tensor(int64: (0..<shape.elementCount).map { _ in dice.roll(x.shape[axis]) }, shape: shape)
        return x.gatheredAlong(places, axis: axis)
    }
}
