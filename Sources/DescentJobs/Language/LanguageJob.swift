import DescentData
import DescentFormats
import DescentTrain

/// A language model of a text: which token comes next.
public enum LanguageJob: Job {
    public static let name = "language"
    public static let title = "Language models"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        guard let text = try TextInput.text(input) else { return nil }
        return TuneCollection.fits(text) || LabelledTexts.fits(text) || input.choices["text-column"] != nil ? nil : Recognition(.likely, "running text, so a language model")
    }

    public static func training(_ input: JobInput, settings: LanguageSettings) throws -> LanguageTraining {
        let corpus = try TextCorpus(paths: input.paths, testFraction: settings.testFraction ?? LanguageTraining.testFraction)
        return try LanguageTraining(corpus, settings: settings)
    }

    public static var searchSpace: SearchSpace<LanguageSettings> { .text(learningRate: 1e-3...1e-2) }
}

extension SearchSpace where Settings: TextJobSettings {
    /// The search dimensions of networks on texts.
    static func text(learningRate: ClosedRange<Double>) -> SearchSpace {
        SearchSpace(dimensions: [
            .init("cell", text: { $0.recurrent.cell?.rawValue ?? "default" }) { settings, random in settings.recurrent.cell = [.gru, .lstm][random.index(2)] },
            .init("hidden", scale: .log, text: { $0.recurrent.hidden.map { "\($0)" } ?? "default" }, number: { $0.recurrent.hidden.map(Double.init) }) { settings, random in
                settings.recurrent.hidden = [32, 64, 128, 256][random.index(4)]
            },
            .init("dropout", text: { $0.recurrent.dropout.map { "\($0)" } ?? "default" }, number: { $0.recurrent.dropout }) { settings, random in
                settings.recurrent.dropout = (random.share() * 0.5 * 100).rounded() / 100
            },
            .learningRate(learningRate, default: nil), .weightDecay(1e-3...1, default: nil),
        ])
    }
}

/// Texts among the inputs.
enum TextInput {
    /// The endings of files that are read as texts.
    private static let endings = ["txt", "text", "md", "abc"]

    /// The first file's text, where the input is files of text and no column is asked for.
    static func text(_ input: JobInput) throws -> String? {
        guard !input.options.contains("target"), endings.contains(input.ending), FileSystem.exists(input.path), !input.isFolder else { return nil }
        return try TextFile.read(input.path)
    }

    /// Endings of files that hold no labelled texts, whatever their bytes look like.
    private static let others = ["abc", "npy", "npz", "gz", "idx", "png", "jpg", "jpeg", "ppm", "pgm", "ts", "mid", "midi", "conllu"]
    /// The most bytes that a guess is made from.
    private static let sampleSize = 1 << 20

    /// The first lines of the files, one after another, whatever their ending: texts, tables or JSON; `nil` where one is no text.
    static func sample(_ input: JobInput) throws -> String? {
        var texts: [String] = []
        for path in input.paths {
            guard let text = try sample(path, ending: JobInput([path]).ending) else { return nil }
            texts.append(text)
        }
        return texts.joined(separator: texts.first?.hasSuffix("\n") == true ? "" : "\n")
    }

    private static func sample(_ path: String, ending: String) throws -> String? {
        guard FileSystem.isRegularFile(path), !others.contains(ending) else { return nil }
        // Texts are read as a whole: what cannot be read is said here.
        if endings.contains(ending) { return try TextFile.read(path) }
        let bytes = try InputFile(path: path).read(upTo: sampleSize)
        let whole = bytes.count < sampleSize ? bytes[...] : bytes[..<((bytes.lastIndex(of: 0x0A) ?? bytes.count - 1) + 1)]
        return try? TextFile.text(Array(whole), file: path)
    }
}
