import DescentCore
import DescentPlot

/// How clearly a classifier is right about each example: above 0 it is right, and the larger the clearer; below 0 it is wrong.
public struct Margins: Sendable {
    /// The margin of each example.
    public let values: [Double]
    private let quantity: String

    /// Of a classifier of several classes: the score of the true class less the highest of the others.
    ///
    /// - Parameters:
    ///   - scores: Logits or probabilities, [examples, classes], of at least two classes.
    ///   - classes: The true class of each example.
    public init(scores: Tensor, classes: [Int]) {
        guard scores.rank == 2, scores.shape[0] == classes.count, scores.shape[1] > 1, classes.allSatisfy((0..<scores.shape[1]).contains) else {
            stop("Margins: scores of the shape \(scores.shape) and \(classes.count) classes; scores are [examples, classes], and each example has one of the classes.")
        }
        let numbers = scores.doubles, count = scores.shape[1]
        values = classes.enumerated().map { row, truth in
            let others = (0..<count).filter { $0 != truth }.map { numbers[row * count + $0] }
            return numbers[row * count + truth] - others.max()!
        }
        quantity = "score of the true class less the best of the others"
    }

    /// Of a classifier of two classes that says the second where its decision function is above 0: the function with the true class' sign.
    public init(decisions: [Double], isPositive: [Bool]) {
        if decisions.count != isPositive.count { stop("Margins: \(decisions.count) decisions and \(isPositive.count) classes; each example has one of both.") }
        values = zip(decisions, isPositive).map { $1 ? $0 : -$0 }
        quantity = "decision function, times −1 for the first class"
    }

    /// Of a line: the distances of points to it, below 0 on the wrong side (geometric margins).
    public init(boundary: LinearBoundary, points: [(x: Double, y: Double)], isPositive: [Bool]) {
        if points.count != isPositive.count { stop("Margins: \(points.count) points and \(isPositive.count) classes; each point has a class.") }
        values = zip(points, isPositive).map { $1 ? boundary.distance(of: $0) : -boundary.distance(of: $0) }
        quantity = "distance to the boundary, below 0 on the wrong side"
    }

    /// How many examples are on the wrong side, or on the boundary itself.
    public var wrong: Int { values.count { $0 <= 0 } }

    /// The smallest margin; above 0 the classes are separated. NaN for no examples.
    public var least: Double { values.min() ?? .nan }

    /// In words.
    public var summary: String {
        let count = "\(values.count) example" + (values.count == 1 ? "" : "s")
        if values.isEmpty { return "There are no examples." }
        if wrong > 0 { return "\(wrong) of \(count) \(wrong == 1 ? "lies" : "lie") on the wrong side, the farthest by \(short(-least, digits: 3).replacingMinus)." }
        return "All of \(count) lie on their side, the nearest at \(short(least, digits: 3))."
    }

    /// The margins as a histogram: what is right in blue, what is wrong in orange, 0 between them.
    public func chart(_ title: String = "Margins", bins: Int? = nil) -> Chart {
        let right = values.filter { $0 > 0 }, wrong = values.filter { $0 <= 0 }
        var marks: [Mark] = []
        // The bins' borders are multiples of a round width, so 0 is one of them.
        if !wrong.isEmpty { marks.append(.histogram(wrong, bins: bins, binsOf: values, name: "wrong", color: .warning)) }
        if !right.isEmpty { marks.append(.histogram(right, bins: bins, binsOf: values, name: "right", color: .accent)) }
        marks.append(.verticalLine(at: 0, label: "boundary", color: .ink))
        return Chart(title, x: Axis(quantity), y: Axis("examples", includesZero: true), marks: marks, note: summary)
    }
}
