import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentPlot
import DescentTrain

// What a model does to some recordings: layer by layer, step by step in the first, and what its answers hang on.

extension RecordingModel {
    /// The recordings whose occlusion is drawn.
    private static let mapLimit = 6
    /// More steps of a recording are not shown one by one.
    private static let stepLimit = 200

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        // Answers are taken where there are any.
        let labelled = input.path == "-" ? nil : try? recordings(input, isLabelled: true)
        let given = try labelled ?? recordings(input, isLabelled: false), shown = Array(given.recordings.prefix(Swift.max(1, count)))
        let rows = Array(shown.indices), answers = predict(shown)
        // Without answers of the file's own, gradients are of the model's answers.
        let known = (try? answer.matched(given)).map { answer.truth($0, rows: rows) }, truth = known ?? ownAnswers(answers)
        let batch = RecordingBatches(shown.map(scale.inputs), width: scale.inputCount, answers: truth, window: network.architecture.window, batchSize: rows.count, seed: nil)
        let tensors = batch.batch(0, ofEpoch: 1).tensors
        network.infer()
        let explanation = network.explain(running: { network(tensors[0], lengths: tensors[1]) }) { answer.loss($0, tensors[2]) }
        var facts = JSON.Object()
        facts["file"] = .string(given.file)
        facts["recordings"] = .integer(Int64(rows.count))
        facts["loss"] = .string(answer.isNumber ? "mean squared error" : "cross-entropy")
        let occlusion = RecordingOcclusion(model: self), maps = zip(shown, answers).prefix(Self.mapLimit).map { recording, answer in (recording, answer, occlusion.map(recording)) }
        facts["occlusion"] = .array(maps.map { recording, answer, map in json(recording, answer, map) })
        let what = shown.count == 1 ? shown[0].name : shown.count == given.count ? "The \(Quantity(shown.count, "recordings"))" : "The first \(Quantity(shown.count, "recordings"))"
        let loss = answer.isNumber ? "squared error" : "cross-entropy"
        let section = ReportSection("What mattered", maps.map { recording, answer, map in .picture(picture(recording, answer, map)) })
        let words = maps.prefix(1).flatMap { recording, answer, map in lines(recording, answer, map) }
        let sequence = sequence(of: shown[0], answers[0], truth: truth)
        facts["sequence"] = sequence.json()
        return JobExplanation(
            heading: "\(what) of \(given.file), through \(summary). Gradients are of the mean \(loss) of \(known == nil ? "the model's own answers" : "the true answers").",
            explanation: explanation, facts: facts, sections: [section] + sequence.sections(), lines: words + sequence.lines)
    }

    /// The model's answers as the truth of a batch.
    private func ownAnswers(_ answers: [[Prediction]]) -> RecordingBatches.Answers {
        switch answer {
        case .number(let mean, let deviation): .numbers(answers.map { Float(($0[0].number - mean) / deviation) })
        case .classes: .labels(answers.map { Int32($0[0].label) })
        case .stepClasses: .stepLabels(answers.map { $0.map { Int32($0.label) } })
        }
    }

    /// The recurrent layers over one recording.
    private func sequence(of recording: Recording, _ own: [Prediction], truth: RecordingBatches.Answers) -> SequenceExplanation {
        let steps = Swift.min(recording.steps, Self.stepLimit * network.architecture.window), width = scale.inputCount, window = network.architecture.window
        let values = Array(scale.inputs(recording).prefix(steps * width))
        let tensors = RecordingBatches.tensors([values], width: width, window: window)
        let first: Tensor
        switch truth {
        case .labels(let labels): first = Tensor(int32: [labels[0]])
        case .numbers(let numbers): first = Tensor([numbers[0]], shape: [1, 1])
        case .stepLabels(let labels):
            let own = Array(labels[0].prefix(steps)), time = tensors[0].shape[0]
            first = Tensor(int32: own + [Int32](repeating: -1, count: time - own.count), shape: [time, 1])
        }
        let explanation = network.explain(running: { network(tensors[0], lengths: tensors[1]) }) { answer.loss($0, first) }
        // Without the padding, so that what is read backward begins at the end.
        let read = network.recurrentInputs(tensors[0], lengths: tensors[1]).inputs, kept = (steps + window - 1) / window
        var x = read.slice(axis: 0, 0..<kept), groups: [[SequenceLayer]] = []
        for (number, there) in network.forward.enumerated() {
            let ahead = there.inspected(x, path: "forward.\(number)")
            guard network.architecture.direction == .both else {
                groups.append([ahead.layer])
                x = ahead.outputs
                continue
            }
            let behind = network.backward[number].inspected(x, path: "backward.\(number)")
            groups.append([ahead.layer, behind.layer])
            x = .concatenate([ahead.outputs, behind.outputs], axis: -1)
        }
        let part = SequencePart(
            tokens: (0..<kept).map { window == 1 ? "\($0 + 1)" : "\($0 * window + 1)–\(Swift.min(steps, ($0 + 1) * window))" }, groups: groups,
            readout: .allSteps(words(own)), gradientsOf: explanation)
        return SequenceExplanation(
            [part], loss: "L is the loss of \(recording.name), and h_t the state after step t. Its convolutions read the neighbouring steps before the recurrent layers do.")
    }

    /// An answer in words.
    private func words(_ answers: [Prediction]) -> String {
        if answer.isNumber { return Metric.text(answers[0].number) }
        if answer.isOfSteps { return "a class for every step" }
        return "\(classes[answers[0].label]), \(fixed(Double(answers[0].probabilities[answers[0].label]), 2))"
    }

    // MARK: - What mattered

    private func picture(_ recording: Recording, _ own: [Prediction], _ map: RecordingOcclusion.Map) -> StepHeatMaps {
        let occlusion = RecordingOcclusion(model: self)
        return StepHeatMaps(
            "\(recording.name): \(words(own))", steps: map.parts.map { $0.count == 1 ? "\($0.lowerBound + 1)" : "\($0.lowerBound + 1)–\($0.upperBound)" },
            panels: [
                .init("all channels", rows: ["all"], values: [map.times], scale: .signed),
                .init("each channel", rows: map.shown.map { channels[$0] }, values: map.effects, scale: .signed),
            ], note: "The \(occlusion.quantity) where the measurements of these steps are replaced by their channel's mean. Channels that matter most over the whole time stand first.")
    }

    private func lines(_ recording: Recording, _ own: [Prediction], _ map: RecordingOcclusion.Map) -> [String] {
        let quantity = RecordingOcclusion(model: self).quantity
        let times = map.times.indices.sorted { (map.times[$1], $0) < (map.times[$0], $1) }.prefix(3)
        return [
            "\(recording.name): \(words(own)). What mattered (\(quantity), when blanked):",
            "  channels: \(map.shown.prefix(5).map { "\(listed(channels[$0])) \(fixed(map.channels[$0], 3))" }.joined(separator: ", "))",
            "  steps: \(times.map { "\(map.parts[$0].lowerBound + 1)–\(map.parts[$0].upperBound) \(fixed(map.times[$0], 3))" }.joined(separator: ", "))", "",
        ]
    }

    private func json(_ recording: Recording, _ own: [Prediction], _ map: RecordingOcclusion.Map) -> JSON {
        func numbers(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
        var object = JSON.Object(), ofChannels = JSON.Object()
        for (name, effect) in zip(channels, map.channels) { ofChannels[name] = .number(effect) }
        object["recording"] = .string(recording.name)
        object["answer"] = .string(words(own))
        object["channels"] = .object(ofChannels)
        object["steps"] = .array(map.parts.map { .array([.integer(Int64($0.lowerBound + 1)), .integer(Int64($0.upperBound))]) })
        object["times"] = numbers(map.times)
        var grid = JSON.Object()
        for (channel, effects) in zip(map.shown, map.effects) { grid[channels[channel]] = numbers(effects) }
        object["grid"] = .object(grid)
        return .object(object)
    }
}
