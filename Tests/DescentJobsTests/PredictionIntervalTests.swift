import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentTrain
import Testing

/// Intervals about the answers of a regression.
@Suite(.serialized)
struct PredictionIntervalTests {
    @Test("the half width is the conformal quantile of the absolute errors")
    func quantile() throws {
        // 9 errors: of the tenth place between and around them, 0.8 is the 8th; 0.9 the 9th.
        let errors: [Double] = [-9, 1, 2, -3, 4, 5, -6, 8, 7]
        #expect(try PredictionInterval(level: 0.8, errors: errors).halfWidth == 8)
        #expect(try PredictionInterval(level: 0.9, errors: errors).halfWidth == 9)
        #expect(try PredictionInterval(level: 0.1, errors: errors).halfWidth == 1)
        #expect { try PredictionInterval(level: 0.95, errors: errors) } throws: { "\($0)".contains("at least 19 rows") }
        let interval = try PredictionInterval(level: 0.5, errors: [1, 2, 3])
        #expect(interval.ends(10) == (8, 12))
        #expect(interval.coverage(truth: [10, 12, 12.5, 8], answers: [10, 10, 10, 10]) == 0.75)
    }

    /// y = 3 a - b + a noise that is known, by a table of two columns.
    private static func table(_ count: Int) throws -> Table {
        var random = SplitMix64(seed: 5)
        let rows = (0..<count).map { _ -> [String] in
            let draws = (0..<3).map { _ in Double(random.next() >> 11) * 0x1p-53 }
            return ["\(draws[0])", "\(draws[1])", "\(3 * draws[0] - draws[1] + draws[2] - 0.5)"]
        }
        return try Table(names: ["a", "b", "y"], rows: rows, file: "noise.csv", options: Table.Options())
    }

    private static func settings(_ change: (inout TabularSettings) -> Void = { _ in }) -> TabularSettings {
        var settings = TabularSettings()
        (settings.hidden, settings.epochs, settings.interval) = ([8], 8, 0.9)
        change(&settings)
        return settings
    }

    @Test("errors are those of the pair that left a row out; the interval is in the card, the record and the file")
    func crossConformal() throws {
        let table = try Self.table(150)
        let training = try TabularTraining(table, target: "y", settings: Self.settings())
        let model = try training.run()
        let interval = try #require(model.interval)
        // Row by row, by the pair of its fold alone.
        let share = try #require(model.network.architecture.pieceShare)
        let features = try model.encoder.transform(table, rows: training.trainingRows)
        let x = Tensor(features.values, shape: [features.rowCount, features.featureCount])
        let members = model.network.outputs(x).map(\.floats)
        let truth = training.trainingRows.map { table.number(row: $0, column: 2)! }
        var errors: [Double] = []
        for row in truth.indices {
            let pair = training.folds[row] * 2
            let answer = share * Double(members[pair][row]) + (1 - share) * Double(members[pair + 1][row])
            errors.append(abs(truth[row] - training.target.inverse(Float(answer))))
        }
        errors.sort()
        #expect(abs(interval.halfWidth - errors[Int((121 * 0.9).rounded(.up)) - 1]) < 1e-5)
        let answers = try model.predict(table, rows: training.split.test).map { if case .value(let value) = $0 { value } else { Double.nan } }
        let inside = zip(training.split.test, answers).count { abs(table.number(row: $0, column: 2)! - $1) <= interval.halfWidth }
        #expect(model.record["intervalCoverage"] == Double(inside) / 30)
        let copy = try TabularModel(parsing: model.encoded(), file: "copy")
        #expect(copy.interval == interval && copy.record == model.record)
        #expect(try copy.encoded() == model.encoded())
    }

    @Test("what cannot be measured is refused in a sentence")
    func refusals() throws {
        func sentence(_ table: Table, _ change: (inout TabularSettings) -> Void) -> String {
            do { _ = try TabularTraining(table, target: "y", settings: Self.settings(change)); return "" } catch { return "\(error)" }
        }
        #expect(sentence(try Self.table(40)) { $0.members = 1 }.contains("--members 5 or --validation-fraction 0.2"))
        #expect(sentence(try TableSamples.classes()) { _ in }.contains("classes, which have probabilities"))
        #expect(sentence(try Self.table(40)) { $0.interval = 1 }.contains("above 0 and below 1"))
        #expect(sentence(try Self.table(40)) { $0.interval = 0.999 }.contains("needs at least 999 rows"))
        #expect(sentence(try Self.table(40)) { _ in } == "")
    }
}
