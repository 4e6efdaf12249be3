import Descent

// A network of your own, trained with all that `descent train` has: progress, validation, early stopping, checkpoints, logs, a report.
struct Moons: Module {
    let hidden = Linear(2, 16)
    let dropout = Dropout(0.1)
    let output = Linear(16, 1)
    func callAsFunction(_ x: Tensor) -> Tensor { output(dropout(tanh(hidden(x)))) }
}

/// Points on two half circles that reach into each other, and which of the two each is on.
func points(_ count: Int, seed: Int) -> (Tensor, Tensor) {
    let angle = Random(seed: seed).uniform([count, 1]) * Double.pi
    let isSecond = (Tensor.arange(count) - 2 * (Tensor.arange(count) / 2)).reshaped(count, 1).cast(to: .float32)
    let x = Tensor.where(isSecond .> 0.5, 1 - cos(angle), cos(angle)), y = Tensor.where(isSecond .> 0.5, 0.5 - sin(angle), sin(angle))
    return (.concatenate([x, y], axis: 1), isSecond)
}

let model = Moons()
model.initialize(seed: 1)
let trainer = Trainer(model, optimizer: Adam(learningRate: 0.02), clipping: .norm(1)) { binaryCrossEntropy(logits: $0($1), $2) }
let (inputs, targets) = points(400, seed: 2), (others, truth) = points(100, seed: 3)
let outcome = try trainer.run(
    in: "runs/moons", on: Batches(inputs, targets, size: 32, seed: 1), for: .epochs(60), validation: Batches(others, truth, size: 100, seed: nil), patience: 10)
print("\(outcome.state.epoch) epochs; the weights are those of epoch \(outcome.bestEpoch ?? 0)")

// The weights alone, in a file that other programs read too.
try model.save("moons.safetensors")
let copy = Moons()
try copy.load("moons.safetensors")
copy.infer()
let right = ((copy(others) .> 0) .== (truth .> 0.5)).cast(to: .float32).mean().item()
print("accuracy \(right > 0.9 ? "above 0.9" : "\(right)")")
