import DescentCore
import DescentNN
import Testing

/// Each optimizer's rule against PyTorch's and against the shared cases.
@Suite struct OptimizerRuleTests {
    private struct Point: Module {
        let position: Variable
        init(_ start: [Double], shape: [Int]? = nil) { position = Variable(Tensor(float64: start, shape: shape), isTrainable: true) }
    }

    private func run(
        _ optimizer: some Optimizer, from start: [Double], shape: [Int]? = nil, steps: Int, _ height: @escaping (Tensor) -> Tensor
    ) -> [Double] {
        let point = Point(start, shape: shape)
        let step = compile { () -> Tensor in
            let (value, gradients) = valueWithGradient(at: point) { height($0.position.value) }
            optimizer.update(point, with: gradients)
            return value
        }
        for _ in 0..<steps { _ = step() }
        return point.position.value.doubles
    }

    // MARK: Ten steps of PyTorch

    /// `sum((p - c)⁴ / 4 + sin(p))`, as in `OptimizerTests`; PyTorch 2.13 in float64.
    static let known: [(name: String, make: @Sendable () -> any Optimizer, end: [Double])] = [
        // SGD([p], lr=1/32, momentum=0.9, nesterov=True)
        (
            "nesterov", { SGD(learningRate: 1 / 32, momentum: 0.9, isNesterov: true) },
            [-0.14711662463022304, -0.70360569945261, -1.8583181530103698, 1.5148393129641384]
        ),
        // SGD([p], lr=1/32, momentum=0.5, weight_decay=0.1)
        (
            "l2", { SGD(learningRate: 1 / 32, momentum: 0.5, regularization: Regularization(l2: 0.1)) },
            [0.12602576362292559, -0.8504120413284044, -0.2755098281359356, 1.0898338058089743]
        ),
        // Adagrad([p], lr=1/4, initial_accumulator_value=0.5)
        (
            "adagrad", { AdaGrad(learningRate: 1 / 4, initialSum: 0.5) },
            [0.0003871478699582735, -0.8667275956299451, 1.063724984525517, 1.2822415032069758]
        ),
        // RMSprop([p], lr=1/32)
        ("rmsprop", { RMSProp(learningRate: 1 / 32) }, [1.002477434193744e-10, -0.8654978358008735, 0.8982690659792021, 1.3560669328789643]),
        // RMSprop([p], lr=1/64, alpha=0.9, momentum=0.75)
        (
            "rmsprop momentum", { RMSProp(learningRate: 1 / 64, smoothing: 0.9, momentum: 0.75) },
            [-0.08820257034072587, -0.7843218991837811, 1.2698247689458346, 1.311254789654333]
        ),
        // RMSprop([p], lr=1/64, alpha=0.9, momentum=0.75, centered=True)
        (
            "rmsprop centered", { RMSProp(learningRate: 1 / 64, smoothing: 0.9, momentum: 0.75, isCentered: true) },
            [-0.10173776180282067, -0.7702796807041038, 1.1383371618568943, 1.3615478666331242]
        ),
        // Adam([p], lr=1/16, weight_decay=0.1)
        (
            "adam l2", { Adam(learningRate: 1 / 16, regularization: Regularization(l2: 0.1)) },
            [-0.07226481734208792, -0.7420407177796706, 1.3954120200294218, 1.2672759012991441]
        ),
        // AdamW([p], lr=1/16)
        ("adamw", { AdamW(learningRate: 1 / 16) }, [-0.07404909133460771, -0.7522401843346398, 1.3853608319266513, 1.2840240240141148]),
        // NAdam([p], lr=1/16)
        ("nadam", { NAdam(learningRate: 1 / 16) }, [0.06797580691446523, -0.9052711808125685, 1.5424908485811208, 1.1253847185631531]),
        // NAdam([p], lr=1/16, betas=(0.8, 0.9), momentum_decay=0.1)
        (
            "nadam fast", { NAdam(learningRate: 1 / 16, beta1: 0.8, beta2: 0.9, momentumDecay: 0.1) },
            [0.026062658238235427, -0.8756522458767753, 1.4790974262549965, 1.1711854625600113]
        ),
    ]

    @Test(arguments: known.indices)
    func agreesWithPyTorch(_ index: Int) {
        let (name, make, end) = Self.known[index]
        let centre = Tensor(float64: [[1, 0], [-0.5, 2]])
        let found = run(make(), from: [0.5, -1.25, 2, 0.75], shape: [2, 2], steps: 10) { p in ((p - centre).squared.squared / 4 + sin(p)).sum() }
        expectClose(found, end, 1e-10, name)
    }

    // MARK: The shared cases

    struct Rule: Sendable, CustomTestStringConvertible {
        let id: String
        let make: @Sendable () -> any Optimizer
        let end: [Double]
        var testDescription: String { id }
    }

    /// The kind "optimizer": the last point of five steps. "bowl" is x² + 10 y² from (1, 1), "rosen" Rosenbrock's function from (-1.2, 1).
    static let cases = [
        Rule(
            id: "bowl-sgd", make: { SGD(learningRate: 0.05) },
            end: [0.59049, 0.0]),
        Rule(
            id: "bowl-momentum", make: { SGD(learningRate: 0.02, momentum: 0.9) },
            end: [0.5222252735999999, -0.729]),
        Rule(
            id: "bowl-momentum_velocity", make: { SGD(learningRate: 0.02, momentum: 0.9, velocityHoldsRate: true) },
            end: [0.5222252735999999, -0.729]),
        Rule(
            id: "bowl-nag", make: { SGD(learningRate: 0.02, momentum: 0.9, isNesterov: true) },
            end: [0.42928716408422396, -0.1651358016]),
        Rule(
            id: "bowl-adagrad", make: { AdaGrad(learningRate: 0.5, epsilon: 1e-10) },
            end: [0.05089130425129612, 0.05089130424075414]),
        Rule(
            id: "bowl-adagrad_eps_inside", make: { AdaGrad(learningRate: 0.5, epsilon: 1e-08, epsilonPlace: .insideRoot) },
            end: [0.05089130450938854, 0.05089130424228086]),
        Rule(
            id: "bowl-rmsprop", make: { RMSProp(learningRate: 0.01, smoothing: 0.99, epsilon: 1e-08) },
            end: [0.696465788738208, 0.6964657792496646]),
        Rule(
            id: "bowl-rmsprop_eps_inside", make: { RMSProp(learningRate: 0.01, smoothing: 0.9, epsilon: 1e-08, epsilonPlace: .insideRoot) },
            end: [0.8955067105564466, 0.8955067098232787]),
        Rule(
            id: "bowl-rmsprop_momentum", make: { RMSProp(learningRate: 0.01, smoothing: 0.99, epsilon: 1e-08, momentum: 0.9) },
            end: [0.14194250771439437, 0.1419424797882197]),
        Rule(
            id: "bowl-rmsprop_momentum_eps_inside",
            make: { RMSProp(learningRate: 0.01, smoothing: 0.9, epsilon: 1e-08, epsilonPlace: .insideRoot, momentum: 0.9, velocityHoldsRate: true) },
            end: [0.69972860801027, 0.6997286055498722]),
        Rule(
            id: "bowl-adam", make: { Adam(learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-08) },
            end: [0.5079636592643406, 0.5079636568677497]),
        Rule(
            id: "bowl-adam_uncorrected", make: { Adam(learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-08, correctsBias: false) },
            end: [-0.6760726167241596, -0.6760726651296632]),
        Rule(
            id: "rosen-sgd", make: { SGD(learningRate: 0.0005) },
            end: [-1.0327520120173703, 1.0677724741101722]),
        Rule(
            id: "rosen-momentum", make: { SGD(learningRate: 0.0005, momentum: 0.9) },
            end: [-0.9080572996225864, 1.0756207852003221]),
        Rule(
            id: "rosen-nag", make: { SGD(learningRate: 0.0005, momentum: 0.9, isNesterov: true) },
            end: [-1.0149249635192734, 1.0266370230976398]),
        Rule(
            id: "rosen-adagrad", make: { AdaGrad(learningRate: 0.1, epsilon: 1e-10) },
            end: [-1.0626464211982958, 1.133456613823318]),
        Rule(
            id: "rosen-rmsprop", make: { RMSProp(learningRate: 0.01, smoothing: 0.99, epsilon: 1e-08) },
            end: [-1.0625622494376303, 1.1334448836360989]),
        Rule(
            id: "rosen-rmsprop_momentum", make: { RMSProp(learningRate: 0.01, smoothing: 0.99, epsilon: 1e-08, momentum: 0.9) },
            end: [-0.9615391771953125, 1.190477291762614]),
        Rule(
            id: "rosen-adam", make: { Adam(learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 1e-08) },
            end: [-0.9751825797273528, 1.1972757977820125]),
    ]

    @Test(arguments: cases)
    func agreesWithTheCase(_ rule: Rule) {
        let isBowl = rule.id.hasPrefix("bowl")
        let found = run(rule.make(), from: isBowl ? [1, 1] : [-1.2, 1], steps: 5) { p in
            let x = p[0], y = p[1]
            return isBowl ? x.squared + 10 * y.squared : (1 - x).squared + 100 * (y - x.squared).squared
        }
        expectClose(found, rule.end, 1e-9, rule.id)
    }

    /// The case "bowl-nag_lookahead" takes gradients ahead of its path; here the parameters are ahead, and the path is where they are less μ v.
    @Test func nesterovsOwnRule() {
        let optimizer = SGD(learningRate: 0.02, momentum: 0.9, isNesterov: true, velocityHoldsRate: true)
        let ahead = run(optimizer, from: [1, 1], steps: 5) { p in p[0].squared + 10 * p[1].squared }
        let velocity = optimizer.variables.first { $0.path == "position.velocity" }!.variable.value.doubles
        expectClose(zip(ahead, velocity).map { $0 + 0.9 * $1 }, [0.54418993053696, -0.210060864], 1e-12)
    }

    @Test func aHeldRateActsOnNewGradientsAlone() {
        // Two steps from 10 with gradients 1, the second at half the rate. b = 1, 1.5: 10 - 1 - 0.5 · 1.5. Held: b = 1, 0.5 + 0.5: 10 - 1 - 1.
        func end(_ velocityHoldsRate: Bool) -> Double {
            let optimizer = SGD(learningRate: 1, momentum: 0.5, velocityHoldsRate: velocityHoldsRate)
            let point = Point([10])
            for rate in [1, 0.5] {
                optimizer.setLearningRate(rate)
                optimizer.update(point, with: valueWithGradient(at: point) { $0.position.value.sum() }.gradients)
            }
            return point.position.value.item()
        }
        #expect(end(false) == 8.25)
        #expect(end(true) == 8)
    }

    /// After 30 million steps float32 counts no further, and Adam's first correction has long been 1; the second still matters at β₂ = 1 - 10⁻⁸.
    @Test func theStepCountIsExactInLongRuns() {
        let optimizer = Adam(learningRate: 1, beta1: 0, beta2: 1 - 1e-8, epsilon: 0)
        let point = Point([0])
        optimizer.prepare(for: point)
        for entry in optimizer.variables where entry.path == "step" { entry.variable.value = Tensor.full([], 3e7, dtype: .float64) }
        optimizer.update(point, with: valueWithGradient(at: point) { $0.position.value.sum() }.gradients)
        #expect(optimizer.variables.first { $0.path == "step" }!.variable.value.item() == 30_000_001)
        // v = 1e-8, 1 - β₂ᵗ = 1 - exp(-0.30000001): the step is √((1 - β₂ᵗ) / v).
        // Python: math.sqrt(-math.expm1(30000001 * math.log(1 - 1e-8)) / (1 - (1 - 1e-8)))
        expectClose(point.position.value.item(), -5090.989959252479, 1e-12)
    }
}
