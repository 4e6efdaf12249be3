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
        for _ in 0..<400 {
            var damaged = bytes
            for _ in 0...draw(4) { damaged[draw(damaged.count)] = UInt8(draw(256)) }
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
}
