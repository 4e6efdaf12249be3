import DescentCore

/// Shows a run to a person: on a terminal one line that is redrawn, elsewhere one plain line for each record: each epoch, and each validation between.
public final class ProgressLine: TrainingObserver {
    private let write: (String) -> Void
    private let isTerminal: Bool
    private let noun: String
    private var start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    /// Where the run stood when it began here: past its beginning if it was taken up.
    private var first = (step: 0, examples: 0)
    private var latest: TrainingProgress?
    /// The validation's latest figures.
    private var metrics: [TrainingRecord.Metric] = []

    /// - Parameters:
    ///   - isTerminal: Whether what is written can be redrawn.
    ///   - noun: What examples are called: "rows".
    ///   - write: Takes the text, line ends included.
    public init(isTerminal: Bool, noun: String = "rows", write: @escaping (String) -> Void) {
        self.isTerminal = isTerminal
        self.noun = noun
        self.write = write
    }

    public func observe(_ event: TrainingEvent) {
        switch event {
        case .began(let state, _, _):
            start = ContinuousClock.now
            first = (state.step, state.examples)
            metrics = state.history.last?.metrics ?? []
        case .step(let progress):
            latest = progress
            let now = ContinuousClock.now
            if !isTerminal { return }
            // Ten times a second is enough for the eye. The last step is drawn with its record, which follows.
            if let lastDrawn, now - lastDrawn < .milliseconds(100) { return }
            lastDrawn = now
            write("\r" + text(progress, after: now - start, bar: true) + "\u{1B}[K")
        case .record(let record):
            if !record.metrics.isEmpty { metrics = record.metrics }
            // Records between, which say nothing but the training's loss, are for curves.
            guard let latest, !isTerminal, record.isEndOfEpoch || !record.metrics.isEmpty else { return }
            write(text(latest, after: ContinuousClock.now - start, bar: false) + "\n")
        case .finished:
            guard let latest, isTerminal else { return }
            write("\r" + text(latest, after: ContinuousClock.now - start, bar: true) + "\u{1B}[K\n")
            lastDrawn = nil
        case .epochBegan, .saved: break
        }
    }

    /// Ends a redrawn line, so that an error begins on one of its own.
    public func interrupt() {
        if isTerminal, lastDrawn != nil { write("\n") }
        lastDrawn = nil
    }

    private func text(_ progress: TrainingProgress, after time: Duration, bar: Bool) -> String {
        let seconds = Swift.max(time / .seconds(1), 1e-9)
        let share = Double(progress.step) / Double(progress.steps)
        let total = "\(progress.epochs)"
        let epoch = String(repeating: " ", count: total.count - "\(progress.epoch)".count) + "\(progress.epoch)"
        var parts = ["epoch \(epoch)/\(total)"]
        if bar {
            let full = Int(share * 20)
            parts.append(String(repeating: "━", count: full) + String(repeating: "╌", count: 20 - full))
        }
        parts.append("loss \(fixed(progress.loss, 4))")
        if let metric = metrics.first { parts.append("\(Self.spelled(metric.name)) \(fixed(metric.value, 4))") }
        parts.append("\(grouped(Int(Double(progress.examples - first.examples) / seconds))) \(noun)/s")
        let left = seconds * Double(progress.steps - progress.step) / Double(progress.step - first.step)
        parts.append(progress.step == progress.steps ? "done in \(spoken(seconds))" : "\(spoken(left)) left")
        return parts.joined(separator: "  ")
    }

    /// A metric's name in words: "validation loss".
    private static func spelled(_ name: String) -> String { String(name.map { $0 == "_" ? " " : $0 }) }
}

/// A whole number with its thousands apart: 12,345.
package func grouped(_ value: Int) -> String {
    var text = "\(value.magnitude)"
    var place = text.index(text.endIndex, offsetBy: -3, limitedBy: text.startIndex) ?? text.startIndex
    while place > text.startIndex {
        text.insert(",", at: place)
        place = text.index(place, offsetBy: -3, limitedBy: text.startIndex) ?? text.startIndex
    }
    return value < 0 ? "-" + text : text
}

/// A time as a person would say it: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min.
package func spoken(_ seconds: Double) -> String {
    if seconds < 9.95 { return "\(fixed(seconds, 1)) s" }
    guard seconds < 1e9 else { return "long" }
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole) s" }
    if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
    return "\(whole / 3600) h \(whole % 3600 / 60) min"
}
