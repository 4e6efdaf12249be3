import ArgumentParser
import Descent

/// `descent range-test FILE --target COLUMN`.
struct RangeTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "range-test",
        abstract: "Finds a learning rate: one step at each of many rates, and the loss before each.",
        discussion: """
            The network is the one that `descent train` would train. No model is kept.

            Example: descent range-test titanic.csv --target Survived
            """)

    @Argument(help: "A file of CSV or TSV (- for the standard input), or digits, iris or diabetes, which are built in.")
    var file: String
    @Option(help: "The column to be predicted: its name, or its number from 1.")
    var target: String?
    @Option(help: "What is asked for: binary, multiclass or regression. Guessed from the target if not given.")
    var task: PredictionTask?
    @Flag(inversion: .prefixedNo, help: "Whether the first row names the columns. Guessed if not given.")
    var header: Bool?
    @OptionGroup var reading: TableArguments
    @Option(parsing: .unconditional, help: "The first rate.")
    var from = 1e-6
    @Option(parsing: .unconditional, help: "The last rate.")
    var to = 10.0
    @Option(help: "How many steps.")
    var steps = 100
    @Option(help: "The most rows of a step. Chosen by the number of rows if not given.")
    var batchSize: Int?
    @Option(help: "What the split, the first weights and the order are drawn from.")
    var seed = TabularSettings().seed
    @OptionGroup var threading: ThreadArguments
    @Option(help: ArgumentHelp("Where the chart goes. Default: range-test.svg; with --json none.", valueName: "file"))
    var svg: String?
    @Flag(help: "Print one line of JSON instead of sentences.")
    var json = false

    func run() throws {
        try reportingErrors {
            threading.apply()
            guard from > 0, from.isFinite else { throw SettingsError("--from is \(from); the first rate must be above 0") }
            guard to > from, to.isFinite else { throw SettingsError("--to is \(to); the last rate must be above the first, \(from)") }
            guard (2...100_000).contains(steps) else { throw SettingsError("--steps is \(steps); it must be 2 to 100000") }
            let table = try reading.table(file, header: header.map { $0 ? .present : .absent } ?? .guess)
            guard let target = target ?? reading.builtIn(file)?.target else {
                throw SettingsError("which column is to be predicted? Say --target and one of: \(table.names.joined(separator: ", "))")
            }
            var settings = TabularSettings()
            settings.task = task
            settings.batchSize = batchSize
            settings.seed = seed
            let training = try TabularTraining(table, target: target, settings: settings)
            let test = try training.rangeTest(from: from, to: to, count: steps)
            let path = svg ?? (json ? nil : "range-test.svg")
            if let path { try FileSystem.write(Array(test.chart("Learning-rate range test: \(file)").svg().utf8), to: path) }
            try StandardStream.output.print(json ? line(test).text() : "\(training.target.note)\n\(training.architecture.summary), batches of \(training.settings.batchSize ?? 0)\n\n\(test.text())\n\nChart: \(path ?? "")")
        }
    }

    private func line(_ test: LearningRateRangeTest) -> JSON {
        func number(_ value: Double?) -> JSON { value.map { $0.isFinite ? .number($0) : .null } ?? .null }
        var regimes = JSON.Object()
        for regime in LearningRateRangeTest.Regime.allCases {
            regimes[regime.rawValue] = test.rates(of: regime).map { .array([.number($0.lowerBound), .number($0.upperBound)]) } ?? .null
        }
        return [
            "suggestion": number(test.suggestion), "rates": JSON(test.rates), "losses": .array(test.losses.map { number($0) }),
            "regimes": .object(regimes), "endedEarly": .bool(test.endedEarly),
        ]
    }
}
