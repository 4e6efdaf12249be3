import Descent
import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentTrain
import TestFolders
import Testing

@Suite("Tagging", .serialized)
struct TaggingTests {
    /// Sentences of a small language: names of people, places and companies.
    private static let text: String = {
        let people = ["Anna", "Rahul", "Mei", "Tom"], places = ["Oslo", "Lima", "Delhi"]
        let visits = people.flatMap { person in places.map { "\(person)\tB-PER\nvisited\tO\n\($0)\tB-LOC\n.\tO\n" } }
        let leavers = people.map { "\($0)\tB-PER\nleft\tO\nthe\tO\nNorth\tB-ORG\nRail\tI-ORG\n.\tO\n" }
        return (visits + leavers).joined(separator: "\n")
    }()

    private static func trained() throws -> Tagger {
        var settings = TaggingSettings()
        (settings.hidden, settings.embedding, settings.epochs, settings.batchSize, settings.learningRate, settings.testFraction) = (8, 8, 30, 4, 0.01, 0)
        return try TaggingTraining(TaggedSentences(parsing: text, file: "small.tsv"), settings: settings).run()
    }

    @Test("a small language is learned, saved and read back to the same tags; a file comes out in its columns, a sentence as words with tags")
    func learns() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let model = try Self.trained()
        try model.save(to: place.path)
        let read = try #require(try Jobs.model(path: place.path) as? Tagger)
        let words = ["Mei", "left", "the", "North", "Rail", "."], answer = read.predict([words, [], ["Tom", "visited", "Lima", "."]])
        #expect(answer[0].tags == ["B-PER", "O", "O", "B-ORG", "I-ORG", "O"] && answer[1].tags.isEmpty && answer[2].tags == ["B-PER", "O", "B-LOC", "O"])
        #expect(answer[0].spans == [TagSpan(type: "PER", start: 0, end: 1), TagSpan(type: "ORG", start: 3, end: 5)])
        #expect(answer == model.predict([words, [], ["Tom", "visited", "Lima", "."]]) && read.record == model.record && read.parameterCount == model.parameterCount)
        #expect(answer[0].probabilities.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-4 })

        let sentence = try #require(try read.answers(PredictionRequest(JobInput(["Anna visited Oslo."]))).next())
        #expect(sentence[0].ownForm == "Anna\tB-PER\nvisited\tO\nOslo\tB-LOC\n.\tO\n")
        let spans: JSON = [["type": "PER", "text": "Anna", "start": 0, "end": 1], ["type": "LOC", "text": "Oslo", "start": 2, "end": 3]]
        #expect(sentence[0].json["spans"] == spans)
        let file = place.path + "/in.tsv"
        try FileSystem.write(Array("\nAnna\t?\nleft\t?\n\nTom\t?\n".utf8), to: file)
        let stream = try read.answers(PredictionRequest(JobInput([file])))
        var lines: [String] = []
        while let some = try stream.next() { lines += some.compactMap(\.ownForm) }
        #expect(lines == ["\nAnna\tB-PER\nleft\tO\n", "Tom\tB-PER"])
    }

    @Test("the evaluation has accuracy by word, F1 of spans, types, tags that the model does not know, and the worst sentences")
    func evaluates() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let model = try Self.trained(), file = place.path + ".tsv"
        try FileSystem.write(Array("Anna\tB-PER\nvisited\tO\nOslo\tB-MISC\n.\tO\n\nTom\tB-PER\nleft\tO\n".utf8), to: file)
        let found = try model.evaluation(JobInput([file]))
        let json = JSONReader(found.json, file: "evaluation")
        #expect(try json["metrics"]["accuracy"].double() == 5.0 / 6 && json["metrics"]["f1"].double() == 2.0 / 3 && json["sentences"].int() == 2)
        #expect(found.heading.hasSuffix("The model does not know the tag B-MISC, which it can't get right."))
        #expect(found.lines.contains("  line 1, 1 of 4 words wrong: Anna visited Oslo {B-MISC, not B-LOC} ."))
        #expect(try model.explanation(ofText: "Anna visited Oslo .").lines.contains { $0.contains("Oslo") && $0.contains("B-LOC") })
    }

    /// Pairs of true and predicted tags, and the spans and scores that seqeval 1.2.2 gives them: `get_entities`, `classification_report` in default mode.
    private static let pairs = [
        ("B-PER I-PER O B-LOC", "B-PER I-PER O B-LOC"), ("B-PER I-PER O", "I-PER I-PER O"), ("B-PER I-LOC O", "B-PER I-PER O"), ("O I-LOC I-LOC", "O B-LOC I-LOC"),
        ("B-PER B-PER I-PER", "B-PER I-PER I-PER"), ("B-ORG I-ORG I-ORG O", "B-ORG I-ORG O O"), ("S-LOC O B-PER E-PER", "S-LOC O B-PER I-PER"),
        ("B-PER E-PER E-PER O", "B-PER E-PER I-PER O"), ("S-PER S-PER I-PER", "S-PER I-PER E-PER"), ("O O O", "B-MISC O I-MISC"), ("B-PER O", "O O"),
        ("B I O B", "B I O I"), ("I-A B-A I-B B-B", "I-A I-A B-B I-B"),
    ]

    @Test("spans and their scores are seqeval's")
    func seqeval() {
        let spans = { (tags: String) in TagScheme.iobes.spans(tags.split(separator: " ").map(String.init)) }
        #expect(spans("S-PER S-PER I-PER").map(\.end) == [1, 2, 3] && spans("B I O I") == [TagSpan(type: "_", start: 0, end: 2), TagSpan(type: "_", start: 3, end: 4)])
        #expect(spans("I-A B-A I-B B-B").map { "\($0.type)\($0.start)" } == ["A0", "A1", "B2", "B3"])
        #expect(TagScheme.bilou.spans(["U-A", "U-A", "B-A", "L-A"]).count == 3 && TagScheme.plain.spans(["B-A"]).isEmpty)
        let scores = SpanScores(predicted: Self.pairs.map { spans($0.1) }, truth: Self.pairs.map { spans($0.0) })
        let digits = { (value: Double) in fixed(value, 6) }
        #expect([scores.micro.precision, scores.micro.recall, scores.micro.f1, scores.f1Macro, scores.f1Weighted].map(digits) == ["0.578947", "0.478261", "0.523810", "0.346939", "0.534161"])
        #expect(scores.types.map(\.name) == ["A", "B", "LOC", "MISC", "ORG", "PER", "_"])
        #expect(digits(scores.types[2].score.f1) == "0.857143" && digits(scores.types[5].score.precision) == "0.666667" && scores.types[5].score.support == 12)
        #expect(SpanScores(predicted: [[]], truth: [[]]).micro.f1 == 0)
    }
}
