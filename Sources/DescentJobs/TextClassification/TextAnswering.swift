import DescentCore
import DescentData
import DescentFormats
import DescentTrain

/// A model that says which of several classes a text is of, whatever its network is.
public protocol TextAnswering: JobModel {
    /// The classes' names.
    var classes: [String] { get }
    /// How the texts stood in the files that it was trained on; `nil` where that is not known.
    var textLayout: TextLayout? { get }
    /// The answers for texts: each a class and the probabilities of all.
    func predict(_ texts: [String]) -> [Prediction]
}

extension TextAnswering {
    /// A text on each line, in a table's column, in JSON objects or in files. A known class before or after a text is not part of it.
    func classAnswers(_ request: PredictionRequest) throws -> AnswerList {
        let found = try UnlabelledTexts(try request.input.onlyPath(for: "a list of texts"), like: textLayout, classes: classes)
        let texts = found.texts.prefix(request.first)
        let columns = ClassColumns(classes, probabilities: request.probabilities, top: request.top)
        let answers = zip(texts, predict(texts.map(\.text))).map { place, answer -> Answer in
            var json = JSON.Object()
            json["line"] = .integer(Int64(place.line))
            json["text"] = .string(place.text)
            columns.add(answer.label, answer.probabilities, to: &json)
            return Answer(line: place.line, cells: request.brief ? [] : [place.text], values: columns.values(answer.probabilities), json: json)
        }
        return AnswerList(answers, columns: request.brief ? [] : [found.column], answerColumns: columns.names)
    }

    /// The texts of an input, whose classes must be the model's.
    func labelled(_ input: JobInput) throws -> LabelledTexts {
        let texts = try TextClassificationJob.texts(input, like: textLayout)
        if let other = texts.classes.first(where: { !classes.contains($0) }) {
            throw DataError(file: texts.file, "the class \(quoted(other)) is not one of the model's: \(classes.joined(separator: ", "))")
        }
        return texts
    }

    /// How good the answers to labelled texts are.
    func classEvaluation(_ input: JobInput) throws -> JobEvaluation {
        let texts = try labelled(input)
        let labels = texts.labels.map { classes.firstIndex(of: texts.classes[Int($0)])! }
        let answers = predict(texts.texts)
        let baseline = record.baseline.flatMap { classes.firstIndex(of: $0) } ?? labels[0]
        let evaluation = AnswerEvaluation(
            predicted: answers.map(\.label), probabilities: answers.map(\.probabilities), labels: labels, classes: classes, baseline: baseline)
        return JobEvaluation(
            heading: "\(Quantity(labels.count, "texts")) of \(texts.file), \(classes.count) classes.", lines: evaluation.lines, json: evaluation.toJSON(),
            fingerprint: texts.fingerprint
        ) { ClassifierReport(self, texts, labels: labels, rows: Array(labels.indices), baseline: baseline).part() }
    }

    /// The metrics of texts held out, with words for those that a person looks at first, and the confusion matrix.
    func heldOutMetrics(_ texts: LabelledTexts, split: Split, frequentClass: Int) -> (metrics: [Metric], confusion: [[Int]]) {
        let labels = split.test.map { Int(texts.labels[$0]) }
        let answers = predict(split.test.map { texts.texts[$0] })
        let predicted = answers.map(\.label)
        let evaluation = AnswerEvaluation(
            predicted: predicted, probabilities: answers.map(\.probabilities), labels: labels, classes: texts.classes, baseline: frequentClass)
        var metrics = Metric.headlines(of: evaluation.metrics, right: labels.indices.count { labels[$0] == predicted[$0] }, count: labels.count, baseline: texts.classes[frequentClass])
        let repeated = texts.repeated(in: split)
        let fresh = labels.indices.filter { !repeated[$0] }
        if fresh.count < labels.count, !fresh.isEmpty {
            let accuracy = Double(fresh.count { labels[$0] == predicted[$0] }) / Double(fresh.count)
            metrics.append(
                Metric(
                    "unseenAccuracy", accuracy,
                    words: "\(grouped(labels.count - fresh.count)) of the test texts are also among the training texts; accuracy on the other \(grouped(fresh.count)): \(fixed(accuracy, 4))"))
        }
        let count = texts.classes.count
        return (metrics, (0..<count).map { label in (0..<count).map { Int(evaluation.matrix![label: label, predicted: $0]) } })
    }
}

extension LabelledTexts {
    /// The most frequent class among some of the texts.
    func frequentClass(in rows: [Int]) -> Int {
        var frequencies = [Int](repeating: 0, count: classes.count)
        for row in rows { frequencies[Int(labels[row])] += 1 }
        return frequencies.indices.max { frequencies[$0] < frequencies[$1] }!
    }

    /// The classes in a line: "2 classes: ham, spam".
    var classWords: String { "\(classes.count) classes: " + classes.prefix(20).joined(separator: ", ") + (classes.count > 20 ? ", ..." : "") }

    /// A line about columns that are not looked at; none where there are none.
    var unusedWords: [String] {
        guard case .columns(let text, let label) = layout, !unused.isEmpty else { return [] }
        return [
            "Texts: the column \(text); classes: \(label). Not looked at: \(unused.prefix(10).joined(separator: ", "))\(unused.count > 10 ? ", ..." : "") (--target \(label) learns from these columns too)."
        ]
    }
}
