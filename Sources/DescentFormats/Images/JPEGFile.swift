/// JPEG (ITU-T T.81): baseline, extended sequential and progressive, 8 bits, Huffman coding. Gray and RGB pixels equal those of libjpeg with its accurate
/// integer transform and smooth chroma.
public enum JPEGFile {
    /// Decodes an image to gray or RGB. CMYK and YCCK become RGB.
    ///
    /// - Parameters:
    ///   - bytes: The whole file.
    ///   - file: The name that errors begin with.
    ///   - pixelLimit: An image whose header claims more pixels is refused.
    ///   - appliesOrientation: Whether an EXIF orientation is applied to the pixels.
    /// - Throws: `FormatError` with the byte at which something is wrong. Arithmetic coding, lossless and 12-bit files, and a height given after the image data
    ///   (DNL) are refused.
    public static func decode(
        _ bytes: [UInt8], file: String, pixelLimit: Int = PixelImage.pixelLimit, appliesOrientation: Bool = true
    ) throws(FormatError) -> PixelImage {
        var reader = JPEGReader(bytes: bytes, file: file, pixelLimit: pixelLimit)
        try reader.readAll()
        let image = try reader.image()
        return appliesOrientation ? image.oriented(reader.orientation) : image
    }
}

/// One component: its sampling, and the coefficients of its blocks.
struct JPEGComponent {
    let id: UInt8
    /// Samples across and down for each of the frame's units.
    let across: Int, down: Int
    let quantisation: Int
    /// The blocks that hold its samples, and those stored, whole units of the frame.
    var blocksWide = 0, blocksHigh = 0, storedWide = 0, storedHigh = 0
    /// Its own size in samples.
    var width = 0, height = 0
    /// The place of its first block in the reader's coefficients.
    var firstCoefficient = 0
    /// The quantisation table at the beginning of its first scan; empty before.
    var table: [UInt16] = []
    var dcTable = 0, acTable = 0
    /// For each frequency, in the order of the file, the lowest bit that progressive scans have sent; nil before the first.
    var lowestBits = [Int?](repeating: nil, count: 64)
}

/// A JPEG file, read marker by marker.
struct JPEGReader {
    let bytes: [UInt8]
    let file: String
    let pixelLimit: Int
    var position = 2
    private(set) var width = 0, height = 0, isProgressive = false
    var components: [JPEGComponent] = []
    /// 64 numbers for each stored block of each component, in the order of rows and columns of frequencies; empty before the first scan.
    var coefficients: [Int16] = []
    private var quantisation = [[UInt16]?](repeating: nil, count: 4)
    private(set) var dcTables = [JPEGHuffman?](repeating: nil, count: 4)
    private(set) var acTables = [JPEGHuffman?](repeating: nil, count: 4)
    private(set) var restartInterval = 0
    private(set) var orientation = 1
    /// The colour transform in Adobe's marker; nil without one.
    private(set) var adobeTransform: Int?
    /// Whether the file has a JFIF marker, which makes three components luminance and colour differences.
    private(set) var isJFIF = false
    private var scanCount = 0
    /// Enough for any real file. Without a limit, scans of a few bytes each could go over a large image again and again.
    private static let scanLimit = 500

    init(bytes: [UInt8], file: String, pixelLimit: Int) { (self.bytes, self.file, self.pixelLimit) = (bytes, file, pixelLimit) }

    func error(_ reason: String, at place: Int? = nil) -> FormatError { FormatError(file: file, reason: "byte \(place ?? position): \(reason)") }

    /// The header's facts, and the EXIF orientation where it precedes the header.
    static func header(of bytes: [UInt8], file: String) throws(FormatError) -> ImageHeader {
        var reader = JPEGReader(bytes: bytes, file: file, pixelLimit: .max)
        try reader.readAll(onlyHeader: true)
        return ImageHeader(width: reader.width, height: reader.height, orientation: reader.orientation, isColour: reader.components.count > 1)
    }

    var greatestAcross: Int { components.map(\.across).max() ?? 1 }
    var greatestDown: Int { components.map(\.down).max() ?? 1 }

    /// Reads the markers up to the end of the image, or to the frame header.
    mutating func readAll(onlyHeader: Bool = false) throws(FormatError) {
        while true {
            // Skips fill bytes between segments, and what a scan left unread.
            while position < bytes.count, bytes[position] != 0xFF { position += 1 }
            while position < bytes.count, bytes[position] == 0xFF { position += 1 }
            guard position < bytes.count else { throw error(scanCount == 0 ? "the file ends before its image data; it is truncated" : "the file ends without its end marker; it is truncated") }
            let marker = bytes[position]
            position += 1
            switch marker {
            case 0x00, 0x01, 0xD0...0xD7: continue
            case 0xD8: throw error("a second image begins within the first", at: position - 2)
            case 0xD9:
                if scanCount == 0 { throw error("the image ends without image data", at: position - 2) }
                return
            default: break
            }
            guard position + 2 <= bytes.count else { throw error("the file ends within a segment; it is truncated") }
            let length = Int(bytes[position]) << 8 | Int(bytes[position + 1])
            guard length >= 2, position + length <= bytes.count else { throw error("a segment of \(length) bytes goes past the end of the file, which is truncated") }
            let start = position, content = Array(bytes[position + 2..<position + length])
            position += length
            switch marker {
            case 0xC0, 0xC1, 0xC2:
                try frame(content, marker, start)
                if onlyHeader { return }
            case 0xC3, 0xC5...0xC7, 0xCB, 0xCD...0xCF:
                throw error("it is lossless or hierarchical JPEG (marker FF \(String(marker, radix: 16, uppercase: true))), which is not read; save it as baseline or progressive", at: start)
            case 0xC9, 0xCA: throw error("it uses arithmetic coding, which is not read; save it with Huffman coding", at: start)
            case 0xC4: try huffman(content, start)
            case 0xDB: try quantisationTables(content, start)
            case 0xDD:
                guard content.count == 2 else { throw error("a restart interval of \(content.count) bytes; it must be 2", at: start) }
                restartInterval = Int(content[0]) << 8 | Int(content[1])
            case 0xDA: try scan(content, start)
            case 0xE0: if content.starts(with: Array("JFIF\0".utf8)) { isJFIF = true }
            case 0xE1: if content.starts(with: Array("Exif\0\0".utf8)) { orientation = ImageOrientation.read(tiff: content[6...]) }
            case 0xEE: if content.count >= 12, content.starts(with: Array("Adobe".utf8)) { adobeTransform = Int(content[11]) }
            default: break
            }
        }
    }

    private mutating func frame(_ content: [UInt8], _ marker: UInt8, _ start: Int) throws(FormatError) {
        guard components.isEmpty else { throw error("a second frame begins", at: start) }
        guard content.count >= 6 else { throw error("its frame header has \(content.count) bytes, too few", at: start) }
        guard content[0] == 8 else { throw error("its samples have \(content[0]) bits; 8 are read", at: start) }
        isProgressive = marker == 0xC2
        height = Int(content[1]) << 8 | Int(content[2])
        width = Int(content[3]) << 8 | Int(content[4])
        if height == 0 { throw error("its header leaves the height to a later marker (DNL), which is not read", at: start) }
        try PixelImage.check(width: width, height: height, limit: pixelLimit, file: file)
        let count = Int(content[5])
        guard [1, 3, 4].contains(count), content.count == 6 + 3 * count else { throw error("it has \(count) components; images have 1, 3 or 4", at: start) }
        for index in 0..<count {
            let place = 6 + 3 * index, across = Int(content[place + 1] >> 4), down = Int(content[place + 1] & 15), table = Int(content[place + 2])
            guard (1...4).contains(across), (1...4).contains(down), table < 4 else {
                throw error("component \(index + 1) has sampling \(across) x \(down) and table \(table); 1 to 4 and 0 to 3 are possible", at: start)
            }
            components.append(JPEGComponent(id: content[place], across: count == 1 ? 1 : across, down: count == 1 ? 1 : down, quantisation: table))
        }
        let (h, v) = (greatestAcross, greatestDown)
        let unitsWide = (width + 8 * h - 1) / (8 * h), unitsHigh = (height + 8 * v - 1) / (8 * v)
        for index in components.indices {
            var component = components[index]
            component.width = (width * component.across + h - 1) / h
            component.height = (height * component.down + v - 1) / v
            (component.blocksWide, component.blocksHigh) = ((component.width + 7) / 8, (component.height + 7) / 8)
            (component.storedWide, component.storedHigh) = (unitsWide * component.across, unitsHigh * component.down)
            components[index] = component
        }
    }

    /// Allocates the coefficients, unless the rest of the file is too short for the image: each block takes at least one bit.
    private mutating func allocate(_ start: Int) throws(FormatError) {
        let blocks = components.reduce(0) { $0 + $1.blocksWide * $1.blocksHigh }, rest = bytes.count - position
        guard blocks <= 8 * rest else {
            throw error("\(width) x \(height) pixels take at least \((blocks + 7) / 8) bytes of image data, and \(rest) follow; the file is truncated", at: start)
        }
        var count = 0
        for index in components.indices {
            components[index].firstCoefficient = count
            count += components[index].storedWide * components[index].storedHigh * 64
        }
        coefficients = [Int16](repeating: 0, count: count)
    }

    private mutating func huffman(_ content: [UInt8], _ start: Int) throws(FormatError) {
        var place = 0
        while place < content.count {
            guard place + 17 <= content.count else { throw error("a Huffman table is cut off", at: start) }
            let kind = content[place] >> 4, number = Int(content[place] & 15), counts = content[place + 1..<place + 17].map { Int($0) }
            let total = counts.reduce(0, +)
            guard kind <= 1, number < 4, total <= 256, place + 17 + total <= content.count else {
                throw error("a Huffman table has kind \(kind), number \(number) and \(total) symbols; 0 or 1, 0 to 3 and at most 256 are possible", at: start)
            }
            guard let table = JPEGHuffman(counts: counts, symbols: Array(content[place + 17..<place + 17 + total])) else { throw error("the lengths of a Huffman table fit no code", at: start) }
            if kind == 0 { dcTables[number] = table } else { acTables[number] = table }
            place += 17 + total
        }
    }

    private mutating func quantisationTables(_ content: [UInt8], _ start: Int) throws(FormatError) {
        var place = 0
        while place < content.count {
            let size = content[place] >> 4 == 0 ? 1 : 2, number = Int(content[place] & 15)
            guard number < 4, content[place] >> 4 <= 1, place + 1 + 64 * size <= content.count else { throw error("a quantisation table is cut off, or has a number above 3", at: start) }
            var table = [UInt16](repeating: 0, count: 64)
            for i in 0..<64 {
                let at = place + 1 + i * size
                table[JPEGTransform.zigzag[i]] = size == 1 ? UInt16(content[at]) : UInt16(content[at]) << 8 | UInt16(content[at + 1])
            }
            quantisation[number] = table
            place += 1 + 64 * size
        }
    }

    private mutating func scan(_ content: [UInt8], _ start: Int) throws(FormatError) {
        guard !components.isEmpty else { throw error("image data begins before the frame header", at: start) }
        if scanCount == 0 { try allocate(start) }
        scanCount += 1
        if scanCount > Self.scanLimit { throw error("it has more than \(Self.scanLimit) scans", at: start) }
        guard let count = content.first.map(Int.init), (1...4).contains(count), content.count == 4 + 2 * count else { throw error("a scan header is damaged", at: start) }
        var chosen: [Int] = []
        for index in 0..<count {
            let id = content[1 + 2 * index], tables = content[2 + 2 * index]
            guard let component = components.firstIndex(where: { $0.id == id }), !chosen.contains(component), tables >> 4 < 4, tables & 15 < 4 else {
                throw error("a scan names component \(id), which the frame does not have or the scan has twice", at: start)
            }
            (components[component].dcTable, components[component].acTable) = (Int(tables >> 4), Int(tables & 15))
            if components[component].table.isEmpty {
                guard let table = quantisation[components[component].quantisation] else { throw error("component \(id) has no quantisation table", at: start) }
                components[component].table = table
            }
            chosen.append(component)
        }
        let at = 1 + 2 * count
        var scan = JPEGScan(components: chosen, first: Int(content[at]), last: Int(content[at + 1]), high: Int(content[at + 2] >> 4), low: Int(content[at + 2] & 15))
        if !isProgressive { (scan.first, scan.last, scan.high, scan.low) = (0, 63, 0, 0) }
        guard scan.first <= scan.last, scan.last < 64, scan.low <= 13, scan.first == 0 ? (scan.last == 0 || !isProgressive) : count == 1, scan.high == 0 || scan.high == scan.low + 1 else {
            throw error("a scan of frequencies \(scan.first) to \(scan.last), bits \(scan.high) to \(scan.low), of \(count) components; progressive JPEG has none such", at: start)
        }
        if isProgressive {
            // Each bit once, from the highest down: this also bounds the time that a file can take.
            for component in chosen {
                for k in scan.first...scan.last {
                    guard components[component].lowestBits[k] == (scan.high == 0 ? nil : scan.high) else {
                        throw error("a scan sends bits \(scan.high) to \(scan.low) of frequency \(k) of component \(component + 1) out of order; the file is damaged", at: start)
                    }
                    components[component].lowestBits[k] = scan.low
                }
            }
        }
        for component in chosen {
            if scan.first == 0, scan.high == 0, dcTables[components[component].dcTable] == nil {
                throw error("a scan needs the Huffman table DC \(components[component].dcTable), which is missing", at: start)
            }
            if scan.last > 0, acTables[components[component].acTable] == nil { throw error("a scan needs the Huffman table AC \(components[component].acTable), which is missing", at: start) }
        }
        try decode(scan)
    }
}

/// The components, frequencies and bits of one scan.
struct JPEGScan {
    var components: [Int]
    var first: Int, last: Int, high: Int, low: Int
}
