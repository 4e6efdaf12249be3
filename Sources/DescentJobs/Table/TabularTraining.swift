import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A table made ready to be learned from: what was guessed can be looked at before the run.
///
///     let training = try TabularTraining(Table(path: "titanic.csv"), target: "Survived")
///     print(training.target.note)          // Survived: 2 classes (0, 1), so a binary classification
///     let model = try training.run()
public struct TabularTraining: JobTraining {
    /// What is learned from.
    public let table: Table
    /// The settings; task, epochs, batch size and validation are those that were chosen.
    public let settings: TabularSettings
    /// The column to be predicted.
    public let target: TargetEncoder
    /// The other columns, as fitted on the rows that are trained on.
    public let encoder: TableEncoder
    /// Which rows are trained and validated on, and which held out.
    public let split: Split
    /// Of the split's rows to train on, those that are held back to validate on, ascending; empty for none.
    public let validationRows: [Int]
    /// The rows that steps are made of, ascending.
    public let trainingRows: [Int]
    /// For several networks without rows to validate on: for each of the training rows, the number of the one, or of the pair, that does not learn from it,
    /// and is validated on it. Empty otherwise.
    public let folds: [Int]
    /// The network to be trained.
    public let architecture: FeedForward.Architecture
    /// Which data the table is, for the model's record (`ModelFile.fingerprint(of:)`); `nil` where it is not known.
    public let fingerprint: String?
    /// Who made the data, where it is built in.
    var attribution: String?
    let isTaskGuessed: Bool
    /// Of texts: features of the training rows by models that were not fitted to them.
    let crossFitted: [CrossFittedFeatures]

    /// Decides what the columns are, and divides the rows.
    ///
    /// - Parameters:
    ///   - target: The name or number of the column to be predicted.
    ///   - fingerprint: Which data the table is, for the model's record.
    /// - Throws: `SettingsError` for settings that cannot be used, `DataError` for a table that cannot be learned from.
    public init(_ table: Table, target: String, settings: TabularSettings = TabularSettings(), fingerprint: String? = nil) throws {
        try settings.validate()
        let table = try table.leavingOutRows(without: target)
        self.table = table
        self.fingerprint = fingerprint
        var target = try TargetEncoder(fitting: table, column: target, task: settings.task)
        let seed = UInt64(bitPattern: Int64(settings.seed))
        isTaskGuessed = settings.task == nil
        var chosen = settings
        chosen.run.testFraction = settings.run.testFraction ?? TabularSettings.testFraction
        chosen.run.learningRate = settings.run.learningRate ?? TabularSettings.learningRate
        split = try target.split(table, testFraction: chosen.run.testFraction!, seed: seed)
        self.target = target
        chosen.members = settings.members ?? TabularSettings.automaticMembers(rows: split.train.count)
        if settings.validationFraction == nil { chosen.run.validationFraction = settings.patience != nil && chosen.members == 1 ? RunSettings.patienceFraction : 0 }
        (trainingRows, validationRows) = try Self.divide(split.train, of: table, target, fraction: chosen.run.validationFraction!, seed: seed)
        // Two pairs at least, so that each pair has rows to learn from and others to be validated on.
        let isPaired = settings.pieces != 0 && chosen.members! >= 4 && chosen.members! % 2 == 0
        let parts = isPaired ? chosen.members! / 2 : chosen.members!
        folds = try parts > 1 && validationRows.isEmpty ? Self.folds(trainingRows, of: table, target, count: parts, seed: seed) : []
        try Self.check(settings.columns, of: table, target)
        let plain = try TableEncoder(fitting: table, rows: trainingRows, target: target.column, kinds: settings.columns, invalidCells: settings.invalidCells)
        (encoder, crossFitted) = try Self.scoringTexts(plain, of: table, target, rows: trainingRows, folds: folds, seed: seed)
        chosen.task = target.task
        let batchSize = settings.run.batchSize ?? TabularSettings.automaticBatchSize(rows: trainingRows.count)
        chosen.run.batchSize = batchSize
        if settings.steps == nil && settings.minutes == nil {
            chosen.run.epochs = settings.epochs ?? TabularSettings.automaticEpochs(rows: trainingRows.count, batchSize: batchSize)
            let isValidated = !folds.isEmpty || !validationRows.isEmpty
            if isValidated { chosen.run.patience = settings.patience ?? TabularSettings.automaticPatience(epochs: chosen.run.epochs!) }
        }
        let steps = settings.steps ?? (chosen.run.epochs ?? 1) * ((trainingRows.count + batchSize - 1) / batchSize)
        chosen.run.weightDecay = settings.run.weightDecay ?? (settings.minutes == nil ? TabularSettings.automaticWeightDecay(steps: steps) : TabularSettings.weightDecay)
        try Self.checkInterval(settings, target.task, unseenRows: folds.isEmpty ? validationRows.count : trainingRows.count)
        let isNumber = encoder.featureScales.map { $0 != nil }
        chosen.pieces = settings.pieces ?? FeatureEdges.automaticCount(features: isNumber.count { $0 }, rows: trainingRows.count)
        let edges = try Self.edges(encoder, table, rows: trainingRows, isNumber: isNumber, count: chosen.pieces!)
        self.settings = chosen
        architecture = FeedForward.Architecture(
            inputs: encoder.featureCount, hidden: settings.hidden, outputs: target.task == .multiclass ? target.classes.count : 1,
            activation: settings.activation, dropout: settings.dropout, members: chosen.members!, edges: edges,
            pieceShare: isPaired ? 0.5 : nil)
        let parameters = architecture.shapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
        if parameters > RunSettings.parameterLimit {
            throw SettingsError("the network would have \(grouped(parameters)) parameters, and \(grouped(RunSettings.parameterLimit)) are possible; make the hidden layers smaller")
        }
    }

    /// Where the columns of numbers are cut, by the rows learned from or, of twice `edgeRows` and more, by a part of them in equal distances.
    private static func edges(_ encoder: TableEncoder, _ table: Table, rows: [Int], isNumber: [Bool], count: Int) throws(DataError) -> [[Float]] {
        if count == 0 || !isNumber.contains(true) { return [] }
        let step = Swift.max(1, rows.count / edgeRows)
        let values = try encoder.transform(table, rows: stride(from: 0, to: rows.count, by: step).map { rows[$0] }).values
        return FeatureEdges.edges(of: values, width: encoder.featureCount, isNumber: isNumber, count: count)
    }

    private static let edgeRows = 50_000

    /// An encoder whose columns of free text say what their n-grams say of the target; with many classes or few rows, the one given.
    private static func scoringTexts(
        _ encoder: TableEncoder, of table: Table, _ target: TargetEncoder, rows: [Int], folds: [Int], seed: UInt64
    ) throws -> (TableEncoder, [CrossFittedFeatures]) {
        guard encoder.hasTexts, rows.count >= scoredRows, target.classes.count <= scoredClasses else { return (encoder, []) }
        let targets: [Float], loss: SparseRegression.Loss
        switch target.task {
        case .regression: (targets, loss) = (try target.values(table, rows: rows), .squared)
        case .binary: (targets, loss) = (try target.labels(table, rows: rows).map { Float($0) }, .logistic)
        case .multiclass: (targets, loss) = (try target.labels(table, rows: rows).flatMap { label in target.classes.indices.map { Int32($0) == label ? 1 : 0 } }, .softmax)
        }
        let parts = folds.isEmpty ? try Self.folds(rows, of: table, target, count: 5, seed: seed) : folds
        let names = target.task == .multiclass ? target.classes : target.task == .binary ? [target.classes[1]] : []
        let found = encoder.scoringTexts(of: table, rows: rows, targets: targets, loss: loss, names: names, folds: parts)
        return (found.encoder, found.training)
    }

    private static let scoredRows = 50, scoredClasses = 50

    /// Refuses kinds of columns that would not be used.
    private static func check(_ kinds: [String: ColumnKind], of table: Table, _ target: TargetEncoder) throws {
        var named: [Int: String] = [:]
        for name in kinds.keys.sorted() {
            let column = try table.column(name)
            if column == target.column {
                throw SettingsError("column \(quoted(name)) is the target, which has a task (--task) instead of a kind")
            }
            if let other = named[column], kinds[other] != kinds[name] {
                throw SettingsError("\(quoted(other)) and \(quoted(name)) are the same column, of two kinds: \(kinds[other]!.rawValue) and \(kinds[name]!.rawValue)")
            }
            named[column] = name
        }
    }

    /// Divides rows once more, by the same rules as training and test part.
    private static func divide(
        _ rows: [Int], of table: Table, _ target: TargetEncoder, fraction: Double, seed: UInt64
    ) throws -> (train: [Int], validation: [Int]) {
        if fraction == 0 { return (rows, []) }
        // Any other seed: with the same one the rows would be drawn in the order of the first division.
        let inner =
            target.task == .regression
            ? Split.shuffled(count: rows.count, testFraction: fraction, seed: ~seed)
            : Split.stratified(labels: try target.labels(table, rows: rows), testFraction: fraction, seed: ~seed)
        if inner.test.isEmpty {
            throw SettingsError("\(fraction) of \(rows.count) rows leaves none for validation; use a larger --validation-fraction, or no --patience")
        }
        return (inner.train.map { rows[$0] }, inner.test.map { rows[$0] })
    }

    /// Assigns each row to one of `count` folds of nearly equal size, stratified by class.
    private static func folds(_ rows: [Int], of table: Table, _ target: TargetEncoder, count: Int, seed: UInt64) throws -> [Int] {
        if rows.count < count { throw SettingsError("\(count) networks side by side need as many rows to train on, and there are \(rows.count) (--members)") }
        var order = Array(rows.indices)
        var random = SplitMix64(seed: ~seed)
        random.shuffle(&order)
        if target.task != .regression {
            let labels = try target.labels(table, rows: rows)
            let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
            order.sort { (labels[$0], place[$0]!) < (labels[$1], place[$1]!) }
        }
        var folds = [Int](repeating: 0, count: rows.count)
        for (place, row) in order.enumerated() { folds[row] = place % count }
        return folds
    }
}
