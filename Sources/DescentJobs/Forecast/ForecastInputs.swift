import DescentData
import DescentFormats
import DescentModels

/// What forecasts read beside the values: columns of the file, scaled, and features of the dates.
package struct ForecastInputs: Equatable, Sendable {
    /// A column with the scale of its numbers.
    struct Column: Equatable, Sendable {
        let column: SeriesInputColumn
        let mean: Double, deviation: Double

        func scaled(_ numbers: [Double]) -> [Double] { numbers.map { ($0 - mean) / deviation } }
    }

    let columns: [Column]
    let calendar: [CalendarFeature]
    /// How many columns the features of the dates are.
    private var calendarCount: Int { calendar.reduce(0) { $0 + $1.columnCount } }
    /// How many numbers there are beside the value at each step.
    var count: Int { columns.count + calendarCount }
    /// How many of them are known at the steps of the forecast.
    var aheadCount: Int { columns.count { $0.column.isKnown } + calendarCount }

    /// No inputs.
    package static let none = ForecastInputs(columns: [], calendar: [])

    private init(columns: [Column], calendar: [CalendarFeature]) { (self.columns, self.calendar) = (columns, calendar) }

    /// Fits the scales of columns to the part of series that is trained on.
    ///
    /// - Parameter counts: How many values of each series that is.
    init(_ columns: [SeriesInputColumn], of all: [TimeSeries], counts: [Int], usesCalendar: Bool) {
        let scaled = columns.enumerated().map { place, column in
            let numbers = zip(all, counts).flatMap { $0.inputs[place].prefix($1) }
            let mean = numbers.reduce(0, +) / Double(Swift.max(numbers.count, 1))
            let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(Swift.max(numbers.count, 1))).squareRoot()
            return Column(column: column, mean: mean, deviation: deviation > 0 ? deviation : 1)
        }
        self.init(columns: scaled, calendar: usesCalendar ? all[0].step.calendarFeatures(values: counts.max() ?? 0) : [])
    }

    /// The numbers beside a series, and as many steps after it as they are known.
    ///
    /// - Parameter steps: How many steps after the end the dates are looked at.
    func covariates(of series: TimeSeries, steps: Int) -> SeriesCovariates {
        var covariates = SeriesCovariates(calendar: series.step.columns(calendar, first: series.first, count: series.values.count + steps))
        for (column, numbers) in zip(columns, series.inputs) {
            if column.column.isKnown { covariates.known.append(column.scaled(numbers)) } else { covariates.lagged.append(column.scaled(numbers)) }
        }
        return covariates
    }

    /// - Throws: `DataError` that names the first step at which a column that is known ahead is not known, or for a series without the columns.
    func requireFuture(of series: TimeSeries, steps: Int) throws(DataError) {
        if series.inputs.count != columns.count {
            throw DataError(file: series.file, "the series has \(series.inputs.count) columns beside its values, and the model reads \(columns.map(\.column.words).joined(separator: ", "))")
        }
        for (column, numbers) in zip(columns, series.inputs) where column.column.isKnown && numbers.count < series.values.count + steps {
            let name = column.column.name, after = series.identity.isEmpty ? "" : " of \(series.identity.joined(separator: ", "))"
            throw DataError(
                file: series.file, column: name,
                "\(quoted(name))\(after) is not known at \(series.label(numbers.count)). The forecast reads it at each of the \(Quantity(steps, "steps")) after \(series.label(series.values.count - 1)): add rows with these dates and no \(quoted(series.name)), here or in a second file (descent predict MODEL FILE FUTURE)"
            )
        }
    }

    /// Which columns are read, in a sentence; `nil` for none.
    var sentence: String? {
        func list(_ columns: [Column]) -> String? { columns.isEmpty ? nil : columns.map(\.column.words).joined(separator: ", ") }
        let parts = [
            list(columns.filter(\.column.isKnown)).map { "known ahead: \($0)" },
            list(columns.filter { !$0.column.isKnown }).map { "known up to the forecast: \($0) (--lagged)" },
            calendar.isEmpty ? nil : "calendar: \(calendar.map(\.words).joined(separator: ", ")) (--calendar)",
        ].compactMap { $0 }
        return parts.isEmpty ? nil : "Inputs beside the target: " + parts.joined(separator: "; ") + "."
    }

    // MARK: - In files

    var json: JSON {
        let columns = columns.map { column -> JSON in
            var object = JSON.Object()
            object["name"] = .string(column.column.name)
            object["category"] = column.column.category.map(JSON.string)
            object["isKnown"] = .bool(column.column.isKnown)
            object["mean"] = .number(column.mean)
            object["deviation"] = .number(column.deviation)
            return .object(object)
        }
        return ["columns": .array(columns), "calendar": JSON(calendar.map(\.rawValue))]
    }

    init(json: JSONReader) throws(FormatError) {
        var columns: [Column] = [], calendar: [CalendarFeature] = []
        for entry in try json["columns"].elements() {
            let column = SeriesInputColumn(
                name: try entry["name"].string(), category: entry["category"].exists ? try entry["category"].string() : nil, isKnown: try entry["isKnown"].bool())
            let deviation = try entry["deviation"].double()
            if !(deviation > 0) { throw entry["deviation"].error("is \(deviation); it must be above 0") }
            columns.append(Column(column: column, mean: try entry["mean"].double(), deviation: deviation))
        }
        for name in try json["calendar"].strings() {
            guard let feature = CalendarFeature(rawValue: name) else { throw json["calendar"].error("has \(quoted(name)), which is no feature of dates that is known") }
            calendar.append(feature)
        }
        self.init(columns: columns, calendar: calendar)
    }
}
