import DescentData

/// How to train a classifier of images. What is `nil` is chosen by the images.
public struct ImageSettings: JobSettings {
    public var run = RunSettings()
    public var reading = TableReading()
    /// The network; nil for `cnn`.
    public var model: ImageModelName?
    /// The filters of the first stage.
    public var filters: Int?
    /// Dropout rate before the dense layers.
    public var dropout: Double?
    /// The side that images are brought to, in pixels.
    public var imageSize: Int?
    /// Colour or gray.
    public var color: Bool?
    /// Whether images of other sizes are cropped and resized.
    public var resizes: Bool?
    /// Whether damaged files are left out.
    public var skipsDamaged: Bool?
    /// Mirror images left and right.
    public var flip: Bool?
    public var shift: Double?
    public var rotate: Double?
    public var scale: Double?
    public var brightness: Double?
    public var cutout: Double?
    public var mixup: Double?

    /// Everything chosen by the images.
    public init() {}

    public static let chosenByData: Set<String> = ["epochs", "batchSize", "imageSize", "color", "flip", "shift", "rotate", "scale"]

    public static let fields: [SettingField<Self>] =
        [
            .optional(
                "model", \.model, .choice, valueName: "name",
                "Convolutional network: \(ImageModelName.allCases.map(\.rawValue).joined(separator: ", ")). Default: cnn. A table of pixels is taken as images with it."),
            .optional(
                "filters", \.filters, .whole, rule: SettingRule("1 to 1024") { (1...1024).contains($0) }, subject: "the number of filters", valueName: "count",
                "Filters of the first stage. Default: 32 (resnet: 16)."),
            .optional(
                "image-size", \.imageSize, .whole, rule: SettingRule("4 to 1024") { (4...1024).contains($0) }, subject: "the image size", valueName: "pixels",
                "Bring image files to this many pixels a side. Default: their own size up to 128, otherwise 64."),
            .toggle("color", \.color, "Colour images, or gray. Default: as most of the files."),
            .toggle("resize", \.resizes, key: "resize", "Crop and resize images of other sizes, or refuse them. Default: resize."),
            .toggle("skip-damaged", \.skipsDamaged, key: "skipDamaged", "Leave out files that cannot be decoded, and name them. Default: stop at the first."),
            .toggle("flip", \.flip, "Augmentation: mirror images left and right. Default: colour images only."),
            fraction("shift", \.shift, "Augmentation: farthest shift, as a fraction of the size. Default: 0.08."),
            .optional(
                "rotate", \.rotate, .number, rule: SettingRule("0 to 180") { (0...180).contains($0) }, subject: "the rotation", valueName: "degrees", "Augmentation: greatest rotation. Default: 8."),
            fraction("scale", \.scale, "Augmentation: greatest change of size. Default: 0.1."),
            fraction("brightness", \.brightness, "Augmentation: greatest change of brightness, as a fraction of the range. Default: 0 (colour: 0.1)."),
            fraction("cutout", \.cutout, "Augmentation: side of a blanked square, as a fraction of the size. Default: 0."),
            .optional(
                "mixup", \.mixup, .number, rule: SettingRule("0 or above") { $0 >= 0 && $0 <= 100 }, subject: "the mixup", valueName: "alpha",
                "Augmentation: mix pairs of images in proportions from Beta(alpha, alpha). Default: 0, none."),
        ] + own + TableReading.fields.map { $0.lifted(to: \Self.reading) }

    private static let own: [SettingField<Self>] = [
        .optional(
            "dropout", \.dropout, .number, rule: SettingRule("at least 0 and below 1") { (0..<1).contains($0) }, subject: "the dropout", valueName: "rate",
            "Dropout rate of the dense layers. Default: 0.3.")
    ]

    private static func fraction(_ name: String, _ path: WritableKeyPath<Self, Double?> & Sendable, _ help: String) -> SettingField<Self> {
        .optional(name, path, .number, rule: SettingRule("at least 0 and below 1") { (0..<1).contains($0) }, subject: "the \(name)", valueName: "fraction", help)
    }

    public func validateTogether() throws(SettingsError) {
        try run.requireValidationForPatience()
        if resizes == false, imageSize != nil {
            throw SettingsError("--image-size brings images to one size, and --no-resize refuses those of another; leave one of them out")
        }
        if reading.labels != nil, reading.delimiter != nil { throw SettingsError("--labels goes with arrays of images, which have no delimiter; leave out --delimiter") }
    }

    /// How image files are read.
    var imageReading: ImageReading {
        var reading = ImageReading()
        (reading.height, reading.width) = (imageSize, imageSize)
        reading.channels = color.map { $0 ? 3 : 1 }
        reading.resizes = resizes ?? true
        reading.skipsDamaged = skipsDamaged ?? false
        return reading
    }

    /// The random changes of training images.
    var augmentation: Augmentation {
        var changes = Augmentation()
        changes.flips = flip ?? false
        (changes.shift, changes.rotation, changes.scale) = (shift ?? 0, rotate ?? 0, scale ?? 0)
        (changes.brightness, changes.cutout, changes.mixup) = (brightness ?? 0, cutout ?? 0, mixup ?? 0)
        return changes
    }
}
