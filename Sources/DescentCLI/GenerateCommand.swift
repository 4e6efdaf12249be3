import ArgumentParser
import Descent

/// `descent generate MODEL`.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Writes a text, or a tune, with a model that learned from one.",
        discussion: """
            The text comes as it is written. The same seed gives the same text.

            Examples:
              descent generate descent-models/shakespeare --prompt "ROMEO:" --length 500 --temperature 0.8
              descent generate descent-models/jigs --prompt G > tune.abc
            """)

    @Argument(help: "A model's folder, or its model.safetensors.")
    var model: String
    @Option(help: "The text to go on with; of a tune its first notes. Without, it begins anew.")
    var prompt = ""
    @Option(help: "How many characters (or words, or pieces) are written at most.")
    var length = 500
    @Option(parsing: .unconditional, help: "Below 1 the probable becomes more so, above 1 less; 0 always takes the most probable.")
    var temperature = 0.8
    @Option(name: .customLong("top-k"), help: ArgumentHelp("Choose only among so many of the most probable.", valueName: "count"))
    var topK: Int?
    @Option(name: .customLong("top-p"), help: ArgumentHelp("Choose only among the most probable that have this probability together.", valueName: "probability"))
    var topP: Double?
    @Option(help: "What is drawn from.")
    var seed = 1
    @OptionGroup var threading: ThreadArguments

    func validate() throws {
        if length < 0 { throw ValidationError("--length is \(length); it must be 0 or more.") }
    }

    func run() throws {
        try reportingErrors {
            threading.apply()
            StopRequest.watch()
            let sampling = try Sampling(temperature: temperature, topK: topK, topP: topP)
            let model = try LanguageModel(path: model)
            let unknown = model.tokenizer.unit == .words ? model.tokenizer.unknownPieces(in: prompt) : []
            if !unknown.isEmpty { StandardStream.error.write("descent: \(unknownNote(unknown))\n") }
            if model.writesTunes { try StandardStream.output.put("X:1\nT:Tune \(seed)\n") }
            // The heading's fields stand in one line for the model, and in lines of their own in ABC notation.
            var isHeading = model.writesTunes
            var last: Character = "\n"
            try model.generate(prompt, length: length, sampling: sampling, seed: seed) { text in
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

/// That words of a prompt are not known to a model.
func unknownNote(_ words: [String]) -> String {
    let shown = words.prefix(5).map { "\"\($0)\"" }.joined(separator: ", ") + (words.count > 5 ? " and \(words.count - 5) more" : "")
    return "the model does not know \(shown), and takes \(words.count == 1 ? "it" : "them") for any rare word"
}
