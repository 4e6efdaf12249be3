import DescentCore

/// How trials are thinned out: all for few epochs, the best of them for more, the best of these for all. Jamieson and Talwalkar 2016.
public struct SuccessiveHalving: Equatable, Sendable {
    /// The number of trials and the epochs that each is trained for from the start, with the learning rate decaying to 0 within them.
    public struct Rung: Equatable, Sendable {
        /// The epochs.
        public let epochs: Int
        /// The trials.
        public let trials: Int
    }

    /// The rungs, the last one with all epochs.
    public let rungs: [Rung]

    /// - Parameters:
    ///   - trials: At least 1.
    ///   - epochs: Those of the last rung, at least 1.
    ///   - reduction: Factor by which the next rung has more epochs and fewer trials.
    ///   - limit: The most rungs.
    public init(trials: Int, epochs: Int, reduction: Int = 3, limit: Int = 3) {
        if trials < 1 || epochs < 1 || reduction < 2 || limit < 1 {
            stop("SuccessiveHalving(trials: \(trials), epochs: \(epochs), reduction: \(reduction), limit: \(limit)): the reduction is at least 2, the others at least 1.")
        }
        var rungs = [Rung(epochs: epochs, trials: trials)]
        // From the last rung back: one more before it as long as trials and epochs can be divided.
        var power = reduction
        while rungs.count < limit, rungs[0].epochs >= reduction, trials > power {
            rungs.insert(Rung(epochs: (rungs[0].epochs + reduction - 1) / reduction, trials: trials), at: 0)
            power *= reduction
        }
        var left = trials
        self.rungs = rungs.map { rung in
            defer { left = (left + reduction - 1) / reduction }
            return Rung(epochs: rung.epochs, trials: left)
        }
    }
}
