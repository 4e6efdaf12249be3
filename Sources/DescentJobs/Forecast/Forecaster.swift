import DescentCore
import DescentData
import DescentFormats
import DescentModels
import DescentNN
import DescentTrain

/// What goes on with a series: recurrent layers read a window of it, and a linear layer gives what is to be added to the seasonal-naive answer
/// at each step ahead.
public struct ForecastNetwork: Module {
    package let cell: CellKind
    package let hidden: Int
    package let horizon: Int
    /// How many series it knows by name; 0 for a single one, which needs no name.
    package let names: Int
    /// How many numbers it reads beside the value at each step, and how many of them at the steps ahead.
    package let columns: Int, ahead: Int
    let layers: [ChosenRecurrent]
    private let dropout: Dropout
    private let output: Linear

    /// The numbers of each step that are of the series: the value, and its difference from a season before.
    private static let ownFeatures = 2
    /// The numbers of each step.
    package var features: Int { Self.ownFeatures + columns }
    /// The numbers that the last layer reads beside the state: naive answers, what is known at the steps ahead, and the name.
    package var extras: Int { horizon * (1 + ahead) + names }

    package init(cell: CellKind, hidden: Int, layers: Int, horizon: Int, names: Int = 0, columns: Int = 0, ahead: Int = 0, dropout: Double) {
        (self.cell, self.hidden, self.horizon, self.names, self.columns, self.ahead) = (cell, hidden, horizon, names, columns, ahead)
        self.layers = (0..<layers).map { ChosenRecurrent(cell, $0 == 0 ? Self.ownFeatures + columns : hidden, hidden) }
        self.dropout = Dropout(dropout)
        output = Linear(hidden + horizon * (1 + ahead) + names, horizon)
    }

    /// The learned numbers.
    package static func parameterCount(cell: CellKind, hidden: Int, layers: Int, horizon: Int, names: Int = 0, columns: Int = 0, ahead: Int = 0) -> Int {
        let cells = (0..<layers).reduce(0) { $0 + cell.gates * hidden * (($1 == 0 ? ownFeatures + columns : hidden) + hidden + 2) }
        return cells + horizon * (hidden + horizon * (1 + ahead) + names + 1)
    }

    /// The name of a series as the network reads it: 1 at its place, and 0 everywhere for a series that it does not know.
    package func name(_ place: Int?) -> [Float] { (0..<names).map { $0 == place ? 1 : 0 } }

    /// Shapes: windows [batch, time, features], naive [batch, extras] (naive answers, what is known ahead, the series' name), answers [batch, horizon].
    package func callAsFunction(_ windows: Tensor, naive: Tensor) -> Tensor {
        var x = windows.movingAxis(1, to: 0)
        var state: [Tensor] = []
        for layer in layers {
            let (outputs, last) = layer(x)
            x = dropout(outputs)
            state = last
        }
        return output(.concatenate([dropout(state[0]), naive], axis: -1))
    }
}

/// A model that says how series go on.
public struct Forecaster: JobModel {
    /// How it was made.
    public let record: ModelRecord<ForecastSettings>
    /// The column of the numbers, or several with commas between.
    public let target: String
    /// The column of the dates, if there was one.
    public let date: String?
    /// The series that it was trained on, at least one.
    package let series: [ForecastedSeries]
    /// What it reads beside the values.
    package let inputs: ForecastInputs
    /// How many steps ahead it says.
    public var horizon: Int { scale.horizon }
    package var scale: SeriesScale { series[0].scale }
    package let network: ForecastNetwork

    package init(
        network: ForecastNetwork, series: [ForecastedSeries], inputs: ForecastInputs = .none, target: String, date: String?, record: ModelRecord<ForecastSettings>
    ) {
        (self.network, self.series, self.inputs, self.target, self.date, self.record) = (network, series, inputs, target, date, record)
    }

    /// How many numbers of a series the network looks at.
    public var neededCount: Int { scale.season + scale.window }

    /// The next numbers of a series. One of a name that the model does not know is answered as what is common to all.
    ///
    /// - Throws: `DataError` for a series that is too short, or that has numbers whose logarithm cannot be taken where the model needs it.
    public func forecast(_ series: TimeSeries) throws(DataError) -> [Double] { try answer(series).values }

    /// The next numbers of a series, and what its forecasts at earlier ends were.
    func answer(_ series: TimeSeries) throws(DataError) -> (values: [Double], backtest: SeriesBacktest?) {
        let values = series.values
        if scale.isLogarithmic, let bad = values.suffix(neededCount).first(where: { $0 <= 0 }) {
            throw DataError(file: series.file, "the series has the number \(bad); the model was trained on logarithms, which only numbers above 0 have")
        }
        try inputs.requireFuture(of: series, steps: horizon)
        let place = place(of: series), covariates = inputs.covariates(of: series, steps: horizon)
        let own = place.map { self.series[$0] } ?? ForecastedSeries(values, beside: covariates, like: scale, settings: record.settings)
        // The network reads more than a short series has; simple methods do not.
        if values.count < neededCount, own.combined(values, beside: covariates) == nil {
            throw DataError(file: series.file, "the series has \(values.count) numbers, and this model looks at the last \(neededCount)")
        }
        return (forecast(after: values, beside: covariates, of: own, place: place), own.combination?.backtest)
    }

    /// Which of the model's series one is.
    func place(of other: TimeSeries) -> Int? { series.count == 1 ? 0 : series.firstIndex { $0.identity == other.identity && $0.target == other.name } }

    /// The next numbers after some, of which there is at least one. Where they are fewer than the network reads, simple methods answer, or the last number.
    ///
    /// - Parameters:
    ///   - covariates: What the model reads beside them, and `horizon` steps after them.
    ///   - place: Which of the model's series they are of; `nil` for another.
    package func forecast(after values: [Double], beside covariates: SeriesCovariates = .none, of place: Int? = 0) -> [Double] {
        let own = place.map { series[$0] } ?? ForecastedSeries(values, beside: covariates, like: scale, settings: record.settings)
        return forecast(after: values, beside: covariates, of: own, place: place)
    }

    private func forecast(after values: [Double], beside covariates: SeriesCovariates, of own: ForecastedSeries, place: Int?) -> [Double] {
        if values.count < neededCount { return own.combined(values, beside: covariates) ?? [Double](repeating: values[values.count - 1], count: horizon) }
        let learned = learnedForecast(after: values, beside: covariates, scale: own.scale, place: place)
        guard let simple = own.combined(values, beside: covariates), let share = own.networkShare else { return learned }
        return zip(learned, simple).map { share * $0 + (1 - share) * $1 }
    }

    /// What the network alone says.
    private func learnedForecast(after values: [Double], beside covariates: SeriesCovariates, scale: SeriesScale, place: Int?) -> [Double] {
        network.infer()
        let z = values.map(scale.scaled)
        let (window, naive) = scale.inputs(z, end: z.count, beside: covariates)
        let outputs = network(
            Tensor(window, shape: [1, scale.window, network.features]), naive: Tensor(naive + network.name(place), shape: [1, network.extras])
        ).floats
        return scale.answers(z, end: z.count, outputs: outputs)
    }

    public var job: String { ForecastJob.name }
    public var module: any Module { network }

    public var parts: JSON.Object {
        var parts = JSON.Object()
        parts["architecture"] = [
            "cell": .string(network.cell.rawValue), "hidden": .integer(Int64(network.hidden)),
            "layers": .integer(Int64(record.settings.layers ?? 1)), "dropout": .number(record.settings.dropout ?? 0),
        ]
        var encoding = JSON.Object()
        encoding["target"] = .string(target)
        encoding["date"] = date.map(JSON.string)
        encoding["series"] = .array(series.map(\.json))
        if inputs != .none { encoding["inputs"] = inputs.json }
        parts["encoding"] = .object(encoding)
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let json = file.card["architecture"]
        let encoding = file.card["encoding"]
        let cell = try json["cell"].cellKind()
        let hidden = try json["hidden"].int(in: 1...8192)
        let layers = try json["layers"].int(in: 1...32)
        let dropout = try json["dropout"].double()
        if !(0..<1).contains(dropout) { throw json["dropout"].error("must be at least 0 and below 1") }
        var series: [ForecastedSeries] = []
        if encoding["series"].exists {
            for entry in try encoding["series"].elements() { series.append(try ForecastedSeries(json: entry)) }
        } else {
            // A model of one series, as they were before there were several.
            series = [ForecastedSeries(identity: [], target: try encoding["target"].string(), scale: try SeriesScale(json: encoding))]
        }
        guard let first = series.first?.scale else { throw encoding["series"].error("is empty; a model has at least one series") }
        guard series.allSatisfy({ $0.scale.isAlike(first) }) else { throw encoding["series"].error("has windows or seasons that differ") }
        let names = series.count == 1 ? 0 : series.count
        let inputs = encoding["inputs"].exists ? try ForecastInputs(json: encoding["inputs"]) : .none
        let count = ForecastNetwork.parameterCount(
            cell: cell, hidden: hidden, layers: layers, horizon: first.horizon, names: names, columns: inputs.count, ahead: inputs.aheadCount)
        let network = try file.network(parameterCount: count) {
            ForecastNetwork(
                cell: cell, hidden: hidden, layers: layers, horizon: first.horizon, names: names, columns: inputs.count, ahead: inputs.aheadCount, dropout: dropout)
        }
        self.init(
            network: network, series: series, inputs: inputs, target: try encoding["target"].string(),
            date: encoding["date"].exists ? try encoding["date"].string() : nil, record: try file.record())
    }

    public var description: [String] {
        let season = scale.season > 1 ? ", with a season of \(scale.season)" : ""
        return ["Forecasts \(target)\(series.count > 1 ? ", \(series.count) series," : "") \(horizon) steps ahead from the last \(neededCount) values\(season)."]
    }

    public var details: [String] {
        (inputs.sentence.map { [$0] } ?? []) + series.flatMap { own in [own.sharesLine(isNamed: series.count > 1), own.coverageLine(isNamed: series.count > 1)].compactMap { $0 } }
    }

    public func nextCommands(folder: String, input: JobInput?) -> [String] { ["predict \(shellQuoted(folder)) \(input.map { shellQuoted($0.path) } ?? "FILE")"] }

    /// In words: "1 GRU layer of 32".
    public var summary: String {
        let layers = record.settings.layers ?? 1
        return "\(layers) \(network.cell.rawValue.uppercased()) layer\(layers == 1 ? "" : "s") of \(network.hidden)"
    }
}
