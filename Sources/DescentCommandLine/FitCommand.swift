import ArgumentParser
import Descent

extension ClassicalKind: ExpressibleByArgument {}
extension ClassicalMethod: ExpressibleByArgument {}

/// `descent fit FILE --target COLUMN`.
struct FitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fit a classical model to a table (linear, logistic, softmax and others), and print its coefficients.",
        discussion: """
            Examples:
              descent fit housing.csv --target 14                           a linear regression, since the target holds numbers
              descent fit titanic.csv --target Survived --penalty ridge:1   a logistic regression, since it has two classes
              descent fit iris --model gaussian                             a linear discriminant of the built-in irises
              descent fit diabetes --model lasso --penalty 2                some coefficients become exactly 0
              descent fit xor.csv --target y --degree 2 --penalty ridge:1   with squares and products of the columns
            """)

    @Argument(help: "A table (CSV, TSV; - for the standard input), or digits, iris, diabetes (built in).", completion: .file())
    var file: String
    @OptionGroup var options: LayoutArguments<FitLayout>
    @Option(help: "Model: \(ClassicalKind.allCases.map(\.rawValue).joined(separator: ", ")). Default: linear for numbers, logistic for two classes, softmax for more.")
    var model: ClassicalKind?
    @Option(
        help: ArgumentHelp(
            "Penalty: none, ridge:STRENGTH, lasso:STRENGTH or elastic-net:STRENGTH:LASSO-SHARE; for ridge, lasso and elastic-net also the strength alone. Default: strength 1 for these and for several classes, otherwise none.",
            valueName: "penalty"))
    var penalty: String?
    @Option(help: "Solver: automatic, svd, gradient-descent or sgd for linear and ridge; newton, lbfgs or gradient-descent for logistic and softmax.")
    var method: ClassicalMethod?
    @Option(help: "Degree of polynomial features: 2 for squares and products of two columns. Default: 1.")
    var degree = ClassicalSettings().degree
    @Option(help: "Learning rate of gradient descent.")
    var rate = ClassicalSettings().rate
    @Option(help: "Maximum number of iterations; for sgd and the perceptron, of epochs.")
    var iterations = ClassicalSettings().iterations
    @OptionGroup var folder: FitFolderArguments
    @OptionGroup var output: OutputArguments
    @OptionGroup var threading: ThreadArguments

    /// The file, in the model's folder, that has the coefficients.
    static let coefficientsName = "coefficients.json"

    func run() throws {
        try reportingErrors {
            threading.apply()
            let settings = try settings()
            let reading = settings.table.reading
            let (table, target) = try reading.question(file)
            let training = try ClassicalTraining(table, target: target, settings: settings, fingerprint: reading.fingerprint(file))
            // A folder that cannot be made, or is in use, is found before the fit.
            let (run, note) = try folder.arguments.choose(for: file, suffix: "-\(training.kind.rawValue)")
            let report = FitReport(
                training: training, file: file, folder: run.path, isGuessed: model == nil, attribution: reading.builtIn(file)?.attribution,
                isTaskGuessed: !options.given.contains { $0.name == "task" })
            if output.isSpoken { try StandardStream.output.print(report.opening + (note.map { $0 + "\n" } ?? "")) }
            let model: ClassicalModel
            do {
                model = try training.run()
            } catch ModelError.separable {
                throw FitError(report.separable(command))
            }
            let path = try model.tabular?.save(to: run.path)
            let coefficients = run.file(Self.coefficientsName)
            try FileSystem.write(Array(model.toJSON().text(.pretty, file: coefficients).utf8), to: coefficients)
            if output.json {
                try StandardStream.output.print(report.line(model, path: path, coefficients: coefficients).text())
            } else if output.isSpoken {
                try StandardStream.output.print(report.closing(model, path: path, coefficients: coefficients))
            }
        }
    }

    private func settings() throws -> ClassicalSettings {
        var settings = ClassicalSettings()
        settings.kind = model
        for (name, values) in options.given { _ = try settings.table.set(name, values) }
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
        return ([programName] + (kept + ["--penalty", "ridge:1"]).map(shellQuoted)).joined(separator: " ")
    }
}

/// A fit without an answer, as a sentence.
struct FitError: Error, CustomStringConvertible {
    let description: String

    init(_ sentence: String) { description = sentence }
}

/// The folder of a fit, which takes no time that could be resumed.
struct FitFolderArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Folder for the model. Default: descent-models/, the file's name and the model's; if that holds a model, the next free name.", valueName: "folder"), completion: .directory)
    var out: String?
    @Flag(help: "Replace the model that the folder holds.")
    var replace = false

    var arguments: FolderArguments { FolderArguments(out: out, replace: replace) }
}
