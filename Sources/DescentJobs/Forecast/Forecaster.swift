import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// What goes on with a series: recurrent layers read a window of it, and a linear layer gives what is to be added to the seasonal-naive answer
/// at each step ahead.
public struct ForecastNetwork: Module {
    package let cell: CellKind
    package let hidden: Int
    package let horizon: Int
    let layers: [ChosenRecurrent]
    private let dropout: Dropout
    private let output: Linear

    /// The numbers of each step: the value, and its difference from a season before.
    package static let features = 2

    package init(cell: CellKind, hidden: Int, layers: Int, horizon: Int, dropout: Double) {
        (self.cell, self.hidden, self.horizon) = (cell, hidden, horizon)
        self.layers = (0..<layers).map { ChosenRecurrent(cell, $0 == 0 ? Self.features : hidden, hidden) }
        self.dropout = Dropout(dropout)
        output = Linear(hidden + horizon, horizon)
    }

    /// The learned numbers.
    package static func parameterCount(cell: CellKind, hidden: Int, layers: Int, horizon: Int) -> Int {
        let cells = (0..<layers).reduce(0) { $0 + cell.gates * hidden * (($1 == 0 ? features : hidden) + hidden + 2) }
        return cells + horizon * (hidden + horizon + 1)
    }

    /// Shapes: windows [batch, time, 2], naive [batch, horizon], answers [batch, horizon].
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

/// A model that says how a series goes on.
public struct Forecaster: JobModel {
    /// How it was made.
    public let record: ModelRecord<ForecastSettings>
    /// The column of the numbers.
    public let target: String
    /// The column of the dates, if there was one.
    public let date: String?
    /// How many steps ahead it says.
    public var horizon: Int { scale.horizon }
    package let scale: SeriesScale
    package let network: ForecastNetwork

    package init(network: ForecastNetwork, scale: SeriesScale, target: String, date: String?, record: ModelRecord<ForecastSettings>) {
        (self.network, self.scale, self.target, self.date, self.record) = (network, scale, target, date, record)
    }

    /// How many numbers of a series it looks at.
    public var neededCount: Int { scale.season + scale.window }

    /// The next numbers of a series.
    ///
    /// - Throws: `DataError` for a series that is too short, or that has numbers whose logarithm cannot be taken where the model needs it.
    public func forecast(_ series: TimeSeries) throws(DataError) -> [Double] {
        if series.values.count < neededCount {
            throw DataError(file: series.file, "the series has \(series.values.count) numbers, and this model looks at the last \(neededCount)")
        }
        let last = Array(series.values.suffix(neededCount))
        if scale.isLogarithmic, let bad = last.first(where: { $0 <= 0 }) {
            throw DataError(file: series.file, "the series has the number \(bad); the model was trained on logarithms, which only numbers above 0 have")
        }
        return forecast(after: last)
    }

    package func forecast(after values: [Double]) -> [Double] {
        network.infer()
        let z = values.map(scale.scaled)
        let (window, naive) = scale.inputs(z, end: z.count)
        let outputs = network(
            Tensor(window, shape: [1, scale.window, ForecastNetwork.features]), naive: Tensor(naive, shape: [1, scale.horizon])
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
        for (name, value) in scale.members { encoding[name] = value }
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
        let scale = try SeriesScale(json: encoding)
        let count = ForecastNetwork.parameterCount(cell: cell, hidden: hidden, layers: layers, horizon: scale.horizon)
        let network = try file.network(parameterCount: count) {
            ForecastNetwork(cell: cell, hidden: hidden, layers: layers, horizon: scale.horizon, dropout: dropout)
        }
        self.init(
            network: network, scale: scale, target: try encoding["target"].string(),
            date: encoding["date"].exists ? try encoding["date"].string() : nil, record: try file.record())
    }

    public var description: [String] {
        let season = scale.season > 1 ? ", with a season of \(scale.season)" : ""
        return ["Forecasts \(target) \(horizon) steps ahead from the last \(neededCount) values\(season)."]
    }

    public func nextCommands(folder: String, input: JobInput?) -> [String] { ["predict \(shellQuoted(folder)) \(input.map { shellQuoted($0.path) } ?? "FILE")"] }

    /// In words: "1 GRU layer of 32".
    public var summary: String {
        let layers = record.settings.layers ?? 1
        return "\(layers) \(network.cell.rawValue.uppercased()) layer\(layers == 1 ? "" : "s") of \(network.hidden)"
    }
}
