import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentTrain

extension RecallModel {
    /// The sequences of an input: lines of a file, or those that the task draws.
    private func sequences(_ input: JobInput, first: Int) throws -> [(line: Int, tokens: [Int32])] {
        if RecallJob.isBuiltIn(input) {
            var random = RecallTask.random(seed: record.settings.seed, purpose: 4)
            return (0..<Swift.min(first, Self.exampleCount)).map { number in
                (number + 1, task.draw(1, distance: record.settings.distance, &random).tokens.ints.map { Int32($0) })
            }
        }
        let path = try input.onlyPath(for: "a list of sequences")
        var found: [(Int, [Int32])] = []
        for (number, line) in try TextFile.read(path).split(separator: "\n", omittingEmptySubsequences: false).enumerated() where found.count < first {
            if line.allSatisfy(\.isWhitespace) { continue }
            do { found.append((number + 1, try task.tokens(String(line)))) } catch { throw DataError(file: path, line: number + 1, error.description) }
        }
        if found.isEmpty, first > 0 { throw DataError(file: path, "the file has no sequences: lines such as \(task.subjects[0]) walks slowly ?") }
        return found
    }

    /// The sequences that `predict MODEL recall` draws if no number is asked for.
    private static let exampleCount = 20

    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        let columns = ClassColumns(task.subjects, probabilities: request.probabilities, top: request.top)
        let answers = try sequences(request.input, first: request.first).map { line, tokens -> Answer in
            let row = probabilities(Tensor(int32: tokens, shape: [tokens.count, 1]))[0], label = row.indices.max { row[$0] < row[$1] }!
            let text = task.words(tokens).joined(separator: " ")
            var json = JSON.Object()
            json["line"] = .integer(Int64(line))
            json["text"] = .string(text)
            columns.add(label, row, to: &json)
            return Answer(line: line, cells: request.brief ? [] : [text], values: columns.values(row), json: json)
        }
        return AnswerList(answers, columns: request.brief ? [] : ["text"], answerColumns: columns.names)
    }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        if RecallJob.isBuiltIn(input) {
            let curve = accuracies(seed: record.settings.seed, purpose: 5), metrics = Self.metrics(curve, task: task, distance: record.settings.distance)
            return JobEvaluation(
                heading: "\(grouped(RecallTraining.testCount)) new sequences at each of \(curve.count) distances.",
                lines: metrics.compactMap { $0.words.map { "  " + $0 } } + ["", "Accuracy by distance:"] + Self.lines(curve, trainedAt: record.settings.distance),
                json: ["metrics": metrics.json])
        }
        let all = try sequences(input, first: .max)
        var right = 0
        for (line, tokens) in all {
            guard Int(tokens[0]) < task.subjects.count else { throw DataError(file: input.path, line: line, "the sequence does not begin with a subject, so its answer is not known") }
            let row = probabilities(Tensor(int32: tokens, shape: [tokens.count, 1]))[0]
            if row.indices.max(by: { row[$0] < row[$1] }) == Int(tokens[0]) { right += 1 }
        }
        let accuracy = Double(right) / Double(all.count)
        return JobEvaluation(
            heading: "\(Quantity(all.count, "sequences")) of \(input.names).", lines: ["  accuracy \(fixed(accuracy, 3)) (chance: \(fixed(task.chance, 3)))"],
            json: ["sequences": .integer(Int64(all.count)), "metrics": [Metric("accuracy", accuracy), Metric("chance", task.chance)].json])
    }

    public var readsTexts: Bool { true }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation { explanation(of: try sequences(input, first: 1)[0].tokens) }

    public func explanation(ofText text: String) throws -> JobExplanation {
        // The job's own name means a sequence that it draws.
        text == RecallJob.name ? try explanation(JobInput([text]), count: 1) : explanation(of: try task.tokens(text))
    }

    private func explanation(of tokens: [Int32]) -> JobExplanation {
        let tokens = Array(tokens.prefix(SequenceExplanation.tokenLimit)), inputs = Tensor(int32: tokens, shape: [tokens.count, 1])
        let row = probabilities(inputs)[0], answer = row.indices.max { row[$0] < row[$1] }!
        let target = Int(tokens[0]) < task.subjects.count ? Int(tokens[0]) : answer
        let explanation = network.explain(running: { network(inputs) }) { softmaxCrossEntropy($0, Tensor(int32: [Int32(target)])) }
        let part = SequencePart(
            tokens: task.words(tokens), groups: network.inspected(inputs).map { [$0] }, readout: .lastStep("\(task.subjects[answer]), \(fixed(Double(row[answer]), 2))"),
            gradientsOf: explanation)
        var facts = JSON.Object()
        facts["text"] = .string(task.words(tokens).joined(separator: " "))
        facts["prediction"] = .string(task.subjects[answer])
        facts["probability"] = JSON(row[answer])
        facts["loss"] = "cross-entropy"
        return JobExplanation(
            heading:
                "A sequence of \(tokens.count) words, through \(summary): \(task.subjects[answer]), probability \(fixed(Double(row[answer]), 3)). Gradients are of the cross-entropy of \(task.subjects[target]).",
            explanation: explanation, facts: facts,
            sequence: SequenceExplanation([part], loss: "L is the loss of the subject, -log p(\(task.subjects[target])), and h_t the state after step t."))
    }
}
