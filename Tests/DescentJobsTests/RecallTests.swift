import Descent
import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentTrain
import TestFolders
import Testing

@Suite("The recall task", .serialized)
struct RecallTests {
    private static func settings(cell: CellKind = .gru, distance: Int = 3, epochs: Int = 6) -> RecallSettings {
        var settings = RecallSettings()
        (settings.cell, settings.hidden, settings.distance, settings.subjects) = (cell, 16, distance, 4)
        (settings.epochs, settings.batchSize, settings.learningRate) = (epochs, 32, 0.02)
        return settings
    }

    @Test("each sequence names a subject, has the distance's fillers and a question; batches are new, and the same for the same seed")
    func sequences() throws {
        let training = try RecallTraining(settings: Self.settings()), task = training.task
        let source = training.plan(readsHeldOut: true).source
        let batch = try source.batch(3, ofEpoch: 2), tokens = batch.tensors[0], answers = batch.tensors[1].ints
        let distance = tokens.shape[0] - 2
        #expect(training.distances.contains(distance) && tokens.shape == [distance + 2, 32])
        let rows = tokens.ints
        for column in 0..<32 {
            let own = (0..<distance + 2).map { Int32(rows[$0 * 32 + column]) }
            let words = task.words(own)
            #expect(words[0] == task.subjects[answers[column]] && words.last == "?")
            #expect(words[1...distance].allSatisfy { RecallTask.fillers.contains($0) })
            #expect(try task.tokens(words.joined(separator: " ")) == own)
        }
        #expect(try source.batch(3, ofEpoch: 2).tensors[0].ints == rows)
        let others = [try source.batch(4, ofEpoch: 2), try source.batch(3, ofEpoch: 3)].map { $0.tensors[0].ints }
        #expect(!others.contains(rows))
        #expect(try task.tokens("Ada walks?") == task.tokens("Ada walks ?"))
    }

    @Test("a network learns it, is read back to the same answers, and says what it knows", arguments: [CellKind.gru, .lstm])
    func learns(cell: CellKind) throws {
        let place = try RunPlace()
        defer { place.remove() }
        let (job, recognition) = try Jobs.recognize(JobInput(["recall"]))
        #expect(job.name == "recall" && recognition.confidence == .certain)
        let training = try RecallJob.training(JobInput(["recall"]), settings: Self.settings(cell: cell))
        let model = try training.run()
        #expect(model.record["accuracy"]! > 0.95, "\(model.record.lines)")
        #expect(model.record["chance"] == 0.25 && model.record["accuracyAt3"] == model.record["accuracy"])
        try model.save(to: place.path)
        let read = try #require(try Jobs.model(path: place.path) as? RecallModel)
        #expect(read.record == model.record)
        try FileSystem.write(Array("Ben walks slowly ?\n\nDan and the hill?\n".utf8), to: place.path + "/lines.txt")
        let answers = try #require(try read.answers(PredictionRequest(JobInput([place.path + "/lines.txt"]))).next())
        #expect(answers.map { $0.values[0] } == ["Ben", "Dan"] && answers.map(\.line) == [1, 3])
        #expect(try read.evaluation(JobInput([place.path + "/lines.txt"])).lines == ["  accuracy 1.000 (chance: 0.250)"])
        let fresh = try read.evaluation(JobInput(["recall"]))
        #expect(fresh.lines.contains { $0.contains("(the longest trained at)") } && fresh.heading.contains("500 new sequences"))
        #expect(read.details.count == 1 + Set([1, 1, 2, 2, 3, 4, 5, 6, 9, 12]).count)
        #expect(try training.page(of: model).html().contains("How far it remembers"))
        let explained = try read.explanation(ofText: "Ada walks slowly ?")
        #expect(explained.heading.contains(": Ada, probability ") && explained.sections.map(\.title) == ["The network, unrolled", "Gates and states", "The gradient back through time"])
        #expect(explained.lines.contains { $0.hasPrefix("\(cell.rawValue.uppercased()): the gradient ") })
        #expect(try read.explanation(ofText: "recall").heading.hasPrefix("A sequence of 5 words"))
    }

    @Test("what is not of the task gets a sentence")
    func errors() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let task = RecallTask(subjects: 3)
        let error = #expect(throws: SettingsError.self) { try task.tokens("Ada flies ?") }
        #expect(error!.description.hasPrefix("the word \"flies\" is not of this task; its subjects are Ada, Ben, Cleo, its fillers and, then,"))
        #expect(throws: SettingsError("the text is empty; write a subject, fillers and a question mark: Ada walks slowly ?")) { try task.tokens(" ") }
        func sentence(_ change: (inout RecallSettings) -> Void) -> String {
            var settings = RecallSettings()
            change(&settings)
            do { _ = try RecallTraining(settings: settings) } catch { return "\(error)" }
            return ""
        }
        #expect(sentence { $0.distance = 0 } == "--distance is 0; it must be 1 to 5000")
        #expect(sentence { $0.shortestDistance = 30 } == "the shortest distance is 30, and the distance 20; the shortest must not be longer")
        #expect(sentence { $0.testFraction = 0.2 }.hasSuffix("leave out --test-fraction"))
        let other = #expect(throws: SettingsError.self) { try RecallJob.training(JobInput(["x.txt"]), settings: RecallSettings()) }
        #expect(other!.description == "the recall task draws its own sequences, and reads no x.txt: descent train recall")
        let model = try RecallTraining(settings: Self.settings(epochs: 1)).run()
        try FileSystem.write(Array("Ben walks ?\nBen runs ?\n".utf8), to: place.path + "/lines.txt")
        let line = #expect(throws: DataError.self) { try model.answers(PredictionRequest(JobInput([place.path + "/lines.txt"]))) }
        #expect(line!.line == 2 && line!.description.contains("the word \"runs\" is not of this task"))
        try FileSystem.write(Array("walks ?\n".utf8), to: place.path + "/lines.txt")
        let unknown = #expect(throws: DataError.self) { try model.evaluation(JobInput([place.path + "/lines.txt"])) }
        #expect(unknown!.description.hasSuffix(":1: the sequence does not begin with a subject, so its answer is not known"))
    }

    @Test("a run that was broken off ends with the same bits")
    func resume() throws {
        struct Killed: Error {}
        let places = [try RunPlace(), try RunPlace()]
        defer { for place in places { place.remove() } }
        let training = try RecallTraining(settings: Self.settings(epochs: 3))
        let whole = try training.run(checkpointing: Checkpointing(RunFolder(places[0].path), every: .steps(20)))
        #expect(throws: Killed.self) {
            try training.run(
                checkpointing: Checkpointing(RunFolder(places[1].path), every: .steps(20)),
                observers: [ObservingClosure { event in if case .step(let progress) = event, progress.step == 70 { throw Killed() } }])
        }
        let resumed = try training.run(checkpointing: Checkpointing(RunFolder(places[1].path), every: .steps(20), resumes: true))
        #expect(try resumed.encoded() == whole.encoded())
    }
}
