import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// Labelled images made ready to learn a classifier from: what was chosen can be looked at before the run.
///
///     let training = try ImageTraining(LabelledImages(folder: "photos"))
///     let model = try training.run()
public struct ImageTraining: JobTraining {
    /// The images and their classes.
    public let images: LabelledImages
    /// The settings, those that were chosen among them.
    public let settings: ImageSettings
    /// Which images are trained and validated on, and which held out.
    public let split: Split
    /// Of the split's images to train on, those that are learned from.
    public let trainingRows: [Int]
    /// Of these images, those that are held back to validate on; empty for none.
    public let validationRows: [Int]
    package let architecture: ImageNetwork.Architecture
    package let scale: ImageScale

    /// Divides the images and measures those to train on.
    ///
    /// - Throws: `SettingsError` for settings that cannot be used, `FormatError` for files that have changed since they were listed.
    public init(_ images: LabelledImages, settings: ImageSettings = ImageSettings()) throws {
        try settings.validate()
        self.images = images
        var chosen = settings.filled(from: Self.defaults(images, settings.model ?? .cnn))
        chosen.run.testFraction = settings.testFraction ?? 0.2
        let split = Split.stratified(labels: images.labels, testFraction: chosen.testFraction!, seed: UInt64(bitPattern: Int64(chosen.seed)))
        let held = try settings.run.validationCount(of: split.train.count, noun: "images")
        self.split = split
        if held == 0 {
            (trainingRows, validationRows) = (split.train, [])
        } else {
            let inner = Split.stratified(
                labels: split.train.map { images.labels[$0] }, testFraction: Double(held) / Double(split.train.count), seed: ~UInt64(bitPattern: Int64(chosen.seed)))
            (trainingRows, validationRows) = (inner.train.map { split.train[$0] }, inner.test.map { split.train[$0] })
        }
        if trainingRows.isEmpty || (held > 0 && validationRows.isEmpty) {
            throw SettingsError("\(images.count) images cannot be divided so that some are left to learn from, some to validate on and some to test on (--test-fraction, --validation-fraction)")
        }
        chosen.run.validationFraction = settings.validationFraction ?? (settings.patience == nil ? 0 : RunSettings.patienceFraction)
        self.settings = chosen
        architecture = ImageNetwork.Architecture(
            model: chosen.model!, shape: images.shape, classes: images.classes.count, filters: chosen.filters!, dropout: chosen.dropout!)
        if Swift.min(images.shape.height, images.shape.width) < 4 { throw DataError(file: images.file, "the images are \(images.shape); networks take images of at least 4 x 4 pixels") }
        if ![1, 3].contains(images.shape.channels) { throw DataError(file: images.file, "the images have \(images.shape.channels) channels; networks take 1 (gray) or 3 (colour)") }
        scale = try ImageScale(fitting: images, rows: trainingRows)
    }

    private static func defaults(_ images: LabelledImages, _ model: ImageModelName) -> ImageSettings {
        var settings = ImageSettings()
        settings.model = model
        settings.filters = model == .resnet ? 16 : 32
        settings.dropout = model == .resnet || model == .lenet ? 0 : 0.3
        let isColour = images.shape.channels == 3
        settings.flip = isColour
        settings.shift = 0.08
        settings.rotate = 8
        settings.scale = 0.1
        settings.brightness = isColour ? 0.1 : 0
        settings.cutout = 0
        settings.mixup = 0
        settings.run.batchSize = images.count < 4_000 ? 32 : 64
        settings.run.learningRate = 2e-3
        settings.run.weightDecay = 0.01
        // As much work for small images as for large ones, within reason.
        let work = Double(images.count) * Double(images.shape.height * images.shape.width)
        settings.run.epochs = Swift.max(8, Swift.min(40, Int(9e7 / Swift.max(work, 1))))
        return settings
    }

    public var noun: String { "images" }
    public var lossName: String { "cross-entropy (nats)" }
    public var validationNote: String? { validationRows.isEmpty ? nil : "the loss on \(grouped(validationRows.count)) of the training images, held back" }

    public func plan(readsHeldOut: Bool) throws -> TrainingPlan<ImageNetwork> {
        let size = settings.batchSize!
        let source = ImageBatches(images, rows: trainingRows, size: size, seed: settings.seed, scale: scale, augmentation: settings.augmentation)
        let heldBack = validationRows.isEmpty ? nil : ImageBatches(images, rows: validationRows, size: 128, seed: nil, scale: scale, augmentation: nil)
        return TrainingPlan(
            ImageNetwork(architecture), on: source, fingerprint: images.fingerprint, validation: heldBack.map { PlannedValidation(on: $0, of: source) }, warmUp: 100
        ) { network, batch in
            let scores = network(batch[0])
            // Mixed images have probabilities of classes in place of one.
            return batch[1].dtype == .int32 ? softmaxCrossEntropy(scores, batch[1]) : -(batch[1] * logSoftmax(scores)).sum(axis: 1).mean()
        }
    }

    public func model(of network: ImageNetwork, outcome: TrainingOutcome) throws -> ImageClassifier {
        var record = ModelRecord(
            source: images.file, settings: settings, trained: Quantity(trainingRows.count, "images"), heldOut: split.test.isEmpty ? nil : Quantity(split.test.count, "images"),
            outcome: outcome, fingerprint: images.fingerprint)
        record.baseline = images.classes[frequentClass]
        let pixels = PixelSource(scale: images.pixelScale, target: images.target)
        let untested = ImageClassifier(network: network, scale: scale, classes: images.classes, pixels: pixels, record: record)
        if split.test.isEmpty { return untested }
        let answers = try untested.predict(images, rows: split.test), labels = split.test.map { Int(images.labels[$0]) }
        let evaluation = AnswerEvaluation(
            predicted: answers.map(\.label), probabilities: answers.map(\.probabilities), labels: labels, classes: images.classes, baseline: frequentClass)
        let right = labels.indices.count { labels[$0] == answers[$0].label }
        record.metrics = Metric.headlines(of: evaluation.metrics, right: right, count: labels.count, baseline: images.classes[frequentClass])
        let count = images.classes.count
        record.confusion = (0..<count).map { label in (0..<count).map { Int(evaluation.matrix![label: label, predicted: $0]) } }
        return ImageClassifier(network: network, scale: scale, classes: images.classes, pixels: pixels, record: record)
    }

    /// The most frequent class among those that are trained and validated on.
    var frequentClass: Int {
        var frequencies = [Int](repeating: 0, count: images.classes.count)
        for row in split.train { frequencies[Int(images.labels[row])] += 1 }
        return frequencies.indices.max { frequencies[$0] < frequencies[$1] }!
    }

    public var opening: [String] {
        let validated = validationRows.isEmpty ? "" : "\(grouped(validationRows.count)) for validation, "
        let changes = settings.augmentation
        let words = [
            changes.flips ? "mirrored" : nil, changes.shift > 0 ? "shifted" : nil, changes.rotation > 0 ? "rotated" : nil, changes.scale > 0 ? "scaled" : nil,
            changes.brightness > 0 ? "brightened" : nil, changes.cutout > 0 ? "blanked in a square" : nil, changes.mixup > 0 ? "mixed" : nil,
        ].compactMap { $0 }
        var lines = ["\(Quantity(images.count, "images")), \(images.shape), of \(images.classes.count) classes: \(listed(images.classes, limit: 20))."]
        if images.resizedCount > 0 {
            lines.append(
                "\(grouped(images.resizedCount)) of them \(images.resizedCount == 1 ? "has" : "have") another size and \(images.resizedCount == 1 ? "is" : "are") cropped and resized (--image-size, --no-resize)."
            )
        }
        if !images.skipped.isEmpty {
            lines.append("Left out \(Quantity(images.skipped.count, "files")): \(images.skipped.prefix(3).joined(separator: "; "))\(images.skipped.count > 3 ? "; ..." : "")")
        }
        if !images.leftOut.isEmpty { lines.append("Not used: \(images.leftOut.prefix(5).joined(separator: "; "))\(images.leftOut.count > 5 ? "; ..." : "").") }
        return lines + [
            "Training on \(grouped(trainingRows.count)) images, \(validated)\(grouped(split.test.count)) held out, stratified by class (--test-fraction); \(settings.run.lengthWords) in batches of \(settings.batchSize ?? 0), seed \(settings.seed).",
            "Network: \(architecture.summary); \(grouped(ImageNetwork(architecture).parameterCount)) parameters (--model, --filters, --dropout).",
            words.isEmpty
                ? "Images are not changed at random." : "Training images are randomly \(words.joined(separator: ", ")) (--shift, --rotate, --scale, --flip, --brightness, --cutout, --mixup).",
        ]
    }
}
