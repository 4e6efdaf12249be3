import DescentCore

/// An operator or a function that a formula can use.
public struct ExpressionFunction: Sendable {
    /// "sin", "+", "sum axis=0", "W[0, :]"
    public internal(set) var name: String
    /// How many arguments it takes.
    public let arguments: ClosedRange<Int>
    /// Its value.
    public let apply: @Sendable ([Tensor]) -> Tensor
    /// Whether each element of the result depends on the elements at its own place alone.
    public let isElementwise: Bool
    /// How it is written.
    var notation: Notation
    /// Why arguments of these shapes don't fit; nil where they do.
    let misfit: @Sendable ([[Int]]) -> String?
    /// The same for what its own index or options say of the arguments, with the place in the source.
    let misplaced: @Sendable ([[Int]]) -> (reason: String, place: Range<Int>)?
    /// Why these values have no result; nil where they have one.
    let gap: @Sendable ([Tensor]) -> String?
    /// A note on the derivative at these values: a tie, a kink.
    let remark: @Sendable ([Tensor]) -> String?
    /// The arguments that may be given by name, and the function that they make of it.
    private(set) var keywords: [String] = []
    private var choose: (@Sendable (ExpressionOptions) -> ExpressionFunction)?
    /// Whether the arguments after the first are sizes of axes, plain numbers.
    private(set) var takesSizes = false
    /// The options as written after the arguments: "axis=0", "[0, :]".
    private var chosen = ""

    enum Notation: Sendable { case call, infix, prefix, suffix, brackets }

    init(
        _ name: String, _ arguments: ClosedRange<Int> = 1...1, isElementwise: Bool = true, notation: Notation = .call,
        misfit: @escaping @Sendable ([[Int]]) -> String? = { ExpressionFunction.broadcastMisfit($0) },
        misplaced: @escaping @Sendable ([[Int]]) -> (reason: String, place: Range<Int>)? = { _ in nil },
        gap: @escaping @Sendable ([Tensor]) -> String? = { _ in nil }, remark: @escaping @Sendable ([Tensor]) -> String? = { _ in nil },
        _ apply: @escaping @Sendable ([Tensor]) -> Tensor
    ) {
        self.name = name
        self.arguments = arguments
        self.apply = apply
        self.isElementwise = isElementwise
        self.notation = notation
        self.misfit = misfit
        self.misplaced = misplaced
        self.gap = gap
        self.remark = remark
        // What it is a part of may come into the name.
        if notation == .suffix { chosen = name }
    }

    /// A function that takes further arguments by name, or sizes.
    ///
    /// - Parameter make: the function for what was given; without anything given, the function itself.
    static func choosing(
        _ keywords: [String], takesSizes: Bool = false, _ make: @escaping @Sendable (ExpressionOptions) -> ExpressionFunction
    ) -> ExpressionFunction {
        var function = make(ExpressionOptions())
        (function.keywords, function.choose, function.takesSizes) = (keywords, make, takesSizes)
        return function
    }

    /// The function with what was chosen.
    func with(_ options: ExpressionOptions) -> ExpressionFunction {
        guard let choose else { return self }
        var function = choose(options)
        (function.chosen, function.name) = (options.text, "\(function.name) \(options.text)")
        return function
    }

    /// The same under another name.
    func named(_ name: String) -> ExpressionFunction {
        var function = self
        function.name = name
        if let choose { function.choose = { choose($0).named(name) } }
        return function
    }

    /// The same, written as a call.
    var asCall: ExpressionFunction {
        var function = self
        function.notation = .call
        return function
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
        case .call: "\(spelling)(\((arguments + (chosen.isEmpty ? [] : [chosen])).joined(separator: ", ")))"
        case .infix: arguments.joined(separator: " \(name == "**" ? "^" : name) ")
        case .prefix: name + (arguments.first ?? "")
        case .suffix: (arguments.first ?? "") + chosen
        case .brackets: "[\(arguments.joined(separator: ", "))]"
        }
    }

    /// The name as it is written in a call.
    private var spelling: String { chosen.isEmpty ? name : String(name.dropLast(chosen.count + 1)) }

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
