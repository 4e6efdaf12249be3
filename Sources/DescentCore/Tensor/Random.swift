import Synchronization

/// A source of random tensors, counter-based (Philox 4x32-10): the same seed and the same draws give the same numbers, on any
/// number of threads, compiled or not. Its position is state in a `Variable`, so each run of a compiled step draws new numbers.
///
/// Streams with different names are independent: a layer that draws from its own stream does not disturb the others.
public final class Random: Sendable {
    /// The key of the stream and how many blocks of it are used: int64[2].
    public let state: Variable
    private let seed: UInt64

    public init(seed: Int) {
        self.seed = UInt64(bitPattern: Int64(seed))
        state = Variable(Tensor(int64: [Int(bitPattern: UInt(Self.mixed(self.seed))), 0]), name: "random")
    }

    private init(key: UInt64) {
        seed = key
        state = Variable(Tensor(int64: [Int(bitPattern: UInt(Self.mixed(key))), 0]), name: "random")
    }

    /// An independent source with a name of its own: always the same for the same seed and name.
    public func stream(_ name: String) -> Random {
        // FNV-1a over the name, from the seed.
        var hash = seed ^ 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Random(key: hash)
    }

    /// SplitMix64's finaliser: near seeds give far keys.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    func draw(_ distribution: RandomNumbers.Distribution, _ shape: [Int], _ dtype: DType) -> Tensor {
        let primitive = RandomNumbers(distribution, shape, dtype)
        let current = state.value
        state.value = current + Tensor(int64: [0, primitive.blocks])
        return applySingle(primitive, current)
    }

    /// Numbers spread evenly over `range`.
    public func uniform(_ shape: [Int], in range: Range<Double> = 0..<1, dtype: DType = .float32) -> Tensor {
        let unit = draw(.uniform, shape, dtype)
        return range == 0..<1 ? unit : unit * (range.upperBound - range.lowerBound) + range.lowerBound
    }
    /// Numbers from a normal distribution.
    public func normal(_ shape: [Int], mean: Double = 0, deviation: Double = 1, dtype: DType = .float32) -> Tensor {
        let standard = draw(.normal, shape, dtype)
        return mean == 0 && deviation == 1 ? standard : standard * deviation + mean
    }
    /// true with the given probability.
    public func bernoulli(_ shape: [Int], probability: Double) -> Tensor { draw(.uniform, shape, .float32) .< probability }
    /// The numbers 0 ..< count in random order, int64.
    public func permutation(_ count: Int) -> Tensor { draw(.uniform, [count], .float64).argsort() }
}
