import DescentCore
import DescentFormats
import DescentNN

extension Module {
    /// Writes the module's weights as a safetensors file, all or nothing: parameters and running statistics by path, without the states of
    /// random streams.
    ///
    ///     try model.save("weights.safetensors")
    ///
    /// - Parameter metadata: Texts by name, kept in the file's header.
    /// - Throws: `FileError` of kind `.unwritable`.
    public func save(_ path: String, metadata: [String: String] = [:]) throws {
        let entries = weights
        evaluate(entries.map(\.variable.value))
        try SafetensorsFile(tensors: entries.map { SafetensorsFile.Tensor($0.path, $0.variable.value) }, metadata: metadata).write(to: path)
    }

    /// Reads weights that `save` wrote, or any safetensors file with the same names.
    ///
    /// Names, shapes and element types are compared first: nothing changes unless all fit. A PyTorch model's `state_dict`, saved as safetensors, loads into a
    /// module of the same structure: layers have its names and shapes.
    ///
    /// - Throws: `FileError` where the file cannot be read; `FormatError` where it is damaged, or that names the weights that are missing, left
    ///   over, or of another shape or element type.
    public func load(_ path: String) throws { try load(SafetensorsFile(path: path), path: path) }

    /// The same from a file that was read.
    package func load(_ stored: SafetensorsFile, path: String) throws(FormatError) {
        let entries = weights
        let known = Set(entries.map(\.path))
        let missing = entries.map(\.path).filter { stored[$0] == nil }
        // PyTorch counts the batches that a batch norm has seen, and needs the number only without a momentum.
        let extra = stored.tensors.map(\.name).filter { !known.contains($0) && $0.split(separator: ".").last != "num_batches_tracked" }
        let other = entries.compactMap { entry -> String? in
            guard let tensor = stored[entry.path] else { return nil }
            if tensor.type == entry.variable.dtype.elementType, tensor.shape == entry.variable.shape { return nil }
            return "\(quoted(entry.path)) is \(entry.variable.dtype)\(entry.variable.shape) here and \(tensor.type.rawValue)\(tensor.shape) in the file"
        }
        let problems = [
            missing.isEmpty ? nil : "missing in the file: \(Self.listed(missing))", extra.isEmpty ? nil : "left over in the file: \(Self.listed(extra))",
            other.isEmpty ? nil : other.prefix(5).joined(separator: "; ") + (other.count > 5 ? "; and \(other.count - 5) more" : ""),
        ].compactMap { $0 }
        if !problems.isEmpty { throw FormatError(file: path, reason: "the weights do not fit this \(type(of: self)). " + problems.joined(separator: ". ")) }
        for entry in entries { entry.variable.value = stored[entry.path]!.value.cast(to: entry.variable.dtype) }
    }

    /// The variables that belong to weights files: parameters and running statistics.
    package var weights: [NamedVariable] {
        let random = Set(randomStates.map(ObjectIdentifier.init))
        return variables.filter { !random.contains(ObjectIdentifier($0.variable)) }
    }

    private static func listed(_ names: [String]) -> String {
        names.prefix(10).map(quoted).joined(separator: ", ") + (names.count > 10 ? " and \(names.count - 10) more" : "")
    }
}

extension Trainer {
    /// Writes the whole state: the model's variables, random streams included, and the optimizer's.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func saveState(_ path: String) throws {
        optimizer.prepare(for: model)
        try Checkpoint([("model", model.variables), ("optimizer", optimizer.variables)], document: .null).write(to: path)
    }

    /// Reads a state that `saveState` wrote. Nothing changes unless all of it fits.
    ///
    /// - Throws: `FileError`, and `FormatError` where the file is damaged or of another model or optimizer.
    public func loadState(_ path: String) throws {
        optimizer.prepare(for: model)
        let checkpoint = try Checkpoint(path: path)
        let before = model.variables.map { ($0.variable, $0.variable.value) }
        try checkpoint.restore("model", into: model.variables)
        do {
            try checkpoint.restore("optimizer", into: optimizer.variables)
        } catch {
            for (variable, value) in before { variable.value = value }
            throw error
        }
    }
}
