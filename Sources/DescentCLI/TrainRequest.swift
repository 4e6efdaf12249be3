import Descent

/// What a run was asked to do: enough to do it again, from another process.
struct TrainRequest {
    /// A table's path, `-` for the standard input, or the name of a built-in one.
    var file: String
    /// The column to be predicted; `nil` where the table is built in.
    var target: String?
    /// Whether the first row names the columns; `nil` to guess.
    var header: Bool?
    /// What stands between fields; `nil` to guess.
    var delimiter: DelimiterName?
    /// The file of the labels, where the table is pictures.
    var labels: String?
    var settings: TabularSettings
    /// Where the run and its model are kept.
    var folder: String

    /// What the checkpoint keeps beside the settings.
    var caller: JSON {
        [
            "file": .string(file), "target": target.map(JSON.string) ?? nil, "header": header.map(JSON.bool) ?? nil,
            "delimiter": delimiter.map { .string($0.rawValue) } ?? nil, "labels": labels.map(JSON.string) ?? nil,
        ]
    }
}

extension TrainRequest {
    /// Where a file's model goes if nobody said.
    static func folder(_ file: String) -> String {
        let name = file == "-" ? "model" : String(file.split(separator: "/").last ?? "model")
        let stem = name.lastIndex(of: ".").map { $0 > name.startIndex ? String(name[..<$0]) : name } ?? name
        return "descent-models/\(stem)"
    }

    /// Reads the table, and says which column is to be predicted.
    ///
    /// - Throws: as `TableArguments.table`, and `SettingsError` where nobody said which column.
    func table(_ reading: TableArguments) throws -> (Table, target: String) {
        var reading = reading
        (reading.delimiter, reading.labels) = (delimiter, labels)
        let table = try reading.table(file, header: header.map { $0 ? .present : .absent } ?? .guess)
        guard let target = target ?? (labels == nil ? reading.builtIn(file)?.target : "label") else {
            throw SettingsError("which column is to be predicted? Say --target and one of: \(table.names.joined(separator: ", "))")
        }
        return (table, target)
    }

    /// The command that makes this request, as a shell takes it; settings that are the defaults are left out.
    func command(_ program: String) -> String {
        var words = ["train", file]
        func say(_ name: String, _ value: String?) { if let value { words += ["--" + name, value] } }
        func differs<Value: Equatable>(_ path: KeyPath<TabularSettings, Value>) -> Value? {
            settings[keyPath: path] == TabularSettings()[keyPath: path] ? nil : settings[keyPath: path]
        }
        say("target", target)
        say("task", settings.task?.rawValue)
        if let header { words.append(header ? "--header" : "--no-header") }
        say("delimiter", delimiter?.rawValue)
        say("labels", labels)
        for name in settings.columns.keys.sorted() { say("column", "\(name)=\(settings.columns[name]!.rawValue)") }
        say("odd-cells", differs(\.oddCells)?.rawValue)
        say("test-fraction", differs(\.testFraction).map { "\($0)" })
        say("hidden", differs(\.hidden).map { sizes in sizes.isEmpty ? "none" : sizes.map { "\($0)" }.joined(separator: ",") })
        say("activation", differs(\.activation))
        say("dropout", differs(\.dropout).map { "\($0)" })
        say("learning-rate", differs(\.learningRate).map { "\($0)" })
        say("weight-decay", differs(\.weightDecay).map { "\($0)" })
        say("epochs", settings.epochs.map { "\($0)" })
        say("steps", settings.steps.map { "\($0)" })
        say("batch-size", settings.batchSize.map { "\($0)" })
        say("validation-fraction", differs(\.validationFraction).map { "\($0)" })
        say("patience", settings.patience.map { "\($0)" })
        say("minimum-improvement", differs(\.minimumImprovement).map { "\($0)" })
        say("reduce-on-plateau", settings.reduceOnPlateau.map { "\($0)" })
        say("clip-norm", settings.clipNorm.map { "\($0)" })
        say("members", settings.members.map { "\($0)" })
        say("seed", "\(settings.seed)")
        return ([program] + words.map(shellQuoted)).joined(separator: " ")
    }

    /// A request as `caller` kept it.
    init(caller: JSONReader, settings: TabularSettings, folder: String) throws {
        file = try caller["file"].string()
        target = caller["target"].exists ? try caller["target"].string() : nil
        header = caller["header"].exists ? try caller["header"].bool() : nil
        if caller["delimiter"].exists {
            guard let known = DelimiterName(rawValue: try caller["delimiter"].string()) else { throw caller["delimiter"].error("is no delimiter that is known") }
            delimiter = known
        }
        labels = caller["labels"].exists ? try caller["labels"].string() : nil
        try settings.validate()
        self.settings = settings
        self.folder = folder
    }

    /// The request that a run in this folder was begun with.
    ///
    /// - Throws: `FileError` where there is none, `FormatError` where it is damaged.
    init(resuming folder: RunFolder) throws {
        let path = folder.file(RunFolder.checkpointName)
        guard let checkpoint = try folder.checkpoint() else {
            throw FileError(kind: .notFound, path: path, sentence: "no run to go on with in \(folder.path): it has no \(RunFolder.checkpointName)")
        }
        try self.init(
            caller: checkpoint.reader["settings"]["caller"], settings: TabularSettings(json: checkpoint.reader["settings"]["training"]),
            folder: folder.path)
    }
}
