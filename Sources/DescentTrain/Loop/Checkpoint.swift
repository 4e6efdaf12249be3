import DescentCore
import DescentFormats
import DescentNN

/// All that a training is made of at one moment, in one file: variables by group and path, and a JSON document for everything else.
///
///     try Checkpoint([("model", model.variables), ("optimizer", optimizer.variables)], document: ["step": 7]).write(to: "run/checkpoint.safetensors")
///
///     let checkpoint = try Checkpoint(path: "run/checkpoint.safetensors")
///     optimizer.prepare(for: model)
///     try checkpoint.restore("model", into: model.variables)
///     try checkpoint.restore("optimizer", into: optimizer.variables)
///
/// The file is a safetensors file whose tensors are named `group/path`, with a checksum over all of it, and is written all or nothing.
public struct Checkpoint: Sendable {
    /// Everything but tensors: counters, settings, history.
    public let document: JSON
    /// The name that errors begin with.
    public let file: String
    private let stored: SafetensorsFile

    private static let format = "descent checkpoint"
    private static let formatVersion = 1
    private static let key = "descent.checkpoint"

    /// The values that variables have now.
    ///
    /// - Precondition: within a group each path is there once.
    public init(_ groups: [(name: String, variables: [NamedVariable])], document: JSON) {
        self.init(groups.map { ($0.name, $0.variables.map { ($0.path, $0.variable.value) }) }, document: document)
    }

    /// Tensors by group and path.
    public init(_ groups: [(name: String, tensors: [(path: String, value: Tensor)])], document: JSON) {
        evaluate(groups.flatMap { $0.tensors.map(\.value) })
        let tensors = groups.flatMap { group in
            group.tensors.map { SafetensorsFile.Tensor("\(group.name)/\($0.path)", $0.value) }
        }
        self.document = document
        file = "checkpoint"
        stored = SafetensorsFile(tensors: tensors)
    }

    /// Reads a checkpoint.
    ///
    /// - Throws: `FileError` where it cannot be read, `FormatError` where it is damaged or something else.
    public init(path: String) throws {
        stored = try SafetensorsFile(path: path)
        file = path
        guard let text = stored.metadata[Self.key] else {
            throw FormatError(file: path, reason: "it holds tensors, but is no checkpoint of a training")
        }
        let reader = JSONReader(try JSON(parsing: Array(text.utf8), file: path), file: path)
        if try reader["format"].string() != Self.format { throw reader["format"].error("is not \(quoted(Self.format))") }
        let version = try reader["formatVersion"].int()
        if version != Self.formatVersion {
            throw reader["formatVersion"].error(
                "is \(version), and this program knows version \(Self.formatVersion): another version of Descent wrote the checkpoint; finish the run with that one, or start over")
        }
        document = reader["document"].json ?? .null
    }

    /// Writes the file, all or nothing: a file that was there stays whole until the new one is.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func write(to path: String) throws {
        var file = stored
        let root: JSON = ["format": .string(Self.format), "formatVersion": .integer(Int64(Self.formatVersion)), "document": document]
        file.metadata[Self.key] = try root.text(.compact, file: path)
        try file.write(to: path)
    }

    /// The document, for reading values whose absence is an error with the file's name.
    public var reader: JSONReader { JSONReader(document, file: file) }

    /// The tensors of a group by path; empty if there is no such group.
    public func tensors(_ group: String) -> [(path: String, value: Tensor)] {
        stored.tensors.filter { $0.name.hasPrefix(group + "/") }.map { (String($0.name.dropFirst(group.count + 1)), $0.value) }
    }

    /// Gives variables the values of a group: all of them or, on an error, none.
    ///
    /// - Throws: `FormatError` where a path is missing on either side, or shapes or element types differ.
    public func restore(_ group: String, into variables: [NamedVariable]) throws(FormatError) {
        var values: [String: Tensor] = [:]
        for (path, value) in tensors(group) { values[path] = value }
        for entry in variables {
            guard let value = values[entry.path] else {
                throw FormatError(file: file, reason: "the \(group) has \(quoted(entry.path)), and the checkpoint does not: it is of another model")
            }
            if value.shape != entry.variable.shape || value.dtype != entry.variable.dtype.stored {
                throw FormatError(
                    file: file,
                    reason: "\(quoted(entry.path)) of the \(group) is \(entry.variable.dtype)\(entry.variable.shape), and in the checkpoint \(value.dtype)\(value.shape): it is of another model")
            }
        }
        let known = Set(variables.map(\.path))
        if let other = values.keys.filter({ !known.contains($0) }).min() {
            throw FormatError(file: file, reason: "the checkpoint has \(quoted(other)), and the \(group) does not: it is of another model")
        }
        for entry in variables { entry.variable.value = values[entry.path]!.cast(to: entry.variable.dtype) }
    }
}
