import DescentFormats
import DescentNN
import DescentTrain
import Synchronization

/// The jobs that there are.
public enum Jobs {
    /// The jobs of Descent: one line each.
    public static let builtIn: [any Job.Type] = [
        RecordingsJob.self,
        ImagesJob.self,
        TableJob.self,
        TaggingJob.self,
        TranslationJob.self,
        TextNGramsJob.self,
        TextClassificationJob.self,
        LanguageJob.self,
        TunesJob.self,
        ForecastJob.self,
        RecallJob.self,
    ]

    private static let added = Mutex<[any Job.Type]>([])

    /// All jobs, those of Descent first.
    public static var all: [any Job.Type] { builtIn + added.withLock { $0 } }

    /// Adds a job of your own: the commands know it from now on.
    public static func add(_ job: any Job.Type) {
        if all.contains(where: { $0.name == job.name }) { return }
        added.withLock { $0.append(job) }
    }

    /// The job of a name.
    public static func named(_ name: String) -> (any Job.Type)? { all.first { $0.name == name } }

    /// The job that a model file names.
    ///
    /// - Throws: `FormatError` where this program has no such job.
    static func named(_ name: String, in file: ModelFile) throws(FormatError) -> any Job.Type {
        guard let job = named(name) else {
            throw FormatError(file: file.path, reason: "it is a model of the job \(quoted(name)), which this program does not have; it has \(all.map { $0.name }.joined(separator: ", "))")
        }
        return job
    }

    /// Reads a model of any job from its folder or file.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where it is damaged or of an unknown job.
    public static func model(path: String) throws -> any JobModel {
        let file = try ModelFile(path: path)
        return try modelType(file).init(file)
    }

    /// The models that are fitted at once, by a command of their own, and not trained step by step.
    private static var fitted: [String: any JobModel.Type] { [ClassicalModel.jobName: ClassicalModel.self] }

    /// The type of a file's model.
    ///
    /// - Throws: `FormatError` where this program has no such job.
    static func modelType(_ file: ModelFile) throws(FormatError) -> any JobModel.Type {
        if let type = fitted[file.job] { return type }
        return try named(file.job, in: file).modelType
    }

    /// The job that is surest of an input, and why.
    ///
    /// - Throws: `SettingsError` where none takes it; what reading throws.
    public static func recognize(_ input: JobInput) throws -> (job: any Job.Type, recognition: Recognition) {
        var best: (job: any Job.Type, recognition: Recognition)?
        for job in all {
            guard let found = try job.recognize(input) else { continue }
            if best.map({ $0.recognition.confidence < found.confidence }) ?? true { best = (job, found) }
        }
        guard let best else { throw SettingsError("no job recognises \(input.names); say which with --job: \(all.map { $0.name }.joined(separator: ", "))") }
        return best
    }
}

extension Job {
    /// The type of its model.
    static var modelType: any JobModel.Type { Model.self }

    /// Its options, the run's included.
    public static var options: [SettingOption] { Settings.allFields.map(\.option) }

    /// Its own options.
    public static var ownOptions: [SettingOption] { Settings.fields.map(\.option) }
}
