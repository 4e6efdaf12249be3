import DescentCore

/// One update of gradient descent: each variable minus the rate times its gradient, and the output there.
public struct DescentStep: Sendable {
    /// The learning rate.
    public let rate: Double
    /// The output's name and its value before and after.
    public let output: String, before: Double, after: Double
    /// Each variable before and after.
    public let changes: [(name: String, from: Tensor, to: Tensor)]

    /// The changes, and whether the step led down.
    public func text() -> String {
        var table = TextColumns(["variable", "before", "after"])
        for change in changes { table.add([change.name, DescentExplain.text(of: change.from), DescentExplain.text(of: change.to)]) }
        table.add([output, short(before), short(after)])
        let verdict =
            after.isNaN
            ? "The step leads out of the function's domain."
            : after < before
                ? "A step of \(short(rate)) lowers \(output) by \(short(before - after, digits: 4))."
                : after > before
                    ? "A step of \(short(rate)) is too long: \(output) rises by \(short(after - before, digits: 4))."
                    : "\(output) stays as it is."
        return (table.lines(right: [1, 2]) + [verdict]).joined(separator: "\n")
    }
}

extension Explanation {
    /// One update of gradient descent on the variables.
    ///
    /// - Throws: `ExplanationError` where the output is not a single number.
    public func step(_ rate: Double) throws(ExplanationError) -> DescentStep {
        guard value.shape.isEmpty else {
            throw ExplanationError("gradient descent is on a single number, and \(output) has the shape \(value.shape). Take sum(...) of it.")
        }
        var moved = inputs
        for name in variables { moved[name] = inputs[name]! - rate * gradient(by: name)! }
        return DescentStep(
            rate: rate, output: output, before: value.item(), after: GraphFunction(self).value(moved).item(),
            changes: variables.map { ($0, inputs[$0]!, moved[$0]!) })
    }
}
