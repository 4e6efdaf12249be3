import DescentCore
import DescentFormats
import DescentNN

/// When a training is saved besides its end.
public enum CheckpointInterval: Equatable, Sendable {
    /// After this many seconds, at the end of the current step.
    case seconds(Double)
    /// Every this many steps.
    case steps(Int)
    /// Every this many epochs.
    case epochs(Int)
    /// At the end of an epoch, where the last save is some seconds ago.
    case automatic

    /// The seconds between saves that `automatic` lets pass.
    static let pause = Duration.seconds(5)
}

/// Saves a training into its folder, and resumes it.
public struct Checkpointing: Sendable {
    /// Where to.
    public var folder: RunFolder
    /// When.
    public var interval: CheckpointInterval
    /// A checksum of the training's data. A run is not resumed on data with another checksum.
    public var fingerprint: String
    /// The settings of the training, kept beside its state.
    public var settings: JSON
    /// Whether to resume the training that the folder holds.
    public var resumes: Bool

    /// - Parameter fingerprint: such as `Checksum(bytes).hex`; empty where data need not be the same.
    public init(
        _ folder: RunFolder, every interval: CheckpointInterval = .automatic, fingerprint: String = "", settings: JSON = .null, resumes: Bool = true
    ) {
        (self.folder, self.interval, self.fingerprint, self.settings, self.resumes) = (folder, interval, fingerprint, settings, resumes)
    }

    /// Whether it is time to save.
    func isDue(steps: Int, time: Duration, endOfEpoch epoch: Int?) -> Bool {
        switch interval {
        case .seconds(let seconds): time >= .seconds(seconds)
        case .steps(let count): steps >= count
        case .epochs(let count): epoch.map { $0 % count == 0 } ?? false
        case .automatic: epoch != nil && time >= CheckpointInterval.pause
        }
    }

    /// Saves all of it, and the best weights again in a file of their own if they are new.
    func save(
        model: [NamedVariable], optimizer: [NamedVariable], best: [(path: String, value: Tensor)], isBestNew: Bool, state: TrainingState
    ) throws -> String {
        let path = folder.file(RunFolder.checkpointName)
        let now = [("model", model), ("optimizer", optimizer)].map { group in
            (name: group.0, tensors: group.1.map { (path: $0.path, value: $0.variable.value) })
        }
        try Checkpoint(
            now + [(name: "best", tensors: best)],
            document: [
                "fingerprint": .string(fingerprint), "settings": settings, "state": state.toJSON(),
            ]
        ).write(to: path)
        if isBestNew {
            try Checkpoint([(name: "model", tensors: best)], document: ["fingerprint": .string(fingerprint), "settings": settings])
                .write(to: folder.file(RunFolder.bestName))
        }
        return path
    }

    /// Whether a checkpoint is of a run on the same data.
    func isSameData(as checkpoint: Checkpoint) throws -> Bool { try checkpoint.reader["fingerprint"].string() == fingerprint }

    /// The training that the folder holds, if it is to be resumed.
    ///
    /// - Throws: `ResumeError` where the data is another, `FileError`, `FormatError`.
    func found() throws -> (checkpoint: Checkpoint, state: TrainingState)? {
        guard resumes, let checkpoint = try folder.checkpoint() else { return nil }
        if try !isSameData(as: checkpoint) {
            throw ResumeError("the data has changed since \(checkpoint.file) was saved, so the run cannot go on to the same result; restore the data, or start over without --resume")
        }
        return (checkpoint, try TrainingState(json: checkpoint.reader["state"]))
    }
}

/// Why a training cannot be resumed, as a sentence.
public struct ResumeError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// An error with its whole sentence.
    public init(_ sentence: String) { description = sentence }
}
