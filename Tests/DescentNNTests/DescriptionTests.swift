import DescentCore
import DescentNN
import Testing

private struct Small: Module {
    let hidden = Linear(2, 3)
    let dropout = Dropout(0.5)
    let scale = Variable.parameter([], .constant(2))
    func callAsFunction(_ x: Tensor) -> Tensor { hidden(x) * scale.value }
}
private struct Empty: Module {}

/// What `print` shows of models, variables and gradients: paths, shapes, counts and a few values.
@Suite struct DescriptionTests {
    private func small() -> Small {
        let model = Small()
        _ = model.parameters
        model.hidden.weight.value = Tensor([[1, 0.25], [-3, 1234.567], [0.00001, 0]])
        model.hidden.bias!.value = Tensor([0, 0, 0.03125])
        model.freeze("hidden.bias")
        model.variables.first { $0.path == "dropout.random" }!.variable.value = Tensor(int64: [7, 0])
        return model
    }

    @Test func aModel() {
        #expect(
            "\(small())" == """
                Small: 10 parameters, 3 of them frozen
                  hidden.weight   float32[3, 2]  6  [1, 0.25, -3, 1235, ...]
                  hidden.bias     float32[3]     3  frozen [0, 0, 0.03125]
                  dropout.random  int64[2]       2  state [7, 0]
                  scale           float32[]      1  [2]
                """)
        #expect("\(Empty())" == "Empty: 0 parameters")
    }

    @Test func aVariable() {
        let model = small()
        #expect("\(model.hidden.bias!)" == "hidden.bias: float32[3], 3 numbers, frozen\n\(model.hidden.bias!.value)")
        #expect("\(Variable(Tensor(int64: [4]), name: "count"))" == "count: int64[1], 1 number, state\n[4]  (int64[1])")
        #expect("\(model.parameters[2])" == "scale float32[] [2]")
    }

    @Test func gradients() {
        let gradients = valueWithGradient(at: small()) { $0(Tensor([[3, 4]])).sum() }.gradients
        // d/dW = 2 x for each of three outputs; d/dscale = the sum of hidden's outputs.
        #expect(
            "\(gradients)" == """
                Gradients of 2 parameters, 7 numbers, norm 4933
                  hidden.weight  float32[3, 2]  norm 17.32  [6, 8, 6, 8, ...]
                  scale          float32[]      norm 4933   [4933]
                """)
        #expect("\(Gradients([]))" == "Gradients of 0 parameters, 0 numbers")
    }

    /// Where there are no values yet, printing doesn't ask for them.
    @Test func insideACompiledFunction() {
        let model = small()
        nonisolated(unsafe) var texts: [String] = []
        let step = compile { (x: Tensor) in
            let (loss, gradients) = valueWithGradient(at: model) { $0(x).sum() }
            model.scale.value = model.scale.value - loss
            texts = ["\(gradients)", "\(model.scale)", "\(model.parameters[0])"]
            return loss
        }
        _ = step(Tensor([[3, 4]]))
        #expect(
            texts == [
                "Gradients of 2 parameters, 7 numbers\n  hidden.weight  float32[3, 2]\n  scale          float32[]", "scale: float32[], 1 number, learned",
                "hidden.weight float32[3, 2]",
            ])
    }
}
