/// The sizes and the pixel format of a PNG image.
struct PNGHeader {
    let width: Int, height: Int, depth: Int, type: Int, isInterlaced: Bool

    /// The samples of a pixel in the file.
    var samples: Int { [1, 0, 3, 1, 2, 0, 4][type] }
    /// The bytes between a byte and the one that it is predicted from.
    var pixelBytes: Int { max(1, samples * depth / 8) }
    /// The bytes of a row, without the byte that names its filter.
    func rowBytes(_ width: Int) -> Int { (width * samples * depth + 7) / 8 }
    /// The bytes of all rows of all passes, with their filters.
    var dataBytes: Int { passes.reduce(0) { $1.width > 0 ? $0 + $1.height * (rowBytes($1.width) + 1) : $0 } }

    /// The row that a byte of the decompressed data belongs to, for messages.
    func place(ofByte index: Int) -> String {
        var start = 0
        for (number, pass) in passes.enumerated() where pass.width > 0 && pass.height > 0 {
            let row = (index - start) / (rowBytes(pass.width) + 1)
            if row < pass.height { return "row \(row + 1) of \(pass.height)" + (isInterlaced ? " in pass \(number + 1) of 7" : "") }
            start += pass.height * (rowBytes(pass.width) + 1)
        }
        return "the last row"
    }

    func outputChannels(hasTransparency: Bool) -> Int {
        switch type {
        case 0: hasTransparency ? 2 : 1
        case 2, 3: hasTransparency ? 4 : 3
        default: samples
        }
    }

    /// A part of the image whose pixels lie a step apart: one, or seven of Adam7.
    struct Pass {
        let firstX: Int, firstY: Int, stepX: Int, stepY: Int, width: Int, height: Int
    }

    var passes: [Pass] {
        let steps = isInterlaced ? [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)] : [(0, 0, 1, 1)]
        return steps.map { x, y, stepX, stepY in
            Pass(firstX: x, firstY: y, stepX: stepX, stepY: stepY, width: max(0, (width - x + stepX - 1) / stepX), height: max(0, (height - y + stepY - 1) / stepY))
        }
    }
}

/// The chunks of a PNG file that matter for its pixels.
struct PNGChunks {
    let header: PNGHeader
    private(set) var palette: [UInt8] = []
    /// The content of tRNS: alphas of the palette, or a transparent colour.
    private(set) var transparency: [UInt8]?
    /// The content of the IDAT chunks, joined.
    private(set) var data: [UInt8] = []
    private(set) var orientation = 1
    /// Whether the file ends within its image data or right after it, without the chunk IEND.
    private(set) var isTruncated = false

    /// Reads the chunks of a whole file, or the first alone.
    init(_ bytes: [UInt8], file: String, pixelLimit: Int, onlyHeader: Bool = false) throws(FormatError) {
        func error(_ reason: String) -> FormatError { FormatError(file: file, reason: reason) }
        func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        guard bytes.starts(with: PNGFile.signature) else { throw error("its first 8 bytes are damaged: a PNG file begins with 89 50 4E 47 0D 0A 1A 0A") }
        var header: PNGHeader?
        var position = 8, isEnded = false
        while !isEnded {
            guard position + 12 <= bytes.count else {
                if data.isEmpty { throw error("byte \(bytes.count): the file ends before its image data; it is truncated") }
                isTruncated = true
                break
            }
            let length = number(position), name = bytes[position + 4..<position + 8]
            let type = String(decoding: name, as: UTF8.self)
            guard name.allSatisfy({ (65...90).contains($0) || (97...122).contains($0) }) else { throw error("byte \(position + 4): no chunk has such a name; the file is damaged") }
            if type == "IDAT", length > bytes.count - position - 12, header != nil {
                data += bytes[(position + 8)..<min(bytes.count, position + 8 + length)]
                isTruncated = true
                break
            }
            guard length <= bytes.count - position - 12 else { throw error("byte \(position): chunk \(type) of \(length) bytes goes past the end of the file, which is truncated") }
            let content = bytes[position + 8..<position + 8 + length]
            let isCritical = name.first! < 97
            let matches = CRC32.checksum(bytes[position + 4..<position + 8 + length]) == UInt32(number(position + 8 + length))
            if !matches, isCritical || type == "tRNS" { throw error("byte \(position): the checksum of chunk \(type) does not match: the file is damaged") }
            if header == nil, type != "IHDR" { throw error("byte \(position): the first chunk is \(type); it must be IHDR") }
            switch type {
            case "IHDR":
                if header != nil { throw error("byte \(position): a second header (IHDR)") }
                header = try Self.header(Array(content), error, file, pixelLimit)
            case "PLTE":
                if length == 0 || length % 3 != 0 || length > 768 { throw error("byte \(position): a palette of \(length) bytes; it must be 3 for each of 1 to 256 colours") }
                palette = Array(content)
            case "tRNS": transparency = Array(content)
            case "IDAT": data += content
            case "IEND": isEnded = true
            case "eXIf": if matches { orientation = ImageOrientation.read(tiff: content) }
            default: if isCritical { throw error("byte \(position): chunk \(type) is unknown, and needed to show the image") }
            }
            position += 12 + length
            if onlyHeader { break }
        }
        guard let header else { throw error("it has no header (IHDR)") }
        self.header = header
        if onlyHeader { return }
        if self.header.type == 3, palette.isEmpty { throw error("its pixels are palette entries, and it has no palette (PLTE)") }
        if [4, 6].contains(self.header.type) { transparency = nil }
        if let transparency, self.header.type != 3, transparency.count != (self.header.type == 0 ? 2 : 6) {
            throw error("its transparent colour (tRNS) has \(transparency.count) bytes; it must have \(self.header.type == 0 ? 2 : 6)")
        }
    }

    /// The header's facts, and the EXIF orientation.
    static func header(of bytes: [UInt8], file: String) throws(FormatError) -> ImageHeader {
        let header = try PNGChunks(bytes, file: file, pixelLimit: .max, onlyHeader: true).header
        func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        var position = 8, orientation = 1
        while position + 12 <= bytes.count {
            let length = number(position)
            if bytes[position + 4..<position + 8].elementsEqual("eXIf".utf8), length <= bytes.count - position - 12,
                CRC32.checksum(bytes[position + 4..<position + 8 + length]) == UInt32(number(position + 8 + length))
            {
                orientation = ImageOrientation.read(tiff: bytes[position + 8..<position + 8 + length])
            }
            position += 12 + length
        }
        return ImageHeader(width: header.width, height: header.height, orientation: orientation, isColour: [2, 3, 6].contains(header.type))
    }

    private static func header(_ content: [UInt8], _ error: (String) -> FormatError, _ file: String, _ pixelLimit: Int) throws(FormatError) -> PNGHeader {
        guard content.count == 13 else { throw error("its header (IHDR) has \(content.count) bytes; it must have 13") }
        let width = content[0..<4].reduce(0) { $0 << 8 | Int($1) }, height = content[4..<8].reduce(0) { $0 << 8 | Int($1) }
        let depth = Int(content[8]), type = Int(content[9])
        let depths: [Int: [Int]] = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
        guard let allowed = depths[type] else { throw error("its colour type is \(type); PNG has 0, 2, 3, 4 and 6") }
        guard allowed.contains(depth) else { throw error("its bit depth is \(depth), and colour type \(type) has \(allowed.map { "\($0)" }.joined(separator: ", "))") }
        guard content[10] == 0, content[11] == 0, content[12] <= 1 else {
            throw error("its compression, filter and interlace methods are \(content[10]), \(content[11]), \(content[12]); PNG has 0, 0, and 0 or 1")
        }
        try PixelImage.check(width: width, height: height, limit: pixelLimit, file: file)
        return PNGHeader(width: width, height: height, depth: depth, type: type, isInterlaced: content[12] == 1)
    }
}

/// Turns rows of samples into pixels.
struct PNGPainter {
    let header: PNGHeader
    let palette: [UInt8]
    let transparency: [UInt8]?
    /// The samples of the transparent colour; empty where there is none.
    private let transparent: [Int]

    init(_ chunks: PNGChunks) {
        (header, palette, transparency) = (chunks.header, chunks.palette, chunks.transparency)
        guard header.type != 3, let transparency else {
            transparent = []
            return
        }
        // Only the low bits count (section 11.3.2.1).
        let mask = 1 << header.depth - 1
        transparent = stride(from: 0, to: transparency.count - 1, by: 2).map { (Int(transparency[$0]) << 8 | Int(transparency[$0 + 1])) & mask }
    }

    /// Paints row `y` of a pass.
    func paint(_ row: [UInt8], _ pass: PNGHeader.Pass, _ y: Int, _ image: inout [UInt8], file: String) throws(FormatError) {
        let channels = header.outputChannels(hasTransparency: transparency != nil), samples = header.samples, depth = header.depth
        let line = (pass.firstY + y * pass.stepY) * header.width
        func sample(_ index: Int) -> Int {
            switch depth {
            case 8: Int(row[index])
            case 16: Int(row[2 * index]) << 8 | Int(row[2 * index + 1])
            default: Int(row[index * depth / 8]) >> (8 - depth - index * depth % 8) & (1 << depth - 1)
            }
        }
        if depth >= 8, header.type != 3, transparent.isEmpty {
            // Whole bytes, of 16-bit samples the first.
            let bytes = depth / 8
            row.withUnsafeBufferPointer { row in
                image.withUnsafeMutableBufferPointer { image in
                    for x in 0..<pass.width {
                        let to = (line + pass.firstX + x * pass.stepX) * channels, from = x * channels * bytes
                        for channel in 0..<channels { image[to + channel] = row[from + channel * bytes] }
                    }
                }
            }
            return
        }
        for x in 0..<pass.width {
            let to = (line + pass.firstX + x * pass.stepX) * channels
            if header.type == 3 {
                let index = sample(x)
                guard 3 * index < palette.count else { throw FormatError(file: file, reason: "a pixel is palette entry \(index), and the palette has \(palette.count / 3)") }
                for channel in 0..<3 { image[to + channel] = palette[3 * index + channel] }
                if let transparency { image[to + 3] = index < transparency.count ? transparency[index] : 255 }
                continue
            }
            var isTransparent = !transparent.isEmpty
            for channel in 0..<samples {
                let value = sample(x * samples + channel)
                image[to + channel] = depth == 16 ? UInt8(value >> 8) : depth == 8 ? UInt8(value) : UInt8(value * 255 / (1 << depth - 1))
                if isTransparent, value != transparent[channel] { isTransparent = false }
            }
            if !transparent.isEmpty { image[to + samples] = isTransparent ? 0 : 255 }
        }
    }
}
