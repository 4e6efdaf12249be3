import DescentData
import DescentFormats

/// Classification of images: a folder of folders, arrays with labels, or a table of pixels.
public enum ImagesJob: Job {
    public static let name = "images"
    public static let title = "Images"

    public static func recognize(_ input: JobInput) throws -> Recognition? {
        if try LabelledImages.isFolderOfClasses(input.path) { return Recognition(.certain, "a folder of folders of images, so the class of an image is its folder") }
        if try !LabelledImages.partsOfData(input.path).isEmpty { return Recognition(.certain, "a folder of images in several parts") }
        if input.reading.labels != nil, input.options.isDisjoint(with: tableOptions) { return Recognition(.certain, "an array of images with their labels") }
        if input.options.contains("model"), input.builtIn == .digits { return Recognition(.certain, "images, since --model names a network for them") }
        if input.options.contains("model"), input.builtIn == nil, !FileSystem.exists(input.path) { return Recognition(.certain, "images, since --model names a network for them") }
        if input.builtIn != nil || input.path == "-" || input.paths.count > 1 || input.isFolder || !FileSystem.exists(input.path) { return nil }
        if input.options.contains("model") { return Recognition(.certain, "a table of pixels, since --model names a network for images") }
        guard ["csv", "tsv"].contains(input.ending), let names = try? TableStream(path: input.path, blockSize: 1 << 16).names, LabelledImages.arePixels(names) else { return nil }
        return Recognition(.likely, "a table of pixels, so images")
    }

    /// Options that only a network for tables has: with them an array of pixels is a table.
    private static let tableOptions = Set(TableJob.ownOptions.map(\.name)).subtracting(ownOptions.map(\.name))

    public static func training(_ input: JobInput, settings: ImageSettings) throws -> ImageTraining {
        try ImageTraining(images(input, reading: settings.imageReading, tableReading: settings.reading), settings: settings)
    }

    /// The labelled images of an input.
    ///
    /// - Parameters:
    ///   - classes: The classes of a model; nil for those of the input.
    ///   - shape: The shape that a model takes; nil to choose one.
    static func images(_ input: JobInput, reading: ImageReading, tableReading: TableReading, classes: [String]? = nil, shape: ImageShape? = nil) throws -> LabelledImages {
        let path = try input.onlyPath(for: "a set of labelled images")
        if FileSystem.folderExists(path) { return try LabelledImages(folder: path, reading: reading, shape: shape) }
        if let labels = tableReading.labels { return try LabelledImages(array: path, labels: labels, classes: classes, shape: shape) }
        if tableReading.builtIn(path) == .digits { return LabelledImages.digits() }
        let (table, target) = try tableReading.question(path)
        return try LabelledImages(table: table, target: target, classes: classes, shape: shape)
    }

    /// The image files of an input, one by one: files, those of a folder, or of a folder of folders; nil where it is no such input.
    static func files(_ input: JobInput) throws -> [String]? {
        let path = input.path
        if input.paths.count == 1, FileSystem.folderExists(path) {
            let names = try FileSystem.list(path).filter { !$0.hasPrefix(".") }
            let inner = try names.filter { FileSystem.folderExists("\(path)/\($0)") }.flatMap { folder in try FileSystem.list("\(path)/\(folder)").map { "\(folder)/\($0)" } }
            let files = (names + inner).filter { LabelledImages.isImageName($0) && !FileSystem.folderExists("\(path)/\($0)") }.map { "\(path)/\($0)" }
            if files.isEmpty { throw DataError(file: path, "the folder has no images (png, jpg, jpeg, ppm, pgm, pnm)") }
            return files
        }
        if input.paths.count > 1 || LabelledImages.isImageName(path) { return input.paths }
        if input.reading.builtIn(path) != nil { return nil }
        return PixelImage.isImage(try FileSystem.read(path)) ? input.paths : nil
    }

    /// Images without labels, or whose labels are not looked at: image files, a folder of them, an array, or a table of pixels.
    static func unlabelled(_ input: JobInput, reading: ImageReading, tableReading: TableReading, shape: ImageShape) throws -> LabelledImages {
        let path = input.path
        if let files = try files(input) { return try LabelledImages(files: files, reading: reading, shape: shape) }
        if tableReading.builtIn(path) == .digits { return LabelledImages.digits() }
        let bytes = try FileSystem.read(path)
        if path.hasSuffix(".npy") || bytes.starts(with: [0, 0]) || Gzip.isCompressed(bytes) { return try LabelledImages(array: path, labels: nil, shape: shape) }
        let table = try tableReading.table(path)
        let target = tableReading.target ?? (table.names.count == shape.count + 1 ? table.names.first { !LabelledImages.arePixels([$0] + [String](repeating: "pixel", count: 16)) } : nil)
        return try LabelledImages(table: table, target: target, shape: shape)
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
