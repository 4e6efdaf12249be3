import DescentCore
import DescentFormats

/// A run's values as TensorBoard shows them: `tensorboard --logdir FOLDER`.
///
/// An event file is a row of TFRecords, each a message `Event` (tensorflow/core/util/event.proto). TensorBoard reads all files of a
/// folder in the order of their names, which begin with the time. So a run that is resumed adds a file of its own: it begins by saying at
/// which step, and what earlier files have from that step on is no longer shown (by TensorBoard's faster loader, once the curve in
/// question has a value of that step again). A record that was cut off by a crash ends its file and harms no other.
public final class TensorBoardLog {
    /// Where the events go.
    public var path: String { file.path }
    private let file: AppendingFile
    private let clock: () -> Double

    /// Begins a file in a folder, which is made where it is missing.
    ///
    /// - Parameter step: The step at which a run is resumed: values of this and later steps, from earlier files, are shown no more.
    ///   `nil` for a new run.
    /// - Throws: `FileError` of kind `.unwritable`.
    public convenience init(folder: String, resumingAt step: Int? = nil) throws(FileError) {
        try self.init(folder: folder, resumingAt: step, clock: WallClock.seconds)
    }

    /// Removes the event files of a folder, those of other programs too.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    static func removeFiles(in folder: String) throws(FileError) {
        if !FileSystem.folderExists(folder) { return }
        for name in try FileSystem.list(folder) where name.hasPrefix("events.out.tfevents.") {
            try FileSystem.remove(folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)")
        }
    }

    /// - Parameter clock: The seconds since 1970.
    package init(folder: String, resumingAt step: Int? = nil, clock: @escaping () -> Double) throws(FileError) {
        self.clock = clock
        try FileSystem.createFolder(folder)
        let now = clock()
        let seconds = Self.digits(Int(now), 10)
        let start = folder.hasSuffix("/") ? folder : folder + "/"
        // Names sort by time; a second file of the same microsecond takes the next.
        var microsecond = Int((now - now.rounded(.down)) * 1e6)
        while FileSystem.exists("\(start)events.out.tfevents.\(seconds).\(Self.digits(microsecond, 6))") { microsecond += 1 }
        file = try AppendingFile(path: "\(start)events.out.tfevents.\(seconds).\(Self.digits(microsecond, 6))")
        try append { $0.text(3, "brain.Event:2") }
        if let step {
            try append { event in
                event.integer(2, Int64(step))
                event.message(7) { $0.integer(1, 1) }
            }
        }
    }

    /// Adds the values of a step, each a curve of its name; a `/` in a name makes groups. Values are kept with the precision of `Float`.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func append(step: Int, values: [(name: String, value: Double)]) throws(FileError) {
        if values.isEmpty { return }
        try summary(step: step) { summary in
            for (name, value) in values {
                summary.message(1) { entry in
                    entry.text(1, name)
                    entry.float(2, Float(value))
                }
            }
        }
    }

    /// Adds how values are spread, in 30 bins of equal width: weights or gradients, say. What is not finite is left out.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func append(step: Int, histogram name: String, of values: [Float]) throws(FileError) {
        let finite = values.filter(\.isFinite).map { Double($0) }
        guard let least = finite.min(), let most = finite.max() else { return }
        let count = 30
        let width = most > least ? (most - least) / Double(count) : 1
        var bins = [Double](repeating: 0, count: count)
        for value in finite { bins[Swift.min(Int((value - least) / width), count - 1)] += 1 }
        try summary(step: step) { summary in
            summary.message(1) { entry in
                entry.text(1, name)
                entry.message(5) { histogram in
                    histogram.double(1, least)
                    histogram.double(2, most)
                    histogram.double(3, Double(finite.count))
                    histogram.double(4, finite.reduce(0, +))
                    histogram.double(5, finite.reduce(0) { $0 + $1 * $1 })
                    histogram.doubles(6, (1...count).map { least + Double($0) * width })
                    histogram.doubles(7, bins)
                }
            }
        }
    }

    /// Adds a text, in Markdown: the settings of a run, say.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func append(step: Int, text: String, name: String) throws(FileError) {
        try summary(step: step) { summary in
            summary.message(1) { entry in
                entry.text(1, name)
                // A tensor of one text (type 7, DT_STRING), for the plugin "text".
                entry.message(8) { tensor in
                    tensor.integer(1, 7)
                    tensor.message(2) { shape in shape.message(2) { $0.integer(1, 1) } }
                    tensor.text(8, text)
                }
                entry.message(9) { metadata in metadata.message(1) { $0.text(1, "text") } }
            }
        }
    }

    /// Waits until all that was added is on the disk.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func flush() throws(FileError) { try file.synchronise() }

    private func summary(step: Int, _ build: (inout ProtobufMessage) -> Void) throws(FileError) {
        try append { event in
            event.integer(2, Int64(step))
            event.message(5, build)
        }
    }

    /// A record: its length and that one's checksum, its bytes and theirs. Written at once, so that a reader who follows sees it whole.
    private func append(_ build: (inout ProtobufMessage) -> Void) throws(FileError) {
        var event = ProtobufMessage()
        event.double(1, clock())
        build(&event)
        let length = withUnsafeBytes(of: UInt64(event.bytes.count).littleEndian) { Array($0) }
        try file.append(length + Self.littleEndian(CRC32C.masked(length)) + event.bytes + Self.littleEndian(CRC32C.masked(event.bytes)))
    }

    private static func littleEndian(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }

    private static func digits(_ value: Int, _ count: Int) -> String {
        let text = "\(value)"
        return String(repeating: "0", count: Swift.max(0, count - text.count)) + text
    }
}
