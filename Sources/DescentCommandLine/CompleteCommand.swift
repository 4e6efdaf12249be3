import ArgumentParser
import Descent

/// `descent complete MODEL TEXT`.
struct CompleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Predict the next word, with probabilities.",
        discussion: """
            The model is a language model. The last word of the text is taken to be complete.

            Example:
              descent complete descent-models/shakespeare "I went for a"
            """)

    @Argument(help: "A language model's folder, or its model.safetensors.", completion: .directory)
    var model: String
    @Argument(help: "The text so far; empty for the first word.")
    var text: String
    @Option(help: ArgumentHelp("Number of words.", valueName: "count"))
    var top = 10
    @Flag(help: "Print a line of JSON for each word.")
    var json = false
    @OptionGroup var threading: ThreadArguments

    func validate() throws {
        if top < 1 { throw ValidationError("--top is \(top); it must be 1 or more.") }
    }

    func run() throws {
        try reportingErrors {
            threading.apply()
            let model = try LanguageModel(path: model)
            let unknown = model.tokenizer.unit == .words ? model.tokenizer.unknownPieces(in: text) : []
            if !unknown.isEmpty { StandardStream.error.write("descent: \(unknownWords(unknown)); read as <unk>\n") }
            let words = try model.nextWords(after: text, count: top)
            let width = words.map(\.word.count).max() ?? 0
            for candidate in words {
                if json {
                    try StandardStream.output.print((["word": .string(candidate.word), "probability": .number(candidate.probability)] as JSON).text())
                } else {
                    let padding = String(repeating: " ", count: width + 2 - candidate.word.count)
                    try StandardStream.output.print(candidate.word + padding + fixed(candidate.probability, 4))
                }
            }
        }
    }
}
