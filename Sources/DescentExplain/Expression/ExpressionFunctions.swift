import DescentCore

extension ExpressionFunction {
    /// All by name; some have two (`log` and `ln`, `Abs` and `abs`), so that formulas of SymPy and of textbooks read alike.
    public static let all: [String: ExpressionFunction] = {
        let groups = [trigonometric, exponential, steps, largest, activations, reductions, linearAlgebra]
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
        unary("atan") { atan($0) }, ExpressionFunction("atan2", 2...2) { atan2($0[0], $0[1]) },
        unary("sinh") { sinh($0) }, unary("cosh") { cosh($0) }, unary("asinh") { log($0 + sqrt($0.squared + 1)) },
        partial("acosh", lacks: { $0 < 1 }, "it takes numbers from 1") { log($0 + sqrt($0.squared - 1)) },
        partial("atanh", lacks: { Swift.abs($0) >= 1 }, "it takes numbers between -1 and 1") { 0.5 * (log1p($0) - log1p(-$0)) },
    ]

    private static let exponential: [ExpressionFunction] = {
        let log = ExpressionFunction(
            "log", 1...2,
            gap: { first($0[0]) { $0 <= 0 }.map { "log of \(short($0)): it takes numbers above 0" } }
        ) { $0.count == 1 ? DescentCore.log($0[0]) : DescentCore.log($0[0]) / DescentCore.log($0[1]) }
        return [
            unary("exp") { exp($0) }, unary("expm1") { expm1($0) }, log,
            partial("ln", lacks: { $0 <= 0 }, "it takes numbers above 0") { DescentCore.log($0) },
            partial("log1p", lacks: { $0 <= -1 }, "it takes numbers above -1") { log1p($0) },
            ExpressionFunction(
                "sqrt", gap: { first($0[0]) { $0 < 0 }.map { "sqrt of \(short($0)): it takes numbers from 0" } },
                remark: { first($0[0]) { $0 == 0 } == nil ? nil : "sqrt at 0: the slope is infinite" }) { sqrt($0[0]) },
            partial("cbrt", lacks: { $0 < 0 }, "it takes numbers from 0") { $0.pow(1 / 3.0) }, power.named("Pow").asCall,
            unary("erf") { erf($0) }, unary("erfc") { 1 - erf($0) },
        ]
    }()

    private var asCall: ExpressionFunction {
        ExpressionFunction(name, arguments, isElementwise: isElementwise, misfit: misfit, gap: gap, remark: remark, apply)
    }

    private static let steps: [ExpressionFunction] = [
        kinked("abs", "the derivative is taken to be 0") { abs($0) }, kinked("Abs", "the derivative is taken to be 0") { abs($0) },
        unary("sign") { sign($0) }, unary("floor") { floor($0) }, unary("ceil") { ceil($0) }, unary("ceiling") { ceil($0) },
    ]

    /// Of several arguments element by element; of one, its largest element.
    private static let largest: [ExpressionFunction] = ["max", "Max", "min", "Min"].map { name in
        let isMax = name.lowercased() == "max"
        return ExpressionFunction(
            name, 1...Int.max,
            remark: { values in
                let result = extreme(values, isMax: isMax), isOne = values.count == 1
                let ties = isOne
                    ? values[0].doubles.count { $0 == result.item() } > 1
                    : values.map { ($0 .== result).cast(to: .int32) }.reduce(Tensor.zeros([], dtype: .int32)) { $0 + $1 }.ints.contains { $0 > 1 }
                return ties ? "\(name): a tie, the \(isMax ? "largest" : "smallest") share the gradient equally" : nil
            }
        ) { extreme($0, isMax: isMax) }
    }

    private static func extreme(_ values: [Tensor], isMax: Bool) -> Tensor {
        if values.count == 1 { return isMax ? values[0].max() : values[0].min() }
        // In one reduction, so that a tie of three shares in thirds.
        let first = values.dropFirst().reduce(values[0]) { $0 + $1 } * 0.0
        if values.count == 2 { return isMax ? maximum(values[0], values[1]) : minimum(values[0], values[1]) }
        let stacked = Tensor.stack(values.map { $0.broadcast(to: first.shape) })
        return isMax ? stacked.max(axis: 0) : stacked.min(axis: 0)
    }

    private static let activations: [ExpressionFunction] = [
        unary("tanh") { tanh($0) }, unary("sigmoid") { sigmoid($0) }, unary("softplus") { softplus($0) },
        kinked("relu", "the derivative is taken to be 0") { relu($0) }, kinked("leaky_relu", "the derivative is taken to be the one below 0, 0.01") { leakyRelu($0) },
        unary("gelu") { gelu($0) }, unary("silu") { silu($0) }, kinked("elu", "the derivative from below is taken") { elu($0) },
        whole("softmax", keepsVector: true) { softmax($0) }, whole("log_softmax", keepsVector: true) { logSoftmax($0) },
        whole("logsumexp", keepsVector: true) { logSumExp($0) },
    ]

    /// A function of a whole vector (or of each row of a matrix).
    private static func whole(_ name: String, keepsVector: Bool = false, _ apply: @escaping @Sendable (Tensor) -> Tensor) -> ExpressionFunction {
        ExpressionFunction(
            name, isElementwise: false,
            misfit: { keepsVector && $0[0].isEmpty ? "\(name) takes a vector or a matrix's rows, not a single number" : nil }) { apply($0[0]) }
    }

    private static let reductions: [ExpressionFunction] = [
        whole("sum") { $0.sum() }, whole("mean") { $0.mean() },
        ExpressionFunction(
            "norm", isElementwise: false, misfit: { _ in nil },
            remark: { $0[0].doubles.allSatisfy { $0 == 0 } ? "norm at 0: there is no derivative" : nil }) { $0[0].norm },
        ExpressionFunction(
            "dot", 2...2, isElementwise: false,
            misfit: { $0[0].count == 1 && $0[0] == $0[1] ? nil : "dot takes two vectors of one size, not the shapes \($0[0]) and \($0[1])" }
        ) { ($0[0] * $0[1]).sum() },
        ExpressionFunction(
            "outer", 2...2, isElementwise: false,
            misfit: { $0[0].count == 1 && $0[1].count == 1 ? nil : "outer takes two vectors, not the shapes \($0[0]) and \($0[1])" }
        ) { $0[0].expanded(axis: 1) * $0[1].expanded(axis: 0) },
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
            }, gap: { gap($0[0]) }) { apply($0[0]) }
    }

    private static let linearAlgebra: [ExpressionFunction] = [
        matrixProduct.named("matmul").asCall, matrix("transpose", isSquare: false) { $0.swappingAxes(0, 1) },
        matrix("trace") { $0.trace() }, matrix("diagonal") { $0.diagonal() }, matrix("det") { $0.determinant() },
        matrix("inv", gap: { singular($0) }) { $0.inverse() },
        matrix("cholesky", gap: { value in
            do { _ = try value.checkedCholesky(); return nil } catch { return "\(error)" }
        }) { $0.cholesky() },
        ExpressionFunction(
            "solve", 2...2, isElementwise: false,
            misfit: { shapes in
                let (a, b) = (shapes[0], shapes[1])
                let fits = a.count == 2 && a[0] == a[1] && (1...2).contains(b.count) && b[0] == a[0]
                return fits ? nil : "solve takes a square matrix and a right side with as many rows, not the shapes \(a) and \(b)"
            }, gap: { singular($0[0]) }) { $0[1].rank == 1 ? $0[0].solve($0[1].expanded(axis: 1)).squeezed(axis: 1) : $0[0].solve($0[1]) },
    ]

    private static func singular(_ value: Tensor) -> String? {
        do {
            _ = try value.checkedSolve(Tensor.eye(value.shape[0], dtype: value.dtype))
            return nil
        } catch { return "\(error)" }
    }
}
