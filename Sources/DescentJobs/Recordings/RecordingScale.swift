import DescentCore
import DescentData
import DescentFormats

/// What recordings become before a network reads them: each channel with mean 0 and deviation 1, missing steps filled in, and marks of where they were.
///
/// Fitted on the training part alone, and kept with the model. A missing step repeats the one before, or is the channel's mean at the beginning; a channel that
/// had missing steps in training has a second input that is 1 where it was measured.
package struct RecordingScale: Equatable, Sendable {
    /// The channels' names.
    package var channels: [String]
    /// Whether the input named them.
    package var namesChannels: Bool
    package var means: [Float]
    /// 0 for a channel that is constant, or was never measured: it tells nothing.
    package var deviations: [Float]
    /// The channels that had missing steps in training.
    package var marked: [Int]

    /// The numbers of a step as the network reads it.
    package var inputCount: Int { channels.count + marked.count }

    /// The channels that tell nothing.
    var constant: [String] { channels.indices.filter { deviations[$0] == 0 }.map { channels[$0] } }

    /// - Throws: `DataError` where no channel changes.
    package init(fitting recordings: Recordings, rows: [Int]) throws(DataError) {
        (channels, namesChannels) = (recordings.channels, recordings.namesChannels)
        let count = recordings.channels.count
        var numbers = [Double](repeating: 0, count: count), sums = numbers, squares = numbers, missing = [Bool](repeating: false, count: count)
        func eachValue(_ body: (Int, Float) -> Void) {
            for row in rows {
                recordings.recordings[row].values.withUnsafeBufferPointer { values in
                    var channel = 0
                    for value in values {
                        body(channel, value)
                        channel = channel + 1 == count ? 0 : channel + 1
                    }
                }
            }
        }
        eachValue { channel, value in
            if value.isNaN {
                missing[channel] = true
            } else {
                numbers[channel] += 1
                sums[channel] += Double(value)
            }
        }
        let averages = zip(sums, numbers).map { $1 == 0 ? 0 : $0 / $1 }
        eachValue { channel, value in
            if !value.isNaN { squares[channel] += (Double(value) - averages[channel]) * (Double(value) - averages[channel]) }
        }
        means = averages.map { Float($0) }
        // A deviation of rounding alone is none.
        deviations = (0..<count).map { channel in
            let deviation = numbers[channel] == 0 ? 0 : (squares[channel] / numbers[channel]).squareRoot()
            return deviation <= 1e-6 * Swift.abs(averages[channel]) ? 0 : Float(deviation)
        }
        marked = (0..<count).filter { missing[$0] && numbers[$0] > 0 }
        if constant.count == count {
            throw DataError(file: recordings.file, "no channel changes within the training recordings, so there is nothing to learn from")
        }
    }

    /// A recording as the network reads it, step by step.
    package func inputs(_ recording: Recording) -> [Float] {
        let count = channels.count, width = inputCount
        var inputs = [Float](repeating: 0, count: recording.steps * width), last = [Float](repeating: 0, count: count)
        for step in 0..<recording.steps {
            for channel in 0..<count {
                let value = recording.values[step * count + channel]
                if !value.isNaN { last[channel] = deviations[channel] == 0 ? 0 : (value - means[channel]) / deviations[channel] }
                inputs[step * width + channel] = last[channel]
            }
            for (place, channel) in marked.enumerated() where !recording.values[step * count + channel].isNaN { inputs[step * width + count + place] = 1 }
        }
        return inputs
    }

    /// Recordings with the model's channels, in its order: by name where both have names.
    ///
    /// - Throws: `DataError` where they do not fit.
    package func fitted(_ recordings: Recordings) throws(DataError) -> Recordings {
        if recordings.channels == channels { return recordings }
        guard namesChannels, recordings.namesChannels else {
            if recordings.channels.count == channels.count { return recordings }
            throw DataError(
                file: recordings.file,
                "its recordings have \(recordings.channels.count) channel\(recordings.channels.count == 1 ? "" : "s"), and the model takes \(channels.count): \(listed(channels))")
        }
        let places = channels.map { recordings.channels.firstIndex(of: $0) }
        if places.allSatisfy({ $0 == nil }) {
            throw DataError(file: recordings.file, "it has none of the model's channels: it has \(listed(recordings.channels)), and the model takes \(listed(channels))")
        }
        let absent = zip(channels, places).filter { $1 == nil }.map { $0.0 }, others = recordings.channels.filter { !channels.contains($0) }
        let width = recordings.channels.count
        let ordered = recordings.recordings.map { recording in
            Recording(
                name: recording.name, line: recording.line, steps: recording.steps,
                values: (0..<recording.steps).flatMap { step in places.map { $0.map { recording.values[step * width + $0] } ?? .nan } })
        }
        return try Recordings(
            file: recordings.file, channels: channels, recordings: ordered, target: recordings.target,
            notes: recordings.notes + (absent.isEmpty ? [] : ["Missing channels, taken as not measured: \(listed(absent))."])
                + (others.isEmpty ? [] : ["Channels that the model does not know, ignored: \(listed(others))."]))
    }
}

// In model cards.
extension RecordingScale {
    var json: JSON {
        var object = JSON.Object()
        object["channels"] = JSON(channels)
        object["namesChannels"] = .bool(namesChannels)
        object["means"] = .array(means.map { JSON($0) })
        object["deviations"] = .array(deviations.map { JSON($0) })
        object["marked"] = .array(marked.map { .integer(Int64($0)) })
        return .object(object)
    }

    init(_ json: JSONReader) throws(FormatError) {
        channels = try json["channels"].strings()
        namesChannels = try json["namesChannels"].bool()
        means = try json["means"].doubles().map { Float($0) }
        deviations = try json["deviations"].doubles().map { Float($0) }
        marked = []
        for channel in try json["marked"].elements() { marked.append(try channel.int(in: 0...Swift.max(0, channels.count - 1))) }
        let isWhole = means.count == channels.count && deviations.count == channels.count && deviations.allSatisfy { $0 >= 0 && $0.isFinite } && means.allSatisfy(\.isFinite)
        if channels.isEmpty || !isWhole { throw json.error("must have a mean and a deviation of at least 0 for each of the channels") }
    }
}
