import ArgumentParser
import Descent

extension Translator.UnknownWords: ExpressibleByArgument {}

/// `descent translate MODEL SENTENCE`.
struct TranslateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate",
        abstract: "Translate sentences with a model that was trained on sentences and their translations.",
        discussion: """
            With - the sentences are lines of the standard input, and each is translated as it comes.

            Examples:
              descent translate descent-models/phrases "Where is the station?"
              descent translate descent-models/phrases "I want water." --alternatives 3 --attention water.svg
              cat sentences.txt | descent translate descent-models/eng-hin -
            """)

    @Argument(help: "The folder of a model that translates, or its model.safetensors.", completion: .directory)
    var model: String
    @Argument(help: ArgumentHelp("Sentences; - for lines of the standard input.", valueName: "sentence"))
    var sentences: [String]
    @Option(help: ArgumentHelp("Beginnings that the beam search keeps; 1 is greedy. Default: \(Translator.search.beams).", valueName: "count"))
    var beam: Int?
    @Option(
        parsing: .unconditional,
        help: "Draw translations at random instead of searching: a sampling temperature; below 1 sharpens the distribution, above 1 flattens it.")
    var temperature: Double?
    @OptionGroup var drawing: SamplingArguments
    @Option(help: ArgumentHelp("Give the best few translations, with their log-probabilities.", valueName: "count"))
    var alternatives: Int?
    @Option(parsing: .unconditional, help: ArgumentHelp("Length penalty: 0 for none; larger favours longer translations.", valueName: "alpha"))
    var lengthPenalty = Translator.search.lengthPenalty
    @Option(parsing: .unconditional, help: ArgumentHelp("Coverage penalty: larger favours translations of the whole sentence (with attention).", valueName: "beta"))
    var coveragePenalty = 0.0
    @Option(help: ArgumentHelp("Most tokens of a translation. Default: twice the sentence's and \(Translator.search.lengthMargin).", valueName: "tokens"))
    var length: Int?
    @Option(help: "Words that the model has never seen: copy them, or mark them as <unk>.")
    var unknown = Translator.UnknownWords.copy
    @Option(help: ArgumentHelp("Draw what the decoder looked at, for one sentence.", valueName: "file.svg"), completion: .file(extensions: ["svg"]))
    var attention: String?
    @Flag(help: "Print a line of JSON for each sentence.")
    var json = false
    @OptionGroup var threading: ThreadArguments

    func validate() throws {
        if let beam, temperature != nil { throw ValidationError("--beam \(beam) searches, and --temperature draws at random; give one of them.") }
        if temperature == nil, let cut = drawing.cut { throw ValidationError("\(cut) is for translations that are drawn at random; give --temperature too, 1 say.") }
        if let beam, beam < 1 || beam > 1000 { throw ValidationError("--beam is \(beam); it must be 1 to 1000.") }
        if let alternatives, alternatives < 1 || alternatives > 1000 { throw ValidationError("--alternatives is \(alternatives); it must be 1 to 1000.") }
        if let length, length < 1 { throw ValidationError("--length is \(length); it must be 1 or more.") }
        if !(0...10).contains(lengthPenalty) { throw ValidationError("--length-penalty is \(lengthPenalty); it must be 0 to 10.") }
        if !(0...10).contains(coveragePenalty) { throw ValidationError("--coverage-penalty is \(coveragePenalty); it must be 0 to 10.") }
        if sentences.contains("-"), sentences.count > 1 { throw ValidationError("- stands for the standard input; give it alone, or sentences.") }
        if attention != nil, sentences.count > 1 || sentences == ["-"] { throw ValidationError("--attention draws one sentence; give one.") }
    }

    func run() throws {
        try reportingErrors {
            threading.apply()
            StopRequest.watch()
            let translator = try Translator(path: model)
            if attention != nil, !translator.looksBack { throw SettingsError("the model has no attention that could be drawn; train one with --attention additive") }
            var search = BeamSearch(beams: Swift.max(beam ?? Translator.search.beams, alternatives ?? 1))
            (search.count, search.lengthPenalty, search.coveragePenalty) = (alternatives ?? 1, lengthPenalty, coveragePenalty)
            if let length { (search.lengthFactor, search.lengthMargin) = (0, length) }
            let sampling = try temperature.map { try drawing.sampling(temperature: $0) }
            if sentences == ["-"] {
                let lines = LineStream(InputFile())
                while let some = try lines.next() { try put(translator, some.map(\.text), search, sampling) }
            } else {
                try put(translator, sentences, search, sampling)
            }
        }
    }

    private func put(_ translator: Translator, _ sentences: [String], _ search: BeamSearch, _ sampling: Sampling?) throws {
        let shouldStop = { StopRequest.requested != nil }
        let found =
            if let sampling {
                translator.sample(sentences, sampling, count: alternatives ?? 1, seed: drawing.seed, search: search, unknown: unknown, shouldStop: shouldStop)
            } else { translator.translate(sentences, search: search, unknown: unknown, shouldStop: shouldStop) }
        if let signal = StopRequest.requested { throw ExitCode(128 + signal) }
        for translation in found {
            if json {
                try StandardStream.output.print(translation.json.text())
            } else if alternatives == nil {
                try StandardStream.output.print(translation.text)
            } else {
                for alternative in translation.alternatives { try StandardStream.output.print("\(fixed(alternative.logProbability, 3))\t\(alternative.text)") }
            }
            if !translation.unknown.isEmpty {
                StandardStream.error.write(
                    "descent: \(unknownWords(translation.unknown)); \(unknown == .copy ? "copied as \(translation.unknown.count == 1 ? "it is" : "they are") (--unknown mark writes <unk>)" : "written as <unk>")\n"
                )
            }
            if translation.alternatives.first?.isComplete == false {
                StandardStream.error.write(
                    "descent: the translation of \(quoted(translation.sentence)) has no end within \(search.limit(of: translation.sourcePieces.count)) tokens; this is its beginning (--length)\n")
            }
            if let attention, let chart = translation.attentionChart { try FileSystem.write(Array(chart.svg().utf8), to: attention) }
        }
    }
}

extension Translation {
    fileprivate var json: JSON {
        var object = JSON.Object()
        object["sentence"] = .string(sentence)
        object["translation"] = .string(text)
        object["alternatives"] = .array(
            alternatives.map { ["text": .string($0.text), "logProbability": .number($0.logProbability), "score": .number($0.score), "complete": .bool($0.isComplete)] })
        object["unknown"] = JSON(unknown)
        if !attention.isEmpty {
            object["sourceTokens"] = JSON(sourcePieces)
            object["targetTokens"] = JSON(targetPieces)
            object["attention"] = .array(attention.map { .array($0.map { JSON($0) }) })
        }
        return .object(object)
    }
}
