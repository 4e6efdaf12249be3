import DescentCore
import DescentFormats
import DescentNN
import TestFolders
import Testing
import DescentJobs
import DescentReports
import DescentTrain

/// A run that is stopped anywhere and taken up again ends with the bits of one that was not.
@Suite(.serialized)
struct ResumeTests {
    /// A model with dropout, so that random streams count, and a variable that no gradient touches.
    private struct Noisy: Module {
        let hidden = Linear(1, 8)
        let dropout = Dropout(0.3)
        let output = Linear(8, 1)
        let calls = Variable(Tensor(int64: [0]), name: "calls")
        func callAsFunction(_ x: Tensor) -> Tensor {
            calls.value = calls.value + Tensor(int64: [1])
            return output(dropout(tanh(hidden(x))))
        }
    }

    private static var curve: Examples {
        let x = (0..<23).map { Float($0) / 11 - 1 }
        return Examples(inputs: Tensor(x, shape: [23, 1]), targets: Tensor(x.map { $0 * $0 }, shape: [23, 1]))
    }

    private static func trainer() -> Trainer<Noisy> {
        let model = Noisy()
        model.initialize(seed: 4)
        return Trainer(model, optimizer: Adam(learningRate: 0.01, weightDecay: 0.1), clipping: .norm(0.5)) { meanSquaredError($0($1), $2) }
    }

    /// All variables' bytes after a run into a folder, and the outcome.
    private static func run(
        _ place: RunPlace, stopAt stop: Int? = nil, length: TrainingLength = .epochs(7), patience: Int? = nil, interval: CheckpointInterval = .steps(2),
        failAt: Int? = nil, fingerprint: String = "data"
    ) throws -> (bytes: [[UInt8]], outcome: TrainingOutcome) {
        struct Killed: Error {}
        let trainer = trainer()
        let folder = try RunFolder(place.path)
        let killer = ObservingClosure { event in
            if case .step(let progress) = event, progress.step == failAt { throw Killed() }
        }
        var steps = 0
        let outcome = try trainer.fit(
            Batches(curve, size: 5, seed: 2), for: length,
            validation: trainer.validation(on: Batches(curve, size: 23, seed: nil)),
            earlyStopping: EarlyStopping(patience: patience, minimumImprovement: 0.001),
            checkpointing: Checkpointing(folder, every: interval, fingerprint: fingerprint),
            observers: [RunLog(path: folder.file(RunFolder.logName)), killer],
            shouldStop: {
                steps += 1
                return steps == stop
            })
        return (trainer.model.variables.map { $0.variable.value.withUnsafeBytes { Array($0) } }, outcome)
    }

    @Test("stopped after each number of steps and taken up: the same weights, state and log as unbroken")
    func stopped() throws {
        let whole = try RunPlace()
        defer { whole.remove() }
        let truth = try Self.run(whole)
        #expect(truth.outcome.reason == .completed)
        #expect(truth.outcome.state.step == 35)
        for stop in [1, 4, 5, 6, 17, 34] {
            let place = try RunPlace()
            defer { place.remove() }
            let first = try Self.run(place, stopAt: stop)
            #expect(first.outcome.reason == .interrupted)
            #expect(first.outcome.state.step == stop)
            let second = try Self.run(place)
            #expect(second.outcome == truth.outcome)
            #expect(second.bytes == truth.bytes)
            for name in ["checkpoint.safetensors", "best.safetensors", "log.csv"] {
                #expect(try place.bytes(name) == whole.bytes(name), "\(name) after \(stop)")
            }
        }
    }

    @Test("broken off without a save, twice, and taken up: the same; rows of lost steps are cut from the log")
    func broken() throws {
        let whole = try RunPlace()
        let place = try RunPlace()
        defer {
            whole.remove()
            place.remove()
        }
        let truth = try Self.run(whole, interval: .steps(7))
        // The last save is after step 14 (of 5 an epoch), the log has the end of epoch 3, which is after step 15.
        #expect(throws: (any Error).self) { try Self.run(place, interval: .steps(7), failAt: 18) }
        #expect(try place.text("log.csv").split(separator: "\n").count == 4)
        #expect(throws: (any Error).self) { try Self.run(place, interval: .steps(7), failAt: 15) }
        #expect(try place.text("log.csv").split(separator: "\n").count == 3)
        let last = try Self.run(place, interval: .steps(7))
        #expect(last.bytes == truth.bytes)
        #expect(try place.bytes("log.csv") == whole.bytes("log.csv"))
    }

    @Test("early stopping ends the run at the same step and with the best weights, broken or not")
    func earlyStopping() throws {
        let whole = try RunPlace()
        let place = try RunPlace()
        defer {
            whole.remove()
            place.remove()
        }
        let truth = try Self.run(whole, length: .epochs(500), patience: 3)
        #expect(truth.outcome.reason == .stoppedEarly)
        let history = truth.outcome.state.history
        let best = try #require(truth.outcome.bestEpoch)
        #expect(history.count == best + 3)
        #expect(history.prefix(best).dropLast().allSatisfy { $0["validation_loss"]! > history[best - 1]["validation_loss"]! })
        _ = try Self.run(place, stopAt: truth.outcome.state.step - 7, length: .epochs(500), patience: 3)
        let second = try Self.run(place, length: .epochs(500), patience: 3)
        #expect(second.outcome == truth.outcome)
        #expect(second.bytes == truth.bytes)

        // The weights are those of the best epoch: their loss is the best that was measured.
        let trainer = Self.trainer()
        try Checkpoint(path: "\(place.path)/best.safetensors").restore("model", into: trainer.model.variables)
        let loss = try trainer.meanLoss(over: Batches(Self.curve, size: 23, seed: nil))
        #expect(loss == history[best - 1]["validation_loss"])
    }

    @Test("a run of steps ends in the middle of an epoch, which is recorded")
    func steps() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let outcome = try Self.run(place, length: .steps(12)).outcome
        #expect(outcome.state.step == 12)
        #expect(outcome.state.history.map(\.step) == [5, 10, 12])
        #expect(outcome.state.history.map(\.epoch) == [1, 2, 3])
        #expect(outcome.state.history.map(\.examples) == [23, 46, 56])
    }

    @Test("a finished run that is taken up says so, and takes no step")
    func finished() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let first = try Self.run(place)
        let before = try place.bytes("checkpoint.safetensors")
        let second = try Self.run(place, failAt: 36)
        #expect(second.outcome.reason == .alreadyFinished)
        #expect(second.bytes == first.bytes)
        #expect(try place.bytes("checkpoint.safetensors") == before)
    }

    @Test("another fingerprint is refused in a sentence, and the checkpoint stays")
    func changedData() throws {
        let place = try RunPlace()
        defer { place.remove() }
        _ = try Self.run(place, stopAt: 3)
        let before = try place.bytes("checkpoint.safetensors")
        let error = #expect(throws: ResumeError.self) { try Self.run(place, fingerprint: "other") }
        #expect(error?.description.contains("the data has changed since \(place.path)/checkpoint.safetensors was saved") == true)
        #expect(try place.bytes("checkpoint.safetensors") == before)
    }

    @Test("a folder is held by one run at a time, and free when that one is gone")
    func lock() throws {
        let place = try RunPlace()
        defer { place.remove() }
        var first: RunFolder? = try RunFolder(place.path)
        // flock is per open file, so a second one of the same process is refused as another process is.
        let error = #expect(throws: RunFolderError.self) { try RunFolder(place.path) }
        #expect(error?.description.contains("is training into \(place.path)") == true)
        #expect(error?.process != nil)
        withExtendedLifetime(first) {}
        first = nil
        #expect(throws: Never.self) { try RunFolder(place.path) }
    }

    @Test("where a save fails, the run ends in a sentence and the state saved before is whole")
    func vanished() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let trainer = Self.trainer()
        let inner = RunPlace(path: "\(place.path)/run")
        let folder = try RunFolder(inner.path)
        var isGone = false
        let remover = ObservingClosure { event in
            if case .step(let progress) = event, progress.step == 9 {
                inner.remove()
                isGone = true
            }
        }
        let error = #expect(throws: FileError.self) {
            try trainer.fit(
                Batches(Self.curve, size: 5, seed: 2), for: .epochs(3),
                checkpointing: Checkpointing(folder, every: .steps(2)), observers: [remover])
        }
        #expect(isGone)
        #expect(error?.kind == .unwritable)
        #expect(error?.sentence == "cannot write \(inner.path)/checkpoint.safetensors: its folder does not exist")
    }
}
