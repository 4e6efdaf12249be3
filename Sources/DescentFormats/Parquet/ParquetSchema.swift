/// A column of a Parquet file: how its values are kept, and what they mean.
struct ParquetColumn {
    /// How a value is kept.
    enum Storage: Int {
        case boolean, int32, int64, int96, float, double, bytes, fixedBytes
    }

    /// What a value means.
    enum Meaning: Equatable {
        case plain
        case unsigned
        case text
        case decimal(scale: Int)
        /// Days since 1970-01-01.
        case date
        /// A time of the day, so many to the second.
        case time(Int64)
        /// A time since 1970-01-01, so many to the second; `isUTC`: of the world's clock, and not of a wall's.
        case timestamp(Int64, isUTC: Bool)
        case uuid, half
    }

    let name: String
    let storage: Storage
    /// The bytes of each value of `fixedBytes`.
    let size: Int
    let meaning: Meaning
    let isOptional: Bool

    /// The columns of a file's schema.
    ///
    /// - Throws: `FormatError` that names columns whose cells hold more than one value, and those of unknown types.
    static func all(_ schema: [ThriftValue], file: String) throws(FormatError) -> [ParquetColumn] {
        func error(_ reason: String) -> FormatError { FormatError(file: file, reason: reason) }
        guard let root = schema.first, let count = root[5]?.integer, count > 0 else { throw error("the file has no columns") }
        var columns: [ParquetColumn] = [], nested: [String] = []
        var place = 1
        for _ in 0..<count {
            guard place < schema.count else { throw error("the schema lists fewer columns than it counts") }
            let element = schema[place], name = element[4]?.text ?? ""
            let children = element[5]?.integer ?? 0
            if children > 0 || element[3]?.integer == 2 {
                nested.append(name)
                // Its parts, and theirs.
                var left = children
                place += 1
                while left > 0 {
                    guard place < schema.count else { throw error("the schema lists fewer columns than it counts") }
                    left += max(schema[place][5]?.integer ?? 0, 0) - 1
                    place += 1
                }
                continue
            }
            guard let type = element[1]?.integer, let storage = Storage(rawValue: type) else { throw error("the column \(quoted(name)) is of an unknown type") }
            let size = element[2]?.integer ?? 0
            if storage == .fixedBytes, !(1...4096).contains(size) { throw error("the values of the column \(quoted(name)) have \(size) bytes") }
            columns.append(
                ParquetColumn(name: name, storage: storage, size: size, meaning: try meaning(element, storage, size, name: name, file: file), isOptional: element[3]?.integer == 1))
            place += 1
        }
        if !nested.isEmpty {
            let (noun, verb) = nested.count == 1 ? ("column", "holds") : ("columns", "hold")
            throw error(
                "the \(noun) \(nested.prefix(10).map(quoted).joined(separator: ", "))\(nested.count > 10 ? ", ..." : "") \(verb) lists, maps or structures, and a cell of a table holds one value; write the file without, or with a column for each part"
            )
        }
        return columns
    }

    private static func meaning(_ element: ThriftValue, _ storage: Storage, _ size: Int, name: String, file: String) throws(FormatError) -> Meaning {
        func perSecond(_ unit: ThriftValue?) -> Int64 { unit?[1] != nil ? 1_000 : unit?[2] != nil ? 1_000_000 : 1_000_000_000 }
        if storage == .int96 { return .timestamp(1_000_000_000, isUTC: false) }
        let logical = element[10], converted = element[6]?.integer
        let isBytes = storage == .bytes || storage == .fixedBytes
        var found: Meaning = storage == .bytes ? .text : .plain
        if logical?[1] != nil || logical?[4] != nil || logical?[12] != nil || [0, 4, 19].contains(converted) {
            found = .text
        } else if let decimal = logical?[5] {
            found = .decimal(scale: decimal[1]?.integer ?? 0)
        } else if converted == 5 {
            found = .decimal(scale: element[7]?.integer ?? 0)
        } else if logical?[6] != nil || converted == 6 {
            found = .date
        } else if let time = logical?[7] {
            found = .time(perSecond(time[2]))
        } else if converted == 7 || converted == 8 {
            found = .time(converted == 7 ? 1_000 : 1_000_000)
        } else if let time = logical?[8] {
            found = .timestamp(perSecond(time[2]), isUTC: time[1]?.boolean ?? false)
        } else if converted == 9 || converted == 10 {
            found = .timestamp(converted == 9 ? 1_000 : 1_000_000, isUTC: true)
        } else if logical?[10]?[2]?.boolean == false || converted.map({ (11...14).contains($0) }) ?? false {
            found = .unsigned
        } else if logical?[14] != nil {
            found = .uuid
        } else if logical?[15] != nil {
            found = .half
        }
        let fits =
            switch found {
            case .plain: storage != .fixedBytes
            case .unsigned, .time, .timestamp: storage == .int32 || storage == .int64
            case .text: isBytes
            case .decimal(let scale): (0...300).contains(scale) && (isBytes || storage == .int32 || storage == .int64)
            case .date: storage == .int32
            case .uuid: storage == .fixedBytes && size == 16
            case .half: storage == .fixedBytes && size == 2
            }
        if !fits { throw FormatError(file: file, reason: "the column \(quoted(name)) holds bytes, which are neither numbers nor text; write the file without it") }
        return found
    }
}
