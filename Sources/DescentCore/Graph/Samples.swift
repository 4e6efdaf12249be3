/// Inputs that the generic checks feed to a primitive: derivatives against finite differences, vmap against a loop, float32
/// against float64. A primitive without samples fails the tests.
package struct PrimitiveSample: Sendable {
    package enum Input: Sendable {
        /// Numbers spread over a range without repeats or special values, the same at every run.
        case numbers([Int], ClosedRange<Double>)
        /// Exactly these numbers, of this type.
        case exact([Double], [Int], DType)
        /// Exactly these numbers, of the floating type under test.
        case floats([Double], [Int])
        /// Symmetric positive definite matrices in the last two axes, far from singular.
        case definite([Int])
    }

    /// The primitive, for floating inputs of an element type.
    package let primitive: @Sendable (DType) -> any Primitive
    package let inputs: [Input]
    /// Whether finite differences are a truth here: not at kinks and ties, nor where there is no derivative.
    package let isSmooth: Bool
    /// Whether the results are compared between element types and batched runs (not for raw random bits in another layout).
    package let note: String

    package init(_ primitive: any Primitive, _ inputs: [Input], smooth: Bool = true, note: String = "") {
        self.primitive = { _ in primitive }
        self.inputs = inputs
        isSmooth = smooth
        self.note = note
    }

    /// A sample of a primitive that is another for each element type.
    package init(_ primitive: @escaping @Sendable (DType) -> any Primitive, _ inputs: [Input]) {
        self.primitive = primitive
        self.inputs = inputs
        isSmooth = true
        note = ""
    }

    /// Samples of an operation on one input: usual, size-1, empty and scalar shapes.
    package static func unary(_ primitive: any Primitive, in range: ClosedRange<Double>, smooth: Bool = true) -> [PrimitiveSample] {
        [[2, 3], [1, 4], [0, 3], []].map { PrimitiveSample(primitive, [.numbers($0, range)], smooth: smooth) }
    }

    /// Samples of an operation on two inputs of one shape.
    package static func binary(_ primitive: any Primitive, in a: ClosedRange<Double>, _ b: ClosedRange<Double>, smooth: Bool = true) -> [PrimitiveSample] {
        [[2, 3], [1, 4], [0, 3], []].map { PrimitiveSample(primitive, [.numbers($0, a), .numbers($0, b)], smooth: smooth) }
    }
}
