import ArgumentParser
import Descent
import DescentFormats

extension ClassicalKind: ExpressibleByArgument {}
extension ClassicalMethod: ExpressibleByArgument {}

/// `descent fit FILE --target COLUMN`.
struct FitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Fit a classical model to a table (linear, logistic, softmax and others), and print its coefficients.",
        discussion: """
            All rows are fitted to, and all columns as they are; --test-fraction holds rows out, --transform, --degree and --standardize change columns.

            Examples:
              descent fit housing.csv --target 14                           a linear regression, since the target holds numbers
              descent fit titanic.csv --target Survived                     a logistic regression, since it has two classes
              descent fit cars.csv --formula "mpg ~ weight + log(power) + C(cylinders) + weight:power"
              descent fit growth.csv --formula "y ~ b1*(1 - exp(-b2*x))"    nonlinear least squares: b1 and b2 are no columns
              descent fit iris --model gaussian                             a linear discriminant of the built-in irises
              descent fit diabetes --model lasso --penalty 2                some coefficients become exactly 0
            """)

    @Argument(help: "A table (CSV, TSV, JSON lines, NumPy arrays, Parquet; - for the standard input) in one file or several, or digits, iris, diabetes (built in).", completion: .file())
    var files: [String]
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
    @Option(
        help: ArgumentHelp(
            "The model as a formula, as in R: \"y ~ x1 + log(x2) + x1:x3 + C(city) + x^2 - 1\"; with names that are no columns, nonlinear least squares: \"y ~ b1*exp(-b2*x)\".",
            valueName: "formula"))
    var formula: String?
    @Option(help: ArgumentHelp("Where the parameters of a nonlinear formula start: b1=500,b2=0.0001. Default: many starts are tried.", valueName: "values"))
    var start: String?
    @Option(help: ArgumentHelp("Bounds of parameters of a nonlinear formula: b1=0:1,b2=0: (one end may be left out).", valueName: "ranges"))
    var bounds: String?
    @Option(
        name: .customLong("transform"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Take a function of a column: log:income. Functions: abs, exp, inverse, log, log1p, sqrt, square. May be given several times.", valueName: "function:column"))
    var transforms: [String] = []
    @Flag(help: "Scale numbers to a mean of 0 and a standard deviation of 1. Penalties and gradient descents do so in any case.")
    var standardize = false
    @Option(
        name: .customLong("reference"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp("Level of a category that the others are compared with: city=Paris. Default: its first level. May be given several times.", valueName: "column=level"))
    var references: [String] = []
    @Flag(help: "With a penalty: an indicator for each level of a category, without a reference.")
    var allLevels = false
    @Flag(help: "Of a linear regression: standard errors for errors of unequal variance (HC3).")
    var robust = false
    @Option(help: "Probability that a confidence interval covers its coefficient.")
    var confidence = ClassicalSettings().confidence
    @Option(help: "Degree of polynomial features: 2 for squares and products of two columns. Default: 1.")
    var degree = ClassicalSettings().degree
    @Option(help: "Learning rate of gradient descent.")
    var rate = ClassicalSettings().rate
    @Option(help: "Maximum number of iterations; for sgd and the perceptron, of epochs.")
    var iterations = ClassicalSettings().iterations
    @OptionGroup var folder: FitFolderArguments
    @OptionGroup var output: OutputArguments
    @OptionGroup var threading: ThreadArguments

    /// The page, in the model's folder, about the fit.
    static let reportName = "report.html"

    func run() throws {
        try reportingErrors {
            threading.apply()
            let settings = try settings()
            let reading = settings.table.reading, files = try FileSystem.matching(files), file = files[0]
            // A formula with a ~ says itself what is predicted.
            let saysTarget = settings.formula?.contains("~") ?? false
            let (table, target) = saysTarget ? (try reading.table(files), reading.target) : try Self.question(reading, files)
            let training = try ClassicalTraining(table, target: target, settings: settings, fingerprint: reading.fingerprint(files))
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
            let path = try model.save(to: run.path)
            let page = run.file(Self.reportName)
            try model.report(command: ([programName] + CommandLine.arguments.dropFirst().map(shellQuoted)).joined(separator: " ")).write(to: page)
            if output.json {
                try StandardStream.output.print(report.line(model, path: path, page: page).text())
            } else if output.isSpoken {
                try StandardStream.output.print(report.closing(model, path: path, page: page))
            }
        }
    }

    private static func question(_ reading: TableReading, _ files: [String]) throws -> (Table, String?) { try reading.question(files) }

    private func settings() throws -> ClassicalSettings {
        var settings = ClassicalSettings()
        settings.kind = model
        for (name, values) in options.given { _ = try settings.table.set(name, values) }
        settings.penalty = try penalty.map { try PenaltyArgument($0, for: model).penalty }
        (settings.method, settings.degree, settings.rate, settings.iterations) = (method, degree, rate, iterations)
        (settings.formula, settings.isStandardized, settings.hasAllLevels) = (formula, standardize, allLevels)
        (settings.isRobust, settings.confidence) = (robust, confidence)
        if let start { settings.start = try FitArguments.start(start) }
        if let bounds { settings.bounds = try FitArguments.bounds(bounds) }
        settings.transforms = try FitArguments.pairs(transforms, option: "--transform", separator: ":", example: "log:income", isReversed: true)
        settings.references = try FitArguments.pairs(references, option: "--reference", separator: "=", example: "city=Paris")
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
