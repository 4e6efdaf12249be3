/// A simple method of forecasting, one of those that a combination weighs against each other.
package indirect enum SeriesMember: Hashable, Sendable {
    /// Repeats the last season, or the last value.
    case seasonalNaive
    /// The last value, and the mean change from there on.
    case drift
    /// Exponential smoothing, of logarithms or of the values.
    case smoothing(trend: SmoothingTrend, season: SmoothingSeason, logarithm: Bool)
    /// The mean of a straight line and of exponential smoothing, season taken out (Assimakopoulos and Nikolopoulos 2000).
    case theta
    /// An autoregression on the last values and on those about each season ago.
    case autoregression(order: Int, differences: AutoregressionDifferences, logarithm: Bool)
    /// An autoregression of what waves of a long season leave.
    case waves(order: Int)
    /// Another method on the series less the effects of its covariates, which are added to the forecast; an autoregression also reads the lagged ones.
    case adjusted(SeriesMember, CovariateUse)
}

/// What a smoothing's trend does.
package enum SmoothingTrend: String, CaseIterable, Sendable { case none, additive, damped }
/// What a smoothing's season does.
package enum SmoothingSeason: String, CaseIterable, Sendable { case none, additive, multiplicative }
/// Which differences an autoregression is of.
package enum AutoregressionDifferences: String, CaseIterable, Sendable { case none, steps, seasons }

extension SeriesMember {
    /// A season of more steps than this has too many indices to be smoothed; waves stand for it.
    package static let longSeason = 100

    /// The members that fit a series with these seasons, the shortest season first; empty for none. Of those that use covariates, the simpler ones.
    package static func fitting(_ values: [Double], seasons: [Int], beside covariates: SeriesCovariates = .none) -> [SeriesMember] {
        let isPositive = values.allSatisfy { $0 > 0 }, period = seasons.first ?? 1
        let logarithms = isPositive ? [false, true] : [false]
        let isSmoothed = period > 1 && period <= longSeason && values.count >= 2 * period + 4
        var members: [SeriesMember] = [.seasonalNaive, .drift, .theta]
        for trend in SmoothingTrend.allCases {
            if isSmoothed {
                for logarithm in logarithms { members.append(.smoothing(trend: trend, season: .additive, logarithm: logarithm)) }
                if isPositive { members.append(.smoothing(trend: trend, season: .multiplicative, logarithm: false)) }
            } else {
                for logarithm in logarithms { members.append(.smoothing(trend: trend, season: .none, logarithm: logarithm)) }
            }
        }
        for order in [1, 2, 4, 8, 12] {
            for differences in AutoregressionDifferences.allCases where differences != .seasons || isSmoothed {
                for logarithm in logarithms { members.append(.autoregression(order: order, differences: differences, logarithm: logarithm)) }
            }
            if (seasons.last ?? 1) > longSeason { members.append(.waves(order: order)) }
        }
        let adjustable = members.filter { member in
            switch member {
            case .theta, .waves, .seasonalNaive: true
            case .smoothing(let trend, let season, _): trend != .additive && season != .multiplicative
            case .autoregression(let order, _, _): [1, 4].contains(order)
            case .drift, .adjusted: false
            }
        }
        return members + CovariateUse.possible(covariates).flatMap { use in adjustable.map { .adjusted($0, use) } }
    }

    /// Whether the member works on logarithms.
    private var isLogarithmic: Bool {
        switch self {
        case .smoothing(_, let season, let logarithm): logarithm || season == .multiplicative
        case .autoregression(_, _, let logarithm): logarithm
        case .adjusted(let member, _): member.isLogarithmic
        case .seasonalNaive, .drift, .theta, .waves: false
        }
    }

    /// The next values; `nil` where the series is too short, a covariate is not known as far, or the answer is not a number.
    package func forecast(_ values: [Double], seasons: [Int], steps: Int, beside covariates: SeriesCovariates = .none) -> [Double]? {
        let answers: [Double]?
        if case .adjusted(let member, let use) = self {
            answers = Self.adjusted(member, use, values, seasons: seasons, steps: steps, beside: covariates)
        } else {
            answers = forecast(values, seasons: seasons, steps: steps, columns: [])
        }
        guard let answers, answers.allSatisfy(\.isFinite) else { return nil }
        return answers
    }

    /// The next values by a method of its own.
    ///
    /// - Parameter columns: What an autoregression reads beside the values.
    private func forecast(_ values: [Double], seasons: [Int], steps: Int, columns: [[Double]]) -> [Double]? {
        guard values.count >= 3 else { return nil }
        let period = seasons.first ?? 1, last = values[values.count - 1]
        switch self {
        case .seasonalNaive: return values.count < period ? nil : (0..<steps).map { values[values.count - period + $0 % period] }
        case .drift:
            let slope = (last - values[0]) / Double(values.count - 1)
            return (1...steps).map { last + slope * Double($0) }
        case .smoothing(let trend, let season, let logarithm):
            if season != .none, values.count < 2 * period + 4 { return nil }
            if season == .multiplicative, !values.allSatisfy({ $0 > 0 }) { return nil }
            return Self.transformed(values, logarithm: logarithm) { ExponentialSmoothing(fitting: $0, trend: trend, season: season, period: period).forecast(steps) }
        case .theta: return Self.theta(values, period: period <= Self.longSeason && values.count >= 2 * period + 4 ? period : 1, steps: steps)
        case .autoregression(let order, let differences, let logarithm):
            let used = seasons.filter { $0 > 1 && values.count >= 3 * $0 }
            var form = SeriesAutoregression.Form(order: order, periods: used)
            form.isDifferenced = differences == .steps
            form.seasonalDifference = differences == .seasons ? used.last ?? 0 : 0
            if differences == .seasons, form.seasonalDifference == 0 { return nil }
            return Self.transformed(values, logarithm: logarithm) { SeriesAutoregression(fitting: $0, form, columns: columns)?.forecast(steps) }
        case .waves(let order):
            guard let long = seasons.last, values.count >= 2 * long else { return nil }
            return SeriesAutoregression(fitting: values, .init(order: order, waves: 2, wavePeriod: long), columns: columns)?.forecast(steps)
        case .adjusted(let member, _): return member.forecast(values, seasons: seasons, steps: steps, columns: columns)
        }
    }

    private static func transformed(_ values: [Double], logarithm isLogarithmic: Bool, _ forecast: ([Double]) -> [Double]?) -> [Double]? {
        if !isLogarithmic { return forecast(values) }
        return values.allSatisfy { $0 > 0 } ? forecast(values.map(logarithm))?.map(exponential) : nil
    }

    private static func adjusted(_ member: SeriesMember, _ use: CovariateUse, _ values: [Double], seasons: [Int], steps: Int, beside covariates: SeriesCovariates) -> [Double]? {
        guard let columns = use.effects(covariates, count: values.count + steps) else { return nil }
        let lagged = use.lagged(covariates)
        if columns.isEmpty { return member.forecast(values, seasons: seasons, steps: steps, columns: lagged) }
        // Effects are shares of the value where the method works on logarithms.
        let isLogarithmic = member.isLogarithmic
        if isLogarithmic, !values.allSatisfy({ $0 > 0 }) { return nil }
        let plain = isLogarithmic ? values.map(logarithm) : values
        guard let effects = CovariateEffects(of: columns, on: plain, periods: seasons.filter { $0 > 1 }) else { return nil }
        let rest = zip(plain, effects.sum(columns, in: values.indices)).map { $0 - $1 }
        let answers = member.forecast(isLogarithmic ? rest.map(exponential) : rest, seasons: seasons, steps: steps, columns: lagged)
        let added = effects.sum(columns, in: values.count..<values.count + steps)
        return answers.map { zip($0, added).map { isLogarithmic ? $0 * exponential($1) : $0 + $1 } }
    }

    private static func theta(_ values: [Double], period: Int, steps: Int) -> [Double] {
        let isMultiplicative = values.allSatisfy { $0 > 0 }
        let indices = period > 1 ? SeasonalIndices(of: values, period: period, isMultiplicative: isMultiplicative).values : [isMultiplicative ? 1 : 0]
        let adjusted = values.enumerated().map { isMultiplicative ? $1 / indices[$0 % indices.count] : $1 - indices[$0 % indices.count] }
        let smoothed = ExponentialSmoothing(fitting: adjusted, trend: .none, season: .none, period: 1), level = smoothed.forecast(1)[0]
        let slope = StraightLine(through: adjusted).slope / 2
        return (0..<steps).map { step in
            let value = level + slope * (Double(step) + 1 / smoothed.alpha * (1 - power(of: 1 - smoothed.alpha, Double(values.count))))
            let index = indices[(values.count + step) % indices.count]
            return isMultiplicative ? value * index : value + index
        }
    }
}

// MARK: - Names

extension SeriesMember {
    /// For files: "smoothing damped multiplicative".
    package var name: String {
        switch self {
        case .seasonalNaive: "seasonal naive"
        case .drift: "drift"
        case .theta: "theta"
        case .smoothing(let trend, let season, let logarithm): "smoothing \(trend) \(season)" + (logarithm ? " logarithm" : "")
        case .autoregression(let order, let differences, let logarithm): "autoregression \(order) \(differences)" + (logarithm ? " logarithm" : "")
        case .waves(let order): "waves \(order)"
        case .adjusted(let member, let use): "\(member.name) with \(use)"
        }
    }

    private var isAdjusted: Bool { if case .adjusted = self { true } else { false } }

    /// The member of a name; `nil` for no such member.
    package init?(name: String) {
        var words = name.split(separator: " ").map(String.init)
        if words.count > 2, words[words.count - 2] == "with", let use = CovariateUse(rawValue: words[words.count - 1]) {
            words.removeLast(2)
            guard let member = Self(name: words.joined(separator: " ")), !member.isAdjusted else { return nil }
            self = .adjusted(member, use)
            if self.name != name { return nil }
            return
        }
        let isLogarithmic = words.last == "logarithm"
        let count = words.count - (isLogarithmic ? 1 : 0)
        switch (words.first, count) {
        case ("seasonal", 2) where words[1] == "naive": self = .seasonalNaive
        case ("drift", 1): self = .drift
        case ("theta", 1): self = .theta
        case ("smoothing", 3):
            guard let trend = SmoothingTrend(rawValue: words[1]), let season = SmoothingSeason(rawValue: words[2]) else { return nil }
            self = .smoothing(trend: trend, season: season, logarithm: isLogarithmic)
        case ("autoregression", 3):
            guard let order = Int(words[1]), (1...1000).contains(order), let differences = AutoregressionDifferences(rawValue: words[2]) else { return nil }
            self = .autoregression(order: order, differences: differences, logarithm: isLogarithmic)
        case ("waves", 2):
            guard let order = Int(words[1]), (1...1000).contains(order) else { return nil }
            self = .waves(order: order)
        default: return nil
        }
        if self.name != name { return nil }
    }
}
