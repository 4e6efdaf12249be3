import Descent

// Tensors are lazy: an operation makes a node, and asking for a value runs what is needed.
let x = Tensor([[0, 0], [0, 1], [1, 0], [1, 1]])
let y = Tensor([[0], [1], [1], [0]])
print(softmax(x.matmul(x.transposed())))

// Derivatives of ordinary functions, of any order.
func cube(_ x: Tensor) -> Tensor { (x * x * x).sum() }
print(gradient(at: Tensor([1, 2, 3]), of: cube))
print(hessian(at: Tensor([1, 2, 3]), of: cube))

// A module is plain data and a call; its parameters are found by themselves.
struct ExclusiveOr: Module {
    let hidden = Linear(2, 8)
    let output = Linear(8, 1)
    func callAsFunction(_ x: Tensor) -> Tensor { output(tanh(hidden(x))) }
}

// A compiled step is traced once and then replayed. What it reads and assigns (parameters, moments) is captured by itself.
let model = ExclusiveOr(), optimizer = Adam(learningRate: 0.05)
model.initialize(seed: 1)
let step = compile { (x: Tensor, y: Tensor) in
    let (loss, gradients) = valueWithGradient(at: model) { binaryCrossEntropy(logits: $0(x), y) }
    optimizer.update(model, with: gradients)
    return loss
}
for _ in 1..<300 { _ = step(x, y) }
print("loss \(step(x, y).item()), answers \(sigmoid(model(x)).floats.map { $0 > 0.5 })")
