import DescentFormats

extension Recordings {
    /// Whether a folder has folders of tables of numbers: a folder for each class.
    public static func isFolderOfClasses(_ path: String) throws -> Bool {
        guard FileSystem.folderExists(path) else { return false }
        guard let first = try classFolders(path).lazy.compactMap(\.files.first).first, let table = try? Table(path: first) else { return false }
        // A table of texts is no recording.
        return table.names.indices.contains { column in
            (0..<Swift.min(20, table.rowCount)).allSatisfy { table.number(row: $0, column: column) != nil || table.isMissing(row: $0, column: column) }
        }
    }

    /// Reads a folder that has a folder for each class, with a table (CSV, TSV) for each recording; a row is a step.
    ///
    /// - Throws: `DataError` where a folder of a class is empty, or a table does not fit the others.
    public init(folder path: String, options: Table.Options = Table.Options()) throws {
        let folders = try Self.classFolders(path)
        if let empty = folders.first(where: { $0.files.isEmpty }) {
            throw DataError(file: empty.path, "there is no table (.csv, .tsv, .txt) in the folder of the class \(quoted(empty.name)); put its recordings there, or remove it")
        }
        if folders.count < 2 { throw DataError(file: path, "there \(folders.count == 1 ? "is one folder" : "are no folders") in it; recordings need a folder for each class, at least two") }
        let tables = try folders.flatMap(\.files).map { try Table(path: $0, options: options) }
        try self.init(tables: tables, source: path, classes: folders.flatMap { folder in folder.files.map { _ in folder.name } })
    }

    /// The tables directly in a folder, by name.
    static func tables(in path: String) throws -> [String] {
        try FileSystem.list(path).filter { name in
            let name = name.lowercased()
            return !name.hasPrefix(".") && [".csv", ".tsv", ".txt"].contains { name.hasSuffix($0) }
        }.sorted().map { joined(path, $0) }
    }

    private static func classFolders(_ path: String) throws -> [(name: String, path: String, files: [String])] {
        try FileSystem.list(path).filter { !$0.hasPrefix(".") && FileSystem.folderExists(joined(path, $0)) }.sorted().map { name in
            let folder = joined(path, name)
            return (name, folder, try tables(in: folder))
        }
    }

    private static func joined(_ folder: String, _ name: String) -> String { folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)" }

    /// The tables of a folder, or of its folders, as recordings without classes.
    public init(unlabelledFolder path: String, options: Table.Options = Table.Options()) throws {
        let own = try Self.tables(in: path), all = own.isEmpty ? try Self.classFolders(path).flatMap(\.files) : own
        if all.isEmpty { throw DataError(file: path, "there are no tables (.csv, .tsv, .txt) in it") }
        try self.init(tables: all.map { try Table(path: $0, options: options) }, source: path, classes: nil)
    }
}
