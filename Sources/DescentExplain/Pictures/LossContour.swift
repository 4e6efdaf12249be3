import DescentCore
import DescentPlot

/// A picture of a function of two variables, with the ways that optimizers take on it.
public struct LossContour {
    /// The part of the plane that is shown.
    public let x: ClosedRange<Double>, y: ClosedRange<Double>
    private let function: (Tensor) -> Tensor

    /// A function from a vector of two to a scalar, on a part of the plane.
    public init(x: ClosedRange<Double>, y: ClosedRange<Double>, of function: @escaping (Tensor) -> Tensor) {
        self.x = x
        self.y = y
        self.function = function
    }

    /// One optimizer's way: its name and the points in order, each a vector of two.
    public struct Path: Sendable {
        public let name: String
        public let points: [Tensor]

        /// A way of points.
        public init(_ name: String, _ points: [Tensor]) { (self.name, self.points) = (name, points) }
    }

    /// The chart: lines of equal value, and the paths. What lies outside of the plane's part is cut off.
    ///
    /// - Parameter lines: How many places the function is asked for along each axis.
    public func chart(_ title: String, paths: [Path] = [], axes: (x: String, y: String) = ("x", "y"), lines: Int = 121) -> Chart {
        func place(_ range: ClosedRange<Double>, _ index: Int) -> Double {
            range.lowerBound + (range.upperBound - range.lowerBound) * Double(index) / Double(lines - 1)
        }
        let places = (0..<lines).flatMap { row in (0..<lines).flatMap { [place(x, $0), place(y, row)] } }
        let values = vmap(function)(Tensor(float64: places, shape: [lines * lines, 2])).doubles
        var marks: [Mark] = [.contour((0..<lines).map { row in Array(values[(row * lines)..<((row + 1) * lines)]) }, x: x, y: y, color: .muted)]
        for path in paths {
            let points = path.points.map(\.doubles)
            marks.append(.path(x: points.map { $0[0] }, y: points.map { $0[1] }, name: path.name))
        }
        return Chart(title, x: Axis(axes.x, range: x), y: Axis(axes.y, range: y), marks: marks, proportion: .equalUnits)
    }
}
