import Descent
import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentTrain
import TestFolders
import Testing

/// The same run with each cell, for any job of sequences.
@Suite("Sequence networks with each cell", .serialized)
struct CellComparisonTests {
    @Test("recall: three models, the best by its accuracy, a table and a chart with three lines")
    func recall() throws {
        var settings = RecallSettings()
        (settings.hidden, settings.distance, settings.subjects, settings.epochs, settings.batchSize) = (12, 2, 3, 3, 16)
        var began: [String] = []
        let comparison = try CellComparison<RecallJob>(JobInput(["recall"]), settings: settings, began: { cell, training in began.append("\(cell) \(training.settings.cell!)") })
        #expect(began == ["rnn rnn", "lstm lstm", "gru gru"] && comparison.entries.map(\.cell) == CellKind.allCases)
        #expect(comparison.entries.map { $0.model.record.settings.cell } == CellKind.allCases)
        let accuracies = comparison.entries.map { $0.metric!.value }
        #expect(comparison.best.metric!.value == accuracies.max()!)
        // Of equal accuracies the one with the lower loss.
        let first = comparison.entries.filter { $0.metric!.value == accuracies.max()! }.min { $0.model.record.trainingLoss < $1.model.record.trainingLoss }!
        #expect(comparison.best.cell == first.cell)
        #expect(comparison.lines[1].split(separator: " ").map(String.init) == ["cell", "parameters", "time", "training", "loss", "accuracy"])
        #expect(comparison.lines[2].contains("rnn") && comparison.lines[4].contains("gru") && comparison.lines[5].contains("(accuracy, higher is better); its model is kept."))
        let html = try comparison.page(command: "descent train recall --compare-cells").html()
        #expect(html.contains("Cells compared") && html.contains("Training loss by cell") && html.contains("Accuracy by distance"))
        for cell in CellKind.allCases { #expect(html.contains(">\(cell.rawValue)</text>")) }
        #expect(try comparison.json.text().contains("\"cell\":\"lstm\""))
    }

    @Test("a language model: the lowest loss is the best")
    func language() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = place.path + "/cats.txt"
        try FileSystem.write(Array(String(repeating: "the cat sat on the mat. the dog sat on the log.\n", count: 40).utf8), to: path)
        var settings = LanguageSettings()
        (settings.hidden, settings.layers, settings.embedding, settings.dropout, settings.window, settings.batchSize, settings.epochs) = (8, 1, 4, 0, 16, 8, 2)
        let comparison = try CellComparison<LanguageJob>(JobInput([path]), settings: settings)
        #expect(comparison.best.metric!.name == "natsPerCharacter")
        #expect(comparison.best.metric!.value == comparison.entries.map { $0.metric!.value }.min()!)
        #expect(comparison.lines.last!.contains("lower is better"))
    }

    @Test("a table has no cells, and says so")
    func table() throws {
        #expect(!CellComparison<TableJob>.isPossible && CellComparison<RecallJob>.isPossible && CellComparison<ForecastJob>.isPossible && CellComparison<TextClassificationJob>.isPossible)
        #expect(throws: SettingsError("--compare-cells compares recurrent cells, and the job table has none; leave it out")) {
            try CellComparison<TableJob>(JobInput(["iris"]), settings: TabularSettings())
        }
    }

    @Test("which way a metric is better")
    func direction() {
        #expect(["accuracy", "balancedAccuracy", "rSquared", "f1Macro", "bleu"].allSatisfy { Metric($0, 1).isHigherBetter })
        #expect(["natsPerCharacter", "perplexity", "mape", "meanAbsoluteError", "logLoss"].allSatisfy { !Metric($0, 1).isHigherBetter })
    }
}
