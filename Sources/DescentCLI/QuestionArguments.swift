import ArgumentParser
import Descent

extension PredictionTask: ExpressibleByArgument {}
extension OddCells: ExpressibleByArgument {}

/// What is asked of a table: shared by the commands that learn from one.
struct QuestionArguments: ParsableArguments {
    @Option(help: "The column to be predicted: its name, or its number from 1.")
    var target: String?
    @Option(help: "What is asked for: binary, multiclass or regression. Guessed from the target if not given.")
    var task: PredictionTask?
    @Flag(inversion: .prefixedNo, help: "Whether the first row names the columns. Guessed if not given.")
    var header: Bool?
    @Option(name: .customLong("column"), help: ArgumentHelp("How a column is understood, where the guess is wrong: Age=category. Kinds: \(ColumnArgument.kinds). May be given several times.", valueName: "name=kind"))
    var columns: [String] = []
    @Option(help: "A cell that is no number in a column of numbers: reject (an error) or missing.")
    var oddCells = OddCells.reject
    @Option(help: "The part of the rows held out to test on, at least 0 and below 1.")
    var testFraction: Double?

    /// The defaults with what was said here.
    func settings() throws -> TabularSettings {
        var settings = TabularSettings()
        settings.task = task
        settings.columns = try ColumnArgument.kinds(columns)
        settings.oddCells = oddCells
        settings.testFraction = testFraction ?? settings.testFraction
        return settings
    }
}
