import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentModels
import DescentTrain
import TestFolders
import Testing

@Suite("forecasts at earlier ends: intervals, errors by step, naive answers")
struct ForecastBacktestTests {
    /// Numbers that look random and are the same in every run.
    private static func noise(_ index: Int) -> Double { Double((index * 7919 + index * index * 104_729) % 1009) / 1009 - 0.5 }

    @Test("intervals by split conformal prediction: widths that grow, quantiles by hand, measured coverage")
    func intervals() throws {
        // Errors of 1, 2, 3, 10 at the first step, and twice that at the second.
        let errors = [1.0, -2, 3, -10]
        let backtest = SeriesBacktest(
            forecasts: errors.map { [10 - $0, 10 - 2 * $0] }, truths: errors.map { _ in [10, 10] }, naives: errors.map { _ in [9, 7] }, isRelative: false)
        #expect(backtest.errors == [4, 8] && backtest.naiveErrors == [1, 3])
        // Shares of the mean errors 4 and 8: 0.25, 0.5, 0.75 and 2.5, each twice. The fifth of nine is 0.75; widened by 1.3.
        let half = try #require(backtest.interval(0.5, about: [100, 100]))
        #expect(zip(half, [96.1...103.9, 92.2...107.8]).allSatisfy { abs($0.lowerBound - $1.lowerBound) < 1e-9 && abs($0.upperBound - $1.upperBound) < 1e-9 }, "\(half)")
        #expect(abs(try #require(backtest.interval(0.95, about: [0, 0]))[1].upperBound - 26) < 1e-9)
        // Without itself, the largest error is outside.
        #expect(backtest.coverage(0.95) == 0.75)
        let few = SeriesBacktest(forecasts: [[1]], truths: [[2]], naives: [[1]], isRelative: false)
        #expect(few.interval(0.8, about: [1]) == nil && few.coverage(0.8) == nil)
        let relative = SeriesBacktest(forecasts: errors.map { [20 - $0] }, truths: errors.map { _ in [20] }, naives: errors.map { _ in [9] }, isRelative: true)
        let wide = try #require(relative.interval(0.8, about: [200]))[0], narrow = try #require(relative.interval(0.8, about: [100]))[0]
        #expect(abs((wide.upperBound - wide.lowerBound) - 2 * (narrow.upperBound - narrow.lowerBound)) < 1e-9)
        // Errors that fall at the second step are taken together.
        let falling = SeriesBacktest(forecasts: errors.map { [$0, $0 / 2] }, truths: errors.map { _ in [0, 0] }, naives: errors.map { _ in [0, 0] }, isRelative: false)
        let same = try #require(falling.interval(0.8, about: [0, 0]))
        #expect(same[0] == same[1])
    }

    @Test("on noise about a level the intervals hold as many values as they say, and are not much wider")
    func coverage() throws {
        var held = 0, widths = 0.0
        for start in 0..<20 {
            let values = (0..<70).map { 50 + 10 * Self.noise($0 + 100 * start) }, known = Array(values.prefix(64))
            let combination = SeriesCombination(fitting: known, seasons: [], steps: 6)
            let forecast = try #require(combination.forecast(known, seasons: [], steps: 6)), bounds = try #require(combination.backtest?.interval(0.8, about: forecast))
            held += zip(bounds, values.suffix(6)).count { $0.contains($1) }
            widths += bounds.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
        }
        #expect(held >= 96 && widths / 120 < 2 * 7, "\(held) of 120, width \(widths / 120)")
    }

    @Test("where nothing does better than drift, drift is the forecast")
    func naive() throws {
        let line = (0..<60).map { 3 * Double($0) }, combination = SeriesCombination(fitting: line, seasons: [], steps: 4)
        #expect(combination.naive == "drift" && combination.backtest?.errors == [0, 0, 0, 0])
        #expect(combination.forecast(line, seasons: [], steps: 2) == [180, 183])
        #expect(SeriesCombination(fitting: (0..<60).map { 50 + Self.noise($0) }, seasons: [], steps: 4).naive == nil)
        var settings = ForecastSettings()
        (settings.horizon, settings.epochs, settings.hidden) = (4, 1, 4)
        let series = try TimeSeries(Table(parsing: Array(("y\n" + line.map { "\($0 + 1)\n" }.joined()).utf8), file: "s.csv"), target: "y")
        let model = try ForecastTraining(series, settings: settings).run()
        #expect(model.details[0] == "at earlier ends of the series no method did better than to go on from the last value by the mean change (drift), so that is the forecast.")
        #expect(try model.forecast(series) == [181, 184, 187, 190])
    }

    @Test("a cycle without a calendar: found where a series swings, not in noise, a line, or a slow change")
    func cycle() {
        let swings = (0..<200).map { Double([0, 2, 5, 9, 8, 6, 4, 3, 2, 1, 0][($0 + $0 / 90) % 11]) + Self.noise($0) }
        #expect(Seasons.cycle(in: swings) == 11)
        // A linear congruential generator.
        var state: UInt64 = 7
        let noise = (0..<200).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 33) / Double(1 << 31) - 0.5
        }
        #expect(Seasons.cycle(in: noise) == 1)
        #expect(Seasons.cycle(in: (0..<200).map { 2.5 * Double($0) }) == 1)
        #expect(Seasons.cycle(in: [1, 2, 1, 2]) == 1)
        #expect(Seasons.cycle(in: (0..<200).map { 1 / (1 + Double($0)) }) == 1)
    }

    @Test("metrics: MAPE, sMAPE, RMSE and MASE by hand; shares only where all values have one sign")
    func metrics() {
        let answer = ForecastTraining.Answer(name: "model", words: "model", values: [11, 18])
        let found = ForecastTraining.metrics([answer], truth: [10, 20], scales: [2, 2])
        #expect(found[0].words == "model: MAPE 10.00 %, sMAPE 10.03 %, MAE 1.500, RMSE 1.581, MASE 0.750")
        #expect(found.map(\.name) == ["mape", "smape", "meanAbsoluteError", "rootMeanSquaredError", "mase"])
        #expect(ForecastTraining.metrics([answer], truth: [-10, 20], scales: [2, 2])[0].words == "model: MAE 11.500, RMSE 14.916, MASE 5.750")
        #expect(ForecastTraining.metrics([answer], truth: [10, 20], scales: [0, 2]).map(\.name).last == "rootMeanSquaredError")
    }

    @Test("levels as columns and in JSON; the page shows every series; the file keeps what was tested")
    func model() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let rows = ["north", "south"].enumerated().flatMap { number, shop in
            (0..<60).map { "\(shop),\(2010 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1),\(Double(number + 1) * (100 + Double($0)) + 8 * Self.noise($0 + 60 * number))\n" }
        }
        let file = place.path + "/s.csv"
        try FileSystem.write(Array(("shop,month,sales\n" + rows.joined()).utf8), to: file)
        let table = try Table(path: file)
        var settings = ForecastSettings()
        (settings.horizon, settings.epochs, settings.hidden, settings.levels) = (4, 2, 8, ["80"])
        let training = try ForecastTraining(SeriesCollection(table, target: "sales"), settings: settings), model = try training.run()
        let page = try training.page(of: model).html()
        for part in ["All series", "sales, north", "sales, south", "errors of all series together"] { #expect(page.contains(part), "\(part)") }
        try model.save(to: place.path + "/model")
        let read = try Forecaster(path: place.path + "/model")
        #expect(read.series == model.series && read.series[0].combination?.backtest?.count == 12)
        #expect(read.details.contains { $0.hasPrefix("south: 80 % intervals hold ") && $0.hasSuffix(" of the values after 12 earlier ends, each by the errors at the others.") }, "\(read.details)")
        let stream = try read.answers(PredictionRequest(JobInput([file])))
        #expect(stream.answerColumns == ["sales", "sales lower 80", "sales upper 80"])
        let answers = try #require(try stream.next())
        for answer in answers {
            let numbers = answer.values.compactMap(Double.init)
            #expect(numbers.count == 3 && numbers[1] < numbers[0] && numbers[0] < numbers[2])
        }
        let evaluation = try read.evaluation(JobInput([file]))
        #expect(try evaluation.json.text().contains("\"earlierEnds\":[{\"series\":[\"north\",\"sales\"],\"ends\":12,\"meanAbsoluteErrorByStep\":["))
        settings.levels = ["80", "x"]
        #expect { try settings.validate() } throws: { "\($0)".contains("it must be percentages between 0 and 100, such as 80,95") }
    }
}
