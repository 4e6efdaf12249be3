import DescentCore
import DescentNN

extension ExpressionFunction {
    /// All by name; some have two (`log` and `ln`, `Abs` and `abs`), so that formulas of SymPy and of textbooks read alike.
    public static let all: [String: ExpressionFunction] = {
        let groups = [trigonometric, exponential, steps, largest, activations, reductions, arrangements, linearAlgebra, images]
        return Dictionary(uniqueKeysWithValues: groups.joined().map { ($0.name, $0) })
    }()

    private static func unary(_ name: String, _ apply: @escaping @Sendable (Tensor) -> Tensor) -> ExpressionFunction {
        ExpressionFunction(name) { apply($0[0]) }
    }

    /// A function that numbers of some kind have no value of.
    private static func partial(
        _ name: String, lacks condition: @escaping @Sendable (Double) -> Bool, _ reason: String, _ apply: @escaping @Sendable (Tensor) -> Tensor
    ) -> ExpressionFunction {
        ExpressionFunction(name, gap: { first($0[0], where: condition).map { "\(name) of \(short($0)): \(reason)" } }) { apply($0[0]) }
    }

    /// A function with a kink at 0.
    private static func kinked(_ name: String, _ remark: String, _ apply: @escaping @Sendable (Tensor) -> Tensor) -> ExpressionFunction {
        ExpressionFunction(name, remark: { first($0[0]) { $0 == 0 } == nil ? nil : "\(name) at 0: \(remark)" }) { apply($0[0]) }
    }

    private static let trigonometric: [ExpressionFunction] = [
        unary("sin") { sin($0) }, unary("cos") { cos($0) }, unary("tan") { tan($0) },
        unary("sec") { 1 / cos($0) }, unary("csc") { 1 / sin($0) }, unary("cot") { 1 / tan($0) },
        partial("asin", lacks: { Swift.abs($0) > 1 }, "it takes numbers from -1 to 1") { asin($0) },
        partial("acos", lacks: { Swift.abs($0) > 1 }, "it takes numbers from -1 to 1") { acos($0) },
        unary("atan") { atan($0) }, unary("arctan") { atan($0) }, ExpressionFunction("atan2", 2...2) { atan2($0[0], $0[1]) },
        unary("sinh") { sinh($0) }, unary("cosh") { cosh($0) }, unary("asinh") { log($0 + sqrt($0.squared + 1)) },
        partial("acosh", lacks: { $0 < 1 }, "it takes numbers from 1") { log($0 + sqrt($0.squared - 1)) },
        partial("atanh", lacks: { Swift.abs($0) >= 1 }, "it takes numbers between -1 and 1") { 0.5 * (log1p($0) - log1p(-$0)) },
    ]

    private static let exponential: [ExpressionFunction] = {
        let log = ExpressionFunction(
            "log", 1...2,
            gap: { values in
                let reason = first(values[0]) { $0 <= 0 }.map { "log of \(short($0)): it takes numbers above 0" }
                if reason != nil || values.count == 1 { return reason }
                return first(values[1]) { $0 <= 0 || $0 == 1 }.map { "log to the base \(short($0)): a base is above 0, and not 1" }
            }
        ) { $0.count == 1 ? DescentCore.log($0[0]) : DescentCore.log($0[0]) / DescentCore.log($0[1]) }
        return [
            unary("exp") { exp($0) }, unary("expm1") { expm1($0) }, log,
            partial("ln", lacks: { $0 <= 0 }, "it takes numbers above 0") { DescentCore.log($0) },
            partial("log1p", lacks: { $0 <= -1 }, "it takes numbers above -1") { log1p($0) },
            ExpressionFunction(
                "sqrt", gap: { first($0[0]) { $0 < 0 }.map { "sqrt of \(short($0)): it takes numbers from 0" } },
                remark: { first($0[0]) { $0 == 0 } == nil ? nil : "sqrt at 0: the slope is infinite" }
            ) { sqrt($0[0]) },
            partial("cbrt", lacks: { $0 < 0 }, "it takes numbers from 0") { $0.pow(1 / 3.0) }, power.named("Pow").asCall,
            unary("erf") { erf($0) }, unary("erfc") { 1 - erf($0) },
        ]
    }()

    private static let steps: [ExpressionFunction] = [
        kinked("abs", "the derivative is taken to be 0") { abs($0) }, kinked("Abs", "the derivative is taken to be 0") { abs($0) },
        unary("sign") { sign($0) }, unary("floor") { floor($0) }, unary("ceil") { ceil($0) }, unary("ceiling") { ceil($0) },
    ]

    private static let activations: [ExpressionFunction] = [
        unary("tanh") { tanh($0) }, unary("sigmoid") { sigmoid($0) }, unary("softplus") { softplus($0) },
        kinked("relu", "the derivative is taken to be 0") { relu($0) }, kinked("leaky_relu", "the derivative is taken to be the one below 0, 0.01") { leakyRelu($0) },
        unary("gelu") { gelu($0) }, unary("silu") { silu($0) }, kinked("elu", "the derivative from below is taken") { elu($0) },
        kinked("selu", "the derivative from below is taken") { selu($0) }, unary("mish") { mish($0) },
        unary("log_sigmoid") { logSigmoid($0) },
        ExpressionFunction("step", remark: { _ in "step: its derivative is 0 wherever it has one, so that nothing before it learns" }) { DescentNN.step($0[0]) },
    ]

    private static func matrix(
        _ name: String, isSquare: Bool = true, gap: @escaping @Sendable (Tensor) -> String? = { _ in nil },
        _ apply: @escaping @Sendable (Tensor) -> Tensor
    ) -> ExpressionFunction {
        ExpressionFunction(
            name, isElementwise: false,
            misfit: { shapes in
                let shape = shapes[0]
                if shape.count == 2, !isSquare || shape[0] == shape[1] { return nil }
                return "\(name) takes a \(isSquare ? "square " : "")matrix, not the shape \(shape)"
            }, gap: { gap($0[0]) }
        ) { apply($0[0]) }
    }

    private static let linearAlgebra: [ExpressionFunction] = [
        matrixProduct.named("matmul").asCall, matrix("transpose", isSquare: false) { $0.swappingAxes(0, 1) },
        matrix("pinv", isSquare: false) { $0.pseudoInverse() },
        matrix("trace") { $0.trace() }, matrix("diagonal") { $0.diagonal() }, matrix("det") { $0.determinant() },
        matrix("inv", gap: { singular($0) }) { $0.inverse() },
        matrix(
            "cholesky",
            gap: { value in
                do { _ = try value.checkedCholesky(); return nil } catch { return "\(error)" }
            }
        ) { $0.cholesky() },
        ExpressionFunction(
            "solve", 2...2, isElementwise: false,
            misfit: { shapes in
                let (a, b) = (shapes[0], shapes[1])
                let fits = a.count == 2 && a[0] == a[1] && (1...2).contains(b.count) && b[0] == a[0]
                return fits ? nil : "solve takes a square matrix and a right side with as many rows, not the shapes \(a) and \(b)"
            }, gap: { singular($0[0]) }
        ) { $0[1].rank == 1 ? $0[0].solve($0[1].expanded(axis: 1)).squeezed(axis: 1) : $0[0].solve($0[1]) },
    ]

    /// Cross-correlation of a matrix with a filter, and pooling of its windows.
    private static let images: [ExpressionFunction] = [
        choosing(["stride", "padding"]) { options in
            ExpressionFunction("conv", 2...2, isElementwise: false, misfit: { filterMisfit("conv", $0, options) }) { values in
                convolved(values[0], values[1], options)
            }
        },
        choosing(["stride", "padding"]) { options in
            ExpressionFunction("trueconv", 2...2, isElementwise: false, misfit: { filterMisfit("trueconv", $0, options) }) { values in
                convolved(values[0], values[1].flipped(axes: 0, 1), options)
            }
        },
    ]

    private static func convolved(_ image: Tensor, _ filter: Tensor, _ options: ExpressionOptions) -> Tensor {
        image.expanded(axis: 0).convolved(with: filter.expanded(axis: 0).expanded(axis: 0), stride: .init([options.stride]), padding: .zeros(options.padding)).squeezed(axis: 0)
    }

    private static func filterMisfit(_ name: String, _ shapes: [[Int]], _ options: ExpressionOptions) -> String? {
        let (image, filter) = (shapes[0], shapes[1])
        guard image.count == 2, filter.count == 2 else { return "\(name) takes a matrix and a filter, which is a matrix too, not the shapes \(image) and \(filter)" }
        let room = image.map { $0 + 2 * options.padding }
        return filter[0] <= room[0] && filter[1] <= room[1] ? nil : "the filter \(filter) is larger than the padded image \(room)"
    }

    private static func singular(_ value: Tensor) -> String? {
        do {
            _ = try value.checkedSolve(Tensor.eye(value.shape[0], dtype: value.dtype))
            return nil
        } catch { return "\(error)" }
    }
}
