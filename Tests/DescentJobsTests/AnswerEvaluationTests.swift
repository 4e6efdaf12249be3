import DescentCore
import DescentData
import DescentFormats
import Testing
import DescentJobs
import DescentReports
import DescentTrain

@Suite(.serialized)
struct AnswerEvaluationTests {
    private func value(_ evaluation: AnswerEvaluation, _ name: String) throws -> Double { try #require(evaluation[name], "\(name)") }

    @Test("two classes: each figure is what the predictions themselves give")
    func binary() throws {
        let table = try TableSamples.classes()
        var settings = TableSamples.quick
        settings.epochs = 3
        let model = try TabularTraining(table, target: "y", settings: settings).run()
        let evaluation = try model.evaluation(table)
        let truth = (0..<table.rowCount).map { table.text(row: $0, column: 3) == "1" }
        let positive = try model.predict(table).map { answer -> Float in if case .label(_, let all) = answer { all[1] } else { .nan } }
        let right = zip(positive, truth).count { ($0 > 0.5) == $1 }
        #expect(try value(evaluation, "accuracy") == Double(right) / 60)
        #expect(try value(evaluation, "rocArea") == Metrics.rocArea(positive, truth))
        let predicted = positive.map { $0 > 0.5 ? 1 : 0 }
        #expect(try value(evaluation, "f1") == Metrics.f1(predicted, truth.map { $0 ? 1 : 0 }, .binary()))
        #expect(try value(evaluation, "brierScore") == Metrics.brierScore(positive, truth))
        #expect(evaluation["top3Accuracy"] == nil)
        #expect(evaluation.matrix?.total == 60)
        #expect(evaluation.calibration?.bins.reduce(0) { $0 + $1.count } == 60)
        let json = JSONReader(evaluation.toJSON(), file: "evaluation")
        #expect(try json["metrics"]["rocArea"].double() == value(evaluation, "rocArea"))
        #expect(try json["confusionMatrix"].elements().count == 2)
        // The held-out figures are those of an evaluation of the held-out rows.
        let held = try TabularTraining(table, target: "y", settings: settings).split.test
        for metric in try model.evaluation(table, rows: held).metrics where metric.name != "baselineAccuracy" {
            #expect(model.record[metric.name] == metric.value, "\(metric.name)")
        }
    }

    @Test("one class alone in the file: figures without a value are left out")
    func oneClass() throws {
        let table = try TableSamples.classes()
        let model = try TabularTraining(table, target: "y", settings: TableSamples.quick).run()
        let ones = (0..<60).filter { table.text(row: $0, column: 3) == "1" }
        let evaluation = try model.evaluation(table, rows: ones)
        #expect(evaluation["rocArea"] == nil)
        #expect(evaluation["averagePrecision"] == 1)
        #expect(evaluation.rows == ones.count)
    }

    @Test("several classes in words: figures, a line for each class, the confusion matrix")
    func words() throws {
        var settings = TableSamples.quick
        settings.epochs = 1
        let model = try TabularTraining(Digits.table(), target: "digit", settings: settings).run()
        let evaluation = try model.evaluation(Digits.table())
        let lines = evaluation.lines
        #expect(lines[0].hasPrefix("  accuracy "))
        #expect(evaluation["top3Accuracy"]! > evaluation["accuracy"]! && evaluation["top5Accuracy"]! > evaluation["top3Accuracy"]!)
        #expect(lines.contains { $0.hasPrefix("  class  precision  recall") })
        let head = try #require(lines.firstIndex { $0.contains("Confusion matrix") })
        #expect(lines.count == head + 12)
        // Its columns add up to all rows.
        let counts = lines[(head + 2)...].flatMap { $0.split(separator: " ").dropFirst().compactMap { Int($0) } }
        #expect(counts.count == 100 && counts.reduce(0, +) == 1797)
    }

    @Test("numbers: each figure against the predictions themselves")
    func regression() throws {
        let table = try TableSamples.line()
        let model = try TabularTraining(table, target: "y", settings: TableSamples.quick).run()
        let evaluation = try model.evaluation(table)
        let predicted = try model.predict(table).map { answer -> Double in if case .value(let value) = answer { value } else { .nan } }
        let truth = (0..<table.rowCount).map { table.number(row: $0, column: 2)! }
        #expect(try value(evaluation, "rSquared") == Metrics.rSquared(predicted, truth))
        #expect(try value(evaluation, "medianAbsoluteError") == Metrics.medianAbsoluteError(predicted, truth))
        #expect(try value(evaluation, "largestError") == zip(predicted, truth).map { abs($0 - $1) }.max())
        #expect(evaluation.matrix == nil && evaluation.classes == [])
        #expect(evaluation.lines.count == 6)
    }
}
