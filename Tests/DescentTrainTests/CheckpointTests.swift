import DescentCore
import DescentFormats
import DescentNN
import TestFolders
import Testing
import DescentTrain

struct CheckpointTests {
    private struct Sample: Module {
        let weight = Variable(Tensor([1.5, -0, .leastNonzeroMagnitude]), name: "weight", isTrainable: true)
        let wide = Variable(Tensor(float64: [1.0 / 3, .pi], shape: [2, 1]), name: "wide")
        let counter = Variable(Tensor(int64: [-7, .max]), name: "counter")
        let small = Variable(Tensor(int32: [3]), name: "small")
        let byte = Variable(Tensor(uint8: [255]), name: "byte")
        let flag = Variable(Tensor(bool: [true, false]), name: "flag")
    }

    private static func bytes(_ model: some Module) -> [[UInt8]] { model.variables.map { $0.variable.value.withUnsafeBytes { Array($0) } } }

    @Test("every element type comes back bit by bit, with the document")
    func roundTrip() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let sample = Sample()
        let before = Self.bytes(sample)
        let path = "\(place.path)/c.safetensors"
        try Checkpoint([("model", sample.variables)], document: ["step": 7]).write(to: path)
        for entry in sample.variables { entry.variable.value = Tensor(0, like: entry.variable.value) }
        #expect(Self.bytes(sample) != before)
        let checkpoint = try Checkpoint(path: path)
        try checkpoint.restore("model", into: sample.variables)
        #expect(Self.bytes(sample) == before)
        #expect(try checkpoint.reader["step"].int() == 7)
    }

    @Test("a checkpoint of another model changes nothing and is an error that names the path")
    func otherModel() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = "\(place.path)/c.safetensors"
        let small = Linear(2, 1)
        try Checkpoint([("model", small.variables)], document: .null).write(to: path)
        let checkpoint = try Checkpoint(path: path)
        func sentence(_ model: some Module) -> String {
            do {
                try checkpoint.restore("model", into: model.variables)
                return ""
            } catch { return error.sentence }
        }
        let wide = Linear(3, 1)
        let before = Self.bytes(wide)
        #expect(sentence(wide).contains("\"weight\" of the model is float32[1, 3], and in the checkpoint float32[1, 2]"))
        #expect(Self.bytes(wide) == before)
        #expect(sentence(Sequential(Linear(2, 1))).contains("has \"0.weight\", and the checkpoint does not"))
        #expect(sentence(Linear(2, 1, bias: false)).contains("has \"bias\", and the model does not"))
        #expect(sentence(small) == "")
    }

    @Test("each byte of a checkpoint flipped, and each cut: an error, or the same tensors")
    func damaged() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = "\(place.path)/c.safetensors"
        let sample = Linear(2, 1)
        try Checkpoint([("model", sample.variables)], document: ["a": 1]).write(to: path)
        let bytes = try place.bytes("c.safetensors")
        let truth = Self.bytes(sample)
        var accepted = 0
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x11
            try FileSystem.write(damaged, to: path)
            guard let read = try? Checkpoint(path: path), (try? read.restore("model", into: sample.variables)) != nil else { continue }
            accepted += 1
            #expect(Self.bytes(sample) == truth)
        }
        // Damage to the checksum's own name leaves the rest readable.
        #expect(accepted < 20)
        for length in stride(from: 0, to: bytes.count, by: 5) {
            try FileSystem.write(Array(bytes[..<length]), to: path)
            #expect(throws: FormatError.self) { try Checkpoint(path: path) }
        }
    }

    @Test("a state comes back to the last bit, numbers that are not finite too")
    func state() throws {
        var state = TrainingState()
        (state.epoch, state.stepInEpoch, state.step, state.examples, state.epochExamples) = (3, 2, 12, 90, 10)
        state.lossSum = 0.1 + 0.2
        state.history = [
            TrainingRecord(epoch: 1, step: 5, examples: 40, learningRate: 1e-3, loss: 1.0 / 3, metrics: [.init("b", .infinity), .init("a", -0.0)]),
            TrainingRecord(epoch: 2, step: 7, examples: 50, learningRate: .leastNonzeroMagnitude, loss: 7, isEndOfEpoch: false),
        ]
        state.earlyStopping = EarlyStopping.Memory()
        #expect(try TrainingState(json: JSONReader(JSON(parsing: Array(state.toJSON().text().utf8), file: "s"), file: "s")) == state)
        state.earlyStopping?.best = 0.3
        state.earlyStopping?.since = 4
        state.isFinished = true
        #expect(try TrainingState(json: JSONReader(JSON(parsing: Array(state.toJSON().text().utf8), file: "s"), file: "s")) == state)
        let bad: JSON = ["epoch": 0]
        let error = #expect(throws: FormatError.self) { try TrainingState(json: JSONReader(bad, file: "s")) }
        #expect(error?.sentence == "s: \"epoch\" is 0, and counts from 1")
    }

    @Test("early stopping: patience, minimum improvement, both directions, NaN")
    func earlyStopping() {
        func run(_ stopping: EarlyStopping, _ values: [Double]) -> (best: [Int], end: Int?) {
            var memory = EarlyStopping.Memory()
            var best: [Int] = []
            for (epoch, value) in values.enumerated() {
                if stopping.observe(value, epoch: epoch, &memory) { best.append(epoch) }
                if stopping.isOver(memory) { return (best, epoch) }
            }
            return (best, nil)
        }
        #expect(run(EarlyStopping(patience: 2), [3, 2, 2, 1, 1, 1, 0]) == ([0, 1, 3], 5))
        #expect(run(EarlyStopping(patience: nil), [3, 2, 4, 1, 5]) == ([0, 1, 3], nil))
        #expect(run(EarlyStopping(patience: 2, minimumImprovement: 0.5), [3, 2.6, 2.4, 2.1, 1.95, 0]) == ([0, 2], 4))
        #expect(run(EarlyStopping(metric: "accuracy", goal: .highest, patience: 1), [0.1, 0.3, 0.2]) == ([0, 1], 2))
        #expect(run(EarlyStopping(patience: 2), [.nan, 5, .nan, .nan]) == ([1], 3))
    }
}
