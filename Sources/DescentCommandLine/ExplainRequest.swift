import Descent

/// What `descent explain` was asked for.
struct ExplainRequest {
    let explanation: Explanation
    let jacobian: Bool
    let hessian: Bool
    let check: Bool
    let step: Double?
    /// Whether the output was named on the command line.
    let isOutputChosen: Bool

    /// The answers as text and as JSON, and whether the gradients agree with finite differences.
    func report() throws -> (text: String, json: JSON, agrees: Bool) {
        var parts = [explanation.text()], object = explanation.json(), agrees = true
        let others = explanation.graph.outputs.map(\.name).filter { $0 != explanation.output }
        if !isOutputChosen, !others.isEmpty, !jacobian {
            parts.append("Explained is \(explanation.output); --output takes another: \(others.joined(separator: ", ")).")
        }
        if jacobian {
            let found = explanation.jacobians(of: isOutputChosen ? [explanation.output] : nil)
            parts.append(Self.text(found))
            object["jacobians"] = .array(found.map { $0.json() })
        }
        if hessian {
            let found = try explanation.hessian()
            parts.append(found.text())
            object["hessian"] = found.json()
        }
        if check {
            let found = try explanation.check()
            parts.append(found.text())
            object["check"] = found.json()
            agrees = found.agrees
        }
        if let step {
            let found = try explanation.step(step)
            parts.append(found.text())
            object["step"] = found.json()
        }
        return (parts.joined(separator: "\n\n"), .object(object), agrees)
    }

    /// One matrix where all are single numbers (a row for each output, a column for each variable), else one after another.
    private static func text(_ jacobians: [ExplainedJacobian]) -> String {
        guard jacobians.count > 1, jacobians.allSatisfy({ $0.value.shape.isEmpty }) else { return jacobians.map { $0.text() }.joined(separator: "\n") }
        return ExplainedJacobian.table(jacobians)
    }
}
