import DescentData
import DescentTrain

/// A language model of tunes in ABC notation: which note comes next.
public enum TunesJob: Job {
    public static let name = "tunes"
    public static let title = "Tunes"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        guard let text = try TextInput.text(input), TuneCollection.fits(text) else { return nil }
        return Recognition(.certain, "lines X: and K:, so tunes in ABC notation")
    }

    public static func training(_ input: JobInput, settings: LanguageSettings) throws -> LanguageTraining {
        try LanguageTraining(TuneCollection(paths: input.paths), settings: settings)
    }

    public static var searchSpace: SearchSpace<LanguageSettings> { .text(learningRate: 1e-3...1e-2) }
}
