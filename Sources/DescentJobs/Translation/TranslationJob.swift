import DescentData
import DescentFormats
import DescentTrain

/// Translation: lines of a sentence and its translation.
public enum TranslationJob: Job {
    public static let name = "translation"
    public static let title = "Translation"
    /// The name of the built-in phrase book.
    static let phraseBook = "phrases"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        if isPhraseBook(input) { return Recognition(.certain, "the built-in phrase book, so translation") }
        guard !input.options.contains("target"), endings.contains(input.ending), FileSystem.exists(input.path), !input.isFolder else { return nil }
        let text = try TextFile.read(input.path)
        guard !TuneCollection.fits(text), ParallelTexts.fits(text), !LabelledTexts.fits(text) || ParallelTexts.hasThirdColumn(text) else { return nil }
        return Recognition(.certain, "lines of a sentence, a tab and its translation, so translation")
    }

    /// The endings of files that may hold sentences and their translations.
    private static let endings = ["txt", "text", "tsv", "tab"]

    private static func isPhraseBook(_ input: JobInput) -> Bool { input.paths == [phraseBook] && !FileSystem.exists(phraseBook) }

    public static func training(_ input: JobInput, settings: TranslationSettings) throws -> TranslationTraining {
        guard isPhraseBook(input), settings.testFraction == nil else { return try TranslationTraining(texts(input), settings: settings) }
        // All of the phrase book is learned; the sentences to try it on were kept apart from the start.
        var settings = settings
        settings.run.testFraction = 0
        return try TranslationTraining(texts(input), test: PhraseBook.heldOut.map { ParallelTexts.Pair(source: $0.english, target: $0.hindi) }, settings: settings)
    }

    /// The pairs of an input.
    static func texts(_ input: JobInput) throws -> ParallelTexts {
        if isPhraseBook(input) {
            return try ParallelTexts(PhraseBook.pairs.map { ParallelTexts.Pair(source: $0.english, target: $0.hindi) }, file: phraseBook)
        }
        return try ParallelTexts(paths: input.paths)
    }

    public static var searchSpace: SearchSpace<TranslationSettings> { .text(learningRate: 1e-3...1e-2) }
}
