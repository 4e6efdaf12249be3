import DescentCore
import DescentData
import DescentFormats
import DescentPlot
import DescentTrain

extension TextNGramClassifier {
    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        hasSeveralLabels ? try labelAnswers(request) : try classAnswers(request)
    }

    /// For each text its labels, and the probability of each one.
    private func labelAnswers(_ request: PredictionRequest) throws -> AnswerList {
        let found = try UnlabelledTexts(try request.input.onlyPath(for: "a list of texts"), like: textLayout, classes: classes)
        let shown = request.top.map { Swift.min($0, classes.count) }
        let answers = found.texts.prefix(request.first).map { line, text -> Answer in
            let all = probabilities(text), own = labels(all).sorted { all[$0] > all[$1] }
            let order = all.indices.sorted { (all[$1], $0) < (all[$0], $1) }
            var json = JSON.Object(), members = JSON.Object()
            json["line"] = .integer(Int64(line))
            json["text"] = .string(text)
            json["labels"] = JSON(own.map { classes[$0] })
            for label in all.indices { members[classes[label]] = JSON(all[label]) }
            json["probabilities"] = .object(members)
            if let shown { json["top"] = .array(order.prefix(shown).map { ["class": .string(classes[$0]), "probability": JSON(all[$0])] }) }
            let top = shown.map { count in order.prefix(count).flatMap { [classes[$0], Self.rounded(all[$0])] } } ?? []
            return Answer(
                line: line, cells: request.brief ? [] : [text], values: [own.map { classes[$0] }.joined(separator: " ")] + top + (shown == nil ? all.map(Self.rounded) : []), json: json)
        }
        let ranked = shown.map { count in (1...count).flatMap { ["label \($0)", "probability \($0)"] } } ?? classes.map { "probability of \($0)" }
        return AnswerList(answers, columns: request.brief ? [] : [found.column], answerColumns: ["labels"] + ranked)
    }

    private static func rounded(_ probability: Float) -> String { "\((probability * 10_000).rounded() / 10_000)" }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        guard hasSeveralLabels else { return try classEvaluation(input) }
        let texts = try labelled(input)
        let sets = texts.labelSets.map { set in set.map { Int32(classes.firstIndex(of: texts.classes[Int($0)])!) } }
        let evaluation = labelEvaluation(Array(zip(texts.texts, sets)))
        let rows = [LabelEvaluation.columns] + evaluation.rows, widths = LabelEvaluation.columns.indices.map { column in rows.map { $0[column].count }.max()! }
        let table = rows.map { row in
            "  "
                + row.enumerated().map { column, cell in
                    let space = String(repeating: " ", count: widths[column] - cell.count)
                    return column == 0 ? cell + space : space + cell
                }.joined(separator: "  ")
        }
        return JobEvaluation(
            heading: "\(Quantity(sets.count, "texts")) of \(texts.file), \(classes.count) labels.", lines: evaluation.headlines.map { "  " + ($0.words ?? "\($0.title) \($0.text)") } + [""] + table,
            json: ["rows": .integer(Int64(sets.count)), "metrics": evaluation.metrics.json], fingerprint: texts.fingerprint
        ) { report(texts, rows: Array(sets.indices), labels: sets) }
    }

    /// The report's part: what was right and wrong among some texts, and the n-grams that say most.
    ///
    /// - Parameter labels: The labels of all texts by the model's numbers; `nil` where the texts' own numbers are these.
    func report(_ texts: LabelledTexts, rows: [Int], labels: [[Int32]]?) -> JobReport {
        let weights = ReportSection("Which n-grams speak for a class", [.table(ReportTable(columns: ["class", "n-grams with the largest weights"], rows: strongestTerms))])
        guard hasSeveralLabels else {
            var part = ClassifierReport(self, texts, labels: labels?.map { Int($0[0]) }, rows: rows, baseline: record.baseline.flatMap { classes.firstIndex(of: $0) }).part()
            part.sections.append(weights)
            return part
        }
        var sections: [ReportSection] = [], result = [JobReport.untested]
        if !rows.isEmpty {
            let evaluation = labelEvaluation(rows.map { (texts.texts[$0], labels?[$0] ?? texts.labelSets[$0]) })
            result = [.figures(evaluation.headlines.prefix(3).map { HeadlineMetric($0.title, $0.text) })]
            sections.append(ReportSection("Right and wrong", [.table(ReportTable(columns: LabelEvaluation.columns, rows: evaluation.rows))]))
        }
        return JobReport(
            title: record.source, subtitle: "Gives texts labels, of \(classes.count). Trained on \(record.trained).", result: result, sections: sections + [weights])
    }

    /// For each class the n-grams with the largest weights, those of words first.
    private var strongestTerms: [[String]] {
        let terms = model.vectorizer.terms, outputs = model.scores.outputs
        return classes.indices.map { label in
            // Of two classes the one score speaks for the second.
            let sign: Float = outputs == 1 && label == 0 ? -1 : 1, output = outputs == 1 ? 0 : label
            func weight(_ term: Int) -> Float { sign * model.scores.weights[term * outputs + output] }
            let words = terms.indices.filter { model.vectorizer.kind(ofColumn: $0) == .words && weight($0) > 0 }
            let order = (words.isEmpty ? terms.indices.filter { weight($0) > 0 } : words).sorted { (weight($1), terms[$0]) < (weight($0), terms[$1]) }
            return [classes[label], order.prefix(15).map { terms[$0].replacing(" ", with: words.isEmpty ? "␣" : " ") }.joined(separator: ", ")]
        }
    }
}
