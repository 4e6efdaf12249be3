import DescentFormats

/// Writes a row for each record to `log.csv`, as it comes. A resumed run goes on where its state was saved: rows of steps that were
/// lost are cut, and the file ends as that of an unbroken run, byte for byte.
///
/// Columns: epoch, step, examples, learning_rate, loss, then the validation's metrics; one that was not measured is an empty cell.
public final class RunLog: TrainingObserver {
    private let path: String
    private var file: AppendingFile?
    private var records: [TrainingRecord] = []
    /// The metrics that have a column.
    private var metrics: [String] = []

    /// - Parameter path: Where the log is to be; one that is there is replaced when the run begins.
    public init(path: String) { self.path = path }

    public func observe(_ event: TrainingEvent) throws {
        switch event {
        case .began(let state, _, _):
            metrics = []
            records = state.history
            for record in records { addColumns(record) }
            try writeAll()
        case .record(let record):
            records.append(record)
            // The first validation may come after some records: then all rows get the new columns.
            if addColumns(record) { try writeAll() } else { try file?.append(Array(row(record).utf8)) }
        case .finished: file = nil
        case .epochBegan, .step, .saved: break
        }
    }

    @discardableResult
    private func addColumns(_ record: TrainingRecord) -> Bool {
        let new = record.metrics.map(\.name).filter { !metrics.contains($0) }
        metrics += new
        return !new.isEmpty
    }

    private func writeAll() throws {
        let header = (["epoch", "step", "examples", "learning_rate", "loss"] + metrics).joined(separator: ",") + "\n"
        try FileSystem.write(Array((header + records.map { row($0) }.joined()).utf8), to: path)
        file = try AppendingFile(path: path)
    }

    private func row(_ record: TrainingRecord) -> String {
        let cells = ["\(record.epoch)", "\(record.step)", "\(record.examples)", "\(record.learningRate)", "\(record.loss)"]
        return (cells + metrics.map { name in record[name].map { "\($0)" } ?? "" }).joined(separator: ",") + "\n"
    }
}
