import ArgumentParser
import Descent

/// `30s`, `500steps`, `2epochs`: when a run is saved.
struct CheckpointArgument: ExpressibleByArgument {
    let interval: CheckpointInterval

    init?(argument: String) {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        switch argument.dropFirst(digits.count) {
        case "s", "seconds":
            guard let value = Double(digits), value.isFinite else { return nil }
            interval = .seconds(value)
        case "steps", "step":
            guard let value = Int(digits), value >= 1 else { return nil }
            interval = .steps(value)
        case "epochs", "epoch":
            guard let value = Int(digits), value >= 1 else { return nil }
            interval = .epochs(value)
        default: return nil
        }
    }
}
