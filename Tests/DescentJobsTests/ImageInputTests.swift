import Descent
import DescentData
import DescentFormats
import DescentJobs
import DescentTrain
import Foundation
import TestFolders
import Testing

@Suite("What images are read from")
struct ImageInputTests {
    private static let gray8 = ImageShape(channels: 1, height: 8, width: 8)

    /// An upright or a lying bar on a dark ground.
    private static func pixels(_ index: Int, side: Int = 8) -> [UInt8] {
        (0..<side * side).map { place in (index % 2 == 0 ? place % side : place / side) == 2 + index / 2 % 3 ? UInt8(200 + index % 50) : UInt8(place % 7) }
    }

    private static func png(_ index: Int, side: Int = 8, channels: Int = 1) -> [UInt8] {
        PNGFile.encode(PixelImage(width: side, height: side, channels: 1, pixels: pixels(index, side: side)).converted(toChannels: channels))
    }

    /// A folder with a folder for each name.
    private static func folder(_ place: RunPlace, _ names: [String] = ["bar", "beam"], count: Int = 6, called: String = "shapes") throws -> String {
        let path = place.path + "/" + called
        for (label, name) in names.enumerated() {
            try FileSystem.createFolder("\(path)/\(name)")
            for index in 0..<count { try FileSystem.write(png(2 * index + label), to: "\(path)/\(name)/\(index).png") }
        }
        return path
    }

    private static var settings: ImageSettings {
        var settings = ImageSettings()
        (settings.run.epochs, settings.run.batchSize, settings.filters, settings.model) = (1, 8, 2, .lenet)
        return settings
    }

    private static func sentence(_ work: () throws -> Void) -> String {
        do {
            try work()
            return ""
        } catch { return "\(error)" }
    }

    private static func model(_ images: LabelledImages) throws -> ImageClassifier {
        try ImageClassifier(parsing: ImageTraining(images, settings: settings).run().encoded(), file: "model")
    }

    private static func answers(_ model: ImageClassifier, _ paths: String..., first: Int = .max) throws -> [Answer] {
        var request = PredictionRequest(JobInput(paths))
        request.first = first
        return try model.answers(request).next() ?? []
    }

    @Test("the built-in digits are refused by a model of images of another shape, and answered by their own")
    func digits() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let wide = try Self.model(LabelledImages(folder: Self.folder(place), shape: ImageShape(channels: 1, height: 12, width: 12)))
        let expected = "digits: the images are 8 x 8 gray, and the model takes 12 x 12 gray"
        #expect(Self.sentence { _ = try Self.answers(wide, "digits") } == expected)
        #expect(Self.sentence { _ = try wide.explanation(JobInput(["digits"]), count: 2) } == expected)
        #expect(Self.sentence { _ = try wide.evaluation(JobInput(["digits"])) } == expected)
    }

    @Test("arrays have 1, 3 or 4 channels, RGBA is composed over white, and others are refused")
    func channels() throws {
        let place = try RunPlace()
        defer { place.remove() }
        func write(_ shape: [Int], _ value: (Int) -> Int) throws -> String {
            let path = place.path + "/x.npy", bytes = (0..<shape.reduce(1, *)).map { UInt8(value($0)) }
            try FileSystem.write(NumPyFile.encode(NumericArray(type: .uint8, shape: shape, bytes: bytes)), to: path)
            return path
        }
        for shape in [[3, 6, 6, 2], [3, 6, 6, 6], [3, 2, 6, 6], [3, 1, 6, 6, 3], [3, 36]] {
            let path = try write(shape) { $0 % 200 }
            #expect(Self.sentence { _ = try LabelledImages(array: path, labels: nil) }.contains("of shape \(shape) holds no images"), "\(shape)")
        }
        // Half transparent red is half red, half white.
        let last = try LabelledImages(array: write([1, 6, 5, 4]) { [255, 0, 0, 128][$0 % 4] }, labels: nil)
        #expect(last.shape == ImageShape(channels: 3, height: 6, width: 5))
        #expect(try last.pixels(0) == [UInt8](repeating: 255, count: 30) + [UInt8](repeating: 127, count: 60))
        let first = try LabelledImages(array: write([1, 4, 5, 5]) { $0 < 25 ? 255 : $0 < 75 ? 0 : 128 }, labels: nil)
        #expect(first.shape == ImageShape(channels: 3, height: 5, width: 5))
        #expect(try first.pixels(0) == [UInt8](repeating: 255, count: 25) + [UInt8](repeating: 127, count: 50))
        let two = LabelledImages(
            file: "two", pixels: [UInt8](repeating: 0, count: 8 * 128), shape: ImageShape(channels: 2, height: 8, width: 8), classes: ["a", "b"], labels: [0, 1, 0, 1, 0, 1, 0, 1])
        #expect(Self.sentence { _ = try ImageTraining(two, settings: Self.settings) }.contains("2 channels"))
    }

    /// A table of pixels divided by `scale`, with its classes where there are labels.
    private static func table(_ place: RunPlace, _ rows: [Int], scale: Int = 1, labels: Bool = true, header: String = "p", called: String = "x.csv") throws -> String {
        let head = (labels ? "kind," : "") + (0..<64).map { "\(header)\($0)" }.joined(separator: ",")
        let lines = rows.map { (labels ? ($0 % 2 == 0 ? "bar," : "beam,") : "") + pixels($0).map { "\(Int($0) / scale)" }.joined(separator: ",") }
        try FileSystem.write(Array(([head] + lines).joined(separator: "\n").utf8), to: place.path + "/" + called)
        return place.path + "/" + called
    }

    @Test("a model of a table predicts, evaluates and explains it, with its column of classes and without")
    func tables() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = try Self.table(place, Array(0..<20))
        var settings = Self.settings
        settings.reading.target = "kind"
        let trained = try ImagesJob.training(JobInput([path], choices: ["target": "kind", "model": "cnn"]), settings: settings).run()
        #expect(trained.pixels == PixelSource(scale: 1, target: "kind"))
        let model = try ImageClassifier(parsing: trained.encoded(), file: "model")
        let with = try Self.answers(model, path), without = try Self.answers(model, Self.table(place, Array(0..<20), labels: false, called: "y.csv"))
        #expect(with.count == 20 && with.map(\.values) == without.map(\.values))
        #expect(try model.evaluation(JobInput([path])).heading == "20 images of \(path), 2 classes.")
        #expect(try model.explanation(JobInput([path]), count: 4).heading.hasSuffix("the true classes."))
        // A model of before says nothing of its table: the column that is no pixel, or is called label.
        let old = ImageClassifier(network: model.network, scale: model.scale, classes: model.classes, record: model.record)
        #expect(try Self.answers(old, Self.table(place, Array(0..<20), header: "pixel", called: "z.csv")).map(\.values) == with.map(\.values))
    }

    @Test("an image's answer does not depend on the others of its file: the scale of its pixels is the model's")
    func scale() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let model = try Self.model(LabelledImages(table: Table(path: Self.table(place, Array(0..<20))), target: "kind"))
        // Dim rows alone, and beside a bright one.
        let alone = try Self.answers(model, Self.table(place, [0, 1], scale: 20, called: "dim.csv"))
        let dim = try Self.table(place, [0, 1], scale: 20, labels: false, called: "a.csv"), bright = try Self.table(place, [2], labels: false, called: "b.csv")
        let lines = String(decoding: try FileSystem.read(dim), as: UTF8.self) + "\n" + String(decoding: try FileSystem.read(bright), as: UTF8.self).split(separator: "\n")[1]
        try FileSystem.write(Array(lines.utf8), to: place.path + "/both.csv")
        #expect(try Self.answers(model, place.path + "/both.csv")[..<2].map(\.values) == alone.map(\.values))
        func write(_ values: [Double], _ name: String) throws -> String {
            try FileSystem.write(NumPyFile.encode(NumericArray(values, shape: [values.count / 64, 8, 8])), to: place.path + "/" + name)
            return place.path + "/" + name
        }
        let fractions = try write((0..<2).flatMap { Self.pixels($0).map { Double($0) / 255 } }, "f.npy")
        #expect(Self.sentence { _ = try Self.answers(model, fractions) }.contains("trained on pixels from 0 to 255; multiply them by 255"))
        let small = try Self.model(LabelledImages(array: write((0..<20).flatMap { Self.pixels($0).map { Double($0) / 255 } }, "t.npy"), labels: Self.labels(place)))
        #expect(small.pixels.scale == 255)
        #expect(try Self.answers(small, fractions).count == 2)
        let whole = try write((0..<2).flatMap { Self.pixels($0).map { Double($0) } }, "w.npy")
        #expect(Self.sentence { _ = try Self.answers(small, whole) }.contains("trained on pixels from 0 to 1;"))
        #expect(Self.sentence { _ = try LabelledImages(array: write((0..<64).map { $0 == 13 ? .nan : 0.5 }, "n.npy"), labels: nil) }.contains("element [0, 1, 5] is NaN"))
    }

    private static func labels(_ place: RunPlace) throws -> String {
        try FileSystem.write(NumPyFile.encode(NumericArray((0..<20).map { Int32($0 % 2) }, shape: [20])), to: place.path + "/l.npy")
        return place.path + "/l.npy"
    }

    @Test("a NumPy archive holds images and labels by name")
    func archive() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let x = NumericArray(type: .uint8, shape: [20, 8, 8], bytes: (0..<20).flatMap { Self.pixels($0) }), y = NumericArray((0..<20).map { Int32($0 % 2) }, shape: [20])
        let path = place.path + "/xy.npz"
        for (first, second) in [("x", "y"), ("images", "labels"), ("X_train", "y_train"), ("arr_0", "arr_1")] {
            try NumPyFile.writeArchive([(second, y), (first, x)], to: path)
            #expect(try Jobs.recognize(JobInput([path])).job.name == "images")
            let training = try ImagesJob.training(JobInput([path]), settings: Self.settings)
            #expect(training.images.count == 20 && training.images.classes == ["0", "1"] && training.images.shape == Self.gray8)
        }
        let model = try ImageTraining(ImagesJob.training(JobInput([path]), settings: Self.settings).images, settings: Self.settings).run()
        #expect(try Self.answers(model, path).count == 20 && model.evaluation(JobInput([path])).heading.hasPrefix("20 images"))
        try NumPyFile.writeArchive([("a", x), ("b", y)], to: path)
        #expect(Self.sentence { _ = try ImagesJob.training(JobInput([path]), settings: Self.settings) }.contains("none of its arrays (a, b) has a name of images: x, images"))
    }

    @Test("two folders whose names are the same in two Unicode forms are refused before the training")
    func unicodeForms() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = try Self.folder(place, ["caf\u{E9}", "cafe\u{301}"])
        try #require(try FileSystem.list(path).count == 2)
        let sentence = Self.sentence { _ = try LabelledImages(folder: path) }
        #expect(sentence.contains("in two Unicode forms (U+0301 and U+00E9)") || sentence.contains("in two Unicode forms (U+00E9 and U+0301)"), "\(sentence)")
    }

    @Test("where pixels are not held in memory, damaged files are left out too, and found before the run")
    func beyondMemory() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = try Self.folder(place)
        try FileSystem.write(Array(Self.png(0).dropLast(30)), to: path + "/bar/z.png")
        var reading = ImageReading()
        reading.memoryLimit = 100
        reading.skipsDamaged = true
        let images = try LabelledImages(folder: path, reading: reading)
        #expect(images.count == 12 && images.skipped.count == 1 && images.shape == Self.gray8)
        #expect(
            try images.pixels(1)
                == LabelledImages(
                    folder: path,
                    reading: {
                        var own = reading; own.memoryLimit = 1 << 20; return own
                    }()
                ).pixels(1))
        // Without leaving out, a file that is no image at all is found by its header.
        reading.skipsDamaged = false
        try FileSystem.write(Array("<html>".utf8), to: path + "/bar/y.png")
        #expect(Self.sentence { _ = try LabelledImages(folder: path, reading: reading) }.contains("y.png: it begins with the bytes"))
    }

    @Test("size and colour are those of all classes, not of the first alone; a damaged file's size counts for nothing")
    func shape() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = place.path + "/many"
        for (name, count, channels) in [("a", 520, 1), ("b", 600, 3)] {
            try FileSystem.createFolder("\(path)/\(name)")
            let gray = PNGFile.encode(PixelImage(width: 4, height: 4, channels: 1, pixels: [UInt8](repeating: 9, count: 16)))
            let colour = PNGFile.encode(PixelImage(width: 5, height: 4, channels: 3, pixels: (0..<60).map { UInt8($0) }))
            for index in 0..<count { try FileSystem.write(channels == 1 ? gray : colour, to: "\(path)/\(name)/\(index).png") }
        }
        #expect(try LabelledImages(folder: path).shape == ImageShape(channels: 3, height: 64, width: 64))
        let small = try Self.folder(place)
        try FileSystem.write(Array(Self.png(0, side: 30).dropLast(30)), to: small + "/bar/0.png")
        var reading = ImageReading()
        reading.skipsDamaged = true
        #expect(try LabelledImages(folder: small, reading: reading).shape == Self.gray8)
        // Gray pictures that are stored in colour stay gray.
        for index in 0..<6 { for name in ["bar", "beam"] { try FileSystem.write(Self.png(index, channels: 3), to: "\(small)/\(name)/\(index).png") } }
        #expect(try LabelledImages(folder: small).shape == Self.gray8)
    }

    @Test("what is not read is said: other formats, links that lead back, runs, metadata, folders and pipes with an image's name")
    func leftOut() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = try Self.folder(place), files = FileManager.default
        for name in ["a.gif", "b.GIF", "c.webp"] { try FileSystem.write([1], to: "\(path)/bar/\(name)") }
        for name in ["bar/folder.png", "__MACOSX/bar", "descent-models/shapes", "run"] { try FileSystem.createFolder("\(path)/\(name)") }
        try FileSystem.write([1], to: path + "/run/model.safetensors")
        try FileSystem.write([1], to: path + "/bar/._1.png")
        try files.createSymbolicLink(atPath: path + "/back", withDestinationPath: ".")
        try files.createSymbolicLink(atPath: path + "/bar/up", withDestinationPath: "..")
        #expect(mkfifo(path + "/bar/pipe.png", 0o600) == 0)
        let images = try LabelledImages(folder: path)
        #expect(images.count == 12 && images.classes == ["bar", "beam"])
        let said = images.leftOut.joined(separator: "; ")
        for part in ["2 gif, 1 webp", "back, a link that leads back", "descent-models, which holds runs", "run, which holds runs", "__MACOSX", "folder.png, a folder", "pipe.png, a pipe"] {
            #expect(said.contains(part), "\(said)")
        }
        #expect(try ImageTraining(images, settings: Self.settings).opening.contains { $0.hasPrefix("Not used: ") })
        // Prediction takes the same files.
        let model = try Self.model(images)
        #expect(try Self.answers(model, path).count == 12)
        // A link to nothing is an error, or left out with the damaged files.
        try files.createSymbolicLink(atPath: path + "/bar/gone.png", withDestinationPath: "nowhere.png")
        #expect(Self.sentence { _ = try LabelledImages(folder: path) }.hasSuffix("bar/gone.png (it is a symbolic link to a file that does not exist)"))
        let evaluated = try model.evaluation(JobInput([path])).heading
        #expect(evaluated.contains("12 images of \(path), 2 classes. 1 file could not be read. Not used: no such file"), "\(evaluated)")
    }

    @Test("a model is evaluated on some of its classes; other classes are refused; many files are not all named in a heading")
    func someClasses() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let model = try Self.model(LabelledImages(folder: Self.folder(place)))
        let one = try Self.folder(place, ["beam"], called: "one")
        #expect(try model.evaluation(JobInput([one])).heading == "6 images of \(one), 1 of the model's 2 classes.")
        let other = try Self.folder(place, ["beam", "cross"], called: "other")
        #expect(Self.sentence { _ = try model.evaluation(JobInput([other])) } == "\(other): the class \"cross\" is not one of the model's: bar, beam")
        let heading = try model.explanation(JobInput([one]), count: 4).heading
        #expect(heading.hasPrefix("The first 4 images of \(one), through"), "\(heading)")
        #expect(try LabelledImages(files: (0..<6).map { "\(one)/beam/\($0).png" }).file == "\(one)/beam/0.png, \(one)/beam/1.png, \(one)/beam/2.png and 3 more")
    }

    @Test("input without classes gets a sentence that says how to give them; options without meaning are refused")
    func withoutClasses() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let path = try Self.folder(place), flat = path + "/bar", array = place.path + "/x.npy"
        try FileSystem.write(NumPyFile.encode(NumericArray([Int32](repeating: 1, count: 128), shape: [2, 8, 8])), to: array)
        func train(_ input: String, _ change: (inout ImageSettings) -> Void = { _ in }) -> String {
            var settings = Self.settings
            change(&settings)
            return Self.sentence {
                #expect(try Jobs.recognize(JobInput([input])).job.name == "images")
                _ = try ImagesJob.training(JobInput([input]), settings: settings)
            }
        }
        #expect(train(flat).hasSuffix("its 6 images lie in the folder itself, so their classes are not known; put them into a folder for each class, such as \(flat)/CLASS/0.png"))
        #expect(train(array) == "\(array) is an array of numbers without labels; name the file of its labels with --labels")
        #expect(train(path + "/bar/0.png").contains("it is one image, whose class is not known"))
        #expect(train(path) { $0.reading.target = "x" } == "--target has no meaning here: \(path) is a folder of images, whose classes are its folders; leave it out")
        for (option, change) in [
            ("--labels", { $0.reading.labels = "l" }), ("--header", { $0.reading.header = true }), ("--delimiter", { $0.reading.delimiter = .tab }),
        ] as [(String, (inout ImageSettings) -> Void)] {
            #expect(train(path, change).hasPrefix("\(option) has no meaning here"))
        }
        #expect(train(array) { ($0.imageSize, $0.reading.labels) = (8, "l") }.hasPrefix("--image-size has no meaning here: \(array) is an array of images"))
        #expect(train(path) { ($0.imageSize, $0.resizes) = (8, false) }.contains("--no-resize refuses those of another"))
        let model = try Self.model(LabelledImages(folder: path))
        var request = PredictionRequest(JobInput([path + "/bar/0.png"]))
        request.input.reading.labels = "l"
        #expect(Self.sentence { _ = try model.answers(request) }.hasPrefix("--labels has no meaning here"))
        #expect(Self.sentence { _ = try Self.answers(model, path + "/nothing.png") } == "no such file: \(path)/nothing.png")
        // What is wrong with the data is no matter of the options.
        let tiny = LabelledImages(file: "tiny", pixels: [UInt8](repeating: 0, count: 8), shape: ImageShape(channels: 1, height: 1, width: 1), classes: ["a", "b"], labels: [0, 1, 0, 1, 0, 1, 0, 1])
        #expect(throws: DataError.self) { try ImageTraining(tiny, settings: Self.settings) }
    }

    @Test("a training whose answers are not numbers, though its loss is, ends with the error of divergence")
    func divergence() throws {
        let evaluation = AnswerEvaluation(predicted: [0, 1, 0], probabilities: [[0.5, 0.5], [.nan, .nan], [1, 0]], labels: [0, 1, 1], classes: ["a", "b"], baseline: 0)
        #expect(evaluation[AnswerEvaluation.brokenAnswers] == 1 && evaluation.calibration == nil)
        #expect(evaluation.lines.contains { $0.contains("answers that are not numbers (NaN)") && $0.hasSuffix(" 1") }, "\(evaluation.lines)")
        // A network whose batch statistics have run away answers with NaN.
        let shape = Self.gray8, pixels = (0..<20).flatMap { Self.pixels($0) }
        let images = LabelledImages(file: "x", pixels: pixels, shape: shape, classes: ["a", "b"], labels: (0..<20).map { Int32($0 % 2) })
        var settings = Self.settings
        (settings.model, settings.run.learningRate, settings.run.epochs) = (.cnn, 1e8, 3)
        #expect { try ImageTraining(images, settings: settings).run() } throws: { $0 is AnswerDivergenceError || $0 is DivergenceError }
    }

    @Test("class names with control characters and commas stand in lists in quotes")
    func names() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let training = try ImageTraining(LabelledImages(folder: Self.folder(place, ["a,b", "new\nline", "plain"])), settings: Self.settings)
        #expect(training.opening[0].hasSuffix(#"of 3 classes: "a,b", "new\nline", plain."#), "\(training.opening[0])")
        let model = try training.run()
        #expect((model.description + model.details).allSatisfy { !$0.contains("\n") })
        #expect(try model.evaluation(JobInput([place.path + "/shapes"])).lines.allSatisfy { !$0.contains("\n") })
    }
}
