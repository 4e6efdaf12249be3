import DescentNN
import DescentPlot

extension GradientFlow {
    /// The flow as a chart: over the steps, how strongly a state depends on the first one, and how long the loss's gradient is at each; where
    /// the cell has a direct path (an LSTM's forget gates), what that alone lets through.
    public func chart(_ title: String? = nil) -> Chart {
        var marks: [Mark] = [
            .line(stateNorms, from: 1, name: "dh_t / dh_0"),
            .line(lossNorms, from: 0, name: "dL / dh_t"),
        ]
        if let path { marks.append(.line(path.mean, from: 1, name: "direct path")) }
        var chart = Chart(title ?? "Gradient flow: \(cell)", x: Axis("step"), y: Axis("norm", scale: .log), marks: marks)
        chart.note = trend.rawValue
        return chart
    }
}
