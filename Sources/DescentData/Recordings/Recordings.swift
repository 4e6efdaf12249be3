import DescentFormats

/// One recording: measurements of several channels, step by step.
public struct Recording: Equatable, Sendable {
    /// What it is called: "recording 17", a file's name, or the id of a table.
    public let name: String
    /// Where it stands in its file, from 1; `nil` where it has no line of its own.
    public let line: Int?
    /// The number of steps.
    public let steps: Int
    /// The measurements, step by step, the channels of a step together; NaN where there is none.
    public let values: [Float]

    /// A recording of `values.count / steps` channels.
    public init(name: String, line: Int? = nil, steps: Int, values: [Float]) { (self.name, self.line, self.steps, self.values) = (name, line, steps, values) }
}

/// What is known of recordings besides their measurements, and what a model is to answer.
public enum RecordingTarget: Equatable, Sendable {
    /// Nothing is known.
    case none
    /// A class for each recording, by its number among the names.
    case classes([String], [Int32])
    /// A number for each recording.
    case numbers([Double])
    /// A class for each step of each recording.
    case stepClasses([String], [[Int32]])

    /// The classes' names; empty for numbers.
    public var classes: [String] {
        switch self {
        case .classes(let names, _), .stepClasses(let names, _): names
        case .none, .numbers: []
        }
    }

    /// Whether there is an answer for every step.
    public var isOfSteps: Bool { if case .stepClasses = self { true } else { false } }

    /// The same for some of the recordings.
    func selecting(_ rows: [Int]) -> RecordingTarget {
        switch self {
        case .none: .none
        case .classes(let names, let labels): .classes(names, rows.map { labels[$0] })
        case .numbers(let numbers): .numbers(rows.map { numbers[$0] })
        case .stepClasses(let names, let labels): .stepClasses(names, rows.map { labels[$0] })
        }
    }
}

/// Recordings of the same channels, each of its own length: speech, sensors, gestures.
///
///     let vowels = try Recordings(timeSeriesFile: "JapaneseVowels_TRAIN.ts")
///     vowels.channels.count                                  // 12
///     vowels.recordings[0].steps                             // 20
public struct Recordings: Sendable {
    /// Where they are from, for people.
    public let file: String
    /// The channels' names.
    public let channels: [String]
    /// The recordings, at least one.
    public let recordings: [Recording]
    /// What is known of them.
    public let target: RecordingTarget
    /// What a person should know about how the input was read, in sentences.
    public let notes: [String]
    /// Whether the input names its channels, or they are numbered here.
    public let namesChannels: Bool

    /// Recordings of your own.
    ///
    /// - Throws: `DataError` where there are none, a recording is empty or has another number of channels, and for infinite measurements.
    public init(
        file: String, channels: [String], namesChannels: Bool = true, recordings: [Recording], target: RecordingTarget, notes: [String] = []
    ) throws(DataError) {
        if recordings.isEmpty { throw DataError(file: file, "there are no recordings in it") }
        if channels.isEmpty { throw DataError(file: file, "there are no channels in it: a recording needs at least one column of numbers") }
        for recording in recordings {
            if recording.steps == 0 { throw DataError(file: file, line: recording.line, "\(recording.name) is empty; a recording has at least one step") }
            if recording.values.count != recording.steps * channels.count {
                throw DataError(
                    file: file, line: recording.line,
                    "\(recording.name) has \(recording.values.count / recording.steps) channels where \(channels.count) are expected")
            }
            if let place = recording.values.firstIndex(where: \.isInfinite) {
                throw DataError(
                    file: file, line: recording.line,
                    "\(recording.name), step \(place / channels.count + 1): channel \(channels[place % channels.count]) is infinite; write ? or NaN for what was not measured")
            }
        }
        (self.file, self.channels, self.namesChannels, self.recordings, self.target, self.notes) = (file, channels, namesChannels, recordings, target, notes)
    }

    /// The number of recordings.
    public var count: Int { recordings.count }

    /// Names of channels that have none: "1", "2".
    static func numbered(_ count: Int) -> [String] { (1...Swift.max(1, count)).map { "\($0)" } }

    /// These recordings followed by others of the same channels; classes are joined by name.
    ///
    /// - Throws: `DataError` where channels or kinds of answers differ.
    public func followed(by others: Recordings) throws(DataError) -> Recordings {
        if others.channels.count != channels.count {
            throw DataError(file: others.file, "its recordings have \(others.channels.count) channels, and those of \(file) have \(channels.count)")
        }
        let both: RecordingTarget
        switch (target, others.target) {
        case (.classes(let names, let labels), .classes(let otherNames, let otherLabels)):
            let all = names + otherNames.filter { !names.contains($0) }
            both = .classes(all, labels + otherLabels.map { Int32(all.firstIndex(of: otherNames[Int($0)])!) })
        case (.numbers(let own), .numbers(let others)): both = .numbers(own + others)
        default: throw DataError(file: others.file, "its answers are of another kind than those of \(file)")
        }
        return try Recordings(
            file: file, channels: channels, namesChannels: namesChannels, recordings: recordings + others.recordings, target: both, notes: notes + others.notes)
    }

    /// Which recordings and answers these are: a checksum.
    public var fingerprint: String {
        var bytes: [UInt8] = channels.flatMap { Array($0.utf8) + [0] }
        for recording in recordings { recording.values.withUnsafeBytes { bytes += $0 } }
        switch target {
        case .none: break
        case .classes(let names, let labels): bytes += labels.flatMap { Array(names[Int($0)].utf8) + [0] }
        case .numbers(let numbers): numbers.withUnsafeBytes { bytes += $0 }
        case .stepClasses(let names, let labels): bytes += labels.joined().flatMap { Array(names[Int($0)].utf8) + [0] }
        }
        return "xxh64:" + Checksum(bytes).hex
    }
}

extension RecordingTarget {
    /// Classes by name: the names ascending, as numbers where all are numbers.
    static func classes(named labels: [String]) -> RecordingTarget {
        let (names, numbers) = numbered(labels)
        return .classes(names, numbers)
    }

    /// A class for every step, by name.
    static func stepClasses(named labels: [[String]]) -> RecordingTarget {
        let (names, numbers) = numbered(Array(labels.joined()))
        var place = 0
        return .stepClasses(
            names,
            labels.map { own in
                defer { place += own.count }
                return Array(numbers[place..<place + own.count])
            })
    }

    private static func numbered(_ labels: [String]) -> (names: [String], numbers: [Int32]) {
        let distinct = Set(labels), values = Dictionary(uniqueKeysWithValues: distinct.map { ($0, Double($0)) })
        let areNumbers = values.values.allSatisfy { $0 != nil }
        let names = distinct.sorted { areNumbers ? (values[$0]!!, $0) < (values[$1]!!, $1) : $0 < $1 }
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        return (names, labels.map { places[$0]! })
    }
}
