import DescentCore
import DescentData
import DescentFormats
import DescentTrain

/// Looks for settings that suit some data: a seeded random search, thinned out by successive halving.
///
///     let search = try JobSearch<TableJob>(JobInput(["titanic.csv"]), trials: 30, settings: settings)
///     let result = try search.run(in: RunFolder("runs/titanic"))
///     let model = try search.training(of: result.best).run()
///
/// Each trial is measured by its loss on data that it did not learn from: the validation of the job, or a part of the training data. The data
/// held out is never read. The first trial is the settings given, so the search does no worse than they do, by that loss.
public struct JobSearch<J: Job> {
    /// One trial.
    public typealias Trial = SearchTrial<J.Settings>

    /// The training with the settings given: what the split and the first trial are.
    public let base: J.Training
    /// The search space.
    public let space: SearchSpace<J.Settings>
    /// How trials are thinned out.
    public let plan: SuccessiveHalving
    private let asked: J.Settings
    private let prepare: (J.Settings) throws -> J.Training

    /// Prepares a search; nothing is trained yet.
    ///
    /// - Parameters:
    ///   - settings: What all trials have in common, and the first trial as a whole. The seed draws the trials, too.
    ///   - trials: The number of trials, at least 1.
    /// - Throws: `SettingsError`, and as the job's training.
    public init(_ input: JobInput, trials: Int, settings: J.Settings, space: SearchSpace<J.Settings> = J.searchSpace) throws {
        try self.init(trials: trials, settings: settings, space: space) { try J.training(input, settings: $0) }
    }

    package init(trials: Int, settings: J.Settings, space: SearchSpace<J.Settings> = J.searchSpace, prepare: @escaping (J.Settings) throws -> J.Training) throws {
        if space.dimensions.isEmpty { throw SettingsError("a search has no meaning for the job \(J.name): it has no settings to vary") }
        if !(1...100_000).contains(trials) { throw SettingsError("the number of trials is \(trials); it must be 1 to 100000") }
        if settings.run.steps != nil || settings.run.minutes != nil { throw SettingsError("a search counts in epochs; leave steps and minutes out") }
        base = try prepare(settings)
        (self.space, asked, self.prepare) = (space, settings, prepare)
        plan = SuccessiveHalving(trials: trials, epochs: base.settings.run.epochs ?? 1)
    }

    /// The number of trials.
    public var trials: Int { plan.rungs[0].trials }

    /// The settings of a trial, from 1.
    public func settings(ofTrial number: Int) -> J.Settings {
        number == 1 ? asked : space.draw(trial: number, seed: asked.run.seed, into: asked)
    }

    /// The training of a trial's settings on all training data, for all epochs: what the search is for.
    public func training(of trial: Trial) throws -> J.Training {
        var settings = trial.settings
        settings.run.epochs = base.settings.run.epochs
        return try prepare(settings)
    }

    /// The training of settings within the search.
    private func trialTraining(_ settings: J.Settings, epochs: Int) throws -> J.Training {
        var settings = settings
        settings.run.epochs = epochs
        settings.run.batchSize = base.settings.run.batchSize
        if base.validationNote == nil, settings.run.validationFraction ?? 0 == 0 { settings.run.validationFraction = SearchFiles.validationFraction }
        return try prepare(settings)
    }

    /// How trials are measured, in words.
    public var measure: String {
        get throws { try base.validationNote ?? trialTraining(asked, epochs: 1).validationNote ?? "the validation loss" }
    }

    /// Events of a search.
    public enum Event {
        /// Before the first trial.
        case began(SuccessiveHalving)
        /// A trial's training goes on: its rung and number, and the fraction of the whole search that is done.
        case progress(rung: Int, number: Int, share: Double)
        /// A trial ended; `isNew` is false for one that an earlier process ended.
        case ended(rung: Int, epochs: Int, number: Int, loss: Double, isNew: Bool)
    }

    /// The result of a search.
    public struct Result: Equatable, Sendable {
        /// Each training, in its order.
        public let trials: [Trial]

        /// Each trial's last training, the best first: those of a higher rung before those of a lower, then by loss.
        public var ranking: [Trial] {
            var last: [Int: Trial] = [:]
            for trial in trials { last[trial.number] = trial }
            return last.values.sorted { ($1.rung, $0.loss, $0.number) < ($0.rung, $1.loss, $1.number) }
        }

        /// The best of the last rung.
        public var best: Trial { ranking[0] }
    }

    /// Searches, and resumes a search that the folder holds.
    ///
    /// - Parameters:
    ///   - folder: Where trials are noted as they end.
    ///   - resumes: Whether to resume a search; if not, one that is there is replaced.
    ///   - caller: Kept with the search: what another process needs to resume it.
    ///   - shouldStop: Asked after each step: `true` ends the search with a `SearchInterruption`; the current trial will be trained again.
    /// - Throws: `SearchInterruption`; `ResumeError` where the search in the folder is another; `FormatError` for a damaged file,
    ///   `FileError`; `SettingsError` where every trial diverged.
    public func run(
        in folder: RunFolder, resumes: Bool = true, caller: JSON = .null, shouldStop: () -> Bool = { false },
        observe: @escaping (Event) throws -> Void = { _ in }
    ) throws -> Result {
        try begin(in: folder, resumes: resumes, caller: caller)
        var table = try TrialTable(path: folder.file(SearchFiles.tableName), space: space, resumes: resumes)
        try observe(.began(plan))
        var ended: [Trial] = []
        var numbers = Array(1...trials)
        let whole = Double(plan.rungs.reduce(0) { $0 + $1.epochs * $1.trials })
        var done = 0.0
        for (place, rung) in plan.rungs.enumerated() {
            var measured: [Trial] = []
            for number in numbers.prefix(rung.trials).sorted() {
                let settings = settings(ofTrial: number)
                let known = try table.next(rung: place + 1, epochs: rung.epochs, number: number, settings)
                let loss =
                    try known
                    ?? self.loss(of: settings, epochs: rung.epochs, shouldStop: shouldStop) { [done] share in
                        try observe(.progress(rung: place + 1, number: number, share: (done + share * Double(rung.epochs)) / whole))
                    }
                let trial = Trial(rung: place + 1, epochs: rung.epochs, number: number, settings: settings, loss: loss)
                if known == nil { try table.append(trial) }
                done += Double(rung.epochs)
                measured.append(trial)
                try observe(.ended(rung: place + 1, epochs: rung.epochs, number: number, loss: loss, isNew: known == nil))
            }
            ended += measured
            numbers = measured.sorted { ($0.loss, $0.number) < ($1.loss, $1.number) }.map(\.number)
        }
        try table.requireNothingLeft()
        let result = Result(trials: ended)
        if result.best.loss == .infinity { throw SettingsError("every trial diverged; look for extreme numbers in the data") }
        return result
    }

    /// Trains with a trial's settings; infinite where that diverges.
    private func loss(of settings: J.Settings, epochs: Int, shouldStop: () -> Bool, progress: @escaping (Double) throws -> Void) throws -> Double {
        let training = try trialTraining(settings, epochs: epochs)
        let observer = ObservingClosure { event in
            if case .step(let step) = event { try progress(Double(step.step) / Double(step.steps)) }
        }
        do {
            let outcome = try training.fit(readsHeldOut: false, observers: [observer], shouldStop: shouldStop).outcome
            if outcome.reason == .interrupted { throw SearchInterruption() }
            // Of the weights that the training afterwards keeps: with validation those of the best epoch, otherwise those of the last.
            let loss = base.validationNote != nil ? outcome.state.earlyStopping?.best : outcome.state.history.last?["validation_loss"]
            return loss.map { $0.isNaN ? .infinity : $0 } ?? .infinity
        } catch is DivergenceError {
            return .infinity
        }
    }

    /// Notes what is searched, or compares it with what was.
    private func begin(in folder: RunFolder, resumes: Bool, caller: JSON) throws {
        let path = folder.file(SearchFiles.searchName)
        var own = JSON.Object()
        own["format"] = "descent search"
        own["formatVersion"] = .integer(Int64(SearchFiles.formatVersion))
        own["job"] = .string(J.name)
        own["trials"] = .integer(Int64(trials))
        own["epochs"] = .integer(Int64(base.settings.run.epochs ?? 1))
        own["varied"] = JSON(space.dimensions.map(\.name))
        own["settings"] = asked.toJSON()
        own["data"] = .string(try base.plan(readsHeldOut: false).fingerprint)
        if resumes, FileSystem.exists(path) {
            let found = JSONReader(try JSON(parsing: FileSystem.read(path), file: path), file: path)
            // As texts: a number that was read back may be of another kind.
            for (key, value) in own.members where try found[key].json?.text() != value.text() {
                if key == "data" { throw ResumeError("the data has changed since the search in \(folder.path) was started; bring it back, or start over with --overwrite") }
                let texts = [value, found[key].json ?? .null].map { (try? $0.text()) ?? "null" }
                throw ResumeError("\(key) is \(texts[0]), and \(texts[1]) in \(path): a search is resumed with the same settings; leave out what differs, or start over with --overwrite")
            }
            return
        }
        // What was trained here before is not what this search will find.
        try FileSystem.remove(folder.file(RunFolder.checkpointName))
        try FileSystem.remove(folder.file(SearchFiles.tableName))
        own["caller"] = caller
        try FileSystem.write(Array(JSON.object(own).text(.pretty, file: path).utf8), to: path)
    }
}

/// The files of a search in its run folder.
public enum SearchFiles {
    /// The name of the table of trials.
    public static let tableName = "trials.csv"
    /// The name of the file that says what is searched.
    public static let searchName = "search.json"
    /// The name of the page about the trials.
    public static let reportName = "search.html"
    static let formatVersion = 2
    /// The fraction of the training data that trials are measured on, where the job has no validation of its own.
    static let validationFraction = 0.2

    /// The settings that the search in a folder was started with; `nil` if there is none.
    ///
    /// - Throws: `FileError`, `FormatError`.
    public static func stored(in folder: RunFolder) throws -> (job: String, settings: JSONReader, trials: Int, caller: JSONReader)? {
        let path = folder.file(searchName)
        guard FileSystem.exists(path) else { return nil }
        let found = JSONReader(try JSON(parsing: FileSystem.read(path), file: path), file: path)
        if try found["formatVersion"].int() != formatVersion { throw found["formatVersion"].error("is not \(formatVersion): another version of Descent started the search") }
        return (try found["job"].string(), found["settings"], try found["trials"].int(), found["caller"])
    }
}

/// A search was asked to stop, and did; the trials that had ended are noted.
public struct SearchInterruption: Error, Equatable, Sendable {}

extension JobSearch {
    /// The values that a trial's settings have, in the order of the space, as the command line takes them.
    public func values(of trial: Trial) -> [String] { space.dimensions.map { $0.text(trial.settings) } }
}
