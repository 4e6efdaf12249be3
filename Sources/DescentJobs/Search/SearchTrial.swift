import DescentFormats
import DescentTrain

/// One training of a search: its settings, for a number of epochs.
public struct SearchTrial<Settings: JobSettings>: Equatable, Sendable {
    /// The rung, from 1.
    public let rung: Int
    /// The epochs of its training.
    public let epochs: Int
    /// The trial's number, from 1; the same in each rung.
    public let number: Int
    /// Its settings.
    public let settings: Settings
    /// The validation loss; infinite where the training diverged.
    public let loss: Double

    /// Where its training came to.
    public init(rung: Int, epochs: Int, number: Int, settings: Settings, loss: Double) {
        (self.rung, self.epochs, self.number, self.settings, self.loss) = (rung, epochs, number, settings, loss)
    }
}

/// The trials of a search in a file, a row for each as it ends. Rows depend on data, settings and seed alone: a search that was killed and
/// resumed ends with the same bytes.
struct TrialTable<Settings: JobSettings> {
    private let space: SearchSpace<Settings>
    private let path: String
    private let file: AppendingFile
    /// The trials of earlier processes, not yet used.
    private var lines: ArraySlice<Substring>
    /// The number of the next line in the file, from 1.
    private var number = 2

    /// Begins a table, or resumes one.
    ///
    /// - Throws: `FileError`; `FormatError` where the file is no table of trials.
    init(path: String, space: SearchSpace<Settings>, resumes: Bool) throws {
        (self.path, self.space) = (path, space)
        let names = space.dimensions.map { $0.name.split(separator: "-").joined(separator: "_") }
        let header = (["rung", "epochs", "trial"] + names + ["validation_loss"]).joined(separator: ",")
        lines = []
        if resumes, FileSystem.exists(path) {
            // Only ended lines were written whole; what a killed process left of the last is cut off.
            let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
            let ended = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if ended.first.map({ $0 != header }) ?? false {
                throw FormatError(file: "\(path):1", reason: "it is no table of trials: its first line is not \(quoted(header)); move it away, or start over with --overwrite")
            }
            lines = ended.dropFirst()
        }
        try FileSystem.write(Array(([header[...]] + lines).map { $0 + "\n" }.joined().utf8), to: path)
        file = try AppendingFile(path: path)
    }

    /// The loss of a training that an earlier process ended; `nil` where none did.
    ///
    /// - Throws: `FormatError` where the next row is of another training, or damaged.
    mutating func next(rung: Int, epochs: Int, number trial: Int, _ settings: Settings) throws(FormatError) -> Double? {
        guard let line = lines.first else { return nil }
        let start = start(rung, epochs, trial, settings)
        guard line.hasPrefix(start), let loss = Double(line.dropFirst(start.count)), !loss.isNaN else {
            throw FormatError(
                file: "\(path):\(number)",
                reason:
                    "\(quoted(String(line))) is damaged, or of another search: \(quoted(start)) and the loss of that trial belong here; cut the file off before this line, or start over with --overwrite"
            )
        }
        lines = lines.dropFirst()
        number += 1
        return loss
    }

    /// Adds a row, and waits until it is on the disk.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    mutating func append(_ trial: SearchTrial<Settings>) throws(FileError) {
        try file.append(Array("\(start(trial.rung, trial.epochs, trial.number, trial.settings))\(trial.loss)\n".utf8))
        try file.synchronise()
        number += 1
    }

    /// Whether a row is left that no trial of the search took.
    ///
    /// - Throws: `FormatError` if so.
    func requireNothingLeft() throws(FormatError) {
        guard let line = lines.first else { return }
        throw FormatError(file: "\(path):\(number)", reason: "\(quoted(String(line))) is of no trial of this search; cut the file off before this line, or start over with --overwrite")
    }

    private func start(_ rung: Int, _ epochs: Int, _ number: Int, _ settings: Settings) -> String {
        (["\(rung)", "\(epochs)", "\(number)"] + space.dimensions.map { CSVLine.field($0.text(settings)) }).joined(separator: ",") + ","
    }
}
