import DescentCore
import DescentModels
import DescentPlot

/// A picture of how a classifier of two features divides the plane.
public struct DecisionRegions: Sendable {
    /// The features, [examples, 2], and the class of each example as its place among the names.
    public let inputs: Tensor, classes: [Int]
    /// The classes' names.
    public let names: [String]
    /// What the axes are.
    public let features: (x: String, y: String)
    /// The part of the plane that is shown: the examples and a margin around them.
    public let x: ClosedRange<Double>, y: ClosedRange<Double>

    /// The examples that are shown on the regions.
    ///
    /// - Parameters:
    ///   - inputs: [examples, 2], at least one.
    ///   - classes: a place among the names for each example.
    public init(inputs: Tensor, classes: [Int], names: [String], features: (x: String, y: String) = ("x1", "x2")) {
        guard inputs.rank == 2, inputs.shape[1] == 2, inputs.shape[0] == classes.count, !classes.isEmpty, classes.allSatisfy(names.indices.contains) else {
            stop("DecisionRegions: inputs of the shape \(inputs.shape), \(classes.count) classes and \(names.count) names; inputs are [examples, 2], and each example has a class that is a place among the names.")
        }
        self.inputs = inputs
        self.classes = classes
        self.names = names
        self.features = features
        let numbers = inputs.doubles
        func range(_ column: Int) -> ClosedRange<Double> {
            let values = stride(from: column, to: numbers.count, by: 2).map { numbers[$0] }
            let low = values.min()!, high = values.max()!, margin = high > low ? 0.12 * (high - low) : 1
            return (low - margin)...(high + margin)
        }
        x = range(0)
        y = range(1)
    }

    /// The chart: the class of each place, the examples, and for a linear model its boundary with normal and distance to the origin.
    ///
    /// - Parameters:
    ///   - title: What it shows.
    ///   - cells: How many places are asked for along each axis.
    ///   - boundary: The line, for linear models.
    ///   - predict: The class of each row of [places, 2], as its place among the names.
    public func chart(_ title: String, cells: Int = 160, boundary: LinearBoundary? = nil, predict: (Tensor) -> [Int]) -> Chart {
        func middle(_ range: ClosedRange<Double>, _ index: Int) -> Double {
            range.lowerBound + (range.upperBound - range.lowerBound) * (Double(index) + 0.5) / Double(cells)
        }
        let places = (0..<cells).flatMap { row in (0..<cells).flatMap { [middle(x, $0), middle(y, row)] } }
        let found = predict(Tensor(float64: places, shape: [cells * cells, 2]).cast(to: inputs.dtype))
        let grid = (0..<cells).map { row in Array(found[(row * cells)..<((row + 1) * cells)]) }
        var marks: [Mark] = [.regions(grid, x: x, y: y)]
        let numbers = inputs.doubles
        for (index, name) in names.enumerated() {
            let own = classes.indices.filter { classes[$0] == index }
            marks.append(.points(x: own.map { numbers[2 * $0] }, y: own.map { numbers[2 * $0 + 1] }, name: name, color: .series(index)))
        }
        var chart = Chart(
            title, x: Axis(features.x, range: x), y: Axis(features.y, range: y), marks: marks, proportion: .equalUnits)
        if let boundary { Self.add(boundary, to: &chart, x: x, y: y) }
        return chart
    }

    /// The same for a fitted classifier whose labels are the places among the names.
    public func chart(_ title: String, of classifier: some Classifier, boundary: LinearBoundary? = nil) -> Chart {
        chart(title, boundary: boundary) { classifier.predict($0).ints }
    }

    private static func add(_ boundary: LinearBoundary, to chart: inout Chart, x: ClosedRange<Double>, y: ClosedRange<Double>) {
        guard let ends = boundary.ends(x: x, y: y), let normal = boundary.normal else { return }
        chart.marks.append(.line(x: [ends.first.x, ends.second.x], y: [ends.first.y, ends.second.y], color: .ink))
        let length = 0.16 * Swift.min(x.upperBound - x.lowerBound, y.upperBound - y.lowerBound)
        let foot = (x: (ends.first.x + ends.second.x) / 2, y: (ends.first.y + ends.second.y) / 2)
        chart.marks.append(.arrow(from: foot, to: (foot.x + length * normal.x, foot.y + length * normal.y), label: "w"))
        let sign = boundary.weights.y < 0 ? "−" : "+"
        chart.note = "Boundary: \(short(boundary.bias, digits: 3)) + \(short(boundary.weights.x, digits: 3)) \(chart.x.label) \(sign) \(short(Swift.abs(boundary.weights.y), digits: 3)) \(chart.y.label) = 0; distance to the origin \(short(boundary.distanceToOrigin, digits: 3)). w is its normal."
        let nearest = boundary.nearestToOrigin
        if x.contains(0), y.contains(0), x.contains(nearest.x), y.contains(nearest.y), boundary.distanceToOrigin > 0.02 * length {
            chart.marks.append(.line(x: [0, nearest.x], y: [0, nearest.y], color: .muted))
        }
    }
}
