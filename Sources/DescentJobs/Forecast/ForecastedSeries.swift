import DescentData
import DescentFormats
import DescentModels
import DescentTrain

/// What a model knows of one of its series: its name, its scale, and the simple methods that share in its forecast.
package struct ForecastedSeries: Equatable, Sendable {
    /// What the columns that name series say of it; empty where the file has one.
    let identity: [String]
    /// The column of its numbers.
    let target: String
    package let scale: SeriesScale
    /// The seasons that the simple methods follow, the shortest first.
    let seasons: [Int]
    /// The simple methods with their weights; `nil` where the network answers alone.
    package let combination: SeriesCombination?
    /// The network's part of the forecast; `nil` where it answers alone.
    let networkShare: Double?

    init(identity: [String], target: String, scale: SeriesScale, seasons: [Int] = [], combination: SeriesCombination? = nil, networkShare: Double? = nil) {
        (self.identity, self.target, self.scale, self.seasons, self.combination, self.networkShare) = (identity, target, scale, seasons, combination, networkShare)
    }

    /// The network's errors at earlier ends say nothing, since it has learned from what follows them. Its share is therefore fixed: this one
    /// where it learned from many windows, and less in proportion where from few.
    private static let largestShare = 0.2
    private static let manyWindows = 200.0

    /// Weighs simple methods on a series.
    ///
    /// - Parameter covariates: What the model reads beside the values.
    init(
        _ values: [Double], beside covariates: SeriesCovariates, identity: [String] = [], target: String = "", scale: SeriesScale, windowCount: Int, likelySeasons: [Int],
        isSeasonSet: Bool
    ) {
        let plain = scale.isLogarithmic ? values.map(logarithm) : values
        var found = isSeasonSet ? (scale.season > 1 ? [scale.season] : []) : Seasons.found(in: plain, among: likelySeasons)
        // A cycle that was found without a calendar's help.
        if found.isEmpty, scale.season > 1, !likelySeasons.contains(scale.season), values.count >= 3 * scale.season { found = [scale.season] }
        let combination = SeriesCombination(fitting: values, seasons: found, steps: scale.horizon, beside: covariates)
        let share = combination.isNaive ? 0 : Self.largestShare * Swift.min(1, Double(windowCount) / Self.manyWindows)
        self.init(identity: identity, target: target, scale: scale, seasons: found, combination: combination, networkShare: share)
    }

    /// A series that was not learned from, with windows as those of another.
    init(_ values: [Double], beside covariates: SeriesCovariates, like other: SeriesScale, settings: ForecastSettings) {
        let scale = SeriesScale(fitting: values, horizon: other.horizon, season: other.season, window: other.window, isLogarithmic: other.isLogarithmic)
        if settings.combines == false {
            self.init(identity: [], target: "", scale: scale)
        } else {
            self.init(values, beside: covariates, scale: scale, windowCount: Int(Self.manyWindows), likelySeasons: [other.season], isSeasonSet: false)
        }
    }

    /// What the simple methods say together; `nil` where there are none, or the series is too short for all.
    func combined(_ values: [Double], beside covariates: SeriesCovariates) -> [Double]? {
        combination?.forecast(values, seasons: seasons, steps: scale.horizon, beside: covariates)
    }

    /// Its name in words: "north", "north, sales".
    func title(withTarget: Bool) -> String { (identity + (withTarget || identity.isEmpty ? [target] : [])).joined(separator: ", ") }

    /// Which methods have which share, in a sentence; `nil` where the network answers alone.
    func sharesLine(isNamed: Bool) -> String? {
        guard let combination, let networkShare else { return nil }
        let start = isNamed ? "\(title(withTarget: false)): " : ""
        if combination.isNaive {
            let naive = combination.naive == SeriesMember.drift.name ? "to go on from the last value by the mean change (drift)" : "to repeat the last \(seasons.isEmpty ? "value" : "season")"
            return start + "at earlier ends of the series no method did better than \(naive), so that is the forecast."
        }
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        let simple = combination.shares.prefix(4).map { "\($0.name) \(percent($0.weight * (1 - networkShare)))" } + (combination.shares.count > 4 ? ["\(combination.shares.count - 4) others"] : [])
        return start + "the forecast is shared by the network (\(percent(networkShare))) and " + simple.joined(separator: ", ") + " (--no-combine for the network alone)."
    }

    /// How many of the values after earlier ends of the series the intervals hold, in a sentence; `nil` where there are too few ends.
    func coverageLine(isNamed: Bool) -> String? {
        guard let backtest = combination?.backtest else { return nil }
        let parts = Self.usualLevels.compactMap { level in backtest.coverage(level / 100).map { "\(Int(level)) % intervals hold \(Int(($0 * 100).rounded())) %" } }
        if parts.isEmpty { return nil }
        return (isNamed ? "\(title(withTarget: false)): " : "") + parts.joined(separator: " and ") + " of the values after \(backtest.count) earlier ends, each by the errors at the others."
    }

    /// The levels of intervals that are given without being asked for, in percent.
    static let usualLevels = [80.0, 95]

    // MARK: - In files

    var json: JSON {
        var object = JSON.Object()
        object["identity"] = JSON(identity)
        object["target"] = .string(target)
        for (name, value) in scale.members { object[name] = value }
        object["seasons"] = .array(seasons.map { .integer(Int64($0)) })
        object["networkShare"] = networkShare.map(JSON.number)
        if let combination {
            object["members"] = .array(combination.shares.map { ["name": .string($0.name), "weight": .number($0.weight)] })
            if let backtest = combination.backtest {
                func rows(_ values: [[Double]]) -> JSON { .array(values.map { .array($0.map(JSON.number)) }) }
                object["backtest"] = [
                    "forecasts": rows(backtest.forecasts), "truths": rows(backtest.truths), "naives": rows(backtest.naives), "isRelative": .bool(backtest.isRelative),
                ]
            }
        }
        return .object(object)
    }

    init(json: JSONReader) throws(FormatError) {
        var seasons: [Int] = [], shares: [SeriesCombination.Share] = []
        for season in try json["seasons"].elements() { seasons.append(try season.int(in: 2...100_000)) }
        if json["members"].exists {
            for member in try json["members"].elements() {
                let name = try member["name"].string(), weight = try member["weight"].double()
                if SeriesMember(name: name) == nil { throw member["name"].error("is \(quoted(name)), which is no method that is known") }
                if !(weight > 0 && weight <= 1) { throw member["weight"].error("is \(weight); it must be above 0 and at most 1") }
                shares.append(SeriesCombination.Share(name: name, weight: weight))
            }
        }
        let share = json["networkShare"].exists ? try json["networkShare"].double() : nil
        if let share, !(0...1).contains(share) { throw json["networkShare"].error("is \(share); it must be 0 to 1") }
        self.init(
            identity: try json["identity"].strings(), target: try json["target"].string(), scale: try SeriesScale(json: json), seasons: seasons,
            combination: shares.isEmpty ? nil : SeriesCombination(shares: shares, backtest: try Self.backtest(json["backtest"], steps: json["horizon"].int(in: 1...10_000))),
            networkShare: share)
    }

    private static func backtest(_ json: JSONReader, steps: Int) throws(FormatError) -> SeriesBacktest? {
        if !json.exists { return nil }
        var tables: [[[Double]]] = []
        for name in ["forecasts", "truths", "naives"] {
            var rows: [[Double]] = []
            for row in try json[name].elements() { rows.append(try row.doubles()) }
            if rows.contains(where: { $0.count != steps }) || rows.count != (tables.first?.count ?? rows.count) || rows.isEmpty {
                throw json[name].error("must have \(steps) numbers for each of the same ends")
            }
            tables.append(rows)
        }
        return SeriesBacktest(forecasts: tables[0], truths: tables[1], naives: tables[2], isRelative: try json["isRelative"].bool())
    }
}
