import DescentCore

/// Shows a run to a person: on a terminal one line that is redrawn, elsewhere one plain line each tenth of the epochs.
public final class ProgressLine {
    private let write: (String) -> Void
    private let isTerminal: Bool
    private let noun: String
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?

    /// - Parameters:
    ///   - isTerminal: Whether what is written can be redrawn.
    ///   - noun: What examples are called: "rows".
    ///   - write: Takes the text, line ends included.
    public init(isTerminal: Bool, noun: String = "rows", write: @escaping (String) -> Void) {
        self.isTerminal = isTerminal
        self.noun = noun
        self.write = write
    }

    /// Shows where the run stands, if it is time to: ten times a second on a terminal.
    public func show(_ progress: TrainingProgress) {
        let isEnd = progress.step == progress.steps
        let elapsed = ContinuousClock.now
        if isTerminal {
            if let lastDrawn, elapsed - lastDrawn < .milliseconds(100), !isEnd { return }
            lastDrawn = elapsed
            write("\r" + text(progress, after: elapsed - start, bar: true) + "\u{1B}[K" + (isEnd ? "\n" : ""))
        } else if progress.isEndOfEpoch {
            let every = Swift.max(1, progress.epochs / 10)
            if progress.epoch % every == 0 || isEnd { write(text(progress, after: elapsed - start, bar: false) + "\n") }
        }
    }

    /// Ends a redrawn line, so that an error begins on one of its own.
    public func interrupt() {
        if isTerminal, lastDrawn != nil { write("\n") }
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
        parts.append("\(grouped(Int(Double(progress.examples) / seconds))) \(noun)/s")
        parts.append(progress.step == progress.steps ? "done in \(spoken(seconds))" : "\(spoken(seconds / share - seconds)) left")
        return parts.joined(separator: "  ")
    }
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
