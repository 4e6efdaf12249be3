import DescentData
import DescentTrain

/// Classification of texts: lines with a label, or a folder with a file for each class.
public enum TextClassificationJob: Job {
    public static let name = "text-classification"
    public static let title = "Text classification"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        if input.isFolder, !input.options.contains("target") { return Recognition(.likely, "a folder of files, so the class of a line is its file") }
        guard let text = try TextInput.text(input), !TuneCollection.fits(text), LabelledTexts.fits(text) else { return nil }
        return Recognition(.certain, "lines of a text, a tab and a label, so text classification")
    }

    public static func training(_ input: JobInput, settings: TextClassificationSettings) throws -> ClassifierTraining {
        try ClassifierTraining(texts(input), settings: settings)
    }

    /// The labelled texts of an input.
    static func texts(_ input: JobInput) throws -> LabelledTexts {
        try input.paths.count == 1 ? LabelledTexts(path: input.path) : LabelledTexts(paths: input.paths)
    }

    public static var searchSpace: SearchSpace<TextClassificationSettings> { .text(learningRate: 1e-3...1e-2) }
}
