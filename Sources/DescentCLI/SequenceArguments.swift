import ArgumentParser
import Descent

extension CellKind: ExpressibleByArgument {}
extension TokenUnit: ExpressibleByArgument {}

/// The options of training on sequences: texts, names, tunes, series.
struct SequenceArguments: ParsableArguments {
    @Option(help: ArgumentHelp("For sequences: the recurrent cell, rnn, lstm or gru.", valueName: "cell"))
    var cell: CellKind?
    @Option(help: ArgumentHelp("For sequences: how many recurrent layers.", valueName: "count"))
    var layers: Int?
    @Option(help: ArgumentHelp("For texts: the size of a piece's vector, or 0 for one-hot vectors.", valueName: "size"))
    var embedding: Int?
    @Option(help: ArgumentHelp("For texts: what they are cut into: characters, words, or bpe for pieces of words.", valueName: "unit"))
    var tokens: TokenUnit?
    @Option(help: ArgumentHelp("For texts cut into words or pieces: the most that are known.", valueName: "count"))
    var vocabulary: Int?
    @Option(help: ArgumentHelp("For texts and series: the steps that are learned from at once.", valueName: "steps"))
    var window: Int?
    @Option(help: ArgumentHelp("For sequences: how long to train, about, instead of epochs.", valueName: "minutes"))
    var minutes: Double?
    @Option(help: ArgumentHelp("The target is a series over time: forecast so many steps ahead.", valueName: "steps"))
    var forecast: Int?
    @Option(help: ArgumentHelp("For series: the column of the dates. Looked for if not given.", valueName: "column"))
    var date: String?
    @Option(help: ArgumentHelp("For series: after how many steps the pattern comes again, 1 for never. Guessed if not given.", valueName: "steps"))
    var season: Int?
    @Flag(inversion: .prefixedNo, help: "For series: whether to learn in logarithms. Guessed if not given.")
    var logarithm: Bool?

    /// The option that was given, if one was: these have no meaning for tables.
    var given: String? {
        let options: [(String, Bool)] = [
            ("--cell", cell != nil), ("--layers", layers != nil), ("--embedding", embedding != nil), ("--tokens", tokens != nil),
            ("--vocabulary", vocabulary != nil), ("--window", window != nil), ("--minutes", minutes != nil), ("--forecast", forecast != nil),
            ("--date", date != nil), ("--season", season != nil), ("--logarithm", logarithm != nil),
        ]
        return options.first { $0.1 }?.0
    }
}
