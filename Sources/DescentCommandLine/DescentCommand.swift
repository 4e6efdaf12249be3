import ArgumentParser
import Descent

/// The command line: `descent train | fit | tune | predict | translate | evaluate | inspect | generate | complete | explain | range-test`.
struct DescentCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descent",
        abstract: "Train neural networks on tables, images, texts, translations and series, and use them.",
        discussion: """
            Start with: descent train digits

            Exit codes: 0 done, 1 the work failed, 64 wrong arguments, 65 bad input, 66 no such file, 73 cannot write,
            130 stopped by Ctrl-C (143 by SIGTERM), with the state saved.
            """,
        version: Release.version,
        subcommands: [
            TrainCommand.self, FitCommand.self, TuneCommand.self, PredictCommand.self, TranslateCommand.self, EvaluateCommand.self, InspectCommand.self, GenerateCommand.self,
            CompleteCommand.self, ExplainCommand.self, RangeTestCommand.self,
        ])
}
