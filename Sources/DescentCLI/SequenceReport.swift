import Descent

/// What is said of sequences: before a run, after it, and of a model.
enum SequenceReport {
    static func opening(_ training: LanguageTraining) -> [String] {
        let settings = training.settings
        let unit = training.tokenizer.unit
        let known = grouped(settings.vocabulary ?? 0)
        let cut =
            switch unit {
            case .characters: "Cut into characters, \(known) different ones (--tokens words or bpe for larger pieces)."
            case .words: "Cut into words and marks, of which \(known) are known (--tokens, --vocabulary)."
            case .bytePairs: "Cut into pieces of words by byte-pair encoding, \(known) different ones (--tokens, --vocabulary)."
            }
        let heldOut = training.test.isEmpty ? "none held out" : "the last \(grouped(training.test.count)) held out (--test-fraction)"
        return [
            cut, "Training on \(training.validation.isEmpty ? "the first " : "")\(grouped(training.training.count)), \(validated(training.validation.count, "another "))\(heldOut); \(length(settings)), \(grouped(settings.batchSize ?? 0)) streams side by side in windows of \(settings.window ?? 0), seed \(settings.seed).",
            network(training.summary, training.parameterCount, "--cell, --hidden, --layers, --embedding, --dropout"),
        ]
    }

    static func opening(_ training: ClassifierTraining) -> [String] {
        let settings = training.settings
        let classes = training.texts.classes
        let names = classes.prefix(20).joined(separator: ", ") + (classes.count > 20 ? ", ..." : "")
        let unit = training.tokenizer.unit == .characters ? "characters" : training.tokenizer.unit == .words ? "words" : "pieces of words"
        return [
            "\(classes.count) classes: \(names). Cut into \(unit), \(grouped(settings.vocabulary ?? 0)) different ones known (--tokens).",
            "Training on \(grouped(training.trainingRows.count)) texts, \(validated(training.validationRows.count))\(grouped(training.split.test.count)) held out, of each class its share (--test-fraction); \(length(settings)) in batches of \(settings.batchSize ?? 0), seed \(settings.seed).",
            network(training.summary, training.parameterCount, "--cell, --hidden, --layers, --embedding, --dropout"),
        ]
    }

    static func opening(_ training: ForecastTraining) -> [String] {
        let settings = training.settings
        let series = training.series
        let last = series.label(series.values.count - 1)
        var lines = ["Read \(series.file): \(grouped(series.values.count)) numbers of \(series.name), \(series.label(0)) to \(last), \(series.distance)\(series.dateName == nil ? "" : " apart") (dates: \(series.dateName ?? "none"); --date changes it)."]
        if let note = series.gapNote { lines.append("Gaps: \(note).") }
        let season = settings.season! > 1 ? "a season of \(settings.season!)" : "no season"
        lines.append("Guessed unless set: \(season) (--season), \(settings.isLogarithmic! ? "growth by shares, so logarithms (--no-logarithm)" : "no logarithms (--logarithm)"), a window of \(settings.window!) (--window).")
        let heldOut = training.training.count == series.values.count ? "none held out" : "the last \(settings.horizon!) held out (--test-fraction 0 for none)"
        lines.append("Learning \(settings.horizon!) steps ahead from \(grouped(training.sampleCount)) windows, \(validated(training.validationCount))\(heldOut); \(length(settings)) in batches of \(settings.batchSize!), seed \(settings.seed).")
        lines.append(network(training.summary, training.parameterCount, "--cell, --hidden, --layers, --dropout"))
        return lines
    }

    private static func network(_ summary: String, _ parameters: Int, _ options: String) -> String {
        "Network: \(summary); \(grouped(parameters)) parameters (\(options))."
    }

    private static func validated(_ count: Int, _ article: String = "") -> String { count == 0 ? "" : "\(article)\(grouped(count)) to validate on, " }

    private static func length(_ settings: SequenceSettings) -> String {
        if let minutes = settings.minutes { return "about \(shortNumber(minutes)) minutes" }
        if let steps = settings.steps { return "\(grouped(steps)) steps" }
        return epochs(settings) + (settings.patience.map { " at most (patience \($0))" } ?? "")
    }

    private static func epochs(_ settings: SequenceSettings) -> String { settings.epochs == 1 ? "1 epoch" : "\(settings.epochs ?? 0) epochs" }

    /// A record's figures, indented.
    static func figures(_ record: SequenceRecord) -> [String] { record.figures.filter { !$0.words.isEmpty }.map { "  " + $0.words } }

    /// The matrix of more classes than this is too wide for a terminal.
    private static let classLimit = 20

    /// A confusion matrix with names, truth in rows; without one, nothing.
    static func matrix(_ counts: [[Int]], classes: [String]) -> [String] {
        if counts.isEmpty { return [] }
        if classes.count > classLimit { return ["  (The confusion matrix of \(classes.count) classes is in the report.)"] }
        let rows = counts.map { $0.map { $0 == 0 ? "." : "\($0)" } }
        let short = classes.map { String($0.prefix(5)) }
        let width = Swift.max(rows.joined().map(\.count).max() ?? 1, short.map(\.count).max() ?? 1)
        let names = classes.map(\.count).max() ?? 0
        func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: Swift.max(0, width - text.count)) }
        func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - text.count)) + text }
        let title = "  true \\ taken for"
        let indent = Swift.max(names + 2, title.count)
        return [left(title, indent) + short.map { " " + right($0, width) }.joined()]
            + zip(classes, rows).map { name, row in left("  " + name, indent) + row.map { " " + right($0, width) }.joined() }
    }

    /// All that is known of a model.
    static func describe(_ model: SequenceModel) -> String {
        let record = model.record
        let settings = record.settings
        var lines: [String]
        switch model {
        case .language(let model):
            let unit = model.tokenizer.unit
            let pieces = unit == .characters ? "characters" : unit == .words ? "words and marks" : "pieces of words (byte-pair encoding)"
            lines = ["\(model.writesTunes ? "Writes tunes in ABC notation" : "A language model") of \(grouped(model.tokenizer.vocabulary.pieces.count)) \(pieces)."]
        case .classifier(let model):
            lines = ["Tells \(model.classes.count) classes of texts apart: \(model.classes.joined(separator: ", "))."]
        case .forecaster(let model):
            lines = ["Forecasts \(model.target) \(model.horizon) steps ahead from the last \(model.neededCount) numbers\(settings.season ?? 1 > 1 ? ", with a season of \(settings.season ?? 1)" : "")."]
        }
        lines.append("Trained by Descent \(record.version) on \(record.trained) of \(record.source): \(epochs(settings)), batches of \(settings.batchSize ?? 0), learning rate \(shortNumber(settings.learningRate ?? 0)), seed \(settings.seed).")
        lines.append("The data's fingerprint: \(record.fingerprint).")
        lines.append("Network: \(model.summary); \(grouped(model.parameterCount)) parameters.")
        if record.figures.isEmpty {
            lines.append("Nothing was held out, so there is no test figure.")
        } else {
            lines.append("On \(record.heldOut) held out:")
            lines += figures(record)
        }
        if case .classifier(let model) = model { lines += matrix(record.confusion, classes: model.classes) }
        return lines.joined(separator: "\n")
    }
}
