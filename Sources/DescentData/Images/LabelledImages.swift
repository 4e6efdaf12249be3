import DescentFormats
import Synchronization

/// Images of one size, each with its class, or without.
///
/// Pixels are held in memory where all of them take less than `memoryLimit` bytes; otherwise an image is decoded from its file each time it is asked for.
public struct LabelledImages: Sendable {
    /// Where they are from, for people.
    public let file: String
    /// The classes' names; empty without labels.
    public let classes: [String]
    /// The class of each image by its number; empty without labels.
    public let labels: [Int32]
    /// What each image is called: a file, or "image 17".
    public let names: [String]
    /// The size of every image.
    public let shape: ImageShape
    /// Files that could not be read and were left out, with the reasons.
    public let skipped: [String]
    /// What of a folder is not read at all, in words: images of other formats, folders that are no classes.
    public let leftOut: [String]
    /// Which images and labels these are: a checksum; nil where there are too many to be read at once.
    public let fingerprint: String
    /// How many files had another size and were cropped and resized.
    public let resizedCount: Int
    /// What numbers of an array or a table were multiplied by to give pixels from 0 to 255; nil for image files.
    public let pixelScale: Double?
    /// The column of a table that names the classes.
    public let target: String?
    private let storage: ImageStorage

    /// The number of images.
    public var count: Int { names.count }

    /// More pixels than these are not held in memory.
    public static let memoryLimit = 1 << 30

    init(
        file: String, classes: [String], labels: [Int32], names: [String], shape: ImageShape, skipped: [String] = [], leftOut: [String] = [], resizedCount: Int = 0,
        fingerprint: String, pixelScale: Double? = nil, target: String? = nil, storage: ImageStorage
    ) {
        (self.file, self.classes, self.labels, self.names, self.shape) = (file, classes, labels, names, shape)
        (self.skipped, self.leftOut, self.resizedCount, self.fingerprint, self.storage) = (skipped, leftOut, resizedCount, fingerprint, storage)
        (self.pixelScale, self.target) = (pixelScale, target)
    }

    /// Images that are all in memory: [count, channels, height, width].
    ///
    /// - Parameters:
    ///   - pixelScale: What numbers of an array or a table were multiplied by to give these pixels.
    ///   - target: The column of a table that names the classes.
    public init(
        file: String, pixels: [UInt8], shape: ImageShape, classes: [String] = [], labels: [Int32] = [], names: [String]? = nil, pixelScale: Double? = nil, target: String? = nil
    ) {
        let count = pixels.count / max(1, shape.count)
        var bytes = Checksum(pixels).hex
        if !labels.isEmpty { bytes += Checksum(labels.flatMap { Array("\(classes[Int($0)])\n".utf8) }).hex }
        self.init(
            file: file, classes: classes, labels: labels, names: names ?? (0..<count).map { "image \($0 + 1)" }, shape: shape, fingerprint: "xxh64:" + bytes,
            pixelScale: pixelScale, target: target, storage: .memory(pixels))
    }

    /// An image's pixels, channel by channel, row by row.
    ///
    /// - Throws: `FormatError`, `FileError` where its file has changed since.
    public func pixels(_ index: Int) throws -> [UInt8] {
        switch storage {
        case .memory(let all): return Array(all[index * shape.count..<(index + 1) * shape.count])
        case .files(let paths, let reading): return try reading.planes(of: paths[index], shape)
        }
    }
}

/// The size of images as a network takes them.
public struct ImageShape: Equatable, Sendable, CustomStringConvertible {
    /// 1 for gray, 3 for colour.
    public var channels: Int
    public var height: Int
    public var width: Int

    public init(channels: Int, height: Int, width: Int) { (self.channels, self.height, self.width) = (channels, height, width) }

    /// The values of an image.
    public var count: Int { channels * height * width }
    /// "28 x 28 gray".
    public var description: String { "\(width) x \(height) \(channels == 1 ? "gray" : "colour")" }
}

/// Where pixels are.
enum ImageStorage: Sendable {
    case memory([UInt8])
    case files([String], ImageReading)
}

/// How image files are read.
public struct ImageReading: Equatable, Sendable {
    /// The size that images are brought to; nil for the files' own, where they have one size.
    public var height: Int?
    public var width: Int?
    /// 1 for gray, 3 for colour; nil for what most files have.
    public var channels: Int?
    /// Whether images of other sizes are cropped and resized; if not, they are errors.
    public var resizes = true
    /// Whether files that cannot be decoded are left out; if not, they are errors.
    public var skipsDamaged = false
    /// More pixels than these are not held in memory.
    package var memoryLimit = LabelledImages.memoryLimit

    /// Everything guessed.
    public init() {}

    /// Beyond this, images of different sizes are brought to `usualSize`.
    static let largestOwnSize = 128
    static let usualSize = 64

    /// A file's pixels in the given shape, channel by channel.
    package func planes(of path: String, _ shape: ImageShape) throws -> [UInt8] { try Self.planes(PixelImage(decoding: FileSystem.read(path), file: path), shape) }

    /// An image's pixels in the given shape, channel by channel.
    package static func planes(_ image: PixelImage, _ shape: ImageShape) -> [UInt8] {
        let fitted = image.converted(toChannels: shape.channels).cropped(toProportionsOf: shape.width, shape.height).resized(width: shape.width, height: shape.height)
        if shape.channels == 1 { return fitted.pixels }
        var planes = [UInt8](repeating: 0, count: shape.count)
        let area = shape.height * shape.width
        for pixel in 0..<area { for channel in 0..<shape.channels { planes[channel * area + pixel] = fitted.pixels[pixel * shape.channels + channel] } }
        return planes
    }
}
