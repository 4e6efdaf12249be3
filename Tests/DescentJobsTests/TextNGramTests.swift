import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentTrain
import TestFolders
import Testing

@Suite("classification of texts by n-grams")
struct TextNGramTests {
    private static let words = ["a", "film", "of", "people", "who", "talk", "and", "walk", "at", "night"]
    /// Words without meaning, among which one of the class stands.
    private static func text(_ number: Int, _ own: [String]) -> String { ((0..<6).map { words[(number * 7 + $0 * $0 * (number + 3)) % 10] } + own).joined(separator: " ") }

    @Test("classes are told apart, and the model is read back with the same answers; the words of the class say most")
    func classes() throws {
        let lines = (0..<60).map { "\(["bad", "fine", "great"][$0 % 3])\t\(Self.text($0, [["awful", "decent", "superb"][$0 % 3]]))\n" }
        let training = try TextNGramTraining(LabelledTexts(parsing: lines.joined(), file: "reviews.tsv"))
        let model = try training.run()
        #expect(model.record["accuracy"] == 1 && model.record.method?.hasPrefix("logistic regression on ") == true)
        let place = try RunPlace()
        defer { place.remove() }
        try model.save(to: place.path)
        let read = try TextNGramClassifier(path: place.path), text = Self.text(99, ["superb"])
        #expect(read.probabilities(text) == model.probabilities(text) && read.record == model.record && read.textLayout == .classThenText)
        let explanation = try read.explanation(ofText: text)
        let shares = try JSONReader(.object(explanation.facts), file: "f")["words"].elements().map { (try $0["word"].string(), try $0["share"].double()) }
        #expect(shares.max { $0.1 < $1.1 }?.0 == "superb" && shares.count == 7)
        #expect(training.report(of: model).sections.last?.title == "Which n-grams speak for a class")
        #expect { try training.plan(readsHeldOut: false) } throws: { "\($0)".contains("--model recurrent") }
    }

    @Test("several labels: each by itself, thresholds from cross-validation, F1 and exact match")
    func labels() throws {
        let lines = (0..<80).map { number in
            let own = [(number % 2 == 0, "sport", "goal"), (number % 3 == 0, "money", "bank")].filter(\.0)
            return own.isEmpty ? "__label__food \(Self.text(number, ["bread"]))\n" : "\(own.map { "__label__\($0.1)" }.joined(separator: " ")) \(Self.text(number, own.map(\.2)))\n"
        }
        let model = try TextNGramTraining(LabelledTexts(parsing: lines.joined(), file: "t.txt")).run()
        #expect(model.thresholds?.count == 3 && model.record["exactMatch"] == 1 && model.record["f1Micro"] == 1 && model.record["f1Macro"] == 1)
        let place = try RunPlace()
        defer { place.remove() }
        let file = "\(place.path)/new.txt"
        try FileSystem.createFolder(place.path)
        try FileSystem.write(Array("\(Self.text(6, ["goal", "bank"]))\n".utf8), to: file)
        let answers = try #require(try model.answers(PredictionRequest(JobInput([file]))).next())
        #expect(answers[0].values[0].split(separator: " ").sorted() == ["money", "sport"] && answers[0].values.count == 4)
    }

    @Test("F1, micro and macro, and exact match, by hand")
    func figures() {
        // a: 1 right, 1 wrong; b: 1 right, 1 missed; c: 1 missed.
        let found = LabelEvaluation(predicted: [[0, 1], [0], []], truth: [[0, 1], [1], [2]], labels: ["a", "b", "c"])
        let expected: [Double] = [4.0 / 7, 4.0 / 9, 1.0 / 3]
        #expect(zip(found.metrics.map(\.value), expected).allSatisfy { abs($0 - $1) < 1e-12 })
        let scores: [[Float]] = [[2], [-1], [-2], [-3]]
        let middle: Float = (LabelThresholds.logistic(-1) + LabelThresholds.logistic(-2)) / 2
        let threshold: Float = LabelThresholds.best(scores, targets: [1, 1, 0, 0], labels: 1)[0]
        #expect(abs(threshold - middle) < 1e-6)
        #expect(LabelThresholds.best(scores, targets: [1, 0, 0, 0], labels: 1) == [0.5])
    }

    @Test("n-grams are the default, and the options of networks ask for one")
    func choice() throws {
        let place = try RunPlace()
        defer { place.remove() }
        try FileSystem.createFolder(place.path)
        let file = "\(place.path)/reviews.csv"
        try FileSystem.write(Array(("id,review,sentiment,stars\n" + (0..<40).map { "\($0),\(Self.text($0, ["x\($0)"])),\($0 % 2 == 0 ? "good" : "bad"),\($0 % 7)\n" }.joined()).utf8), to: file)
        func job(_ choices: [String: String] = [:], inSteps: Bool = false) throws -> String {
            var input = JobInput([file], choices: choices)
            input.trainsInSteps = inSteps
            return try Jobs.recognize(input).job.name
        }
        #expect(try job() == "text-ngrams" && job(["cell": "gru"]) == "text-classification" && job(["model": "recurrent"]) == "text-classification")
        #expect(try job(inSteps: true) == "text-classification" && job(["model": "ngrams", "seed": "2"]) == "text-ngrams")
        // With a target, columns that may say something are learned from.
        #expect(try job(["target": "sentiment"]) == "table" && job(["target": "sentiment", "text-column": "review"]) == "text-ngrams")
        var settings = TextNGramSettings()
        settings.run.epochs = 3
        #expect { try settings.validate() } throws: { "\($0)".hasPrefix("n-grams are fitted by a solver") }
    }

    @Test("free text beside other columns: what its n-grams say is a feature, of training rows by models fitted without them")
    func table() throws {
        // Which has nothing to do with the other words.
        func isBad(_ number: Int) -> Bool { (number * 2_654_435_761) >> 9 & 1 == 0 }
        let rows = (0..<100).map { [Self.text($0, [isBad($0) ? "awful" : "superb", "x\($0)"]), "\($0 % 11)", isBad($0) ? "bad" : "good"] }
        var settings = TabularSettings()
        (settings.hidden, settings.members, settings.run.epochs) = ([4], 1, 2)
        let training = try TabularTraining(Table(names: ["review", "day", "sentiment"], rows: rows), target: "sentiment", settings: settings)
        #expect(training.encoder.featureNames.first == "review for good")
        let features = try training.encoder.transform(training.table, rows: training.split.test)
        let signs = training.split.test.indices.map { features.values[$0 * features.featureCount] > 0 }
        #expect(signs == training.split.test.map { rows[$0][2] == "good" })
        let stored = try TableEncoder(json: JSONReader(training.encoder.toJSON(), file: "t"))
        #expect(try stored.transform(training.table).values == training.encoder.transform(training.table).values)
        // The text of a training row that nothing else has says nothing of its own answer.
        let noise = (0..<100).map { [Self.text($0, ["u\($0)v", "w\($0)x"]), "\($0 % 11)", isBad($0) ? "bad" : "good"] }
        let second = try TabularTraining(Table(names: ["review", "day", "sentiment"], rows: noise), target: "sentiment", settings: settings)
        let learned = try second.examples(second.trainingRows).inputs.floats, width = second.encoder.featureCount
        let right = second.trainingRows.indices.count { (learned[$0 * width] > 0) == (noise[second.trainingRows[$0]][2] == "good") }
        #expect(right < second.trainingRows.count * 3 / 4)
    }
}
