import DescentCore
import DescentData
import DescentFormats

/// What a sequence model's file says of its making.
public struct SequenceRecord: Equatable, Sendable {
    /// One number that says how good the model is, or what it is compared with.
    public struct Figure: Equatable, Sendable {
        /// Its name for machines: "accuracy".
        public let name: String
        /// The number.
        public let value: Double
        /// It in words: "accuracy 0.832".
        public let words: String

        /// A figure with its words.
        public init(_ name: String, _ value: Double, _ words: String) { (self.name, self.value, self.words) = (name, value, words) }
    }

    /// The name of the file or folder that it was trained on, without the folders above.
    public var source: String
    /// The settings, those that were chosen among them.
    public var settings: SequenceSettings
    /// How much it was trained on: "1,003,854 characters".
    public var trained: String
    /// How much was held out; empty for nothing.
    public var heldOut: String
    /// The mean training loss of the last epoch.
    public var trainingLoss: Double
    /// How well it does on what was held out.
    public var figures: [Figure]
    /// Of a classifier: how many of each class (rows) were taken for each (columns) among those held out.
    public var confusion: [[Int]]
    /// The version of Descent that trained it.
    public var version: String
    /// Which data it was trained on: "xxh64:" and a checksum.
    public var fingerprint: String

    /// The value of a figure.
    public subscript(name: String) -> Double? { figures.first { $0.name == name }?.value }

    func toJSON() -> JSON {
        var figures = JSON.Object()
        for figure in self.figures { figures[figure.name] = ["value": .number(figure.value), "words": .string(figure.words)] }
        return [
            "descent": .string(version), "source": .string(source), "trained": .string(trained), "heldOut": .string(heldOut),
            "trainingLoss": .number(trainingLoss), "figures": .object(figures),
            "confusion": .array(confusion.map { .array($0.map { .integer(Int64($0)) }) }), "fingerprint": .string(fingerprint), "settings": settings.toJSON(),
        ]
    }

    init(json: JSONReader) throws(FormatError) {
        version = try json["descent"].string()
        source = try json["source"].string()
        trained = try json["trained"].string()
        heldOut = try json["heldOut"].string()
        trainingLoss = try json["trainingLoss"].double()
        figures = []
        for (name, figure) in try json["figures"].members() {
            figures.append(Figure(name, try figure["value"].double(), try figure["words"].string()))
        }
        confusion = []
        for row in try json["confusion"].elements() {
            var counts: [Int] = []
            for count in try row.elements() { counts.append(try count.int()) }
            confusion.append(counts)
        }
        fingerprint = try json["fingerprint"].string()
        settings = try SequenceSettings(json: json["settings"])
    }

    init(source: String, settings: SequenceSettings, trained: String, heldOut: String, trainingLoss: Double, fingerprint: String) {
        self.source = source.split(separator: "/").last.map(String.init) ?? source
        (self.settings, self.trained, self.heldOut, self.trainingLoss, self.fingerprint) = (settings, trained, heldOut, trainingLoss, fingerprint)
        figures = []
        confusion = []
        version = Release.version
    }
}
