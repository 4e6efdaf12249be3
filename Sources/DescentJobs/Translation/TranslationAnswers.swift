import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentPlot
import DescentTrain

extension Translator {
    /// A sentence on each line.
    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        TranslationStream(self, try LineStream(path: try request.input.onlyPath(for: "a list of sentences")), first: request.first, brief: request.brief)
    }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        let texts = try TranslationJob.texts(input)
        let pairs = record.settings.reversed == true ? texts.pairs.map(\.reversed) : texts.pairs
        let evaluation = TranslationEvaluation(self, pairs)
        let (best, worst) = evaluation.extremes(Self.shownExamples)
        var lines = evaluation.metrics.compactMap { $0.words.map { "  " + $0 } }
        for (heading, examples) in [("The best translations:", best), ("The worst:", worst)] where !examples.isEmpty {
            lines += ["", heading] + examples.flatMap { ["  \($0.sentence)", "    \($0.answer)", "    known: \($0.references.joined(separator: " / "))"] }
        }
        var json = JSON.Object()
        json["sentences"] = .integer(Int64(evaluation.examples.count))
        json["pairs"] = .integer(Int64(evaluation.pairCount))
        for metric in evaluation.metrics { json[metric.name] = .number(metric.value) }
        json["precisions"] = .array(evaluation.bleu.precisions.map(JSON.number))
        json["brevityPenalty"] = .number(evaluation.bleu.brevityPenalty)
        return JobEvaluation(
            heading: "\(Quantity(evaluation.examples.count, "sentences")) of \(texts.file), with \(Quantity(evaluation.pairCount, "translations")).", lines: lines, json: .object(json),
            fingerprint: texts.fingerprint
        ) { TranslationReport(self, evaluation).part() }
    }

    /// The examples shown of the best and of the worst.
    private static let shownExamples = 3

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        let texts = try TranslationJob.texts(input)
        let pairs = (record.settings.reversed == true ? texts.pairs.map(\.reversed) : texts.pairs).prefix(count)
        let batch = TranslationBatches.tensors(pairs.map { tokenizers.tokens($0) })
        network.infer()
        let explanation = network.explain(running: { network(batch[0], lengths: batch[1], target: batch[2]) }) { softmaxCrossEntropy($0, batch[3], weights: batch[4]) }
        var facts = JSON.Object()
        facts["file"] = .string(texts.file)
        facts["pairs"] = .integer(Int64(pairs.count))
        facts["loss"] = "cross-entropy"
        let shown = pairs.prefix(4).map(\.source)
        let pictures = translate(shown).compactMap { $0.attentionChart }
        return JobExplanation(
            heading: "The first \(Quantity(pairs.count, "pairs")) of \(texts.file), through \(summary). Gradients are of the mean cross-entropy of the translations' tokens.",
            explanation: explanation, facts: facts,
            sections: pictures.isEmpty ? [] : [ReportSection("Where the decoder looked", pictures.map { .picture($0) })])
    }
}

extension Translation {
    /// What the decoder looked at when it wrote each token; `nil` without attention.
    public var attentionChart: Chart? {
        if attention.isEmpty { return nil }
        return .matrix(
            attention.map { $0.map(Double.init) }, rows: targetPieces, columns: sourcePieces, title: "Attention", x: Axis(sentence), y: Axis(text), format: .decimals(2))
    }
}

/// Translations of lines, as they come.
final class TranslationStream: AnswerStream {
    private let model: Translator
    private let lines: LineStream
    private var left: Int
    private let brief: Bool
    private var unknown: [String] = []

    init(_ model: Translator, _ lines: LineStream, first: Int, brief: Bool) {
        (self.model, self.lines, left, self.brief) = (model, lines, first, brief)
    }

    var columns: [String]? { brief ? [] : ["sentence"] }
    var answerColumns: [String] { ["translation"] }
    var canFail: Bool { false }
    var format: RowFormat? { .csv }
    var notes: [String] { unknown.isEmpty ? [] : [unknownWords(unknown)] }

    func next() throws -> [Answer]? {
        guard left > 0, let found = try lines.next() else { return nil }
        let rows = found.filter { !$0.text.allSatisfy(\.isWhitespace) }.prefix(left)
        left -= rows.count
        return zip(rows, model.translate(rows.map(\.text))).map { row, translation in
            for word in translation.unknown where !unknown.contains(word) { unknown.append(word) }
            var json = JSON.Object()
            json["line"] = .integer(Int64(row.number))
            json["sentence"] = .string(translation.sentence)
            json["translation"] = .string(translation.text)
            return Answer(line: row.number, cells: brief ? [] : [translation.sentence], values: [translation.text], json: json)
        }
    }
}
