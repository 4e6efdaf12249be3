import DescentCore
import DescentNN
import TestFolders
import Testing
import DescentTrain

struct RateReductionTests {
    /// What a validation is made to say, epoch after epoch.
    private static let losses = [1.0, 0.8, 0.8, 0.9, 0.7, 0.7, 0.7, 0.7, 0.6, 0.65, 0.66, 0.67]

    /// The outcome of a training whose validation says these losses.
    private static func run(_ place: RunPlace? = nil, stopAt stop: Int? = nil, metric: String = "validation_loss") throws -> (TrainingOutcome, [UInt8]) {
        let model = Linear(1, 1)
        model.initialize(seed: 1)
        let trainer = Trainer(model, optimizer: Adam(learningRate: 0.5), schedule: .constant) { meanSquaredError($0($1), $2) }
        let x = Tensor([1, 2, 3, 4], shape: [4, 1])
        var epoch = 0
        var steps = 0
        let counter = ObservingClosure { event in
            if case .began(let state, _, _) = event { epoch = state.epoch - (state.stepInEpoch == 2 ? 0 : 1) }
        }
        let outcome = try trainer.fit(
            Batches([x, x], size: 2, seed: 1), for: .epochs(losses.count),
            validation: Validation {
                epoch += 1
                return [TrainingRecord.Metric("validation_loss", losses[epoch - 1])]
            },
            rateReduction: RateReduction(ReduceOnPlateau(reduction: 0.5, patience: 1, coolDown: 1), metric: metric),
            checkpointing: try place.map { Checkpointing(try RunFolder($0.path)) }, observers: [counter],
            shouldStop: {
                steps += 1
                return steps == stop
            })
        return (outcome, model.weight.value.withUnsafeBytes { Array($0) })
    }

    @Test("the rate falls where PyTorch's ReduceLROnPlateau lets it fall")
    func rates() throws {
        // torch.optim.lr_scheduler.ReduceLROnPlateau(factor=0.5, patience=1, cooldown=1) over the same losses: the rate before each epoch.
        let expected = [0.5, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125, 0.125, 0.125, 0.125, 0.0625]
        #expect(try Self.run().0.state.history.map(\.learningRate) == expected)
    }

    @Test("stopped anywhere and taken up, it goes on from what it remembered")
    func resumed() throws {
        let whole = try Self.run()
        for stop in [3, 7, 8, 14, 15, 20] {
            let place = try RunPlace()
            defer { place.remove() }
            #expect(try Self.run(place, stopAt: stop).0.reason == .interrupted)
            let (outcome, weight) = try Self.run(place)
            #expect(outcome.state == whole.0.state, "stopped after \(stop)")
            #expect(weight == whole.1)
        }
    }

    @Test("the training loss can be watched where nothing is validated")
    func trainingLoss() throws {
        let model = Linear(1, 1)
        model.initialize(seed: 1)
        // A rate far too large: the loss gets no better.
        let trainer = Trainer(model, optimizer: SGD(learningRate: 0.5), schedule: .constant) { meanSquaredError($0($1), $2) }
        let x = Tensor([1, 2], shape: [2, 1])
        let rule = ReduceOnPlateau(reduction: 0.25, patience: 0)
        let outcome = try trainer.fit(
            Batches([x, x], size: 2, seed: nil), for: .epochs(6), rateReduction: RateReduction(rule, metric: RateReduction.trainingLoss))
        let truth = ReduceOnPlateau(reduction: 0.25, patience: 0)
        var rate = 0.5
        for record in outcome.state.history {
            #expect(record.learningRate == rate)
            rate = 0.5 * truth.factor(after: record.loss)
        }
        #expect(rate < 0.5)
        #expect(rule.state == ReduceOnPlateau.State())
    }
}
