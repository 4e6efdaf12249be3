import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentJobs
import DescentReports
import DescentTrain
import TestFolders
import Testing

@Suite(.serialized)
struct SequenceModelTests {
    private static func language(_ cell: CellKind, tokens: Int = 9, embedding: Int = 5, dropout: Double = 0) -> LanguageNetwork {
        let network = LanguageNetwork(.recurrent(.init(cell: cell, tokens: tokens, embedding: embedding, hidden: 6, layers: 2, dropout: dropout)))
        network.initialize(seed: 3)
        network.infer()
        return network
    }

    private static func transformer(memory: Int) -> LanguageNetwork {
        let network = LanguageNetwork(.transformer(.init(tokens: 9, size: 8, layers: 2, heads: 2, memory: memory, dropout: 0.1)))
        network.initialize(seed: 3)
        network.infer()
        return network
    }

    private static func close(_ a: Tensor, _ b: Tensor, _ tolerance: Double = 1e-5) -> Bool {
        a.shape == b.shape && zip(a.floats, b.floats).allSatisfy { abs(Double($0) - Double($1)) < tolerance }
    }

    @Test("step by step, in windows and all at once: the same scores")
    func steps() {
        for network in CellKind.allCases.flatMap({ [Self.language($0), Self.language($0, embedding: 0)] }) + [1, 4, 9].map(Self.transformer) {
            #expect(network.parameterCount == network.architecture.parameterCount)
            let tokens = Tensor(int32: [4, 5, 6, 7, 8, 4, 4, 6, 5, 8, 7, 7], shape: [6, 2])
            let whole = network(tokens, from: network.initialState(batch: 2)).logits
            let first = network(tokens[0..<4], from: network.initialState(batch: 2))
            #expect(Self.close(.concatenate([first.logits, network(tokens[4..<6], from: first.state).logits], axis: 0), whole))
            var state = network.initialState(batch: 2)
            for time in 0..<6 {
                let (logits, next) = network.step(tokens[time], state)
                #expect(Self.close(logits, whole[time]))
                state = next
            }
        }
    }

    @Test("a transformer learns a text, is saved and read back, goes on with a text, is stopped and taken up, and says where it looked")
    func transformerText() throws {
        let settings = Self.settings { ($0.model, $0.hidden, $0.heads, $0.layers, $0.epochs, $0.embedding) = (.transformer, 16, 2, 2, 3, nil) }
        let training = try LanguageTraining(TextCorpus(Self.text, file: "t"), settings: settings)
        #expect(training.settings.memory == training.settings.window && training.settings.cell == nil)
        let places = [try RunPlace(), try RunPlace()]
        defer { for place in places { place.remove() } }
        let model = try training.run(checkpointing: Checkpointing(RunFolder(places[0].path)))
        #expect(throws: TrainingInterruption.self) {
            try training.run(checkpointing: Checkpointing(RunFolder(places[1].path)), shouldStop: stopping(after: 17))
        }
        let resumed = try training.run(checkpointing: Checkpointing(RunFolder(places[1].path)))
        #expect(zip(model.network.parameters, resumed.network.parameters).allSatisfy { $0.variable.value.floats == $1.variable.value.floats })
        func text(_ model: LanguageModel) throws -> String {
            var text = ""
            try model.generate("the ", length: 90, sampling: Sampling(), seed: 2) { part in
                text += part
                return true
            }
            return text
        }
        try model.save(to: places[0].path)
        let read = try LanguageModel(path: places[0].path)
        #expect(read.network.architecture == model.network.architecture && read.record == model.record)
        #expect(try text(read) == text(model))
        #expect(try model.nextWords(after: "the", count: 3).count == 3)
        let explanation = try model.explanation(ofText: "the cat")
        #expect(explanation.sections.map(\.title) == ["Surprise", "Where each token looked"] && explanation.sections[1].blocks.count == 3)
        #expect(explanation.facts["sequence"] == nil)
    }

    @Test("settings of the other network are refused")
    func networkSettings() {
        for (change, sentence) in [
            ({ $0.heads = 2 }, "--heads belongs to transformers; leave it out, or give --model transformer"),
            ({ ($0.model, $0.memory) = (.recurrent, 9) }, "--memory belongs to transformers; leave it out, or give --model transformer"),
            ({ ($0.model, $0.cell, $0.embedding) = (.transformer, .gru, nil) }, "--cell belongs to recurrent networks; leave it out, or give --model recurrent"),
            ({ ($0.model, $0.hidden, $0.embedding) = (.transformer, 20, nil) }, "--hidden is 20; it must be a multiple of 8, 2 for each of 4 heads (--heads)"),
        ] as [((inout LanguageSettings) -> Void, String)] {
            let error = #expect(throws: SettingsError.self) { try LanguageTraining(TextCorpus(Self.text, file: "t"), settings: Self.settings(change)) }
            #expect(error?.description == sentence)
        }
    }

    @Test("in training the state is carried from window to window, and none into the first of an epoch")
    func carried() {
        let network = Self.language(.lstm)
        let model = StreamedLanguage(network, streams: 2)
        let x = Tensor(int32: [4, 5, 6, 7, 8, 4, 4, 6], shape: [4, 2])
        let y = Tensor(int32: [6, 7, 8, 4, 4, 6, 5, 5], shape: [4, 2])
        let alone = network(x, from: network.initialState(batch: 2))
        let (one, zero) = (Tensor([1] as [Float], shape: []), Tensor([0] as [Float], shape: []))
        #expect(abs(model.loss([x, y, zero]).item() - softmaxCrossEntropy(alone.logits, y).item()) < 1e-6)
        let after = network(x, from: alone.state)
        #expect(abs(model.loss([x, y, one]).item() - softmaxCrossEntropy(after.logits, y).item()) < 1e-6)
        #expect(abs(model.loss([x, y, zero]).item() - softmaxCrossEntropy(alone.logits, y).item()) < 1e-6)
        #expect(model.parameters.count == network.parameters.count)
    }

    @Test("a sequence in a padded batch is classed as alone", arguments: CellKind.allCases)
    func padding(cell: CellKind) {
        for layers in 1...2 {
            let architecture = RecurrentArchitecture(
                cell: cell, tokens: 9, embedding: 5, hidden: 4, layers: layers, dropout: 0.5)
            let network = ClassifierNetwork(architecture, classes: 3)
            network.initialize(seed: 1)
            network.infer()
            #expect(network.parameterCount == ClassifierNetwork.parameterCount(architecture, classes: 3))
            let sequences: [[Int32]] = [[4, 5, 6], [7], [8, 7, 6, 5, 4, 4, 8]]
            let batch = SequenceBatches.tensors(sequences)
            let together = network(batch[0], lengths: batch[1])
            for (row, sequence) in sequences.enumerated() {
                let alone = network(Tensor(int32: sequence, shape: [sequence.count, 1]), lengths: Tensor(int32: [Int32(sequence.count)]))
                #expect(Self.close(alone[0], together[row]))
            }
        }
    }

    private static let text = String(repeating: "the cat sat on the mat. the dog sat on the log.\n", count: 40)

    private static func settings(_ change: (inout LanguageSettings) -> Void = { _ in }) -> LanguageSettings {
        var settings = LanguageSettings()
        (settings.hidden, settings.layers, settings.embedding, settings.dropout) = (24, 1, 8, 0.1)
        (settings.window, settings.batchSize, settings.epochs, settings.learningRate) = (16, 8, 30, 0.02)
        change(&settings)
        return settings
    }

    @Test("a language model learns a text, is the same when read back, and writes the same for the same seed", arguments: TokenUnit.allCases)
    func language(unit: TokenUnit) throws {
        let place = try RunPlace()
        defer { place.remove() }
        let training = try LanguageTraining(
            TextCorpus(Self.text, file: "cats.txt"),
            settings: Self.settings {
                $0.unit = unit
                if unit == .bytePairs { $0.vocabulary = 270 }
            })
        let model = try training.run()
        // The same two sentences again and again: all but the beginning can be known.
        #expect(model.record["natsPerCharacter"]! < 0.35)
        #expect(model.record["natsPerCharacter"]! < model.record["unigramNatsPerCharacter"]! / 2)
        try model.save(to: place.path)
        let read = try LanguageModel(path: place.path)
        #expect(read.record == model.record)
        func written(_ model: LanguageModel, seed: Int, prompt: String = "the ") throws -> String {
            var text = ""
            try model.generate(prompt, length: 40, sampling: Sampling(temperature: 0.7), seed: seed) {
                text += $0; return true
            }
            return text
        }
        let text = try written(model, seed: 1)
        #expect(try text == written(read, seed: 1))
        #expect(text.hasPrefix("the "))
        #expect(try !written(model, seed: 1, prompt: "").isEmpty)
        let words = try model.nextWords(after: "the cat sat on", count: 3)
        #expect(words.first?.word == "the", "\(words)")
        #expect(words.first!.probability > 0.8)
    }

    @Test("the probability of a word is that of its characters and of its end, over all ways to go on")
    func words() throws {
        let training = try LanguageTraining(
            TextCorpus("ab a b ba. ab aba bb, a ab\nb ab a bab ba a b ab aab\n", file: "t", testFraction: 0),
            settings: Self.settings {
                ($0.epochs, $0.window, $0.batchSize) = (30, 8, 2)
            })
        let model = try training.run()
        #expect(model.record.metrics.isEmpty)
        // By brute force: after "a" come blanks and marks; then letters, until one of the others.
        let tokenizer = model.tokenizer
        let excluded: Set<Int32> = [0, 1, 2, 3]
        func probabilities(_ text: String) -> [String: Double] {
            var reader = LanguageReader(model.network)
            for token in tokenizer.encode(text) { reader.read(token) }
            let all = reader.probabilities(without: excluded)
            return Dictionary(uniqueKeysWithValues: (4..<all.count).map { (tokenizer.vocabulary.name(Int32($0)), all[$0]) })
        }
        let first = probabilities("ab a")
        let rest = 1 - first["a"]! - first["b"]!
        func end(_ text: String) -> Double { probabilities(text).filter { $0.key != "a" && $0.key != "b" }.values.reduce(0, +) }
        var expected = 0.0
        for blank in [" ", "\n"] {
            expected += first[blank]! / rest * probabilities("ab a" + blank)["b"]! * end("ab a" + blank + "b")
        }
        let found = try model.nextWords(after: "ab a", count: 50)
        let b = try #require(found.first { $0.word == "b" })
        // Two blanks and more in a row lead to the same word, and are rare.
        #expect(b.probability > expected - 1e-3 && b.probability < expected * 1.25 + 0.02, "\(b.probability) and \(expected)")
        #expect(found.reduce(0) { $0 + $1.probability } < 1.0001)
        #expect(found == found.sorted { $0.probability > $1.probability })
    }

    @Test("a prompt with a character that the model has not seen, and a text that is too short")
    func badText() throws {
        let training = try LanguageTraining(TextCorpus(Self.text, file: "t"), settings: Self.settings { $0.epochs = 1 })
        let model = try training.run()
        #expect { try model.generate("the é", length: 3, sampling: Sampling()) { _ in true } } throws: {
            "\($0)" == "the prompt has \"é\" (character 5), which is not among the 15 characters that the model was trained on; leave it out"
        }
        #expect(throws: SettingsError.self) { try model.nextWords(after: "THE") }
        #expect { try LanguageTraining(TextCorpus("short", file: "s.txt")) } throws: {
            "\($0)" == "s.txt: the text has 4 characters to train on, and a window takes 65; use a longer text, or a shorter window (--window)"
        }
    }

    @Test("a run that is stopped and taken up ends with the same bits; with other settings it is refused")
    func resume() throws {
        let places = [try RunPlace(), try RunPlace()]
        defer { for place in places { place.remove() } }
        let training = try LanguageTraining(TextCorpus(Self.text, file: "t"), settings: Self.settings { $0.epochs = 3 })
        let whole = try training.run(checkpointing: Checkpointing(RunFolder(places[0].path)))
        #expect(throws: TrainingInterruption.self) {
            try training.run(checkpointing: Checkpointing(RunFolder(places[1].path)), shouldStop: stopping(after: 17))
        }
        let other = try LanguageTraining(TextCorpus(Self.text, file: "t"), settings: Self.settings { ($0.epochs, $0.hidden) = (3, 20) })
        #expect { try other.run(checkpointing: Checkpointing(RunFolder(places[1].path))) } throws: {
            "\($0)".hasPrefix("hidden is 20, and 24 in the checkpoint")
        }
        let resumed = try training.run(checkpointing: Checkpointing(RunFolder(places[1].path)))
        for (a, b) in zip(whole.network.parameters, resumed.network.parameters) { #expect(a.variable.value.floats == b.variable.value.floats, "\(a.path)") }
        #expect(resumed.record == whole.record)
    }

    @Test("tunes begin with their measure and key, and end")
    func tunes() throws {
        let book = try TuneCollection(parsing: (0..<30).map { "X:\($0)\nT:t\nM:6/8\nK:\($0 % 2 == 0 ? "G" : "D")\nGAB|\nc2d|\n\n" }.joined(), file: "t.abc")
        let model = try LanguageTraining(book, settings: Self.settings()).run()
        var text = ""
        try model.generate("G", length: 200, sampling: Sampling(temperature: 0.3)) {
            text += $0; return true
        }
        #expect(text == "M:6/8 K:G\nGAB|\nc2d|\n" || text == "M:6/8 K:D\nGAB|\nc2d|\n", "\(text)")
        #expect(model.writesTunes)
    }

    @Test("a classifier tells classes apart, and is the same when read back")
    func classifier() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let lines = (0..<120).map { index in "\(index % 2 == 0 ? "a lovely day \(index)" : "an awful night \(index)")\t\(index % 2 == 0 ? "good" : "bad")\n" }
        let texts = try LabelledTexts(parsing: lines.joined(), file: "t.txt")
        var settings = TextClassificationSettings()
        (settings.hidden, settings.embedding, settings.epochs) = (8, 8, 6)
        let training = try ClassifierTraining(texts, settings: settings)
        #expect(training.settings.unit == .words && training.split.test.count == 24)
        let model = try training.run()
        #expect(model.record["accuracy"]! == 1)
        #expect(model.record.confusion == [[12, 0], [0, 12]])
        try model.save(to: place.path)
        let read = try TextClassifier(path: place.path)
        let new = ["lovely", "an awful thing", "", "unheard words"]
        #expect(read.predict(new) == model.predict(new))
        guard case .label(let label, let probabilities) = read.predict(["a lovely day"])[0] else { return }
        #expect(read.classes[label] == "good" && abs(probabilities.reduce(0, +) - 1) < 1e-5)
    }

    @Test("with a network that says nothing the forecast is the seasonal-naive one")
    func seasonalNaive() {
        let values = (0..<60).map { 100 + Double($0) + 10 * Double($0 % 12) }
        for isLogarithmic in [false, true] {
            let scale = SeriesScale(fitting: values, horizon: 15, season: 12, window: 20, isLogarithmic: isLogarithmic)
            let z = values.map(scale.scaled)
            let answers = scale.answers(z, end: 45, outputs: [Float](repeating: 0, count: 15))
            let expected = (0..<15).map { values[45 - 12 + $0 % 12] }
            #expect(zip(answers, expected).allSatisfy { abs($0 - $1) < 1e-9 })
            let right = scale.answers(z, end: 45, outputs: scale.targets(z, end: 45))
            #expect(zip(right, values[45...]).allSatisfy { abs($0 - $1) < 1e-3 })
            let inputs = scale.inputs(z, end: 45)
            #expect(inputs.window.count == 40 && inputs.naive.count == 15)
            #expect(abs(inputs.window[38] - Float(z[44])) < 1e-6)
            #expect(abs(inputs.naive[14] - Float(z[35] - z[44])) < 1e-6)
        }
    }

    @Test("the season is guessed where there is one, not where a series only changes slowly")
    func season() throws {
        func chosen(_ value: (Int) -> Double) throws -> Int? {
            let rows = (0..<800).map { "\(DaysOfYears.label($0)),\(value($0))\n" }
            let series = try TimeSeries(Table(parsing: Array(("day,y\n" + rows.joined()).utf8), file: "s.csv"), target: "y")
            return try ForecastTraining(series).settings.season
        }
        // A week of its own, a slow wave of 200 days, and both.
        func week(_ day: Int) -> Double { [0, 0, 0, 0, 0, 3, 4][day % 7] }
        func wave(_ day: Int) -> Double { abs(Double(day % 200) - 100) / 10 }
        #expect(try chosen(wave) == 1)
        #expect(try chosen(week) == 7)
        #expect(try chosen { 3 * week($0) + wave($0) } == 7)
    }

    /// Dates that follow each other.
    private enum DaysOfYears {
        static func label(_ day: Int) -> String {
            let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            var (year, left) = (2001, day)
            while left >= 365 + (year % 4 == 0 ? 1 : 0) {
                left -= 365 + (year % 4 == 0 ? 1 : 0)
                year += 1
            }
            var month = 0
            while left >= lengths[month] + (month == 1 && year % 4 == 0 ? 1 : 0) {
                left -= lengths[month] + (month == 1 && year % 4 == 0 ? 1 : 0)
                month += 1
            }
            return "\(year)-\(month < 9 ? "0" : "")\(month + 1)-\(left < 9 ? "0" : "")\(left + 1)"
        }
    }

    @Test("a forecast of growth with a season beats the naive ones, and is the same when read back")
    func forecast() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let rows = (0..<120).map { index in
            let level = 100 * (1 + 0.01 * Double(index)) * (1 + 0.3 * Double([0, 1, 2, 3, 2, 1, 0, -1, -2, -3, -2, -1][index % 12]) / 3)
            return "\(1980 + index / 12)-\(index % 12 < 9 ? "0" : "")\(index % 12 + 1),\(level)\n"
        }
        let series = try TimeSeries(Table(parsing: Array(("month,sales\n" + rows.joined()).utf8), file: "s.csv"), target: "sales")
        var settings = ForecastSettings()
        (settings.horizon, settings.epochs) = (12, 60)
        let training = try ForecastTraining(series, settings: settings)
        #expect(training.settings.season == 12 && training.training.count == 108)
        let model = try training.run()
        #expect(model.record["mape"]! < model.record["seasonalNaiveMape"]! / 2)
        #expect(model.record["mape"]! < model.record["naiveMape"]! / 2)
        try model.save(to: place.path)
        let read = try Forecaster(path: place.path)
        #expect(try read.forecast(series) == model.forecast(series))
        let short = try TimeSeries(Table(parsing: Array("month,sales\n1980-01,1\n1980-02,2\n".utf8), file: "s.csv"), target: "sales")
        #expect { try read.forecast(short) } throws: { "\($0)" == "s.csv: the series has 2 numbers, and this model looks at the last \(model.neededCount)" }
        #expect { try ForecastTraining(short) } throws: { "\($0)".hasPrefix("s.csv: the series has 2 numbers; to learn 12 steps ahead") }
    }

    @Test("a damaged model file is refused with a sentence")
    func damaged() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let model = try LanguageTraining(TextCorpus(Self.text, file: "t"), settings: Self.settings { $0.epochs = 1 }).run()
        try model.save(to: place.path)
        let path = "\(place.path)/model.safetensors"
        let stored = try SafetensorsFile(parsing: FileSystem.read(path), file: path)
        func refused(_ old: String, _ new: String) throws {
            let card = stored.metadata["descent.card"]!
            let parts = card.split(separator: old, omittingEmptySubsequences: false)
            try #require(parts.count > 1, "\(old)")
            let changed = SafetensorsFile(tensors: stored.tensors, metadata: ["descent.card": parts.joined(separator: new)])
            try FileSystem.write(changed.encoded(file: path), to: path)
            #expect(throws: FormatError.self, "\(new)") { try LanguageModel(path: path) }
        }
        try refused("\"formatVersion\":3", "\"formatVersion\":9")
        try refused("\"hidden\":24", "\"hidden\":8192")
        try refused("\"hidden\":24", "\"hidden\":0")
        try refused("\"cell\":\"lstm\"", "\"cell\":\"gru\"")
        try refused("\"job\":\"language\"", "\"job\":\"poems\"")
        try refused("\"job\":\"language\"", "\"job\":\"table\"")
        try refused("\"tokens\":19", "\"tokens\":20")
    }
}
