import DescentCore
import DescentNN
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Four numbers to be moved towards low ground.
private struct Point: Module {
    let position: Variable
    init(_ dtype: DType, shape: [Int] = [2, 2]) {
        position = Variable(Tensor(float64: Reference.start, shape: shape).cast(to: dtype), isTrainable: true)
    }

    /// `sum((p - c)⁴ / 4 + sin(p))`
    func height() -> Tensor {
        let p = position.value
        let distance = p - Tensor(float64: Reference.centre, shape: p.shape).cast(to: p.dtype)
        return (distance.squared.squared / 4 + sin(p)).sum()
    }
}

/// The same in plain numbers.
private struct Reference {
    static let start = [0.5, -1.25, 2, 0.75], centre = [1, 0, -0.5, 2]

    static func slopes(_ p: [Double]) -> [Double] { zip(p, centre).map { p, c in (p - c) * (p - c) * (p - c) + cos(p) } }

    static func sgd(_ steps: Int, rate: Double, momentum: Double) -> [Double] {
        var p = start, b = [0.0, 0, 0, 0]
        for _ in 0..<steps {
            let g = slopes(p)
            for i in p.indices {
                b[i] = momentum * b[i] + g[i]
                p[i] -= rate * b[i]
            }
        }
        return p
    }

    static func adam(_ steps: Int, rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0) -> [Double] {
        var p = start, m = [0.0, 0, 0, 0], v = [0.0, 0, 0, 0]
        for t in 1...steps {
            let g = slopes(p)
            for i in p.indices {
                m[i] = beta1 * m[i] + (1 - beta1) * g[i]
                v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i]
                let mean = m[i] / (1 - pow(beta1, Double(t))), square = v[i] / (1 - pow(beta2, Double(t)))
                p[i] -= rate * decay * p[i] + rate * mean / (square.squareRoot() + epsilon)
            }
        }
        return p
    }
}

@Suite struct OptimizerTests {
    private func run(_ optimizer: some Optimizer, _ dtype: DType = .float64, shape: [Int] = [2, 2], compiled: Bool = false) -> [Double] {
        let point = Point(dtype, shape: shape)
        func step() -> Tensor {
            let (height, gradients) = valueWithGradient(at: point) { $0.height() }
            optimizer.update(point, with: gradients)
            return height
        }
        let fast = compile { step() }
        for _ in 0..<10 { _ = (compiled ? fast() : step()).item() }
        return point.position.value.doubles
    }

    // What PyTorch 2.13 gives after ten steps, in float64:
    //
    //     p = torch.tensor([[0.5, -1.25], [2.0, 0.75]], requires_grad=True)
    //     c = torch.tensor([[1.0, 0.0], [-0.5, 2.0]])
    //     o = torch.optim.SGD([p], lr=1/32)   # momentum=0.9; Adam([p], lr=1/16); AdamW([p], lr=1/16, weight_decay=0.1)
    //     for t in range(10):
    //         o.zero_grad(); ((p - c) ** 4 / 4 + torch.sin(p)).sum().backward(); o.step()
    //     p.flatten().tolist()
    private static let sgd = [0.28286907793433375, -0.9768981492436327, 0.45616530755584683, 0.995689999211382]
    private static let momentum = [-0.1894074110196331, -0.5819808048372616, -2.109660653860113, 1.5560602546874471]
    private static let adam = [-0.07317969676796737, -0.7558978749890911, 1.395614527155206, 1.289313651078217]
    private static let decayed = [-0.08129802082657173, -0.7211754579313232, 1.295947564302311, 1.2376153663380485]

    @Test func gradientDescentAgreesWithItsFormula() {
        let expected = Reference.sgd(10, rate: 1 / 32, momentum: 0)
        expectClose(expected, Self.sgd, 1e-13)
        expectClose(run(SGD(learningRate: 1 / 32)), expected, 1e-13)
        expectClose(run(SGD(learningRate: 1 / 32), .float32), expected, 1e-5)
    }

    @Test func momentumAgreesWithItsFormula() {
        let expected = Reference.sgd(10, rate: 1 / 32, momentum: 0.9)
        expectClose(expected, Self.momentum, 1e-12)
        expectClose(run(SGD(learningRate: 1 / 32, momentum: 0.9)), expected, 1e-12)
        expectClose(run(SGD(learningRate: 1 / 32, momentum: 0.9), .float32), expected, 1e-5)
    }

    @Test func adamAgreesWithItsFormula() {
        let expected = Reference.adam(10, rate: 1 / 16)
        expectClose(expected, Self.adam, 1e-12)
        expectClose(run(Adam(learningRate: 1 / 16)), expected, 1e-12)
        expectClose(run(Adam(learningRate: 1 / 16), .float32), expected, 1e-5)
        let other = Reference.adam(10, rate: 1 / 16, beta1: 0.5, beta2: 0.75, epsilon: 0.25)
        expectClose(run(Adam(learningRate: 1 / 16, beta1: 0.5, beta2: 0.75, epsilon: 0.25)), other, 1e-12)
        let plain = Reference.adam(10, rate: 1 / 16, beta1: 0, beta2: 0.75)
        expectClose(run(Adam(learningRate: 1 / 16, beta1: 0, beta2: 0.75)), plain, 1e-12)
    }

    @Test func weightDecayShrinksMatricesAndNotVectors() {
        let expected = Reference.adam(10, rate: 1 / 16, decay: 0.1)
        expectClose(expected, Self.decayed, 1e-12)
        expectClose(run(Adam(learningRate: 1 / 16, weightDecay: 0.1)), expected, 1e-12)
        expectClose(run(Adam(learningRate: 1 / 16, weightDecay: 0.1), shape: [4]), Reference.adam(10, rate: 1 / 16), 1e-12)
    }

    @Test func compiledStepsAreTheEagerOnes() {
        #expect(run(SGD(learningRate: 1 / 32, momentum: 0.9), .float32, compiled: true) == run(SGD(learningRate: 1 / 32, momentum: 0.9), .float32))
        #expect(run(Adam(learningRate: 1 / 16, weightDecay: 0.1), .float32, compiled: true) == run(Adam(learningRate: 1 / 16, weightDecay: 0.1), .float32))
    }

    @Test func adamsFirstStepHasTheLengthOfTheRate() {
        let point = Point(.float64)
        let optimizer = Adam(learningRate: 1e-3)
        optimizer.update(point, with: valueWithGradient(at: point) { $0.height() }.gradients)
        for (moved, start) in zip(point.position.value.doubles, Reference.start) { expectClose(Swift.abs(moved - start), 1e-3, 1e-9) }
    }

    @Test func aNewLearningRateNeedsNoNewTrace() {
        for optimizer in [SGD(learningRate: 0.5), Adam(learningRate: 0.5)] as [any Optimizer] {
            let point = Point(.float32)
            let step = compile {
                let (height, gradients) = valueWithGradient(at: point) { $0.height() }
                optimizer.update(point, with: gradients)
                return height
            }
            func change() -> Double {
                let before = point.position.value.doubles
                _ = step()
                return zip(point.position.value.doubles, before).reduce(0) { $0 + Swift.abs($1.0 - $1.1) }
            }
            #expect(change() > 0.1)
            optimizer.setLearningRate(0)
            #expect(change() == 0)
            optimizer.setLearningRate(0.25)
            #expect(change() > 0.01)
            #expect(step.traceCount == 1)
        }
    }

    @Test func stateIsListedByName() {
        let point = Point(.float32)
        let adam = Adam(), momentum = SGD(learningRate: 0.1, momentum: 0.9)
        #expect(adam.variables.map(\.path) == ["learning_rate", "step"])
        let (_, gradients) = valueWithGradient(at: point) { $0.height() }
        adam.update(point, with: gradients)
        momentum.update(point, with: gradients)
        #expect(adam.variables.map(\.path) == ["learning_rate", "step", "position.mean", "position.square"])
        #expect(momentum.variables.map(\.path) == ["learning_rate", "position.velocity"])
        #expect(adam.variables[1].variable.value.item() == 1)
    }
}

@Suite struct GradientsTests {
    private func gradients() -> Gradients {
        func entry(_ path: String, _ tensor: Tensor) -> (parameter: NamedVariable, gradient: Tensor) {
            (NamedVariable(path: path, variable: Variable(Tensor(0, like: tensor), isTrainable: true)), tensor)
        }
        return Gradients([entry("a", Tensor([[3, 0], [0, -4]])), entry("b", Tensor([12]))])
    }

    @Test func normIsThatOfAllAsOneVector() {
        #expect(gradients().norm.item() == 13)
        #expect(Gradients([]).norm.item() == 0)
    }

    @Test func clippedToNorm() {
        let short = gradients().clipped(toNorm: 6.5)
        expectClose(short.norm.item(), 6.5)
        expectClose(short["a"]!.doubles, [1.5, 0, 0, -2])
        expectClose(short["b"]!.doubles, [6])
        // What is short enough stays to the last bit.
        #expect(gradients().clipped(toNorm: 20).tensors.map(\.floats) == gradients().tensors.map(\.floats))
        #expect(gradients().clipped(toNorm: 0).norm.item() == 0)
        let zero = Gradients(gradients().entries.map { ($0.parameter, $0.gradient * 0) })
        #expect(zero.clipped(toNorm: 1).norm.item() == 0)
    }

    /// The cases "clip-norm-1" and "clip-norm-2", whose exact form has no epsilon.
    @Test func clippedAsInTheCases() {
        func gradients(_ tensors: [Tensor]) -> Gradients {
            Gradients(tensors.map { (NamedVariable(path: "p", variable: Variable(Tensor(0, like: $0), isTrainable: true)), $0) })
        }
        let long = gradients([Tensor(float64: [[3, -4], [0, 12]]), Tensor(float64: [1, -2])])
        expectClose(long.norm.item(), 13.19090595827292, 1e-15)
        let exact = [1.137147065368355, -1.5161960871578068, 0, 4.54858826147342, 0.3790490217894517, -0.7580980435789034]
        expectClose(long.clipped(toNorm: 5, epsilon: 0).tensors.flatMap(\.doubles), exact, 1e-14)
        let torch = [1.137146979161465, -1.5161959722152867, 0, 4.54858791664586, 0.37904899305382167, -0.7580979861076433]
        expectClose(long.clipped(toNorm: 5).tensors.flatMap(\.doubles), torch, 1e-14)
        let short = gradients([Tensor(float64: [0.3, -0.4]), Tensor(float64: [0.1])])
        #expect(short.clipped(toNorm: 5, epsilon: 0).tensors.flatMap(\.doubles) == [0.3, -0.4, 0.1])
        #expect(gradients([Tensor(float64: [0])]).clipped(toNorm: 0, epsilon: 0).tensors[0].doubles == [0])
    }

    @Test func clippedToValue() {
        let limited = gradients().clipped(toValue: 3.5)
        #expect(limited["a"]!.floats == [3, 0, 0, -3.5])
        #expect(limited["b"]!.floats == [3.5])
    }

    @Test func byPath() {
        #expect(gradients()["b"]?.floats == [12])
        #expect(gradients()["c"] == nil)
    }

    @Test func theyPassThroughACompiledFunction() {
        let double = compile { (gradients: Gradients) in Gradients(gradients.entries.map { ($0.parameter, $0.gradient * 2) }) }
        #expect(double(gradients())["a"]?.floats == [6, 0, 0, -8])
    }
}
