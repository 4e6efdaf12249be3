import Descent

/// A task with its data read: what is said of it, and how it is trained.
struct PreparedSequence {
    let opening: [String]
    /// What is counted in a second.
    let noun: String
    let train: (Checkpointing?, [any TrainingObserver], @escaping () -> Bool) throws -> TrainedSequence

    init(_ request: SequenceRequest) throws {
        let settings = request.settings
        let files = [request.file] + request.more
        let names = files.joined(separator: ", ")
        let guess = "\(request.reason) (guessed; --target makes it a table)."
        switch request.task {
        case .language:
            let corpus = try TextCorpus(paths: files, testFraction: settings.testFraction ?? LanguageTraining.testFraction)
            let training = try LanguageTraining(corpus, settings: settings)
            opening = ["Read \(names): \(guess)"] + SequenceReport.opening(training)
            noun = training.tokenizer.unit == .characters ? "characters" : "pieces"
            train = { try TrainedSequence(training, training.run(checkpointing: $0, observers: $1, shouldStop: $2)) }
        case .tunes:
            let book = try TuneBook(paths: files)
            let training = try LanguageTraining(book, settings: settings)
            opening = ["Read \(names): \(grouped(book.tunes.count)) tunes; \(guess)"] + SequenceReport.opening(training)
            noun = "characters"
            train = { try TrainedSequence(training, training.run(checkpointing: $0, observers: $1, shouldStop: $2)) }
        case .classification:
            let texts = try files.count == 1 ? LabelledTexts(path: request.file) : LabelledTexts(paths: files)
            let training = try ClassifierTraining(texts, settings: settings)
            opening = ["Read \(names): \(grouped(texts.texts.count)) texts; \(guess)"] + SequenceReport.opening(training)
            noun = "texts"
            train = {
                let model = try training.run(checkpointing: $0, observers: $1, shouldStop: $2)
                return TrainedSequence(model: .classifier(model)) { training.report(of: model, outcome: $0, command: $1).page() }
            }
        case .forecast:
            let options = Table.Options(delimiter: request.delimiter?.delimiter)
            let table = try Table(path: request.file, options: options)
            guard let target = request.target else {
                throw SettingsError("which column is to be forecast? Say --target and one of: \(table.names.joined(separator: ", "))")
            }
            let training = try ForecastTraining(TimeSeries(table, target: target, date: request.date), settings: settings)
            opening = SequenceReport.opening(training)
            noun = "windows"
            train = {
                let model = try training.run(checkpointing: $0, observers: $1, shouldStop: $2)
                return TrainedSequence(model: .forecaster(model)) { training.report(of: model, outcome: $0, command: $1).page() }
            }
        }
    }
}

/// A model that was trained, and its report.
struct TrainedSequence {
    let model: SequenceModel
    /// The report's page, from how the training ended and the command that makes the model again.
    let page: (TrainingOutcome?, String) throws -> ReportPage

    init(model: SequenceModel, page: @escaping (TrainingOutcome?, String) throws -> ReportPage) { (self.model, self.page) = (model, page) }

    init(_ training: LanguageTraining, _ model: LanguageModel) {
        self.init(model: .language(model)) { try training.report(of: model, outcome: $0, command: $1).page() }
    }
}
