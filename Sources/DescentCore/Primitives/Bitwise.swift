import CKernels

/// An operation on the bits of integers: no derivative.
package protocol BitwisePrimitive: BinaryElementwise {}

extension BitwisePrimitive {
    package static func accepts(_ dtype: DType) -> Bool { dtype.isInteger }
    package func jvp(_ call: Call, _ tangents: [Tensor?]) -> [Tensor?] { [nil] }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(Self(), [.exact([5, -7, 1, 0], [2, 2], .int64), .exact([3, 2, 70, 1], [2, 2], .int64)], smooth: false),
            PrimitiveSample(Self(), [.exact([200, 7, 1], [3], .uint8), .exact([3, 2, 9], [3], .uint8)], smooth: false),
            PrimitiveSample(Self(), [.exact([-200, 7, 1], [3], .int32), .exact([3, 31, 40], [3], .int32)], smooth: false),
        ]
    }
}

package struct BitwiseAnd: BitwisePrimitive {
    package static let name = "bitwise_and"
    package static let operation = DK_bitwise_and
    package init() {}
}

package struct BitwiseOr: BitwisePrimitive {
    package static let name = "bitwise_or"
    package static let operation = DK_bitwise_or
    package init() {}
}

package struct BitwiseXor: BitwisePrimitive {
    package static let name = "bitwise_xor"
    package static let operation = DK_bitwise_xor
    package init() {}
}

/// `a` shifted by `b` bits to the left; 0 where `b` is negative or as large as the type has bits.
package struct ShiftLeft: BitwisePrimitive {
    package static let name = "shift_left"
    package static let operation = DK_shift_left
    package init() {}
}

/// `a` shifted by `b` bits to the right, the sign filling up; nothing but the sign where `b` is negative or as large as the type has bits.
package struct ShiftRight: BitwisePrimitive {
    package static let name = "shift_right"
    package static let operation = DK_shift_right
    package init() {}
}

package struct BitwiseNot: UnaryElementwise {
    package static let name = "bitwise_not"
    package static let operation = DK_bitwise_not
    package init() {}
    package static func accepts(_ dtype: DType) -> Bool { dtype.isInteger }
    package func derivative(x: Tensor, y: Tensor) -> Tensor? { nil }
    package static var samples: [PrimitiveSample] {
        [
            PrimitiveSample(BitwiseNot(), [.exact([5, -7, 0], [3], .int64)], smooth: false),
            PrimitiveSample(BitwiseNot(), [.exact([5, 255, 0], [3], .uint8)], smooth: false),
        ]
    }
}
