import DescentCore
import DescentFormats
import DescentTrain

/// A number of something: "1,438 rows".
public struct Quantity: Equatable, Sendable, CustomStringConvertible {
    /// The number.
    public var count: Int
    /// What is counted, in the plural: "rows".
    public var noun: String

    /// So many of something.
    public init(_ count: Int, _ noun: String) { (self.count, self.noun) = (count, noun) }

    /// In words.
    public var description: String { "\(grouped(count)) \(count == 1 && noun.hasSuffix("s") ? String(noun.dropLast()) : noun)" }

    /// Reads "the last 1,438 rows".
    init?(words: String) {
        let parts = words.split(separator: " ")
        guard let place = parts.firstIndex(where: { $0.first?.isNumber ?? false }), let count = Int(parts[place].filter { $0 != "," }) else { return nil }
        self.init(count, parts[(place + 1)...].joined(separator: " "))
    }
}

/// What a model's file says of its making: the same for every job.
public struct ModelRecord<Settings: JobSettings>: Equatable, Sendable {
    /// The name of the file or folder that it was trained on, without the folders above.
    public var source: String
    /// The settings, those that were chosen among them.
    public var settings: Settings
    /// How much it was trained on.
    public var trained: Quantity
    /// How much was held out; `nil` for nothing.
    public var heldOut: Quantity?
    /// The mean training loss of the last epoch.
    public var trainingLoss: Double
    /// How well it does on what was held out, and what it is compared with; those with words first.
    public var metrics: [Metric] = []
    /// The answer that needs no model: the most frequent class.
    public var baseline: String?
    /// Of a classifier: how many of each class (rows) were predicted as each (columns), of those held out.
    public var confusion: [[Int]] = []
    /// How it was fitted, in words, where it was not trained step by step: "logistic regression".
    public var method: String?
    /// The version of Descent that trained it.
    public var version = Release.version
    /// Which data it was trained on: "xxh64:" and a checksum. `nil` where it is not known.
    public var fingerprint: String?

    /// A record without metrics.
    ///
    /// - Parameter source: A path; the folders above are left out.
    public init(source: String, settings: Settings, trained: Quantity, heldOut: Quantity?, trainingLoss: Double, fingerprint: String?) {
        self.source = source.split(separator: "/").last.map(String.init) ?? source
        (self.settings, self.trained, self.heldOut, self.trainingLoss, self.fingerprint) = (settings, trained, heldOut, trainingLoss, fingerprint)
    }

    /// The record of a run: the settings with the epochs that were taken.
    init(source: String, settings: Settings, trained: Quantity, heldOut: Quantity?, outcome: TrainingOutcome, fingerprint: String?) {
        var settings = settings
        settings.run.epochs = outcome.state.epoch
        (settings.run.minutes, settings.run.steps) = (nil, nil)
        self.init(source: source, settings: settings, trained: trained, heldOut: heldOut, trainingLoss: outcome.loss, fingerprint: fingerprint)
    }

    /// The value of a metric, if it has one.
    public subscript(name: String) -> Double? { metrics.first { $0.name == name }?.value }

    /// The headline metrics in words, a line each.
    public var lines: [String] { metrics.compactMap(\.words) }
}

extension ModelRecord {
    func toJSON() -> JSON {
        var metrics = JSON.Object()
        for metric in self.metrics {
            metrics[metric.name] = metric.words.map { ["value": .number(metric.value), "words": .string($0)] } ?? ["value": .number(metric.value)]
        }
        var object = JSON.Object()
        object["descent"] = .string(version)
        object["source"] = .string(source)
        object["trained"] = trained.toJSON()
        object["heldOut"] = heldOut.map { $0.toJSON() }
        object["trainingLoss"] = .number(trainingLoss)
        object["metrics"] = .object(metrics)
        object["baseline"] = baseline.map(JSON.string)
        if !confusion.isEmpty { object["confusion"] = .array(confusion.map { .array($0.map { .integer(Int64($0)) }) }) }
        object["method"] = method.map(JSON.string)
        object["fingerprint"] = fingerprint.map(JSON.string)
        object["settings"] = settings.toJSON()
        return .object(object)
    }

    /// The record of a card of the present format.
    init(json: JSONReader) throws(FormatError) {
        settings = try Settings(json: json["settings"])
        version = try json["descent"].string()
        source = try json["source"].string()
        trained = try Quantity(json: json["trained"])
        heldOut = json["heldOut"].exists ? try Quantity(json: json["heldOut"]) : nil
        trainingLoss = try json["trainingLoss"].double()
        for (name, metric) in try json["metrics"].members() {
            metrics.append(Metric(name, try metric["value"].double(), words: metric["words"].exists ? try metric["words"].string() : nil))
        }
        baseline = json["baseline"].exists ? try json["baseline"].string() : nil
        try readConfusion(json["confusion"])
        method = json["method"].exists ? try json["method"].string() : nil
        fingerprint = json["fingerprint"].exists ? try json["fingerprint"].string() : nil
    }

    fileprivate mutating func readConfusion(_ json: JSONReader) throws(FormatError) {
        guard json.exists else { return }
        for row in try json.elements() {
            var counts: [Int] = []
            for count in try row.elements() { counts.append(try count.int()) }
            confusion.append(counts)
        }
    }
}

extension Quantity {
    func toJSON() -> JSON { ["count": .integer(Int64(count)), "noun": .string(noun)] }

    init(json: JSONReader) throws(FormatError) { self.init(try json["count"].int(), try json["noun"].string()) }
}

// MARK: - Cards of Descent 0.1

extension ModelRecord {
    /// The record of a card "descent sequence model".
    init(sequenceCard json: JSONReader) throws(FormatError) {
        settings = try Settings(json: json["settings"])
        version = try json["descent"].string()
        source = try json["source"].string()
        trained = Quantity(words: try json["trained"].string()) ?? Quantity(0, "")
        heldOut = Quantity(words: try json["heldOut"].string())
        trainingLoss = try json["trainingLoss"].double()
        for (name, figure) in try json["figures"].members() {
            let words = try figure["words"].string()
            metrics.append(Metric(Self.present(name), try figure["value"].double(), words: words.isEmpty ? nil : words))
        }
        fingerprint = try json["fingerprint"].string()
        try readConfusion(json["confusion"])
    }

    /// A metric's name as it is now: "macro_accuracy" was the balanced accuracy.
    private static func present(_ name: String) -> String {
        if name == "macro_accuracy" { return "balancedAccuracy" }
        let parts = name.split(separator: "_")
        return parts.dropFirst().reduce(String(parts[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    /// The record of a card "descent tabular model".
    init(tabularCard json: JSONReader) throws(FormatError) {
        version = try json["descent"].string()
        source = try json["source"].string()
        trained = Quantity(try json["trainingRows"].int(), "rows")
        trainingLoss = try json["trainingLoss"].double()
        fingerprint = json["fingerprint"].exists ? try json["fingerprint"].string() : nil
        method = json["method"].exists ? try json["method"].string() : nil
        var stored = JSON.Object()
        // A classical model said 0 epochs, which is no length of a run.
        for (name, value) in json["settings"].exists ? try json["settings"].members() : [] where name != "epochs" { stored[name] = value.json }
        settings = try Settings(json: JSONReader(.object(stored), file: json.file))
        // The first models say only these.
        settings.run.seed = try json["seed"].int()
        settings.run.testFraction = try json["testFraction"].double()
        let epochs = try json["epochs"].int()
        settings.run.epochs = epochs == 0 ? nil : epochs
        settings.run.batchSize = try json["batchSize"].int()
        settings.run.learningRate = try json["learningRate"].double()
        settings.run.weightDecay = try json["weightDecay"].double()
        let figures = json["figures"]
        guard figures.exists else { return }
        heldOut = Quantity(try figures["rows"].int(), "rows")
        for name in ["accuracy", "baselineAccuracy", "rSquared", "rootMeanSquareError", "baselineRootMeanSquareError", "meanAbsoluteError"] where figures[name].exists {
            metrics.append(Metric(name, try figures[name].double()))
        }
        if figures["metrics"].exists {
            for (name, value) in try figures["metrics"].members() where self[name] == nil { metrics.append(Metric(name, try value.double())) }
        }
        metrics.append(Metric("loss", try figures["loss"].double()))
        baseline = figures["baselineClass"].exists ? try figures["baselineClass"].string() : nil
        metrics = Metric.headlines(of: metrics, baseline: baseline)
    }
}
