import ArgumentParser
import Descent

/// `descent generate MODEL`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Generate a text, or a tune, with a language model.",
        discussion: """
            The text is printed as it is generated. The same seed gives the same text.

            Examples:
              descent generate descent-models/shakespeare --prompt "ROMEO:" --length 500 --temperature 0.8
              descent generate descent-models/jigs --prompt G > tune.abc
              descent generate descent-models/jigs --key D --metre 6/8 --out tune.mid --out tune.svg
            """)

    @Argument(help: "A language model's folder, or its model.safetensors.", completion: .directory)
    var model: String
    @Option(help: "Prompt: the beginning of the text; for tunes the first notes.")
    var prompt = ""
    @Option(help: "Maximum number of tokens.")
    var length = 500
    @Option(parsing: .unconditional, help: "Sampling temperature: below 1 sharpens the distribution, above 1 flattens it, 0 is greedy.")
    var temperature = 0.8
    @Option(help: "Key of a tune: G, Am, Ddor. Default: the model's choice.")
    var key: String?
    @Option(help: "Metre of a tune: 6/8, 4/4, C|. Default: the model's choice.")
    var metre: String?
    @Option(
        help: ArgumentHelp("Write to this file instead of the terminal. Of a tune .mid is sound, .svg the notes on a staff, .abc the notation. May be given several times.", valueName: "file"),
        completion: .file())
    var out: [String] = []
    @OptionGroup var drawing: SamplingArguments
    @OptionGroup var threading: ThreadArguments

    func validate() throws {
        if length < 0 { throw ValidationError("--length is \(length); it must be 0 or more.") }
    }

    func run() throws {
        try reportingErrors {
            threading.apply()
            StopRequest.watch()
            let sampling = try drawing.sampling(temperature: temperature)
            let model = try LanguageModel(path: model)
            let unknown = model.tokenizer.unit == .words ? model.tokenizer.unknownPieces(in: prompt) : []
            if !unknown.isEmpty { StandardStream.error.write("descent: \(unknownWords(unknown)); read as <unk>\n") }
            let heading = try TuneHeading(metre: metre, key: key)
            if !model.writesTunes {
                if key != nil || metre != nil { throw SettingsError("\(key != nil ? "--key" : "--metre") is for tunes, and this model writes text; leave it out") }
                if let path = out.first(where: { GeneratedTune.Format(path: $0) != nil }) { throw SettingsError("\(path) is for tunes, and this model writes text; give a file such as text.txt") }
            } else if let path = out.first(where: { GeneratedTune.Format(path: $0) == nil }) {
                throw SettingsError("\(path): a tune is written as .mid, .abc or .svg; give one of these endings")
            }
            if model.writesTunes, prompt.hasPrefix("M:"), key != nil || metre != nil {
                throw SettingsError("the prompt begins with a metre, so \(key != nil ? "--key" : "--metre") has nothing to say; leave one of them out")
            }
            let prints = out.isEmpty, title = "Tune \(drawing.seed)"
            // The heading's fields stand in one line for the model, and in lines of their own in ABC notation.
            var isHeading = model.writesTunes
            var last: Character = "\n"
            var written = ""
            try model.generate(prompt, heading: heading, length: length, sampling: sampling, seed: drawing.seed) { text in
                if model.writesTunes, prints, written.isEmpty { try StandardStream.output.put("X:1\nT:\(title)\n") }
                written += text
                var text = text
                if isHeading {
                    let end = text.firstIndex(of: "\n") ?? text.endIndex
                    isHeading = end == text.endIndex
                    text = String(text[..<end].map { $0 == " " ? "\n" : $0 }) + text[end...]
                }
                if prints { try StandardStream.output.put(text) }
                last = text.last ?? last
                return StopRequest.requested == nil
            }
            if last != "\n", prints { try StandardStream.output.put("\n") }
            if model.writesTunes {
                let tune = GeneratedTune(written, title: title)
                // Beside the tune itself, so that a file that it is sent to stays ABC notation.
                if prints { StandardStream.error.write("descent: \(tune.summary)\n") }
                if !prints, !tune.hasNotes { throw SettingsError("the model wrote no notes; try another --seed or a longer --length") }
                for path in out { if let format = GeneratedTune.Format(path: path) { try FileSystem.write(tune.bytes(format), to: path) } }
                if !prints { try StandardStream.output.put("\(title): \(tune.summary). Written to \(out.joined(separator: ", ")).\n") }
            } else {
                for path in out { try FileSystem.write(Array(written.utf8), to: path) }
                if let path = out.first { try StandardStream.output.put("Written to \(path).\n") }
            }
            if let signal = StopRequest.requested { throw ExitCode(128 + signal) }
        }
    }
}
