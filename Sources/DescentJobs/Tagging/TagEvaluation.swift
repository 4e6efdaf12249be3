import DescentCore
import DescentData
import DescentFormats
import DescentTrain

/// How well a model tags sentences whose tags are known.
struct TagEvaluation {
    /// A sentence, its tags, and what the model made of it.
    struct Example {
        let sentence: TaggedSentences.Sentence
        let answer: Tagger.Answer

        /// The places of the words with a wrong tag.
        var wrong: [Int] { answer.tags.indices.filter { answer.tags[$0] != sentence.tags[$0] } }

        /// The sentence with what is wrong in braces: "He lives in Bergen {B-LOC, not O}".
        var marked: String {
            let words = sentence.words.indices.map { place in
                let (truth, answer) = (sentence.tags[place], answer.tags[place])
                return sentence.words[place] + (truth == answer ? "" : " {\(truth), not \(answer)}")
            }
            return words.joined(separator: " ")
        }
    }

    let examples: [Example]
    /// By words: accuracy, each tag, confusions.
    let words: AnswerEvaluation
    /// By spans; `nil` for tags that mark none.
    let spans: SpanScores?
    /// The words that the training had not seen, and how many of them are right.
    let unseen: (count: Int, right: Int)

    init(_ model: Tagger, _ sentences: [TaggedSentences.Sentence]) {
        let answers = model.predict(sentences.map(\.words))
        examples = zip(sentences, answers).map { Example(sentence: $0, answer: $1) }
        // Tags that the model does not know have no probability, and are never right.
        let others = Set(sentences.flatMap(\.tags)).subtracting(model.tags).sorted(), classes = model.tags + others
        let numbers = Dictionary(uniqueKeysWithValues: zip(classes, 0...)), none = [Float](repeating: 0, count: others.count)
        words = AnswerEvaluation(
            predicted: answers.flatMap(\.numbers), probabilities: answers.flatMap { $0.probabilities.map { $0 + none } },
            labels: sentences.flatMap { $0.tags.map { numbers[$0]! } }, classes: classes, baseline: model.record.baseline.flatMap { numbers[$0] } ?? 0)
        spans =
            model.scheme == .plain
            ? nil : SpanScores(predicted: answers.map(\.spans), truth: sentences.map { model.scheme.spans($0.tags) })
        var unseen = (count: 0, right: 0)
        for example in examples {
            for (place, word) in example.sentence.words.enumerated() where !model.features.knows(word) {
                unseen.count += 1
                if example.sentence.tags[place] == example.answer.tags[place] { unseen.right += 1 }
            }
        }
        self.unseen = unseen
    }

    /// The metrics, those with words first for people.
    var metrics: [Metric] {
        let right = examples.reduce(0) { $0 + $1.sentence.words.count - $1.wrong.count }, whole = examples.count { $0.wrong.isEmpty }
        let accuracy = words["accuracy"] ?? 0
        var metrics = [Metric("accuracy", accuracy, words: "accuracy by word \(fixed(accuracy, 4)) (\(grouped(right)) of \(grouped(words.rows)) right)")]
        if let spans {
            metrics += [
                Metric("precision", spans.micro.precision), Metric("recall", spans.micro.recall),
                Metric(
                    "f1", spans.micro.f1,
                    words: "F1 of whole spans \(fixed(spans.micro.f1, 4)) (precision \(fixed(spans.micro.precision, 4)), recall \(fixed(spans.micro.recall, 4)))"),
                Metric("f1Macro", spans.f1Macro), Metric("f1Weighted", spans.f1Weighted),
            ]
        }
        if unseen.count > 0 {
            let share = Double(unseen.right) / Double(unseen.count)
            metrics.append(Metric("unseenAccuracy", share, words: "accuracy of the \(grouped(unseen.count)) words that the training had not seen \(fixed(share, 4))"))
        }
        let sentences = Double(whole) / Double(Swift.max(examples.count, 1))
        metrics.append(Metric("sentenceAccuracy", sentences, words: "\(fixed(sentences * 100, 1)) % of the sentences without a mistake"))
        for metric in words.metrics where !metrics.contains(where: { $0.name == metric.name }) {
            let isShown = metric.name == "baselineAccuracy"
            metrics.append(Metric(metric.name, metric.value, words: isShown ? "baseline: always the most frequent tag: \(fixed(metric.value, 4))" : nil))
        }
        return metrics
    }

    /// The sentences with the most wrong words; of as many, those with the largest share.
    func worst(_ count: Int) -> [Example] {
        let wrong = examples.indices.map { examples[$0].wrong.count }
        let order = examples.indices.filter { wrong[$0] > 0 }.sorted {
            (wrong[$1], examples[$0].sentence.words.count, $0) < (wrong[$0], examples[$1].sentence.words.count, $1)
        }
        return order.prefix(count).map { examples[$0] }
    }

    /// The spans' types: name, precision, recall, F1, number.
    var typeRows: [[String]] {
        guard let spans else { return [] }
        let all = spans.types + [("all spans", spans.micro)]
        return all.map { [$0.name, fixed($0.score.precision, 3), fixed($0.score.recall, 3), fixed($0.score.f1, 3), grouped($0.score.support)] }
    }

    /// The headings of `typeRows`.
    static let typeColumns = ["type", "precision", "recall", "F1", "spans"]
    /// The sentences that a terminal shows.
    private static let shown = 5

    /// In words: metrics, types, tags, the worst sentences.
    var lines: [String] {
        var lines = metrics.compactMap { $0.words.map { "  " + $0 } }
        if spans != nil { lines += [""] + AnswerEvaluation.table([Self.typeColumns] + typeRows) }
        lines += ["", "By word:"] + words.lines
        let worst = worst(Self.shown)
        if !worst.isEmpty {
            lines += ["", "The worst sentences (the right tag, not the predicted one):"]
            lines += worst.map { "  line \($0.sentence.line), \($0.wrong.count) of \($0.sentence.words.count) words wrong: \($0.marked)" }
        }
        return lines
    }

    var json: JSON {
        var object = JSON.Object()
        object["sentences"] = .integer(Int64(examples.count))
        object["words"] = .integer(Int64(words.rows))
        object["metrics"] = metrics.json
        if let spans {
            object["types"] = .array(
                spans.types.map { name, score in
                    [
                        "name": .string(name), "precision": .number(score.precision), "recall": .number(score.recall), "f1": .number(score.f1),
                        "spans": .integer(Int64(score.support)), "predicted": .integer(Int64(score.predicted)), "correct": .integer(Int64(score.correct)),
                    ]
                })
        }
        if case .object(let byWord) = words.toJSON() {
            for (name, value) in byWord.members where name != "rows" && name != "metrics" { object[name == "classes" ? "tags" : name] = value }
        }
        object["worst"] = .array(
            worst(Self.shown).map {
                ["line": .integer(Int64($0.sentence.line)), "words": JSON($0.sentence.words), "tags": JSON($0.sentence.tags), "predicted": JSON($0.answer.tags)]
            })
        return .object(object)
    }
}

extension Tagger {
    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        let texts = try tagged(input)
        let evaluation = TagEvaluation(self, texts.sentences)
        let unknown = texts.tags.filter { !tags.contains($0) }
        let note = unknown.isEmpty ? "" : " The model does not know \(unknown.count == 1 ? "the tag" : "the tags") \(unknown.joined(separator: ", ")), which it can't get right."
        return JobEvaluation(
            heading: "\(Quantity(texts.sentences.count, "sentences")) of \(texts.file), \(Quantity(evaluation.words.rows, "words")).\(note)", lines: evaluation.lines,
            json: evaluation.json, fingerprint: texts.fingerprint
        ) { TagReport(self, evaluation).part() }
    }

    /// The sentences of an input with their tags, which are where they were in training.
    func tagged(_ input: JobInput) throws -> TaggedSentences {
        let settings = record.settings
        return try TaggedSentences(paths: input.paths, word: settings.wordColumn, tag: settings.tagColumn, like: columns)
    }
}
