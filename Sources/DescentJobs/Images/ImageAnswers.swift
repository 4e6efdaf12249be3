import DescentCore
import DescentData
import DescentExplain
import DescentFormats
import DescentNN
import DescentTrain

extension ImageClassifier {
    /// How the model's files are read. What cannot be decoded is left out, and said.
    private var reading: ImageReading {
        var reading = record.settings.imageReading
        (reading.resizes, reading.skipsDamaged) = (true, true)
        return reading
    }

    /// Refuses images of another shape than the model's.
    func require(_ images: LabelledImages) throws(DataError) {
        if images.shape != shape { throw DataError(file: images.file, "the images are \(images.shape), and the model takes \(shape)") }
    }

    /// Refuses options of tables and arrays where neither is given.
    private func requireMeaning(_ reading: TableReading, isFiles: Bool, needsLabels: Bool) throws(SettingsError) {
        if reading.labels != nil, isFiles || !needsLabels {
            throw SettingsError("--labels has no meaning here: \(isFiles ? "these are image files" : "predict needs no labels"); leave it out")
        }
        if reading.delimiter != nil, isFiles { throw SettingsError("--delimiter has no meaning here: these are image files; leave it out") }
    }

    /// An answer for each image: of files, of an array, of a folder, of a table's rows, or of the standard input.
    public func answers(_ request: PredictionRequest) throws -> any AnswerStream {
        let columns = ClassColumns(classes, probabilities: request.probabilities, top: request.top), input = request.input
        let found = try ImagesJob.files(input)
        try requireMeaning(input.reading, isFiles: found != nil, needsLabels: false)
        if let (files, leftOut) = found {
            // One file that is missing is an error of the command, and not of a row.
            if files.count == 1, !FileSystem.exists(files[0]) { _ = try FileSystem.read(files[0]) }
            return ImageAnswerStream(self, columns, names: Array(files.prefix(request.first)), canFail: true, notes: leftOut.map { "not used: \($0)" }) { [reading] in
                try reading.planes(of: files[$0], self.shape)
            }
        }
        let images = try ImagesJob.unlabelled(input, reading: reading, tableReading: input.reading, model: self)
        return ImageAnswerStream(self, columns, names: Array(images.names.prefix(request.first)), canFail: false) { try images.pixels($0) }
    }

    /// The labelled images of an input, whose classes must be the model's.
    private func labelled(_ input: JobInput) throws -> (images: LabelledImages, labels: [Int]) {
        let images = try ImagesJob.images(input, reading: reading, tableReading: input.reading, model: self)
        let labels = try images.labels.map { label in
            guard let own = classes.firstIndex(of: images.classes[Int(label)]) else {
                throw DataError(file: images.file, "the class \(quoted(images.classes[Int(label)])) is not one of the model's: \(listed(classes))")
            }
            return own
        }
        return (images, labels)
    }

    /// What was left out, as the end of a heading.
    private static func missing(_ images: LabelledImages) -> String {
        let all = images.skipped + images.leftOut
        if all.isEmpty { return "" }
        let count = images.skipped.count
        return "\(count > 0 ? " \(Quantity(count, "files")) could not be read." : "") Not used: \(all.prefix(5).joined(separator: "; "))\(all.count > 5 ? "; ..." : "")."
    }

    public func evaluation(_ input: JobInput) throws -> JobEvaluation {
        try requireMeaning(input.reading, isFiles: input.isFolder, needsLabels: true)
        let (images, labels) = try labelled(input)
        let answers = try predict(images)
        let baseline = record.baseline.flatMap { classes.firstIndex(of: $0) } ?? labels[0]
        let evaluation = AnswerEvaluation(
            predicted: answers.map(\.label), probabilities: answers.map(\.probabilities), labels: labels, classes: classes, baseline: baseline)
        let present = Set(labels).count
        let ofClasses = present == classes.count ? "\(present) classes" : "\(present) of the model's \(classes.count) classes"
        var json = evaluation.toJSON()
        if case .object(var object) = json, !images.skipped.isEmpty {
            object["skipped"] = JSON(images.skipped)
            json = .object(object)
        }
        return JobEvaluation(
            heading: "\(Quantity(labels.count, "images")) of \(images.file), \(ofClasses).\(Self.missing(images))", lines: evaluation.lines, json: json, fingerprint: images.fingerprint
        ) { try ImageReport(self, images, labels: labels, rows: Array(labels.indices), answers: answers, baseline: baseline).part() }
    }

    public func explanation(_ input: JobInput, count: Int) throws -> JobExplanation {
        try requireMeaning(input.reading, isFiles: try ImagesJob.files(input) != nil, needsLabels: true)
        let images = try ImagesJob.unlabelled(input, reading: reading, tableReading: input.reading, model: self)
        let rows = Array(0..<Swift.min(count, images.count))
        let answers = try predict(images, rows: rows)
        // Without labels, gradients are of the model's own answers.
        let known = input.path == "-" ? nil : (try? labelled(input)).flatMap { $0.images.names == images.names ? $0.labels : nil }
        let labels = rows.map { Int32(known?[$0] ?? answers[$0].label) }
        let inputs = try inputs(images, rows: rows)
        network.infer()
        let explanation = network.explain(inputs) { softmaxCrossEntropy($0, Tensor(int32: labels)) }
        var facts = JSON.Object()
        facts["file"] = .string(images.file)
        facts["images"] = .integer(Int64(rows.count))
        facts["loss"] = "cross-entropy"
        let pages = try ImagePictures(self, images, rows: Array(rows.prefix(ImagePictures.imageLimit)), labels: known).sections()
        let what =
            images.count == 1
            ? images.names[0] : rows.count == images.count ? "The \(Quantity(rows.count, "images")) of \(images.file)" : "The first \(Quantity(rows.count, "images")) of \(images.file)"
        return JobExplanation(
            heading:
                "\(what), through \(summary). Gradients are of the mean cross-entropy of \(known == nil ? "the model's own answers" : "the true classes").\(Self.missing(images))",
            explanation: explanation, facts: facts, sections: pages)
    }
}

/// Answers to images, some at a time. One that cannot be decoded has the reason in place of an answer.
private final class ImageAnswerStream: AnswerStream {
    let columns: [String]? = ["image"]
    let answerColumns: [String]
    let canFail: Bool
    let format: RowFormat? = .csv
    let notes: [String]
    private let model: ImageClassifier
    private let cells: ClassColumns
    private let names: [String]
    private let pixels: (Int) throws -> [UInt8]
    private var done = 0

    /// - Parameter pixels: The pixels of an image by its number.
    init(_ model: ImageClassifier, _ cells: ClassColumns, names: [String], canFail: Bool, notes: [String] = [], pixels: @escaping (Int) throws -> [UInt8]) {
        (self.model, self.cells, self.names, self.canFail, self.notes, self.pixels, answerColumns) = (model, cells, names, canFail, notes, pixels, cells.names)
    }

    func next() throws -> [Answer]? {
        if done == names.count { return nil }
        let rows = done..<Swift.min(done + ImageClassifier.chunk, names.count)
        done = rows.upperBound
        var decoded: [UInt8] = [], kept: [Int] = [], errors: [Int: String] = [:]
        for row in rows {
            do {
                decoded += try pixels(row)
                kept.append(row)
            } catch {
                if !canFail { throw error }
                errors[row] = "\(error)"
            }
        }
        let images = LabelledImages(file: "", pixels: decoded, shape: model.shape)
        var answers = try model.predict(images)[...]
        return rows.map { row in
            var json = JSON.Object()
            json["image"] = .string(names[row])
            if let error = errors[row] {
                json["error"] = .string(error)
                return Answer(cells: [names[row]], values: [], json: json, error: error)
            }
            let answer = answers.removeFirst()
            cells.add(answer.label, answer.probabilities, to: &json)
            return Answer(cells: [names[row]], values: cells.values(answer.probabilities), json: json)
        }
    }
}
