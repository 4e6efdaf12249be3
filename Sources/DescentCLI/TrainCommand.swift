import ArgumentParser
import Descent

extension PredictionTask: ExpressibleByArgument {}
extension OddCells: ExpressibleByArgument {}

/// `descent train FILE --target COLUMN`.
struct TrainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train",
        abstract: "Trains a network on a table, tests it on rows held out, and saves it.",
        discussion: """
            Examples:
              descent train digits                            the built-in example
              descent train titanic.csv --target Survived     a column with a name
              descent train housing.csv --target 14           the 14th column
            """)

    @Argument(help: "A CSV file (- for the standard input), or digits, iris or diabetes, which are built in.")
    var file: String
    @Option(help: "The column to be predicted: its name, or its number from 1.")
    var target: String?
    @Option(help: "What is asked for: binary, multiclass or regression. Guessed from the target if not given.")
    var task: PredictionTask?
    @Flag(inversion: .prefixedNo, help: "Whether the first row names the columns. Guessed if not given.")
    var header: Bool?
    @OptionGroup var reading: TableArguments
    @Option(help: "A cell that is no number in a column of numbers: reject (an error) or missing.")
    var oddCells = OddCells.reject
    @Option(help: "The part of the rows held out to test on, at least 0 and below 1.")
    var testFraction = TabularSettings().testFraction
    @Option(help: "The sizes of the hidden layers, or none for a linear model.")
    var hidden = "128,128"
    @Option(help: "The activation: \(Activation.all.map(\.name).joined(separator: ", ")).")
    var activation = TabularSettings().activation
    @Option(help: "The share of hidden values dropped in training.")
    var dropout = TabularSettings().dropout
    @Option(help: "The highest learning rate; it falls to 0 along a cosine.")
    var learningRate = TabularSettings().learningRate
    @Option(help: "The decoupled weight decay.")
    var weightDecay = TabularSettings().weightDecay
    @Option(help: "How often each row is visited. Chosen by the number of rows if not given.")
    var epochs: Int?
    @Option(help: "The most rows of a step. Chosen by the number of rows if not given.")
    var batchSize: Int?
    @Option(help: "What the split, the first weights, the order and the dropout are drawn from.")
    var seed = TabularSettings().seed
    @OptionGroup var threading: ThreadArguments
    @Option(help: "The folder for the model. Default: descent-models/ and the file's name.")
    var out: String?
    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false
    @Flag(help: "End with one line of JSON instead of sentences.")
    var json = false

    func run() throws {
        try reportingErrors {
            threading.apply()
            let settings = try settings()
            let start = ContinuousClock.now
            let table = try reading.table(file, header: header.map { $0 ? .present : .absent } ?? .guess)
            guard let target = target ?? reading.builtIn(file)?.target else {
                throw SettingsError("which column is to be predicted? Say --target and one of: \(table.names.joined(separator: ", "))")
            }
            let training = try TabularTraining(table, target: target, settings: settings)
            let report = TrainReport(training: training, file: file, isTaskGuessed: task == nil)
            // A folder that cannot be made is found before the run, not after it.
            try FileSystem.createFolder(folder)
            if !quiet && !json { try StandardStream.output.print(report.opening(isBuiltIn: reading.isBuiltIn(file))) }

            let progress = ProgressLine(isTerminal: StandardStream.error.isTerminal) { StandardStream.error.write($0) }
            let model: TabularModel
            do {
                model = try training.run { if !quiet { progress.show($0) } }
            } catch {
                progress.interrupt()
                throw error
            }
            let path = try model.save(to: folder)
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            if json {
                try StandardStream.output.print(report.line(model, path: path, seconds: seconds).text())
            } else if !quiet {
                try StandardStream.output.print(report.closing(model, path: path, folder: folder))
            }
        }
    }

    private func settings() throws -> TabularSettings {
        var settings = TabularSettings()
        settings.task = task
        settings.oddCells = oddCells
        settings.testFraction = testFraction
        settings.activation = activation
        settings.dropout = dropout
        settings.learningRate = learningRate
        settings.weightDecay = weightDecay
        settings.epochs = epochs
        settings.batchSize = batchSize
        settings.seed = seed
        settings.hidden = try hidden == "none" ? [] : hidden.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let size = Int(part) else {
                throw SettingsError("--hidden is \"\(hidden)\"; it must be sizes with commas between, such as 128,128, or none")
            }
            return size
        }
        try settings.validate()
        return settings
    }

    /// Where the model goes.
    private var folder: String {
        if let out { return out }
        let name = file == "-" ? "model" : String(file.split(separator: "/").last ?? "model")
        let stem = name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
        return "descent-models/\(stem)"
    }
}
