import DescentCore
import DescentFormats
import DescentNN
import DescentTrain

/// A model in a folder: `model.safetensors` has all of it, weights and card; `model.json` beside it is the same card for people to read.
///
/// One format for all jobs. The card says which job the model is of, how it was made (`record`), and the job's own parts. Models of Descent 0.1,
/// which had a format for tables and another for sequences, are read too.
public struct ModelFile {
    /// The name of the file, in its folder, that has everything.
    public static let fileName = "model.safetensors"
    /// The name of the file, in its folder, that people may read.
    public static let cardName = "model.json"

    /// Where it was read from.
    public let path: String
    /// The job's name.
    public let job: String
    /// What the card says.
    public let card: JSONReader
    private let layout: Layout
    private let stored: SafetensorsFile

    private enum Layout { case present, tabular, sequence }

    private static let format = "descent model"
    private static let formatVersion = 3
    private static let cardKey = "descent.card"

    /// Reads a model from its folder, or from its file.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where it is damaged or something else.
    public init(path: String) throws {
        let file = FileSystem.folderExists(path) ? RunFolder.file(Self.fileName, in: path) : path
        try self.init(parsing: try FileSystem.read(file), file: file)
    }

    /// Whether a path is that of a model.
    public static func exists(_ path: String) -> Bool {
        FileSystem.exists(RunFolder.file(fileName, in: path)) || (path.hasSuffix(".safetensors") && FileSystem.exists(path))
    }

    /// Reads a model from the bytes of `model.safetensors`. Nothing in them is trusted.
    ///
    /// - Throws: `FormatError` for anything that is not a whole model.
    public init(parsing bytes: [UInt8], file: String) throws(FormatError) {
        path = file
        stored = try SafetensorsFile(parsing: bytes, file: file)
        guard let text = stored.metadata[Self.cardKey] else {
            throw FormatError(file: file, reason: "it holds weights, but no card of a Descent model; `descent train` makes models that can be used here")
        }
        card = JSONReader(try JSON(parsing: Array(text.utf8), file: "\(file): card"), file: "\(file): card")
        let versions: ClosedRange<Int>
        switch try card["format"].string() {
        case Self.format: (layout, versions) = (.present, 3...Self.formatVersion)
        case "descent tabular model": (layout, versions) = (.tabular, 1...2)
        case "descent sequence model": (layout, versions) = (.sequence, 1...1)
        case let other: throw card["format"].error("is \(quoted(other)), not \(quoted(Self.format))")
        }
        let version = try card["formatVersion"].int()
        guard versions.contains(version) else {
            let known = "is \(version), and this program, Descent \(Release.version), knows versions 1 to \(Self.formatVersion)"
            if version < 1 { throw card["formatVersion"].error(known) }
            let writer = (try? card["record"]["descent"].string()) ?? "of that time"
            throw card["formatVersion"].error("\(known): a newer one wrote the model. Use Descent \(writer) or newer, or train again with this one")
        }
        job =
            switch layout {
            case .present: try card["job"].string()
            case .tabular: "table"
            case .sequence: try card["kind"].string() == "classification" ? "text-classification" : try card["kind"].string()
            }
    }

    /// How the model was made.
    ///
    /// - Throws: `FormatError` that names the place in the card.
    public func record<Settings: JobSettings>(_ settings: Settings.Type = Settings.self) throws(FormatError) -> ModelRecord<Settings> {
        switch layout {
        case .present: try ModelRecord(json: card["record"])
        case .tabular: try ModelRecord(tabularCard: card["record"])
        case .sequence: try ModelRecord(sequenceCard: card["record"])
        }
    }

    /// Which data a file holds, for a record: "xxh64:" and the 16 digits of `Checksum` of its bytes.
    public static func fingerprint(of bytes: [UInt8]) -> String { "xxh64:\(Checksum(bytes).hex)" }

    // MARK: - Weights

    /// Builds a network and gives it the file's weights, once their number is known to be right: so a file takes no more memory than it has bytes.
    ///
    /// - Parameters:
    ///   - parameterCount: The learned numbers of the network, and those of its running statistics.
    /// - Throws: `FormatError` where weights are missing, too many, of another shape, or not finite.
    public func network<Network: Module>(parameterCount: Int, _ make: () -> Network) throws(FormatError) -> Network {
        let count = stored.tensors.reduce(0) { $0 + $1.shape.reduce(1, *) }
        if count != parameterCount {
            throw FormatError(file: path, reason: "it holds \(grouped(count)) weights, and the architecture takes \(grouped(parameterCount))")
        }
        let network = make()
        try network.load(stored, path: path)
        for entry in network.parameters {
            let isFinite = entry.variable.value.withUnsafeBytes { bytes in
                entry.variable.dtype == .float64 ? bytes.bindMemory(to: Double.self).allSatisfy(\.isFinite) : bytes.bindMemory(to: Float.self).allSatisfy(\.isFinite)
            }
            if !isFinite { throw FormatError(file: path, reason: "the weights \(quoted(entry.path)) hold a number that is not finite") }
        }
        network.infer()
        return network
    }

    // MARK: - Writing

    /// Everything but the weights.
    static func card(of model: some JobModel) -> JSON {
        var object = JSON.Object()
        object["format"] = .string(format)
        object["formatVersion"] = .integer(Int64(formatVersion))
        object["job"] = .string(model.job)
        for (name, part) in model.parts.members { object[name] = part }
        object["record"] = model.record.toJSON()
        return .object(object)
    }

    /// The bytes of `model.safetensors`: the same for the same model.
    public static func encoded(_ model: some JobModel, file: String = fileName) throws(FormatError) -> [UInt8] {
        let tensors = model.module.weights.map { SafetensorsFile.Tensor($0.path, $0.variable.value) }
        return try SafetensorsFile(tensors: tensors, metadata: [cardKey: card(of: model).text(.compact, file: file)]).encoded(file: file)
    }

    /// Writes both files into a folder that is made where it is missing.
    static func save(_ model: some JobModel, to folder: String) throws -> String {
        let path = RunFolder.file(fileName, in: folder)
        let bytes = try encoded(model, file: path)
        try FileSystem.createFolder(folder)
        try FileSystem.write(bytes, to: path)
        try FileSystem.write(Array(card(of: model).text(.pretty, file: path).utf8), to: RunFolder.file(cardName, in: folder))
        return path
    }
}

extension JSONReader {
    /// A whole number within limits.
    public func int(in range: ClosedRange<Int>) throws(FormatError) -> Int {
        let value = try int()
        if !range.contains(value) { throw error("is \(value); it must be \(range.lowerBound) to \(range.upperBound)") }
        return value
    }
}
