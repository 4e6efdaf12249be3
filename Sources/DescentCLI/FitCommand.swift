import ArgumentParser
import Descent

extension ClassicalKind: ExpressibleByArgument {}
extension ClassicalMethod: ExpressibleByArgument {}

/// `descent fit FILE --target COLUMN`.
struct FitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fits a classical model to a table: linear, logistic, softmax and others, with coefficients to be read.",
        discussion: """
            Examples:
              descent fit housing.csv --target 14                           a linear regression, since the target holds numbers
              descent fit titanic.csv --target Survived --penalty ridge:1   a logistic regression, since it has two classes
              descent fit iris --model gaussian                             a linear discriminant of the built-in irises
              descent fit diabetes --model lasso --penalty 2                some coefficients become exactly 0
              descent fit xor.csv --target y --degree 2 --penalty ridge:1   with squares and products of the columns
            """)

    @Argument(help: "A file of CSV or TSV (- for the standard input), or digits, iris or diabetes, which are built in.")
    var file: String
    @OptionGroup var question: QuestionArguments
    @OptionGroup var reading: TableArguments
    @Option(help: "The model: \(ClassicalKind.allCases.map(\.rawValue).joined(separator: ", ")). If not given linear for numbers, logistic for two classes, softmax for more.")
    var model: ClassicalKind?
    @Option(help: ArgumentHelp("What keeps coefficients small: none, ridge:STRENGTH, lasso:STRENGTH or elastic-net:STRENGTH:LASSO-SHARE; for ridge, lasso and elastic-net also the strength alone. If not given 1 for these and where several classes need one, else none.", valueName: "penalty"))
    var penalty: String?
    @Option(help: "How the minimum is found: automatic, svd, gradient-descent or sgd for linear and ridge; newton, lbfgs or gradient-descent for logistic and softmax.")
    var method: ClassicalMethod?
    @Option(help: "The highest degree of products of columns: 2 for squares and products of two.")
    var degree = ClassicalSettings().degree
    @Option(help: "The step of gradient descent.")
    var rate = ClassicalSettings().rate
    @Option(help: "The most steps of a search; of sgd and the perceptron the epochs.")
    var iterations = ClassicalSettings().iterations
    @Option(help: "What the split is drawn from.")
    var seed = TabularSettings().seed
    @Option(help: "The folder for the model. Default: descent-models/, the file's name, and the model's.")
    var out: String?
    @Flag(name: .shortAndLong, help: "Say nothing but errors.")
    var quiet = false
    @Flag(help: "End with one line of JSON instead of sentences.")
    var json = false
    @OptionGroup var threading: ThreadArguments

    /// The file, in the model's folder, that has the coefficients.
    static let coefficientsName = "coefficients.json"

    func run() throws {
        try reportingErrors {
            threading.apply()
            let table = try reading.table(file, header: question.header.map { $0 ? .present : .absent } ?? .guess)
            guard let target = question.target ?? (reading.labels == nil ? reading.builtIn(file)?.target : "label") else {
                throw SettingsError("which column is to be predicted? Say --target and one of: \(table.names.joined(separator: ", "))")
            }
            let training = try ClassicalTraining(table, target: target, settings: settings(), fingerprint: reading.fingerprint(file))
            let folder = out ?? "\(TrainRequest.folder(file))-\(training.kind.rawValue)"
            let report = FitReport(training: training, file: file, folder: folder, labels: reading.labels, isGuessed: model == nil, isTaskGuessed: question.task == nil)
            // A folder that cannot be made, or is in use, is found before the fit.
            let run = try RunFolder(folder)
            try run.requireNoUnfinishedRun()
            let isSpoken = !quiet && !json
            if isSpoken { try StandardStream.output.print(report.opening) }
            let model: ClassicalModel
            do {
                model = try training.run()
            } catch ModelError.separable {
                throw FitError(report.separable(command))
            }
            let path = try model.tabular?.save(to: run.path)
            let coefficients = run.file(Self.coefficientsName)
            try FileSystem.write(Array(model.toJSON().text(.pretty, file: coefficients).utf8), to: coefficients)
            if json {
                try StandardStream.output.print(report.line(model, path: path, coefficients: coefficients).text())
            } else if isSpoken {
                try StandardStream.output.print(report.closing(model, path: path, coefficients: coefficients))
            }
        }
    }

    private func settings() throws -> ClassicalSettings {
        var settings = ClassicalSettings()
        settings.kind = model
        settings.table = try question.settings()
        settings.table.seed = seed
        settings.penalty = try penalty.map { try PenaltyArgument($0, for: model).penalty }
        (settings.method, settings.degree, settings.rate, settings.iterations) = (method, degree, rate, iterations)
        try settings.validate()
        return settings
    }

    /// This command with a penalty, as a shell takes it.
    private var command: String {
        let words = Array(CommandLine.arguments.dropFirst())
        // What stands last counts, so a penalty that was there is taken out.
        var kept: [String] = []
        var skips = false
        for word in words {
            if skips { skips = false } else if word == "--penalty" { skips = true } else if !word.hasPrefix("--penalty=") { kept.append(word) }
        }
        return ([TrainReport.program] + (kept + ["--penalty", "ridge:1"]).map(shellQuoted)).joined(separator: " ")
    }
}

/// A fit without an answer, as a sentence.
struct FitError: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}
