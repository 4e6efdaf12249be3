import DescentCore
import DescentData
import DescentExplain
import DescentModels
import DescentNN
import DescentTrain

extension Forecaster {
    /// What the layers do while they read the window before `end`; the gradient is of the forecast's loss.
    ///
    /// - Parameters:
    ///   - place: Which of the model's series it is; `nil` for another.
    ///   - z: The series, scaled.
    ///   - covariates: What is read beside it.
    func sequence(of series: TimeSeries, _ place: Int?, _ z: [Double], beside covariates: SeriesCovariates, end: Int) -> SequenceExplanation {
        let scale = self.series[place ?? 0].scale
        let (window, naive) = scale.inputs(z, end: end, beside: covariates)
        let x = Tensor(window, shape: [1, scale.window, network.features]), before = Tensor(naive + network.name(place), shape: [1, network.extras])
        let truth = Tensor(scale.targets(z, end: end), shape: [1, horizon])
        network.infer()
        let explanation = network.explain(running: { network(x, naive: before) }) { meanSquaredError($0, truth) }
        let (layers, _) = network.layers.inspected(x.movingAxis(1, to: 0), path: "layers")
        let next = scale.answers(z, end: end, outputs: network(x, naive: before).floats)
        let part = SequencePart(
            tokens: (end - scale.window..<end).map { series.label($0) }, groups: layers.map { [$0] },
            readout: .lastStep("\(series.label(end)): \(Metric.text(next[0]))\(horizon > 1 ? ", ..." : "")"), gradientsOf: explanation)
        return SequenceExplanation([part], loss: "L is the squared error of the forecast after the last window, and h_t the state after step t.")
    }
}
