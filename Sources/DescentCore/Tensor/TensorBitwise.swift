// Operators on the bits of integers. On bools they are the logical ones.

extension Tensor {
    /// The bits that both have; for bools, whether both are true.
    public static func & (a: Tensor, b: Tensor) -> Tensor { areBools(a, b) ? a.and(b) : BitwiseAnd.node(a, b) }
    public static func & (a: Tensor, b: Int) -> Tensor { a & a.integer(b) }
    /// The bits that at least one has; for bools, whether at least one is true.
    public static func | (a: Tensor, b: Tensor) -> Tensor { areBools(a, b) ? a.or(b) : BitwiseOr.node(a, b) }
    public static func | (a: Tensor, b: Int) -> Tensor { a | a.integer(b) }
    /// The bits that exactly one has; for bools, whether exactly one is true.
    public static func ^ (a: Tensor, b: Tensor) -> Tensor { areBools(a, b) ? a.xor(b) : BitwiseXor.node(a, b) }
    public static func ^ (a: Tensor, b: Int) -> Tensor { a ^ a.integer(b) }
    /// All bits inverted; for bools, not true.
    public static prefix func ~ (x: Tensor) -> Tensor { x.dtype == .bool ? !x : BitwiseNot.node(x) }
    /// Shifted to the left by numbers of bits; 0 where such a number is negative or as large as the type has bits.
    public static func << (a: Tensor, b: Tensor) -> Tensor { ShiftLeft.node(a, b) }
    public static func << (a: Tensor, b: Int) -> Tensor { a << a.places(b) }
    /// Shifted to the right by numbers of bits, the sign filling up; nothing but the sign where such a number is negative or as large as the type has bits.
    public static func >> (a: Tensor, b: Tensor) -> Tensor { ShiftRight.node(a, b) }
    public static func >> (a: Tensor, b: Int) -> Tensor { a >> a.places(b) }

    private static func areBools(_ a: Tensor, _ b: Tensor) -> Bool { a.dtype == .bool && b.dtype == .bool }

    /// A number of bits to shift by. No type has 64 bits to spare, and -1 is too many for each: what lies beyond must not wrap to a few.
    private func places(_ count: Int) -> Tensor { integer(Swift.min(Swift.max(count, -1), 64)) }

    /// A number of this tensor's type, wrapped to it.
    private func integer(_ value: Int) -> Tensor {
        Tensor(Node(Fill(shape, dtype.isInteger ? ScalarBits(wrapping: value, dtype) : ScalarBits(value, dtype)), nil, nil, TensorType(shape, dtype)))
    }
}
