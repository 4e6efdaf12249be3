import DescentCore
import DescentData
import DescentFormats
import DescentNN
import Testing
import DescentJobs
import DescentReports
import DescentTrain

/// Several networks side by side, each validated on rows of its own.
@Suite(.serialized)
struct TabularEnsembleTests {
    private static func training(_ table: Table, _ change: (inout TabularSettings) -> Void) throws -> TabularTraining {
        var settings = TableSamples.quick
        change(&settings)
        return try TabularTraining(table, target: "y", settings: settings)
    }

    @Test("folds are of equal size, in each class too, and the same for the same seed")
    func folds() throws {
        let table = try TableSamples.classes(83)
        let training = try Self.training(table) { ($0.members, $0.pieces) = (4, 0) }
        #expect(training.folds.count == training.trainingRows.count)
        let labels = try training.target.labels(table, rows: training.trainingRows)
        for label: Int32 in [0, 1] {
            let sizes = (0..<4).map { fold in zip(training.folds, labels).count { $0 == fold && $1 == label } }
            #expect(sizes.max()! - sizes.min()! <= 1, "\(sizes)")
            #expect(sizes.min()! > 0)
        }
        #expect(try Self.training(table) { ($0.members, $0.pieces) = (4, 0) }.folds == training.folds)
        #expect(try Self.training(table) { ($0.members, $0.seed, $0.pieces) = (4, 2, 0) }.folds != training.folds)
        #expect(try Self.training(table) { $0.members = 1 }.folds.isEmpty)
    }

    @Test("a member learns nothing from its own fold, and from all else")
    func ownFold() throws {
        let network = FeedForward(.init(inputs: 2, hidden: [3], outputs: 1, activation: "tanh", dropout: 0, members: 3))
        network.initialize(seed: 1)
        let loss = TabularLoss(task: .regression, folds: [1, 1, 1], members: 3)
        let batch = loss.tensors(Examples(inputs: Tensor([[1, 2], [3, 4], [0, 1]]), targets: Tensor([[1], [2], [5]])))
        let gradients = valueWithGradient(at: network) { loss.training($0, batch) }.gradients
        for (parameter, gradient) in gradients.entries {
            let isOwn = parameter.path.hasPrefix("members.1.")
            #expect(gradient.floats.allSatisfy { $0 == 0 } == isOwn, "\(parameter.path)")
        }
        #expect(gradients.entries.map(\.parameter.path) == network.architecture.shapes.map(\.path))
    }

    @Test("the validation is each row's loss of the member that did not learn from it", arguments: [PredictionTask.regression, .binary, .multiclass])
    func outOfFold(task: PredictionTask) throws {
        let outputs = task == .multiclass ? 3 : 1
        let network = FeedForward(.init(inputs: 2, hidden: [3], outputs: outputs, activation: "tanh", dropout: 0, members: 2))
        network.initialize(seed: 1)
        let x = Tensor([[1, 2], [3, 4], [0, 1]])
        let loss = TabularLoss(task: task, folds: [0, 1, 0], members: 2)
        let targets: Tensor = task == .multiclass ? Tensor(int32: [2, 0, 1]) : Tensor([[1], [0], [1]])
        let measured = try loss.validation(of: network, on: loss.tensors(Examples(inputs: x, targets: targets)))()
        // By hand, in Double.
        let all = network.outputs(x).map(\.doubles)
        let mean =
            [(0, 0), (1, 1), (2, 0)].map { row, member -> Double in
                let z = Array(all[member][row * outputs..<(row + 1) * outputs])
                let t = targets.doubles[row]
                switch task {
                case .regression: return (z[0] - t) * (z[0] - t)
                case .binary: return Self.log(1 + Self.exp(z[0])) - z[0] * t
                case .multiclass: return Self.log(z.map(Self.exp).reduce(0, +)) - z[Int(t)]
                }
            }.reduce(0, +) / 3
        #expect(abs(measured - mean) < 1e-6)
    }

    @Test("of pairs, the validation is the least loss of both members that did not learn from a row, over shares; that share is kept")
    func pairs() throws {
        let architecture = FeedForward.Architecture(
            inputs: 2, hidden: [3], outputs: 1, activation: "tanh", dropout: 0, members: 4, edges: [[0, 1, 2], []], pieceShare: 0.5)
        let network = FeedForward(architecture)
        network.initialize(seed: 1)
        let x = Tensor([[1, 2], [1.5, 4], [0.2, 1]])
        let truth: [Double] = [0.3, 1, -0.5]
        let loss = TabularLoss(task: .regression, folds: [0, 1, 0], members: 4, isPaired: true)
        let tensors = loss.tensors(Examples(inputs: x, targets: Tensor(truth.map { [Float($0)] }.flatMap { $0 }, shape: [3, 1])))
        let all = network.outputs(x).map(\.doubles)
        var losses: [Double] = []
        for share in (0...10).map({ Double($0) / 10 }) {
            var sum = 0.0
            for (row, pair) in [0, 1, 0].enumerated() {
                let error = share * all[2 * pair][row] + (1 - share) * all[2 * pair + 1][row] - truth[row]
                sum += error * error
            }
            losses.append(sum / 3)
        }
        #expect(abs(try loss.validation(of: network, on: tensors)() - losses.min()!) < 1e-6)
        let share = try #require(try loss.bestShare(of: network, on: tensors))
        #expect(share == Double(losses.firstIndex(of: losses.min()!)!) / 10)
        // The mean of the network that is kept weighs the kinds by it, and its card says so.
        let weighed = network.weighing(pieces: 0.3)
        for (row, value) in weighed(x).doubles.enumerated() {
            #expect(abs(value - (0.3 * (all[0][row] + all[2][row]) + 0.7 * (all[1][row] + all[3][row])) / 2) < 1e-6)
        }
        let copy = try FeedForward.Architecture(json: JSONReader(weighed.architecture.toJSON(), file: "card"))
        #expect(copy == weighed.architecture && copy.pieceShare == 0.3)
        // A member learns nothing from the fold of its pair.
        let own = loss.tensors(Examples(inputs: x, targets: Tensor([[1], [2], [5]]))).prefix(2) + [Tensor([[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1]])]
        let gradients = valueWithGradient(at: network) { loss.training($0, Array(own)) }.gradients
        for (parameter, gradient) in gradients.entries {
            let isLeftOut = parameter.path.hasPrefix("members.0.") || parameter.path.hasPrefix("members.1.")
            #expect(gradient.floats.allSatisfy { $0 == 0 } == isLeftOut, "\(parameter.path)")
        }
    }

    private static func exp(_ x: Double) -> Double { DescentCore.exp(Tensor(float64: [x])).item() }
    private static func log(_ x: Double) -> Double { DescentCore.log(Tensor(float64: [x])).item() }

    @Test("the answer is the mean of the members', and an ensemble comes back from its file")
    func file() throws {
        let model = try Self.training(TableSamples.line()) { $0.members = 3 }.run()
        #expect(model.network.architecture.members == 3)
        let x = Tensor([[0.1, 0.2], [1, -1]])
        let parts = model.network.outputs(x).map(\.floats)
        for (place, value) in model.network(x).floats.enumerated() {
            #expect(abs(value - parts.map { $0[place] }.reduce(0, +) / 3) < 1e-6)
        }
        #expect(Set(parts.map { $0[0] }).count == 3)
        let copy = try TabularModel(parsing: model.encoded(), file: "copy")
        #expect(try copy.encoded() == model.encoded())
        #expect(try copy.predict(TableSamples.line()) == model.predict(TableSamples.line()))
    }

    @Test("rows to validate on are no rows to learn from, and steps end a run")
    func validation() throws {
        let training = try Self.training(TableSamples.classes(100)) { ($0.validationFraction, $0.epochs, $0.steps) = (0.25, nil, 7) }
        #expect(training.validationRows.count == 20)
        #expect(training.trainingRows.count == 60)
        #expect(Set(training.trainingRows + training.validationRows + training.split.test).count == 100)
        var records: [TrainingRecord] = []
        let model = try training.run(observers: [ObservingClosure { if case .record(let record) = $0 { records.append(record) } }])
        #expect(records.last?.step == 7)
        #expect(records.filter(\.isEndOfEpoch).allSatisfy { $0["validation_loss"] != nil })
        #expect(model.record.trained == Quantity(60, "rows"))
    }

    @Test("settings come back from their JSON")
    func settings() throws {
        var settings = TabularSettings()
        settings.patience = 3
        settings.clipNorm = 0.5
        settings.members = 7
        settings.steps = 12
        settings.hidden = []
        settings.task = .binary
        #expect(try TabularSettings(json: JSONReader(settings.toJSON(), file: "s")) == settings)
        #expect(try TabularSettings(json: JSONReader(TabularSettings().toJSON(), file: "s")) == TabularSettings())
    }
}
