import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentNN
import DescentTrain
import Testing

/// Numbers cut into pieces before the network for tables.
@Suite(.serialized)
struct FeatureEdgesTests {
    @Test("edges are at quantiles, at each value where these are few, and nowhere where there are two")
    func edges() {
        // Three features: 0...100 shuffled, four values, two values.
        let values = (0...100).flatMap { (row: Int) -> [Float] in [Float((row * 37) % 101), Float(row % 4), Float(row % 2)] }
        let all = [true, true, true]
        #expect(FeatureEdges.edges(of: values, width: 3, isNumber: all, count: 4) == [[0, 25, 50, 75, 100], [0, 1, 2, 3], []])
        #expect(FeatureEdges.edges(of: values, width: 3, isNumber: [false, true, true], count: 2) == [[], [0, 1, 3], []])
        #expect(FeatureEdges.edges(of: values, width: 3, isNumber: all, count: 0) == [[], [], []])
        // A value that most rows have is one edge.
        var heavy = [Float](repeating: 5, count: 90)
        for row in 0..<10 { heavy.append(Float(10 + row)) }
        #expect(FeatureEdges.edges(of: heavy, width: 1, isNumber: [true], count: 4) == [[5, 19]])
    }

    @Test("the network is that of the pieces, and comes back from its card; a card of before has none")
    func architecture() throws {
        let edges: [[Float]] = [[0, 0.5, 2], []]
        let architecture = FeedForward.Architecture(inputs: 2, hidden: [3], outputs: 1, activation: "relu", dropout: 0, members: 2, edges: edges, pieceShare: 0.5)
        let network = FeedForward(architecture)
        network.initialize(seed: 3)
        #expect(network.parameters.map(\.path) == architecture.shapes.map(\.path))
        #expect(network.parameters.map(\.variable.value.shape) == architecture.shapes.map(\.shape))
        // The same weights in networks without edges: the first is given the pieces, the second is not.
        let x = Tensor([[0.25, 7], [3, -1]])
        let pieces = Tensor([[0.25, 7, 0.5, 0], [3, -1, 1, 1]])
        let outputs = network.outputs(x)
        for (member, input) in [pieces, x].enumerated() {
            let plain = FeedForward(.init(inputs: input.shape[1], hidden: [3], outputs: 1, activation: "relu", dropout: 0))
            let own = network.parameters.filter { $0.path.hasPrefix("members.\(member).") }
            for (own, other) in zip(own, plain.parameters) { other.variable.value = own.variable.value }
            #expect(outputs[member].floats == plain(input).floats)
        }
        #expect(try FeedForward.Architecture(json: JSONReader(architecture.toJSON(), file: "card")) == architecture)
        let before = FeedForward.Architecture(inputs: 2, hidden: [3], outputs: 1, activation: "relu", dropout: 0)
        guard case .object(let card) = before.toJSON() else { return }
        #expect(card["edges"] == nil)
        #expect(try FeedForward.Architecture(json: JSONReader(before.toJSON(), file: "card")) == before)
    }

    @Test("damaged edges are refused with their place")
    func damaged() {
        for (edges, reason) in [([[0, 0], []], "ascending"), ([[0, 1]], "1 lists"), ([[0], []], "ascending")] as [([[Double]], String)] {
            guard case .object(var card) = FeedForward.Architecture(inputs: 2, hidden: [3], outputs: 1, activation: "relu", dropout: 0).toJSON() else { return }
            card["edges"] = .array(edges.map { JSON($0) })
            #expect {
                _ = try FeedForward.Architecture(json: JSONReader(.object(card), file: "card"))
            } throws: { "\($0)".contains(reason) && "\($0)".contains("edges") }
        }
    }

    @Test("a training cuts its columns of numbers by its training rows, and by the number asked for")
    func training() throws {
        let table = try TableSamples.line()
        func architecture(_ pieces: Int?) throws -> FeedForward.Architecture {
            var settings = TableSamples.quick
            settings.pieces = pieces
            return try TabularTraining(table, target: "y", settings: settings).architecture
        }
        #expect(try architecture(0).edges.isEmpty)
        #expect(try architecture(3).edges.map(\.count) == [4, 4])
        #expect(try architecture(3).pieces == 6)
        #expect(try !architecture(nil).edges.isEmpty)
        let training = try TabularTraining(table, target: "y", settings: TableSamples.quick)
        let values = try training.encoder.transform(table, rows: training.trainingRows).values
        #expect(training.architecture.edges[1].first == stride(from: 1, to: values.count, by: 2).map { values[$0] }.min())
    }

    @Test("a validated run stops by itself after a quarter of its epochs without a lower loss")
    func patience() throws {
        var settings = TableSamples.quick
        (settings.members, settings.epochs, settings.learningRate) = (3, 80, 0.5)
        let training = try TabularTraining(TableSamples.classes(), target: "y", settings: settings)
        #expect(training.settings.patience == 20)
        #expect(try TabularTraining(TableSamples.classes(), target: "y", settings: TableSamples.quick).settings.patience == nil)
        settings.patience = 3
        let short = try TabularTraining(TableSamples.classes(), target: "y", settings: settings)
        #expect(short.settings.patience == 3)
        #expect(try #require(try short.run().record.settings.epochs) < 80)
    }
}
