import DescentFormats

/// How a file that a model was fitted to is written: its columns, how they write numbers, and the words for nothing. Other files are read alike.
public struct TableFormat: Equatable, Sendable {
    /// The columns' names.
    public let names: [String]
    /// Whether the file named them.
    public let hasHeader: Bool
    /// How columns write their numbers, by name, where not plainly.
    public let spellings: [String: NumberSpelling]
    /// The words that mean that a cell has no value.
    public let missing: MissingWords

    /// Of a table.
    public init(of table: Table) {
        (names, hasHeader, missing) = (table.names, table.hasHeader, table.missingWords)
        spellings = Dictionary(uniqueKeysWithValues: names.indices.map { (table.names[$0], table.spelling(ofColumn: $0)) }.filter { $0.1 != .plain })
    }

    /// The options to read another file with.
    public var options: Table.Options { Table.Options(header: hasHeader ? .present : .absent, spellings: spellings, missing: missing) }

    /// Where a column is in a table; without a header by its number, of which a target that the table leaves out takes none.
    ///
    /// - Throws: `DataError` that lists the columns.
    public func place(of column: String, in table: Table, without target: String) throws(DataError) -> Int {
        guard !hasHeader, !table.hasHeader, table.columnCount == names.count - 1, let place = names.firstIndex(of: column), let left = names.firstIndex(of: target),
            place != left
        else { return try table.column(column) }
        return place > left ? place - 1 : place
    }

    /// To be stored with a model.
    public func toJSON() -> JSON {
        var object = JSON.Object()
        object["hasHeader"] = .bool(hasHeader)
        object["columns"] = JSON(names)
        if !spellings.isEmpty {
            object["spellings"] = .array(spellings.sorted { $0.key < $1.key }.map { ["column": .string($0.key), "spelling": $0.value.json ?? nil] })
        }
        if case .only(let words) = missing { object["missing"] = JSON(words.sorted()) }
        return .object(object)
    }

    /// One that was stored.
    ///
    /// - Throws: `FormatError` that names the place in the document.
    public init(json: JSONReader) throws(FormatError) {
        hasHeader = try json["hasHeader"].bool()
        names = try json["columns"].strings()
        var spellings: [String: NumberSpelling] = [:]
        if json["spellings"].exists {
            for entry in try json["spellings"].elements() { spellings[try entry["column"].string()] = try NumberSpelling(json: entry["spelling"]) }
        }
        self.spellings = spellings
        missing = json["missing"].exists ? .only(Set(try json["missing"].strings())) : .usual
    }
}
