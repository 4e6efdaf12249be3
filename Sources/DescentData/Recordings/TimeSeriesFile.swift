import DescentFormats

extension Recordings {
    /// Reads a file of recordings as sktime and aeon write them (.ts).
    ///
    /// A header of lines that begin with `@`, then `@data`, then a recording a line: its channels separated by `:`, the steps of a channel by commas, and the
    /// class or number last. `?` and NaN are missing steps. With `@timeStamps true` steps are pairs `(time,value)`.
    ///
    /// - Throws: `FileError` where it cannot be read, `DataError` with the line that is wrong.
    public init(timeSeriesFile path: String) throws {
        try self.init(parsingTimeSeries: FileSystem.read(path), file: path)
    }

    /// Whether bytes begin as a .ts file does: with a line of its header after comments, or with measurements where that is missing.
    public static func isTimeSeriesFile(_ bytes: [UInt8]) -> Bool {
        for line in bytes.prefix(1 << 16).split(separator: UInt8(ascii: "\n")) {
            guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }) else { continue }
            if first == UInt8(ascii: "#") || first == UInt8(ascii: "%") { continue }
            return first == UInt8(ascii: "@") || "0123456789+-.(?".utf8.contains(first)
        }
        return true
    }

    /// Parses the bytes of a .ts file.
    public init(parsingTimeSeries bytes: [UInt8], file: String) throws(DataError) {
        let text = try TextFile.text(bytes, file: file)
        var header: TimeSeriesHeader?, lines = TimeSeriesHeader.Lines(), rows: [TimeSeriesRow] = []
        var number = 0
        for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let content = Self.trimmed(line)
            guard let first = content.first, first != UInt8(ascii: "#"), first != UInt8(ascii: "%") else { continue }
            if let header {
                rows.append(try TimeSeriesRow(content, header: header, channels: rows.first?.channels.count, line: number, file: file))
            } else if first == UInt8(ascii: "@") {
                header = try lines.read(String(decoding: content, as: UTF8.self), line: number, file: file)
            } else {
                throw DataError(file: file, line: number, "a line of data before @data; a .ts file has a header of lines that begin with @, then a line @data, then a recording a line")
            }
        }
        guard let header else {
            throw DataError(file: file, "there is no line @data; a .ts file has a header of lines that begin with @, then a line @data, then a recording a line")
        }
        if rows.isEmpty { throw DataError(file: file, "no recordings follow @data") }
        let recordings = rows.enumerated().map { place, row in Recording(name: "recording \(place + 1)", line: row.line, steps: row.channels[0].count, values: row.values) }
        try self.init(
            file: file, channels: Self.numbered(rows[0].channels.count), namesChannels: false, recordings: recordings, target: try header.target(of: rows, file: file))
    }

    /// A line's bytes without blanks at its ends.
    private static func trimmed(_ line: Substring.UTF8View) -> [UInt8] {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
        var bytes = Array(line.drop(while: isBlank))
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        return bytes
    }
}

/// What the header of a .ts file says.
struct TimeSeriesHeader {
    /// What the last field of a recording is.
    enum Answer {
        case none, number
        /// One of these classes; of any where none is listed.
        case classes([String])
    }

    var answer: Answer
    var hasTimeStamps: Bool
    /// The number of channels; `nil` where it is that of the first recording.
    var channels: Int?

    /// The header's lines as they come.
    struct Lines {
        private var hasTimeStamps = false
        private var channels: Int?
        private var isUnivariate = false
        private var answer: Answer?

        /// Reads a line that begins with `@`.
        ///
        /// - Returns: The header, at `@data`.
        mutating func read(_ line: String, line number: Int, file: String) throws(DataError) -> TimeSeriesHeader? {
            let words = line.dropFirst().split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
            let key = words.first?.lowercased() ?? ""
            func flag() throws(DataError) -> Bool {
                switch words.count > 1 ? words[1].lowercased() : "" {
                case "true": return true
                case "false": return false
                case let other: throw DataError(file: file, line: number, "@\(words[0]) is \(quoted(other)); it must be true or false")
                }
            }
            switch key {
            case "data":
                guard let answer else {
                    throw DataError(
                        file: file, line: number,
                        "the header has neither @classLabel nor @targetLabel; write \"@classLabel true\" and the classes, \"@targetLabel true\" for numbers, or \"@classLabel false\"")
                }
                return TimeSeriesHeader(answer: answer, hasTimeStamps: hasTimeStamps, channels: isUnivariate ? 1 : channels)
            case "timestamps": hasTimeStamps = try flag()
            case "univariate": isUnivariate = try flag()
            case "dimension", "dimensions":
                guard words.count > 1, let count = Int(words[1]), count >= 1 else {
                    throw DataError(file: file, line: number, "@\(words[0]) is \(quoted(words.count > 1 ? words[1] : "")); it must be the number of channels")
                }
                channels = count
            case "classlabel": answer = try flag() ? .classes(Array(words.dropFirst(2))) : answer ?? Answer.none
            case "targetlabel": answer = try flag() ? .number : answer ?? Answer.none
            // What else a header says is seen in the data: the name, missing steps, lengths.
            default: break
            }
            return nil
        }
    }

    /// What the last fields of the recordings say.
    func target(of rows: [TimeSeriesRow], file: String) throws(DataError) -> RecordingTarget {
        switch answer {
        case .none: return .none
        case .number:
            var numbers: [Double] = []
            for row in rows {
                guard let value = Double(row.answer), value.isFinite else {
                    throw DataError(file: file, line: row.line, "the target is \(quoted(row.answer)), not a number; with classes the header says @classLabel")
                }
                numbers.append(value)
            }
            return .numbers(numbers)
        case .classes where rows.allSatisfy({ $0.answer.isEmpty || $0.answer == "?" }): return .none
        case .classes(let declared):
            for row in rows {
                if row.answer.isEmpty || row.answer == "?" {
                    throw DataError(file: file, line: row.line, "the class is missing after the last ':'; either every recording has one or none has")
                }
                if !declared.isEmpty, !declared.contains(row.answer) {
                    throw DataError(file: file, line: row.line, "the class \(quoted(row.answer)) is not one of @classLabel: \(listed(declared))")
                }
            }
            return .classes(named: rows.map(\.answer))
        }
    }
}

/// A recording of a .ts file.
struct TimeSeriesRow {
    let line: Int
    /// The measurements of each channel.
    let channels: [[Float]]
    /// What follows the last channel; empty for nothing.
    let answer: String

    /// The measurements step by step.
    var values: [Float] { channels[0].indices.flatMap { step in channels.map { $0[step] } } }

    /// - Parameter channels: The number of channels of the recordings before; `nil` for the first.
    init(_ bytes: [UInt8], header: TimeSeriesHeader, channels known: Int?, line: Int, file: String) throws(DataError) {
        func error(_ reason: String) -> DataError { DataError(file: file, line: line, reason) }
        self.line = line
        // A colon within a pair (time,value) belongs to the time.
        var fields: [ArraySlice<UInt8>] = [], start = 0, depth = 0
        for (place, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if byte == UInt8(ascii: ":"), depth == 0 {
                fields.append(bytes[start..<place])
                start = place + 1
            }
        }
        fields.append(bytes[start...])
        if case .none = header.answer { answer = "" } else { answer = String(decoding: fields.removeLast(), as: UTF8.self).trimmingBlanks }
        let expected = header.channels ?? known
        if fields.count != expected ?? fields.count || fields.isEmpty {
            let what = if case .none = header.answer { "" } else { " before the answer" }
            let reason = header.channels == nil ? "the recordings before have \(known ?? 0)" : "the header says \(expected ?? 0)"
            if fields.isEmpty { throw error("there are no channels before the answer \(quoted(answer)); a line is its channels with ':' between, and the answer last") }
            throw error("the line has \(fields.count) channel\(fields.count == 1 ? "" : "s")\(what), and \(reason); channels are separated by ':'\(what.isEmpty ? "" : ", and the answer is last")")
        }
        if header.hasTimeStamps {
            var stamped: [[(time: String, value: Float)]] = []
            for (channel, field) in fields.enumerated() { stamped.append(try Self.pairs(field, channel: channel + 1, error)) }
            channels = Self.aligned(stamped)
        } else {
            var read: [[Float]] = []
            for (channel, field) in fields.enumerated() { read.append(try Self.numbers(field, channel: channel + 1, error)) }
            channels = read
        }
        if channels[0].isEmpty { throw error("the recording is empty; a recording has at least one step") }
        if let other = channels.indices.first(where: { channels[$0].count != channels[0].count }) {
            throw error("channel \(other + 1) has \(channels[other].count) steps, and channel 1 has \(channels[0].count); write ? for steps that were not measured")
        }
    }

    private static func numbers(_ field: ArraySlice<UInt8>, channel: Int, _ error: (String) -> DataError) throws(DataError) -> [Float] {
        if field.allSatisfy({ $0 == 0x20 }) { return [] }
        var numbers: [Float] = [], start = field.startIndex
        for place in field.indices where field[place] == UInt8(ascii: ",") {
            numbers.append(try number(field[start..<place], step: numbers.count + 1, channel: channel, error))
            start = place + 1
        }
        numbers.append(try number(field[start...], step: numbers.count + 1, channel: channel, error))
        return numbers
    }

    private static func number(_ given: ArraySlice<UInt8>, step: Int, channel: Int, _ error: (String) -> DataError) throws(DataError) -> Float {
        let bytes = given.contains(0x20) ? given.filter { $0 != 0x20 }[...] : given
        let exact = bytes.withUnsafeBufferPointer { buffer -> Double? in
            guard let base = buffer.baseAddress else { return nil }
            let read = DecimalNumber.read(base, from: 0, to: buffer.count, tables: DecimalNumber.tables)
            return read.next == buffer.count ? read.value : nil
        }
        if let exact { return Float(exact) }
        let text = String(decoding: bytes, as: UTF8.self)
        if ["?", "nan", "na", ""].contains(text.lowercased()) { return .nan }
        guard let value = Double(text), value.isFinite else {
            throw error("channel \(channel), step \(step) is \(quoted(text)), not a number; ? and NaN are missing steps")
        }
        return Float(value)
    }

    /// The steps `(time,value)` of a channel.
    private static func pairs(_ field: ArraySlice<UInt8>, channel: Int, _ error: (String) -> DataError) throws(DataError) -> [(time: String, value: Float)] {
        var pairs: [(time: String, value: Float)] = []
        for part in field.split(separator: UInt8(ascii: ")")) {
            let inside = part.drop { $0 == UInt8(ascii: ",") || $0 == 0x20 }
            guard inside.first == UInt8(ascii: "("), let comma = inside.lastIndex(of: UInt8(ascii: ",")) else {
                throw error("channel \(channel), step \(pairs.count + 1) is \(quoted(String(decoding: part, as: UTF8.self))); with \"@timeStamps true\" steps are pairs (time,value)")
            }
            pairs.append((String(decoding: inside[..<comma].dropFirst(), as: UTF8.self), try number(inside[(comma + 1)...], step: pairs.count + 1, channel: channel, error)))
        }
        return pairs
    }

    /// Channels at the same times; where one has no value it is missing. Times are in the order of numbers, or of text, as ISO dates sort.
    private static func aligned(_ channels: [[(time: String, value: Float)]]) -> [[Float]] {
        let times = Set(channels.joined().map(\.time)), values = Dictionary(uniqueKeysWithValues: times.map { ($0, Double($0)) })
        let areNumbers = values.values.allSatisfy { $0 != nil }
        let order = times.sorted { areNumbers ? values[$0]!! < values[$1]!! : $0 < $1 }
        return channels.map { channel in
            let known = Dictionary(channel.map { ($0.time, $0.value) }) { first, _ in first }
            return order.map { known[$0] ?? .nan }
        }
    }
}

extension String {
    /// Without blanks at its ends.
    fileprivate var trimmingBlanks: String { TextFile.trimmed(self[...]) }
}
