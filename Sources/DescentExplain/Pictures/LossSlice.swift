import DescentCore
import DescentNN
import DescentPlot

/// A slice of a network's loss: its value on the plane through the weights along two random directions. Each direction is scaled, parameter by
/// parameter, to the parameter's own length, so that slices of different networks compare (Li et al. 2018, Visualizing the Loss Landscape of
/// Neural Nets).
public struct LossSlice: Sendable {
    /// How far the slice goes along both directions: 1 is the length of the weights.
    public let extent: Double
    /// `values[j][i]`: the loss at the i-th place along the first direction and the j-th along the second; the weights are in the middle.
    public let values: [[Double]]

    /// Computes the loss on the slice. Afterwards the weights are as they were.
    ///
    /// - Parameters:
    ///   - model: Its learned parameters are moved.
    ///   - extent: How far, above 0.
    ///   - places: How many along each direction, odd, at least 3.
    ///   - seed: What the directions are drawn from.
    ///   - loss: The model's loss, a scalar.
    public init(of model: some Module, extent: Double = 1, places: Int = 41, seed: Int = 1, loss: () -> Tensor) {
        guard extent > 0, places >= 3, places % 2 == 1 else { stop("LossSlice: extent \(extent), \(places) places. The extent is above 0, the places are odd and 3 or more.") }
        let variables = model.parameters.map(\.variable), start = variables.map(\.value)
        evaluate(start)
        let random = Random(seed: seed)
        func direction(_ name: String) -> [Tensor] {
            let stream = random.stream(name)
            let made = start.map { weight in
                let drawn = stream.normal(weight.shape, dtype: weight.dtype)
                return drawn * (weight.norm / maximum(drawn.norm, Tensor(1e-30, like: drawn.norm)))
            }
            evaluate(made)
            return made
        }
        let first = direction("first"), second = direction("second"), middle = places / 2
        var values: [[Double]] = []
        for row in 0..<places {
            values.append(
                (0..<places).map { column in
                    let (a, b) = (extent * Double(column - middle) / Double(middle), extent * Double(row - middle) / Double(middle))
                    for index in variables.indices { variables[index].value = start[index] + first[index] * a + second[index] * b }
                    return loss().item()
                })
        }
        for (variable, value) in zip(variables, start) { variable.value = value }
        self.extent = extent
        self.values = values
    }

    /// Lines of equal loss, the weights in the middle. Along both directions 1 is the length of the weights.
    public func chart(_ title: String) -> Chart {
        let range = -extent...extent
        return Chart(
            title, x: Axis("along the first direction", range: range), y: Axis("along the second direction", range: range),
            marks: [.contour(values, x: range, y: range), .points(x: [0], y: [0], size: 4, color: .warning), .text("the weights", x: 0, y: 0, color: .warning)],
            proportion: .equalUnits)
    }
}
