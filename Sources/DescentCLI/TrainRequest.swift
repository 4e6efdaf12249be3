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
    var settings: TabularSettings
    /// Where the run and its model are kept.
    var folder: String

    /// What the checkpoint keeps beside the settings.
    var caller: JSON {
        [
            "file": .string(file), "target": target.map(JSON.string) ?? nil, "header": header.map(JSON.bool) ?? nil,
            "delimiter": delimiter.map { .string($0.rawValue) } ?? nil,
        ]
    }
}

extension TrainRequest {
    /// The request that a run in this folder was begun with.
    ///
    /// - Throws: `FileError` where there is none, `FormatError` where it is damaged.
    init(resuming folder: RunFolder) throws {
        let path = folder.file(RunFolder.checkpointName)
        guard let checkpoint = try folder.checkpoint() else {
            throw FileError(kind: .notFound, path: path, sentence: "no run to go on with in \(folder.path): it has no \(RunFolder.checkpointName)")
        }
        let caller = checkpoint.reader["settings"]["caller"]
        file = try caller["file"].string()
        target = caller["target"].exists ? try caller["target"].string() : nil
        header = caller["header"].exists ? try caller["header"].bool() : nil
        if caller["delimiter"].exists {
            guard let known = DelimiterName(rawValue: try caller["delimiter"].string()) else { throw caller["delimiter"].error("is no delimiter that is known") }
            delimiter = known
        }
        settings = try TabularSettings(json: checkpoint.reader["settings"]["training"])
        try settings.validate()
        self.folder = folder.path
    }
}
