import Descent
import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentJobs
import DescentTrain
import Testing

/// `descent explain MODEL "a text"`: what models say of one text.
@Suite("A text explained by a model of sequences", .serialized)
struct SequenceTextTests {
    private static let text = String(repeating: "the cat sat on the mat. the dog sat on the log.\n", count: 40)

    private static func language(_ cell: CellKind, unit: TokenUnit = .characters, text: String = text) throws -> LanguageModel {
        var settings = LanguageSettings()
        (settings.cell, settings.hidden, settings.layers, settings.embedding, settings.dropout) = (cell, 12, 2, 6, 0)
        (settings.window, settings.batchSize, settings.epochs, settings.unit) = (16, 8, 2, unit)
        return try LanguageTraining(TextCorpus(text, file: "cats.txt"), settings: settings).run()
    }

    @Test("tokens that share a character are named so that their names make the text")
    func sharedCharacters() {
        let text = "चाय पीती हूँ। tea", tokenizer = BytePairTokenizer(fitting: ["चाय चाय"], limit: 262)
        let tokens = tokenizer.encode(text), names = tokenizer.names(of: tokens)
        #expect(names.count == tokens.count && names.contains("…") && !names.contains { $0.contains("\u{FFFD}") })
        #expect(names.filter { $0 != "…" }.joined() == text)
        let part = tokens[names.firstIndex(of: "…")!]
        #expect(tokenizer.names(of: [part]) == ["…"] && tokenizer.names(of: [part, Vocabulary.end, tokens.last!]).last == "a" && tokenizer.names(of: [Vocabulary.end]) == ["<eos>"])
        #expect(tokenizer.labels(of: tokenizer.encode("ti a").suffix(2)).joined() == "␣a")
    }

    @Test("a language model: steps from the beginning, surprises as in an evaluation, gates of both layers", arguments: CellKind.allCases)
    func language(cell: CellKind) throws {
        let model = try Self.language(cell)
        #expect(model.readsTexts)
        let found = try model.explanation(ofText: "the cat\n")
        let steps = found.lines.dropFirst().prefix { !$0.isEmpty }
        #expect(steps.count == 9)
        let second = steps[steps.startIndex].split(separator: " ").map(String.init)
        #expect(second[0] == "1" && second[1] == "<bos>")
        let losses = LanguageEvaluation(model.network, tokens: model.tokenizer.encode("the cat\n")).readings().map { Double($0.loss) }
        for (line, loss) in zip(steps.dropFirst(), losses) {
            let cells = line.split(separator: " ").map(String.init)
            #expect(abs(Double(cells[2])! - loss) < 0.006, "\(line)")
        }
        #expect(steps.last!.split(separator: " ")[1] == "↵")
        #expect(found.sections.map(\.title) == ["Surprise", "The network, unrolled", "Gates and states", "The gradient back through time"])
        let names = cell == .lstm ? ["1: input", "1: forget", "1: output", "1: |c|", "2: input"] : cell == .gru ? ["1: reset", "1: update", "1: |h|", "2: reset"] : ["1: |h|", "2: |h|"]
        for name in names { #expect(found.lines[0].contains(name)) }
        #expect(found.lines.contains("L is the loss of the last token, -log p(\"↵\"), and h_t the state after step t."))
        #expect(found.lines.count { $0.contains(", layer ") && $0.contains("the gradient") } == 2)
        #expect(found.explanation.loss > 0 && abs(found.explanation.loss - losses.reduce(0, +) / 8) < 1e-4)
        #expect(try JSON.object(found.facts).text().contains("\"sequence\":[{\"tokens\":[\"<bos>\",\"t\""))
    }

    @Test("an empty text, an unknown character, a single one and a long text")
    func edges() throws {
        let model = try Self.language(.gru)
        #expect(throws: SettingsError("the text is empty; give at least one character")) { try model.explanation(ofText: "") }
        #expect(try model.explanation(ofText: "cät").heading.contains("1 character of them is not in the vocabulary (<unk>)."))
        #expect(try model.explanation(ofText: "t").lines.contains { $0.contains("one step, so the gradient has no way to go") })
        let long = try model.explanation(ofText: String(repeating: "the cat ", count: 200))
        #expect(long.heading.contains("Only the first 1,000 of 1,600 tokens are read.") && long.lines.contains("... 961 more steps"))
    }

    @Test("Devanagari stands in the page as it is, a vowel sign alone on a dotted circle")
    func devanagari() throws {
        let model = try Self.language(.gru, text: String(repeating: "नमस्ते दुनिया। यह एक परीक्षा है।\n", count: 80))
        let found = try model.explanation(ofText: "दुनिया")
        let html = ReportPage(title: "t", sections: found.sections).html()
        #expect(html.contains(">द</text>") && html.contains(">◌\u{093F}</text>"))
    }

    @Test("a classifier: both directions, the class on top; a file's first text too", arguments: CellKind.allCases)
    func classifier(cell: CellKind) throws {
        let lines = (0..<80).map { index in "\(index % 2 == 0 ? "a lovely day" : "an awful night") \(index)\t\(index % 2 == 0 ? "good" : "bad")" }
        var settings = TextClassificationSettings()
        (settings.cell, settings.hidden, settings.embedding, settings.epochs, settings.batchSize, settings.unit) = (cell, 8, 6, 4, 8, .words)
        let model = try ClassifierTraining(LabelledTexts(parsing: lines.joined(separator: "\n"), file: "reviews.txt"), settings: settings).run()
        let found = try model.explanation(ofText: "a lovely day"), answer = model.predict(["a lovely day"])[0]
        guard case .label(let label, let probabilities) = answer else { return }
        #expect(found.heading.contains("\"\(model.classes[label])\", probability \(fixed(Double(probabilities[label]), 3))"))
        #expect(found.lines[0].contains("1: ") && found.lines[0].contains("2: "))
        #expect(found.lines.contains { $0.contains(", forward: the gradient") } && found.lines.contains { $0.contains(", backward: the gradient") })
        let html = ReportPage(title: "t", sections: found.sections).html()
        #expect(html.contains(">\(model.classes[label]), \(fixed(Double(probabilities[label]), 2))</text>") && html.contains("W₂ U₂"))
        #expect(throws: SettingsError.self) { try model.explanation(ofText: "") }
    }

    @Test("a model of tables reads no texts")
    func table() throws {
        let model = try RecallTraining(settings: RecallSettings(steps: 2)).run()
        #expect(model.readsTexts)
        var settings = TabularSettings()
        settings.epochs = 1
        let table = try TabularTraining(BuiltInTable.iris.table(), target: "species", settings: settings).run()
        #expect(!table.readsTexts)
        #expect(throws: SettingsError("a table model reads no texts; give explain a file")) { try table.explanation(ofText: "a") }
    }
}

extension RecallSettings {
    fileprivate init(steps: Int) {
        self.init()
        (run.steps, recurrent.hidden, distance) = (steps, 4, 2)
    }
}
