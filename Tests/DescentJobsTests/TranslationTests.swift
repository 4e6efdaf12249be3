import Descent
import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentNN
import DescentTrain
import TestFolders
import Testing

@Suite("Translation", .serialized)
struct TranslationTests {
    /// Sentences of a small language: a subject, a thing and a verb, which come in another order and another script.
    private static let pairs: [ParallelTexts.Pair] = {
        let subjects = [("I", "मैं"), ("Ravi", "रवि"), ("the boy", "लड़का")], things = [("tea", "चाय"), ("water", "पानी"), ("milk", "दूध"), ("rice", "चावल")]
        let verbs = [("like", "पसंद"), ("want", "चाह"), ("buy", "ख़रीद")]
        return subjects.flatMap { s in things.flatMap { t in verbs.map { v in .init(source: "\(s.0) \(v.0) \(t.0).", target: "\(s.1) \(t.1) \(v.1)।") } } }
    }()

    private static func settings(_ change: (inout TranslationSettings) -> Void = { _ in }) -> TranslationSettings {
        var settings = TranslationSettings()
        (settings.hidden, settings.dropout, settings.epochs, settings.batchSize, settings.learningRate, settings.testFraction) = (32, 0, 60, 12, 0.01, 0)
        change(&settings)
        return settings
    }

    private static func trained(_ change: @escaping (inout TranslationSettings) -> Void = { _ in }) throws -> Translator {
        try TranslationTraining(ParallelTexts(pairs, file: "small.txt"), settings: settings(change)).run()
    }

    @Test(
        "a small language is learned, saved and read back to the same translations",
        arguments: [
            { (s: inout TranslationSettings) in s.attention = .additive }, { $0.attention = .multiplicative }, { ($0.attention, $0.cell) = (EncoderDecoderSizes.Attention.none, .lstm) },
            { ($0.model, $0.heads, $0.layers, $0.learningRate) = (.transformer, 2, 1, 0.005) },
        ] as [@Sendable (inout TranslationSettings) -> Void])
    func learns(change: @Sendable @escaping (inout TranslationSettings) -> Void) throws {
        let place = try RunPlace()
        defer { place.remove() }
        let model = try Self.trained(change)
        let sentences = Self.pairs.map(\.source), answers = model.translate(sentences).map(\.text)
        #expect(zip(answers, Self.pairs).count { $0 == $1.target } >= 34, "\(model.summary): \(zip(answers, Self.pairs).filter { $0 != $1.target }.map(\.0))")
        try model.save(to: place.path)
        let read = try #require(try Jobs.model(path: place.path) as? Translator)
        #expect(read.record == model.record && read.translate(sentences).map(\.text) == answers)
        #expect(read.parameterCount == model.parameterCount)
        // One by one and all together are the same.
        #expect(sentences.prefix(5).map { read.translate([$0])[0].text } == Array(answers.prefix(5)))
        #expect((read.translate(["I like tea."])[0].attentionChart != nil) == read.looksBack && read.looksBack == (read.record.settings.attention != EncoderDecoderSizes.Attention.none))
    }

    @Test("alternatives differ, the attention has a row for each token and the end, an empty sentence has an empty translation")
    func alternatives() throws {
        let model = try Self.trained()
        var search = BeamSearch(beams: 4)
        search.count = 3
        let found = model.translate(["I like tea.", "", "Ravi buy rice."], search: search)
        #expect(found.count == 3 && found[1].text == "" && found[1].alternatives.isEmpty)
        for translation in [found[0], found[2]] {
            #expect(Set(translation.alternatives.map(\.text)).count == translation.alternatives.count && translation.alternatives.count == 3)
            #expect(zip(translation.alternatives, translation.alternatives.dropFirst()).allSatisfy { $0.score >= $1.score })
            #expect(translation.attention.count == translation.targetPieces.count && translation.targetPieces.last == "<eos>")
            #expect(translation.attention.allSatisfy { $0.count == translation.sourcePieces.count && abs($0.reduce(0, +) - 1) < 1e-5 })
            #expect(translation.attentionChart != nil)
        }
        // Drawn: the same seed gives the same, whatever else is translated; at no temperature it is the most probable token each time.
        let drawn = model.sample(["I like tea.", "", "Ravi buy rice."], try Sampling(temperature: 3), count: 6, seed: 5)
        #expect(drawn[2] == model.sample(["Ravi buy rice."], try Sampling(temperature: 3), count: 6, seed: 5)[0] && drawn[1].text == "")
        #expect(drawn[0].alternatives.count > 1 && zip(drawn[0].alternatives, drawn[0].alternatives.dropFirst()).allSatisfy { $0.score >= $1.score })
        #expect(drawn[2] != model.sample(["Ravi buy rice."], try Sampling(temperature: 3), count: 6, seed: 6)[0])
        #expect(model.sample(["I like tea."], try Sampling(temperature: 0))[0].text == model.translate(["I like tea."], search: BeamSearch(beams: 1))[0].text)
        let explanation = try model.explanation(ofText: "I like tea.")
        #expect(explanation.heading.hasPrefix("\"I like tea.\" is translated as \"मैं चाय पसंद।\""))
        #expect(explanation.lines.contains("encoder:") && explanation.lines.contains("decoder:") && explanation.sections.count >= 3)
    }

    @Test("a word that was never seen is copied or marked, and said")
    func unknown() throws {
        let model = try Self.trained { $0.epochs = 20 }
        let found = model.translate(["I like zebra."])[0]
        #expect(found.unknown == ["zebra"] && !found.text.contains("<unk>"))
        #expect(!model.translate(["I like tea."], unknown: .mark)[0].text.contains("<unk>"))
    }

    @Test("evaluation has BLEU, chrF, exact match and the loss; a sentence with several translations counts once")
    func evaluation() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let model = try Self.trained()
        let lines = Self.pairs.map { "\($0.source)\t\($0.target)\tsource" } + ["\(Self.pairs[0].source)\tanother one\tsource"]
        try FileSystem.write(Array((lines.joined(separator: "\n") + "\n").utf8), to: place.path + "/pairs.txt")
        let found = try model.evaluation(JobInput([place.path + "/pairs.txt"]))
        #expect(found.heading.hasPrefix("36 sentences of ") && found.heading.hasSuffix("with 37 translations."))
        for name in ["bleu", "chrf", "exactMatch", "lossPerToken", "perplexity"] { #expect(JSONReader(found.json, file: "evaluation")[name].exists, "\(name)") }
        #expect(found.lines.contains("The worst:") && found.lines.contains("The best translations:"))
        let answers = try #require(try model.answers(PredictionRequest(JobInput([place.path + "/pairs.txt"]))).next())
        #expect(answers.count == 37 && answers[0].line == 1)
    }

    @Test("pairs that are too long are left out and counted; the other way round is another language")
    func settings() throws {
        let training = try TranslationTraining(ParallelTexts(Self.pairs, file: "small.txt"), settings: Self.settings { ($0.longest, $0.reversed) = (4, true) })
        #expect(training.trainingRows.count == 24)
        #expect(training.opening.joined().contains("12 pairs with more than 4 tokens on a side are left out (--longest)."))
        #expect(training.texts.pairs[0] == Self.pairs[0].reversed)
        for (change, sentence) in [
            ({ $0.longest = 1 }, "all pairs have a side that is longer than --longest, 1; give a larger number"),
            ({ ($0.model, $0.attention) = (.transformer, .additive) }, "--attention belongs to recurrent networks; leave it out, or give --model recurrent"),
            ({ $0.heads = 2 }, "--heads belongs to transformers; leave it out, or give --model transformer"),
            ({ ($0.inputFeeding, $0.attention) = (true, .additive) }, "--input-feeding goes with --attention multiplicative; additive attention feeds its context anyway"),
            ({ ($0.model, $0.hidden, $0.heads) = (.transformer, 30, 4) }, "--hidden is 30; it must be a multiple of the number of heads, 4"),
        ] as [((inout TranslationSettings) -> Void, String)] {
            let error = #expect(throws: SettingsError.self) { try TranslationTraining(ParallelTexts(Self.pairs, file: "small.txt"), settings: Self.settings(change)) }
            #expect(error?.description == sentence)
        }
    }

    @Test("files of pairs and the phrase book are recognised; a network's name is no sign of images here")
    func recognition() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = place.path + "/pairs.txt"
        try FileSystem.write(Array("Wow!\tवाह!\nHelp!\tबचाओ!\nJump.\tकूदो.\n".utf8), to: path)
        for input in [JobInput([path]), JobInput([path], choices: ["model": "transformer"]), JobInput(["phrases"]), JobInput(["phrases"], choices: ["model": "transformer"])] {
            #expect(try Jobs.recognize(input).job.name == "translation")
        }
        #expect(try Jobs.recognize(JobInput(["digits"], choices: ["model": "cnn"])).job.name == "images")
    }
}
