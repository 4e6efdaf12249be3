import DescentFormats

extension LabelledImages {
    /// Reads image files.
    ///
    /// - Parameters:
    ///   - needsAllClasses: Whether a class without an image that can be read is an error.
    ///   - leftOut: What of the folder is not among the files, in words.
    init(
        files: [String], labels: [Int32], classes: [String], needsAllClasses: Bool, file: String, reading: ImageReading, shape given: ImageShape?, leftOut: [String]
    ) throws {
        let shape = try given ?? Self.shape(of: files, reading)
        let holdsAll = files.count <= reading.memoryLimit / shape.count
        var pixels: [UInt8] = [], kept: [Int] = [], skipped: [String] = [], resized = 0, checksum = "", first: (any Error)?
        for (index, path) in files.enumerated() {
            do {
                let bytes = try FileSystem.read(path)
                // Where not all pixels fit into memory, whether they can be decoded matters before the run if damaged files are to be left out.
                let image = holdsAll || reading.skipsDamaged ? try PixelImage(decoding: bytes, file: path) : nil
                let (width, height) = try image.map { ($0.width, $0.height) } ?? PixelImage.size(of: bytes, file: path)
                if width != shape.width || height != shape.height {
                    if !reading.resizes {
                        throw DataError(
                            file: path, "it has \(width) x \(height) pixels, and the others \(shape.width) x \(shape.height); bring them to one size, or let them be resized (--resize)")
                    }
                    resized += 1
                }
                if holdsAll, let image { pixels += ImageReading.planes(image, shape) }
                checksum += Checksum(bytes).hex
                kept.append(index)
            } catch let error where error is FormatError || error is FileError {
                if !reading.skipsDamaged {
                    guard let error = error as? FormatError else { throw error }
                    throw FormatError(file: error.file, reason: error.reason + " (--skip-damaged leaves such files out)")
                }
                first = first ?? error
                skipped.append("\(error)")
            }
        }
        if kept.isEmpty, let first { throw first }
        let names = kept.map { files[$0] }, own = labels.isEmpty ? [] : kept.map { labels[$0] }
        let present = Set(own)
        if needsAllClasses, let label = classes.indices.first(where: { !present.contains(Int32($0)) }) {
            throw DataError(file: file, "none of the images of class \(listed(classes[label])) could be read")
        }
        let sum = Checksum(Array((checksum + own.map { "\($0)" }.joined(separator: ",") + "\(shape)").utf8)).hex
        self.init(
            file: file, classes: classes, labels: own, names: names, shape: shape, skipped: skipped, leftOut: leftOut, resizedCount: resized, fingerprint: "xxh64:" + sum,
            storage: holdsAll ? .memory(pixels) : .files(names, reading))
    }

    /// The most files whose headers are read to choose a shape, and whose pixels to tell gray from colour.
    private static let headerLimit = 500, colourLimit = 60

    /// Some of the files, from the first to the last in even steps: so from all classes.
    private static func spread(_ files: [String], _ limit: Int) -> [String] {
        files.count <= limit ? files : (0..<limit).map { files[$0 * files.count / limit] }
    }

    /// The shape that files are brought to: their own where all are of one moderate size, else a usual one.
    private static func shape(of files: [String], _ reading: ImageReading) throws -> ImageShape {
        var sizes: [[Int]: [String]] = [:], coloured: [String] = [], looked = 0
        for path in spread(files, headerLimit) {
            guard let bytes = try? FileSystem.read(path), let header = try? PixelImage.header(of: bytes, file: path) else { continue }
            sizes[header.orientation >= 5 ? [header.width, header.height] : [header.height, header.width], default: []].append(path)
            if header.isColour { coloured.append(path) }
            looked += 1
        }
        func decoded(_ path: String) -> PixelImage? { try? PixelImage(decoding: FileSystem.read(path), file: path) }
        // A size that only damaged files have counts for nothing.
        if sizes.count > 1, sizes.count <= 10, reading.height == nil {
            let most = sizes.max { ($0.value.count, $1.key[0], $1.key[1]) < ($1.value.count, $0.key[0], $0.key[1]) }!.key
            for (size, paths) in sizes where size != most && paths.count <= 10 && !paths.contains(where: { decoded($0) != nil }) { sizes[size] = nil }
        }
        var channels = reading.channels ?? 1
        // Gray pictures are often stored in colour.
        if reading.channels == nil, 2 * coloured.count > looked {
            let seen = spread(coloured, colourLimit).compactMap { decoded($0).map(isColour) }
            let share = seen.isEmpty ? 1 : Double(seen.count { $0 }) / Double(seen.count)
            channels = 2 * share * Double(coloured.count) > Double(looked) ? 3 : 1
        }
        // Where nothing is resized, the size that most have.
        let own = sizes.count == 1 || !reading.resizes ? sizes.max { ($0.value.count, $1.key[0], $1.key[1]) < ($1.value.count, $0.key[0], $0.key[1]) }?.key : nil
        let fits = own.map { max($0[0], $0[1]) <= ImageReading.largestOwnSize || !reading.resizes } ?? false
        return ImageShape(
            channels: channels, height: reading.height ?? (fits ? own![0] : ImageReading.usualSize), width: reading.width ?? (fits ? own![1] : ImageReading.usualSize))
    }

    /// Whether a pixel is not gray.
    private static func isColour(_ image: PixelImage) -> Bool {
        image.channels >= 3
            && (0..<image.width * image.height).contains { pixel in
                let place = pixel * image.channels
                return image.pixels[place] != image.pixels[place + 1] || image.pixels[place] != image.pixels[place + 2]
            }
    }
}
