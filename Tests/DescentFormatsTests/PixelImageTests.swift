import DescentFormats
import Testing

@Suite("Images")
struct PixelImageTests {
    private static func bytes(_ fixture: ImageFixture) -> [UInt8] { hexadecimal(fixture.file) }

    @Test("pixels are those of libjpeg, and of the samples that the PNG was written from", arguments: ImageFixture.all.indices)
    func pixels(index: Int) throws {
        let fixture = ImageFixture.all[index]
        let image = try PixelImage(decoding: Self.bytes(fixture), file: "x")
        #expect([image.width, image.height, image.channels] == [fixture.width, fixture.height, fixture.channels], "\(fixture.name)")
        #expect(CRC32.checksum(image.pixels) == fixture.checksum, "\(fixture.name)")
        let size = try PixelImage.size(of: Self.bytes(fixture), file: "x")
        #expect([size.width, size.height] == [fixture.width, fixture.height], "\(fixture.name)")
        #expect(try PixelImage.header(of: Self.bytes(fixture), file: "x").isColour == (fixture.channels >= 3), "\(fixture.name)")
    }

    /// Where the pixel at (x, y) of the shown image is stored, by what EXIF says of row 0 and column 0 (CIPA DC-008, tag 274).
    private static func stored(_ x: Int, _ y: Int, _ orientation: Int, width: Int, height: Int) -> (x: Int, y: Int) {
        switch orientation {
        case 2: (width - 1 - x, y)  // row 0 at the top, column 0 on the right
        case 3: (width - 1 - x, height - 1 - y)  // bottom, right
        case 4: (x, height - 1 - y)  // bottom, left
        case 5: (y, x)  // row 0 on the left, column 0 at the top
        case 6: (y, height - 1 - x)  // right, top
        case 7: (width - 1 - y, height - 1 - x)  // right, bottom
        case 8: (width - 1 - y, x)  // left, bottom
        default: (x, y)
        }
    }

    @Test("an EXIF orientation is applied, or left when the caller says so", arguments: 1...8)
    func orientation(_ orientation: Int) throws {
        let fixture = try #require(ImageFixture.all.first { $0.name == "orientation 6" })
        var bytes = Self.bytes(fixture)
        // The entry of tag 274: a 16-bit number, one of it, the value; big-endian or little-endian.
        let entries: [([UInt8], Int)] = [([1, 0x12, 0, 3, 0, 0, 0, 1], 9), ([0x12, 1, 3, 0, 1, 0, 0, 0], 8)]
        let value = entries.compactMap { entry, offset in bytes.indices.first { bytes[$0...].starts(with: entry) }.map { $0 + offset } }
        #expect(value.count == 1)
        bytes[value[0]] = UInt8(orientation)
        let plain = try PixelImage(decoding: bytes, file: "x", appliesOrientation: false), shown = try PixelImage(decoding: bytes, file: "x")
        #expect((shown.width, shown.height) == (orientation >= 5 ? (plain.height, plain.width) : (plain.width, plain.height)))
        #expect(try PixelImage.size(of: bytes, file: "x") == (shown.width, shown.height))
        #expect(try PixelImage.size(of: bytes, file: "x", appliesOrientation: false) == (plain.width, plain.height))
        for y in 0..<shown.height {
            for x in 0..<shown.width {
                let from = Self.stored(x, y, orientation, width: plain.width, height: plain.height)
                let a = 3 * (y * shown.width + x), b = 3 * (from.y * plain.width + from.x)
                #expect(shown.pixels[a..<a + 3] == plain.pixels[b..<b + 3])
            }
        }
    }

    /// A PNG file whose chunks have right checksums again.
    private static func checked(_ file: [UInt8]) -> [UInt8] {
        var file = file, position = 8
        while position + 12 <= file.count {
            let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            guard length <= file.count - position - 12 else { break }
            let end = position + 8 + length
            withUnsafeBytes(of: CRC32.checksum(file[position + 4..<end]).bigEndian) { file.replaceSubrange(end..<end + 4, with: $0) }
            position = end + 4
        }
        return file
    }

    @Test("a truncated or damaged file is an error or an image, and never a crash", arguments: ImageFixture.all.indices)
    func damaged(index: Int) throws {
        let bytes = Self.bytes(ImageFixture.all[index])
        for count in stride(from: 0, to: bytes.count - 12, by: 7) {
            let error = #expect(throws: FormatError.self, "\(ImageFixture.all[index].name) cut after \(count) bytes") { try PixelImage(decoding: Array(bytes[..<count]), file: "cut") }
            #expect(error?.description.hasPrefix("cut: ") == true)
        }
        var state = UInt64(index + 1)
        func draw(_ count: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % count
        }
        for round in 0..<200 {
            var damaged = bytes
            for _ in 0...draw(4) { damaged[draw(damaged.count)] = UInt8(draw(256)) }
            // Every other PNG with right checksums, so that the damage comes to the chunks and the compressed data.
            if bytes[0] == 0x89, round % 2 == 0 { damaged = Self.checked(damaged) }
            _ = try? PixelImage.size(of: damaged, file: "x")
            // Sizes of up to a million pixels: a flipped byte of the header may ask for more.
            if let image = try? PixelImage(decoding: damaged, file: "x", pixelLimit: 1_000_000) { #expect(image.pixels.count == image.width * image.height * image.channels) }
        }
    }

    @Test("what an encoder writes is read back: PNG of all channels, PPM and PGM, binary and text")
    func roundTrips() throws {
        for channels in 1...4 {
            let image = PixelImage(width: 7, height: 5, channels: channels, pixels: (0..<35 * channels).map { UInt8($0 * 37 & 255) })
            #expect(try PixelImage(decoding: PNGFile.encode(image), file: "x") == image)
            if channels % 2 == 1 { #expect(try PixelImage(decoding: NetpbmFile.encode(image), file: "x") == image) }
        }
        let text = try PixelImage(decoding: Array("P2 # gray\n3 2\n# two rows\n4\n0 1 2\n3 4 4\n".utf8), file: "x")
        #expect(text.pixels == [0, 64, 128, 191, 255, 255] && text.width == 3)
        #expect(try PixelImage(decoding: Array("P3 1 1 255 1 2 3".utf8), file: "x").pixels == [1, 2, 3])
    }

    @Test("colour to gray, gray to colour, transparent to white")
    func channels() {
        let colour = PixelImage(width: 1, height: 1, channels: 4, pixels: [200, 100, 50, 128])
        #expect(colour.converted(toChannels: 3).pixels == [227, 177, 152] && colour.converted(toChannels: 1).pixels == [189])
        #expect(PixelImage(width: 1, height: 1, channels: 1, pixels: [9]).converted(toChannels: 3).pixels == [9, 9, 9])
        #expect(PixelImage(width: 1, height: 1, channels: 2, pixels: [9, 0]).converted(toChannels: 4).pixels == [9, 9, 9, 0])
    }

    @Test("wrong files get a sentence: too large a header, another format, a wrong checksum")
    func sentences() throws {
        func sentence(_ bytes: [UInt8]) -> String {
            do {
                _ = try PixelImage(decoding: bytes, file: "a.png")
                return ""
            } catch { return error.sentence }
        }
        var png = PNGFile.encode(PixelImage(width: 2, height: 2, channels: 1, pixels: [1, 2, 3, 4]))
        png[29] ^= 1
        #expect(sentence(png) == "a.png: byte 8: the checksum of chunk IHDR does not match: the file is damaged")
        let large = Array("P6 60000 60000 255 ".utf8)
        #expect(sentence(large) == "a.png: the header claims 60000 x 60000 pixels, and images of up to 100000000 pixels are read")
        #expect(sentence(Array("GIF89a..".utf8)).contains("it begins with the bytes 47 49 46 38 39 61 2e 2e, which are not those of a PNG, JPEG, PPM or PGM image"))
        #expect(sentence([]) == "a.png: the file is empty")
        // A header of 60000 x 60000 in a JPEG: SOF0 alone.
        #expect(sentence([0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0xEA, 0x60, 0xEA, 0x60, 1, 1, 0x11, 0]).contains("the header claims 60000 x 60000 pixels"))
    }

    /// The sentence of the error that decoding throws; empty where it decodes.
    private static func sentence(_ bytes: [UInt8]) -> String {
        do throws(FormatError) {
            _ = try PixelImage(decoding: bytes, file: "a")
            return ""
        } catch { return error.sentence }
    }

    @Test("a file too short for the pixels in its header is refused before memory is taken")
    func hostileHeaders() {
        // 9000 x 9000 pixels are 1125 x 1125 blocks, of at least a bit each.
        let frame: [UInt8] = [0xFF, 0xD8, 0xFF, 0xC0, 0, 11, 8, 0x23, 0x28, 0x23, 0x28, 1, 1, 0x11, 0]
        #expect(
            Self.sentence(frame + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 1, 2, 3])
                == "a: byte 17: 9000 x 9000 pixels take at least 158204 bytes of image data, and 3 follow; the file is truncated")
        var png = PNGFile.encode(PixelImage(width: 1, height: 1, channels: 1, pixels: [7]))
        for place in [18, 22] { png.replaceSubrange(place..<place + 2, with: [0x23, 0x28]) }
        #expect(Self.sentence(Self.checked(png)) == "a: its image data ends after 2 of 81009000 bytes, in row 1 of 9000")
        #expect(Self.sentence(Array("P2 9000 9000 255 1 2 3".utf8)) == "a: 9000 x 9000 pixels take at least 161999999 bytes, and 5 follow the header; the file is truncated")
        #expect(Self.sentence(Array("P6 9000 9000 255 123".utf8)) == "a: 9000 x 9000 pixels take 243000000 bytes, and 3 follow the header; the file is truncated")
    }

    @Test("a truncated file's error names the row")
    func truncated() throws {
        let png = PNGFile.encode(PixelImage(width: 10, height: 20, channels: 3, pixels: [UInt8](repeating: 9, count: 600)))
        // Before the rows: the signature, IHDR, the head of IDAT, and 7 bytes of zlib and its stored block. A row takes 31 bytes.
        let start = 8 + 25 + 8 + 7
        #expect(Self.sentence(Array(png[..<(start + 31 * 12 + 5)])) == "a: byte 425: the file ends within its image data, in row 13 of 20; it is truncated")
        #expect(Self.sentence(Array(png.dropLast(12))) == "a: byte \(png.count - 12): the file ends after its last row, without its last chunk (IEND); it is truncated")
        let fixture = try #require(ImageFixture.all.first { $0.name == "4:2:0" })
        #expect(Self.sentence(Self.bytes(fixture).dropLast(60)).hasSuffix("the image data ends in row 17 of 18: the file is truncated"))
        #expect(Self.sentence(Self.bytes(fixture).dropLast(2)).hasSuffix("the file ends without its end marker; it is truncated"))
    }

    @Test(
        "kinds of JPEG that are not read have a sentence",
        arguments: [
            (0xC9, 8, 16, "it uses arithmetic coding, which is not read; save it with Huffman coding"),
            (0xC3, 8, 16, "it is lossless or hierarchical JPEG (marker FF C3), which is not read; save it as baseline or progressive"),
            (0xC1, 12, 16, "its samples have 12 bits; 8 are read"),
            (0xC0, 8, 0, "its header leaves the height to a later marker (DNL), which is not read"),
        ])
    func refused(marker: Int, bits: Int, height: Int, sentence: String) {
        let frame: [UInt8] = [0xFF, 0xD8, 0xFF, UInt8(marker), 0, 11, UInt8(bits), 0, UInt8(height), 0, 16, 1, 1, 0x11, 0]
        #expect(Self.sentence(frame) == "a: byte 4: \(sentence)")
    }

    @Test("a progressive scan that comes twice is refused: the time that a file takes has a bound")
    func repeatedScan() throws {
        let bytes = Self.bytes(try #require(ImageFixture.all.first { $0.name == "gray progressive" }))
        // The first scan, up to the next marker that is no part of it.
        let start = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xDA]) })
        let end = try #require(bytes.indices.first { $0 > start + 1 && bytes[$0] == 0xFF && bytes[$0 + 1] > 0 })
        #expect(
            Self.sentence(Array(bytes[..<end]) + bytes[start..<end] + bytes[end...])
                == "a: byte \(end + 2): a scan sends bits 0 to 1 of frequency 0 of component 1 out of order; the file is damaged")
    }
}
