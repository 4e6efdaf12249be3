import ArgumentParser
import Descent

/// `descent range-test FILE --target COLUMN`.
struct RangeTestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "range-test",
        abstract: "Learning-rate range test: one step at each of many rates, and the loss before each.",
        discussion: """
            The network is the one that `descent train` would train with the same arguments; --steps is the number of learning rates (default:
            \(usualSteps)). No model is kept.

            Example: descent range-test titanic.csv --target Survived
            """)

    private static let usualSteps = 100

    @Argument(help: ArgumentHelp("What `descent train` would be given.", valueName: "file"), completion: .file())
    var files: [String]
    @OptionGroup var options: LayoutArguments<TrainLayout>
    @Option(parsing: .unconditional, help: "The lowest learning rate.")
    var from = 1e-6
    @Option(parsing: .unconditional, help: "The highest learning rate.")
    var to = 10.0
    @OptionGroup var jobs: JobArguments
    @OptionGroup var threading: ThreadArguments
    @Option(help: ArgumentHelp("Where the chart goes. Default: range-test.svg; with --json none.", valueName: "file"), completion: .file(extensions: ["svg"]))
    var svg: String?
    @Flag(help: "Print one line of JSON instead of sentences.")
    var json = false

    func run() throws {
        try reportingErrors {
            threading.apply()
            guard from > 0, from.isFinite else { throw SettingsError("--from is \(from); the lowest rate must be above 0") }
            guard to > from, to.isFinite else { throw SettingsError("--to is \(to); the highest rate must be above the lowest, \(from)") }
            let (job, input, reason) = try jobs.recognize(files, options, inSteps: true)
            try test(job, input, reason)
        }
    }

    private func test<J: Job>(_ job: J.Type, _ input: JobInput, _ reason: String) throws {
        let request = try RunRequest<J>(input, reason: reason, options: options.given)
        let steps = request.settings.run.steps ?? Self.usualSteps
        guard (2...100_000).contains(steps) else { throw SettingsError("--steps is \(steps); it must be 2 to 100000") }
        let training = try request.training()
        let test = try training.rangeTest(from: from, to: to, count: steps)
        let path = svg ?? (json ? nil : "range-test.svg")
        if let path { try FileSystem.write(Array(test.chart("Learning-rate range test: \(input.names)").svg().utf8), to: path) }
        try StandardStream.output.print(json ? line(test).text() : (training.opening + ["", test.text(), ""] + [path.map { "Chart: \($0)" } ?? ""]).joined(separator: "\n"))
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
