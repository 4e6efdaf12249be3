import DescentPlot
import DescentTrain

extension Calibration {
    /// The reliability diagram: the observed frequency in each bin of predicted probabilities. On the diagonal the model is calibrated; below it,
    /// overconfident. Larger points stand for more examples.
    ///
    /// - Parameters:
    ///   - title: What it shows.
    ///   - what: What the probabilities are of.
    public func chart(_ title: String = "Calibration", of what: String = "the answer") -> Chart {
        let largest = Double(bins.map(\.count).max() ?? 1)
        let x = bins.map(\.meanProbability), y = bins.map(\.shareOfPositives)
        let marks: [Mark] = [
            .slopedLine(slope: 1, intercept: 0, label: "perfect"), .line(x: x, y: y, color: .series(0), stroke: .solid),
            // Areas go with counts; the smallest can still be seen.
            .points(x: x, y: y, sizes: bins.map { 2.5 + 4.5 * (Double($0.count) / largest).squareRoot() }, color: .series(0)),
        ]
        return Chart(
            title, x: Axis("predicted probability of \(what)", range: 0...1), y: Axis("observed frequency", range: 0...1), marks: marks,
            proportion: .equalUnits,
            note: "Expected calibration error \(NumberFormat.significant(3).text(expectedError)). Larger points stand for more examples.")
    }
}
