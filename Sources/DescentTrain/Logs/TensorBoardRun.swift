import DescentFormats

/// Writes a training's records as TensorBoard shows them, into the run's folder: loss, learning rate and the validation's metrics, by step.
/// A resumed run adds a file; steps that were lost are hidden. A run that starts over removes the files of the previous one.
public final class TensorBoardRun: TrainingObserver {
    private let folder: String
    private var log: TensorBoardLog?

    /// - Parameter folder: Where the event files go; made where it is missing when the run begins.
    public init(folder: String) { self.folder = folder }

    public func observe(_ event: TrainingEvent) throws {
        switch event {
        case .began(let state, _, _):
            if state.isFinished { return }
            if state.step == 0 { try TensorBoardLog.removeFiles(in: folder) }
            log = try TensorBoardLog(folder: folder, resumingAt: state.step == 0 ? nil : state.step + 1)
        case .record(let record):
            let values = [("loss", record.loss), ("learning_rate", record.learningRate)] + record.metrics.map { ($0.name, $0.value) }
            try log?.append(step: record.step, values: values.map { (name: $0.0, value: $0.1) })
        case .finished:
            try log?.flush()
            log = nil
        case .epochBegan, .step, .saved: break
        }
    }
}
