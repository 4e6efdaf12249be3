import DescentData
import DescentFormats
import DescentTrain

/// Tagging: a label for every word of sentences, such as names and parts of speech.
public enum TaggingJob: Job {
    public static let name = "tagging"
    public static let title = "Tagging"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        guard !input.options.contains("target"), !otherEndings.contains(input.ending), FileSystem.exists(input.path), !input.isFolder else { return nil }
        guard let text = try beginning(of: input.path), let reason = TaggedSentences.recognized(text) else { return nil }
        return Recognition(.certain, reason + ", so tagging")
    }

    /// Endings of files that hold something else, and need not be looked into.
    private static let otherEndings: Set<String> = ["csv", "json", "jsonl", "npy", "npz", "idx", "gz", "zip", "png", "jpg", "jpeg", "ppm", "abc", "mid", "midi", "safetensors", "html", "ts"]
    /// The bytes that are looked at.
    private static let sample = 1 << 18

    /// The first whole lines of a file; `nil` where they are no text.
    private static func beginning(of path: String) throws -> String? {
        let file = try InputFile(path: path)
        var bytes: [UInt8] = []
        while bytes.count < sample {
            let more = try file.read()
            if more.isEmpty { break }
            bytes += more
        }
        if bytes.count >= sample, let end = bytes.lastIndex(of: 0x0A) { bytes.removeSubrange(end...) }
        return try? TextFile.text(bytes, file: path)
    }

    public static func training(_ input: JobInput, settings: TaggingSettings) throws -> TaggingTraining {
        try TaggingTraining(TaggedSentences(paths: input.paths, word: settings.wordColumn, tag: settings.tagColumn), settings: settings)
    }

    public static var searchSpace: SearchSpace<TaggingSettings> {
        SearchSpace(dimensions: [
            .init("cell", text: { $0.recurrent.cell?.rawValue ?? "default" }) { settings, random in settings.recurrent.cell = [.gru, .lstm][random.index(2)] },
            .init("hidden", scale: .log, text: { $0.recurrent.hidden.map { "\($0)" } ?? "default" }, number: { $0.recurrent.hidden.map(Double.init) }) { settings, random in
                settings.recurrent.hidden = [32, 64, 128][random.index(3)]
            },
            .init("dropout", text: { $0.recurrent.dropout.map { "\($0)" } ?? "default" }, number: { $0.recurrent.dropout }) { settings, random in
                settings.recurrent.dropout = ((0.2 + random.share() * 0.5) * 100).rounded() / 100
            },
            .learningRate(1e-3...1e-2, default: nil), .weightDecay(1e-3...1, default: nil),
        ])
    }
}
