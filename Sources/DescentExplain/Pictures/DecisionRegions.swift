import DescentCore
import DescentModels
import DescentPlot

/// A picture of how a classifier of two features divides the plane.
public struct DecisionRegions: Sendable {
    /// The features, [examples, 2], and the class of each example as its place among the names.
    public let inputs: Tensor, classes: [Int]
    /// The classes' names.
    public let names: [String]
    /// The names of the axes.
    public let features: (x: String, y: String)
    /// The part of the plane that is shown: the examples and a margin around them.
    public let x: ClosedRange<Double>, y: ClosedRange<Double>

    /// The examples that are shown on the regions.
    ///
    /// - Parameters:
    ///   - inputs: [examples, 2], at least one.
    ///   - classes: a place among the names for each example.
    ///   - names: the classes' names.
    ///   - features: what the axes are, with units.
    ///   - includesOrigin: whether the part of the plane that is shown reaches to the origin.
    public init(
        inputs: Tensor, classes: [Int], names: [String], features: (x: String, y: String) = ("x1", "x2"), includesOrigin: Bool = false
    ) {
        guard inputs.rank == 2, inputs.shape[1] == 2, inputs.shape[0] == classes.count, !classes.isEmpty, classes.allSatisfy(names.indices.contains) else {
            stop(
                "DecisionRegions: inputs of the shape \(inputs.shape), \(classes.count) classes and \(names.count) names; inputs are [examples, 2], and each example has a class that is a place among the names."
            )
        }
        self.inputs = inputs
        self.classes = classes
        self.names = names
        self.features = features
        let numbers = inputs.doubles
        func range(_ column: Int) -> ClosedRange<Double> {
            let values = stride(from: column, to: numbers.count, by: 2).map { numbers[$0] }.filter(\.isFinite) + (includesOrigin ? [0] : [])
            guard let low = values.min(), let high = values.max() else { return -1...1 }
            let margin = high > low ? 0.12 * (high - low) : 1
            return (low - margin)...(high + margin)
        }
        x = range(0)
        y = range(1)
    }

    /// The chart: the class of each place, the examples, and for a linear model its boundary with normal and distance to the origin.
    ///
    /// - Parameters:
    ///   - title: What it shows.
    ///   - cells: How finely the plane is searched for regions, along each axis.
    ///   - boundary: The line, for linear models.
    ///   - showsMargin: Whether each example has its way to the boundary and, where all are on the right side, the boundary the margin beside it.
    ///   - predict: The class of each row of [places, 2], as its place among the names.
    public func chart(
        _ title: String, cells: Int = 100, boundary: LinearBoundary? = nil, showsMargin: Bool = false, predict: (Tensor) -> [Int]
    ) -> Chart {
        var marks: [Mark] = [
            .regions(x: x, y: y, cells: cells, names: names.count > 3 ? names : [], inLegend: false) { places in
                predict(Tensor(float64: places.flatMap { [$0.x, $0.y] }, shape: [places.count, 2]).cast(to: inputs.dtype))
            }
        ]
        let numbers = inputs.doubles
        var notes: [String] = []
        if let boundary {
            let picture = BoundaryPicture(boundary: boundary, x: x, y: y)
            if showsMargin {
                let points = classes.indices.map { (x: numbers[2 * $0], y: numbers[2 * $0 + 1]) }
                let (made, note) = picture.margin(of: points, isPositive: classes.map { $0 == 1 })
                marks += made
                notes.append(note)
            }
            marks += picture.marks
            notes.insert(picture.equation(of: features, positive: names.count == 2 ? names[1] : nil), at: 0)
        }
        for (index, name) in names.enumerated() {
            let own = classes.indices.filter { classes[$0] == index }
            marks.append(.points(x: own.map { numbers[2 * $0] }, y: own.map { numbers[2 * $0 + 1] }, name: name, color: .series(index)))
        }
        return Chart(
            title, x: Axis(features.x, range: x), y: Axis(features.y, range: y), marks: marks, proportion: .equalUnits,
            note: notes.isEmpty ? nil : notes.joined(separator: " "))
    }

    /// The same for a fitted classifier whose labels are the places among the names.
    public func chart(_ title: String, of classifier: some Classifier, boundary: LinearBoundary? = nil, showsMargin: Bool = false) -> Chart {
        chart(title, boundary: boundary, showsMargin: showsMargin) { classifier.predict($0).ints }
    }
}
