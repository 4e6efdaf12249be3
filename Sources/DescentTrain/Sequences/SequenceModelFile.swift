import DescentCore
import DescentData
import DescentFormats
import DescentNN

/// A sequence model in a folder: `model.safetensors` has all of it, weights and card; `model.json` beside it is the card for people to read.
package struct SequenceModelFile {
    /// What the card says.
    package let card: JSONReader
    private let stored: SafetensorsFile
    private let file: String

    private static let format = "descent sequence model"
    private static let formatVersion = 1
    private static let cardKey = "descent.card"
    /// The fewest bytes that a file with so many learned numbers can have.
    private static let bytesPerNumber = 4

    /// Reads a model's folder or file; nil where it is of another format, which others may know.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where it is damaged.
    package init?(path: String) throws {
        file = FileSystem.folderExists(path) ? RunFolder.file(TabularModel.fileName, in: path) : path
        stored = try SafetensorsFile(parsing: FileSystem.read(file), file: file)
        guard let text = stored.metadata[Self.cardKey] else { return nil }
        card = JSONReader(try JSON(parsing: Array(text.utf8), file: "\(file): card"), file: "\(file): card")
        guard try card["format"].string() == Self.format else { return nil }
        let version = try card["formatVersion"].int()
        if version != Self.formatVersion {
            throw card["formatVersion"].error("is \(version), and this program, Descent \(Release.version), knows version \(Self.formatVersion); use a newer one, or train again")
        }
    }

    /// The whole card.
    package static func card(kind: SequenceTask, architecture: JSON, encoding: JSON, record: SequenceRecord) -> JSON {
        [
            "format": .string(format), "formatVersion": .integer(Int64(formatVersion)), "kind": .string(kind.rawValue),
            "architecture": architecture, "encoding": encoding, "record": record.toJSON(),
        ]
    }

    /// Writes both files, each all or nothing, into a folder that is made where it is missing; gives the path of `model.safetensors`.
    package static func save(_ network: some Module, card: JSON, to folder: String) throws -> String {
        let path = RunFolder.file(TabularModel.fileName, in: folder)
        let tensors = network.parameters.map { entry in
            SafetensorsFile.Tensor(
                name: entry.path, type: .float32, shape: entry.variable.shape, bytes: entry.variable.value.withUnsafeBytes { Array($0) }[...])
        }
        let bytes = try SafetensorsFile(tensors: tensors, metadata: [cardKey: card.text(.compact, file: path)]).encoded(file: path)
        try FileSystem.createFolder(folder)
        try FileSystem.write(bytes, to: path)
        try FileSystem.write(Array(card.text(.pretty, file: path).utf8), to: RunFolder.file(TabularModel.cardName, in: folder))
        return path
    }

    /// Builds a network and gives it the file's weights, once these are known to be as many as it takes: so a file takes no more memory than
    /// it has bytes.
    ///
    /// - Throws: `FormatError` where weights are missing, too many, of another shape, or not finite.
    package func network<Network: Module>(parameterCount: Int, _ make: () -> Network) throws(FormatError) -> Network {
        let count = stored.tensors.reduce(0) { $0 + $1.bytes.count } / Self.bytesPerNumber
        if count != parameterCount {
            throw FormatError(file: file, reason: "it holds \(grouped(count)) weights, and the architecture takes \(grouped(parameterCount))")
        }
        let network = make()
        for entry in network.parameters {
            guard let tensor = stored[entry.path] else { throw FormatError(file: file, reason: "the weights \(quoted(entry.path)) are missing") }
            guard tensor.type == .float32, tensor.shape == entry.variable.shape else {
                throw FormatError(
                    file: file,
                    reason: "the weights \(quoted(entry.path)) are \(tensor.type.rawValue) \(tensor.shape), and the architecture asks for F32 \(entry.variable.shape)")
            }
            let value = Tensor(shape: tensor.shape, dtype: .float32) { memory in tensor.bytes.withUnsafeBytes { memory.copyMemory(from: $0) } }
            let isFinite = value.withUnsafeBytes { $0.bindMemory(to: Float.self).allSatisfy(\.isFinite) }
            if !isFinite { throw FormatError(file: file, reason: "the weights \(quoted(entry.path)) hold a number that is not finite") }
            entry.variable.value = value
        }
        network.infer()
        return network
    }
}

extension JSONReader {
    /// A whole number within limits.
    func int(in range: ClosedRange<Int>) throws(FormatError) -> Int {
        let value = try int()
        if !range.contains(value) { throw error("is \(value); it must be \(range.lowerBound) to \(range.upperBound)") }
        return value
    }

    /// A cell's name.
    func cellKind() throws(FormatError) -> CellKind {
        guard let known = CellKind(rawValue: try string()) else { throw error("is no cell that is known") }
        return known
    }
}

/// A model of sequences, whatever it does.
public enum SequenceModel {
    case language(LanguageModel)
    case classifier(TextClassifier)
    case forecaster(Forecaster)

    /// Reads a model's folder or file; nil where it is a model of another format.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where it is damaged.
    public init?(path: String) throws {
        guard let file = try SequenceModelFile(path: path) else { return nil }
        switch SequenceTask(rawValue: try file.card["kind"].string()) {
        case .language, .tunes: self = .language(try LanguageModel(file))
        case .classification: self = .classifier(try TextClassifier(file))
        case .forecast: self = .forecaster(try Forecaster(file))
        case nil: throw file.card["kind"].error("is no kind of model that is known")
        }
    }

    /// How it was made.
    public var record: SequenceRecord {
        switch self {
        case .language(let model): model.record
        case .classifier(let model): model.record
        case .forecaster(let model): model.record
        }
    }

    /// Everything but the weights.
    public func card() -> JSON {
        switch self {
        case .language(let model): model.card()
        case .classifier(let model): model.card()
        case .forecaster(let model): model.card()
        }
    }

    /// Writes `model.safetensors` and `model.json`; gives the path of the first.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    @discardableResult
    public func save(to folder: String) throws -> String {
        switch self {
        case .language(let model): try model.save(to: folder)
        case .classifier(let model): try model.save(to: folder)
        case .forecaster(let model): try model.save(to: folder)
        }
    }

    /// The network in words.
    public var summary: String {
        switch self {
        case .language(let model): model.summary
        case .classifier(let model): model.summary
        case .forecaster(let model): model.summary
        }
    }

    /// The learned numbers.
    public var parameterCount: Int {
        switch self {
        case .language(let model): model.parameterCount
        case .classifier(let model): model.parameterCount
        case .forecaster(let model): model.parameterCount
        }
    }
}
