import ArgumentParser
import Descent
import DescentFormats

/// What a run was asked to do: enough to do it again, from another process.
struct RunRequest<J: Job> {
    let input: JobInput
    /// What the input was recognised by.
    let reason: String
    let settings: J.Settings

    /// The request of a command's options.
    ///
    /// - Throws: `SettingsError` for values that are none, and for options of other jobs.
    init(_ input: JobInput, reason: String, options: [(name: String, values: [String])]) throws {
        var settings = J.Settings()
        for (name, values) in options where try !settings.set(name, values) {
            let owners = Jobs.all.filter { job in job.options.contains { $0.name == name } }
            let choice = owners.count == 1 ? "say --job \(owners[0].name)" : "choose the job with --job"
            let seen = reason == Self.reason(asked: J.name) ? "the job is \(J.name)" : "\(input.names) \(input.paths.count == 1 ? "looks" : "look") like \(reason)"
            throw SettingsError("--\(name) is an option of \(owners.map { $0.title }.joined(separator: ", ")), and \(seen); leave it out, or \(choice)")
        }
        try settings.validate()
        (self.input, self.reason, self.settings) = (input, reason, settings)
    }

    /// A request as `caller` kept it.
    init(caller: JSONReader) throws {
        input = JobInput(try caller["paths"].strings())
        reason = try caller["reason"].string()
        settings = try J.Settings(json: caller["settings"])
    }

    /// What a checkpoint keeps.
    var caller: JSON { ["job": .string(J.name), "paths": JSON(input.paths), "reason": .string(reason), "settings": settings.toJSON()] }

    /// The command that makes this request, as a shell takes it.
    func command(_ program: String, settings: J.Settings? = nil) -> String {
        ([program, "train"] + (input.paths + (settings ?? self.settings).words).map(shellQuoted)).joined(separator: " ")
    }

    /// The training, and what was read in a line.
    func training() throws -> J.Training { try J.training(input, settings: settings) }

    /// The job recognised for the input.
    var guess: String {
        if reason == Self.reason(asked: J.name) { return "\(input.names) is read for the job \(J.name) (--job)." }
        return "\(input.names) \(input.paths.count == 1 ? "looks" : "look") like \(reason) (--job changes it)."
    }

    /// Why an input is for a job: it was asked for by name.
    static func reason(asked job: String) -> String { "data of the job \(job)" }
}

/// Which job a command's input is for.
struct JobArguments: ParsableArguments {
    @Option(help: ArgumentHelp("The job, where the guess is wrong: \(Jobs.all.map { $0.name }.joined(separator: ", ")).", valueName: "name"), completion: .list(Jobs.all.map { $0.name }))
    var job: String?

    /// The job and why it was chosen.
    ///
    /// - Parameter inSteps: Whether the command needs a network that is trained step by step.
    func recognize(_ paths: [String], _ options: LayoutArguments<TrainLayout>, inSteps: Bool) throws -> (job: any Job.Type, input: JobInput, reason: String) {
        let paths = try FileSystem.matching(paths)
        var settings = TabularSettings()
        for (name, values) in options.given where ["delimiter", "labels", "target", "header", "missing", "file-column"].contains(name) { _ = try settings.set(name, values) }
        var input = JobInput(paths, choices: Dictionary(options.given.map { ($0.name, $0.values.last ?? "") }) { $1 }, reading: settings.reading)
        input.trainsInSteps = inSteps
        if let job {
            guard let found = Jobs.named(job) else {
                throw SettingsError("there is no job \(quoted(job)); there are \(Jobs.all.map { $0.name }.joined(separator: ", "))")
            }
            let preferred = found.preferred(for: input)
            return (preferred, input, "data of the job \(preferred.name)")
        }
        for path in paths.dropFirst() where !FileSystem.exists(path) { throw FileError(kind: .notFound, path: path, sentence: "no such file: \(path)") }
        let (found, recognition) = try Jobs.recognize(input)
        for other in paths.dropFirst() {
            var one = JobInput([other], choices: input.choices, reading: input.reading)
            one.trainsInSteps = inSteps
            let second = try Jobs.recognize(one)
            // A file of a single class looks like running text, and beside the others like what it is.
            let fits = second.job == found || second.recognition.confidence < recognition.confidence
            if !fits || input.isFolder || FileSystem.folderExists(other) {
                throw SettingsError("files that are trained on together must be of one kind; \(paths[0]) looks like \(recognition.reason), \(other) like \(second.recognition.reason)")
            }
        }
        return (found, input, recognition.reason)
    }
}
