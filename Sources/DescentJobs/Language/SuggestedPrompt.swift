import DescentData
import DescentFormats

extension LanguageModel {
    /// The most characters and words of a suggested prompt.
    private static let promptLength = 40, promptWords = 4

    /// A beginning that the model can go on with, for the command that is suggested after training: the first words of a line of its own text that it knows in
    /// full, or of its vocabulary where the text is not at hand.
    func suggestedPrompt(for input: JobInput?) -> String {
        // The standard input was read once, and is gone.
        let text = input.flatMap { $0.path == "-" ? nil : try? TextFile.read($0.path) } ?? ""
        for line in text.split(separator: "\n", maxSplits: 200).prefix(200) {
            let words = line.split(whereSeparator: \.isWhitespace).prefix(Self.promptWords)
            let prompt = String(words.joined(separator: " ").prefix(Self.promptLength))
            if !prompt.isEmpty, tokenizer.unknownPieces(in: prompt).isEmpty { return prompt }
        }
        let pieces = tokenizer.vocabulary.pieces.compactMap { String(validating: $0, as: UTF8.self) }
        return pieces.first { !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber } } ?? pieces.first { !$0.isEmpty } ?? ""
    }
}
