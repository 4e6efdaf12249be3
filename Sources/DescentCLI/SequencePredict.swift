import Descent

/// `descent predict` for models of sequences.
struct SequencePredict {
    let model: SequenceModel
    let file: String
    let delimiter: Delimiter?
    let json: Bool
    /// Give the probability of each class.
    let probabilities: Bool
    let first: Int

    func run() throws {
        switch model {
        case .classifier(let model): try classify(model)
        case .forecaster(let model): try forecast(model)
        case .language:
            throw SettingsError("this model writes texts and predicts no rows; use descent generate or descent complete")
        }
    }

    /// A text on each line; what comes after its last tabulator is left out where it is one of the classes.
    private func classify(_ model: TextClassifier) throws {
        var texts: [String] = []
        var lines: [Int] = []
        let scalars = try TextFile.read(file).unicodeScalars
        for (index, line) in scalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where texts.count < first {
            var line = Substring(line)
            if line.unicodeScalars.last == "\r" { line.unicodeScalars.removeLast() }
            if let tab = line.lastIndex(of: "\t"), model.classes.contains(String(line[line.index(after: tab)...])) { line = line[..<tab] }
            if line.isEmpty { continue }
            texts.append(String(line))
            lines.append(index + 1)
        }
        let answers = model.predict(texts)
        if !json {
            let names = probabilities ? model.classes.map { "probability of \($0)" } : ["probability"]
            try StandardStream.output.print((["text", "prediction"] + names).map(Self.field).joined(separator: ","))
        }
        for ((text, line), answer) in zip(zip(texts, lines), answers) {
            guard case .label(let label, let all) = answer else { continue }
            if json {
                var each = JSON.Object()
                for (name, probability) in zip(model.classes, all) { each[name] = JSON(probability) }
                let object: JSON = [
                    "line": .integer(Int64(line)), "text": .string(text), "prediction": .string(model.classes[label]),
                    "probability": JSON(all[label]), "probabilities": .object(each),
                ]
                try StandardStream.output.print(object.text())
            } else {
                let numbers = (probabilities ? all : [all[label]]).map { fixed(Double($0), 4) }
                try StandardStream.output.print(([text, model.classes[label]].map(Self.field) + numbers).joined(separator: ","))
            }
        }
    }

    /// The steps after the end of the series in the file.
    private func forecast(_ model: Forecaster) throws {
        let table = file == "-"
            ? try Table(parsing: FileSystem.read("/dev/stdin"), file: "standard input", options: Table.Options(delimiter: delimiter))
            : try Table(path: file, options: Table.Options(delimiter: delimiter))
        let series = try TimeSeries(table, target: model.target, date: model.date)
        if let note = series.gapNote { StandardStream.error.write("descent: \(note)\n") }
        let answers = try model.forecast(series)
        if !json { try StandardStream.output.print([model.date ?? "row", model.target].map(Self.field).joined(separator: ",")) }
        for (step, answer) in answers.enumerated() where step < first {
            let label = series.label(series.values.count + step)
            if json {
                let object: JSON = ["date": .string(label), "step": .integer(Int64(step + 1)), "prediction": .number(answer)]
                try StandardStream.output.print(object.text())
            } else {
                try StandardStream.output.print("\(label),\(Float(answer))")
            }
        }
    }

    /// A field as RFC 4180 has it: in quotes where it must be.
    private static func field(_ text: String) -> String {
        let needsQuotes = text.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D }
        guard needsQuotes || text.first == " " || text.last == " " else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}
