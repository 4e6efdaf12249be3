import DescentData
import DescentFormats

/// Classification of images: a folder of folders, arrays with labels, or a table of pixels.
public enum ImagesJob: Job {
    public static let name = "images"
    public static let title = "Images"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        let path = input.path
        if try LabelledImages.isFolderOfClasses(path) { return Recognition(.certain, "a folder of folders of images, so the class of an image is its folder") }
        if try !LabelledImages.partsOfData(path).isEmpty { return Recognition(.certain, "a folder of images in several parts") }
        if try LabelledImages.isFolderOfImages(path) { return Recognition(.certain, "a folder of images") }
        if input.reading.labels != nil, input.options.isDisjoint(with: tableOptions) { return Recognition(.certain, "an array of images with their labels") }
        // The name of a network of another job is no sign of images.
        let namesNetwork = input.choices["model"].map { ImageModelName(rawValue: $0) != nil || !Self.isForOthers($0) } ?? false
        if namesNetwork, input.builtIn == .digits { return Recognition(.certain, "images, since --model names a network for them") }
        if namesNetwork, input.builtIn == nil, !FileSystem.exists(path) { return Recognition(.certain, "images, since --model names a network for them") }
        if input.builtIn != nil || path == "-" || input.isFolder || !FileSystem.exists(path) { return nil }
        if let kind = try Kind(of: path), kind == .image || input.choices["target"] == nil && input.options.isDisjoint(with: tableOptions) { return Recognition(.certain, kind.rawValue) }
        if input.paths.count > 1 { return nil }
        if namesNetwork { return Recognition(.certain, "a table of pixels, since --model names a network for images") }
        guard ["csv", "tsv"].contains(input.ending), let names = try? TableStream(path: path, blockSize: 1 << 16).names, LabelledImages.arePixels(names) else { return nil }
        return Recognition(.likely, "a table of pixels, so images")
    }

    /// Whether another job has a network of this name.
    private static func isForOthers(_ name: String) -> Bool {
        Jobs.all.contains { job in job != self && job.ownOptions.contains { $0.name == "model" && $0.choices.contains(name) } }
    }

    /// What a file is by its first bytes, where it is no table or text.
    private enum Kind: String {
        case image = "an image", array = "an array of numbers", archive = "an archive of arrays"

        init?(of path: String) throws {
            guard FileSystem.isRegularFile(path) else { return nil }
            let bytes = try FileReader(path).read(from: 0, count: 16), name = path.lowercased()
            // A table or a text may begin as PPM does, with P2, say.
            let isNetpbm = bytes.first == 0x50
            if PixelImage.isImage(bytes), !isNetpbm || LabelledImages.isImageName(path) || bytes.starts(with: [0x50, 0x36, 0x0A]) || bytes.starts(with: [0x50, 0x35, 0x0A]) {
                self = .image
            } else if name.hasSuffix(".npz") {
                self = .archive
            } else if bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D]) || bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && (8...14).contains(bytes[2]) && (1...8).contains(bytes[3]) {
                self = .array
            } else if Gzip.isCompressed(bytes), name.hasSuffix("idx.gz") || name.hasSuffix("ubyte.gz") {
                self = .array
            } else {
                return nil
            }
        }
    }

    /// Options that only a network for tables has: with them an array of pixels is a table.
    private static let tableOptions = Set(TableJob.ownOptions.map(\.name)).subtracting(ownOptions.map(\.name))

    public static func training(_ input: JobInput, settings: ImageSettings) throws -> ImageTraining {
        try requireMeaning(input, settings)
        return try ImageTraining(images(input, reading: settings.imageReading, tableReading: settings.reading), settings: settings)
    }

    /// Refuses options that have no meaning for the kind of images.
    private static func requireMeaning(_ input: JobInput, _ settings: ImageSettings) throws(SettingsError) {
        let reading = settings.reading, path = input.path, isFolder = FileSystem.folderExists(path), isArray = reading.labels != nil || input.ending == "npz"
        let ofTables = [
            ("--target", reading.target != nil && !(isArray && reading.target == "label")), ("--header", reading.header != nil), ("--delimiter", reading.delimiter != nil),
            ("--missing", reading.missing != nil),
        ]
        let ofFiles = [
            ("--image-size", settings.imageSize != nil), ("--color", settings.color != nil), ("--resize", settings.resizes != nil), ("--skip-damaged", settings.skipsDamaged != nil),
        ]
        let wrong = (isFolder ? ofTables + [("--labels", reading.labels != nil)] : isArray ? ofTables + ofFiles : ofFiles).first { $0.1 }?.0
        guard let wrong else { return }
        let what = isFolder ? "a folder of images, whose classes are its folders" : isArray ? "an array of images" : "not a folder of image files"
        throw SettingsError("\(wrong) has no meaning here: \(path) is \(what); leave it out")
    }

    /// The labelled images of an input.
    ///
    /// - Parameter model: The model that they are for; nil to choose classes and a shape by the input.
    static func images(_ input: JobInput, reading: ImageReading, tableReading: TableReading, model: ImageClassifier? = nil) throws -> LabelledImages {
        let path = try input.onlyPath(for: "a set of labelled images"), scale = model?.pixels.scale
        let images: LabelledImages
        if FileSystem.folderExists(path) {
            images = try LabelledImages(folder: path, reading: reading, classes: model?.classes, shape: model?.shape)
        } else if let labels = tableReading.labels ?? (input.ending == "npz" ? path : nil) {
            images = try LabelledImages(array: path, labels: labels, classes: model?.classes, shape: model?.shape, scale: scale)
        } else if tableReading.builtIn(path) == .digits {
            images = .digits()
        } else {
            switch try Kind(of: path) {
            case .image?: throw DataError(file: path, "it is one image, whose class is not known; give a folder that has a folder of images for each class")
            case .array?: throw SettingsError("\(path) is an array of numbers without labels; name the file of its labels with --labels")
            case .archive?, nil: break
            }
            var tableReading = tableReading
            if tableReading.target == nil { tableReading.target = model?.pixels.target }
            if tableReading.header == nil { tableReading.header = model?.record.settings.reading.header }
            let (table, target) = try tableReading.question([path])
            images = try LabelledImages(table: table, target: target, classes: model?.classes, shape: model?.shape, scale: scale)
        }
        try model?.require(images)
        return images
    }

    /// The image files of an input, one by one: files, or those of a folder and its folders; nil where it is no such input.
    ///
    /// - Returns: The files, and in words what is left out of a folder.
    static func files(_ input: JobInput) throws -> (files: [String], leftOut: [String])? {
        let path = input.path
        if input.paths.count == 1, FileSystem.folderExists(path) { return try LabelledImages.files(in: path) }
        if input.paths.count > 1 || LabelledImages.isImageName(path) { return (input.paths, []) }
        if path == "-" || input.reading.builtIn(path) != nil { return nil }
        return try Kind(of: path) == .image ? (input.paths, []) : nil
    }

    /// Images without labels, or whose labels are not looked at: image files, a folder of them, an array, a table of pixels, or one of these in the
    /// standard input.
    static func unlabelled(_ input: JobInput, reading: ImageReading, tableReading: TableReading, model: ImageClassifier) throws -> LabelledImages {
        let path = input.path, shape = model.shape, scale = model.pixels.scale
        if let (files, _) = try files(input) {
            return try LabelledImages(files: files, source: input.paths.count == 1 ? path : nil, reading: reading, shape: shape)
        }
        if tableReading.builtIn(path) == .digits {
            let digits = LabelledImages.digits()
            try model.require(digits)
            return digits
        }
        var tableReading = tableReading
        if tableReading.header == nil { tableReading.header = model.record.settings.reading.header }
        let table: Table
        if path == "-" {
            let bytes = try FileSystem.read("/dev/stdin"), name = "standard input"
            if PixelImage.isImage(bytes), bytes[0] != 0x50 || bytes.prefix(1024).contains(0) || !bytes.prefix(1024).contains(UInt8(ascii: ",")) {
                return LabelledImages(file: name, pixels: ImageReading.planes(try PixelImage(decoding: bytes, file: name), shape), shape: shape, names: [name])
            }
            table = try tableReading.table(parsing: bytes)
        } else {
            if try Kind(of: path) != nil { return try LabelledImages(array: path, labels: nil, shape: shape, scale: scale) }
            tableReading.labels = nil
            table = try tableReading.table(path)
        }
        let target = try tableReading.target ?? targetColumn(table, model)
        return try LabelledImages(table: table, target: target, shape: shape, scale: scale)
    }

    /// The column of the classes in a table that may have one; nil where it has pixels alone.
    private static func targetColumn(_ table: Table, _ model: ImageClassifier) throws -> String? {
        if let target = model.pixels.target { return table.names.contains(target) ? target : nil }
        guard table.names.count == model.shape.count + 1 else { return nil }
        // Older models don't say.
        return table.names.first { ["label", "class", "target", "y"].contains($0.lowercased()) } ?? table.names.first { !LabelledImages.isPixel($0) }
    }

    /// What a search for settings varies.
    public static var searchSpace: SearchSpace<ImageSettings> {
        SearchSpace(dimensions: [
            .init("filters", scale: .log, text: { "\($0.filters ?? 32)" }, number: { Double($0.filters ?? 32) }) { settings, random in settings.filters = [16, 24, 32, 48][random.index(4)] },
            .init("dropout", text: { "\($0.dropout ?? 0.3)" }, number: { $0.dropout ?? 0.3 }) { settings, random in settings.dropout = [0, 0.1, 0.2, 0.3, 0.4, 0.5][random.index(6)] },
            .init("rotate", text: { "\($0.rotate ?? 8)" }, number: { $0.rotate ?? 8 }) { settings, random in settings.rotate = [0, 5, 10, 15][random.index(4)] },
            .init("shift", text: { "\($0.shift ?? 0.08)" }, number: { $0.shift ?? 0.08 }) { settings, random in settings.shift = [0, 0.05, 0.1, 0.15][random.index(4)] },
        ])
    }
}
