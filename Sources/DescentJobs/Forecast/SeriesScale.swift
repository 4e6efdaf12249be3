import DescentData
import DescentFormats
import DescentModels
import DescentTrain

/// What stands between a series' numbers and a network's: logarithms where it grows by shares, a scale, and the seasonal-naive answer that the
/// network's is added to.
package struct SeriesScale: Equatable, Sendable {
    /// Steps ahead.
    package let horizon: Int
    /// After how many steps the pattern comes again; 1 for none.
    package let season: Int
    /// The steps that the network reads.
    package let window: Int
    package let isLogarithmic: Bool
    /// Of the numbers, or their logarithms.
    package let mean: Double
    package let deviation: Double
    /// The typical size of the difference between scaled numbers a season apart.
    package let change: Double

    /// Fits a scale to numbers, of which there is more than a season.
    package init(fitting values: [Double], horizon: Int, season: Int, window: Int, isLogarithmic: Bool) {
        (self.horizon, self.season, self.window, self.isLogarithmic) = (horizon, season, window, isLogarithmic)
        let plain = values.map { isLogarithmic ? logarithm($0) : $0 }
        let mean = plain.reduce(0, +) / Double(plain.count)
        let spread = (plain.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(plain.count)).squareRoot()
        let deviation = spread > 0 ? spread : 1
        let squares = plain.indices.dropFirst(season).map { index in
            let difference = (plain[index] - plain[index - season]) / deviation
            return difference * difference
        }
        let change = (squares.reduce(0, +) / Double(Swift.max(squares.count, 1))).squareRoot()
        (self.mean, self.deviation, self.change) = (mean, deviation, change > 0 ? change : 1)
    }

    /// Whether windows of both have the same shape.
    func isAlike(_ other: SeriesScale) -> Bool {
        (horizon, season, window) == (other.horizon, other.season, other.window) && isLogarithmic == other.isLogarithmic
    }

    package func scaled(_ value: Double) -> Double { ((isLogarithmic ? logarithm(value) : value) - mean) / deviation }
    private func plain(_ scaled: Double) -> Double { isLogarithmic ? exponential(scaled * deviation + mean) : scaled * deviation + mean }

    /// The seasonal-naive answer, scaled: what the series had at the same place of its last season.
    private func naive(_ z: [Double], end: Int, ahead step: Int) -> Double { z[end - season + (step - 1) % season] }

    /// What the network sees of scaled numbers before `end`: the window, two numbers and all covariates a step, and the naive answers less the last
    /// number, followed by the covariates that are known at each step ahead.
    package func inputs(_ z: [Double], end: Int, beside covariates: SeriesCovariates = .none) -> (window: [Float], naive: [Float]) {
        let ahead = covariates.known + covariates.calendar, columns = ahead + covariates.lagged
        var steps: [Float] = []
        for place in end - window..<end {
            steps.append(Float(z[place]))
            steps.append(Float((z[place] - z[place - season]) / change))
            steps += columns.map { Float($0[place]) }
        }
        let answers = (1...horizon).map { Float(naive(z, end: end, ahead: $0) - z[end - 1]) }
        return (steps, answers + (end..<end + horizon).flatMap { step in ahead.map { Float($0[step]) } })
    }

    /// What the network is to give for scaled numbers that go on after `end`.
    package func targets(_ z: [Double], end: Int) -> [Float] {
        (1...horizon).map { Float((z[end + $0 - 1] - naive(z, end: end, ahead: $0)) / change) }
    }

    /// The numbers that the network's outputs mean.
    package func answers(_ z: [Double], end: Int, outputs: [Float]) -> [Double] {
        outputs.enumerated().map { step, output in plain(naive(z, end: end, ahead: step + 1) + Double(output) * change) }
    }

    var members: [(String, JSON)] {
        [
            ("horizon", .integer(Int64(horizon))), ("season", .integer(Int64(season))), ("window", .integer(Int64(window))),
            ("isLogarithmic", .bool(isLogarithmic)), ("mean", .number(mean)), ("deviation", .number(deviation)), ("change", .number(change)),
        ]
    }

    init(json: JSONReader) throws(FormatError) {
        horizon = try json["horizon"].int(in: 1...10_000)
        season = try json["season"].int(in: 1...100_000)
        window = try json["window"].int(in: 1...100_000)
        isLogarithmic = try json["isLogarithmic"].bool()
        mean = try json["mean"].double()
        deviation = try json["deviation"].double()
        change = try json["change"].double()
        for (name, value) in [("deviation", deviation), ("change", change)] where !(value > 0) { throw json[name].error("is \(value); it must be above 0") }
    }
}
