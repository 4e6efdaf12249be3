/// Exponential smoothing: level, trend and season of a series, each moved by a share of the last error (Hyndman et al. 2008).
///
///     ŷ_t = l + φ b + s_{t-m}        or (l + φ b) s_{t-m}
///     l  <- l + φ b + α e            b <- φ b + β e            s <- s + γ e
///
/// where `e = y_t - ŷ_t`; with a multiplicative season `e` is divided by `s` for level and trend, and by `l + φ b` for the season.
struct ExponentialSmoothing {
    let trend: SmoothingTrend
    let season: SmoothingSeason
    /// After how many values the season repeats.
    let period: Int
    /// The shares that minimise the squared errors one step ahead.
    private(set) var alpha = 0.3, beta = 0.0, gamma = 0.0, phi = 1.0
    private var level: Double, slope: Double
    private var seasonal: [Double]
    /// How many values were taken in.
    private var count = 0

    /// The model before any value, from the first seasons.
    private init(before values: [Double], trend: SmoothingTrend, season: SmoothingSeason, period: Int) {
        (self.trend, self.season, self.period) = (trend, season, season == .none ? 1 : period)
        let isMultiplicative = season == .multiplicative, used = max(5, 2000 / period) * period
        let indices = season == .none ? [0] : SeasonalIndices(of: values.prefix(used), period: period, isMultiplicative: isMultiplicative).values
        let adjusted = values.prefix(max(10, 2 * self.period)).enumerated().map { index, value in
            isMultiplicative ? value / indices[index % indices.count] : value - indices[index % indices.count]
        }
        let line = StraightLine(through: adjusted)
        slope = trend == .none ? 0 : line.slope
        level = trend == .none ? adjusted.reduce(0, +) / Double(adjusted.count) : line.intercept - line.slope
        seasonal = indices
    }

    /// Fits the shares and the first states to values, of which there are at least two seasons where there is one.
    init(fitting values: [Double], trend: SmoothingTrend, season: SmoothingSeason, period: Int) {
        let start = Self(before: values, trend: trend, season: season, period: period)
        let size = max(standardDeviation(values), 1e-12 * (abs(values[0]) + 1e-300))
        let hasTrend = trend != .none
        var guess = [-1.0]
        if hasTrend { guess.append(-2) }
        if season != .none { guess.append(-1.5) }
        if trend == .damped { guess.append(1) }
        let shares = guess.count
        guess.append(0)
        if hasTrend { guess.append(0) }
        func moved(_ point: [Double]) -> Self {
            var model = start, next = 1
            model.alpha = logistic(point[0])
            if hasTrend {
                model.beta = model.alpha * logistic(point[next])
                next += 1
            }
            if season != .none {
                model.gamma = (1 - model.alpha) * logistic(point[next])
                next += 1
            }
            if trend == .damped { model.phi = 0.8 + 0.18 * logistic(point[next]) }
            model.level += point[shares] * size
            if hasTrend { model.slope += point[shares + 1] * size * 0.1 }
            return model
        }
        let found = minimizeWithoutDerivatives(from: guess, size: 0.5, tolerance: 1e-6, evaluations: 80 * guess.count) { point in
            var model = moved(point)
            // Shares near 0 and 1 are reached far out; the search is kept from going there for nothing.
            let farthest = point[..<shares].reduce(0) { max($0, abs($1)) }
            return model.squaredError(values) * (1 + 1e-3 * max(0, farthest - 6))
        }
        self = moved(found.point)
        _ = squaredError(values)
    }

    /// Takes values in, and gives the mean squared error of the forecasts one step ahead.
    private mutating func squaredError(_ values: [Double]) -> Double {
        var sum = 0.0
        seasonal.withUnsafeMutableBufferPointer { seasonal in
            values.withUnsafeBufferPointer { values in
                var place = 0
                for value in values {
                    let base = level + phi * slope
                    switch season {
                    case .none:
                        let error = value - base
                        level = base + alpha * error
                        slope = phi * slope + beta * error
                        sum += error * error
                    case .additive:
                        let error = value - base - seasonal[place]
                        level = base + alpha * error
                        slope = phi * slope + beta * error
                        seasonal[place] += gamma * error
                        sum += error * error
                    case .multiplicative:
                        let error = value - base * seasonal[place]
                        let share = seasonal[place]
                        level = base + alpha * error / share
                        slope = phi * slope + beta * error / share
                        seasonal[place] += gamma * error / base
                        sum += error * error
                    }
                    place += 1
                    if place == period { place = 0 }
                }
            }
        }
        count = values.count
        return sum / Double(values.count)
    }

    /// The next values.
    func forecast(_ steps: Int) -> [Double] {
        var sum = 0.0, share = 1.0
        return (0..<steps).map { step in
            share *= phi
            sum += share
            let base = level + sum * slope, index = seasonal[(count + step) % period]
            switch season {
            case .none: return base
            case .additive: return base + index
            case .multiplicative: return base * index
            }
        }
    }
}

/// What each place of a season adds to a series, or multiplies it by: means over seasons of the differences from a moving average.
struct SeasonalIndices {
    let values: [Double]

    /// Of at least two seasons.
    init(of series: some Collection<Double>, period: Int, isMultiplicative: Bool) {
        let series = Array(series)
        var sums = [Double](repeating: 0, count: period), counts = [Double](repeating: 0, count: period)
        let half = period / 2
        var window = series.prefix(period).reduce(0, +)
        for centre in half..<max(half, series.count - half) {
            let first = centre - half
            guard first + period <= series.count else { break }
            if first > 0 { window += series[first + period - 1] - series[first - 1] }
            var mean = window / Double(period)
            if period % 2 == 0 {
                guard first + period < series.count else { break }
                mean += (series[first + period] - series[first]) / Double(2 * period)
            }
            let place = centre % period
            sums[place] += isMultiplicative ? series[centre] / mean : series[centre] - mean
            counts[place] += 1
        }
        let raw = zip(sums, counts).map { $1 == 0 ? (isMultiplicative ? 1 : 0) : $0 / $1 }
        let mean = raw.reduce(0, +) / Double(period)
        values = raw.map { isMultiplicative ? $0 / mean : $0 - mean }
    }
}

/// The straight line of least squares through values at 0, 1, 2, ...
struct StraightLine {
    let intercept: Double, slope: Double

    init(through values: [Double]) {
        let count = Double(values.count), middle = (count - 1) / 2, mean = values.reduce(0, +) / count
        let cross = values.enumerated().reduce(0) { $0 + (Double($1.offset) - middle) * ($1.element - mean) }
        slope = values.count < 2 ? 0 : cross / (count * (count * count - 1) / 12)
        intercept = mean - slope * middle
    }
}

/// The square root of the mean squared difference from the mean.
func standardDeviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
}
