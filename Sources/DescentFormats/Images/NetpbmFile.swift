/// PGM and PPM (Netpbm): gray and colour pixels as text (P2, P3) or bytes (P5, P6).
public enum NetpbmFile {
    /// Decodes an image; samples are scaled to 0...255.
    ///
    /// - Throws: `FormatError` with the byte at which something is wrong.
    public static func decode(_ bytes: [UInt8], file: String, pixelLimit: Int = PixelImage.pixelLimit) throws(FormatError) -> PixelImage {
        guard bytes.count >= 2, bytes[0] == 0x50, [0x32, 0x33, 0x35, 0x36].contains(bytes[1]) else {
            throw FormatError(file: file, reason: "byte 0: a PGM or PPM image begins with P2, P3, P5 or P6")
        }
        var reader = Reader(bytes: bytes, file: file)
        let isText = bytes[1] <= 0x33, channels = bytes[1] == 0x33 || bytes[1] == 0x36 ? 3 : 1
        let width = try reader.number { "width" }, height = try reader.number { "height" }, largest = try reader.number { "largest sample" }
        try PixelImage.check(width: width, height: height, limit: pixelLimit, file: file)
        guard (1...65535).contains(largest) else { throw reader.error("the largest sample is \(largest); it must be 1 to 65535") }
        // One white space follows the header. A sample takes one or two bytes; as text, a digit and, but for the last, a space.
        let count = width * height * channels, start = reader.position + 1
        let needed = isText ? 2 * count - 1 : largest > 255 ? 2 * count : count
        guard start + needed <= bytes.count else {
            throw FormatError(
                file: file,
                reason: "\(width) x \(height) pixels take \(isText ? "at least " : "")\(needed) bytes, and \(max(0, bytes.count - start)) follow the header; the file is truncated")
        }
        if !isText && largest == 255 { return PixelImage(width: width, height: height, channels: channels, pixels: Array(bytes[start..<start + count])) }
        var pixels = [UInt8](repeating: 0, count: count)
        if isText {
            for index in 0..<count { pixels[index] = try reader.scaled(try reader.number { "sample \(index + 1) of \(count)" }, largest) }
        } else {
            let size = largest > 255 ? 2 : 1
            for index in 0..<count {
                let place = start + index * size
                pixels[index] = try reader.scaled(size == 1 ? Int(bytes[place]) : Int(bytes[place]) << 8 | Int(bytes[place + 1]), largest)
            }
        }
        return PixelImage(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// The header's facts; the orientation is always upright.
    static func header(of bytes: [UInt8], file: String) throws(FormatError) -> ImageHeader {
        var reader = Reader(bytes: bytes, file: file)
        let width = try reader.number { "width" }, height = try reader.number { "height" }
        try PixelImage.check(width: width, height: height, limit: .max, file: file)
        return ImageHeader(width: width, height: height, orientation: 1, isColour: bytes[1] == 0x33 || bytes[1] == 0x36)
    }

    /// An image as PGM (P5) or PPM (P6); an image with an alpha channel is composed over white.
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
        mutating func number(_ name: () -> String) throws(FormatError) -> Int {
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
            guard position > start else { throw error(position < bytes.count ? "the \(name()) must be a number" : "the file ends before the \(name()); it is truncated") }
            return value
        }

        func scaled(_ sample: Int, _ largest: Int) throws(FormatError) -> UInt8 {
            guard sample <= largest else { throw error("a sample is \(sample), above the largest that the header allows, \(largest)") }
            return UInt8((sample * 255 + largest / 2) / largest)
        }
    }
}
