import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentPlot
import DescentTrain

// What each word's tag hangs on, and one sentence step by step.

extension Tagger {
    public var readsTexts: Bool { true }

    /// The most words whose tags are taken apart: each is hidden once.
    private static let wordLimit = 60
    /// The words named beside each on a terminal.
    private static let shownWords = 3
    /// Changes of a probability that are not worth a word.
    private static let smallChange = 0.02

    public func explanation(ofText text: String) throws -> JobExplanation {
        let words = Array(words(of: text).prefix(Self.wordLimit))
        if words.isEmpty { throw SettingsError("the text is empty; give a sentence") }
        return explanation(of: words, text: text)
    }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        let texts = try tagged(input)
        let sentences = Array(texts.sentences.prefix(count))
        let known = Dictionary(uniqueKeysWithValues: zip(tags, Int32(0)...))
        for sentence in sentences {
            if let tag = sentence.tags.first(where: { known[$0] == nil }) {
                throw DataError(file: texts.file, line: sentence.line, "the sentence has the tag \(quoted(tag)), which is not one of the model's: \(tags.joined(separator: ", "))")
            }
        }
        let batch = TaggingBatches(
            sentences.map { features.encode($0.words) }, tags: sentences.map { $0.tags.map { known[$0]! } }, batchSize: sentences.count, seed: nil
        ).batch(0, ofEpoch: 1).tensors
        network.infer()
        let explanation = network.explain(running: { network(Array(batch[..<4])) }) { emissions in
            network.field(emissions, labels: batch[4], lengths: batch[3]).sum() / batch[3].sum().cast(to: .float32)
        }
        var facts = JSON.Object()
        facts["file"] = .string(texts.file)
        facts["sentences"] = .integer(Int64(sentences.count))
        facts["loss"] = "negative log-likelihood per word"
        let first = influence(Array(sentences[0].words.prefix(Self.wordLimit)))
        return JobExplanation(
            heading: "The first \(Quantity(sentences.count, "sentences")) of \(texts.file), through \(summary). Gradients are of the mean negative log-likelihood of a word's tag.",
            explanation: explanation, facts: facts, sections: [first.section], lines: first.lines)
    }

    private func explanation(of words: [String], text: String) -> JobExplanation {
        let influence = influence(words), answer = influence.answer
        let inputs = TaggingBatches.tensors([features.encode(words)]), time = inputs[0].shape[0]
        let labels = Tensor(int32: answer.numbers.map { Int32($0) } + [Int32](repeating: 0, count: time - words.count), shape: [time, 1])
        network.infer()
        let explanation = network.explain(running: { network(inputs) }) { emissions in
            network.field(emissions, labels: labels, lengths: inputs[3]).sum() / inputs[3].sum().cast(to: .float32)
        }
        var x = network.vectors(inputs)[0..<words.count], groups: [[SequenceLayer]] = []
        for (number, (there, back)) in zip(network.forward, network.backward).enumerated() {
            let ahead = there.inspected(x, path: "forward.\(number)"), behind = back.inspected(x, path: "backward.\(number)")
            groups.append([ahead.layer, behind.layer])
            x = .concatenate([ahead.outputs, behind.outputs], axis: -1)
        }
        let part = SequencePart(tokens: words, groups: groups, readout: .eachStep(answer.tags, notes: answer.confidences.map { fixed(Double($0), 2) }))
        let sequence = SequenceExplanation(
            [part], loss: "The tags are those that fit together best: the field adds what it has learned of neighbouring tags to each step's scores.")
        var facts = JSON.Object()
        facts["text"] = .string(text)
        facts["words"] = JSON(words)
        facts["tags"] = JSON(answer.tags)
        facts["probabilities"] = .array(answer.confidences.map { JSON($0) })
        facts["influence"] = .array(influence.changes.map { .array($0.map(JSON.number)) })
        facts["loss"] = "negative log-likelihood per word"
        let made = JobExplanation(
            heading: "\(Quantity(words.count, "words")), through \(summary). Gradients are of the mean negative log-likelihood of the tags given.", explanation: explanation, facts: facts,
            sequence: sequence, sections: [influence.section])
        return JobExplanation(heading: made.heading, explanation: made.explanation, facts: made.facts, sections: made.sections, lines: influence.lines + [""] + made.lines)
    }

    /// What the tags of a sentence hang on: how far the probability of each word's tag falls where another word is hidden.
    private struct Influence {
        let answer: Answer
        /// Of each word, by hidden word.
        let changes: [[Double]]

        /// A line for each word.
        var lines: [String] {
            let rows = answer.words.indices.map { place -> [String] in
                let order = changes[place].indices.sorted { (changes[place][$1], $0) < (changes[place][$0], $1) }
                let seen = order.prefix(Tagger.shownWords).filter { changes[place][$0] >= Tagger.smallChange }.map { "\(answer.words[$0]) \(fixed(changes[place][$0], 2))" }
                return [answer.words[place], answer.tags[place], fixed(Double(answer.confidences[place]), 2), seen.isEmpty ? "no single word" : seen.joined(separator: ", ")]
            }
            return ["What each tag hangs on: the fall of its probability where a word is hidden."]
                + AnswerEvaluation.table([["word", "tag", "probability", "hangs on"]] + rows)
        }

        var section: ReportSection {
            let chart = Chart.matrix(
                changes, rows: zip(answer.words, answer.tags).map { "\($0) \($1)" }, columns: answer.words, title: "What each tag hangs on", x: Axis("the word that is hidden"),
                y: Axis("a word and its tag"), format: .decimals(2))
            return ReportSection(
                "What each word looked at",
                [.picture(chart), .text("How far the probability of a word's tag (rows) falls where a word (columns) is replaced by one of which nothing is known. Below 0 it rises.")])
        }
    }

    private func influence(_ words: [String]) -> Influence {
        let answer = predict([words])[0], encoded = features.encode(words)
        let hidden = words.indices.map { place in
            var sentence = encoded
            sentence.hide(place, features)
            return sentence
        }
        let others = predict(encoded: hidden)
        let changes = words.indices.map { place in
            words.indices.map { other in Double(answer.confidences[place] - others[other].probabilities[place][answer.numbers[place]]) }
        }
        return Influence(answer: answer, changes: changes)
    }
}
