import DescentFormats

/// Endings of the formats that are read.
private let imageEndings: Set<String> = ["png", "jpg", "jpeg", "ppm", "pgm", "pnm"]

extension LabelledImages {
    /// Whether a path ends as an image file does.
    public static func isImageName(_ path: String) -> Bool {
        guard let dot = path.lastIndex(of: ".") else { return false }
        return imageEndings.contains(path[path.index(after: dot)...].lowercased())
    }

    /// Whether a folder has folders with images, one for each class.
    public static func isFolderOfClasses(_ path: String) throws -> Bool {
        guard FileSystem.folderExists(path) else { return false }
        return try classFolders(path).contains { name in try FileSystem.list("\(path)/\(name)").contains(where: isImageName) }
    }

    /// The folders of a folder that are such folders of classes themselves: "train" and "test".
    public static func partsOfData(_ path: String) throws -> [String] {
        guard FileSystem.folderExists(path) else { return [] }
        return try classFolders(path).filter { try isFolderOfClasses("\(path)/\($0)") }
    }

    private static func classFolders(_ path: String) throws -> [String] {
        try FileSystem.list(path).filter { !$0.hasPrefix(".") && FileSystem.folderExists("\(path)/\($0)") }
    }

    /// A folder of folders: the class of an image is its folder.
    ///
    /// - Parameter shape: The size that a model takes; nil to choose one.
    /// - Throws: `DataError` for an empty class, for fewer than two classes and for images of other sizes where they are refused; `FormatError` for a damaged
    ///   file, unless those are skipped.
    public init(folder path: String, reading: ImageReading = ImageReading(), shape: ImageShape? = nil) throws {
        let path = path.hasSuffix("/") && path.count > 1 ? String(path.dropLast()) : path
        let classes = try Self.classFolders(path), parts = try Self.partsOfData(path)
        if let first = parts.first {
            throw DataError(file: path, "its folders \(parts.joined(separator: ", ")) have a folder for each class themselves: give one of them, such as \(path)/\(first)")
        }
        var files: [String] = [], labels: [Int32] = []
        for (label, name) in classes.enumerated() {
            let images = try FileSystem.list("\(path)/\(name)").filter { Self.isImageName($0) && !$0.hasPrefix(".") }
            if images.isEmpty {
                throw DataError(file: "\(path)/\(name)", "the folder has no images (\(imageEndings.sorted().joined(separator: ", "))), and each class needs some; remove it, or add images")
            }
            files += images.map { "\(path)/\(name)/\($0)" }
            labels += [Int32](repeating: Int32(label), count: images.count)
        }
        if classes.count < 2 { throw DataError(file: path, "it has \(classes.isEmpty ? "no folders" : "one folder, \(classes[0])"); there must be at least two, one for each class") }
        try self.init(files: files, labels: labels, classes: classes, file: path, reading: reading, shape: shape)
    }

    /// Image files without labels.
    public init(files: [String], reading: ImageReading = ImageReading(), shape: ImageShape? = nil) throws {
        try self.init(files: files, labels: [], classes: [], file: files.joined(separator: ", "), reading: reading, shape: shape)
    }

    private init(files: [String], labels: [Int32], classes: [String], file: String, reading: ImageReading, shape given: ImageShape?) throws {
        let shape = try given ?? Self.shape(of: files, reading)
        let holdsAll = files.count <= Self.memoryLimit / shape.count
        var pixels: [UInt8] = [], kept: [Int] = [], skipped: [String] = [], resized = 0, checksum = ""
        for (index, path) in files.enumerated() {
            do {
                let bytes = try FileSystem.read(path)
                if holdsAll {
                    let image = try PixelImage(decoding: bytes, file: path)
                    if image.width != shape.width || image.height != shape.height {
                        if !reading.resizes {
                            throw DataError(
                                file: path, "it has \(image.width) x \(image.height) pixels, and the others \(shape.width) x \(shape.height); bring them to one size, or let them be resized (--resize)"
                            )
                        }
                        resized += 1
                    }
                    pixels += ImageReading.planes(image, shape)
                }
                checksum += Checksum(bytes).hex
                kept.append(index)
            } catch let error as FormatError {
                if !reading.skipsDamaged { throw FormatError(file: error.file, reason: error.reason + " (--skip-damaged leaves such files out)") }
                skipped.append(error.sentence)
            }
        }
        let names = kept.map { files[$0] }, own = labels.isEmpty ? [] : kept.map { labels[$0] }
        for (label, name) in classes.enumerated() where !own.contains(Int32(label)) { throw DataError(file: file, "none of the images of class \(name) could be read") }
        let sum = Checksum(Array((checksum + own.map { "\($0)" }.joined(separator: ",") + "\(shape)").utf8)).hex
        self.init(
            file: file, classes: classes, labels: own, names: names, shape: shape, skipped: skipped, resizedCount: resized, fingerprint: "xxh64:" + sum,
            storage: holdsAll ? .memory(pixels) : .files(names, reading))
    }

    /// The shape that files are brought to: their own where all are of one moderate size, else a usual one.
    private static func shape(of files: [String], _ reading: ImageReading) throws -> ImageShape {
        var sizes: [[Int]: Int] = [:], colours = 0, looked = 0
        for path in files.prefix(500) {
            guard let image = try? PixelImage(decoding: FileSystem.read(path), file: path) else { continue }
            sizes[[image.height, image.width], default: 0] += 1
            // Gray pictures are often stored in colour.
            let isColour =
                image.channels >= 3
                && (0..<image.width * image.height).contains { pixel in
                    let place = pixel * image.channels
                    return image.pixels[place] != image.pixels[place + 1] || image.pixels[place] != image.pixels[place + 2]
                }
            colours += isColour ? 1 : 0
            looked += 1
        }
        // Where nothing is resized, the size that most have.
        let own = sizes.count == 1 || !reading.resizes ? sizes.max { ($0.value, $1.key[0], $1.key[1]) < ($1.value, $0.key[0], $0.key[1]) }?.key : nil
        let fits = own.map { max($0[0], $0[1]) <= ImageReading.largestOwnSize || !reading.resizes } ?? false
        return ImageShape(
            channels: reading.channels ?? (2 * colours > looked ? 3 : 1), height: reading.height ?? (fits ? own![0] : ImageReading.usualSize),
            width: reading.width ?? (fits ? own![1] : ImageReading.usualSize))
    }
}
