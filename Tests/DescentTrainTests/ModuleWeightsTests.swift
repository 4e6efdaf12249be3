import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentReports
import DescentTrain
import TestFolders
import Testing

/// Weights of one's own modules in files, batches of one's own data, whole runs.
@Suite(.serialized)
struct ModuleWeightsTests {
    /// Takes off what it last kept: state that no optimizer learns.
    private struct RunningMean: Module {
        let mean = CarriedState(Tensor.zeros([4]))

        func callAsFunction(_ x: Tensor) -> Tensor { x - mean.value }
    }

    private struct Network: Module {
        let hidden: Linear
        let norm = RunningMean()
        let dropout = Dropout(0.2)
        let output: Linear

        init(_ inputs: Int = 3, outputs: Int = 1) { (hidden, output) = (Linear(inputs, 4), Linear(4, outputs)) }
        func callAsFunction(_ x: Tensor) -> Tensor { output(dropout(norm(tanh(hidden(x))))) }
    }

    private static func network(_ seed: Int) -> Network {
        let network = Network()
        network.initialize(seed: seed)
        return network
    }

    private static func bytes(_ network: Network) -> [[UInt8]] { network.variables.map { $0.variable.value.withUnsafeBytes { Array($0) } } }

    @Test("what is saved is loaded, running statistics too, random streams not")
    func roundTrip() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = "\(place.path)/weights.safetensors"
        let network = Self.network(1)
        network.train()
        network.norm.mean.keep(network.hidden(Tensor([[1, 2, 3], [4, 5, 9]])).mean(axis: 0))
        try network.save(path, metadata: ["made": "here"])
        let other = Self.network(2)
        let x = Tensor([[0.5, -1, 2]])
        try other.load(path)
        network.infer()
        other.infer()
        #expect(other(x).floats == network(x).floats)
        let names = try SafetensorsFile(path: path).tensors.map(\.name)
        #expect(names.contains { $0.hasPrefix("norm.mean.") })
        #expect(!names.contains { $0.hasPrefix("dropout") })
    }

    @Test("weights that do not fit: each kind is named, and nothing changes")
    func misfits() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = "\(place.path)/weights.safetensors"
        try Linear(3, 4).save(path)
        let network = Self.network(1)
        let before = Self.bytes(network)
        func sentence() -> String {
            do { try network.load(path) } catch { return "\(error)" }
            return ""
        }
        #expect(sentence().contains("missing in the file: \"hidden.weight\""))
        #expect(sentence().contains("left over in the file: \"bias\", \"weight\""))
        let wide = Network(5)
        wide.initialize(seed: 3)
        try wide.save(path)
        #expect(sentence() == "\(path): the weights do not fit this Network. \"hidden.weight\" is float32[4, 3] here and F32[4, 5] in the file")
        #expect(Self.bytes(network) == before)
    }

    @Test("a PyTorch model's weights load by name, its count of batches left out")
    func pyTorch() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = "\(place.path)/torch.safetensors"
        // As torch.nn.Sequential(Conv2d(1, 2, 3), BatchNorm2d(2)) names them.
        let shapes = [("0.weight", [2, 1, 3, 3]), ("0.bias", [2]), ("1.weight", [2]), ("1.bias", [2]), ("1.running_mean", [2]), ("1.running_var", [2])]
        let tensors = shapes.enumerated().map { number, entry in
            SafetensorsFile.Tensor(entry.0, Tensor((0..<entry.1.reduce(1, *)).map { Float($0 + number + 1) / 7 }, shape: entry.1))
        }
        let counter = SafetensorsFile.Tensor("1.num_batches_tracked", Tensor(int64: [12], shape: []))
        try FileSystem.write(SafetensorsFile(tensors: tensors + [counter], metadata: [:]).encoded(file: path), to: path)
        let model = Sequential(Conv2d(1, 2, kernel: 3), BatchNorm(2))
        try model.load(path)
        for (entry, tensor) in zip(model.variables, tensors) { #expect(entry.path == tensor.name && entry.variable.value.floats == tensor.value.floats) }
    }

    @Test("the whole state goes on to the same bits; that of another optimizer is refused and changes nothing")
    func state() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = "\(place.path)/state.safetensors"
        let source = Batches(Tensor((0..<30).map { Float($0 % 7) }, shape: [10, 3]), Tensor((0..<10).map { Float($0) }, shape: [10, 1]), size: 5, seed: 1)
        func trainer(_ optimizer: any Optimizer) -> Trainer<Network> {
            let network = Self.network(1)
            network.train()
            return Trainer(network, optimizer: optimizer) { meanSquaredError($0($1), $2) }
        }
        let whole = trainer(Adam())
        for step in 0..<2 { try whole.step(source.batch(step, ofEpoch: 1)) }
        try whole.saveState(path)
        for step in 0..<2 { try whole.step(source.batch(step, ofEpoch: 2)) }
        let resumed = trainer(Adam())
        try resumed.loadState(path)
        for step in 0..<2 { try resumed.step(source.batch(step, ofEpoch: 2)) }
        #expect(Self.bytes(resumed.model) == Self.bytes(whole.model))
        let other = trainer(SGD(learningRate: 0.1, momentum: 0.9))
        let before = Self.bytes(other.model)
        #expect(throws: FormatError.self) { try other.loadState(path) }
        #expect(Self.bytes(other.model) == before)
    }

    @Test("batches visit each example once an epoch, in other orders, the same for the same seed; tables and lists too")
    func batches() throws {
        let x = Tensor((0..<23).map { Float($0) }, shape: [23, 1])
        func order(_ source: Batches, _ epoch: Int) throws -> [Float] { try (0..<source.steps(inEpoch: epoch)).flatMap { try source.batch($0, ofEpoch: epoch).tensors[0].floats } }
        let source = Batches(x, x, size: 5, seed: 3)
        #expect(source.steps(inEpoch: 1) == 5 && source.examplesPerEpoch == 23 && !source.isPreparedAhead)
        #expect(try order(source, 1).sorted() == x.floats && order(source, 1) != order(source, 2))
        #expect(try order(Batches(x, x, size: 5, seed: 3), 2) == order(source, 2))
        #expect(try order(Batches(x, x, size: 5, seed: nil), 4) == x.floats)
        let list = Batches(of: (0..<23).map { "\($0)" }, size: 5, seed: 3) { [Tensor($0.map { Float($0)! }, shape: [$0.count, 1])] }
        #expect(try order(list, 2) == order(source, 2) && list.isPreparedAhead)
        let table = try Table(names: ["a", "y"], rows: (0..<20).map { ["\($0)", $0 % 2 == 0 ? "no" : "yes"] }, file: "t")
        let target = try TargetEncoder(fitting: table, column: "y")
        let encoder = try TableEncoder(fitting: table, rows: Array(0..<20), target: target.column)
        let batch = try Batches(table, encoder, target, rows: [1, 2, 3], size: 3, seed: nil).batch(0, ofEpoch: 1)
        #expect(batch.tensors.map(\.shape) == [[3, 1], [3, 1]] && batch.tensors[1].floats == [1, 0, 1])
    }

    @Test("a whole run that is broken off and called again ends with the same weights, log and report")
    func run() throws {
        struct Killed: Error {}
        let places = [try RunPlace(), try RunPlace()]
        defer { for place in places { place.remove() } }
        let x = Tensor((0..<60).map { Float($0 % 11) / 11 }, shape: [20, 3]), y = Tensor((0..<20).map { Float($0 % 5) }, shape: [20, 1])
        func run(_ place: RunPlace, failAt: Int? = nil) throws -> TrainingOutcome {
            let trainer = Trainer(Self.network(4), optimizer: Adam(learningRate: 0.01), clipping: .norm(1)) { meanSquaredError($0($1), $2) }
            let killer = ObservingClosure { event in if case .step(let progress) = event, progress.step == failAt { throw Killed() } }
            return try trainer.run(
                in: place.path, on: Batches(x, y, size: 6, seed: 2), for: .epochs(15), validation: Batches(x, y, size: 20, seed: nil), isQuiet: true, observers: [killer])
        }
        let whole = try run(places[0])
        #expect(whole.reason == .completed && whole.state.history.count == 15)
        #expect(throws: Killed.self) { try run(places[1], failAt: 33) }
        #expect(try run(places[1]) == whole)
        for name in ["weights.safetensors", "log.csv", "report.html", "checkpoint.safetensors"] { #expect(try places[0].bytes(name) == places[1].bytes(name), "\(name)") }
        let page = try places[0].text("report.html")
        for part in ["validation loss", "hidden.weight", "Training", "learned numbers"] { #expect(page.contains(part), "\(part)") }
    }

    @Test("a run in a folder that holds a run with other settings is refused, and the setting is named; a finished one trains nothing")
    func otherSettings() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let x = Tensor((0..<30).map { Float($0 % 7) }, shape: [10, 3]), y = Tensor((0..<10).map { Float($0 % 3) }, shape: [10, 1])
        func run(
            _ optimizer: any Optimizer = Adam(learningRate: 0.01), _ schedule: Schedule = .cosine, size: Int = 5, epochs: Int = 2, patience: Int? = nil, resumes: Bool = true
        ) throws -> TrainingOutcome {
            let trainer = Trainer(Self.network(4), optimizer: optimizer, schedule: schedule) { meanSquaredError($0($1), $2) }
            return try trainer.run(
                in: place.path, on: Batches(x, y, size: size, seed: 2), for: .epochs(epochs), validation: Batches(x, y, size: 10, seed: nil), patience: patience,
                resumes: resumes, isQuiet: true)
        }
        let first = try run()
        let again = try run()
        #expect(again.reason == .alreadyFinished && again.state == first.state)
        for (named, call) in [
            ("learning rate 0.01, and 0.1 is asked for", { try run(Adam(learningRate: 0.1)) }), ("optimizer Adam, and SGD", { try run(SGD(learningRate: 0.01)) }),
            ("schedule", { try run(Adam(learningRate: 0.01), .constant) }), ("steps in an epoch 2, and 5", { try run(size: 2) }),
            ("length epochs(2), and epochs(3)", { try run(epochs: 3) }), ("patience none, and 1", { try run(patience: 1) }),
        ] as [(String, () throws -> TrainingOutcome)] {
            let error = #expect(throws: ResumeError.self, "\(named)") { try call() }
            #expect(error?.description.contains(named) == true, "\(error?.description ?? "")")
        }
        #expect(try run(Adam(learningRate: 0.1), resumes: false).reason == .completed)
    }
}
