import DescentCore

/// An operator or a function that a formula can use.
public struct ExpressionFunction: Sendable {
    /// "sin", "+"
    public let name: String
    /// How many arguments it takes.
    public let arguments: ClosedRange<Int>
    /// Its value.
    public let apply: @Sendable ([Tensor]) -> Tensor
    /// Whether each element of the result depends on the elements at its own place alone.
    public let isElementwise: Bool
    /// How it is written.
    let notation: Notation
    /// Why arguments of these shapes don't fit; nil where they do.
    let misfit: @Sendable ([[Int]]) -> String?
    /// Why these values have no result; nil where they have one.
    let gap: @Sendable ([Tensor]) -> String?
    /// What a reader should know of the derivative at these values: a tie, a kink.
    let remark: @Sendable ([Tensor]) -> String?

    enum Notation: Sendable { case call, infix, prefix, brackets }

    init(
        _ name: String, _ arguments: ClosedRange<Int> = 1...1, isElementwise: Bool = true, notation: Notation = .call,
        misfit: @escaping @Sendable ([[Int]]) -> String? = { ExpressionFunction.broadcastMisfit($0) },
        gap: @escaping @Sendable ([Tensor]) -> String? = { _ in nil }, remark: @escaping @Sendable ([Tensor]) -> String? = { _ in nil },
        _ apply: @escaping @Sendable ([Tensor]) -> Tensor
    ) {
        self.name = name
        self.arguments = arguments
        self.apply = apply
        self.isElementwise = isElementwise
        self.notation = notation
        self.misfit = misfit
        self.gap = gap
        self.remark = remark
    }

    /// The same under another name.
    func named(_ name: String) -> ExpressionFunction {
        ExpressionFunction(name, arguments, isElementwise: isElementwise, notation: notation, misfit: misfit, gap: gap, remark: remark, apply)
    }

    /// "1 argument", "2 arguments", "1 or more arguments"
    var argumentsInWords: String {
        let (low, high) = (arguments.lowerBound, arguments.upperBound)
        let count = low == high ? "\(low)" : high == .max ? "\(low) or more" : "\(low) to \(high)"
        return count == "1" ? "1 argument" : "\(count) arguments"
    }

    /// A use of it as text: "a + b", "sin(a)".
    func text(_ arguments: [String]) -> String {
        switch notation {
        case .call: "\(name)(\(arguments.joined(separator: ", ")))"
        case .infix: arguments.joined(separator: " \(name == "**" ? "^" : name) ")
        case .prefix: name + (arguments.first ?? "")
        case .brackets: "[\(arguments.joined(separator: ", "))]"
        }
    }

    static func broadcastMisfit(_ shapes: [[Int]]) -> String? {
        var joined = shapes[0]
        for shape in shapes.dropFirst() {
            for (x, y) in zip(joined.reversed(), shape.reversed()) where x != y && x != 1 && y != 1 {
                return "the shapes \(joined) and \(shape) don't fit together here"
            }
            let rank = max(joined.count, shape.count)
            let (a, b) = (Array(repeating: 1, count: rank - joined.count) + joined, Array(repeating: 1, count: rank - shape.count) + shape)
            joined = zip(a, b).map { $0 == 1 ? $1 : $0 }
        }
        return nil
    }

    /// The first element for which a condition on numbers holds.
    static func first(_ tensor: Tensor, where condition: (Double) -> Bool) -> Double? { tensor.doubles.first(where: condition) }
}
