import DescentCore

/// Gradients beside central finite differences, element by element.
public struct GradientCheck: Sendable {
    /// One element of a variable.
    public struct Entry: Sendable {
        /// "w", "W[0, 1]"
        public let name: String
        /// The library's derivative, and (f(x + h) - f(x - h)) / 2h.
        public let gradient: Double, difference: Double

        /// |gradient - difference|, relative to the larger where that is above 1.
        public var error: Double { Swift.abs(gradient - difference) / max(1, Swift.abs(gradient), Swift.abs(difference)) }
    }

    /// All elements of the variables, in their order.
    public let entries: [Entry]
    /// The error up to which they agree: what finite differences can reach in 64 bits.
    public static let tolerance = 1e-6

    /// Whether all agree.
    public var agrees: Bool { entries.allSatisfy { $0.error <= Self.tolerance } }

    /// A table of both, and whether they agree.
    public func text() -> String {
        var table = TextColumns(["variable", "gradient", "finite difference", "error"])
        for entry in entries.prefix(40) {
            table.add([entry.name, short(entry.gradient, digits: 10), short(entry.difference, digits: 10), short(entry.error, digits: 2)])
        }
        var lines = table.lines(right: [1, 2, 3])
        if entries.count > 40 { lines.append("... and \(entries.count - 40) more") }
        let worst = entries.filter(\.error.isFinite).max { $0.error < $1.error }
        if agrees {
            lines.append("All agree to \(short(Self.tolerance)).")
        } else if let lost = entries.first(where: { !$0.gradient.isFinite }) {
            lines.append("At \(lost.name) the gradient is \(short(lost.gradient)): there is no derivative.")
        } else if let lost = entries.first(where: { !$0.difference.isFinite }) {
            lines.append("At \(lost.name) the finite difference is \(short(lost.difference)): the function has no value beside this point.")
        } else if let worst {
            lines.append("They differ at \(worst.name), by \(short(worst.error, digits: 2)): a kink, a step near the edge of a domain, or a wrong derivative.")
        }
        return lines.joined(separator: "\n")
    }
}

extension Explanation {
    /// Checks the gradient of the output by finite differences, with a step of ε^(1/3) max(1, |x|).
    ///
    /// - Throws: `ExplanationError` where the output is not a single number.
    public func check() throws(ExplanationError) -> GradientCheck {
        guard value.shape.isEmpty else {
            throw ExplanationError("a gradient is of a single number, and \(output) has the shape \(value.shape). Take sum(...) of it.")
        }
        let function = GraphFunction(self), point = function.point.doubles
        let slopes = point.isEmpty ? [] : DescentCore.gradient(at: function.point) { function($0) }.doubles
        return GradientCheck(
            entries: point.indices.map { index in
                var low = point, high = point
                let step = 6.055454452393343e-06 * max(1, Swift.abs(point[index]))
                low[index] -= step
                high[index] += step
                // The step that was made, after rounding.
                let difference = (function(Tensor(float64: high)).item() - function(Tensor(float64: low)).item()) / (high[index] - low[index])
                return GradientCheck.Entry(name: function.labels[index], gradient: slopes[index], difference: difference)
            })
    }
}
