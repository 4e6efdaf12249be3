import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentTrain

// One text step by step: gates in both directions, the class, the gradient back through time.

extension TextClassifier {
    public var readsTexts: Bool { true }

    public func explanation(ofText text: String) throws -> JobExplanation {
        let (sequence, explanation, answer, length) = sequence(ofText: text, label: nil)
        if length == 0 { throw SettingsError("the text is empty; give at least one \(tokenizer.unit == .characters ? "character" : "token")") }
        var facts = JSON.Object()
        facts["text"] = .string(text)
        facts["tokens"] = .integer(Int64(length))
        facts["prediction"] = .string(classes[answer.label])
        facts["probability"] = JSON(answer.probabilities[answer.label])
        facts["loss"] = "cross-entropy"
        let probability = fixed(Double(answer.probabilities[answer.label]), 3)
        return JobExplanation(
            heading:
                "\(Quantity(length, tokenizer.unit.plural)), through \(summary): \(quoted(classes[answer.label])), probability \(probability). Gradients are of the cross-entropy of that class.",
            explanation: explanation, facts: facts, sequence: sequence)
    }

    /// What the layers do while they read a text; the gradient is of a class's loss.
    ///
    /// - Parameter label: The class; `nil` for the most probable.
    func sequence(ofText text: String, label: Int?) -> (sequence: SequenceExplanation, explanation: ModelExplanation, answer: (label: Int, probabilities: [Float]), length: Int) {
        let all = Array(tokenizer.encode(text).prefix(SequenceExplanation.tokenLimit)), tokens = all.isEmpty ? [Vocabulary.unknown] : all
        let inputs = Tensor(int32: tokens, shape: [tokens.count, 1]), lengths = Tensor(int32: [Int32(tokens.count)])
        network.infer()
        let probabilities = softmax(network(inputs, lengths: lengths)).floats
        let answer = probabilities.indices.max { probabilities[$0] < probabilities[$1] }!, target = label ?? answer
        let explanation = network.explain(running: { network(inputs, lengths: lengths) }) { softmaxCrossEntropy($0, Tensor(int32: [Int32(target)])) }
        var x = network.embedding.map { $0(inputs) } ?? inputs.oneHot(network.architecture.tokens), groups: [[SequenceLayer]] = []
        for (number, (there, back)) in zip(network.forward, network.backward).enumerated() {
            let ahead = there.inspected(x, path: "forward.\(number)"), behind = back.inspected(x, path: "backward.\(number)")
            groups.append([ahead.layer, behind.layer])
            x = .concatenate([ahead.outputs, behind.outputs], axis: -1)
        }
        let part = SequencePart(
            tokens: tokenizer.labels(of: tokens), groups: groups, readout: .allSteps("\(classes[answer]), \(fixed(Double(probabilities[answer]), 2))"), gradientsOf: explanation)
        let sequence = SequenceExplanation(
            [part],
            loss:
                "L is the loss of the class \(quoted(classes[target])), and h_t the state after step t. The class is told from the last states and from the mean and the largest of each output over all steps, so each step has a short way to the loss."
        )
        return (sequence, explanation, (answer, probabilities), all.count)
    }
}
