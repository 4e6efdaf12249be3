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
            """)

    @Argument(help: "A language model's folder, or its model.safetensors.", completion: .directory)
    var model: String
    @Option(help: "Prompt: the beginning of the text; for tunes the first notes.")
    var prompt = ""
    @Option(help: "Maximum number of tokens.")
    var length = 500
    @Option(parsing: .unconditional, help: "Sampling temperature: below 1 sharpens the distribution, above 1 flattens it, 0 is greedy.")
    var temperature = 0.8
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
            if model.writesTunes { try StandardStream.output.put("X:1\nT:Tune \(drawing.seed)\n") }
            // The heading's fields stand in one line for the model, and in lines of their own in ABC notation.
            var isHeading = model.writesTunes
            var last: Character = "\n"
            try model.generate(prompt, length: length, sampling: sampling, seed: drawing.seed) { text in
                var text = text
                if isHeading {
                    let end = text.firstIndex(of: "\n") ?? text.endIndex
                    isHeading = end == text.endIndex
                    text = String(text[..<end].map { $0 == " " ? "\n" : $0 }) + text[end...]
                }
                try StandardStream.output.put(text)
                last = text.last ?? last
                return StopRequest.requested == nil
            }
            if last != "\n" { try StandardStream.output.put("\n") }
            if let signal = StopRequest.requested { throw ExitCode(128 + signal) }
        }
    }
}
