import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentTrain

/// A model that says which class an image is of.
public struct ImageClassifier: JobModel {
    /// The classes' names.
    public let classes: [String]
    /// How it was made.
    public let record: ModelRecord<ImageSettings>
    package let network: ImageNetwork
    package let scale: ImageScale
    /// Of a model of arrays or tables: how its pixels were read.
    package let pixels: PixelSource
    private let measured: CompiledFunction<Tensor, Tensor>

    package init(network: ImageNetwork, scale: ImageScale, classes: [String], pixels: PixelSource = PixelSource(), record: ModelRecord<ImageSettings>) {
        (self.network, self.scale, self.classes, self.pixels, self.record) = (network, scale, classes, pixels, record)
        measured = compile { (x: Tensor) in softmax(network(x)) }
    }

    /// The size of the images that it takes.
    public var shape: ImageShape { network.architecture.shape }

    /// Images computed at once.
    static let chunk = 128

    /// Images of some rows as the network takes them: [rows, channels, height, width].
    package func inputs(_ images: LabelledImages, rows: some Collection<Int>) throws -> Tensor {
        var values: [Float] = []
        for row in rows { values += scale.normalized(try images.pixels(row), shape) }
        return Tensor(values, shape: [rows.count, shape.channels, shape.height, shape.width])
    }

    /// The answers for some of the images: each a class and the probabilities of all.
    ///
    /// - Parameter rows: Which images, from 0; nil for all.
    /// - Throws: `FormatError` for a file that cannot be decoded.
    public func predict(_ images: LabelledImages, rows: [Int]? = nil) throws -> [Prediction] {
        network.infer()
        let rows = rows ?? Array(0..<images.count)
        var answers: [Prediction] = []
        for first in stride(from: 0, to: rows.count, by: Self.chunk) {
            let part = rows[first..<Swift.min(first + Self.chunk, rows.count)]
            let all = measured(try inputs(images, rows: part)).floats
            for place in part.indices {
                let start = (place - first) * classes.count, own = Array(all[start..<start + classes.count])
                answers.append(.label(own.indices.max { own[$0] < own[$1] }!, probabilities: own))
            }
        }
        return answers
    }

    public var job: String { ImagesJob.name }
    public var module: any Module { network }

    public var parts: JSON.Object {
        var architecture = network.architecture.json
        architecture["classes"] = JSON(classes)
        var parts = JSON.Object()
        parts["architecture"] = .object(architecture)
        parts["normalization"] = ["means": .array(scale.means.map { JSON($0) }), "deviations": .array(scale.deviations.map { JSON($0) })]
        parts["pixels"] = pixels.json
        return parts
    }

    public init(_ file: ModelFile) throws(FormatError) {
        let json = file.card["architecture"], classes = try json["classes"].strings()
        if classes.count < 2 || Set(classes).count != classes.count { throw json["classes"].error("must be at least two different names") }
        let sizes = try ImageNetwork.Architecture(json, classes: classes.count)
        let scales = file.card["normalization"]
        let scale = ImageScale(means: try scales["means"].doubles().map { Float($0) }, deviations: try scales["deviations"].doubles().map { Float($0) })
        guard scale.means.count == sizes.shape.channels, scale.deviations.count == sizes.shape.channels, scale.deviations.allSatisfy({ $0 > 0 }) else {
            throw scales.error("must have a mean and a deviation above 0 for each of the \(sizes.shape.channels) channels")
        }
        let network = try file.network(parameterCount: ImageNetwork(sizes).weights.reduce(0) { $0 + $1.variable.shape.reduce(1, *) }) { ImageNetwork(sizes) }
        self.init(network: network, scale: scale, classes: classes, pixels: try PixelSource(file.card["pixels"]), record: try file.record())
    }

    public var description: [String] { ["Classifies images of \(shape) into \(classes.count) classes: \(listed(classes, limit: 20))."] }
    public var details: [String] { ConfusionLines.lines(record.confusion, classes: classes) }
    public var summary: String { network.architecture.summary }

    public func nextCommands(folder: String, input: JobInput?) -> [String] {
        if input?.builtIn == .digits { return ["predict \(shellQuoted(folder)) digits --first 5", "explain \(shellQuoted(folder)) digits"] }
        return ["predict \(shellQuoted(folder)) IMAGE ...", "explain \(shellQuoted(folder)) IMAGE"]
    }
}

/// How the pixels of a model's training images were read from an array or a table; all `nil` for image files.
package struct PixelSource: Equatable, Sendable {
    /// What numbers were multiplied by to give pixels from 0 to 255. A model answers one image as it answers many, so this is not guessed again.
    package var scale: Double?
    /// The column of a table that named the classes.
    package var target: String?

    package init(scale: Double? = nil, target: String? = nil) { (self.scale, self.target) = (scale, target) }

    /// What a card says; nil for nothing.
    var json: JSON? {
        var object = JSON.Object()
        object["scale"] = scale.map(JSON.number)
        object["target"] = target.map(JSON.string)
        return self == PixelSource() ? nil : .object(object)
    }

    /// Of a card; those of older models say nothing.
    init(_ json: JSONReader) throws(FormatError) {
        guard json.exists else { return }
        if json["scale"].exists {
            let value = try json["scale"].double()
            guard value > 0, value <= 255 else { throw json["scale"].error("is \(value); it must be above 0 and at most 255") }
            scale = value
        }
        if json["target"].exists { target = try json["target"].string() }
    }
}
