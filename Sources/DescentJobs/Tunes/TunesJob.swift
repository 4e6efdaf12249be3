import DescentData
import DescentTrain

/// A language model of tunes in ABC notation: which note comes next.
public enum TunesJob: Job {
    public static let name = "tunes"
    public static let title = "Tunes"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        if input.options.contains("target") { return nil }
        if input.isFolder { return try TuneCollection.isFolderOfTunes(input.path) ? Recognition(.certain, "a folder of tunes") : nil }
        if TuneCollection.isMIDI(input.path) { return Recognition(.certain, "a MIDI file") }
        if ["csv", "tsv", "json"].contains(input.ending) {
            guard let text = try TextInput.sample(input), TuneTable.fits(text) else { return nil }
            return Recognition(.certain, "a table of tunes, with abc and their keys")
        }
        guard let text = try TextInput.text(input), TuneCollection.fits(text) || input.ending == "abc" && text.contains("K:") else { return nil }
        return Recognition(.certain, "lines X: and K:, so tunes in ABC notation")
    }

    public static func training(_ input: JobInput, settings: LanguageSettings) throws -> LanguageTraining {
        try LanguageTraining(TuneCollection(paths: input.paths), settings: settings)
    }

    public static var searchSpace: SearchSpace<LanguageSettings> { .text(learningRate: 1e-3...1e-2) }
}
