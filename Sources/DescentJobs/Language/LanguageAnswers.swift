import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentTrain

extension LanguageModel {
    /// The metrics of a text.
    ///
    /// - Parameters:
    ///   - loss: The sum of -log p of the tokens.
    ///   - scalars: The number of characters.
    ///   - unigramLoss: The loss by token frequencies alone; `nil` where these are not known.
    static func metrics(loss: Double, tokens: [Int32], scalars: Int, unit: TokenUnit, unigramLoss: Double?) -> [Metric] {
        let perToken = loss / Double(tokens.count)
        let perCharacter = loss / Double(scalars)
        var metrics = [Metric("natsPerCharacter", perCharacter, words: "\(fixed(perCharacter, 4)) nats per character (\(fixed(perCharacter / logarithm(2), 3)) bits)")]
        if unit != .characters { metrics.append(Metric("natsPerToken", perToken, words: "\(fixed(perToken, 4)) nats per token, \(grouped(tokens.count)) tokens")) }
        metrics.append(Metric("perplexity", exponential(perToken), words: "perplexity \(fixed(exponential(perToken), 2))"))
        let unknown = tokens.count { $0 == Vocabulary.unknown }
        if unknown > 0 {
            let share = Double(unknown) / Double(tokens.count)
            metrics.append(Metric("unknownShare", share, words: "\(fixed(share * 100, 2)) % of the tokens are not in the vocabulary (<unk>)"))
        }
        if let unigramLoss {
            let unigram = unigramLoss / Double(scalars)
            metrics.append(Metric("unigramNatsPerCharacter", unigram, words: "unigram baseline: \(fixed(unigram, 4)) nats per character"))
        }
        return metrics
    }

    /// An input's tokens and its number of characters.
    private func tokens(_ input: JobInput) throws -> (tokens: [Int32], scalars: Int) {
        if writesTunes {
            let tunes = try TuneCollection(paths: input.paths).tunes
            return (tunes.flatMap { [Vocabulary.beginning] + tokenizer.encode($0) + [Vocabulary.end] }, tunes.reduce(0) { $0 + $1.unicodeScalars.count + 1 })
        }
        let text = try input.paths.map { try TextFile.read($0) }.joined()
        if text.isEmpty { throw DataError(file: input.names, "the file is empty") }
        return (tokenizer.encode(text), text.unicodeScalars.count)
    }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        let (tokens, scalars) = try tokens(input)
        let metrics = Self.metrics(loss: LanguageEvaluation(network, tokens: tokens).loss(), tokens: tokens, scalars: scalars, unit: tokenizer.unit, unigramLoss: nil)
        let quantity = Quantity(tokens.count, tokenizer.unit.plural)
        let json: JSON = ["tokens": .integer(Int64(tokens.count)), "metrics": metrics.json]
        return JobEvaluation(heading: "\(quantity) of \(input.names).", lines: metrics.compactMap { $0.words.map { "  " + $0 } }, json: json) {
            try LanguageReport(self, test: tokens).part(of: quantity, metrics: metrics)
        }
    }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        let tokens = Array(try tokens(input).tokens.prefix(count + 1))
        if tokens.count < 2 { throw DataError(file: input.names, "the text has less than two tokens, so there is nothing to predict") }
        let length = tokens.count - 1
        let inputs = Tensor(int32: Array(tokens[..<length]), shape: [length, 1]), targets = Tensor(int32: Array(tokens[1...]), shape: [length, 1])
        network.infer()
        let explanation = network.explain(running: { network(inputs, from: network.initialState(batch: 1)).logits }) { softmaxCrossEntropy($0, targets) }
        var facts = JSON.Object()
        facts["file"] = .string(input.names)
        facts["tokens"] = .integer(Int64(length))
        facts["loss"] = "cross-entropy"
        return JobExplanation(
            heading: "The first \(Quantity(length, tokenizer.unit.plural)) of \(input.names), through \(summary). Gradients are of the mean cross-entropy of the next token.",
            explanation: explanation, facts: facts, sequence: sequence(tokens), sections: pictures(tokens))
    }
}
