import DescentData
import DescentFormats
import DescentTrain

/// Classification of texts by a recurrent network: for whoever asks for it, by one of its options, and for commands that train step by step.
public enum TextClassificationJob: Job {
    public static let name = "text-classification"
    public static let title = "Text classification"

    public static func recognize(_ input: JobInput) throws -> Recognition? { asksForNetwork(input) ? try recognizeTexts(input) : nil }

    public static func preferred(for input: JobInput) -> any Job.Type { asksForNetwork(input) ? self : TextNGramsJob.self }

    /// Options that belong to networks that are trained step by step.
    private static let networkOptions = Set((RecurrentSettings.fields.map(\.option.name) + RunSettings.options.map(\.name) + ["embedding", "vocabulary"]))
        .subtracting(["seed", "test-fraction"])

    /// Whether an option that only a network has is given, or the command trains step by step.
    static func asksForNetwork(_ input: JobInput) -> Bool {
        if let model = input.choices["model"] { return TextClassifierKind(rawValue: model) == .recurrent }
        return input.trainsInSteps || input.choices["tokens"] == TokenUnit.bytePairs.rawValue || !networkOptions.isDisjoint(with: input.options)
    }

    /// Whether an input is labelled texts, and why.
    ///
    /// - Throws: `FileError`, `DataError` where it cannot be read.
    static func recognizeTexts(_ input: JobInput) throws -> Recognition? {
        let target = input.choices["target"]
        if input.isFolder { return target == nil ? Recognition(.likely, try folderWords(input.path)) : nil }
        guard input.choices["forecast"] == nil, input.reading.labels == nil, let text = try TextInput.sample(input), !TuneCollection.fits(text) else { return nil }
        guard let (layout, others) = TextLayout.guess(text, file: input.path, target: target, textColumn: input.choices["text-column"]) else { return nil }
        // With a target and other columns that may say something, all of them are learned from: that is a table.
        if target != nil, !others.isEmpty, input.choices["text-column"] == nil { return nil }
        return Recognition(.certain, "\(layout.words), so text classification")
    }

    private static func folderWords(_ path: String) throws -> String {
        let names = try FileSystem.list(path).filter { !$0.hasPrefix(".") }
        let folders = names.count { FileSystem.folderExists("\(path)/\($0)") }
        return (folders >= 2 ? TextLayout.folders : .files).words
    }

    public static func training(_ input: JobInput, settings: TextClassificationSettings) throws -> ClassifierTraining {
        let texts = try texts(input, target: settings.target, textColumn: settings.textColumn)
        if texts.hasSeveralLabels {
            throw SettingsError("some texts of \(texts.file) have several labels, which n-grams take (--model ngrams) and recurrent networks do not; leave out the options of networks")
        }
        return try ClassifierTraining(texts, settings: settings)
    }

    /// The labelled texts of an input.
    ///
    /// - Parameters:
    ///   - target: The column of the classes; `nil` to guess.
    ///   - textColumn: That of the texts.
    ///   - layout: How the texts stood that a model was trained on: its columns are looked for first.
    static func texts(_ input: JobInput, target: String? = nil, textColumn: String? = nil, like layout: TextLayout? = nil) throws -> LabelledTexts {
        let target = target ?? input.reading.target
        func read(_ target: String?, _ textColumn: String?) throws -> LabelledTexts {
            try input.paths.count == 1
                ? LabelledTexts(path: input.path, target: target, textColumn: textColumn) : LabelledTexts(paths: input.paths, target: target, textColumn: textColumn)
        }
        if case .columns(let text, let label) = layout, target == nil, let found = try? read(label, text) { return found }
        return try read(target, textColumn)
    }

    public static var searchSpace: SearchSpace<TextClassificationSettings> { .text(learningRate: 1e-3...1e-2) }
}

/// What tells the classes of texts apart, by its name.
public enum TextClassifierKind: String, CaseIterable, Sendable {
    /// Logistic regression on n-grams of words and characters.
    case ngrams
    /// A recurrent network.
    case recurrent
}
