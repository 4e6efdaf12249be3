import DescentCore
import DescentNN
import DescentPlot

extension Activation {
    /// The function and its derivative, which is the library's gradient.
    public func chart(over range: ClosedRange<Double> = -4...4) -> Chart {
        let places = 321
        let x = (0..<places).map { range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / Double(places - 1) }
        let values = Tensor(float64: x)
        let slopes = gradient(at: values) { self($0).sum() }
        return Chart(
            name, x: Axis("x"), y: Axis(""),
            marks: [
                .line(x: x, y: self(values).doubles, name: "value"), .line(x: x, y: slopes.doubles, name: "derivative"),
            ])
    }
}
