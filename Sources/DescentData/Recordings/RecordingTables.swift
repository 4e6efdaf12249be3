import DescentFormats

/// How a table names what is no measurement.
public struct RecordingColumns: Equatable, Sendable {
    /// The column that tells recordings apart; `nil` for a table that is one recording.
    public var id: String?
    /// The column of the time; `nil` where the rows are in order.
    public var time: String?
    /// The column of the answers; `nil` where there are none.
    public var target: String?

    /// Columns by name.
    public init(id: String? = nil, time: String? = nil, target: String? = nil) { (self.id, self.time, self.target) = (id, time, target) }

    private static let ids = ["id", "recording", "recording_id", "recordingid", "series_id", "seriesid", "sample_id", "sequence", "sequence_id", "case_id", "session", "session_id", "trial", "uid"]
    private static let times = ["time", "t", "timestamp", "step", "time_step", "timestep", "seconds", "sec", "ms", "frame", "datetime", "date", "timepoint", "dim_time"]
    private static let targets = ["class", "label", "target", "y", "activity", "category"]

    /// Whether names of columns are those of a table of recordings: so a table need not be read to see that it is none.
    public static func fit(_ names: [String], given: RecordingColumns) -> Bool {
        func has(_ usual: [String]) -> Bool { names.contains { usual.contains($0.lowercased()) } }
        return given.id != nil || (has(ids) && (given.time != nil || has(times)))
    }

    /// The columns of a table by their usual names, where it holds many recordings: an id that stands in several rows, and a time.
    ///
    /// - Parameter given: What a person named; that is taken.
    /// - Returns: `nil` where the table does not look so, and a person named neither an id nor a time.
    public static func guess(_ table: Table, given: RecordingColumns) -> RecordingColumns? {
        func found(_ usual: [String]) -> String? { table.names.first { usual.contains($0.lowercased()) } }
        guard table.hasHeader else { return given.id == nil ? nil : given }
        var columns = given
        columns.id = given.id ?? found(ids)
        columns.time = given.time ?? found(times.filter { $0 != columns.id })
        columns.target = given.target ?? found(targets)
        guard let id = columns.id else { return nil }
        if given.id != nil { return columns }
        guard columns.time != nil, let column = table.names.firstIndex(of: id) else { return nil }
        var counts: [String: Int] = [:]
        for row in 0..<table.rowCount { counts[table.text(row: row, column: column), default: 0] += 1 }
        // An id that stands in one row each tells rows apart, not recordings.
        return counts.count >= 2 && table.rowCount >= 3 * counts.count ? columns : nil
    }

    /// Whether a table's target can be an answer to recordings: the same in all rows of one, or words. Numbers that change from row to row are a series.
    public func hasAnswers(_ table: Table) -> Bool {
        guard let id = id.flatMap({ table.names.firstIndex(of: $0) }), let target = target.flatMap({ table.names.firstIndex(of: $0) }) else { return false }
        var known: [String: String] = [:]
        for row in 0..<table.rowCount {
            let answer = table.text(row: row, column: target)
            if known.updateValue(answer, forKey: table.text(row: row, column: id)) ?? answer != answer, table.number(row: row, column: target) != nil { return false }
        }
        return true
    }

    /// Whether a name is that of a time.
    static func isTime(_ name: String) -> Bool { times.contains(name.lowercased()) }
}

extension Recordings {
    /// Reads recordings from a table with a row for each step: the rows of a recording have the same id.
    ///
    /// Rows are put in the order of the time. Where times are numbers at equal distances, steps that are left out become missing ones. The answer is one for each
    /// recording if it is the same in all its rows, or else a class for every step.
    ///
    /// - Throws: `DataError` for columns that are not there, for text in a column of measurements, and for answers that are missing.
    public init(table: Table, columns: RecordingColumns, isRegression: Bool? = nil) throws(DataError) {
        let file = table.file
        guard let idName = columns.id else { throw DataError(file: file, "which column tells the recordings apart? Say --id and one of: \(listed(table.names))") }
        let id = try table.column(idName), time = try columns.time.map { (name) throws(DataError) in try table.column(name) }
        let target = try columns.target.map { (name) throws(DataError) in try table.column(name) }
        var order: [String] = [], rows: [String: [Int]] = [:]
        for row in 0..<table.rowCount {
            let name = table.text(row: row, column: id)
            if name.isEmpty { throw DataError(file: file, line: table.line(ofRow: row), column: table.names[id], "column \(quoted(table.names[id])) is empty; each row says which recording it is of") }
            if rows[name] == nil { order.append(name) }
            rows[name, default: []].append(row)
        }
        let channels = try Self.channels(of: table, without: [id, time, target].compactMap { $0 })
        var times: [Double] = []
        if let time { times = (0..<table.rowCount).compactMap { table.number(row: $0, column: time) } }
        let areNumbers = times.count == table.rowCount
        if let time {
            for name in order {
                rows[name]!.sort {
                    areNumbers ? (times[$0], $0) < (times[$1], $1) : (table.text(row: $0, column: time), $0) < (table.text(row: $1, column: time), $1)
                }
            }
        }
        // The distance of most steps, where gaps are whole multiples of it.
        let distance = areNumbers ? Self.usualDistance(order.map { rows[$0]!.map { times[$0] } }) : nil
        var recordings: [Recording] = [], labels: [[String]] = [], filled = 0
        for name in order {
            var values: [Float] = [], own: [String] = [], last: Double?
            for row in rows[name]! {
                if let distance, let last, times[row] - last > 1.5 * distance {
                    let count = Int(((times[row] - last) / distance).rounded()) - 1
                    values += [Float](repeating: .nan, count: count * channels.count)
                    own += [String](repeating: own.last ?? "", count: target == nil ? 0 : count)
                    filled += count
                }
                if areNumbers { last = times[row] }
                for channel in channels {
                    guard let value = table.number(row: row, column: channel) else {
                        if table.isMissing(row: row, column: channel) {
                            values.append(.nan)
                            continue
                        }
                        throw DataError(
                            file: file, line: table.line(ofRow: row), column: table.names[channel],
                            "column \(quoted(table.names[channel])) is \(quoted(table.text(row: row, column: channel))), not a number; measurements are numbers, and empty where missing")
                    }
                    values.append(Float(value))
                }
                if let target { own.append(table.text(row: row, column: target)) }
            }
            recordings.append(Recording(name: name, line: table.line(ofRow: rows[name]![0]), steps: values.count / channels.count, values: values))
            labels.append(own)
        }
        var notes = filled == 0 ? [] : ["\(filled) steps that are left out in the column of the time are taken as missing."]
        let dropped = Self.textColumns(of: table, without: [id, time, target].compactMap { $0 })
        if !dropped.isEmpty { notes.append("Not used, since they are no numbers: \(listed(dropped.map { table.names[$0] })).") }
        let answers: RecordingTarget
        if let target {
            for (name, own) in zip(order, labels) where own.contains("") {
                let row = rows[name]!.first { table.text(row: $0, column: target).isEmpty } ?? rows[name]![0]
                throw DataError(file: file, line: table.line(ofRow: row), column: table.names[target], "column \(quoted(table.names[target])) is empty; it is the answer to be learned")
            }
            let constant = labels.allSatisfy { own in own.allSatisfy { $0 == own[0] } }, numbers = labels.map { Double($0[0]) }
            let haveFractions = numbers.allSatisfy { $0 != nil } && numbers.contains { $0! != $0!.rounded() }
            if constant, isRegression ?? haveFractions {
                if let place = numbers.firstIndex(where: { $0 == nil || !$0!.isFinite }) {
                    throw DataError(
                        file: file, line: recordings[place].line, column: table.names[target], "column \(quoted(table.names[target])) is \(quoted(labels[place][0])), not a number (--task regression)")
                }
                answers = .numbers(numbers.map { $0! })
            } else if constant {
                answers = .classes(named: labels.map { $0[0] })
            } else if isRegression == true {
                throw DataError(file: file, column: table.names[target], "column \(quoted(table.names[target])) changes within a recording; a number is predicted for a whole recording")
            } else {
                answers = .stepClasses(named: labels)
            }
        } else {
            answers = .none
        }
        try self.init(file: file, channels: channels.map { table.names[$0] }, recordings: recordings, target: answers, notes: notes)
    }

    /// Recordings of tables that are one each, a row a step; a column of the time is left out.
    ///
    /// - Parameter classes: The class of each table; `nil` where it is not known.
    public init(tables: [Table], source: String, classes: [String]?) throws(DataError) {
        var names: [String] = [], hasHeader = true, parts: [(path: String, names: [String], table: Table, channels: [Int])] = []
        for table in tables {
            let channels = try Self.channels(of: table, without: table.names.indices.filter { table.hasHeader && RecordingColumns.isTime(table.names[$0]) })
            let own = table.hasHeader ? channels.map { table.names[$0] } : Self.numbered(channels.count)
            if let first = parts.first {
                if table.hasHeader != hasHeader {
                    throw DataError(file: table.file, "it has \(table.hasHeader ? "a" : "no") row of column names, and \(first.path) has \(hasHeader ? "one" : "none") (--header, --no-header)")
                }
                if !hasHeader, channels.count != first.channels.count {
                    throw DataError(file: table.file, "it has \(channels.count) columns of numbers, and \(first.path) has \(first.channels.count)")
                }
                if hasHeader, Set(own).isDisjoint(with: first.names) {
                    throw DataError(file: table.file, "it has none of the columns of \(first.path): it has \(listed(own)), and that \(listed(first.names))")
                }
            } else {
                hasHeader = table.hasHeader
            }
            names += own.filter { !names.contains($0) }
            parts.append((table.file, own, table, channels))
        }
        var recordings: [Recording] = [], incomplete: Set<String> = []
        for part in parts {
            let places = names.map { name in part.names.firstIndex(of: name).map { part.channels[$0] } }
            for (name, place) in zip(names, places) where place == nil { incomplete.insert(name) }
            var values: [Float] = []
            for row in 0..<part.table.rowCount {
                for place in places {
                    guard let column = place, let value = part.table.number(row: row, column: column) else {
                        if let column = place, !part.table.isMissing(row: row, column: column) {
                            throw DataError(
                                file: part.path, line: part.table.line(ofRow: row), column: part.table.names[column],
                                "column \(quoted(part.table.names[column])) is \(quoted(part.table.text(row: row, column: column))), not a number; measurements are numbers, and empty where missing")
                        }
                        values.append(.nan)
                        continue
                    }
                    values.append(Float(value))
                }
            }
            recordings.append(Recording(name: part.path, steps: part.table.rowCount, values: values))
        }
        let notes = incomplete.isEmpty ? [] : ["Not in all files, so missing in some: \(listed(names.filter(incomplete.contains)))."]
        try self.init(file: source, channels: names, namesChannels: hasHeader, recordings: recordings, target: classes.map { .classes(named: $0) } ?? .none, notes: notes)
    }

    /// The columns of numbers.
    private static func channels(of table: Table, without others: [Int]) throws(DataError) -> [Int] {
        let texts = Set(textColumns(of: table, without: others)), channels = table.names.indices.filter { !others.contains($0) && !texts.contains($0) }
        if channels.isEmpty { throw DataError(file: table.file, "none of its columns has numbers: \(listed(table.names))") }
        return channels
    }

    /// The columns in which hardly any cell is a number: names and remarks. One with a few such cells is a damaged channel, and an error where it is read.
    private static func textColumns(of table: Table, without others: [Int]) -> [Int] {
        table.names.indices.filter { column in
            guard !others.contains(column) else { return false }
            let sample = stride(from: 0, to: table.rowCount, by: Swift.max(1, table.rowCount / 200))
            var numbers = 0, texts = 0
            for row in sample where !table.isMissing(row: row, column: column) {
                if table.number(row: row, column: column) == nil { texts += 1 } else { numbers += 1 }
            }
            return texts > numbers
        }
    }

    /// The distance between most neighbouring times, if all are about whole multiples of it and few steps are left out; `nil` otherwise.
    private static func usualDistance(_ times: [[Double]]) -> Double? {
        let gaps = times.flatMap { own in zip(own.dropFirst(), own).map { $0 - $1 } }.sorted()
        guard let distance = gaps.isEmpty ? nil : gaps[gaps.count / 2], distance > 0, let largest = gaps.last, largest > 1.5 * distance else { return nil }
        let isRegular = gaps.allSatisfy { gap in gap >= 0.5 * distance && Swift.abs(gap / distance - (gap / distance).rounded()) < 0.05 }
        let missing = gaps.reduce(0) { $0 + ($1 / distance).rounded() - 1 }
        return isRegular && missing <= Double(gaps.count) ? distance : nil
    }
}
