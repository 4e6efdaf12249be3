extension DType {
    /// The type of the result when two types meet in one operation: as the Array API standard says, and where it leaves the choice, as here.
    ///
    /// - The larger of two floating types; of two signed or two unsigned integer types too.
    /// - An unsigned and a signed integer type: the smallest signed one that holds both. For `uint64` there is none: `float64`, as in NumPy.
    /// - `bool` with another type gives that type. An integer with a floating type gives the floating type (the standard leaves it open).
    /// - `float16` with `bfloat16`, or either with a larger floating type: at least `float32` (open too).
    public static func promoted(_ a: DType, _ b: DType) -> DType {
        if a == b || b == .bool { return a }
        if a == .bool { return b }
        guard let first = a.integerType, let second = b.integerType else {
            if a.isInteger { return b }
            if b.isInteger { return a }
            return a == .float64 || b == .float64 ? .float64 : .float32
        }
        if first.isSigned == second.isSigned { return first.bitWidth > second.bitWidth ? a : b }
        let signed = first.isSigned ? a : b, unsigned = first.isSigned ? b : a
        if signed.byteCount > unsigned.byteCount { return signed }
        return switch unsigned {
        case .uint8: .int16
        case .uint16: .int32
        case .uint32: .int64
        default: .float64
        }
    }

    /// The type in which a sum of this type's elements is made: of integers smaller than 32 bits, of `bool` and of `uint32` one of 64 bits.
    package var sumType: DType {
        switch self {
        case .bool, .uint8, .int8, .int16: .int64
        case .uint16, .uint32: .uint64
        default: self
        }
    }
}

/// What may be done with `float16` and `bfloat16`: what moves elements and leaves them as they are, and casts.
package enum StorageTypes {
    private static let moving: Set<ObjectIdentifier> = Set(
        [
            Cast.self, Identity.self, StopGradient.self, Barrier.self, Select.self, Reshape.self, Permute.self, Broadcast.self, Slice.self, Flip.self,
            Pad.self, Concatenate.self, Gather.self, GatherAlong.self,
        ].map { (primitive: any Primitive.Type) in ObjectIdentifier(primitive) })

    /// Refuses what computes in one of these types.
    package static func check<P: Primitive>(_ primitive: P, _ inputs: [TensorType]) throws(ShapeError) {
        guard let stored = inputs.first(where: { $0.dtype.isStorageOnly }), !moving.contains(ObjectIdentifier(P.self)) else { return }
        throw ShapeError("\(P.name): \(stored.dtype) is for storage, and nothing is computed in it. Use cast(to: .float32) first.")
    }
}
