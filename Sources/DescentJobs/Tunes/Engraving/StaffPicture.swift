import DescentData
import DescentPlot

/// A score as notes on staves, engraved by rules of our own and drawn without a font of music.
public struct StaffPicture: Picture {
    private let score: Score
    private let limit: Int

    /// The size of a staff space in CSS pixels, and the narrowest page in staff spaces.
    private static let space = 7.5, narrowest = 44.0
    /// The width of the picture for a file of its own, in CSS pixels.
    private static let usualWidth = 915.0
    private static let margin = 3.0
    /// The height between the middle lines of staves that belong together, and what a line of music needs beside its notes.
    private static let staffDistance = 11.0, gap = 3.4

    /// Engraves a score.
    ///
    /// - Parameter limit: The most bars that are drawn.
    public init(_ score: Score, limit: Int = 400) { (self.score, self.limit) = (score, limit) }

    public var title: String { score.title.isEmpty ? "Notes" : score.title }
    public var hasFixedSize: Bool { false }
    /// The picture for a file of its own.
    public var svg: String { svg(width: Self.usualWidth) }

    /// The picture with lines of music as wide as there is room.
    public func svg(width: Double) -> String {
        let room = max(width / Self.space, Self.narrowest)
        let systems = StaffSystems(score, width: room - 2 * Self.margin, limit: limit)
        // A bar that is longer than a line makes the page wider.
        let pageWidth = max(room, (systems.systems.compactMap(\.edges.last).max() ?? 0) + 2 * Self.margin)
        var elements: [InkDrawing.Element] = [], y = 2.2
        if !score.title.isEmpty { elements.append(.text(score.title, x: pageWidth / 2, y: y + 1, size: 3, anchor: .middle, isBold: true)) }
        if !score.composer.isEmpty { elements.append(.text(score.composer, x: pageWidth - Self.margin, y: y + 3.6, size: 1.7, anchor: .end, isItalic: true)) }
        y += score.title.isEmpty && score.composer.isEmpty ? 0 : 3.2
        if let tempo = score.tempo {
            elements += Self.tempo(tempo, x: Self.margin + 3, y: y + 0.4)
            y += 1.6
        }
        var continued: [Bool] = []
        for system in systems.systems {
            let drawn = StaffSystemPainter(system, clefs: systems.clefs, staffDistance: Self.staffDistance, continued: continued)
            continued = systems.clefs.indices.map { system.bars.last?.voices[$0].last?.note.isTied == true }
            y += max(-drawn.top, 3.2)
            elements += drawn.elements(x: Self.margin, y: y)
            y += max(drawn.bottom, Double(systems.clefs.count - 1) * Self.staffDistance + 3.2) + Self.gap - 2
        }
        let bars = systems.barCount
        return InkDrawing(
            title, description: "\(score.key.name), \(score.metre.beats == 0 ? "no metre" : score.metre.abc), \(bars) \(bars == 1 ? "bar" : "bars")", width: pageWidth,
            height: y + 1.5, unit: Self.space, elements: elements
        ).svg()
    }

    /// A note value, "=" and a number.
    private static func tempo(_ tempo: Tempo, x: Double, y: Double) -> [InkDrawing.Element] {
        let scale = 0.7, note = StaffNote(note: Score.Note(duration: tempo.note), onset: .zero, value: tempo.note.isNoteValue ? tempo.note : Fraction(1, 4))
        var elements: [InkDrawing.Element] = [.shape(note.glyph.path, x: x, y: y, scaleX: scale, scaleY: scale)]
        let stem = x + (note.glyph.width - 0.06) * scale
        if note.head < Fraction(1) { elements.append(.line(x1: stem, y1: y - 0.1, x2: stem, y2: y - 2.4, width: 0.12)) }
        if note.flags > 0 { elements.append(.shape(MusicGlyph.flagUp.path, x: stem, y: y - 2.4, scaleX: scale, scaleY: scale)) }
        if note.dots > 0 { elements.append(.shape(MusicGlyph.dot.path, x: x + 1.2, y: y, scaleX: 0.8, scaleY: 0.8)) }
        return elements + [.text("= \(Int(tempo.perMinute.rounded()))", x: x + 2.1, y: y + 0.5, size: 1.7)]
    }
}
