import DescentNN
import DescentPlot

extension GradientFlow {
    /// The flow as a chart: over the steps, how strongly a state depends on the first one, and how long the loss's gradient is at each; where
    /// the cell has a direct path (an LSTM's forget gates), what that alone lets through.
    public func chart(_ title: String? = nil) -> Chart {
        var marks: [Mark] = [
            .line(stateNorms, from: 1, name: "ds_t / ds_0"),
            .line(lossNorms, from: 0, name: "dL / ds_t"),
        ]
        if let path { marks.append(.line(path.mean, from: 1, name: "direct path")) }
        return Chart(
            title ?? "Gradient flow: \(cell)", x: Axis("step t"), y: Axis("norm", scale: .log), marks: marks, note: "Gradients are \(trend.rawValue).")
    }

    /// Several flows in one chart: how strongly the state after t steps still depends on the first.
    ///
    /// - Parameter flows: The cells' names and their flows over the same sequence.
    public static func comparison(_ flows: [(name: String, flow: GradientFlow)], title: String = "Gradient flow by cell") -> Chart {
        Chart(
            title, x: Axis("step t"), y: Axis("norm of ds_t / ds_0", scale: .log), marks: flows.map { .line($0.flow.stateNorms, from: 1, name: $0.name) },
            note: flows.map { "\($0.name): \($0.flow.trend.rawValue)" }.joined(separator: "; ") + ".")
    }
}
