import DescentCore
import DescentData
import DescentFormats

/// Looks for settings that suit a table: a seeded random search, thinned out by successive halving.
///
///     let search = try TabularSearch(Table(path: "titanic.csv"), target: "Survived", trials: 30)
///     let result = try search.run(in: RunFolder("runs/titanic"))
///     let model = try search.training(of: result.best).run()
///
/// Each trial is measured by its loss on rows that it did not learn from: with several networks side by side the rows that each leaves out,
/// else a part of the training rows. The rows held out are never read. The first trial is the settings given, so that the search does
/// no worse than they do, by that loss.
public struct TabularSearch {
    /// The name of the table of trials in a run's folder.
    public static let tableName = "trials.csv"
    /// The name of the file in a run's folder that says what is searched.
    public static let searchName = "search.json"
    /// The name of the page about the trials in a run's folder.
    public static let reportName = "search.html"
    /// The part of the training rows that single networks are measured on.
    public static let validationFraction = 0.2

    /// The training with the settings given: what table, target, split and first trial are.
    public let base: TabularTraining
    /// What trials are drawn from.
    public let space: SearchSpace
    /// How trials are thinned out.
    public let plan: SuccessiveHalving
    private let asked: TabularSettings
    private let targetName: String

    /// Makes ready; nothing is trained yet.
    ///
    /// - Parameters:
    ///   - settings: What all trials have in common, and the first trial as a whole. The seed draws the trials, too.
    ///   - trials: How many settings are tried, at least 1.
    /// - Throws: `SettingsError`, `DataError` as `TabularTraining`.
    public init(
        _ table: Table, target: String, trials: Int, settings: TabularSettings = TabularSettings(), space: SearchSpace = SearchSpace(),
        fingerprint: String? = nil
    ) throws {
        if !(1...100_000).contains(trials) { throw SettingsError("\(trials) trials are not possible; it must be 1 to 100000") }
        if settings.steps != nil { throw SettingsError("a search counts in epochs; leave the steps out") }
        try space.validate()
        base = try TabularTraining(table, target: target, settings: settings, fingerprint: fingerprint)
        (self.space, asked, targetName) = (space, settings, target)
        plan = SuccessiveHalving(trials: trials, epochs: base.settings.epochs!)
    }

    /// How many settings are tried.
    public var trials: Int { plan.rungs[0].trials }

    /// The setting of a trial, from 1.
    public func setting(ofTrial number: Int) -> SearchSetting {
        number == 1 ? SearchSetting(asked) : space.draw(trial: number, seed: asked.seed)
    }

    /// The training of a setting on all rows to train on, for all epochs: what the search is for.
    public func training(of trial: SearchTrial) throws -> TabularTraining {
        var settings = trial.setting.applied(to: asked)
        settings.epochs = base.settings.epochs
        return try TabularTraining(base.table, target: targetName, settings: settings, fingerprint: base.fingerprint)
    }

    /// The training of a setting within the search.
    private func trialTraining(_ setting: SearchSetting, epochs: Int) throws -> TabularTraining {
        var settings = setting.applied(to: asked)
        settings.epochs = epochs
        settings.batchSize = base.settings.batchSize
        settings.members = base.settings.members
        if base.settings.members == 1, settings.validationFraction == 0 { settings.validationFraction = Self.validationFraction }
        return try TabularTraining(base.table, target: targetName, settings: settings)
    }

    /// How trials are measured, in words.
    public var measure: String {
        get throws {
            if !base.folds.isEmpty { return "the loss of each network on the part of the training rows that it leaves out" }
            let rows = try trialTraining(setting(ofTrial: 1), epochs: 1).validationRows.count
            return "the loss on \(grouped(rows)) of the training rows, held back"
        }
    }

    /// What happens in a search.
    public enum Event: Sendable {
        /// Before the first trial: how many there are in each rung.
        case began(SuccessiveHalving)
        /// A trial's training goes on: its rung and number, and how much of the whole search is done, from 0 to 1.
        case progress(rung: Int, number: Int, share: Double)
        /// A trial ended; `isNew` is false for one that an earlier process ended.
        case ended(SearchTrial, isNew: Bool)
    }

    /// What a search found.
    public struct Result: Equatable, Sendable {
        /// Each training, in its order.
        public let trials: [SearchTrial]

        /// Each setting's last training, the best first: those that came further before those that did not, then by loss.
        public var ranking: [SearchTrial] {
            var last: [Int: SearchTrial] = [:]
            for trial in trials { last[trial.number] = trial }
            return last.values.sorted { ($1.rung, $0.loss, $0.number) < ($0.rung, $1.loss, $1.number) }
        }

        /// The best of the last rung.
        public var best: SearchTrial { ranking[0] }
    }

    /// Searches, and goes on with a search that the folder holds.
    ///
    /// - Parameters:
    ///   - folder: Where trials are noted as they end.
    ///   - resumes: Whether to take up a search; if not, one that is there is replaced.
    ///   - caller: Kept with the search: what another process needs to take it up.
    ///   - shouldStop: Asked after each step: `true` ends the search with a `SearchInterruption`; the trial under way will be trained anew.
    /// - Throws: `SearchInterruption`; `ResumeError` where the search in the folder is another; `FormatError` for a damaged file,
    ///   `FileError`; `SettingsError` where every trial diverged.
    public func run(
        in folder: RunFolder, resumes: Bool = true, caller: JSON = .null, shouldStop: () -> Bool = { false },
        observe: @escaping (Event) throws -> Void = { _ in }
    ) throws -> Result {
        try begin(in: folder, resumes: resumes, caller: caller)
        var table = try TrialTable(path: folder.file(Self.tableName), resumes: resumes)
        try observe(.began(plan))
        var ended: [SearchTrial] = []
        var numbers = Array(1...trials)
        let whole = Double(plan.rungs.reduce(0) { $0 + $1.epochs * $1.trials })
        var done = 0.0
        for (place, rung) in plan.rungs.enumerated() {
            var measured: [SearchTrial] = []
            for number in numbers.prefix(rung.trials).sorted() {
                let setting = setting(ofTrial: number)
                let known = try table.next((place + 1, rung.epochs, number, setting))
                let loss = try known ?? self.loss(of: setting, epochs: rung.epochs, shouldStop: shouldStop) { [done] share in
                    try observe(.progress(rung: place + 1, number: number, share: (done + share * Double(rung.epochs)) / whole))
                }
                let trial = SearchTrial(rung: place + 1, epochs: rung.epochs, number: number, setting: setting, loss: loss)
                if known == nil { try table.append(trial) }
                done += Double(rung.epochs)
                measured.append(trial)
                try observe(.ended(trial, isNew: known == nil))
            }
            ended += measured
            numbers = measured.sorted { ($0.loss, $0.number) < ($1.loss, $1.number) }.map(\.number)
        }
        try table.requireNothingLeft()
        let result = Result(trials: ended)
        if result.best.loss == .infinity { throw SettingsError("every trial diverged; look for numbers in the table that are far larger than the others") }
        return result
    }

    /// Trains a setting; infinite where that diverges.
    private func loss(of setting: SearchSetting, epochs: Int, shouldStop: () -> Bool, progress: @escaping (Double) throws -> Void) throws -> Double {
        let training = try trialTraining(setting, epochs: epochs)
        let observer = ObservingClosure { event in
            if case .step(let step) = event { try progress(Double(step.step) / Double(step.steps)) }
        }
        do {
            let outcome = try training.fit(readsTestRows: false, observers: [observer], shouldStop: shouldStop).outcome
            if outcome.reason == .interrupted { throw SearchInterruption() }
            // Of the weights that the training afterwards keeps: where it is validated, those of the best epoch, else those of the last.
            let isValidated = !base.folds.isEmpty || !base.validationRows.isEmpty
            let loss = isValidated ? outcome.state.earlyStopping?.best : outcome.state.history.last?["validation_loss"]
            return loss.map { $0.isNaN ? .infinity : $0 } ?? .infinity
        } catch is DivergenceError {
            return .infinity
        }
    }

    /// Notes what is searched, or compares it with what was.
    private func begin(in folder: RunFolder, resumes: Bool, caller: JSON) throws {
        let path = folder.file(Self.searchName)
        let own: JSON.Object = try {
            var object = JSON.Object()
            object["format"] = "descent search"
            object["formatVersion"] = 1
            object["trials"] = .integer(Int64(trials))
            object["epochs"] = .integer(Int64(base.settings.epochs!))
            object["space"] = space.toJSON()
            object["settings"] = asked.toJSON()
            object["target"] = .string(base.target.name)
            object["data"] = .string(try base.trainingFingerprint())
            return object
        }()
        if resumes, FileSystem.exists(path) {
            let found = JSONReader(try JSON(parsing: FileSystem.read(path), file: path), file: path)
            // As texts: a number that was read back may be of another kind.
            for (key, value) in own.members where try found[key].json?.text() != value.text() {
                if key == "data" { throw ResumeError("the data has changed since the search in \(folder.path) was begun; bring it back, or begin anew with --overwrite") }
                let texts = [value, found[key].json ?? .null].map { (try? $0.text()) ?? "null" }
                throw ResumeError("\(key) is \(texts[0]), and \(texts[1]) in \(path): with other settings the search cannot go on; leave out what differs, or begin anew with --overwrite")
            }
            return
        }
        // What was trained here before is not what this search will find.
        try FileSystem.remove(folder.file(RunFolder.checkpointName))
        try FileSystem.remove(folder.file(Self.tableName))
        var document = own
        document["caller"] = caller
        try FileSystem.write(Array(JSON.object(document).text(.pretty, file: path).utf8), to: path)
    }

    /// What the search in a folder was begun with; `nil` where there is none.
    ///
    /// - Throws: `FileError`, `FormatError`.
    public static func stored(in folder: RunFolder) throws -> (settings: TabularSettings, trials: Int, caller: JSONReader)? {
        let path = folder.file(searchName)
        guard FileSystem.exists(path) else { return nil }
        let found = JSONReader(try JSON(parsing: FileSystem.read(path), file: path), file: path)
        if try found["formatVersion"].int() != 1 { throw found["formatVersion"].error("is not 1: another version of Descent began the search") }
        return (try TabularSettings(json: found["settings"]), try found["trials"].int(), found["caller"])
    }
}

/// A search was asked to stop, and did; the trials that had ended are noted.
public struct SearchInterruption: Error, Equatable, Sendable {}

extension SearchSpace {
    /// To be compared when a search is taken up.
    func toJSON() -> JSON {
        func range(_ range: ClosedRange<Double>) -> JSON { JSON([range.lowerBound, range.upperBound]) }
        return [
            "layers": JSON([Double(layers.lowerBound), Double(layers.upperBound)]), "widths": JSON(widths.map(Double.init)),
            "activations": JSON(activations), "dropout": range(dropout), "learningRate": range(learningRate), "weightDecay": range(weightDecay),
        ]
    }
}
