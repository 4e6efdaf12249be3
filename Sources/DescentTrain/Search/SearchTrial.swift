import DescentFormats

/// One training of a search: a setting, for so many epochs.
public struct SearchTrial: Equatable, Sendable {
    /// The rung, from 1.
    public let rung: Int
    /// The epochs of its training.
    public let epochs: Int
    /// The setting's number, from 1; the same in each rung.
    public let number: Int
    /// What it trained with.
    public let setting: SearchSetting
    /// The validation loss: cross-entropy in nats, or the mean squared error of the standardised target; infinite where the training diverged.
    public let loss: Double

    /// Where its training came to.
    public init(rung: Int, epochs: Int, number: Int, setting: SearchSetting, loss: Double) {
        (self.rung, self.epochs, self.number, self.setting, self.loss) = (rung, epochs, number, setting, loss)
    }
}

/// The trials of a search in a file, a row for each as it ends. Rows depend on data, settings and seed alone: a search that was killed and
/// taken up ends with the same bytes.
struct TrialTable {
    private static let header = "rung,epochs,trial,hidden,activation,dropout,learning_rate,weight_decay,validation_loss"

    private let path: String
    private let file: AppendingFile
    /// What earlier processes left, not yet taken.
    private var lines: ArraySlice<Substring>
    /// The number of the next line in the file, from 1.
    private var number = 2

    /// Begins a table, or takes up one.
    ///
    /// - Throws: `FileError`; `FormatError` where the file is no table of trials.
    init(path: String, resumes: Bool) throws {
        self.path = path
        lines = []
        if resumes, FileSystem.exists(path) {
            // Only ended lines were written whole; what a killed process left of the last is cut off.
            let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
            let ended = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if ended.first.map({ $0 != Self.header }) ?? false {
                throw FormatError(file: "\(path):1", reason: "it is no table of trials: its first line is not \(quoted(Self.header)); move it away, or begin anew with --overwrite")
            }
            lines = ended.dropFirst()
        }
        try FileSystem.write(Array(([Self.header[...]] + lines).map { $0 + "\n" }.joined().utf8), to: path)
        file = try AppendingFile(path: path)
    }

    /// The loss of a training that an earlier process ended; `nil` where none did.
    ///
    /// - Throws: `FormatError` where the next row is of another training, or damaged.
    mutating func next(_ trial: (rung: Int, epochs: Int, number: Int, setting: SearchSetting)) throws(FormatError) -> Double? {
        guard let line = lines.first else { return nil }
        let start = Self.start(trial)
        guard line.hasPrefix(start), let loss = Double(line.dropFirst(start.count)), !loss.isNaN else {
            throw FormatError(file: "\(path):\(number)", reason: "\(quoted(String(line))) is damaged, or of another search: here belongs \(quoted(start)) and the loss of that trial; cut the file off before this line, or begin anew with --overwrite")
        }
        lines = lines.dropFirst()
        number += 1
        return loss
    }

    /// Adds a row, and waits until it is on the disk.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    mutating func append(_ trial: SearchTrial) throws(FileError) {
        try file.append(Array("\(Self.start((trial.rung, trial.epochs, trial.number, trial.setting)))\(trial.loss)\n".utf8))
        try file.synchronise()
        number += 1
    }

    /// Whether a row is left that no trial of the search took.
    ///
    /// - Throws: `FormatError` if so.
    func requireNothingLeft() throws(FormatError) {
        guard let line = lines.first else { return }
        throw FormatError(file: "\(path):\(number)", reason: "\(quoted(String(line))) is of no trial of this search; cut the file off before this line, or begin anew with --overwrite")
    }

    private static func start(_ trial: (rung: Int, epochs: Int, number: Int, setting: SearchSetting)) -> String {
        let setting = trial.setting
        let cells = [
            "\(trial.rung)", "\(trial.epochs)", "\(trial.number)", CSVLine.field(setting.hiddenText), CSVLine.field(setting.activation),
            "\(setting.dropout)", "\(setting.learningRate)", "\(setting.weightDecay)",
        ]
        return cells.joined(separator: ",") + ","
    }
}
