import Testing
import DescentTrain

struct ProgressLineTests {
    private func written(isTerminal: Bool, from first: Int = 0) -> [String] {
        var texts: [String] = []
        let line = ProgressLine(isTerminal: isTerminal) { texts.append($0) }
        var state = TrainingState()
        (state.step, state.examples) = (first, first * 10)
        line.observe(.began(state, steps: 40, epochs: 20))
        for step in first + 1...40 {
            let isEnd = step % 2 == 0
            line.observe(
                .step(
                    TrainingProgress(
                        epoch: (step + 1) / 2, epochs: 20, step: step, steps: 40, examples: step * 10, loss: 0.5, isEndOfEpoch: isEnd)))
            if !isEnd { continue }
            let metrics = step == 4 ? [TrainingRecord.Metric("validation_loss", 0.25)] : []
            line.observe(.record(TrainingRecord(epoch: step / 2, step: step, examples: step * 10, learningRate: 1, loss: 0.5, metrics: metrics)))
        }
        line.observe(.finished(TrainingOutcome(reason: .completed, state: state, loss: 0.5)))
        return texts
    }

    @Test("elsewhere than on a terminal: a plain line for each tenth of the run, with the latest validation")
    func plain() {
        let texts = written(isTerminal: false)
        #expect(texts.count == 10)
        #expect(texts[0].hasPrefix("epoch  2/20  loss 0.5000  validation loss 0.2500  "))
        #expect(texts[4].hasPrefix("epoch 10/20  loss 0.5000  validation loss 0.2500  "))
        #expect(texts.allSatisfy { $0.hasSuffix("\n") && !$0.contains("\r") })
        #expect(texts[9].contains("done in "))
    }

    @Test("a resumed run shows the tenths that are left")
    func resumed() {
        #expect(written(isTerminal: false, from: 37).map { String($0.prefix(11)) } == ["epoch 20/20"])
    }

    @Test("on a terminal: one line, redrawn, that ends with the run")
    func redrawn() {
        let texts = written(isTerminal: true)
        #expect(texts.count >= 2)
        #expect(texts.allSatisfy { $0.hasPrefix("\r") && $0.contains("\u{1B}[K") && $0.count < 110 })
        #expect(texts.dropLast().allSatisfy { !$0.contains("\n") })
        #expect(texts.last!.hasSuffix("\n"))
    }

    @Test func words() {
        #expect(grouped(1_234_567) == "1,234,567")
        #expect(grouped(-1000) == "-1,000")
        #expect(grouped(12) == "12")
        #expect(spoken(0.42) == "0.4 s")
        #expect(spoken(59.7) == "1 min 0 s")
        #expect(spoken(7500) == "2 h 5 min")
        #expect(shortNumber(0.003) == "0.003")
        #expect(shortNumber(1e30) == "1.0e+30")
        #expect(shortNumber(0) == "0")
    }
}
