import DescentData
import DescentFormats
import DescentTrain

/// A tune that a model wrote, as text, score, sound and picture.
public struct GeneratedTune: Sendable {
    /// What the model wrote: a line with metre and key, and lines of notes.
    public let text: String
    /// The tune in ABC notation.
    public let notation: String
    /// The tune as a score; what the model wrote that has no meaning is left out.
    public let score: Score
    /// How many of its bars add up to the metre.
    public let bars: BarCount

    /// - Parameters:
    ///   - text: What `LanguageModel.generate` wrote.
    ///   - title: The tune's title.
    public init(_ text: String, title: String) {
        self.text = text
        notation = TuneCollection.notation(of: text, number: 1, title: title)
        score = TuneCollection.score(ofNotation: notation)
        bars = BarCount(score)
    }

    /// Whether it has notes.
    public var hasNotes: Bool { score.voices.contains { !$0.elements.isEmpty } }

    /// Key, metre and bars in words: "G major, 6/8, 16 bars, 15 of which add up to the metre".
    public var summary: String {
        let key = score.key == .none ? "no key" : score.key.name
        let metre = score.metre.beats == 0 ? "no metre" : score.metre.abc
        guard bars.total > 0 else { return "\(key), \(metre)" }
        return
            "\(key), \(metre), \(Quantity(bars.total, "bars")), \(bars.whole == bars.total ? bars.total == 1 ? "which adds up" : "all of which add up" : "\(bars.whole) of which add up") to the metre"
    }

    /// How a tune is written to a file.
    public enum Format: String, CaseIterable, Sendable {
        case abc, midi, svg

        /// The format of a file's ending; `nil` for others.
        public init?(path: String) {
            let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
            guard path.contains("."), let format: Format = ["abc": .abc, "mid": .midi, "midi": .midi, "svg": .svg][ending] else { return nil }
            self = format
        }
    }

    /// The bytes of a file.
    public func bytes(_ format: Format) -> [UInt8] {
        switch format {
        case .abc: Array((notation.hasSuffix("\n") ? notation : notation + "\n").utf8)
        case .midi: MIDIWriter.bytes(of: score)
        case .svg: Array(StaffPicture(score).svg.utf8)
        }
    }
}
