/// An autoregression by penalised least squares: each value from those at certain distances before it, and from waves of a long season.
///
///     y_t = c + Σ_k φ_k y_{t-k} + Σ_j (a_j sin 2πjt/m + b_j cos 2πjt/m)
///
/// of a series that may be differenced first, from value to value, from season to season, or both.
struct SeriesAutoregression {
    /// Which values a value depends on.
    struct Form: Hashable, Sendable {
        /// The last values, this many.
        var order = 1
        /// Seasons whose values, and those around them, are looked at as well.
        var periods: [Int] = []
        /// The values beside those a season ago, this many on either side.
        var neighbours = 1
        /// The period of waves, and how many there are.
        var waves = 0, wavePeriod = 1
        /// Whether differences from value to value are taken.
        var isDifferenced = false
        /// The season by which differences are taken; 0 for none.
        var seasonalDifference = 0

        /// The distances that are looked at.
        var lags: [Int] {
            let seasonal = periods.flatMap { period in (period - neighbours)...(period + neighbours) }
            return Set((order > 0 ? Array(1...order) : []) + seasonal.filter { $0 > 0 }).sorted()
        }
        var parameterCount: Int { lags.count + 2 * waves + 1 }
    }

    let form: Form
    private let coefficients: [Double]
    private let values: [Double]
    /// Columns that are read at the last steps too, each as long as the values or longer.
    private let columns: [[Double]]

    /// How many of the last numbers of each column are read.
    private static let columnOrder = 4

    /// The distances whose values are looked at, with their coefficients.
    var weights: [(lag: Int, weight: Double)] { zip(form.lags, coefficients).map { ($0, $1) } }

    /// `nil` where there are too few values for the form.
    init?(fitting values: [Double], _ form: Form, columns: [[Double]] = []) {
        let z = Self.differences(values, form), lags = form.lags, width = form.parameterCount + columns.count * Self.columnOrder
        let x = columns.map { Self.differences(Array($0.prefix(values.count)), form) }
        let first = max(lags.last ?? 0, columns.isEmpty ? 0 : Self.columnOrder), rows = z.count - first
        guard rows >= width + 4 else { return nil }
        // Normal equations of standardised columns; a small penalty steadies short series.
        var gram = [Double](repeating: 0, count: width * width), right = [Double](repeating: 0, count: width)
        var row = [Double](repeating: 0, count: width)
        for t in first..<z.count {
            Self.fill(&row, z, x, t, form, lags, offset: values.count - z.count)
            for i in 0..<width {
                right[i] += row[i] * z[t]
                for j in 0...i { gram[i * width + j] += row[i] * row[j] }
            }
        }
        let variance = max(z.reduce(0) { $0 + $1 * $1 } / Double(z.count), 1e-300)
        // The penalty of a prior by which each coefficient is about 1 in size: one value's worth. Of a column's, in units of its own.
        let spreads = x.map { column in max(column.reduce(0) { $0 + $1 * $1 } / Double(max(column.count, 1)), 1e-300) }
        for i in 0..<width {
            let place = i - form.parameterCount + 1
            let penalty = place >= 0 && i < width - 1 ? spreads[place / Self.columnOrder] : i < lags.count ? variance : i == width - 1 ? 1e-9 : 1e-3
            gram[i * width + i] += penalty
        }
        guard let solution = Self.solve(&gram, right, width) else { return nil }
        (self.form, self.values, self.columns, coefficients) = (form, values, columns, solution)
    }

    private static func fill(_ row: inout [Double], _ z: [Double], _ x: [[Double]], _ t: Int, _ form: Form, _ lags: [Int], offset: Int) {
        for (i, lag) in lags.enumerated() { row[i] = z[t - lag] }
        for wave in 0..<form.waves {
            let angle = 2 * Double.pi * Double(wave + 1) * Double(t + offset) / Double(form.wavePeriod)
            row[lags.count + 2 * wave] = sine(angle)
            row[lags.count + 2 * wave + 1] = sine(angle + .pi / 2)
        }
        for (place, column) in x.enumerated() {
            for lag in 1...columnOrder { row[form.parameterCount - 1 + place * columnOrder + lag - 1] = column[t - lag] }
        }
        row[row.count - 1] = 1
    }

    private static func differences(_ values: [Double], _ form: Form) -> [Double] {
        var z = values
        let season = form.seasonalDifference
        if season > 0 { z = z.count > season ? (season..<z.count).map { z[$0] - z[$0 - season] } : [] }
        if form.isDifferenced { z = zip(z.dropFirst(), z).map { $0 - $1 } }
        return z
    }

    /// Solves a symmetric positive definite system, given its lower triangle, by Cholesky's factors.
    static func solve(_ matrix: inout [Double], _ right: [Double], _ width: Int) -> [Double]? {
        for i in 0..<width {
            for j in 0...i {
                var sum = matrix[i * width + j]
                for k in 0..<j { sum -= matrix[i * width + k] * matrix[j * width + k] }
                if i == j {
                    guard sum > 0 else { return nil }
                    matrix[i * width + i] = sum.squareRoot()
                } else {
                    matrix[i * width + j] = sum / matrix[j * width + j]
                }
            }
        }
        var x = right
        for i in 0..<width {
            for k in 0..<i { x[i] -= matrix[i * width + k] * x[k] }
            x[i] /= matrix[i * width + i]
        }
        for i in stride(from: width - 1, through: 0, by: -1) {
            for k in (i + 1)..<max(width, i + 1) { x[i] -= matrix[k * width + i] * x[k] }
            x[i] /= matrix[i * width + i]
        }
        return x.allSatisfy(\.isFinite) ? x : nil
    }

    /// A column with its own forecast after it, by an autoregression of its differences.
    private static func continued(_ column: [Double], _ steps: Int) -> [Double] {
        let next = SeriesAutoregression(fitting: column, Form(order: 2, isDifferenced: true))?.forecast(steps)
        return column + (next ?? [Double](repeating: column[column.count - 1], count: steps))
    }

    /// The next values, each from those before it, forecasts among them.
    func forecast(_ steps: Int) -> [Double] {
        var z = Self.differences(values, form), all = values
        let lags = form.lags, offset = values.count - z.count
        let x = columns.map { Self.differences(Self.continued(Array($0.prefix(values.count)), steps), form) }
        var row = [Double](repeating: 0, count: coefficients.count), answers: [Double] = []
        for _ in 0..<steps {
            Self.fill(&row, z, x, z.count, form, lags, offset: offset)
            let next = zip(row, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
            z.append(next)
            var value = next
            let season = form.seasonalDifference
            if form.isDifferenced { value += season > 0 ? all[all.count - 1] - all[all.count - 1 - season] : all[all.count - 1] }
            if season > 0 { value += all[all.count - season] }
            all.append(value)
            answers.append(value)
        }
        return answers
    }
}
