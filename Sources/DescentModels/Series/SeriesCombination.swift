/// A forecast that several members share, each weighed by its errors at earlier ends of the series, of which it knew nothing after.
package struct SeriesCombination: Equatable, Sendable {
    /// A member and its share of the forecast.
    package struct Share: Equatable, Sendable {
        /// The name of a `SeriesMember`.
        package let name: String
        /// Above 0; all together are 1.
        package let weight: Double

        package init(name: String, weight: Double) { (self.name, self.weight) = (name, weight) }
    }

    /// The members that count, the heaviest first.
    package let shares: [Share]
    /// What they forecast together at earlier ends of the series; `nil` where it is too short.
    package let backtest: SeriesBacktest?

    /// A combination as it was stored.
    package init(shares: [Share], backtest: SeriesBacktest? = nil) { (self.shares, self.backtest) = (shares, backtest) }

    /// The ends of the series at which members are tried: as many as leave enough before them, the latest last.
    ///
    /// - Parameter needed: How many values a member must see.
    static func ends(count: Int, steps: Int, needed: Int) -> [Int] {
        let stride = max(1, steps / 2), last = count - steps
        return Array((0..<mostEnds).map { last - $0 * stride }.prefix { $0 >= needed }.reversed())
    }

    private static let mostEnds = 12
    /// How sharply weights fall with errors.
    private static let sharpness = 3.0
    /// Members whose errors are further above the best one's do not count.
    private static let reach = 1.6
    private static let naiveMargin = 1.05
    private static let mostMembers = 20

    /// Weighs the members that fit a series.
    ///
    /// - Parameters:
    ///   - seasons: The seasons that the series follows, the shortest first.
    ///   - covariates: What methods may use beside the values.
    package init(fitting values: [Double], seasons: [Int], steps: Int, beside covariates: SeriesCovariates = .none) {
        let ends = Self.ends(count: values.count, steps: steps, needed: max(16, 2 * (seasons.first ?? 1) + 4))
        let forecasts = SeriesMember.fitting(values, seasons: seasons, beside: covariates).map { member in
            (name: member.name, answers: ends.map { member.forecast(Array(values[..<$0]), seasons: seasons, steps: steps, beside: covariates) })
        }
        self.init(forecasts, values: values, ends: ends, steps: steps)
    }

    /// The naive method that nothing was better than; `nil` where something was.
    package var naive: String? { shares.count == 1 && Self.naives.contains(shares[0].name) ? shares[0].name : nil }
    /// Whether nothing was better than a naive method.
    package var isNaive: Bool { naive != nil }

    /// What a forecast must do better than.
    private static let naives = [SeriesMember.seasonalNaive.name, SeriesMember.drift.name]

    /// Weighs members.
    ///
    /// - Parameter forecasts: Of each name, at each end; `nil` for a member that cannot answer there.
    init(_ forecasts: [(name: String, answers: [[Double]?])], values: [Double], ends: [Int], steps: Int) {
        var found: [(name: String, error: Double, answers: [[Double]])] = []
        let truths = ends.map { Array(values[$0..<$0 + steps]) }
        func error(_ answers: [[Double]]) -> Double {
            zip(answers, truths).reduce(0) { sum, pair in zip(pair.0, pair.1).reduce(sum) { $0 + abs($1.0 - $1.1) } } / Double(ends.count * steps)
        }
        for (name, answers) in forecasts {
            let present = answers.compactMap { $0 }
            guard !answers.isEmpty, present.count == answers.count else { continue }
            found.append((name, error(present), present))
        }
        found.sort { ($0.error, $0.name) < ($1.error, $1.name) }
        guard let best = found.first?.error, let naive = found.first(where: { $0.name == SeriesMember.seasonalNaive.name }) else {
            // Too short to be tried: what is safe on series of a few values.
            self.init(shares: [SeriesMember.seasonalNaive, .theta, .smoothing(trend: .damped, season: .none, logarithm: false)].map { Share(name: $0.name, weight: 1.0 / 3) })
            return
        }
        let low = values.min() ?? 0, isRelative = low > 0 && (values.max() ?? 0) > 3 * low
        func tested(_ answers: [[Double]]) -> SeriesBacktest { SeriesBacktest(forecasts: answers, truths: truths, naives: naive.answers, isRelative: isRelative) }
        // A mean of several is mostly better than any: the naive answer alone must be clearly the best.
        if best == naive.error, found.dropFirst().allSatisfy({ $0.error > Self.naiveMargin * naive.error }) {
            self.init(shares: [Share(name: naive.name, weight: 1)], backtest: tested(naive.answers))
            return
        }
        let floor = max(best, 1e-12 * max(naive.error, 1e-300))
        let kept = found.filter { $0.error <= Self.reach * floor }.prefix(Self.mostMembers)
        let raw = kept.map { power(of: floor / max($0.error, floor), Self.sharpness) }, total = raw.reduce(0, +)
        let together = ends.indices.map { end in
            (0..<steps).map { step in zip(kept, raw).reduce(0) { $0 + $1.0.answers[end][step] * $1.1 } / total }
        }
        // No better than a naive method: then that one.
        if let simplest = found.first(where: { Self.naives.contains($0.name) }), error(together) >= simplest.error {
            self.init(shares: [Share(name: simplest.name, weight: 1)], backtest: tested(simplest.answers))
            return
        }
        self.init(shares: zip(kept, raw).map { Share(name: $0.name, weight: $1 / total) }, backtest: tested(together))
    }

    /// The next values: the weighted mean of the members' answers. Members that give none leave their share to the others; `nil` where none answers.
    package func forecast(_ values: [Double], seasons: [Int], steps: Int, beside covariates: SeriesCovariates = .none) -> [Double]? {
        var sum = [Double](repeating: 0, count: steps), weights = 0.0
        for share in shares {
            guard let answers = SeriesMember(name: share.name)?.forecast(values, seasons: seasons, steps: steps, beside: covariates) else { continue }
            for index in answers.indices { sum[index] += share.weight * answers[index] }
            weights += share.weight
        }
        return weights > 0 ? sum.map { $0 / weights } : nil
    }
}
