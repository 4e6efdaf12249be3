import DescentCore

/// Shows a run's progress: on a terminal one line that is redrawn, elsewhere a plain line for each tenth of the run.
public final class ProgressLine: TrainingObserver {
    private let write: (String) -> Void
    private let isTerminal: Bool
    private let noun: String
    private var start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    /// The position when this process began: past the beginning if the run was resumed.
    private var first = (step: 0, examples: 0)
    private var latest: TrainingProgress?
    /// The tenths of the run that have a line of their own already, where lines are not redrawn.
    private var shownTenths = 0
    /// The validation's latest metrics.
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
        case .began(let state, let steps, _):
            start = ContinuousClock.now
            first = (state.step, state.examples)
            metrics = state.history.last?.metrics ?? []
            shownTenths = steps > 0 ? state.step * 10 / steps : 0
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
            guard let latest, !isTerminal, latest.step * 10 / latest.steps > shownTenths else { return }
            shownTenths = latest.step * 10 / latest.steps
            write(text(latest, after: ContinuousClock.now - start, bar: false) + "\n")
        case .finished:
            guard let latest else { return }
            if !isTerminal {
                // A run that stopped early ends between two tenths.
                if shownTenths < 10 { write(text(latest, after: ContinuousClock.now - start, bar: false) + "\n") }
                return
            }
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
