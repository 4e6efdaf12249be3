import Descent

/// Numbers that an optimizer moves.
struct Parameters: Module {
    let values: [Variable]

    init(_ start: [Tensor]) { values = start.map { Variable($0, isTrainable: true) } }
}

/// The values at the start and after each of `steps` steps.
///
/// - Parameter function: gives what is minimised for the step (from 0) and the values.
func trajectory(
    of optimizer: some Optimizer, from start: [Tensor], steps: Int, minimising function: (Int, [Tensor]) -> Tensor
) -> [[Tensor]] {
    let point = Parameters(start)
    var path = [start]
    for step in 0..<steps {
        descend(point, optimizer) { function(step, $0.values.map(\.value)) }
        path.append(point.values.map(\.value))
    }
    return path
}

/// One step of an optimizer along the gradient of a model's loss.
///
/// - Returns: the loss before the step, and its gradient.
@discardableResult
func descend<Model: Module>(_ model: Model, _ optimizer: some Optimizer, loss: (Model) -> Tensor) -> (loss: Tensor, gradients: Gradients) {
    let (value, gradients) = valueWithGradient(at: model, of: loss)
    optimizer.update(model, with: gradients)
    return (value, gradients)
}

/// Half the sum of squared distances, `1/2 Σ (p - t)²`.
func halfSquaredError(_ prediction: Tensor, _ target: Tensor) -> Tensor { 0.5 * meanSquaredError(prediction, target, reduction: .sum) }
