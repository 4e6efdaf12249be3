import DescentData
import DescentPlot
import TestFolders
import Testing
import DescentJobs
import DescentReports
import DescentTrain

/// What reports say, against the same computed from tables.
struct ReportTests {
    private static func trained(_ table: Table, _ change: (inout TabularSettings) -> Void = { _ in }) throws -> (TabularTraining, TabularModel, TrainingOutcome) {
        var settings = TableSamples.quick
        settings.epochs = 60
        change(&settings)
        let training = try TabularTraining(table, target: "y", settings: settings)
        var outcome: TrainingOutcome?
        let model = try training.run(observers: [
            ObservingClosure { event in
                if case .finished(let found) = event { outcome = found }
            }
        ])
        return (training, model, try #require(outcome))
    }

    @Test("importance is what evaluating tables with shuffled cells says", arguments: [true, false])
    func importance(isClass: Bool) throws {
        let table = try isClass ? TableSamples.classes(90) : TableSamples.line(90)
        let (training, model, _) = try Self.trained(table)
        let rows = training.split.test
        let name = isClass ? "accuracy" : "rSquared"
        let found = try model.importance(table, rows: rows, repeats: 3, seed: 7)
        let whole = try #require(try model.evaluation(table, rows: rows)[name])
        #expect(abs(found.whole - whole) < 1e-12)
        #expect(Set(found.columns.map(\.name)) == Set(table.names.dropLast()))
        for (place, column) in table.names.dropLast().enumerated() {
            let expected = try (0..<3).map { turn in
                let order = TabularModel.order(count: rows.count, seed: 7, column: place, turn: turn)
                #expect(order.sorted() == Array(rows.indices))
                let cells = rows.indices.map { row in
                    table.names.indices.map { table.text(row: $0 == place ? rows[order[row]] : rows[row], column: $0) }
                }
                let shuffled = try Table(names: table.names, rows: cells, file: "shuffled")
                return whole - (try #require(try model.evaluation(shuffled)[name]))
            }
            let own = try #require(found.columns.first { $0.name == column })
            for (a, b) in zip(own.falls, expected) { #expect(abs(a - b) < 1e-12, "\(column)") }
            let mean = expected.reduce(0, +) / 3
            #expect(abs(own.mean - mean) < 1e-12)
            #expect(abs(own.deviation - (expected.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 3).squareRoot()) < 1e-12)
        }
        #expect(found.columns.map(\.mean) == found.columns.map(\.mean).sorted(by: >))
        // The colour says nothing of the class.
        if isClass { #expect(found.columns.last?.name == "kind") }
    }

    @Test("the worst mistakes are those whose truth was held least probable, or that are farthest off")
    func mistakes() throws {
        let table = try TableSamples.classes(90)
        // Too short a training to be right everywhere.
        let (_, model, _) = try Self.trained(table) { $0.epochs = 2 }
        let labels = try model.target.labels(table).map { Int($0) }
        var wrong: [(row: Int, denied: Float)] = []
        for (row, answer) in try model.predict(table).enumerated() {
            if case .label(let label, let probabilities) = answer, label != labels[row] { wrong.append((row, 1 - probabilities[labels[row]])) }
        }
        try #require(wrong.count > 3)
        let found = try model.worstMistakes(table, limit: 3)
        #expect(found.map(\.row) == wrong.sorted { $0.denied > $1.denied }.prefix(3).map(\.row))
        for mistake in found {
            #expect(mistake.truth == table.text(row: mistake.row, column: 3) && mistake.answer != mistake.truth)
            #expect(mistake.confidence! > 0.5 && mistake.line == table.line(ofRow: mistake.row))
        }
        #expect(try model.worstMistakes(table, limit: 1000).count == wrong.count)

        let line = try TableSamples.line()
        let (_, numbers, _) = try Self.trained(line)
        let far = try numbers.worstMistakes(line, rows: [3, 9, 27, 40], limit: 2)
        let errors = try [3, 9, 27, 40].map { row -> (Int, Double) in
            guard case .value(let value) = try numbers.predict(line, rows: [row])[0] else { return (row, .nan) }
            return (row, value - line.number(row: row, column: 2)!)
        }.sorted { abs($0.1) > abs($1.1) }
        #expect(far.map(\.row) == errors.prefix(2).map(\.0))
        for (mistake, error) in zip(far, errors) { #expect(abs(mistake.error - error.1) < 1e-4) }
    }

    @Test("the page has each part, its texts escaped, and nothing from elsewhere")
    func page() throws {
        let sample = try TableSamples.classes(90)
        let rows = (0..<sample.rowCount).map { row in
            ["\(sample.text(row: row, column: 0))", sample.text(row: row, column: 1), sample.text(row: row, column: 2), sample.text(row: row, column: 3) == "1" ? "<b>yes</b>" : "no & no"]
        }
        let table = try Table(names: sample.names, rows: rows, file: "a<b.csv")
        let (training, model, outcome) = try Self.trained(table) { $0.validationFraction = 0.2 }
        let text = try training.page(of: model, outcome: outcome, command: "descent train 'a<b.csv' --target y").html()
        for part in ["Result", "Training", "Right and wrong", "Calibration", "What matters", "The worst mistakes", "Configuration", "balanced accuracy", "validation", "best: epoch"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(
            text.contains("descent train &apos;a&lt;b.csv&apos; --target y") || text.contains("descent train 'a&lt;b.csv' --target y") || text.contains("descent train &#39;a&lt;b.csv&#39; --target y")
        )
        #expect(!text.contains("<b>yes") && !text.contains("<script") && !text.contains("src=") && !text.contains("no & no"))
        #expect(text.contains("measured on 18 rows held out"))
        #expect(!text.contains("Warning"))
        // The same again.
        #expect(try training.page(of: model, outcome: outcome, command: "descent train 'a<b.csv' --target y").html() == text)
    }

    @Test("numbers: predicted against true; without rows held out a warning; a target of one value has no importance")
    func numbers() throws {
        let table = try TableSamples.line()
        let (training, model, outcome) = try Self.trained(table) { $0.testFraction = 0 }
        let text = try training.page(of: model, outcome: outcome).html()
        for part in ["Predicted against true", "Errors", "No rows were held out", "rows that it was trained on", "No rows were held back for validation"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("The command that makes"))
        let same = try TabularReport(model, table, rows: [4, 4, 4])
        #expect(same.importance == nil)
        #expect(!same.part().page(of: model).html().contains("What matters"))
        #expect(throws: DataError.self) { try model.importance(table, rows: [4, 4]) }
    }

    @Test("a search's page has its trials and its command")
    func search() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let table = try TableSamples.line()
        let search = try JobSearch<TableJob>(trials: 4, settings: TableSamples.quick) { try TabularTraining(table, target: "y", settings: $0) }
        let result = try search.run(in: RunFolder(place.path))
        let text = try search.page(of: result, title: "y & more", command: "descent train x").html()
        for part in ["y &amp; more", "Learning rate", "Weight decay", "Dropout", "All trials", "descent train x", "trial \(result.best.number)"] {
            #expect(text.contains(part), "\(part)")
        }
    }
}
