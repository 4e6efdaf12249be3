/// All primitives. The derivative check, the vmap check and the documentation's table iterate over this list; a primitive is
/// added with one file and one line here.
package enum PrimitiveRegistry {
    package static let all: [any Primitive.Type] = [
        Fill.self, Iota.self, RandomNumbers.self, RandomVariates.self, GammaSlope.self, GammaCurvature.self,
        Identity.self, StopGradient.self, Barrier.self, CustomDerivative.self, Checkpoint.self,
        Add.self, Subtract.self, Multiply.self, Divide.self, Power.self, Maximum.self, Minimum.self, Remainder.self, ArcTangent2.self,
        Negate.self, Absolute.self, Sign.self, Floor.self, Ceiling.self, Round.self,
        Exp.self, Expm1.self, Log.self, Log1p.self, SquareRoot.self, ReciprocalSquareRoot.self,
        Sine.self, Cosine.self, Tangent.self, ArcSine.self, ArcCosine.self, ArcTangent.self,
        HyperbolicSine.self, HyperbolicCosine.self, HyperbolicTangent.self, Sigmoid.self, Softplus.self, ErrorFunction.self,
        InverseHyperbolicSine.self, InverseHyperbolicCosine.self, InverseHyperbolicTangent.self, Log2.self, Log10.self, Truncate.self,
        ComplementaryErrorFunction.self, InverseErrorFunction.self, InverseComplementaryErrorFunction.self, LogGamma.self, Digamma.self, Polygamma.self, SignBit.self,
        Hypotenuse.self, LogAddExp.self, NextAfter.self,
        BitwiseAnd.self, BitwiseOr.self, BitwiseXor.self, BitwiseNot.self, ShiftLeft.self, ShiftRight.self,
        Relu.self, ReluGradient.self,
        Equal.self, NotEqual.self, Less.self, LessEqual.self, Greater.self, GreaterEqual.self,
        LogicalAnd.self, LogicalOr.self, LogicalXor.self, LogicalNot.self, IsNaN.self, IsFinite.self,
        Select.self, Cast.self,
        Reshape.self, Permute.self, Broadcast.self, Slice.self, Flip.self, Pad.self, Concatenate.self,
        Sum.self, Max.self, Min.self, ArgReduce.self, CumulativeSum.self, CumulativeExtreme.self, ArgumentSort.self, Sort.self,
        SearchSorted.self,
        IndexCheck.self, Gather.self, ScatterAdd.self, GatherAlong.self, ScatterAddAlong.self,
        Product.self, Convolution.self, WindowSum.self, WindowMax.self, WindowChoice.self, Scan.self,
        Cholesky.self, TriangularSolve.self, LUDecomposition.self, QRDecomposition.self, SymmetricEigen.self, SingularValueDecomposition.self,
        PseudoInverse.self, GeneralEigen.self,
        FourierTransform.self, RealFourierTransform.self, HermitianFourierTransform.self,
    ]
}
