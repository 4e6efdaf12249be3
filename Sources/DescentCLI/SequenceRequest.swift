import ArgumentParser
import Descent

/// What `descent train` was asked to learn from a text, names, tunes or a series: enough to do it again, from another process.
struct SequenceRequest {
    /// A text's path, or a folder's.
    var file: String
    /// Other texts to train on with it.
    var more: [String] = []
    var task: SequenceTask
    /// Why this task: what was seen in the file.
    var reason: String
    /// Of a series: its column, and that of the dates.
    var target: String?
    var date: String?
    var delimiter: DelimiterName?
    var settings: SequenceSettings
    /// Where the run and its model are kept.
    var folder: String

    /// What the checkpoint keeps beside the settings.
    var caller: JSON {
        [
            "file": .string(file), "more": JSON(more), "task": .string(task.rawValue), "reason": .string(reason), "target": target.map(JSON.string) ?? nil,
            "date": date.map(JSON.string) ?? nil, "delimiter": delimiter.map { .string($0.rawValue) } ?? nil,
        ]
    }
}

extension SequenceRequest {
    /// The command that makes this request, as a shell takes it; what is not set is left out.
    func command(_ program: String) -> String {
        var words = ["train", file] + more
        func say(_ name: String, _ value: (some Any)?) { if let value { words += ["--" + name, "\(value)"] } }
        say("target", target)
        say("forecast", settings.horizon)
        say("date", date)
        say("delimiter", delimiter?.rawValue)
        say("season", settings.season)
        if let isLogarithmic = settings.isLogarithmic { words.append(isLogarithmic ? "--logarithm" : "--no-logarithm") }
        say("cell", settings.cell?.rawValue)
        say("hidden", settings.hidden)
        say("layers", settings.layers)
        say("embedding", settings.embedding)
        say("dropout", settings.dropout)
        say("tokens", settings.unit?.rawValue)
        // A vocabulary of characters is what the text has.
        if settings.unit != .characters { say("vocabulary", settings.vocabulary) }
        if task != .classification { say("window", settings.window) }
        say("epochs", settings.epochs)
        say("minutes", settings.minutes)
        say("steps", settings.steps)
        say("batch-size", settings.batchSize)
        say("learning-rate", settings.learningRate)
        say("reduce-on-plateau", settings.reduceOnPlateau)
        say("weight-decay", settings.weightDecay)
        say("clip-norm", settings.clipNorm)
        say("test-fraction", settings.testFraction)
        say("validation-fraction", settings.validationFraction)
        say("patience", settings.patience)
        say("minimum-improvement", settings.minimumImprovement)
        say("seed", settings.seed)
        return ([program] + words.map(shellQuoted)).joined(separator: " ")
    }

    /// The request that a run in this folder was begun with; nil where it is one on a table, or none.
    ///
    /// - Throws: `FormatError` where the checkpoint is damaged.
    init?(resuming folder: String) throws {
        let path = RunFolder.file(RunFolder.checkpointName, in: folder)
        guard FileSystem.exists(path) else { return nil }
        let stored = try Checkpoint(path: path).reader["settings"]
        guard stored["sequence"].exists else { return nil }
        let caller = stored["caller"]
        guard let task = SequenceTask(rawValue: try caller["task"].string()) else { throw caller["task"].error("is no task that is known") }
        if caller["delimiter"].exists {
            guard let known = DelimiterName(rawValue: try caller["delimiter"].string()) else { throw caller["delimiter"].error("is no delimiter that is known") }
            delimiter = known
        }
        file = try caller["file"].string()
        // Runs of earlier versions say nothing of other files.
        more = caller["more"].exists ? try caller["more"].strings() : []
        self.task = task
        reason = try caller["reason"].string()
        target = caller["target"].exists ? try caller["target"].string() : nil
        date = caller["date"].exists ? try caller["date"].string() : nil
        settings = try SequenceSettings(json: stored["sequence"])
        self.folder = folder
    }

    /// What a file is to be learned as; nil for a table.
    ///
    /// - Parameter isTable: whether the arguments ask for a column to be predicted.
    /// - Throws: `FileError`, `DataError` where a text cannot be read.
    static func guess(_ file: String, isTable: Bool) throws -> (task: SequenceTask, reason: String)? {
        if isTable { return nil }
        if FileSystem.folderExists(file) { return (.classification, "a folder of files, so the class of a line is its file") }
        let ending = file.lastIndex(of: ".").map { String(file[file.index(after: $0)...]).lowercased() } ?? ""
        guard FileSystem.exists(file), ["txt", "text", "md", "abc"].contains(ending) else { return nil }
        let text = try TextFile.read(file)
        if TuneBook.fits(text) { return (.tunes, "lines X: and K:, so tunes in ABC notation") }
        if LabelledTexts.fits(text) { return (.classification, "lines of a text, a tabulator and a label, so a classification of texts") }
        return (.language, "running text, so a language model")
    }
}
