import DescentCore

/// The second derivatives of the output by all variables together, their eigenvalues, and what these say.
public struct ExplainedHessian: Sendable {
    /// The name of each row and column: "w", "W[0, 1]".
    public let labels: [String]
    /// The point, the gradient there, and the Hessian, a symmetric matrix.
    public let point: Tensor, gradient: Tensor, value: Tensor
    /// The eigenvalues, ascending, and the unit vectors that belong to them, as columns.
    public let eigenvalues: Tensor, eigenvectors: Tensor

    /// How the function is bent at a point.
    public enum Curvature: String, Sendable {
        /// Upwards in every direction: a minimum where the gradient is 0.
        case minimum
        /// Downwards in every direction.
        case maximum
        /// Up in some directions, down in others: a saddle where the gradient is 0.
        case saddle
        /// Not at all in some direction, so that second derivatives don't tell.
        case flat
        /// Not known: a second derivative is NaN or infinite.
        case undefined
    }

    /// The meaning of the signs of the eigenvalues. One below 1e-10 of the largest counts as 0.
    public var curvature: Curvature {
        if !value.doubles.allSatisfy(\.isFinite) || !eigenvalues.doubles.allSatisfy(\.isFinite) { return .undefined }
        let values = eigenvalues.doubles, limit = 1e-10 * (values.map(Swift.abs).max() ?? 0)
        let up = values.contains { $0 > limit }, down = values.contains { $0 < -limit }
        if up && down { return .saddle }
        if values.contains(where: { Swift.abs($0) <= limit }) || values.isEmpty { return .flat }
        return up ? .minimum : .maximum
    }

    /// The largest magnitude of an eigenvalue over the smallest; infinite where one is 0.
    public var conditionNumber: Double {
        let sizes = eigenvalues.doubles.map(Swift.abs)
        guard let largest = sizes.max(), let least = sizes.min() else { return 1 }
        return least <= 1e-10 * largest ? .infinity : largest / least
    }

    /// Where Newton's method goes from here: x - H⁻¹ g. `nil` where the Hessian is singular.
    public var newtonPoint: Tensor? {
        guard conditionNumber.isFinite, let step = try? value.checkedSolve(gradient.expanded(axis: 1)) else { return nil }
        return point - step.squeezed(axis: 1)
    }

    /// The matrix with its labels, the eigenvalues, and what they say.
    public func text() -> String {
        var lines = ["Hessian \(value.shape):"]
        if labels.count <= 12 {
            var table = TextColumns([""] + labels)
            let numbers = value.doubles
            for (row, label) in labels.enumerated() { table.add([label] + labels.indices.map { short(numbers[row * labels.count + $0]) }) }
            lines += table.lines(right: Set(1...max(labels.count, 1))).map { "  " + $0 }
        }
        lines.append("eigenvalues: " + DescentExplain.text(of: eigenvalues, most: 24))
        lines += words
        return lines.joined(separator: "\n")
    }

    /// The meaning of the eigenvalues, in sentences.
    public var words: [String] {
        let values = eigenvalues.doubles
        guard let least = values.first, let largest = values.last else { return ["There are no variables."] }
        var lines: [String] = []
        switch curvature {
        case .minimum:
            lines.append(
                isStationary
                    ? "A minimum: the gradient is 0 and all eigenvalues are above 0." : "Bent upwards in every direction, as around a minimum (all eigenvalues above 0); the gradient is not 0 here.")
        case .maximum:
            lines.append(
                isStationary
                    ? "A maximum: the gradient is 0 and all eigenvalues are below 0." : "Bent downwards in every direction, as around a maximum (all eigenvalues below 0); the gradient is not 0 here.")
        case .saddle:
            let count = values.count { $0 < 0 }
            let bent = "\(count) of \(values.count) directions \(count == 1 ? "bends" : "bend") downwards"
            lines.append(isStationary ? "A saddle point: the gradient is 0, and \(bent)." : "Bent as around a saddle point: \(bent); the gradient is not 0 here.")
        case .undefined: return ["Not known: a second derivative is NaN or infinite here, so the Hessian says nothing about the curvature."]
        case .flat where values.allSatisfy({ $0 == 0 }):
            return ["Flat in every direction: all second derivatives are 0 here\(isStationary ? ", and so is the gradient" : ", the gradient is not")."]
        case .flat:
            let count = values.count { Swift.abs($0) <= 1e-10 * max(Swift.abs(least), Swift.abs(largest)) }
            let start = "Flat in \(count) of \(values.count) direction\(values.count == 1 ? "" : "s") (eigenvalue 0)"
            lines.append(isStationary ? "\(start), and the gradient is 0: second derivatives alone don't tell a minimum here." : "\(start); the gradient is not 0 here.")
        }
        if curvature == .minimum {
            lines.append("Gradient descent converges near here for steps below 2/\(short(largest, digits: 4)) = \(short(2 / largest, digits: 4)), and diverges above.")
        }
        if !conditionNumber.isFinite {
            lines.append("Singular: the condition number is infinite, and Newton's method has no step.")
        } else if conditionNumber > 100 {
            lines.append(
                "Ill-conditioned: the condition number is \(short(conditionNumber, digits: 4)). The steepest direction allows only small steps, with which the flattest (\(short(least, digits: 4))) hardly moves."
            )
        } else {
            lines.append("The condition number is \(short(conditionNumber, digits: 4)).")
        }
        if let newtonPoint {
            let place = zip(labels, newtonPoint.doubles).prefix(12).map { "\($0) = \(short($1))" }.joined(separator: ", ") + (labels.count > 12 ? ", ..." : "")
            let warning = isStationary || curvature == .minimum ? "" : ", to \(curvature == .saddle ? "the saddle point" : "the top") of the parabola that touches here, not to a minimum"
            lines.append("Newton's method goes to \(place)\(warning).")
        }
        return lines
    }

    /// Whether the gradient is 0, up to what rounding leaves: a step of Newton's method would be of 1e-8 of the point's size at most.
    private var isStationary: Bool {
        let bend = eigenvalues.doubles.map(Swift.abs).max() ?? 0, size = max(1, point.doubles.map(Swift.abs).max() ?? 0)
        return gradient.doubles.allSatisfy { Swift.abs($0) <= 1e-8 * bend * size }
    }
}

extension Explanation {
    /// The Hessian of the output by all variables, joined in their order.
    ///
    /// - Throws: `ExplanationError` where the output is not a single number.
    public func hessian() throws(ExplanationError) -> ExplainedHessian {
        guard value.shape.isEmpty else {
            throw ExplanationError("a Hessian is of a single number, and \(output) has the shape \(value.shape). Take sum(...) of it.")
        }
        let function = GraphFunction(self)
        if function.labels.isEmpty { throw ExplanationError("there is no input to take second derivatives by.") }
        let matrix = DescentCore.hessian(at: function.point) { function($0) }
        let (values, vectors) = matrix.symmetricEigen()
        return ExplainedHessian(
            labels: function.labels, point: function.point, gradient: DescentCore.gradient(at: function.point) { function($0) }, value: matrix,
            eigenvalues: values, eigenvectors: vectors)
    }
}
