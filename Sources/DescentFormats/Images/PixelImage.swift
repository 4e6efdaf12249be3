/// An image of 8-bit pixels: gray, gray and alpha, RGB or RGBA.
public struct PixelImage: Equatable, Sendable {
    /// The width in pixels.
    public let width: Int
    /// The height in pixels.
    public let height: Int
    /// The values of a pixel: 1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.
    public let channels: Int
    /// Row after row, the values of a pixel side by side.
    public private(set) var pixels: [UInt8]

    /// The most pixels that an image may have if nothing else is said: what its header claims is compared with this before any memory is taken.
    public static let pixelLimit = 100_000_000

    /// - Precondition: there are `width * height * channels` values, and 1 to 4 channels.
    public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        precondition((1...4).contains(channels) && width >= 0 && height >= 0 && pixels.count == width * height * channels, "the pixels do not fit the sizes")
        (self.width, self.height, self.channels, self.pixels) = (width, height, channels, pixels)
    }

    /// Decodes PNG, JPEG, PPM or PGM, whatever the file's name says. An EXIF orientation is applied to the pixels.
    ///
    /// - Parameters:
    ///   - file: The name that errors begin with.
    ///   - pixelLimit: An image whose header claims more pixels is refused.
    /// - Throws: `FormatError` that says what is wrong and where.
    public init(decoding bytes: [UInt8], file: String, pixelLimit: Int = Self.pixelLimit) throws(FormatError) {
        switch try ImageFormat(bytes, file: file) {
        case .png: self = try PNGFile.decode(bytes, file: file, pixelLimit: pixelLimit)
        case .jpeg: self = try JPEGFile.decode(bytes, file: file, pixelLimit: pixelLimit)
        case .netpbm: self = try NetpbmFile.decode(bytes, file: file, pixelLimit: pixelLimit)
        }
    }

    /// The same image with another number of channels: colour becomes gray by Rec. 601's weights, gray is repeated, what is transparent shows white,
    /// and an added alpha is opaque.
    public func converted(toChannels count: Int) -> PixelImage {
        if count == channels { return self }
        var result = [UInt8](repeating: 255, count: width * height * count)
        for pixel in 0..<width * height {
            let from = pixel * channels, to = pixel * count
            let isColour = channels >= 3
            var colour = (0..<3).map { Int(pixels[from + (isColour ? $0 : 0)]) }
            if channels % 2 == 0 && count % 2 == 1 {
                let alpha = Int(pixels[from + channels - 1])
                colour = colour.map { ($0 * alpha + 255 * (255 - alpha) + 127) / 255 }
            }
            if count >= 3 {
                for channel in 0..<3 { result[to + channel] = UInt8(colour[channel]) }
            } else {
                result[to] = isColour ? UInt8((299 * colour[0] + 587 * colour[1] + 114 * colour[2] + 500) / 1000) : UInt8(colour[0])
            }
            if count % 2 == 0 && channels % 2 == 0 { result[to + count - 1] = pixels[from + channels - 1] }
        }
        return PixelImage(width: width, height: height, channels: count, pixels: result)
    }

    /// The image as it is meant to be seen, by an EXIF orientation from 1 to 8.
    func oriented(_ orientation: Int) -> PixelImage {
        if !(2...8).contains(orientation) { return self }
        let (newWidth, newHeight) = orientation >= 5 ? (height, width) : (width, height)
        var result = [UInt8](repeating: 0, count: pixels.count)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let (fromX, fromY) =
                    switch orientation {
                    case 2: (width - 1 - x, y)
                    case 3: (width - 1 - x, height - 1 - y)
                    case 4: (x, height - 1 - y)
                    case 5: (y, x)
                    case 6: (y, height - 1 - x)
                    case 7: (width - 1 - y, height - 1 - x)
                    default: (width - 1 - y, x)
                    }
                let from = (fromY * width + fromX) * channels, to = (y * newWidth + x) * channels
                for channel in 0..<channels { result[to + channel] = pixels[from + channel] }
            }
        }
        return PixelImage(width: newWidth, height: newHeight, channels: channels, pixels: result)
    }

    /// Refuses sizes that a header claims, before memory is taken.
    static func check(width: Int, height: Int, limit: Int, file: String) throws(FormatError) {
        if width < 1 || height < 1 { throw FormatError(file: file, reason: "the image is \(width) x \(height) pixels; both sizes must be at least 1") }
        let (count, overflows) = width.multipliedReportingOverflow(by: height)
        if overflows || count > limit {
            throw FormatError(file: file, reason: "the header claims \(width) x \(height) pixels, and images of up to \(limit) pixels are read")
        }
    }
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
