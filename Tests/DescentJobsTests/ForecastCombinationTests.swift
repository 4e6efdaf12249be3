import DescentData
import DescentJobs
import DescentModels
import DescentTrain
import TestFolders
import Testing

@Suite("forecasts that simple methods share in")
struct ForecastCombinationTests {
    /// Numbers that look random and are the same in every run.
    private static func noise(_ index: Int) -> Double { Double((index * 7919 + index * index * 104_729) % 1009) / 1009 - 0.5 }

    private func isClose(_ answers: [Double]?, _ truth: [Double], within tolerance: Double) -> Bool {
        guard let answers, answers.count == truth.count else { return false }
        return zip(answers, truth).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
    }

    @Test("methods that know a series' law go on with it")
    func laws() {
        let steps = 6, count = 72
        func series(_ law: (Int) -> Double) -> (known: [Double], truth: [Double]) { ((0..<count).map(law), (count..<count + steps).map(law)) }
        let line = series { 50 + 3 * Double($0) }
        #expect(isClose(SeriesMember.drift.forecast(line.known, seasons: [], steps: steps), line.truth, within: 1e-12))
        #expect(isClose(SeriesMember.smoothing(trend: .additive, season: .none, logarithm: false).forecast(line.known, seasons: [], steps: steps), line.truth, within: 1e-6))
        let pattern = [0.0, 4, 9, 3, -2, -5, -9, -4, 1, 2, 3, -2]
        let season = series { 50 + Double($0) + pattern[$0 % 12] }
        #expect(isClose(SeriesMember.smoothing(trend: .additive, season: .additive, logarithm: false).forecast(season.known, seasons: [12], steps: steps), season.truth, within: 1e-6))
        let growth = series { (100 + 2 * Double($0)) * (1 + pattern[$0 % 12] / 20) }
        #expect(isClose(SeriesMember.smoothing(trend: .additive, season: .multiplicative, logarithm: false).forecast(growth.known, seasons: [12], steps: steps), growth.truth, within: 0.02))
        // x_t = 2 cos(θ) x_{t-1} - x_{t-2}
        var wave = [1.0, 1.5]
        while wave.count < 400 { wave.append(1.8 * wave[wave.count - 1] - wave[wave.count - 2]) }
        let oscillation = SeriesMember.autoregression(order: 2, differences: .none, logarithm: false).forecast(Array(wave.dropLast(steps)), seasons: [], steps: steps)
        // The penalty takes a little of the coefficients.
        #expect(isClose(oscillation, Array(wave.suffix(steps)), within: 0.2))
        let repeated = series { pattern[$0 % 12] }
        #expect(SeriesMember.seasonalNaive.forecast(repeated.known, seasons: [12], steps: steps) == repeated.truth)
        #expect(SeriesMember.smoothing(trend: .none, season: .none, logarithm: true).forecast(repeated.known, seasons: [], steps: steps) == nil)
    }

    @Test("names of members lead back to them, and others to none")
    func names() {
        let members = SeriesMember.fitting((1...800).map(Double.init), seasons: [7, 365])
        #expect(members.count > 40 && members.allSatisfy { SeriesMember(name: $0.name) == $0 })
        for name in ["", "smoothing", "smoothing none", "smoothing none sideways", "autoregression 0 none", "autoregression 2 none twice", "waves x", "theta 2"] {
            #expect(SeriesMember(name: name) == nil, "\(name)")
        }
    }

    @Test("weights are of errors at earlier ends: what fits better has more, and a series that repeats goes on so")
    func weights() throws {
        let trend = (0..<80).map { 20 + Double($0) + Self.noise($0) }
        let combination = SeriesCombination(fitting: trend, seasons: [], steps: 5)
        #expect(abs(combination.shares.reduce(0) { $0 + $1.weight } - 1) < 1e-12 && combination.shares.count > 1)
        #expect(combination.shares == combination.shares.sorted { $0.weight > $1.weight })
        #expect(!combination.shares.contains { $0.name == "seasonal naive" })
        // The errors at the ends that were tried.
        func error(_ member: SeriesMember) -> Double {
            stride(from: 53, through: 75, by: 2).reduce(0) { sum, end in
                let forecast = member.forecast(Array(trend[..<end]), seasons: [], steps: 5)!
                return sum + zip(forecast, trend[end...]).reduce(0) { $0 + abs($1.0 - $1.1) }
            }
        }
        #expect(try error(#require(SeriesMember(name: combination.shares[0].name))) < 0.5 * error(.seasonalNaive))
        let repeating = (0..<80).map { Double([3, 1, 4, 1, 5, 9, 2][$0 % 7]) }
        let naive = SeriesCombination(fitting: repeating, seasons: [7], steps: 5)
        #expect(isClose(naive.forecast(repeating, seasons: [7], steps: 3), [1, 5, 9], within: 1e-6))
        // Too short for any earlier end.
        #expect(SeriesCombination(fitting: [1, 2, 3, 5], seasons: [], steps: 4).forecast([1, 2, 3, 5], seasons: [], steps: 2)?.count == 2)
    }

    @Test("the seasons of a day and of a week are both found")
    func seasons() {
        let hours = (0..<24 * 7 * 4).map { hour in Double(hour % 24) + (hour / 24 % 7 >= 5 ? 10 : 0) + Self.noise(hour) }
        #expect(Seasons.found(in: hours, among: [24, 168]) == [24, 168] && Seasons.clearest(in: hours, among: [24, 168]) == 168)
        #expect(Seasons.found(in: (0..<200).map(Double.init), among: [12]).isEmpty && Seasons.clearest(in: [1, 1, 1, 1, 1, 1], among: [2]) == 1)
    }

    @Test("several series: one network with their names, a model that is read back, and series that are short or new")
    func panel() throws {
        let place = try RunPlace()
        defer { place.remove() }
        func table(_ shops: [(String, Double, Int)]) throws -> SeriesCollection {
            let rows = shops.flatMap { shop, level, count in
                (0..<count).map { "\(shop),\(2010 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1),\(level * (100 + Double($0) + 20 * Double($0 % 12) + Self.noise($0)))\n" }
            }
            return try SeriesCollection(Table(parsing: Array(("shop,month,sales\n" + rows.joined()).utf8), file: "s.csv"), target: "sales")
        }
        let collection = try table([("north", 1, 72), ("south", 10, 60), ("new", 3, 8)])
        var settings = ForecastSettings()
        (settings.horizon, settings.epochs, settings.hidden) = (4, 3, 8)
        let training = try ForecastTraining(collection, settings: settings)
        // What was guessed stays with the model, for files in which no date repeats.
        #expect(training.all.count == 3 && training.settings.season == 12 && training.settings.identity == ["shop"])
        // Each series that is long enough gives its own windows.
        #expect(training.sampleCount == (72 - 4 - 12 - 17 - 4 + 1) + (60 - 4 - 12 - 17 - 4 + 1) && training.settings.window == 17, "\(training.sampleCount) \(training.settings.window!)")
        let model = try training.run()
        #expect(model.record.heldOut == Quantity(12, "values"))
        #expect(model.record.lines.contains { $0.hasPrefix("  south model: MAPE ") } && model.record["mape"]! < 0.5)
        try model.save(to: place.path)
        let read = try Forecaster(path: place.path)
        for series in collection.series { #expect(try read.forecast(series) == model.forecast(series) && read.forecast(series).count == 4) }
        let other = try table([("west", 5, 60), ("east", 5, 60)]).series[0]
        #expect(try read.forecast(other).allSatisfy { $0 > 400 && $0 < 3000 })
    }

    @Test("without simple methods the network answers alone, and its share is small where windows are few")
    func shares() throws {
        let rows = (0..<60).map { "\(50 + 10 * Double($0 % 4) + 4 * Self.noise($0))\n" }
        let series = try TimeSeries(Table(parsing: Array(("y\n" + rows.joined()).utf8), file: "s.csv"), target: "y")
        var settings = ForecastSettings()
        (settings.horizon, settings.epochs, settings.hidden, settings.combines) = (4, 2, 8, false)
        let alone = try ForecastTraining(series, settings: settings).run()
        #expect(alone.details.isEmpty && alone.series[0].combination == nil)
        settings.combines = nil
        let shared = try ForecastTraining(series, settings: settings).run()
        let share = try #require(shared.details.first)
        #expect(share.hasPrefix("the forecast is shared by the network (") && share.hasSuffix(" (--no-combine for the network alone)."), "\(share)")
        #expect(try shared.forecast(series) != alone.forecast(series))
    }
}
