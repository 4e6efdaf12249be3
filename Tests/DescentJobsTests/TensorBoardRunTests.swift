import DescentFormats
import Foundation
import TestFolders
import Testing
import DescentJobs
import DescentReports
import DescentTrain

/// The events that a training writes.
struct TensorBoardRunTests {
    private static let settings: TabularSettings = {
        var settings = TableSamples.quick
        settings.validationFraction = 0.2
        return settings
    }()

    private static func run(_ place: RunPlace, resumes: Bool = true, stopAt stop: Int? = nil) throws {
        let training = try TabularTraining(TableSamples.line(), target: "y", settings: settings)
        let folder = try RunFolder(place.path)
        var steps = 0
        _ = try training.run(
            checkpointing: Checkpointing(folder, resumes: resumes), observers: [TensorBoardRun(folder: place.path)],
            shouldStop: {
                steps += 1
                return steps == stop
            })
    }

    private static func files(_ place: RunPlace) throws -> [String] {
        try FileSystem.list(place.path).filter { $0.hasPrefix("events.out.tfevents.") }
    }

    /// The steps of the events of a file that have one: records are a length, its checksum, a message and its checksum; in the message
    /// field 1 is the time, 8 bytes, field 2 the step.
    private static func steps(_ bytes: [UInt8]) -> [Int] {
        var found: [Int] = []
        var place = 0
        while place + 12 <= bytes.count {
            let length = (0..<8).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
            let message = bytes[place + 12..<place + 12 + length]
            place += 12 + length + 4
            guard message.count > 10, message[message.startIndex + 9] == 0x10 else { continue }
            var step = 0
            for (index, byte) in message.dropFirst(10).enumerated() {
                step |= Int(byte & 0x7F) << (7 * index)
                if byte < 0x80 { break }
            }
            found.append(step)
        }
        return found
    }

    @Test("an event for each epoch, at its step, with the names of the log's columns")
    func events() throws {
        let place = try RunPlace()
        defer { place.remove() }
        try Self.run(place)
        let files = try Self.files(place)
        #expect(files.count == 1)
        let bytes = try place.bytes(files[0])
        // 51 rows in batches of 32: two steps an epoch, 20 epochs.
        #expect(Self.steps(bytes) == (1...20).map { $0 * 2 })
        let text = String(decoding: bytes, as: UTF8.self)
        for name in ["loss", "learning_rate", "validation_loss"] { #expect(text.contains(name)) }
    }

    @Test("a run that is taken up adds a file that begins where it was saved; a finished one adds none; a new one takes the place of all")
    func resumed() throws {
        let place = try RunPlace()
        defer { place.remove() }
        #expect(throws: TrainingInterruption.self) { try Self.run(place, stopAt: 7) }
        try Self.run(place)
        let files = try Self.files(place)
        #expect(files.count == 2)
        #expect(Self.steps(try place.bytes(files[0])) == [2, 4, 6])
        // First the mark that hides what comes later in earlier files.
        #expect(Self.steps(try place.bytes(files[1])) == [8] + (4...20).map { $0 * 2 })
        try Self.run(place)
        #expect(try Self.files(place) == files)
        try Self.run(place, resumes: false)
        let new = try Self.files(place)
        #expect(new.count == 1 && !files.contains(new[0]))
    }
}
