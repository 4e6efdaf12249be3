import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentPlot
import DescentTrain

// One sentence step by step: what the encoder and the decoder do, and where the decoder looked.

extension Translator {
    public var readsTexts: Bool { true }

    /// Translates a sentence, and shows the network reading it and writing the best translation.
    public func explanation(ofText text: String) throws -> JobExplanation {
        let translation = translate([text])[0]
        guard let best = translation.alternatives.first else { throw SettingsError("the text is empty; give a sentence") }
        let source = tokenizers.sourceTokens(text.normalizedC), target = translation.tokens
        let batch = TranslationBatches.tensors([TokenPair(source: source, target: target)], padded: false)
        network.infer()
        let explanation = network.explain(running: { network(batch[0], lengths: batch[1], target: batch[2]) }) { softmaxCrossEntropy($0, batch[3]) }
        var facts = JSON.Object()
        facts["text"] = .string(text)
        facts["translation"] = .string(best.text)
        facts["logProbability"] = .number(best.logProbability)
        facts["loss"] = "cross-entropy"
        let heading =
            "\(quoted(text)) is translated as \(quoted(best.text)) (log-probability \(fixed(best.logProbability, 3))), through \(summary). Gradients are of the mean cross-entropy of that translation's tokens."
        let pictures = translation.attentionChart.map { [ReportSection("Where the decoder looked", [.picture($0)])] } ?? []
        let parts = sequenceParts(batch, translation, explanation)
        let sequence = parts.isEmpty ? nil : SequenceExplanation(parts, loss: "L is the mean loss of the translation's tokens, and h_t the state after step t.")
        return JobExplanation(heading: heading, explanation: explanation, facts: facts, sequence: sequence, sections: pictures)
    }

    private func sequenceParts(_ batch: [Tensor], _ translation: Translation, _ explanation: ModelExplanation) -> [SequencePart] {
        func parts<Cell: InspectableCell>(_ network: EncoderDecoder<Cell>) -> [SequencePart] {
            var x = network.source(batch[0].transposed()), groups: [[SequenceLayer]] = []
            for (number, directions) in network.encoder.enumerated() {
                let found = directions.enumerated().map { direction, layer in
                    SequenceLayer.reading(x, cell: layer.cell, isReversed: layer.isReversed, path: "encoder.\(number).\(direction)")
                }
                groups.append(found.map(\.layer))
                x = found.count == 1 ? found[0].outputs : .concatenate(found.map(\.outputs), axis: -1)
            }
            let reading = SequencePart("encoder", tokens: translation.sourcePieces, groups: groups, gradientsOf: explanation)
            let state = network.encode(batch[0], lengths: batch[1]).state
            var y = network.decoderInputs(batch[0], lengths: batch[1], target: batch[2]), layers: [[SequenceLayer]] = []
            for (number, cell) in network.decoder.enumerated() {
                let template = cell.initialState(batch: 1, dtype: y.dtype), count = template.tensors.count
                let start = template.rebuilt(from: TensorReader(Array(state[number * count..<(number + 1) * count])))
                let found = SequenceLayer.reading(y, cell: cell, from: start, path: "decoder.\(number)")
                layers.append([found.layer])
                y = found.outputs
            }
            let read = [Vocabulary.specials[Int(Vocabulary.beginning)]] + translation.targetPieces.prefix(batch[2].shape[1] - 1)
            return [reading, SequencePart("decoder", tokens: read, groups: layers, readout: .eachStep(translation.targetPieces, notes: []))]
        }
        return switch network {
        case .rnn(let network): parts(network)
        case .lstm(let network): parts(network)
        case .gru(let network): parts(network)
        case .transformer: []
        }
    }
}
