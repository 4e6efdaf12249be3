import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

extension TabularTraining {
    public var noun: String { "rows" }
    public var lossName: String { target.task == .regression ? "mean squared error, standardised" : "cross-entropy (nats)" }

    public var validationNote: String? {
        if !folds.isEmpty { return "the loss of each network on the training rows that it leaves out" }
        return validationRows.isEmpty ? nil : "the loss on \(grouped(validationRows.count)) of the training rows, held back"
    }

    public func plan(readsHeldOut: Bool) throws -> TrainingPlan<FeedForward> {
        let examples = try examples(trainingRows)
        let heldOut = [validationRows, readsHeldOut ? split.test : []].filter { !$0.isEmpty }
        let others = try heldOut.map { try self.examples($0) }
        let network = FeedForward(architecture)
        let loss = self.loss
        let learned = loss.tensors(examples)
        let source = Batches(learned, size: settings.run.batchSize!, seed: settings.seed)
        var validation: PlannedValidation<FeedForward>?
        if !validationRows.isEmpty || !folds.isEmpty {
            let measured = folds.isEmpty ? loss.tensors(others[0]) : learned
            let measure = loss.validation(of: network, on: measured)
            validation = PlannedValidation(share: Double(measured[0].shape[0]) / Double(examples.count)) { _ in try measure() }
        }
        return TrainingPlan(network, on: source, fingerprint: Self.fingerprint([examples] + others), validation: validation, loss: loss.training)
    }

    private var loss: TabularLoss { TabularLoss(task: target.task, folds: folds, members: settings.members!, isPaired: architecture.pieceShare != nil) }

    public func model(of trained: FeedForward, outcome: TrainingOutcome) throws -> TabularModel {
        var network = trained
        if architecture.pieceShare != nil, !folds.isEmpty {
            trained.infer()
            if let share = try loss.bestShare(of: trained, on: loss.tensors(try examples(trainingRows))) { network = trained.weighing(pieces: share) }
        }
        var record = ModelRecord(
            source: table.file, settings: settings, trained: Quantity(trainingRows.count, "rows"),
            heldOut: split.test.isEmpty ? nil : Quantity(split.test.count, "rows"), outcome: outcome, fingerprint: fingerprint)
        let interval = try self.interval(of: network)
        if !split.test.isEmpty {
            let untested = TabularModel(network: network, encoder: encoder, target: target, record: record, interval: interval)
            try untested.measure(&record, on: table, rows: split.test, trainedOn: trainingRows)
        }
        return TabularModel(network: network, encoder: encoder, target: target, record: record, interval: interval)
    }

    /// What was read and guessed, what becomes of each column, and what is trained.
    public var opening: [String] {
        var lines = TableLines.reading(table, attribution: attribution, target: target.note, isTaskGuessed: isTaskGuessed)
        lines += TableLines.columns(encoder.describe())
        let validated = validationRows.isEmpty ? "" : "\(grouped(validationRows.count)) for validation, "
        lines.append(
            "Training on \(grouped(trainingRows.count)) rows, \(validated)\(split.test.isEmpty ? "none" : grouped(split.test.count)) held out; \(settings.run.lengthWords) in \(batches), seed \(settings.seed)."
        )
        if !folds.isEmpty {
            let ways = architecture.pieceShare == nil ? "each" : "each pair"
            lines.append("\(settings.members!) networks side by side, \(ways) validated on a fold of these rows that it does not learn from (--members 1 for one).")
        }
        lines += rareClasses
        let parameters = architecture.shapes.reduce(0) { $0 + $1.shape.reduce(1, *) }
        lines.append("Network: \(architecture.summary); \(grouped(parameters)) parameters.")
        return lines
    }

    /// A sentence for each class with so few rows to learn from that little can be said of it.
    private var rareClasses: [String] {
        guard target.task != .regression, let labels = try? target.labels(table, rows: trainingRows) else { return [] }
        var counts = [Int](repeating: 0, count: target.classes.count)
        for label in labels { counts[Int(label)] += 1 }
        let rare = zip(target.classes, counts).filter { $0.1 < Self.rareCount && $0.1 * 20 < labels.count }
        if rare.isEmpty { return [] }
        let list = rare.prefix(5).map { "\(quoted($0.0)) (\($0.1))" }.joined(separator: ", ") + (rare.count > 5 ? " and \(rare.count - 5) more" : "")
        return ["Few rows to learn from: \(list). Look at the balanced accuracy, in which each class counts the same."]
    }

    /// Classes with fewer rows than this, and than a twentieth of all, are named.
    private static let rareCount = 10

    private var batches: String {
        let size = settings.run.batchSize!
        let rows = trainingRows.count
        return size > rows ? "batches of \(grouped(rows)) (all there are; \(grouped(size)) were asked for)" : "batches of \(size)"
    }

    /// Rows as tensors, the targets in the form that the loss takes.
    package func examples(_ rows: [Int]) throws -> Examples {
        let encoded = try encoder.transform(table, rows: rows)
        var values = encoded.values
        for features in crossFitted {
            for (place, row) in rows.enumerated() {
                guard let own = features.values[row] else { continue }
                let start = place * encoded.featureCount + features.first
                values.replaceSubrange(start..<start + own.count, with: own)
            }
        }
        let inputs = Tensor(values, shape: [encoded.rowCount, encoded.featureCount])
        switch target.task {
        case .regression: return Examples(inputs: inputs, targets: Tensor(try target.values(table, rows: rows), shape: [rows.count, 1]))
        case .binary: return Examples(inputs: inputs, targets: Tensor(try target.labels(table, rows: rows).map { Float($0) }, shape: [rows.count, 1]))
        case .multiclass: return Examples(inputs: inputs, targets: Tensor(int32: try target.labels(table, rows: rows)))
        }
    }

    /// A checksum of all that is learned from and measured on, as the network sees it.
    private static func fingerprint(_ parts: [Examples]) -> String {
        var value: UInt64 = 0
        for tensor in parts.flatMap({ [$0.inputs, $0.targets] }) {
            // The shape too: rows that move from one part to the next make other data.
            let seed = Checksum(Array("\(tensor.shape)".utf8), seed: value).value
            value = tensor.withUnsafeBytes { Checksum($0, seed: seed).value }
        }
        return String(value, radix: 16)
    }
}
