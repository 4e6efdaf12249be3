import DescentCore
import DescentData
import DescentFormats
import DescentModels
import DescentTrain

/// A classical model that was fitted to a table.
public struct ClassicalModel {
    /// The fitted model.
    public let kind: ClassicalKind
    /// How it was made, and how well it does on the rows held out.
    public let record: ModelRecord<TabularSettings>
    /// The same model as `descent predict` takes it: a network without hidden layers. Nil where it is none: with products of columns, or votes.
    public let tabular: TabularModel?
    private let fit: ClassicalFit
    private let training: ClassicalTraining

    init(_ training: ClassicalTraining, _ fit: ClassicalFit, record: ModelRecord<TabularSettings>, network: FeedForward?) {
        (self.training, self.fit, self.record) = (training, fit, record)
        kind = training.kind
        tabular = network.map { TabularModel(network: $0, encoder: training.encoder, target: training.target, record: record) }
    }

    /// The model's summary, line by line: coefficients with their standard errors, how well it fits, what was noticed.
    public var summary: [String] { fit.summary }

    /// The answers to rows of a table.
    ///
    /// - Parameter rows: Which rows, from 0; nil for all.
    /// - Throws: `DataError` that names the columns that are missing, or the line of a cell that fits its column ill.
    public func predict(_ table: Table, rows: [Int]? = nil) throws -> [Prediction] {
        fit.answers(try training.design.matrix(table, rows: rows ?? Array(0..<table.rowCount), training.encoder))
    }

    /// Everything that was found, for programs: coefficients by column, and how the columns are made.
    public func toJSON() -> JSON {
        var object = JSON.Object()
        object["descent"] = .string(Release.version)
        object["model"] = .string(kind.rawValue)
        object["penalty"] = .string(training.penalty.words)
        object["target"] = .string(training.target.name)
        if !training.target.classes.isEmpty { object["classes"] = JSON(training.target.classes) }
        object["trainingRows"] = .integer(Int64(training.split.train.count))
        object["columns"] = JSON(training.featureNames)
        object["areScaled"] = .bool(training.design.isScaled)
        object["outputs"] = .array(
            (fit.outputs ?? []).map { output in
                var entry = JSON.Object()
                entry["name"] = .string(output.name)
                entry["intercept"] = .number(output.intercept)
                entry["coefficients"] = .array(output.coefficients.map(JSON.number))
                // What has no standard error has none here.
                if !output.standardErrors.isEmpty { entry["standardErrors"] = .array(output.standardErrors.map { $0.isFinite ? .number($0) : .null }) }
                return .object(entry)
            })
        object["summary"] = JSON(summary)
        object["notes"] = JSON(training.notes + training.encoder.describe())
        if !record.metrics.isEmpty { object["figures"] = record.metrics.json }
        object["fingerprint"] = training.fingerprint.map(JSON.string)
        return .object(object)
    }
}
