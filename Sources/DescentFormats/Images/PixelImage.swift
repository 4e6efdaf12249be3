/// An image of 8-bit pixels: gray, gray and alpha, RGB or RGBA.
public struct PixelImage: Equatable, Sendable {
    /// The width in pixels.
    public let width: Int
    /// The height in pixels.
    public let height: Int
    /// The number of values of a pixel: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
    public let channels: Int
    /// Row after row, the values of a pixel side by side.
    public private(set) var pixels: [UInt8]

    /// The default limit on the number of pixels. The sizes in a header are compared with the limit before memory is allocated.
    public static let pixelLimit = 100_000_000

    /// An image from its pixels.
    ///
    /// - Precondition: there are `width * height * channels` values, and 1 to 4 channels.
    public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        precondition((1...4).contains(channels) && width >= 0 && height >= 0 && pixels.count == width * height * channels, "the pixels do not fit the sizes")
        (self.width, self.height, self.channels, self.pixels) = (width, height, channels, pixels)
    }

    /// Decodes PNG, JPEG, PPM or PGM, told apart by their first bytes, whatever the file's name says.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: The name that errors begin with.
    ///   - pixelLimit: An image whose header claims more pixels is refused.
    ///   - appliesOrientation: Whether an EXIF orientation is applied to the pixels.
    /// - Throws: `FormatError` that says what is wrong and where.
    public init(decoding bytes: [UInt8], file: String, pixelLimit: Int = Self.pixelLimit, appliesOrientation: Bool = true) throws(FormatError) {
        switch try ImageFormat(bytes, file: file) {
        case .png: self = try PNGFile.decode(bytes, file: file, pixelLimit: pixelLimit, appliesOrientation: appliesOrientation)
        case .jpeg: self = try JPEGFile.decode(bytes, file: file, pixelLimit: pixelLimit, appliesOrientation: appliesOrientation)
        case .netpbm: self = try NetpbmFile.decode(bytes, file: file, pixelLimit: pixelLimit)
        }
    }

    /// The width and height of the decoded image, from the header alone. No pixels are decoded, and there is no limit on their number.
    ///
    /// - Parameters:
    ///   - bytes: The file, or as much of its beginning as holds the header.
    ///   - file: The name that errors begin with.
    ///   - appliesOrientation: Whether an EXIF orientation swaps the sizes.
    /// - Throws: `FormatError` where the header is damaged or missing. Damage after the header is not noticed.
    public static func size(of bytes: [UInt8], file: String, appliesOrientation: Bool = true) throws(FormatError) -> (width: Int, height: Int) {
        let header = try header(of: bytes, file: file)
        return appliesOrientation && header.orientation >= 5 ? (header.height, header.width) : (header.width, header.height)
    }

    /// The header alone: sizes, EXIF orientation, and whether the pixels are stored in colour.
    package static func header(of bytes: [UInt8], file: String) throws(FormatError) -> ImageHeader {
        switch try ImageFormat(bytes, file: file) {
        case .png: try PNGChunks.header(of: bytes, file: file)
        case .jpeg: try JPEGReader.header(of: bytes, file: file)
        case .netpbm: try NetpbmFile.header(of: bytes, file: file)
        }
    }

    /// Refuses the sizes in a header that exceed the limit, before memory is allocated.
    static func check(width: Int, height: Int, limit: Int, file: String) throws(FormatError) {
        if width < 1 || height < 1 { throw FormatError(file: file, reason: "the image is \(width) x \(height) pixels; both sizes must be at least 1") }
        let (count, overflows) = width.multipliedReportingOverflow(by: height)
        // Products with the size of a pixel must fit an integer, whatever limit a caller gives.
        if overflows || count > min(limit, 1 << 48) {
            throw FormatError(file: file, reason: "the header claims \(width) x \(height) pixels, and images of up to \(limit) pixels are read")
        }
    }
}

/// What an image file says of itself before its pixels.
package struct ImageHeader: Equatable, Sendable {
    /// The sizes as stored; an orientation from 5 to 8 swaps them.
    package let width: Int, height: Int
    /// From 1 to 8, by EXIF; 1 is upright.
    package let orientation: Int
    /// Whether pixels are stored in colour, though they may all be gray.
    package let isColour: Bool
}

/// The formats that are told apart by their first bytes.
enum ImageFormat {
    case png, jpeg, netpbm

    init(_ bytes: [UInt8], file: String) throws(FormatError) {
        if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
            self = .png
        } else if bytes.starts(with: [0xFF, 0xD8]) {
            self = .jpeg
        } else if bytes.count >= 2, bytes[0] == 0x50, [0x32, 0x33, 0x35, 0x36].contains(bytes[1]) {
            self = .netpbm
        } else {
            let first = bytes.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
            throw FormatError(file: file, reason: bytes.isEmpty ? "the file is empty" : "it begins with the bytes \(first), which are not those of a PNG, JPEG, PPM or PGM image")
        }
    }

    /// Whether bytes begin as an image does.
    static func isImage(_ bytes: [UInt8]) -> Bool { (try? ImageFormat(bytes, file: "")) != nil }
}

extension PixelImage {
    /// Whether bytes begin as one of the formats that `init(decoding:)` reads.
    public static func isImage(_ bytes: [UInt8]) -> Bool { ImageFormat.isImage(bytes) }
}
