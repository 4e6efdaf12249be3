/// Numbers that stand beside a series' values, one for each step, for forecasts to use.
package struct SeriesCovariates: Equatable, Sendable {
    /// Columns whose future values are known: each goes from the first value of the series to the last step of the forecast, or further.
    package var known: [[Double]]
    /// Columns computed from the dates, as long as the known ones.
    package var calendar: [[Double]]
    /// Columns that are known as far as the series is: each has at least as many numbers as the series has values.
    package var lagged: [[Double]]

    package init(known: [[Double]] = [], calendar: [[Double]] = [], lagged: [[Double]] = []) { (self.known, self.calendar, self.lagged) = (known, calendar, lagged) }

    /// A series alone.
    package static let none = SeriesCovariates()
}

/// Which covariates a method uses.
package enum CovariateUse: String, CaseIterable, Sendable {
    /// Those of the file.
    case inputs
    /// Those computed from the dates.
    case calendar
    /// All.
    case both

    /// The uses that have something to use.
    static func possible(_ covariates: SeriesCovariates) -> [CovariateUse] {
        let hasInputs = !covariates.known.isEmpty || !covariates.lagged.isEmpty
        if covariates.calendar.isEmpty { return hasInputs ? [.inputs] : [] }
        return hasInputs ? allCases : [.calendar]
    }

    /// The columns whose effects are estimated, as far as a step; `nil` where one is not known that far.
    func effects(_ covariates: SeriesCovariates, count: Int) -> [[Double]]? {
        let columns = (self == .calendar ? [] : covariates.known) + (self == .inputs ? [] : covariates.calendar)
        return columns.allSatisfy { $0.count >= count } ? columns.map { Array($0.prefix(count)) } : nil
    }

    /// The columns that are read at earlier steps.
    func lagged(_ covariates: SeriesCovariates) -> [[Double]] { self == .calendar ? [] : covariates.lagged }
}

/// What known columns add to a series: a regression whose errors follow an autoregression (Cochrane and Orcutt 1949).
///
///     y_t = Σ_j β_j x_{j,t} + u_t        u_t = c + Σ_k φ_k u_{t-k} + e_t
///
/// By turns φ is fitted to `u`, and β by least squares to what φ leaves of `y` and of each column. Autocorrelated errors thus neither pass for
/// an effect nor hide one.
struct CovariateEffects {
    /// One for each column.
    let coefficients: [Double]

    private static let rounds = 3

    /// Effects of columns, each as long as the values or longer; `nil` where there are too few values.
    ///
    /// - Parameter periods: The seasons that the errors follow.
    init?(of columns: [[Double]], on values: [Double], periods: [Int]) {
        let width = columns.count + 1
        var form = SeriesAutoregression.Form(order: 2, periods: periods.filter { values.count >= 3 * $0 })
        form.neighbours = 0
        var effects = [Double](repeating: 0, count: columns.count), errors = values
        for _ in 0..<Self.rounds {
            guard let filter = SeriesAutoregression(fitting: errors, form) else { return nil }
            let weights = filter.weights, first = weights.map(\.lag).max() ?? 0
            guard values.count - first >= 2 * width + 4 else { return nil }
            func filtered(_ series: [Double]) -> [Double] { (first..<values.count).map { t in weights.reduce(series[t]) { $0 - $1.weight * series[t - $1.lag] } } }
            let response = filtered(values), rows = columns.map(filtered)
            var gram = [Double](repeating: 0, count: width * width), right = [Double](repeating: 0, count: width)
            for (i, a) in rows.enumerated() {
                for (j, b) in rows.prefix(i + 1).enumerated() { gram[i * width + j] = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
                gram[columns.count * width + i] = a.reduce(0, +)
                right[i] = zip(a, response).reduce(0) { $0 + $1.0 * $1.1 }
                // A prior worth one value; a column that never changes has no effect.
                let spread = gram[i * width + i] / Double(a.count)
                gram[i * width + i] += spread > 1e-12 ? spread : 1
            }
            gram[width * width - 1] = Double(response.count)
            right[width - 1] = response.reduce(0, +)
            guard let solution = SeriesAutoregression.solve(&gram, right, width) else { return nil }
            effects = Array(solution.dropLast())
            errors = Self.sum(columns, effects, in: values.indices).enumerated().map { values[$0] - $1 }
        }
        coefficients = effects
    }

    /// What the columns add at some steps.
    func sum(_ columns: [[Double]], in steps: Range<Int>) -> [Double] { Self.sum(columns, coefficients, in: steps) }

    private static func sum(_ columns: [[Double]], _ coefficients: [Double], in steps: Range<Int>) -> [Double] {
        steps.map { step in zip(columns, coefficients).reduce(0) { $0 + $1.0[step] * $1.1 } }
    }
}
