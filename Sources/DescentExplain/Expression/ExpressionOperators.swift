import DescentCore

extension ExpressionFunction {
    static let add = ExpressionFunction("+", 2...2, notation: .infix) { $0[0] + $0[1] }
    static let subtract = ExpressionFunction("-", 2...2, notation: .infix) { $0[0] - $0[1] }
    static let multiply = ExpressionFunction("*", 2...2, notation: .infix) { $0[0] * $0[1] }
    static let negate = ExpressionFunction("-", notation: .prefix) { -$0[0] }

    static let divide = ExpressionFunction(
        "/", 2...2, notation: .infix, gap: { first($0[1]) { $0 == 0 } == nil ? nil : "a division by 0" }
    ) { $0[0] / $0[1] }

    /// A power. An exponent that is a plain number takes no part in derivatives, so that bases below 0 are fine beside it (`ExpressionGraph`).
    static let power = ExpressionFunction(
        "**", 2...2, notation: .infix,
        gap: { values in
            let space = values[0] * 0.0 + values[1] * 0.0
            for (base, exponent) in zip((values[0] + space).doubles, (values[1] + space).doubles) {
                if base < 0, exponent != exponent.rounded() { return "\(short(base)) to the power \(short(exponent)) is no real number" }
                if base == 0, exponent < 0 { return "0 to the power \(short(exponent)): a division by 0" }
            }
            return nil
        }
    ) { $0[0].pow($0[1]) }

    static let matrixProduct = ExpressionFunction(
        "@", 2...2, isElementwise: false, notation: .infix,
        misfit: { shapes in
            let (a, b) = (shapes[0], shapes[1])
            if a.isEmpty || b.isEmpty { return "a matrix product of the shapes \(a) and \(b): a single number has none, use *" }
            if a.count > 2 || b.count > 2 { return "a matrix product takes vectors and matrices, not the shapes \(a) and \(b)" }
            let (inner, other) = (a[a.count - 1], b[0])
            return inner == other ? nil : "the inner sizes of the matrix product differ: \(a) and \(b) (\(inner) and \(other))"
        }
    ) { $0[0].matmul($0[1]) }

    static let list = ExpressionFunction(
        "list", 1...Int.max, isElementwise: false, notation: .brackets,
        misfit: { shapes in
            guard let other = shapes.first(where: { $0 != shapes[0] }) else { return nil }
            return "the members of a list have one shape; these have \(shapes[0]) and \(other)"
        }
    ) { Tensor.stack($0) }

    static let infix = ["+": add, "-": subtract, "*": multiply, "/": divide, "**": power, "@": matrixProduct]
}
