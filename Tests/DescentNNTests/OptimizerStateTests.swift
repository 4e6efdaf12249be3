import DescentCore
import DescentNN
import Testing

/// Groups, regularization, state, accumulation and averages.
@Suite struct OptimizerStateTests {
    private struct Network: Module {
        let encoder = Linear(3, 4)
        let head = Linear(4, 2)
        func callAsFunction(_ x: Tensor) -> Tensor { head(tanh(encoder(x))) }
        init(seed: Int = 1) { initialize(seed: seed) }
    }

    private static let x = Tensor((0..<24).map { Float($0 * 7 % 11) / 5 - 1 }, shape: [8, 3])
    private static let y = Tensor(int64: [0, 1, 1, 0, 1, 0, 0, 1])

    private func gradients(_ model: Network, rows: Range<Int> = 0..<8) -> Gradients {
        valueWithGradient(at: model) { softmaxCrossEntropy($0(Self.x[rows]), Self.y[rows]) }.gradients
    }

    private func values(_ variables: [NamedVariable]) -> [String: [UInt8]] {
        Dictionary(uniqueKeysWithValues: variables.map { ($0.path, $0.variable.value.withUnsafeBytes { Array($0) }) })
    }

    /// Puts saved bytes back, as a checkpoint does.
    private func restore(_ saved: [String: [UInt8]], into variables: [NamedVariable]) {
        #expect(Set(saved.keys) == Set(variables.map(\.path)))
        for entry in variables {
            let bytes = saved[entry.path]!
            entry.variable.value = Tensor(shape: entry.variable.shape, dtype: entry.variable.dtype) { $0.copyBytes(from: bytes) }
        }
    }

    // MARK: State

    static let makers: [@Sendable () -> any Optimizer] = [
        { SGD(learningRate: 0.1, momentum: 0.9) }, { SGD(learningRate: 0.1) }, { AdaGrad(learningRate: 0.1, initialSum: 0.25) },
        { RMSProp(learningRate: 0.01, momentum: 0.9, isCentered: true) }, { Adam(learningRate: 0.01) }, { AdamW(learningRate: 0.01) },
        { NAdam(learningRate: 0.01) },
    ]

    @Test(arguments: makers.indices)
    func aRunThatIsSavedAndRestoredEndsInTheSameBits(_ index: Int) {
        func steps(_ count: Int, _ model: Network, _ optimizer: any Optimizer, _ average: WeightAverage) {
            let step = compile {
                optimizer.update(model, with: gradients(model).clipped(toNorm: 1))
                average.update(model)
            }
            for _ in 0..<count { step() }
        }
        let whole = Network(), wholeOptimizer = Self.makers[index](), wholeAverage = WeightAverage(.exponential(decay: 0.75))
        steps(9, whole, wholeOptimizer, wholeAverage)
        let first = Network(), firstOptimizer = Self.makers[index](), firstAverage = WeightAverage(.exponential(decay: 0.75))
        steps(4, first, firstOptimizer, firstAverage)
        let second = Network(seed: 7), secondOptimizer = Self.makers[index](), secondAverage = WeightAverage(.exponential(decay: 0.75))
        secondOptimizer.prepare(for: second)
        secondAverage.prepare(for: second)
        restore(values(first.variables), into: second.variables)
        restore(values(firstOptimizer.variables), into: secondOptimizer.variables)
        restore(values(firstAverage.variables), into: secondAverage.variables)
        steps(5, second, secondOptimizer, secondAverage)
        #expect(values(second.variables) == values(whole.variables))
        #expect(values(secondOptimizer.variables) == values(wholeOptimizer.variables))
        #expect(values(secondAverage.variables) == values(wholeAverage.variables))
        #expect(values(first.variables) != values(whole.variables))
    }

    @Test func preparingMakesWhatTheFirstStepMakes() {
        for make in Self.makers {
            let model = Network(), optimizer = make(), prepared = make()
            optimizer.update(model, with: gradients(model))
            prepared.prepare(for: model)
            #expect(optimizer.variables.map(\.path) == prepared.variables.map(\.path))
        }
    }

    @Test func adamsUpdateIsOneGroupForEachParameter() {
        let model = Network(), optimizer = Adam(weightDecay: 0.01)
        let step = compile { (gradients: Gradients) in optimizer.update(model, with: gradients) }
        step(gradients(model))
        // One for the numbers that all share, and one for each of the four parameters.
        #expect(step.instructionCount == 5, "\(step.description)")
    }

    // MARK: Groups and regularization

    @Test func groupsHaveTheirRates() {
        let model = Network()
        let before = values(model.parameters), start = model.encoder.weight.value.doubles, slope = gradients(model)["encoder.weight"]!.doubles
        let headStart = model.head.weight.value.doubles, headSlope = gradients(model)["head.weight"]!.doubles
        let optimizer = SGD(
            learningRate: 0.5,
            groups: [
                ParameterGroup("head.bias", isFrozen: true), ParameterGroup("encoder", rate: 0.25, regularization: Regularization(l2: 0.5)),
                ParameterGroup(where: { $0.path.hasSuffix("weight") }, rate: 2),
            ])
        optimizer.update(model, with: gradients(model))
        let after = values(model.parameters)
        #expect(after["head.bias"] == before["head.bias"])
        expectClose(model.encoder.weight.value.doubles, zip(start, slope).map { $0 - 0.125 * ($1 + 0.5 * $0) })
        expectClose(model.head.weight.value.doubles, zip(headStart, headSlope).map { $0 - $1 })
        let adam = Adam(groups: [ParameterGroup("encoder", isFrozen: true)])
        adam.prepare(for: model)
        #expect(adam.variables.map(\.path) == ["learning_rate", "step", "head.weight.mean", "head.bias.mean", "head.weight.square", "head.bias.square"])
    }

    @Test func aGroupOfNothingStops() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let model = Linear(2, 1)
            Adam(groups: [ParameterGroup("wieght")]).prepare(for: model)
        }
        expectSentence(result, "Adam: the group \"wieght\" has no parameter. There are: weight, bias.")
    }

    @Test func penaltiesPullTowardsZero() {
        struct Point: Module {
            let matrix = Variable(Tensor([[2, -4, 0]]), isTrainable: true)
            let vector = Variable(Tensor([2, -4]), isTrainable: true)
        }
        func end(_ optimizer: some Optimizer) -> [Float] {
            let point = Point()
            optimizer.update(point, with: Gradients(point.parameters.map { ($0, Tensor(0, like: $0.variable.value)) }))
            return point.matrix.value.floats + point.vector.value.floats
        }
        #expect(end(SGD(learningRate: 0.5, regularization: Regularization(l1: 1))) == [1.5, -3.5, 0, 2, -4])
        #expect(end(SGD(learningRate: 0.5, regularization: Regularization(l2: 0.5))) == [1.5, -3, 0, 2, -4])
        #expect(end(SGD(learningRate: 0.5, regularization: Regularization(decay: 0.5, includesVectors: true))) == [1.5, -3, 0, 1.5, -3])
        // What comes with the gradient is divided by its size, decay is not.
        expectClose(end(Adam(learningRate: 0.5, regularization: Regularization(l2: 0.5))).map(Double.init), [1.5, -3.5, 0, 2, -4])
        expectClose(end(Adam(learningRate: 0.5, weightDecay: 0.5)).map(Double.init), [1.5, -3, 0, 2, -4])
        expectClose(end(AdamW(learningRate: 0.5, weightDecay: 0.5, decaysVectors: true)).map(Double.init), [1.5, -3, 0, 1.5, -3])
    }

    // MARK: Accumulation

    @Test func partsOfABatchAddUpToTheBatch() {
        let model = Network()
        let expected = gradients(model)
        let accumulator = GradientAccumulator()
        let add = compile { accumulator.add(gradients(model, rows: 0..<3), weight: 3) }
        add()
        accumulator.add(gradients(model, rows: 3..<8), weight: 5)
        let found = accumulator.take()
        #expect(found.entries.map(\.parameter.path) == expected.entries.map(\.parameter.path))
        for (path, gradient) in expected.entries { expectClose(found[path.path]!.doubles, gradient.doubles, 1e-6, path.path) }
        // It begins anew.
        add()
        let again = accumulator.take()
        for (path, gradient) in gradients(model, rows: 0..<3).entries { expectClose(again[path.path]!.doubles, gradient.doubles, 1e-6, path.path) }
        #expect(accumulator.variables.map(\.path).prefix(2) == ["gradient_weight", "encoder.weight.gradient_sum"])
    }

    // MARK: Averages

    private struct Counter: Module {
        let value = Variable(Tensor([0]), isTrainable: true)
    }

    @Test func anExponentialAverageByHand() {
        let model = Counter(), average = WeightAverage(.exponential(decay: 0.75))
        for number in [4, 8, -2] {
            model.value.value = Tensor([Float(number)])
            average.update(model)
        }
        // 4; 0.75 · 4 + 0.25 · 8 = 5; 0.75 · 5 - 0.25 · 2 = 3.25.
        average.exchange(with: model)
        #expect(model.value.value.floats == [3.25])
        average.exchange(with: model)
        #expect(model.value.value.floats == [-2])
    }

    @Test func anEqualAverageIsTheMean() {
        let model = Counter(), average = WeightAverage(.equal)
        let update = compile { average.update(model) }
        for number in [4, 8, -3] {
            model.value.value = Tensor([Float(number)])
            update()
        }
        average.exchange(with: model)
        #expect(model.value.value.floats == [3])
        #expect(average.variables.map(\.path) == ["average_count", "value.average"])
        #expect(average.variables[0].variable.value.item() == 3)
    }
}
