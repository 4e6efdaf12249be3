import DescentData
import DescentFormats
import DescentJobs
import Foundation
import Testing

/// Models that Descent 0.1 wrote, in its two formats: they load, and answer as they did there.
@Suite(.serialized)
struct VersionTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/version-0.1").path

    /// The answers that version gave, as the lines of `descent predict --json`.
    private static func expected(_ name: String) throws -> [JSONReader] {
        let text = String(decoding: try FileSystem.read("\(folder)/\(name).jsonl"), as: UTF8.self)
        return try text.split(separator: "\n").map { JSONReader(try JSON(parsing: Array($0.utf8), file: name), file: name) }
    }

    @Test(
        "predictions are the same, to the last bit",
        arguments: [
            ("table", "iris"), ("classical", "iris"), ("regression", "series.csv"), ("text-classification", "six.txt"), ("forecast", "series.csv"),
        ])
    func answers(model name: String, file: String) throws {
        let model = try Jobs.model(path: "\(Self.folder)/\(name)")
        var request = PredictionRequest(JobInput([file == "iris" ? file : "\(Self.folder)/\(file)"]))
        request.probabilities = true
        // As many as then: another size of the batch may change last bits.
        request.first = 6
        let stream = try model.answers(request)
        var answers: [Answer] = []
        while let more = try stream.next() { answers += more }
        let expected = try Self.expected(name)
        #expect(expected.count >= 6)
        for (answer, truth) in zip(answers, expected) {
            for (key, value) in answer.json.members { #expect(try value.text() == truth[key].json?.text(), "\(name) \(key)") }
        }
        #expect(answers.count >= expected.count)
    }

    @Test("language models write the same text", arguments: [("language", false), ("tunes", true)])
    func texts(name: String, isTunes: Bool) throws {
        let model = try LanguageModel(path: "\(Self.folder)/\(name)")
        #expect(model.writesTunes == isTunes && model.job == name)
        var text = ""
        try model.generate(length: 80, sampling: Sampling(temperature: 0.8), seed: 2) { part in
            text += part
            return true
        }
        let expected = String(decoding: try FileSystem.read("\(Self.folder)/\(name).txt"), as: UTF8.self)
        if isTunes {
            // The command writes the heading's fields in lines of their own.
            #expect(expected.hasPrefix("X:1\nT:Tune 2\n") && expected.filter { !$0.isWhitespace }.hasSuffix(text.filter { !$0.isWhitespace }))
        } else {
            #expect(expected == text + (text.hasSuffix("\n") ? "" : "\n"))
        }
    }

    @Test("the record is read, and written again in the present format", arguments: ["table", "classical", "regression", "text-classification", "forecast", "language", "tunes"])
    func records(name: String) throws {
        func check(_ model: some JobModel) throws {
            let record = model.record
            #expect(record.version == "0.1.0" && record.trained.count > 0 && (record.heldOut == nil || !record.lines.isEmpty) && record.settings.run.seed == 1)
            let bytes = try model.encoded()
            let file = try ModelFile(parsing: bytes, file: "again")
            let copy = try type(of: model).init(file)
            #expect(copy.record == record && copy.job == model.job)
            #expect(try copy.encoded() == bytes)
        }
        try check(Jobs.model(path: "\(Self.folder)/\(name)"))
    }
}
