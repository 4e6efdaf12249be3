import DescentFormats

/// The folder of one training, held by one process at a time.
///
/// Its files: `model.safetensors` and `model.json` (the finished model), `checkpoint.safetensors` (the state last saved),
/// `best.safetensors` (the best weights, where a validation tells), `log.csv`, `events.out.tfevents.*` (the same for TensorBoard), `report.html`, and `lock`.
public final class RunFolder: Sendable {
    /// The name of the file with the state last saved.
    public static let checkpointName = "checkpoint.safetensors"
    /// The name of the file with the best weights.
    public static let bestName = "best.safetensors"
    /// The name of the log.
    public static let logName = "log.csv"
    /// The name of the page about the finished model.
    public static let reportName = "report.html"
    /// The name of the file that the lock is on.
    public static let lockName = "lock"

    /// Where it is, as it was given.
    public let path: String
    private let lock: FileLock

    /// Makes the folder where it is missing, and holds it until this object or the process is gone.
    ///
    /// - Throws: `FileError` of kind `.unwritable`, `RunFolderError` where another process trains into it.
    public init(_ path: String) throws {
        self.path = path
        try FileSystem.createFolder(path)
        do {
            lock = try FileLock(Self.file(Self.lockName, in: path))
        } catch let held as FileLock.HeldElsewhere {
            throw RunFolderError(folder: path, process: held.process)
        }
        // What a process left that was killed during a save. Nobody else writes here while the lock is held.
        try FileSystem.removeTemporaryFiles(in: path)
    }

    /// The path of a file in it.
    public func file(_ name: String) -> String { Self.file(name, in: path) }

    /// The path of a file in a run's folder.
    public static func file(_ name: String, in folder: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }

    /// The state last saved; `nil` where none was.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where it is damaged.
    public func checkpoint() throws -> Checkpoint? {
        let path = file(Self.checkpointName)
        return FileSystem.exists(path) ? try Checkpoint(path: path) : nil
    }

    /// The contents of a folder.
    public enum Content: Equatable, Sendable {
        /// Nothing, or no folder at all.
        case empty
        /// A run that has not ended.
        case unfinished
        /// A finished model.
        case finished
        /// A file that is not of a run, by its name.
        case foreign(String)
    }

    /// The files of runs, models, searches and fits; event files have more names.
    private static let ownNames: Set<String> = [
        checkpointName, bestName, logName, reportName, lockName, "model.safetensors", "model.json", "search.json", "search.html", "trials.csv", "coefficients.json",
    ]

    /// The contents of a folder, before it is opened. A checkpoint that cannot be read counts as an unfinished run.
    public static func content(of path: String) -> Content {
        guard FileSystem.folderExists(path), let names = try? FileSystem.list(path) else { return .empty }
        if let other = names.sorted().first(where: { !ownNames.contains($0) && !$0.hasPrefix("events.out.tfevents.") && !$0.hasPrefix(".") }) { return .foreign(other) }
        let checkpoint = file(checkpointName, in: path)
        if FileSystem.exists(checkpoint) {
            let state = try? TrainingState(json: Checkpoint(path: checkpoint).reader["state"])
            return state?.isFinished == true ? .finished : .unfinished
        }
        if names.contains("search.json") { return .unfinished }
        return names.contains("model.safetensors") || names.contains("coefficients.json") ? .finished : .empty
    }

    /// Refuses a folder whose run has not ended: a new run would replace it.
    ///
    /// - Throws: `UnfinishedRunError`; `FileError` and `FormatError` where a checkpoint is there that cannot be read.
    public func requireNoUnfinishedRun() throws {
        guard let checkpoint = try checkpoint() else { return }
        let state = try TrainingState(json: checkpoint.reader["state"])
        if !state.isFinished { throw UnfinishedRunError(folder: path, epoch: state.epoch, step: state.step) }
    }
}

/// A folder with a run that has not ended, and that nobody asked to go on with.
public struct UnfinishedRunError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The folder.
    public let folder: String
    /// The epoch under way, from 1.
    public let epoch: Int
    /// The steps taken.
    public let step: Int

    /// The whole sentence.
    public var description: String {
        "\(folder) holds an unfinished run (epoch \(epoch), after \(grouped(step)) steps); resume it with --resume, choose another folder with --out, or start over in its place with --replace"
    }
}

/// A folder that another training has hold of.
public struct RunFolderError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The folder.
    public let folder: String
    /// The number of the process that has it, if it said so.
    public let process: Int32?

    /// The whole sentence.
    public var description: String {
        "another run\(process.map { " (process \($0))" } ?? "") is training into \(folder); wait for it to finish, or choose another folder with --out"
    }
}
