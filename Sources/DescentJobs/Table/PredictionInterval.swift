import DescentCore
import DescentData
import DescentFormats
import DescentTrain

/// How far from an answer the truth lies, but for a stated share of rows: conformal, by the errors on rows that were not learned from (Papadopoulos et al. 2002,
/// Vovk 2015). Nothing is assumed of the errors but that new rows are drawn as these were.
///
/// An answer's interval reaches `halfWidth` to either side of it. Where the errors are those of folds, each is that of one member or pair, and the mean of all members errs less:
/// so the interval rather covers too much than too little.
public struct PredictionInterval: Equatable, Sendable {
    /// The share of rows whose truth is to lie within: 0.9.
    public let level: Double
    /// How far the interval reaches to either side, in the target's own unit.
    public let halfWidth: Double

    /// The ⌈(n + 1) · level⌉-th smallest of n absolute errors: a new error, drawn as they were, is at most this with a probability of at least `level`.
    ///
    /// - Parameter errors: Differences of truth and answer on rows that were not learned from.
    /// - Throws: `SettingsError` where the errors are too few for the level.
    public init(level: Double, errors: [Double]) throws(SettingsError) {
        // Before rounding up: 0.9 of 10 rows is 9, though its nearest number in binary is a little more.
        let rank = Int((Double(errors.count + 1) * level - 1e-9).rounded(.up))
        if rank > errors.count {
            throw SettingsError("an interval of \(shortNumber(level)) needs at least \(Self.fewestRows(level)) rows to measure errors on, and there are \(errors.count); ask for a smaller --interval")
        }
        self.level = level
        halfWidth = errors.map(Swift.abs).sorted()[Swift.max(rank, 1) - 1]
    }

    private static func fewestRows(_ level: Double) -> Int { Int((level / (1 - level) - 1e-9).rounded(.up)) }

    /// The lower and the upper end about an answer.
    public func ends(_ answer: Double) -> (lower: Double, upper: Double) { (answer - halfWidth, answer + halfWidth) }

    /// The share of rows whose truth lies within the interval of their answer; NaN without rows.
    public func coverage(truth: [Double], answers: [Double]) -> Double {
        let inside = zip(truth, answers).count { Swift.abs($0 - $1) <= halfWidth }
        return Double(inside) / Double(truth.count)
    }

    /// In words, with what was measured of it: "90 % interval: the answer ± 4.31; 0.921 of the rows lie within".
    func words(coverage: Double) -> String {
        "\(shortNumber(level * 100)) % interval: the answer ± \(Metric.text(halfWidth)); \(fixed(coverage, 3)) of the rows lie within"
    }

    /// Reads one from a model's card.
    init(json: JSONReader) throws(FormatError) {
        level = try json["level"].double()
        halfWidth = try json["halfWidth"].double()
        if !(level > 0 && level < 1) { throw json["level"].error("is \(level); it must be above 0 and below 1") }
        if !(halfWidth >= 0 && halfWidth.isFinite) { throw json["halfWidth"].error("is \(halfWidth); it must be a number that is not negative") }
    }

    var json: JSON { ["level": .number(level), "halfWidth": .number(halfWidth)] }
}

extension TabularTraining {
    /// The errors on rows that were not learned from, in the target's own unit: those of each fold by the member that left it out, or those of the rows held back.
    func unseenErrors(of network: FeedForward) throws -> [Double] {
        let rows = folds.isEmpty ? validationRows : trainingRows
        let examples = try examples(rows)
        let targets = examples.targets.floats
        network.infer()
        var errors: [Double] = []
        for start in stride(from: 0, to: rows.count, by: 4096) {
            let end = Swift.min(rows.count, start + 4096)
            let x = examples.inputs[start..<end]
            if folds.isEmpty {
                for (row, answer) in zip(start..<end, network(x).floats) { errors.append(Double(targets[row] - answer) * target.deviation) }
                continue
            }
            let answers = network.outputs(x).map(\.floats)
            for row in start..<end {
                var answer = answers[network.architecture.pieceShare == nil ? folds[row] : 0][row - start]
                if let share = network.architecture.pieceShare {
                    answer = answers[2 * folds[row]][row - start] * Float(share) + answers[2 * folds[row] + 1][row - start] * Float(1 - share)
                }
                errors.append(Double(targets[row] - answer) * target.deviation)
            }
        }
        return errors
    }

    /// The interval that was asked for; `nil` for none.
    func interval(of network: FeedForward) throws -> PredictionInterval? {
        guard let level = settings.interval else { return nil }
        return try PredictionInterval(level: level, errors: try unseenErrors(of: network))
    }

    /// Refuses an interval that cannot be measured.
    ///
    /// - Parameter unseenRows: rows whose errors will be known though they are not learned from.
    static func checkInterval(_ settings: TabularSettings, _ task: PredictionTask, unseenRows: Int) throws {
        guard let level = settings.interval else { return }
        if task != .regression { throw SettingsError("--interval is for numbers, and the target's values are classes, which have probabilities; leave it out, or say --task regression") }
        if unseenRows == 0 {
            throw SettingsError("--interval measures errors on rows that are not learned from, and there are none; use --members 5 or --validation-fraction 0.2")
        }
        // Refused now, and not after the training, where there are too few for the level.
        _ = try PredictionInterval(level: level, errors: [Double](repeating: 0, count: unseenRows))
    }
}
