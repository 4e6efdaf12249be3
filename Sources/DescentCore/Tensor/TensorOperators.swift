// Operators are concrete overloads, never generic: long expressions then type-check in milliseconds.

infix operator .== : ComparisonPrecedence
infix operator .!= : ComparisonPrecedence
infix operator .< : ComparisonPrecedence
infix operator .<= : ComparisonPrecedence
infix operator .> : ComparisonPrecedence
infix operator .>= : ComparisonPrecedence

extension Tensor {
    /// A scalar beside this tensor: of its element type; float32 if it is a fraction and this holds integers.
    @inline(__always)
    private func scalar(_ value: Double) -> Tensor {
        let type = self.type
        if type.dtype.isFloating || type.dtype.isStorageOnly { return Tensor(Node(Fill(type.shape, ScalarBits(value, type.dtype)), nil, nil, type)) }
        if value != value.rounded() { return .full(type.shape, value, dtype: .float32) }
        // A number that the type can't hold (300 or -1 beside uint8) takes the smallest that can.
        let dtype = [type.dtype == .bool ? .int32 : type.dtype, .int32].first { ScalarBits(value, $0).value == value } ?? .int64
        return .full(type.shape, value, dtype: dtype)
    }

    /// For division, which always gives a floating type.
    private var divisible: Tensor { floating }

    public static func + (a: Tensor, b: Tensor) -> Tensor { Add.node(a, b) }
    public static func + (a: Tensor, b: Double) -> Tensor { Add.node(a, a.scalar(b)) }
    public static func + (a: Double, b: Tensor) -> Tensor { Add.node(b.scalar(a), b) }
    public static func - (a: Tensor, b: Tensor) -> Tensor { Subtract.node(a, b) }
    public static func - (a: Tensor, b: Double) -> Tensor { Subtract.node(a, a.scalar(b)) }
    public static func - (a: Double, b: Tensor) -> Tensor { Subtract.node(b.scalar(a), b) }
    /// Element by element; for the matrix product see `matmul`.
    public static func * (a: Tensor, b: Tensor) -> Tensor { Multiply.node(a, b) }
    public static func * (a: Tensor, b: Double) -> Tensor { Multiply.node(a, a.scalar(b)) }
    public static func * (a: Double, b: Tensor) -> Tensor { Multiply.node(b.scalar(a), b) }
    /// Element by element. Integers become float32; for whole quotients see `floorDivided(by:)`.
    public static func / (a: Tensor, b: Tensor) -> Tensor { Divide.node(a.divisible, b.divisible) }
    public static func / (a: Tensor, b: Double) -> Tensor { Divide.node(a.divisible, a.divisible.scalar(b)) }
    public static func / (a: Double, b: Tensor) -> Tensor { Divide.node(b.divisible.scalar(a), b.divisible) }
    /// The remainder with the sign of the divisor.
    public static func % (a: Tensor, b: Tensor) -> Tensor { Remainder.node(a, b) }
    public static func % (a: Tensor, b: Double) -> Tensor { Remainder.node(a, a.scalar(b)) }
    public static prefix func - (x: Tensor) -> Tensor { Negate.node(x) }

    public static func += (a: inout Tensor, b: Tensor) { a = a + b }
    public static func -= (a: inout Tensor, b: Tensor) { a = a - b }
    public static func *= (a: inout Tensor, b: Tensor) { a = a * b }
    public static func *= (a: inout Tensor, b: Double) { a = a * b }
    public static func /= (a: inout Tensor, b: Double) { a = a / b }

    /// Whether the elements are equal, one by one: a `bool` tensor.
    public static func .== (a: Tensor, b: Tensor) -> Tensor { Equal.node(a, b) }
    public static func .== (a: Tensor, b: Double) -> Tensor { Equal.node(a, a.scalar(b)) }
    public static func .!= (a: Tensor, b: Tensor) -> Tensor { NotEqual.node(a, b) }
    public static func .!= (a: Tensor, b: Double) -> Tensor { NotEqual.node(a, a.scalar(b)) }
    public static func .< (a: Tensor, b: Tensor) -> Tensor { Less.node(a, b) }
    public static func .< (a: Tensor, b: Double) -> Tensor { Less.node(a, a.scalar(b)) }
    public static func .<= (a: Tensor, b: Tensor) -> Tensor { LessEqual.node(a, b) }
    public static func .<= (a: Tensor, b: Double) -> Tensor { LessEqual.node(a, a.scalar(b)) }
    public static func .> (a: Tensor, b: Tensor) -> Tensor { Greater.node(a, b) }
    public static func .> (a: Tensor, b: Double) -> Tensor { Greater.node(a, a.scalar(b)) }
    public static func .>= (a: Tensor, b: Tensor) -> Tensor { GreaterEqual.node(a, b) }
    public static func .>= (a: Tensor, b: Double) -> Tensor { GreaterEqual.node(a, a.scalar(b)) }

    private var truth: Tensor { cast(to: .bool) }
    /// Both true. Numbers count as true when not zero.
    public func and(_ other: Tensor) -> Tensor { LogicalAnd.node(truth, other.truth) }
    /// At least one true.
    public func or(_ other: Tensor) -> Tensor { LogicalOr.node(truth, other.truth) }
    /// Exactly one true.
    public func xor(_ other: Tensor) -> Tensor { LogicalXor.node(truth, other.truth) }
    /// Not true.
    public static prefix func ! (x: Tensor) -> Tensor { LogicalNot.node(x.truth) }

    /// The largest whole number not above the quotient.
    public func floorDivided(by other: Tensor) -> Tensor {
        dtype.isFloating || other.dtype.isFloating ? Floor.node(self / other) : Divide.node(self, other)
    }

    /// `condition ? a : b`, element by element, shapes broadcast together.
    public static func `where`(_ condition: Tensor, _ a: Tensor, _ b: Tensor) -> Tensor {
        let dtype = DType.promoted(a.dtype, b.dtype)
        if condition.shape == a.shape, a.shape == b.shape {
            return applySingle(Select(), condition.cast(to: .bool), a.cast(to: dtype), b.cast(to: dtype))
        }
        do {
            let shape = try broadcastShape(try broadcastShape(condition.shape, a.shape, for: "where"), b.shape, for: "where")
            return applySingle(Select(), condition.cast(to: .bool).broadcast(to: shape), a.cast(to: dtype).broadcast(to: shape), b.cast(to: dtype).broadcast(to: shape))
        } catch { return standIn(error, like: a.rank > b.rank ? a : b) }
    }
}
