import DescentCore
import DescentNN
import Testing
import DescentJobs
import DescentTrain

@Suite(.serialized)
struct TrainerTests {
    /// y = 2x - 1 at 50 places.
    private static var line: Examples {
        let x = (0..<50).map { Float($0) / 25 - 1 }
        return Examples(inputs: Tensor(x, shape: [50, 1]), targets: Tensor(x.map { 2 * $0 - 1 }, shape: [50, 1]))
    }

    private static func fitted(dropout: Double = 0, batchSize: Int = 16) throws -> FeedForward {
        let architecture = FeedForward.Architecture(inputs: 1, hidden: [16], outputs: 1, activation: "tanh", dropout: dropout)
        let model = FeedForward(architecture)
        model.initialize(seed: 7)
        let trainer = Trainer(model, optimizer: Adam(learningRate: 0.01)) { meanSquaredError($0($1), $2) }
        try trainer.fit(line, epochs: 30, batchSize: batchSize, seed: 3)
        return model
    }

    @Test("a straight line is found")
    func findsLine() throws {
        let model = Linear(1, 1)
        model.initialize(seed: 1)
        let loss = try Trainer(model, optimizer: SGD(learningRate: 0.3)) { meanSquaredError($0($1), $2) }
            .fit(Self.line, epochs: 60, batchSize: 10, seed: 1)
        #expect(loss < 1e-6)
        #expect(abs(model.weight.value.item() - 2) < 1e-3)
        #expect(abs(model.bias!.value.item() + 1) < 1e-3)
    }

    @Test("the same seed gives the same bits on 1, 2 and 3 threads, with dropout and uneven batches")
    func sameBits() throws {
        let before = Threads.count
        defer { Threads.count = before }
        var weights: [[[UInt32]]] = []
        for threads in [1, 2, 3] {
            Threads.count = threads
            weights.append(try Self.fitted(dropout: 0.2).parameters.map { $0.variable.value.floats.map(\.bitPattern) })
        }
        #expect(weights[0] == weights[1])
        #expect(weights[0] == weights[2])
    }

    @Test("batches are nearly equal and hold every example", arguments: [(50, 16), (1, 32), (32, 32), (33, 32), (7, 1)])
    func batches(count: Int, limit: Int) {
        let sizes = Examples.batchSizes(count: count, limit: limit)
        #expect(sizes.reduce(0, +) == count)
        #expect(sizes.allSatisfy { $0 >= 1 && $0 <= limit })
        #expect(sizes.max()! - sizes.min()! <= 1)
        #expect(sizes.count == (count + limit - 1) / limit)
    }

    @Test("a batch holds the rows asked for, in their order")
    func gathers() {
        let examples = Examples(inputs: Tensor([[1, 2], [3, 4], [5, 6]]), targets: Tensor(int32: [7, 8, 9]))
        let (inputs, targets) = examples.batch([2, 0])
        #expect(inputs.floats == [5, 6, 1, 2])
        #expect(inputs.shape == [2, 2])
        #expect(targets.ints == [9, 7])
    }

    @Test("progress counts every step and example")
    func progress() throws {
        let model = Linear(1, 1)
        var reports: [TrainingProgress] = []
        try Trainer(model, optimizer: SGD(learningRate: 0.1)) { meanSquaredError($0($1), $2) }
            .fit(Self.line, epochs: 2, batchSize: 20, seed: 1) { reports.append($0) }
        #expect(reports.map(\.step) == [1, 2, 3, 4, 5, 6])
        #expect(reports.map(\.examples) == [17, 34, 50, 67, 84, 100])
        #expect(reports.map(\.isEndOfEpoch) == [false, false, true, false, false, true])
        #expect(reports.last?.steps == 6)
    }

    @Test("a loss that is not finite stops the run, and the error names step and parameter")
    func divergence() throws {
        let model = FeedForward(.init(inputs: 1, hidden: [4], outputs: 1, activation: "relu", dropout: 0))
        model.initialize(seed: 1)
        let trainer = Trainer(model, optimizer: SGD(learningRate: 1e20), schedule: .constant) { meanSquaredError($0($1), $2) }
        let error = #expect(throws: DivergenceError.self) { try trainer.fit(Self.line, epochs: 5, batchSize: 50, seed: 1) }
        let found = try #require(error)
        #expect(found.step > 1 && found.step <= 5)
        #expect(found.epoch == found.step)
        #expect(model.parameters.contains { $0.path == found.parameter })
        #expect(found.description.contains("in step \(found.step) (epoch \(found.epoch))"))
        #expect(found.description.contains("smaller learning rate (it was 1.0e+20"))
    }

    @Test("the longest gradient is named where all are finite")
    func longestGradient() throws {
        let model = FeedForward(.init(inputs: 1, hidden: [4], outputs: 1, activation: "relu", dropout: 0))
        model.initialize(seed: 1)
        // The loss overflows, the gradient is that of the finite part.
        let trainer = Trainer(model, optimizer: SGD(learningRate: 1e-3)) { model, x, y in
            meanSquaredError(model(x), y) + Tensor(Float.infinity)
        }
        let error = #expect(throws: DivergenceError.self) { try trainer.fit(Self.line, epochs: 1, batchSize: 50, seed: 1) }
        let found = try #require(error)
        #expect(found.loss == .infinity)
        #expect(found.gradientNorm.isFinite && found.gradientNorm > 0)
        #expect(found.description.contains("the loss became infinite in step 1"))
        #expect(found.description.contains("The longest gradient is that of \(found.parameter), with norm "))
    }

    @Test("after a run the model is ready for use and the optimizer as it was")
    func leavesInOrder() throws {
        let model = FeedForward(.init(inputs: 1, hidden: [16], outputs: 1, activation: "tanh", dropout: 0.5))
        let optimizer = Adam(learningRate: 0.01)
        try Trainer(model, optimizer: optimizer) { meanSquaredError($0($1), $2) }.fit(Self.line, epochs: 1, batchSize: 25, seed: 1)
        #expect(model(Self.line.inputs).floats == model(Self.line.inputs).floats)
        #expect(optimizer.learningRate.value.floats == [0.01])
    }

    @Test("an error of the report ends the run")
    func reportStops() {
        struct Enough: Error {}
        let model = Linear(1, 1)
        #expect(throws: Enough.self) {
            try Trainer(model, optimizer: SGD(learningRate: 0.1)) { meanSquaredError($0($1), $2) }
                .fit(Self.line, epochs: 9, batchSize: 25, seed: 1) { if $0.step == 3 { throw Enough() } }
        }
    }

    @Test("the cosine schedule falls from 1 to 0")
    func schedule() {
        #expect(Schedule.cosine(0, of: 10) == 1)
        #expect(abs(Schedule.cosine(5, of: 10) - 0.5) < 1e-15)
        #expect(abs(Schedule.cosine(10, of: 10)) < 1e-15)
        #expect(Schedule.constant(7, of: 10) == 1)
    }
}
