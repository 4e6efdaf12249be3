import DescentCore
import DescentTrain

/// Shows a search to a person: on a terminal one line that is redrawn, elsewhere one plain line for each trial.
public final class SearchProgressLine<J: Job> {
    private let write: (String) -> Void
    private let isTerminal: Bool
    private let start = ContinuousClock.now
    private var lastDrawn: ContinuousClock.Instant?
    private var plan: SuccessiveHalving?
    private var best: (rung: Int, number: Int, loss: Double)?
    private var share = 0.0
    /// The share of the search that earlier processes had done.
    private var known = 0.0
    private var ended = 0

    /// - Parameters:
    ///   - isTerminal: Whether what is written can be redrawn.
    ///   - write: Takes the text, line ends included.
    public init(isTerminal: Bool, write: @escaping (String) -> Void) { (self.isTerminal, self.write) = (isTerminal, write) }

    /// Takes an event into account.
    public func observe(_ event: JobSearch<J>.Event) {
        switch event {
        case .began(let plan): self.plan = plan
        case .progress(let rung, let number, let share):
            self.share = share
            let now = ContinuousClock.now
            guard isTerminal, lastDrawn.map({ now - $0 >= .milliseconds(100) }) ?? true else { return }
            lastDrawn = now
            write("\r\(text(rung: rung, number: number))\u{1B}[K")
        case .ended(let rung, let epochs, let number, let loss, let isNew):
            ended += 1
            if best.map({ ($0.rung, loss) < (rung, $0.loss) }) ?? true { best = (rung, number, loss) }
            if let plan {
                let whole = plan.rungs.reduce(0) { $0 + $1.epochs * $1.trials }
                let before = plan.rungs.prefix(rung - 1)
                let inRung = ended - before.reduce(0) { $0 + $1.trials }
                share = Double(before.reduce(0) { $0 + $1.epochs * $1.trials } + inRung * epochs) / Double(whole)
            }
            if !isNew { known = share }
            if isNew, !isTerminal {
                let words = loss.isFinite ? "loss \(fixed(loss, 4))" : "diverged"
                write("\(text(rung: rung, number: number))  \(words)\n")
            }
        }
    }

    /// Ends a redrawn line, so that what follows begins on one of its own.
    public func interrupt() {
        if isTerminal, lastDrawn != nil { write("\n") }
        lastDrawn = nil
    }

    private func text(rung: Int, number: Int) -> String {
        guard let plan else { return "" }
        let now = plan.rungs[rung - 1]
        var parts = ["round \(rung)/\(plan.rungs.count) (\(now.epochs) epochs)", "trial \(number)"]
        if isTerminal {
            let full = Int(share * 20)
            parts.append(String(repeating: "━", count: full) + String(repeating: "╌", count: 20 - full))
        }
        if let best, best.loss.isFinite { parts.append("best \(fixed(best.loss, 4)) (trial \(best.number))") }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if share >= 1 {
            parts.append("done in \(spoken(seconds))")
        } else if share > known {
            parts.append("\(spoken(seconds * (1 - share) / (share - known))) left")
        }
        return parts.joined(separator: "  ")
    }
}
