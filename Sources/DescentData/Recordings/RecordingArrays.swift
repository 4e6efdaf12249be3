import DescentFormats

extension Recordings {
    /// Reads recordings from an array [recordings, time, channels], or [recordings, time] of one channel: a NumPy file (.npy), or an archive (.npz) that may
    /// hold the answers too.
    ///
    /// Steps at the end in which no channel has a value (NaN) are not part of a recording.
    ///
    /// - Parameters:
    ///   - labels: A file of the answers: .npy or .npz, or a text of one a line; [recordings], or [recordings, time] for a class of every step. `nil` for those of
    ///     the archive, or none.
    ///   - channelsFirst: Whether the array is [recordings, channels, time].
    ///   - isRegression: Whether answers are numbers; `nil` to guess: numbers with a fraction are.
    /// - Throws: `FormatError` for a damaged file, `DataError` where the two do not fit.
    public init(array path: String, labels: String?, channelsFirst: Bool = false, isRegression: Bool? = nil) throws {
        let array = try Self.array(path, named: Self.arrayNames)
        guard array.shape.count == 2 || array.shape.count == 3 else {
            throw DataError(
                file: path, "an array of shape \(array.shape) holds no recordings; it must be [recordings, time, channels], or [recordings, time] of one channel")
        }
        let count = array.shape[0], rest = array.shape.count == 2 ? [array.shape[1], 1] : channelsFirst ? [array.shape[2], array.shape[1]] : Array(array.shape[1...])
        let time = rest[0], width = rest[1], all = array.floats
        if count * time * width == 0 { throw DataError(file: path, "an array of shape \(array.shape) is empty; it must be [recordings, time, channels]") }
        var recordings: [Recording] = []
        for number in 0..<count {
            var values = Array(all[number * time * width..<(number + 1) * time * width])
            if channelsFirst, array.shape.count == 3 { values = (0..<time).flatMap { step in (0..<width).map { values[$0 * time + step] } } }
            var steps = time
            while steps > 0, values[(steps - 1) * width..<steps * width].allSatisfy(\.isNaN) { steps -= 1 }
            if steps == 0 { throw DataError(file: path, "recording \(number + 1) is empty: all its values are NaN") }
            recordings.append(Recording(name: "recording \(number + 1)", steps: steps, values: Array(values[..<(steps * width)])))
        }
        var notes: [String] = []
        if array.shape.count == 3, width > time {
            let other = channelsFirst ? "--no-channels-first, if the array is [recordings, time, channels]" : "--channels-first, if the array is [recordings, channels, time]"
            notes.append("The array \(array.shape) is read as \(time) steps of \(width) channels (\(other)).")
        }
        let source: String? = try labels ?? (path.lowercased().hasSuffix(".npz") && Self.hasLabels(path) ? path : nil)
        let target = try source.map { try Self.answers($0, for: recordings, of: path, isRegression: isRegression) } ?? .none
        try self.init(file: path, channels: Self.numbered(width), namesChannels: false, recordings: recordings, target: target, notes: notes)
    }

    /// Whether a file is an array of recordings and not of images: [recordings, time, channels] with numbers that pixels do not have.
    public static func isArray(_ path: String) throws -> Bool {
        let name = path.lowercased()
        guard name.hasSuffix(".npy") || name.hasSuffix(".npz"), FileSystem.isRegularFile(path) else { return false }
        guard let array = try? array(path, named: arrayNames), array.shape.count == 3, array.shape[1] != array.shape[2] else { return false }
        // Pixels are whole numbers from 0 to 255, or numbers from 0 to 1.
        return array.floats.contains { $0.isNaN || $0 < 0 || $0 > 255 || ($0 > 1 && $0 != $0.rounded()) }
    }

    /// What arrays of recordings and of answers are called in archives; in small letters.
    private static let arrayNames = ["x", "x_train", "recordings", "series", "data", "signals", "arr_0"]
    private static let labelNames = ["y", "y_train", "labels", "label", "targets", "target", "classes", "arr_1"]

    private static func array(_ path: String, named names: [String]) throws -> NumericArray {
        if !path.lowercased().hasSuffix(".npz") { return try NumPyFile.read(path) }
        let entries = try entries(path)
        guard let entry = names.lazy.compactMap({ name in entries.first { $0.name == name } }).first else {
            throw DataError(file: path, "none of its arrays (\(listed(entries.map(\.name)))) has a name of recordings: \(names.joined(separator: ", "))")
        }
        return try NumPyFile.parse(entry.content, file: "\(path): \(entry.name)")
    }

    private static func entries(_ path: String) throws -> [(name: String, content: [UInt8])] {
        try ZipArchive.parse(FileSystem.read(path), file: path).map { (($0.name.hasSuffix(".npy") ? String($0.name.dropLast(4)) : $0.name).lowercased(), $0.content) }
    }

    private static func hasLabels(_ path: String) throws -> Bool { try entries(path).contains { labelNames.contains($0.name) } }

    /// The answers of a file.
    private static func answers(_ path: String, for recordings: [Recording], of arrayPath: String, isRegression: Bool?) throws -> RecordingTarget {
        let name = path.lowercased()
        var shape: [Int], texts: [String], areNumbers = false
        if name.hasSuffix(".npy") || name.hasSuffix(".npz") {
            var content = [UInt8](), place = path
            if name.hasSuffix(".npz") {
                let all = try entries(path)
                guard let entry = labelNames.lazy.compactMap({ name in all.first { $0.name == name } }).first else {
                    throw DataError(file: path, "none of its arrays (\(listed(all.map(\.name)))) has a name of labels: \(labelNames.joined(separator: ", "))")
                }
                (content, place) = (entry.content, "\(path): \(entry.name)")
            } else {
                content = try FileSystem.read(path)
            }
            if let words = try NumPyFile.texts(content, file: place) {
                (shape, texts) = (words.shape, words.texts)
            } else {
                let array = try NumPyFile.parse(content, file: place)
                shape = array.shape
                areNumbers = array.type == .float32 || array.type == .float64
                texts = array.doubles.map { $0 == $0.rounded() && Swift.abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
            }
        } else {
            texts = try TextFile.read(path).split(whereSeparator: \.isNewline).map { TextFile.trimmed($0) }.filter { !$0.isEmpty }
            // A heading is one line more.
            if texts.count == recordings.count + 1 { texts.removeFirst() }
            shape = [texts.count]
            areNumbers = texts.allSatisfy { Double($0) != nil } && texts.contains { $0.contains(".") }
        }
        if shape.count > 1, shape.dropFirst().allSatisfy({ $0 == 1 }) { shape = [shape[0]] }
        guard shape.count <= 2, let found = shape.first, found == recordings.count else {
            let found = shape.count == 1 ? "\(shape[0]) label\(shape[0] == 1 ? "" : "s")" : "labels of the shape \(shape)"
            throw DataError(file: path, "\(found) for the \(recordings.count) recordings of \(arrayPath); there must be one label for each, or one for each step")
        }
        if shape.count == 2 {
            let time = shape[1], longest = recordings.map(\.steps).max() ?? 0
            if time < longest { throw DataError(file: path, "the labels have \(time) steps, and the longest recording of \(arrayPath) has \(longest); there must be a label for each step") }
            return .stepClasses(named: recordings.enumerated().map { number, recording in Array(texts[number * time..<number * time + recording.steps]) })
        }
        if isRegression ?? (areNumbers && texts.contains { Double($0) != Double($0)?.rounded() }) {
            let numbers = try texts.enumerated().map { place, text in
                guard let number = Double(text), number.isFinite else { throw DataError(file: path, "label \(place + 1) is \(quoted(text)), not a number (--task regression)") }
                return number
            }
            return .numbers(numbers)
        }
        return .classes(named: texts)
    }
}
