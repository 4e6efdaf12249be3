import DescentCore
import DescentNN

/// A point that an optimizer moves.
private struct MovedPoint: Module {
    let point: Variable
}

extension LossContour.Path {
    /// The way of an optimizer on a function of a vector.
    ///
    /// - Parameters:
    ///   - start: Where it begins, in float64.
    ///   - steps: How many updates. It ends early where a value is not finite.
    public init(_ name: String, by optimizer: some Optimizer, from start: [Double], steps: Int, of function: (Tensor) -> Tensor) {
        let model = MovedPoint(point: Variable(Tensor(float64: start), name: "point", isTrainable: true))
        var points = [Tensor(float64: start)]
        for _ in 0..<steps {
            let (_, gradients) = valueWithGradient(at: model) { function($0.point.value) }
            optimizer.update(model, with: gradients)
            let place = model.point.value.doubles
            guard place.allSatisfy(\.isFinite) else { break }
            points.append(Tensor(float64: place))
        }
        self.init(name, points)
    }
}
