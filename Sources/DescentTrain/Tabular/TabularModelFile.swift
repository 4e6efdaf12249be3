import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// A model in a folder: `model.safetensors` has all of it, weights and card; `model.json` beside it is the same card for people to read.
extension TabularModel {
    /// The name of the file, in its folder, that has everything.
    public static let fileName = "model.safetensors"
    /// The name of the file, in its folder, that people may read.
    public static let cardName = "model.json"
    private static let format = "descent tabular model"
    /// 1: Descent 0.1.0. 2: the record has the data's fingerprint and, in its figures, all metrics; both may be absent.
    private static let formatVersion = 2
    private static let cardKey = "descent.card"

    /// Writes both files, each all or nothing, into a folder that is made where it is missing.
    ///
    /// - Returns: The path of `model.safetensors`.
    /// - Throws: `FileError` of kind `.unwritable`.
    @discardableResult
    public func save(to folder: String) throws -> String {
        let path = folder.hasSuffix("/") ? folder + Self.fileName : "\(folder)/\(Self.fileName)"
        let bytes = try encoded(file: path)
        try FileSystem.createFolder(folder)
        try FileSystem.write(bytes, to: path)
        let card = try card().text(.pretty, file: path)
        try FileSystem.write(Array(card.utf8), to: path.dropLast(Self.fileName.count) + Self.cardName)
        return path
    }

    /// The bytes of `model.safetensors`: the same for the same model.
    public func encoded(file: String = fileName) throws(FormatError) -> [UInt8] {
        let tensors = network.parameters.map { entry in
            let bytes = entry.variable.value.withUnsafeBytes { Array($0) }
            return SafetensorsFile.Tensor(name: entry.path, type: .float32, shape: entry.variable.shape, bytes: bytes[...])
        }
        let card = try card().text(.compact, file: file)
        return try SafetensorsFile(tensors: tensors, metadata: [Self.cardKey: card]).encoded(file: file)
    }

    /// Reads a model from its folder, or from its file.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where it is damaged or something else.
    public init(path: String) throws {
        let file = FileSystem.folderExists(path) ? (path.hasSuffix("/") ? path : path + "/") + Self.fileName : path
        try self.init(parsing: try FileSystem.read(file), file: file)
    }

    /// Reads a model from the bytes of `model.safetensors`. Nothing in them is trusted: fields, shapes, names and numbers are checked.
    ///
    /// - Throws: `FormatError` for anything that is not a whole model.
    public init(parsing bytes: [UInt8], file: String) throws(FormatError) {
        let stored = try SafetensorsFile(parsing: bytes, file: file)
        guard let text = stored.metadata[Self.cardKey] else {
            throw FormatError(file: file, reason: "it holds weights, but no card of a Descent model; `descent train` makes models that can be used here")
        }
        let card = JSONReader(try JSON(parsing: Array(text.utf8), file: "\(file): card"), file: "\(file): card")
        let format = try card["format"].string()
        if format != Self.format { throw card["format"].error("is \(quoted(format)), not \(quoted(Self.format))") }
        let version = try card["formatVersion"].int()
        guard (1...Self.formatVersion).contains(version) else {
            let known = "is \(version), and this program, Descent \(Release.version), knows versions 1 to \(Self.formatVersion)"
            if version < 1 { throw card["formatVersion"].error(known) }
            let writer = (try? card["record"]["descent"].string()) ?? "of that time"
            throw card["formatVersion"].error("\(known): a newer one wrote the model. Use Descent \(writer) or newer, or train again with this one")
        }
        encoder = try TableEncoder(json: card["encoder"])
        target = try TargetEncoder(json: card["target"])
        let architecture = try FeedForward.Architecture(json: card["architecture"])
        var record = try Record(json: card["record"])
        record.settings.task = target.task
        record.settings.oddCells = encoder.oddCells
        record.settings.hidden = architecture.hidden
        record.settings.activation = architecture.activation
        record.settings.dropout = architecture.dropout
        self.record = record
        if architecture.inputs != encoder.featureCount {
            throw card["architecture"]["inputs"].error("is \(architecture.inputs), and the columns make \(encoder.featureCount) features")
        }
        let outputs = target.task == .multiclass ? target.classes.count : 1
        if architecture.outputs != outputs {
            throw card["architecture"]["outputs"].error("is \(architecture.outputs), and the target needs \(outputs)")
        }
        network = try Self.network(architecture, from: stored, file: file)
    }

    /// Builds the network only once the weights in the file are known to fit: so a file takes no more memory than it has bytes.
    private static func network(_ architecture: FeedForward.Architecture, from stored: SafetensorsFile, file: String) throws(FormatError) -> FeedForward {
        let shapes = architecture.shapes
        for (path, shape) in shapes {
            guard let tensor = stored[path] else { throw FormatError(file: file, reason: "the weights \(quoted(path)) are missing") }
            guard tensor.type == .float32, tensor.shape == shape else {
                throw FormatError(file: file, reason: "the weights \(quoted(path)) are \(tensor.type.rawValue) \(tensor.shape), and the architecture asks for F32 \(shape)")
            }
        }
        if let other = stored.tensors.first(where: { tensor in !shapes.contains { $0.path == tensor.name } }) {
            throw FormatError(file: file, reason: "the weights \(quoted(other.name)) belong to no part of the architecture")
        }
        let network = FeedForward(architecture)
        for entry in network.parameters {
            let tensor = stored[entry.path]!
            let value = Tensor(shape: tensor.shape, dtype: .float32) { memory in tensor.bytes.withUnsafeBytes { memory.copyMemory(from: $0) } }
            let isFinite = value.withUnsafeBytes { $0.bindMemory(to: Float.self).allSatisfy(\.isFinite) }
            if !isFinite { throw FormatError(file: file, reason: "the weights \(quoted(entry.path)) hold a number that is not finite") }
            entry.variable.value = value
        }
        network.infer()
        return network
    }

    /// Everything but the weights.
    public func card() -> JSON {
        [
            "format": .string(Self.format), "formatVersion": .integer(Int64(Self.formatVersion)),
            "architecture": network.architecture.toJSON(), "record": record.toJSON(), "target": target.toJSON(),
            "encoder": encoder.toJSON(),
        ]
    }
}

extension TabularModel.Record {
    fileprivate func toJSON() -> JSON {
        [
            "descent": .string(version), "source": .string(source), "trainingRows": .integer(Int64(trainingRows)),
            "seed": .integer(Int64(settings.seed)), "testFraction": .number(settings.testFraction),
            "epochs": .integer(Int64(settings.epochs ?? 0)), "batchSize": .integer(Int64(settings.batchSize ?? 0)),
            "learningRate": .number(settings.learningRate), "weightDecay": .number(settings.weightDecay),
            "settings": settings.toJSON(), "trainingLoss": .number(trainingLoss), "fingerprint": fingerprint.map(JSON.string) ?? nil,
            "method": method.map(JSON.string) ?? nil, "figures": figures?.toJSON() ?? nil,
        ]
    }

    fileprivate init(json: JSONReader) throws(FormatError) {
        version = try json["descent"].string()
        source = try json["source"].string()
        trainingRows = try json["trainingRows"].int()
        trainingLoss = try json["trainingLoss"].double()
        fingerprint = json["fingerprint"].exists ? try json["fingerprint"].string() : nil
        figures = json["figures"].exists ? try Figures(json: json["figures"]) : nil
        method = json["method"].exists ? try json["method"].string() : nil
        // Models of earlier versions say only some of them.
        settings = json["settings"].exists ? try TabularSettings(json: json["settings"]) : TabularSettings()
        settings.seed = try json["seed"].int()
        settings.testFraction = try json["testFraction"].double()
        settings.epochs = try json["epochs"].int()
        settings.batchSize = try json["batchSize"].int()
        settings.learningRate = try json["learningRate"].double()
        settings.weightDecay = try json["weightDecay"].double()
    }
}
