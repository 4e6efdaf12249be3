/// PGM and PPM (Netpbm): gray and colour pixels as text (P2, P3) or bytes (P5, P6).
public enum NetpbmFile {
    /// Decodes an image; samples are scaled to 0...255.
    ///
    /// - Throws: `FormatError` with the byte at which something is wrong.
    public static func decode(_ bytes: [UInt8], file: String, pixelLimit: Int = PixelImage.pixelLimit) throws(FormatError) -> PixelImage {
        var reader = Reader(bytes: bytes, file: file)
        let kind = bytes[1], channels = kind == 0x33 || kind == 0x36 ? 3 : 1
        let width = try reader.number("width"), height = try reader.number("height"), largest = try reader.number("largest sample")
        try PixelImage.check(width: width, height: height, limit: pixelLimit, file: file)
        guard (1...65535).contains(largest) else { throw reader.error("the largest sample is \(largest); it must be 1 to 65535") }
        let count = width * height * channels
        var pixels = [UInt8](repeating: 0, count: count)
        if kind == 0x32 || kind == 0x33 {
            for index in 0..<count { pixels[index] = try reader.scaled(try reader.number("sample \(index + 1) of \(count)"), largest) }
        } else {
            // One white space, then the samples.
            let start = reader.position + 1, size = largest > 255 ? 2 : 1
            guard start + count * size <= bytes.count else {
                throw FormatError(file: file, reason: "\(width) x \(height) pixels take \(count * size) bytes, and \(max(0, bytes.count - start)) follow the header; the file is truncated")
            }
            for index in 0..<count {
                let place = start + index * size
                pixels[index] = try reader.scaled(size == 1 ? Int(bytes[place]) : Int(bytes[place]) << 8 | Int(bytes[place + 1]), largest)
            }
        }
        return PixelImage(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// An image as P5 or P6; an alpha channel is dropped over white.
    public static func encode(_ image: PixelImage) -> [UInt8] {
        let shown = image.converted(toChannels: image.channels >= 3 ? 3 : 1)
        return Array("P\(shown.channels == 3 ? 6 : 5)\n\(shown.width) \(shown.height)\n255\n".utf8) + shown.pixels
    }

    private struct Reader {
        let bytes: [UInt8]
        let file: String
        var position = 2

        func error(_ reason: String) -> FormatError { FormatError(file: file, reason: "byte \(position): \(reason)") }

        /// The next number in decimal digits, past white space and comments.
        mutating func number(_ name: String) throws(FormatError) -> Int {
            while position < bytes.count {
                if bytes[position] == 0x23 {
                    while position < bytes.count, bytes[position] != 0x0A { position += 1 }
                } else if bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) {
                    position += 1
                } else {
                    break
                }
            }
            var value = 0
            let start = position
            while position < bytes.count, (0x30...0x39).contains(bytes[position]), position - start < 9 {
                value = value * 10 + Int(bytes[position] - 0x30)
                position += 1
            }
            guard position > start else { throw error(position < bytes.count ? "the \(name) must be a number" : "the file ends before the \(name)") }
            return value
        }

        func scaled(_ sample: Int, _ largest: Int) throws(FormatError) -> UInt8 {
            guard sample <= largest else { throw error("a sample is \(sample), above the largest that the header allows, \(largest)") }
            return UInt8((sample * 255 + largest / 2) / largest)
        }
    }
}
