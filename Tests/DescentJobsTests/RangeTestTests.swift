import DescentCore
import DescentData
import DescentNN
import DescentJobs
import DescentReports
import DescentTrain
import Testing

/// The learning-rate range test: the case's numbers, what it says, and that it leaves no trace.
@Suite struct RangeTestTests {
    /// Gradient descent on 1/2 (2 x² + 20 y²) from (1, 1), as cases.json has it (kind lr_range_test).
    private func quadratic(growth: Double) -> LearningRateRangeTest {
        var point = Tensor(float64: [1, 1])
        func loss(_ x: Tensor) -> Tensor { 0.5 * (Tensor(float64: [2, 20]) * x * x).sum() }
        return LearningRateRangeTest(from: 1e-4, to: 1, count: 25, growth: growth, finalLoss: { loss(point).item() }) { rate in
            let (value, slope) = valueWithGradient(at: point, of: loss)
            point = point - rate * slope
            return value.item()
        }
    }

    @Test("kind lr_range_test")
    func caseNumbers() throws {
        let test = quadratic(growth: .infinity)
        let rates = [
            0.0001, 0.00014677992676220697, 0.0002154434690031884, 0.00031622776601683794, 0.0004641588833612779, 0.0006812920690579613, 0.001,
            0.0014677992676220696, 0.002154434690031884, 0.0031622776601683794, 0.004641588833612779, 0.006812920690579613, 0.01,
            0.014677992676220697, 0.02154434690031884, 0.03162277660168379, 0.04641588833612779, 0.06812920690579613, 0.1, 0.14677992676220697,
            0.21544346900318836, 0.31622776601683794, 0.4641588833612779, 0.6812920690579612, 1.0,
        ]
        let losses = [
            11.0, 10.95964004, 10.900661716613083, 10.814654996249107, 10.689615455326193, 10.508642167277143, 10.248437032177996, 9.87792986155669,
            9.357872425093378, 8.64321139745281, 7.691533285325311, 6.482294074764104, 5.050305819824652, 3.5264868731365575, 2.1507890400695757,
            1.1884586703247633, 0.7255493963328686, 0.5498721928072832, 0.41004954663398085, 0.2624457518608832, 0.13110223824900166,
            0.044015317770012045, 0.05109092733893716, 3.1123003487247964, 496.1329308877513,
        ]
        #expect(test.rates.count == 25)
        for (found, expected) in zip(test.rates + test.losses, rates + losses) { #expect(abs(found - expected) <= 1e-8 + 1e-7 * abs(expected)) }
        #expect(abs(try #require(test.finalLoss) - 179103.98665704622) < 0.02)
        #expect(test.best == 21)
        #expect(!test.endedEarly)
    }

    @Test func regimesAndSuggestion() throws {
        let test = quadratic(growth: 3)
        // It stalls while less than a tenth of the fall of 10.956 is made, and has lost a tenth again one step after the next to last.
        #expect(test.rates(of: .stalls) == test.rates[0]...test.rates[6])
        #expect(test.rates(of: .converges) == test.rates[7]...test.rates[22])
        #expect(test.rates(of: .diverges) == test.rates[23]...test.rates[24])
        // The largest fall over a step before and after: from 6.48 to 3.53, around 0.01.
        #expect(test.suggestion == test.rates[12])
        let text = test.text()
        #expect(text.contains("stalls     rates 0.0001 to 0.001, loss 11 to 10.2"))
        #expect(text.contains("Suggested rate: 0.01, where the loss falls most steeply."))
        let flat = LearningRateRangeTest(from: 1e-3, to: 1, count: 10) { _ in 2 }
        #expect(flat.suggestion == nil)
        #expect(flat.text().contains("The loss never falls"))
    }

    @Test func endsWhereTheLossHasGrownTooMuch() {
        var losses = [1.0, 0.5, 0.2, 4, 900, 1e9].makeIterator()
        let test = LearningRateRangeTest(from: 1e-3, to: 1, count: 6) { _ in losses.next()! }
        #expect(test.losses == [1, 0.5, 0.2, 4])
        #expect(test.endedEarly)
        var broken = [1.0, 0.5, .nan, 1].makeIterator()
        #expect(LearningRateRangeTest(from: 1e-3, to: 1, count: 4) { _ in broken.next()! }.losses.count == 3)
    }

    @Test func leavesWeightsAndOptimizerAsTheyWere() throws {
        let model = Sequential(Linear(3, 8), Activation.tanh, Linear(8, 1))
        model.initialize(seed: 3)
        let optimizer = Adam(learningRate: 0.01)
        let trainer = Trainer(model, optimizer: optimizer) { model, x, y in meanSquaredError(model(x), y) }
        let x = Tensor.linspace(-1, 1, count: 60).reshaped(20, 3), y = x.sum(axis: 1, keepingAxis: true)
        let source = Batches(Examples(inputs: x, targets: y), size: 5, seed: 1)
        try trainer.step(source.batch(0, ofEpoch: 1))
        func state() -> [[Double]] { (model.variables + optimizer.variables).map { $0.variable.value.doubles } }
        let before = state()
        let test = try trainer.rangeTest(on: source, from: 1e-4, to: 100, count: 60)
        #expect(state() == before)
        #expect(test.suggestion != nil)
        #expect(test.rates(of: .diverges) != nil)
    }
}
