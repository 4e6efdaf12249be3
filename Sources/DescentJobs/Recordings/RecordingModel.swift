import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A model that answers from recordings: a class or a number for each, or a class for every step.
public struct RecordingModel: JobModel {
    /// How it was made.
    public let record: ModelRecord<RecordingSettings>
    package let network: RecordingNetwork
    package let scale: RecordingScale
    package let answer: RecordingAnswer
    private let measured: CompiledFunction<Tensor, Tensor, Tensor>

    package init(network: RecordingNetwork, scale: RecordingScale, answer: RecordingAnswer, record: ModelRecord<RecordingSettings>) {
        (self.network, self.scale, self.answer, self.record) = (network, scale, answer, record)
        measured = compile { (x: Tensor, lengths: Tensor) in
            let outputs = network(x, lengths: lengths)
            return answer.isNumber ? outputs : softmax(outputs)
        }
    }

    /// The classes' names; empty where the answer is a number.
    public var classes: [String] { answer.classes }
    /// The channels' names.
    public var channels: [String] { scale.channels }

    /// Recordings computed at once.
    static let chunk = 128

    /// The answers to recordings of the model's channels: one for each, or of a model of steps one for each step.
    public func predict(_ recordings: [Recording]) -> [[Prediction]] { predict(inputs: recordings.map(scale.inputs)) }

    /// The answers to inputs that are scaled.
    func predict(inputs: [[Float]]) -> [[Prediction]] {
        network.infer()
        let width = scale.inputCount, outputs = answer.outputs
        // Those of like lengths together, so that little is padding.
        let order = inputs.indices.sorted { (inputs[$0].count, $0) < (inputs[$1].count, $1) }
        var answers = [[Prediction]](repeating: [], count: inputs.count)
        for first in stride(from: 0, to: order.count, by: Self.chunk) {
            let rows = order[first..<Swift.min(first + Self.chunk, order.count)]
            let tensors = RecordingBatches.tensors(rows.map { inputs[$0] }, width: width, window: network.architecture.window)
            let all = measured(tensors[0], tensors[1]).floats
            for (place, row) in rows.enumerated() {
                let steps = answer.isOfSteps ? inputs[row].count / width : 1
                answers[row] = (0..<steps).map { step in prediction(Array(all[(step * rows.count + place) * outputs..<(step * rows.count + place + 1) * outputs])) }
            }
        }
        return answers
    }

    private func prediction(_ outputs: [Float]) -> Prediction {
        if case .number(let mean, let deviation) = answer { return .value(Double(outputs[0]) * deviation + mean) }
        return .label(outputs.indices.max { outputs[$0] < outputs[$1] }!, probabilities: outputs)
    }

    /// How good the answers to some recordings are, whose truth is counted as the model counts it.
    ///
    /// - Parameter baseline: The class that is answered without a model; nil for the most frequent of these.
    func measured(on recordings: Recordings, rows: [Int], baseline: Int?) -> AnswerEvaluation {
        evaluation(of: predict(rows.map { recordings.recordings[$0] }), target: recordings.target, rows: rows, baseline: baseline)
    }

    /// The same of answers that are known.
    func evaluation(of answers: [[Prediction]], target: RecordingTarget, rows: [Int], baseline: Int?) -> AnswerEvaluation {
        let all = Array(answers.joined())
        switch (answer, target) {
        case (.number(let mean, _), .numbers(let truth)):
            return AnswerEvaluation(predicted: all.map(\.number), truth: rows.map { truth[$0] }, baseline: mean)
        case (_, .classes(_, let labels)): return classEvaluation(all, rows.map { Int(labels[$0]) }, baseline, rows, target)
        case (_, .stepClasses(_, let labels)): return classEvaluation(all, rows.flatMap { labels[$0].map { Int($0) } }, baseline, rows, target)
        default: stop("RecordingModel: the recordings' answers are of another kind than the model's.")
        }
    }

    private func classEvaluation(_ answers: [Prediction], _ labels: [Int], _ baseline: Int?, _ rows: [Int], _ target: RecordingTarget) -> AnswerEvaluation {
        AnswerEvaluation(
            predicted: answers.map(\.label), probabilities: answers.map(\.probabilities), labels: labels, classes: classes,
            baseline: baseline ?? answer.frequentClass(target, rows: rows) ?? 0)
    }

    public var job: String { RecordingsJob.name }
    public var module: any Module { network }
    public var summary: String { network.architecture.summary }

    public var parts: JSON.Object {
        var parts = JSON.Object()
        parts["architecture"] = .object(network.architecture.json)
        parts["scale"] = scale.json
        parts["answer"] = answer.json
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let sizes = try RecordingNetwork.Architecture(file.card["architecture"])
        let scale = try RecordingScale(file.card["scale"]), answer = try RecordingAnswer(file.card["answer"])
        if sizes.inputs != scale.inputCount || sizes.outputs != answer.outputs || sizes.answersSteps != answer.isOfSteps {
            throw file.card["architecture"].error("does not fit the model's channels and answers")
        }
        let network = try file.network(parameterCount: sizes.weightCount) { RecordingNetwork(sizes) }
        self.init(network: network, scale: scale, answer: answer, record: try file.record())
    }

    public var description: [String] {
        let what =
            switch answer {
            case .classes(let names): "Classifies recordings into \(names.count) classes: \(listed(names, limit: 20))."
            case .stepClasses(let names): "Tells the class of every step of a recording, of \(names.count): \(listed(names, limit: 20))."
            case .number: "Predicts a number from a recording."
            }
        return [what, "A recording has \(Quantity(channels.count, "channels"))\(scale.namesChannels ? ": \(listed(channels, limit: 20))" : "") and any number of steps."]
    }

    public var details: [String] { ConfusionLines.lines(record.confusion, classes: classes) }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        let test = input.flatMap { RecordingsJob.testFile(besides: $0.path) }
        let evaluate = test == nil && record.heldOut == nil ? ["evaluate \(shellQuoted(folder)) FILE"] : []
        return evaluate + ["predict \(shellQuoted(folder)) FILE", "explain \(shellQuoted(folder)) FILE"]
    }
}
