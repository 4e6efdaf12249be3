import Descent
import DescentData
import DescentFormats
import DescentJobs
import DescentTrain
import Foundation
import TestFolders
import Testing

@Suite("The job of images")
struct ImageJobTests {
    /// Images of 8 x 8 whose bright bar stands upright (class "bar") or lies (class "beam"), with noise.
    private static func pixels(_ index: Int, isUpright: Bool, side: Int = 8) -> [UInt8] {
        (0..<side * side).map { place in
            let (y, x) = (place / side, place % side), along = isUpright ? x : y
            let noise = UInt8((place &* 37 &+ index &* 101) % 60)
            return along == 2 + index % 4 ? 180 + noise : noise
        }
    }

    private static func folder(_ place: RunPlace, count: Int = 40) throws -> String {
        let path = place.path + "/shapes"
        for (name, isUpright) in [("bar", true), ("beam", false)] {
            try FileSystem.createFolder("\(path)/\(name)")
            for index in 0..<count {
                let image = PixelImage(width: 8, height: 8, channels: 1, pixels: pixels(index, isUpright: isUpright))
                try FileSystem.write(index % 2 == 0 ? PNGFile.encode(image) : NetpbmFile.encode(image), to: "\(path)/\(name)/\(index)." + (index % 2 == 0 ? "png" : "pgm"))
            }
        }
        return path
    }

    private static func settings(epochs: Int = 6) -> ImageSettings {
        var settings = ImageSettings()
        (settings.run.epochs, settings.run.batchSize, settings.filters) = (epochs, 16, 4)
        return settings
    }

    @Test("a folder of folders is recognised, learned, saved and read back to the same answers; files are predicted in colour and other sizes too")
    func folder() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = try Self.folder(place)
        let (job, recognition) = try Jobs.recognize(JobInput([path]))
        #expect(job.name == "images" && recognition.reason.contains("folder"))
        let training = try ImagesJob.training(JobInput([path]), settings: Self.settings(epochs: 12))
        #expect(training.images.shape == ImageShape(channels: 1, height: 8, width: 8) && training.images.classes == ["bar", "beam"] && training.split.test.count == 16)
        let model = try training.run()
        #expect(model.record.metrics.first { $0.name == "accuracy" }!.value > 0.9)
        try model.save(to: place.path + "/model")
        let again = try ImageClassifier(path: place.path + "/model")
        let answers = try model.predict(training.images), other = try again.predict(training.images)
        #expect(answers == other)
        let large = PixelImage(width: 8, height: 8, channels: 1, pixels: Self.pixels(1, isUpright: false)).resized(width: 32, height: 32).converted(toChannels: 3)
        try FileSystem.write(PNGFile.encode(large), to: place.path + "/large.jpg")
        var request = PredictionRequest(JobInput([place.path + "/large.jpg", "\(path)/bar/0.png"]))
        request.top = 2
        let rows = try #require(try again.answers(request).next())
        #expect(rows.map { $0.values[0] } == ["beam", "bar"] && rows[0].values.count == 4)
        // A damaged file among others has its reason, and the others their answers.
        try FileSystem.write([0x89, 0x50, 0x4E, 0x47, 1, 2], to: place.path + "/damaged.png")
        let mixed = try #require(try again.answers(PredictionRequest(JobInput([place.path + "/damaged.png", "\(path)/bar/0.png"]))).next())
        #expect(mixed[0].error?.contains("damaged.png") == true && mixed[0].values.isEmpty && mixed[1].values[0] == "bar")
        #expect(try again.answers(PredictionRequest(JobInput([path]))).next()?.count == 80)
        #expect(try again.evaluation(JobInput([path])).heading.contains("80 images"))
        let explained = try again.explanation(JobInput(["\(path)/bar/0.png"]), count: 4)
        #expect(explained.sections.map(\.title) == ["Where it looked", "Filters of the first layer", "Feature maps", "Receptive fields"])
        #expect(try training.page(of: model).html().contains("Right and wrong"))
    }

    @Test("a run that was broken off ends with the same bits, augmentation, batch statistics and mixup included", arguments: [0, 0.3])
    func resume(mixup: Double) throws {
        struct Killed: Error {}
        let places = [try RunPlace(), try RunPlace()]
        defer { for place in places { place.remove() } }
        let images = LabelledImages(
            file: "shapes", pixels: (0..<60).flatMap { Self.pixels($0, isUpright: $0 % 2 == 0) }, shape: ImageShape(channels: 1, height: 8, width: 8), classes: ["bar", "beam"],
            labels: (0..<60).map { Int32($0 % 2) })
        var settings = Self.settings(epochs: 4)
        (settings.mixup, settings.cutout, settings.flip) = (mixup, 0.2, true)
        func run(_ place: RunPlace, failAt: Int? = nil) throws -> [UInt8] {
            let killer = ObservingClosure { event in if case .step(let progress) = event, progress.step == failAt { throw Killed() } }
            let folder = try RunFolder(place.path)
            return try ImageTraining(images, settings: settings).run(checkpointing: Checkpointing(folder, every: .steps(2)), observers: [killer]).encoded()
        }
        let whole = try run(places[0])
        #expect(throws: Killed.self) { try run(places[1], failAt: 7) }
        #expect(try run(places[1]) == whole)
    }

    @Test("the same images from arrays and a table, gray and colour, bytes and fractions")
    func arrays() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let pixels = (0..<6).map { Self.pixels($0, isUpright: $0 % 2 == 0) }, labels: [Int32] = [4, 7, 4, 7, 4, 7]
        try FileSystem.write(NumPyFile.encode(NumericArray(pixels.flatMap { $0.map { Double($0) / 255 } }, shape: [6, 8, 8])), to: place.path + "/x.npy")
        try FileSystem.write(NumPyFile.encode(NumericArray(labels, shape: [6])), to: place.path + "/y.npy")
        let fromArrays = try LabelledImages(array: place.path + "/x.npy", labels: place.path + "/y.npy")
        let header = "label," + (0..<64).map { "pixel\($0)" }.joined(separator: ",")
        let rows = zip(pixels, labels).map { "\($1)," + $0.map { "\($0)" }.joined(separator: ",") }
        let text = ([header] + rows).joined(separator: "\n") + "\n"
        try FileSystem.write(Array(text.utf8), to: place.path + "/x.csv")
        let table = try LabelledImages(table: Table(path: place.path + "/x.csv"), target: "label")
        #expect(fromArrays.classes == ["4", "7"] && table.classes == ["4", "7"] && fromArrays.labels == table.labels && table.shape == fromArrays.shape)
        for index in 0..<6 { #expect(try fromArrays.pixels(index) == pixels[index] && table.pixels(index) == pixels[index]) }
        #expect(try Jobs.recognize(JobInput([place.path + "/x.csv"], choices: ["target": "label"])).job.name == "images")
        // Channels last become channels first.
        try FileSystem.write(NumPyFile.encode(NumericArray((0..<2 * 4 * 5 * 3).map { Int32($0) }, shape: [2, 4, 5, 3])), to: place.path + "/c.npy")
        let colour = try LabelledImages(array: place.path + "/c.npy", labels: nil)
        #expect(colour.shape == ImageShape(channels: 3, height: 4, width: 5))
        #expect(try colour.pixels(0)[0..<3] == [0, 3, 6] && colour.pixels(0)[20] == 1)
    }

    @Test("wrong input gets a sentence: an empty class, one class, a damaged file, other sizes, labels that do not fit")
    func wrongInput() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = try Self.folder(place, count: 4)
        func sentence(_ reading: ImageReading = ImageReading()) -> String {
            do {
                _ = try LabelledImages(folder: path, reading: reading)
                return ""
            } catch { return "\(error)" }
        }
        try FileSystem.createFolder(path + "/empty")
        #expect(sentence().contains("shapes/empty: the folder has no images"))
        try FileManager.default.removeItem(atPath: path + "/empty")
        var cut = PNGFile.encode(PixelImage(width: 8, height: 8, channels: 1, pixels: [UInt8](repeating: 1, count: 64)))
        cut.removeLast(30)
        try FileSystem.write(cut, to: path + "/bar/z.png")
        #expect(sentence().contains("shapes/bar/z.png: byte") && sentence().contains("--skip-damaged"))
        var skipping = ImageReading()
        skipping.skipsDamaged = true
        let images = try LabelledImages(folder: path, reading: skipping)
        #expect(images.count == 8 && images.skipped.count == 1)
        try FileManager.default.removeItem(atPath: path + "/bar/z.png")
        try FileSystem.write(PNGFile.encode(PixelImage(width: 9, height: 8, channels: 1, pixels: [UInt8](repeating: 1, count: 72))), to: path + "/bar/wide.png")
        var strict = ImageReading()
        strict.resizes = false
        #expect(sentence(strict).contains("it has 9 x 8 pixels, and the others 8 x 8"))
        #expect(throws: DataError(file: place.path, "its folders shapes have a folder for each class themselves: give one of them, such as \(place.path)/shapes")) {
            try ImagesJob.training(JobInput([place.path]), settings: Self.settings())
        }
        #expect(try Jobs.recognize(JobInput([place.path])).job.name == "images")
        try FileManager.default.removeItem(atPath: path + "/beam")
        #expect(sentence().contains("it has one folder, bar; there must be at least two"))
    }

    @Test("augmentation is the same for the same seed, keeps the shape, and without changes keeps the image")
    func augmentation() {
        let shape = ImageShape(channels: 2, height: 6, width: 5), values = (0..<60).map { Float($0) }
        var changes = Augmentation(), random = SplitMix64(seed: 3), same = SplitMix64(seed: 3)
        #expect(!changes.isActive && changes.changed(values, shape, deviations: [1, 1], &random) == values)
        (changes.flips, changes.shift, changes.rotation, changes.scale, changes.brightness, changes.cutout) = (true, 0.2, 20, 0.2, 0.1, 0.3)
        random = SplitMix64(seed: 3)
        let first = changes.changed(values, shape, deviations: [1, 2], &random)
        #expect(first == changes.changed(values, shape, deviations: [1, 2], &same) && first != values && first.count == 60)
        var mirrored = Augmentation()
        mirrored.flips = true
        var seed = SplitMix64(seed: 1)
        let results = (0..<8).map { _ in mirrored.changed(values, shape, deviations: [1, 1], &seed) }
        let flipped = (0..<60).map { (place: Int) -> Float in Float(place - place % 5 + 4 - place % 5) }
        #expect(Set(results) == [values, flipped])
    }

    @Test("every network trains a step at usual and odd sizes, and is read back", arguments: ImageModelName.allCases)
    func networks(model: ImageModelName) throws {
        for shape in [ImageShape(channels: 1, height: 4, width: 5), ImageShape(channels: 3, height: 33, width: 20)] {
            let pixels = (0..<8 * shape.count).map { UInt8(($0 &* 7919) % 251) }
            let images = LabelledImages(file: "noise", pixels: pixels, shape: shape, classes: ["a", "b"], labels: (0..<8).map { Int32($0 % 2) })
            var settings = Self.settings(epochs: 1)
            (settings.model, settings.run.testFraction) = (model, 0.25)
            let trained = try ImageTraining(images, settings: settings).run()
            let again = try ImageClassifier(parsing: try trained.encoded(), file: "model")
            #expect(try again.predict(images) == trained.predict(images))
        }
    }
}
