/// PNG (Portable Network Graphics, third edition): all colour types, bit depths and interlacing.
public enum PNGFile {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Decodes an image. 16-bit samples keep their high byte, fewer bits of gray are scaled to 0...255, palettes become RGB, and a transparent colour becomes
    /// an alpha channel.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: The name that errors begin with.
    ///   - pixelLimit: An image whose header claims more pixels is refused.
    ///   - appliesOrientation: Whether an EXIF orientation is applied to the pixels.
    /// - Throws: `FormatError` with the byte, chunk or row at which something is wrong.
    public static func decode(
        _ bytes: [UInt8], file: String, pixelLimit: Int = PixelImage.pixelLimit, appliesOrientation: Bool = true
    ) throws(FormatError) -> PixelImage {
        let chunks = try PNGChunks(bytes, file: file, pixelLimit: pixelLimit)
        let header = chunks.header
        let data = try decompress(chunks, byteCount: bytes.count, file)
        let channels = header.outputChannels(hasTransparency: chunks.transparency != nil)
        var image = [UInt8](repeating: 0, count: header.width * header.height * channels)
        let painter = PNGPainter(chunks)
        var position = 0
        for pass in header.passes where pass.width > 0 && pass.height > 0 {
            let rowBytes = header.rowBytes(pass.width)
            var previous = [UInt8](repeating: 0, count: rowBytes), row = previous
            for y in 0..<pass.height {
                try unfilter(data, at: position, previous, &row, header.pixelBytes, file: file)
                try painter.paint(row, pass, y, &image, file: file)
                swap(&previous, &row)
                position += rowBytes + 1
            }
        }
        let result = PixelImage(width: header.width, height: header.height, channels: channels, pixels: image)
        return appliesOrientation ? result.oriented(chunks.orientation) : result
    }

    /// Decompresses the image data: zlib (RFC 1950), of a size that the header gives.
    private static func decompress(_ chunks: PNGChunks, byteCount: Int, _ file: String) throws(FormatError) -> [UInt8] {
        func error(_ reason: String) -> FormatError { FormatError(file: file, reason: reason) }
        let data = chunks.data, header = chunks.header, expected = header.dataBytes
        func truncated(_ produced: Int) -> FormatError {
            error("byte \(byteCount): the file ends within its image data, in \(header.place(ofByte: produced)); it is truncated")
        }
        if data.isEmpty { throw error("it has no image data (chunk IDAT)") }
        guard data.count >= 2 else { throw chunks.isTruncated ? truncated(0) : error("its image data is 1 byte long, and truncated") }
        guard data[0] & 15 == 8, (Int(data[0]) << 8 | Int(data[1])) % 31 == 0, data[1] & 32 == 0 else {
            throw error("its image data does not begin as zlib data does: \(data[0]), \(data[1])")
        }
        let inflate: Inflate
        do {
            // A byte decompresses to 1032 at most: a short file takes little memory, whatever its header claims.
            inflate = try Inflate(data[2...], expecting: min(expected, data.count * 1032), limit: expected)
        } catch {
            if chunks.isTruncated { throw truncated(error.produced) }
            throw FormatError(file: file, reason: "byte \(error.offset) of its image data, in \(header.place(ofByte: error.produced)): \(error.reason)")
        }
        guard inflate.output.count == expected else {
            throw error("its image data ends after \(inflate.output.count) of \(expected) bytes, in \(header.place(ofByte: inflate.output.count))")
        }
        if chunks.isTruncated { throw error("byte \(byteCount): the file ends after its last row, without its last chunk (IEND); it is truncated") }
        let end = inflate.position
        guard end + 4 <= data.count else { throw error("its image data ends before its checksum") }
        let stored = data[end..<end + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        if stored != Adler32.checksum(inflate.output) { throw error("the checksum of its image data does not match: it is damaged") }
        return inflate.output
    }

    /// One row: each byte is stored as its difference from a prediction by the bytes to the left and above.
    private static func unfilter(_ data: [UInt8], at position: Int, _ previous: [UInt8], _ row: inout [UInt8], _ step: Int, file: String) throws(FormatError) {
        let filter = data[position], count = row.count
        guard filter <= 4 else { throw FormatError(file: file, reason: "a row's filter is \(filter), and PNG has 0 to 4: the image data is damaged") }
        data.withUnsafeBufferPointer { data in
            previous.withUnsafeBufferPointer { above in
                row.withUnsafeMutableBufferPointer { row in
                    let from = position + 1
                    switch filter {
                    case 0: for i in 0..<count { row[i] = data[from + i] }
                    case 1: for i in 0..<count { row[i] = data[from + i] &+ (i >= step ? row[i - step] : 0) }
                    case 2: for i in 0..<count { row[i] = data[from + i] &+ above[i] }
                    case 3: for i in 0..<count { row[i] = data[from + i] &+ UInt8((Int(i >= step ? row[i - step] : 0) + Int(above[i])) / 2) }
                    default:
                        for i in 0..<count {
                            let a = i >= step ? Int(row[i - step]) : 0, b = Int(above[i]), c = i >= step ? Int(above[i - step]) : 0
                            let p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c)
                            row[i] = data[from + i] &+ UInt8(pa <= pb && pa <= pc ? a : pb <= pc ? b : c)
                        }
                    }
                }
            }
        }
    }

    /// An image as PNG, without compression.
    public static func encode(_ image: PixelImage) -> [UInt8] {
        var raw: [UInt8] = []
        raw.reserveCapacity(image.pixels.count + image.height)
        let rowBytes = image.width * image.channels
        for y in 0..<image.height {
            raw.append(0)
            raw += image.pixels[(y * rowBytes)..<((y + 1) * rowBytes)]
        }
        var data: [UInt8] = [0x78, 0x01]
        var start = 0
        repeat {
            let count = min(65535, raw.count - start)
            data += [start + count == raw.count ? 1 : 0, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8 & 255)]
            data += raw[start..<start + count]
            start += count
        } while start < raw.count
        data += bigEndian(Adler32.checksum(raw))
        let type: UInt8 = [0, 4, 2, 6][image.channels - 1]
        let header = bigEndian(UInt32(image.width)) + bigEndian(UInt32(image.height)) + [8, type, 0, 0, 0]
        return signature + chunk("IHDR", header) + chunk("IDAT", data) + chunk("IEND", [])
    }

    private static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        return bigEndian(UInt32(content.count)) + body + bigEndian(CRC32.checksum(body))
    }

    private static func bigEndian(_ value: UInt32) -> [UInt8] { [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)] }
}

/// The checksum of zlib data (RFC 1950).
enum Adler32 {
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var a: UInt32 = 1, b: UInt32 = 0
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                // The number of sums that fit 32 bits.
                let end = min(start + 5552, bytes.count)
                for i in start..<end {
                    a &+= UInt32(bytes[i])
                    b &+= a
                }
                a %= 65521
                b %= 65521
                start = end
            }
        }
        return b << 16 | a
    }
}
