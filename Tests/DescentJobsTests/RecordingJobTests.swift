import Descent
import DescentCore
import DescentData
import DescentFormats
import DescentJobs
import DescentTrain
import Foundation
import TestFolders
import Testing

@Suite("The job of recordings")
struct RecordingJobTests {
    /// Recordings of 8 to 15 steps whose first channel goes up (class 1) or down (class 0) by turns; the second is noise, the third constant.
    private static func recording(_ number: Int) -> Recording {
        let steps = 8 + number % 8, slope: Float = number % 2 == 1 ? 0.3 : -0.3
        let values = (0..<steps).flatMap { step -> [Float] in
            let noise = Float((step &* 37 &+ number &* 101) % 61) / 61
            return [slope * Float(step) + noise * 0.2, noise, 4]
        }
        return Recording(name: "r\(number)", steps: steps, values: values)
    }

    private static func recordings(_ count: Int, target: (Int) -> RecordingTarget) throws -> Recordings {
        try Recordings(file: "slopes", channels: ["slope", "noise", "still"], recordings: (0..<count).map(recording), target: target(count))
    }

    private static func classes(_ count: Int) -> RecordingTarget { .classes(["down", "up"], (0..<count).map { Int32($0 % 2) }) }

    /// Of each step, whether the first channel is above 0.
    private static func isHigh(_ recording: Recording) -> [Bool] { (0..<recording.steps).map { recording.values[$0 * 3] > 0 } }

    private static func settings(epochs: Int = 8) -> RecordingSettings {
        var settings = RecordingSettings()
        (settings.run.epochs, settings.run.batchSize, settings.filters, settings.recurrent.hidden) = (epochs, 8, 8, 6)
        return settings
    }

    @Test("classes are learned, and a model that is saved and read back gives the same answers")
    func classes() throws {
        let training = try RecordingTraining(Self.recordings(60, target: Self.classes), settings: Self.settings())
        let model = try training.run()
        #expect(try #require(model.record["accuracy"]) == 1)
        #expect(model.parts["scale"] != nil && training.opening.contains { $0.contains("Constant in the training part, so not used: channel still.") })
        let again = try RecordingModel(parsing: model.encoded(), file: "model")
        let others = (100..<120).map(Self.recording)
        #expect(again.predict(others) == model.predict(others))
        #expect(again.predict(others).map { $0[0].label } == (100..<120).map { $0 % 2 })
    }

    @Test("an answer is the same alone and beside longer recordings, with every pooling and with windows: what is padded does not count")
    func padding() throws {
        for (pooling, window, filters) in [(RecordingPooling.all, 1, 8), (.mean, 3, 8), (.max, 2, 0), (.last, 3, 8)] {
            var settings = Self.settings(epochs: 1)
            (settings.pooling, settings.window, settings.filters) = (pooling, window, filters)
            let model = try RecordingTraining(Self.recordings(24, target: Self.classes), settings: settings).run()
            let long = Recording(name: "long", steps: 60, values: (0..<180).map { Float($0 % 7) })
            for number in 0..<8 {
                let recording = Self.recording(number)
                let alone = model.predict([recording])[0][0].probabilities, beside = model.predict([recording, long])[0][0].probabilities
                for (a, b) in zip(alone, beside) { #expect(abs(a - b) < 1e-5, "\(pooling), window \(window)") }
            }
        }
    }

    @Test("numbers are learned in their own unit, and a class for every step is answered step by step")
    func numbersAndSteps() throws {
        let numbers = try RecordingTraining(
            Self.recordings(60) { .numbers((0..<$0).map { $0 % 2 == 1 ? 700 : 500 }) }, settings: Self.settings(epochs: 30)
        ).run()
        #expect(try #require(numbers.record["rSquared"]) > 0.9)
        #expect(abs(numbers.predict([Self.recording(101)])[0][0].number - 700) < 60)
        // A step's class is whether the slope channel is above its mean.
        let given = try Self.recordings(60) { count in
            .stepClasses(["low", "high"], (0..<count).map { Self.isHigh(Self.recording($0)).map { $0 ? 1 : 0 } })
        }
        let model = try RecordingTraining(given, settings: Self.settings()).run(), probe = Self.recording(101)
        let answers = model.predict([probe, Self.recording(103)])[0]
        #expect(answers.count == probe.steps)
        // Windows of two steps, the last one cut: each step has the answer of its window.
        var windows = Self.settings(epochs: 1)
        windows.window = 2
        let halved = try RecordingTraining(given, settings: windows).run().predict([probe])[0]
        #expect(probe.steps % 2 == 1 && halved.count == probe.steps && halved[0] == halved[1] && halved[1] != halved[2])
        #expect(zip(answers, Self.isHigh(probe)).count { ($0.label == 1) == $1 } >= probe.steps - 1)
    }

    @Test("the scale is that of the training part; missing steps repeat the one before, and are marked where training had such")
    func scale() throws {
        let nan = Float.nan
        let given = try Recordings(
            file: "x", channels: ["a", "b"],
            recordings: [
                Recording(name: "1", steps: 2, values: [1, nan, 3, 6]), Recording(name: "2", steps: 2, values: [1, 4, 3, 6]), Recording(name: "3", steps: 1, values: [900, 900]),
            ], target: .none)
        let scale = try RecordingScale(fitting: given, rows: [0, 1])
        #expect(scale.means == [2, 16.0 / 3] && scale.deviations[0] == 1 && scale.marked == [1])
        let inputs = scale.inputs(Recording(name: "p", steps: 3, values: [nan, 6, 3, nan, nan, 4]))
        let b = { (value: Float) in (value - scale.means[1]) / scale.deviations[1] }
        #expect(inputs == [0, b(6), 1, 1, b(6), 0, 1, b(4), 1])
        // By name, in the model's order; what is not there is missing.
        let turned = try scale.fitted(Recordings(file: "y", channels: ["c", "b"], recordings: [Recording(name: "q", steps: 1, values: [7, 6])], target: .none))
        #expect(turned.channels == ["a", "b"] && turned.recordings[0].values[0].isNaN && turned.recordings[0].values[1] == 6)
        #expect(turned.notes.count == 2)
    }

    @Test("what cannot be learned from is refused in a sentence")
    func refused() throws {
        func sentence(_ target: RecordingTarget, constant: Bool = false) -> String {
            do {
                let recordings = (0..<8).map { number in constant ? Recording(name: "c", steps: 2, values: [1, 1, 1, 1, 1, 1]) : Self.recording(number) }
                _ = try RecordingTraining(Recordings(file: "slopes", channels: ["a", "b", "c"], recordings: recordings, target: target))
                return ""
            } catch { return "\(error)" }
        }
        #expect(sentence(.classes(["down"], [Int32](repeating: 0, count: 8))) == "slopes: all recordings are of the class \"down\"; there must be at least two classes")
        #expect(sentence(.none).hasPrefix("slopes: the recordings have no classes or numbers to learn"))
        #expect(sentence(.numbers([Double](repeating: 2, count: 8))).contains("is 2.0 in all training recordings"))
        #expect(sentence(Self.classes(8), constant: true) == "slopes: no channel changes within the training recordings, so there is nothing to learn from")
    }

    /// A .ts file of the recordings.
    private static func file(_ numbers: Range<Int>) -> [UInt8] {
        let lines = numbers.map { number -> String in
            let recording = recording(number)
            let channels = (0..<3).map { channel in (0..<recording.steps).map { "\(recording.values[$0 * 3 + channel])" }.joined(separator: ",") }
            return (channels + [number % 2 == 1 ? "up" : "down"]).joined(separator: ":")
        }
        return Array(("@dimensions 3\n@classLabel true up down\n@data\n" + lines.joined(separator: "\n") + "\n").utf8)
    }

    @Test("X_TRAIN.ts is learned whole and tested on X_TEST.ts beside it; evaluate, predict and explain read files, and find the channel that matters")
    func files() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let train = place.path + "/Slopes_TRAIN.ts", test = place.path + "/Slopes_TEST.ts"
        try FileSystem.write(Self.file(0..<40), to: train)
        try FileSystem.write(Self.file(100..<110), to: test)
        let input = JobInput([train]), (job, _) = try Jobs.recognize(input)
        #expect(job.name == RecordingsJob.name)
        let training = try RecordingsJob.training(input, settings: Self.settings())
        #expect(training.trainingRows.count == 40 && training.testRows.count == 10)
        let model = try training.run()
        #expect(model.record["accuracy"] == 1 && model.record.heldOut == Quantity(10, "recordings"))
        let evaluation = try model.evaluation(JobInput([test]))
        #expect(evaluation.heading == "10 recordings of \(test), 2 classes." && evaluation.fingerprint != model.record.fingerprint)
        #expect(try model.evaluation(input).fingerprint == model.record.fingerprint)
        var request = PredictionRequest(JobInput([test]))
        (request.first, request.probabilities) = (2, true)
        let answers = try #require(try model.answers(request).next())
        #expect(answers.count == 2 && answers[1].cells == ["recording 2"] && answers[1].values[0] == "up")
        #expect(answers[1].json["probabilities"] != nil)
        let explanation = try model.explanation(JobInput([test]), count: 2)
        let effects = JSONReader(.object(explanation.facts), file: "facts")["occlusion"].json
        guard case .array(let maps)? = effects else { return #expect(Bool(false), "no occlusion") }
        for map in maps {
            let channels = JSONReader(map, file: "map")["channels"]
            #expect(try channels["1"].double() > channels["2"].double() && channels["3"].double() == 0)
        }
        #expect(maps.count == 2 && explanation.lines.contains { $0.hasPrefix("  channels: 1 ") })
        let page = try training.page(of: model).html()
        for title in ["What mattered", "Examples", "By channel", "up: recording", "down: recording"] { #expect(page.contains(title), "\(title)") }
    }

    @Test("files of another number of channels, unknown classes and missing answers are refused by a model")
    func unfit() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = place.path + "/slopes.ts"
        try FileSystem.write(Self.file(0..<16), to: path)
        let model = try RecordingsJob.training(JobInput([path]), settings: Self.settings(epochs: 1)).run()
        func sentence(_ text: String) throws -> String {
            let file = place.path + "/other.ts"
            try FileSystem.write(Array(text.utf8), to: file)
            do {
                _ = try model.evaluation(JobInput([file]))
                return ""
            } catch { return "\(error)" }
        }
        #expect(try sentence("@classLabel true up\n@data\n1,2:3,4:up\n").contains("its recordings have 2 channels, and the model takes 3: 1, 2, 3"))
        #expect(try sentence("@classLabel true side\n@data\n1,2:3,4:5,6:side\n").contains("the class \"side\" is not one of the model's: down, up"))
        #expect(try sentence("@classLabel false\n@data\n1,2:3,4:5,6\n").contains("no answers to compare the model's with"))
        #expect(try sentence("@targetLabel true\n@data\n1,2:3,4:5,6:2.5\n").contains("the file has other answers"))
    }
}
