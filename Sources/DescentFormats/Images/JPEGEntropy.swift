/// The bits of a scan: bytes between markers, where FF 00 means FF.
struct JPEGBits {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position: Int
    private var bits: UInt64 = 0
    private var count = 0
    /// Zero bits given past the end of the data.
    private(set) var missing = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int) { (self.bytes, self.position) = (bytes, position) }

    @inline(__always)
    private mutating func fill() {
        while count <= 48 {
            var byte: UInt8 = 0
            if position < bytes.count, bytes[position] != 0xFF {
                byte = bytes[position]
                position += 1
            } else if position + 1 < bytes.count, bytes[position + 1] == 0 {
                byte = 0xFF
                position += 2
            } else {
                missing += 8
            }
            bits = bits << 8 | UInt64(byte)
            count += 8
        }
    }

    @inline(__always)
    mutating func take(_ number: Int) -> Int {
        if number == 0 { return 0 }
        if count < number { fill() }
        count -= number
        return Int(truncatingIfNeeded: bits >> UInt64(count)) & (1 << number - 1)
    }

    /// A symbol, or -1 for bits that are no code.
    @inline(__always)
    mutating func symbol(_ code: UnsafeBufferPointer<Int32>) -> Int {
        if count < 16 { fill() }
        let next = Int(truncatingIfNeeded: bits >> UInt64(count - 16)) & 0xFFFF
        let entry = Int(code[next >> 7])
        if entry != 0 {
            count -= entry & 255
            return entry >> 8
        }
        var length = 10
        while length <= 16, next >= Int(code[JPEGHuffman.limits + length]) { length += 1 }
        if length > 16 { return -1 }
        count -= length
        return Int(code[JPEGHuffman.symbols + (Int(code[JPEGHuffman.offsets + length]) + next >> (16 - length)) & 255])
    }

    /// A number of some bits whose first says the sign (section F.2.2.1).
    @inline(__always)
    mutating func signed(_ number: Int) -> Int {
        if number == 0 { return 0 }
        let value = take(number)
        return value < 1 << (number - 1) ? value - (1 << number) + 1 : value
    }

    /// Whether more was read than there is.
    var isPastEnd: Bool { missing > count }

    /// Drops the rest of a byte, and goes past the restart marker that must follow; false where another follows.
    mutating func restart(_ number: Int) -> Bool {
        (bits, count, missing) = (0, 0, 0)
        while position + 1 < bytes.count, bytes[position] == 0xFF, bytes[position + 1] == 0xFF { position += 1 }
        guard position + 1 < bytes.count, bytes[position] == 0xFF, Int(bytes[position + 1]) == 0xD0 + number & 7 else { return false }
        position += 2
        return true
    }
}

extension JPEGReader {
    /// Decodes the scan that begins here, and goes on behind it.
    mutating func decode(_ scan: JPEGScan) throws(FormatError) {
        // The codes of the scan's components one after the other: DC, AC.
        var codes: [Int32] = []
        for index in scan.components {
            codes += (dcTables[components[index].dcTable] ?? JPEGHuffman()).entries
            codes += (acTables[components[index].acTable] ?? JPEGHuffman()).entries
        }
        var failure: String?
        var end = position
        // Taken out, so that the coefficients are changed in place.
        var taken = coefficients
        coefficients = []
        bytes.withUnsafeBufferPointer { bytes in
            var bits = JPEGBits(bytes, from: position)
            taken.withUnsafeMutableBufferPointer { coefficients in
                codes.withUnsafeBufferPointer { codes in
                    JPEGTransform.zigzag.withUnsafeBufferPointer { zigzag in
                        var decoder = JPEGBlockDecoder(scan: scan, isProgressive: isProgressive, coefficients: coefficients, zigzag: zigzag)
                        failure = decode(scan, &bits, &decoder, codes)
                    }
                }
            }
            end = bits.position
        }
        coefficients = taken
        position = end
        if let failure { throw error(failure) }
    }

    /// One component in a scan.
    private struct Part {
        /// Blocks across and down in a unit of the scan.
        let across: Int, down: Int
        /// The place of its first block, and the number of blocks in a row.
        let start: Int, storedWide: Int
        let dc: UnsafeBufferPointer<Int32>, ac: UnsafeBufferPointer<Int32>
        var lastDC = 0
    }

    /// What is wrong, or nil.
    private func decode(_ scan: JPEGScan, _ bits: inout JPEGBits, _ decoder: inout JPEGBlockDecoder, _ codes: UnsafeBufferPointer<Int32>) -> String? {
        // A scan of one component has its blocks row by row; others have units of some blocks of each component.
        let isSingle = scan.components.count == 1, only = components[scan.components[0]]
        let wide = isSingle ? only.blocksWide : (width + 8 * greatestAcross - 1) / (8 * greatestAcross)
        let high = isSingle ? only.blocksHigh : (height + 8 * greatestDown - 1) / (8 * greatestDown)
        func code(_ number: Int) -> UnsafeBufferPointer<Int32> {
            UnsafeBufferPointer(rebasing: codes[(number * JPEGHuffman.count)..<((number + 1) * JPEGHuffman.count)])
        }
        var parts = scan.components.enumerated().map { number, index in
            let component = components[index]
            return Part(
                across: isSingle ? 1 : component.across, down: isSingle ? 1 : component.down, start: component.firstCoefficient, storedWide: component.storedWide,
                dc: code(2 * number), ac: code(2 * number + 1))
        }
        var untilRestart = restartInterval, restarts = 0
        let rowsOfUnit = 8 * greatestDown / (isSingle ? only.down : 1)
        for unitY in 0..<high {
            // The first row of pixels of these units, from 1, for messages.
            let row = min(height, unitY * rowsOfUnit + 1)
            for unitX in 0..<wide {
                if restartInterval > 0, untilRestart == 0 {
                    if bits.isPastEnd { return endOfData(row) }
                    guard bits.restart(restarts) else {
                        return "restart marker \(restarts & 7) is missing in row \(row) of \(height): the image data is damaged, or the file truncated"
                    }
                    restarts += 1
                    untilRestart = restartInterval
                    for number in parts.indices { parts[number].lastDC = 0 }
                    decoder.endOfBandRun = 0
                }
                untilRestart -= 1
                for number in parts.indices {
                    let part = parts[number]
                    for y in 0..<part.down {
                        for x in 0..<part.across {
                            let block = part.start + ((unitY * part.down + y) * part.storedWide + unitX * part.across + x) * 64
                            guard decoder.block(at: block, &parts[number].lastDC, &bits, part.dc, part.ac) else {
                                return bits.isPastEnd ? endOfData(row) : "in row \(row) of \(height) the image data holds bits that are no code: it is damaged"
                            }
                        }
                    }
                }
            }
            if bits.isPastEnd { return endOfData(row) }
        }
        return nil
    }

    private func endOfData(_ row: Int) -> String { "the image data ends in row \(row) of \(height): the file is truncated" }
}
