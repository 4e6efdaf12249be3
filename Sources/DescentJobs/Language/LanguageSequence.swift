import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentPlot
import DescentTrain

// One text step by step: gates, surprises, the gradient back through time.

extension LanguageModel {
    public var readsTexts: Bool { true }

    public func explanation(ofText text: String) throws -> JobExplanation {
        let all = tokenizer.encode(text), tokens = Array(all.prefix(SequenceExplanation.tokenLimit))
        if tokens.isEmpty { throw SettingsError("the text is empty; give at least one \(tokenizer.unit == .characters ? "character" : "token")") }
        let length = tokens.count
        let inputs = Tensor(int32: [Vocabulary.beginning] + tokens.dropLast(), shape: [length, 1]), targets = Tensor(int32: tokens, shape: [length, 1])
        network.infer()
        let explanation = network.explain(running: { network(inputs, from: network.initialState(batch: 1)).logits }) { softmaxCrossEntropy($0, targets) }
        var facts = JSON.Object()
        facts["text"] = .string(text)
        facts["tokens"] = .integer(Int64(length))
        facts["loss"] = "cross-entropy"
        let unknown = tokens.count { $0 == Vocabulary.unknown }
        let notes = [
            length < all.count ? "Only the first \(grouped(length)) of \(grouped(all.count)) tokens are read." : nil,
            unknown > 0 ? "\(Quantity(unknown, tokenizer.unit.plural)) of them \(unknown == 1 ? "is" : "are") not in the vocabulary (<unk>)." : nil,
        ].compactMap { $0 }.map { " " + $0 }.joined()
        return JobExplanation(
            heading:
                "\(Quantity(length, tokenizer.unit.plural)) after the beginning of a text, through \(summary).\(notes) Mean surprise (-log p): \(fixed(explanation.loss, 2)) nats. Gradients of the layers are of the mean cross-entropy of the next token.",
            explanation: explanation, facts: facts, sequence: sequence(tokens), sections: pictures(tokens))
    }

    /// What comes first on a page: surprises, and where a transformer looked.
    func pictures(_ tokens: [Int32]) -> [ReportSection] { [surpriseSection(tokens)] + (attentionSection(tokens).map { [$0] } ?? []) }

    /// How improbable each token was.
    private func surpriseSection(_ tokens: [Int32]) -> ReportSection {
        let shown = TextSurprise(self, tokens: Array(tokens.prefix(SequenceExplanation.tokenLimit)))
        return ReportSection(
            "Surprise",
            [
                .text("The stronger the colour, the less probable the model held a token after those before it. Point at a token to see its probability and the most probable token."),
                .shaded(shown.whole(caption: "-log p of each token")),
            ])
    }

    /// More tokens of a transformer's attention are not drawn.
    private static let attentionLimit = 40

    /// Where each token looked, in each layer of a transformer; `nil` for a recurrent network.
    private func attentionSection(_ tokens: [Int32]) -> ReportSection? {
        guard case .transformer(let transformer) = network else { return nil }
        let steps = Array(([Vocabulary.beginning] + tokens).prefix(Self.attentionLimit)), labels = tokenizer.labels(of: steps)
        network.infer()
        let charts = transformer.attention(steps).enumerated().map { number, weights -> ReportBlock in
            let mean = weights.mean(axis: 0).floats, count = steps.count
            return .picture(
                Chart.matrix(
                    (0..<count).map { row in mean[row * count..<(row + 1) * count].map(Double.init) }, rows: labels, columns: labels,
                    title: "Layer \(number + 1): mean of \(transformer.architecture.heads) heads", x: Axis("looked at"), y: Axis("after reading"), format: .decimals(2)))
        }
        let cut = tokens.count >= steps.count ? " The first \(steps.count) of \(tokens.count + 1) steps are drawn." : ""
        return ReportSection("Where each token looked", [.text("A row is a token that was just read, and its colours say where it looked for the next.\(cut)")] + charts)
    }

    /// What recurrent layers do while they read tokens after the beginning of a text; the gradient is of the last token's loss.
    func sequence(_ tokens: [Int32]) -> SequenceExplanation? {
        guard case .recurrent(let recurrent) = network else { return nil }
        // Of tunes the beginning stands among the tokens.
        let tokens = Array(tokens.drop { $0 == Vocabulary.beginning }.prefix(SequenceExplanation.tokenLimit))
        let steps = [Vocabulary.beginning] + tokens
        network.infer()
        let (layers, outputs) = recurrent.layers.inspected(recurrent.vectors(Tensor(int32: steps, shape: [steps.count, 1])), path: "layers")
        let logits = recurrent.output(outputs).reshaped(steps.count, -1)
        let probabilities = softmax(logits), best = logits.argmax(axis: -1).ints.map { Int32($0) }, largest = probabilities.max(axis: -1).floats
        var surprises: [Double?] = [nil]
        if !tokens.isEmpty {
            let losses = softmaxCrossEntropy(logits[0..<tokens.count], Tensor(int32: tokens), reduction: .none)
            surprises += losses.floats.map { Double($0) }
        }
        // The last token is what is to be said: the steps before it are what can be learned from.
        let target = tokens.last.map { Tensor(int32: [$0]) }
        let inputs = Tensor(int32: Array(steps.dropLast()), shape: [Swift.max(tokens.count, 1), 1])
        let gradients = target.map { target in
            network.explain(running: { network(inputs, from: network.initialState(batch: 1)).logits }) { softmaxCrossEntropy($0[-1], target) }
        }
        let part = SequencePart(
            tokens: tokenizer.labels(of: steps), groups: layers.map { [$0] },
            readout: .eachStep(best.map { tokenizer.labels(of: [$0])[0] }, notes: largest.map { fixed(Double($0), 2) }), surprises: surprises, gradientsOf: gradients)
        let last = tokens.last.map { quoted(tokenizer.labels(of: [$0])[0]) } ?? "the last token"
        return SequenceExplanation([part], loss: "L is the loss of the last token, -log p(\(last)), and h_t the state after step t.")
    }
}
