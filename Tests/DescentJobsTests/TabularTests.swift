import DescentCore
import DescentData
import Testing
import DescentJobs
import DescentReports
import DescentTrain

@Suite(.serialized)
struct TabularTests {
    @Test("the built-in digits are learned")
    func digits() throws {
        var settings = TabularSettings()
        settings.epochs = 30
        let model = try TabularTraining(Digits.table(), target: "digit", settings: settings).run()
        #expect(try #require(model.record["accuracy"]) >= 0.96)
        #expect(try #require(model.record["baselineAccuracy"]) < 0.12)
        #expect(model.record.heldOut == Quantity(359, "rows"))
    }

    @Test("a line is learned")
    func regression() throws {
        let model = try TabularTraining(TableSamples.line(), target: "y").run()
        #expect(try #require(model.record["rSquared"]) > 0.98)
    }

    @Test("the same seed gives the same file, on any number of threads; another seed another")
    func sameBytes() throws {
        let before = Threads.count
        defer { Threads.count = before }
        func bytes(threads: Int, seed: Int) throws -> [UInt8] {
            Threads.count = threads
            var settings = TableSamples.quick
            settings.seed = seed
            return try TabularTraining(TableSamples.classes(), target: "y", settings: settings).run().encoded()
        }
        let first = try bytes(threads: 1, seed: 1)
        #expect(try bytes(threads: 2, seed: 1) == first)
        #expect(try bytes(threads: 3, seed: 1) == first)
        #expect(try bytes(threads: 1, seed: 2) != first)
    }

    @Test("what was fitted comes from the training rows alone")
    func noLeak() throws {
        // Row by row the same split; only cells of held-out rows differ.
        let table = try TableSamples.line()
        let training = try TabularTraining(table, target: "y", settings: TableSamples.quick)
        let held = Set(training.split.test)
        let changed = try Table(
            names: table.names,
            rows: (0..<table.rowCount).map { row in
                (0..<3).map { held.contains(row) ? "\(1000 + row)" : table.text(row: row, column: $0) }
            }, file: table.file)
        let other = try TabularTraining(changed, target: "y", settings: TableSamples.quick)
        #expect(other.split == training.split)
        #expect(other.encoder.toJSON() == training.encoder.toJSON())
        #expect(other.target == training.target)
    }

    @Test("a file to predict that lacks columns: they are named")
    func missingColumns() throws {
        let model = try TabularTraining(TableSamples.classes(), target: "y", settings: TableSamples.quick).run()
        let less = try Table(names: ["b", "other"], rows: [["1", "2"]], file: "less.csv")
        let error = #expect(throws: DataError.self) { try model.predict(less) }
        #expect(error?.description.contains("\"a\", \"kind\"") == true)
    }

    @Test("labels that are none of the classes: an error with the line")
    func labelsOutOfRange() throws {
        let model = try TabularTraining(TableSamples.classes(), target: "y", settings: TableSamples.quick).run()
        let table = try Table(names: ["a", "b", "kind", "y"], rows: [["0.1", "0.2", "red", "0"], ["0.1", "0.2", "red", "7"]], file: "odd.csv")
        let error = #expect(throws: DataError.self) { try model.evaluation(table, rows: [0, 1]) }
        #expect(error?.line == 2)
        #expect(error?.description.contains("\"7\"") == true)
    }

    @Test(
        "tables that cannot be learned from",
        arguments: [
            (["1", "1", "1", "1"], ["5", "6", "7", "8"], "nothing to learn"),
            (["0", "1", "0", "1"], ["5", "5", "5", "5"], "constant: 5"),
            (["0", "1", "0", "1"], ["5", "6", "inf", "8"], "not a finite number"),
            (["0.5", "1.5", "x", "2.5"], ["5", "6", "7", "8"], "\"x\""),
        ])
    func refused(target: [String], input: [String], sentence: String) throws {
        let table = try Table(names: ["a", "y"], rows: zip(input, target).map { [$0, $1] }, file: "bad.csv")
        var settings = TableSamples.quick
        settings.testFraction = 0
        if target.contains("x") { settings.task = .regression }
        let error = #expect(throws: DataError.self) { try TabularTraining(table, target: "y", settings: settings) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }

    @Test("an infinity among the rows held out is found before the run")
    func invalidCellHeldOut() throws {
        let table = try TableSamples.line()
        let held = try TabularTraining(table, target: "y", settings: TableSamples.quick).split.test[0]
        let changed = try Table(
            names: table.names,
            rows: (0..<table.rowCount).map { row in
                (0..<3).map { row == held && $0 == 0 ? "inf" : table.text(row: row, column: $0) }
            }, file: "line.csv")
        let training = try TabularTraining(changed, target: "y", settings: TableSamples.quick)
        let error = #expect(throws: DataError.self) { try training.run { _ in Issue.record("a step was taken") } }
        #expect(error?.line == held + 1)
    }

    @Test("settings that cannot be used are refused with what would be right")
    func settings() throws {
        func sentence(_ change: (inout TabularSettings) -> Void) -> String {
            var settings = TabularSettings()
            change(&settings)
            do {
                try settings.validate()
                return ""
            } catch { return "\(error)" }
        }
        #expect(sentence { _ in } == "")
        #expect(sentence { $0.epochs = 0 }.contains("1 to"))
        #expect(sentence { $0.learningRate = -1 }.contains("above 0"))
        #expect(sentence { $0.learningRate = .nan }.contains("above 0"))
        #expect(sentence { $0.dropout = 1 }.contains("below 1"))
        #expect(sentence { $0.testFraction = 1 }.contains("below 1"))
        #expect(sentence { $0.hidden = [0] }.contains("1 to 100000"))
        #expect(sentence { $0.activation = "rely" }.contains("relu, "))
        #expect(sentence { $0.batchSize = 0 }.contains("1 or more"))
        #expect(sentence { $0.weightDecay = -.infinity }.contains("0 or above"))
        var huge = TabularSettings()
        huge.hidden = [100_000, 100_000]
        #expect(throws: SettingsError.self) { try TabularTraining(TableSamples.line(), target: "y", settings: huge) }
    }

    @Test("epochs and batches are chosen so that a run takes seconds", arguments: [1, 2, 100, 1000, 50_000, 1_000_000, 100_000_000])
    func automatic(rows: Int) {
        let batch = TabularSettings.automaticBatchSize(rows: rows)
        let epochs = TabularSettings.automaticEpochs(rows: rows, batchSize: batch)
        #expect(epochs >= 3)
        #expect(epochs == 3 || epochs * rows <= 3_000_000)
        #expect(rows > 30_000 || epochs >= 100)
    }

    @Test("extreme learning rates end in an error, not in a model of NaN")
    func diverges() throws {
        var settings = TableSamples.quick
        settings.learningRate = 1e30
        #expect(throws: DivergenceError.self) { try TabularTraining(TableSamples.line(), target: "y", settings: settings).run() }
    }
}
