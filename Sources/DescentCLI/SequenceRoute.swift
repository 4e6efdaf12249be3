import ArgumentParser
import Descent

/// Which of `descent train`'s ways an input takes: a table, or a sequence.
extension TrainCommand {
    /// The training of a sequence that was asked for; nil for one of a table.
    ///
    /// - Throws: `SettingsError` for options that have no meaning for what the file is.
    func sequenceTrain() throws -> SequenceTrain? {
        if let missing = more.first(where: { !FileSystem.exists($0) }) { throw FileError(kind: .notFound, path: missing, sentence: "no such file: \(missing)") }
        if resume && overwrite { throw SettingsError("--resume goes on with a run, and --overwrite begins anew; say one of them") }
        if resume, FileSystem.folderExists(file), isRun(file) || !isRun(folder) {
            guard isRun(file), let request = try SequenceRequest(resuming: file) else { return nil }
            if try sequenceSettings() != SequenceSettings() || !more.isEmpty || question.target != nil || out != nil || reading.delimiter != nil {
                throw SettingsError("--resume \(file) goes on with the settings that the run was begun with; leave the others out")
            }
            return train(request)
        }
        if sequences.forecast != nil {
            if let other = more.first { throw SettingsError("a series is in one file; \(other) is too much") }
            return train(try request(.forecast, reason: "a series to forecast"))
        }
        guard let (task, reason) = try SequenceRequest.guess(file, isTable: question.target != nil || reading.builtIn(file) != nil) else {
            if let option = sequences.given {
                let series = question.target == nil ? "" : "; for a series say how many steps ahead with --forecast"
                throw SettingsError("\(option) is for texts, names, tunes and series, and \(file) is taken for a table\(series)")
            }
            if let other = more.first {
                throw SettingsError("\(file) is taken for a table, of which there can be one; \(other) is too much")
            }
            return nil
        }
        for other in more {
            let found = try SequenceRequest.guess(other, isTable: false)
            guard let found, found.task == task, !FileSystem.folderExists(file), !FileSystem.folderExists(other) else {
                let kind = FileSystem.folderExists(other) ? "a folder" : found?.reason ?? "no text"
                throw SettingsError("files that are trained on together must be texts of one kind; \(file): \(reason); \(other): \(kind)")
            }
        }
        return train(try request(task, reason: reason))
    }

    /// Whether a folder holds a run. One that does not may be a folder of texts, whose run lies elsewhere.
    private func isRun(_ folder: String) -> Bool { FileSystem.exists(RunFolder.file(RunFolder.checkpointName, in: folder)) }

    private func train(_ request: SequenceRequest) -> SequenceTrain {
        SequenceTrain(
            request: request, resumes: resume, overwrites: overwrite, interval: checkpointEvery?.interval ?? .automatic, writesReport: writesReport,
            quiet: quiet, json: json)
    }

    private func request(_ task: SequenceTask, reason: String) throws -> SequenceRequest {
        let isSeries = task == .forecast
        let meaningless: [(String, Bool)] = [
            ("--task", question.task != nil), ("--header", question.header != nil), ("--column", !question.columns.isEmpty), ("--labels", reading.labels != nil),
            ("--odd-cells", question.oddCells != .reject), ("--activation", activation != nil),
            ("--members", members != nil),
            ("--delimiter", !isSeries && reading.delimiter != nil), ("--date", !isSeries && sequences.date != nil),
            ("--season", !isSeries && sequences.season != nil), ("--logarithm", !isSeries && sequences.logarithm != nil),
            ("--tokens", isSeries && sequences.tokens != nil), ("--embedding", isSeries && sequences.embedding != nil),
            ("--vocabulary", isSeries && sequences.vocabulary != nil), ("--window", task == .classification && sequences.window != nil),
        ]
        if let option = meaningless.first(where: \.1)?.0 { throw SettingsError("\(option) has no meaning for \(reason); leave it out") }
        return SequenceRequest(
            file: file, more: more, task: task, reason: reason, target: question.target, date: sequences.date, delimiter: reading.delimiter, settings: try sequenceSettings(),
            folder: folder)
    }

    private func sequenceSettings() throws -> SequenceSettings {
        var settings = SequenceSettings()
        settings.cell = sequences.cell
        if let hidden {
            guard let size = Int(hidden) else {
                throw SettingsError("--hidden is \"\(hidden)\"; all recurrent layers have one size, 256 say (--layers says how many there are)")
            }
            settings.hidden = size
        }
        settings.layers = sequences.layers
        settings.embedding = sequences.embedding
        settings.dropout = dropout
        settings.unit = sequences.tokens
        settings.vocabulary = sequences.vocabulary
        settings.window = sequences.window
        settings.epochs = epochs
        settings.minutes = sequences.minutes
        settings.steps = steps
        settings.batchSize = batchSize
        settings.learningRate = learningRate
        settings.weightDecay = weightDecay
        settings.clipNorm = clipNorm
        settings.testFraction = question.testFraction
        settings.validationFraction = validationFraction
        settings.patience = patience
        settings.minimumImprovement = minimumImprovement
        settings.reduceOnPlateau = reduceOnPlateau
        settings.horizon = sequences.forecast
        settings.season = sequences.season
        settings.isLogarithmic = sequences.logarithm
        settings.seed = seed
        try settings.validate()
        return settings
    }
}
