import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentTrain

extension RecordingModel {
    /// The recordings of an input, with the model's channels.
    ///
    /// - Parameter isLabelled: Whether their answers are needed.
    func recordings(_ input: JobInput, isLabelled: Bool) throws -> Recordings {
        try scale.fitted(RecordingsJob.read(input, settings: record.settings, isLabelled: isLabelled).recordings)
    }

    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        let all = try recordings(request.input, isLabelled: false), recordings = Array(all.recordings.prefix(request.first))
        let columns = ClassColumns(classes, probabilities: request.probabilities, top: request.top)
        var answers: [Answer] = []
        for (recording, predictions) in zip(recordings, predict(recordings)) {
            for (step, prediction) in predictions.enumerated() {
                var json = JSON.Object(), cells = [recording.name]
                json["recording"] = .string(recording.name)
                if answer.isOfSteps {
                    json["step"] = .integer(Int64(step + 1))
                    cells.append("\(step + 1)")
                }
                switch prediction {
                case .label(let label, let probabilities):
                    columns.add(label, probabilities, to: &json)
                    answers.append(Answer(line: recording.line, cells: cells, values: columns.values(probabilities), json: json))
                case .value(let value):
                    json["prediction"] = .number(value)
                    answers.append(Answer(line: recording.line, cells: cells, values: ["\(Float(value))"], json: json))
                }
            }
        }
        return AnswerList(
            answers, columns: answer.isOfSteps ? ["recording", "step"] : ["recording"], answerColumns: answer.isNumber ? ["prediction"] : columns.names, notes: all.notes)
    }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        let given = try recordings(input, isLabelled: true), rows = Array(given.recordings.indices)
        let known = try Recordings(
            file: given.file, channels: given.channels, namesChannels: given.namesChannels, recordings: given.recordings, target: answer.matched(given), notes: given.notes)
        let baseline = record.baseline.flatMap { classes.firstIndex(of: $0) }
        let evaluation = measured(on: known, rows: rows, baseline: baseline)
        let what = answer.isOfSteps ? "\(Quantity(evaluation.rows, "steps")) of \(Quantity(rows.count, "recordings"))" : "\(Quantity(rows.count, "recordings"))"
        return JobEvaluation(
            heading: "\(what) of \(given.file)\(answer.isNumber ? "" : ", \(classes.count) classes").\(given.notes.map { " " + $0 }.joined())", lines: evaluation.lines,
            json: evaluation.toJSON(), fingerprint: given.fingerprint
        ) { RecordingReport(self, known, rows: rows, baseline: baseline).part() }
    }
}
