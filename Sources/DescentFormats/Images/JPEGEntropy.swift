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
    mutating func symbol(_ code: borrowing JPEGHuffman) -> Int {
        if count < 16 { fill() }
        let next = Int(truncatingIfNeeded: bits >> UInt64(count - 16)) & 0xFFFF
        let entry = code.near[next >> 7]
        if entry != 0 {
            count -= Int(entry & 255)
            return Int(entry >> 8)
        }
        var length = 10
        while length <= 16, next >= code.limits[length] { length += 1 }
        if length > 16 { return -1 }
        count -= length
        let place = code.offsets[length] + next >> (16 - length)
        return place < code.symbols.count && place >= 0 ? Int(code.symbols[place]) : -1
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
        let data = bytes
        var failure: String?
        var end = position
        data.withUnsafeBufferPointer { data in
            var bits = JPEGBits(data, from: position)
            failure = decode(scan, &bits)
            end = bits.position
        }
        position = end
        if let failure { throw error(failure) }
    }

    /// What is wrong, or nil.
    private mutating func decode(_ scan: JPEGScan, _ bits: inout JPEGBits) -> String? {
        var decoder = JPEGBlockDecoder(scan: scan, isProgressive: isProgressive)
        let isSingle = scan.components.count == 1, only = components[scan.components[0]]
        let wide = isSingle ? only.blocksWide : (width + 8 * greatestAcross - 1) / (8 * greatestAcross)
        let high = isSingle ? only.blocksHigh : (height + 8 * greatestDown - 1) / (8 * greatestDown)
        for index in scan.components { components[index].lastDC = 0 }
        var untilRestart = restartInterval, restarts = 0
        for index in scan.components {
            // Taken out, so that the coefficients are changed in place.
            decoder.coefficients.append(components[index].coefficients)
            components[index].coefficients = []
        }
        defer { for (number, index) in scan.components.enumerated() { components[index].coefficients = decoder.coefficients[number] } }
        let tables = scan.components.map { (dc: dcTables[components[$0].dcTable], ac: acTables[components[$0].acTable]) }
        for unitY in 0..<high {
            for unitX in 0..<wide {
                if restartInterval > 0, untilRestart == 0 {
                    guard bits.restart(restarts) else { return "a restart marker is missing: the image data is damaged, or the file truncated" }
                    restarts += 1
                    untilRestart = restartInterval
                    for index in scan.components { components[index].lastDC = 0 }
                    decoder.endOfBandRun = 0
                }
                untilRestart -= 1
                for (number, index) in scan.components.enumerated() {
                    let across = isSingle ? 1 : components[index].across, down = isSingle ? 1 : components[index].down, stored = components[index].storedWide
                    for y in 0..<down {
                        for x in 0..<across {
                            let block = ((unitY * down + y) * stored + unitX * across + x) * 64
                            guard decoder.block(number, at: block, &components[index].lastDC, &bits, tables[number].dc, tables[number].ac) else {
                                return "the image data holds bits that are no code: it is damaged"
                            }
                        }
                    }
                }
            }
            if bits.isPastEnd { return "the image data ends in row \(min(height, unitY * height / high + 1)) of \(height): the file is truncated" }
        }
        return nil
    }
}

/// Decodes blocks of coefficients, of each kind of scan.
struct JPEGBlockDecoder {
    let scan: JPEGScan
    let isProgressive: Bool
    /// Of the scan's components.
    var coefficients: [[Int16]] = []
    /// Blocks to come whose frequencies all end here.
    var endOfBandRun = 0

    init(scan: JPEGScan, isProgressive: Bool) { (self.scan, self.isProgressive) = (scan, isProgressive) }

    /// Decodes a block; false where the bits are no code.
    @inline(__always)
    mutating func block(_ number: Int, at place: Int, _ lastDC: inout Int, _ bits: inout JPEGBits, _ dc: borrowing JPEGHuffman?, _ ac: borrowing JPEGHuffman?) -> Bool {
        if !isProgressive { return sequential(number, place, &lastDC, &bits, dc!, ac!) }
        if scan.first == 0 {
            if scan.high > 0 {
                if bits.take(1) == 1 { coefficients[number][place] |= Int16(1) << Int16(scan.low) }
                return true
            }
            let size = bits.symbol(dc!)
            if size < 0 || size > 15 { return false }
            lastDC = lastDC &+ bits.signed(size)
            coefficients[number][place] = Int16(truncatingIfNeeded: lastDC << scan.low)
            return true
        }
        return scan.high == 0 ? firstBits(number, place, &bits, ac!) : furtherBits(number, place, &bits, ac!)
    }

    private mutating func sequential(_ number: Int, _ place: Int, _ lastDC: inout Int, _ bits: inout JPEGBits, _ dc: borrowing JPEGHuffman, _ ac: borrowing JPEGHuffman) -> Bool {
        let size = bits.symbol(dc)
        if size < 0 || size > 15 { return false }
        lastDC = lastDC &+ bits.signed(size)
        return coefficients[number].withUnsafeMutableBufferPointer { block in
            block[place] = Int16(truncatingIfNeeded: lastDC)
            var k = 1
            while k < 64 {
                let symbol = bits.symbol(ac)
                if symbol < 0 { return false }
                let run = symbol >> 4, size = symbol & 15
                if size == 0 {
                    if run < 15 { return true }
                    k += 16
                    continue
                }
                k += run
                if k > 63 { return false }
                block[place + JPEGTransform.zigzag[k]] = Int16(truncatingIfNeeded: bits.signed(size))
                k += 1
            }
            return true
        }
    }

    /// The first bits of a band of frequencies (section G.1.2.2).
    private mutating func firstBits(_ number: Int, _ place: Int, _ bits: inout JPEGBits, _ ac: borrowing JPEGHuffman) -> Bool {
        if endOfBandRun > 0 {
            endOfBandRun -= 1
            return true
        }
        var k = scan.first
        while k <= scan.last {
            let symbol = bits.symbol(ac)
            if symbol < 0 { return false }
            let run = symbol >> 4, size = symbol & 15
            if size == 0 {
                if run < 15 {
                    endOfBandRun = (1 << run) - 1 + bits.take(run)
                    return true
                }
                k += 16
                continue
            }
            k += run
            if k > 63 { return false }
            coefficients[number][place + JPEGTransform.zigzag[k]] = Int16(truncatingIfNeeded: bits.signed(size) << scan.low)
            k += 1
        }
        return true
    }

    /// One more bit of a band of frequencies (section G.1.2.3).
    private mutating func furtherBits(_ number: Int, _ place: Int, _ bits: inout JPEGBits, _ ac: borrowing JPEGHuffman) -> Bool {
        let one = Int16(1) << Int16(scan.low)
        var k = scan.first
        /// A coefficient that is not 0 gets its next bit.
        func refine(_ value: inout Int16, _ bits: inout JPEGBits) {
            if bits.take(1) == 1, value & one == 0 { value = value &+ (value > 0 ? one : -one) }
        }
        if endOfBandRun == 0 {
            while k <= scan.last {
                let symbol = bits.symbol(ac)
                if symbol < 0 { return false }
                var run = symbol >> 4
                let size = symbol & 15
                var new: Int16 = 0
                if size == 0 {
                    if run < 15 {
                        endOfBandRun = (1 << run) + bits.take(run)
                        break
                    }
                } else {
                    if size != 1 { return false }
                    new = bits.take(1) == 1 ? one : -one
                }
                while k <= scan.last {
                    let at = place + JPEGTransform.zigzag[k]
                    if coefficients[number][at] != 0 {
                        refine(&coefficients[number][at], &bits)
                    } else {
                        if run == 0 {
                            if new != 0 { coefficients[number][at] = new }
                            k += 1
                            break
                        }
                        run -= 1
                    }
                    k += 1
                }
            }
        }
        if endOfBandRun > 0 {
            while k <= scan.last {
                let at = place + JPEGTransform.zigzag[k]
                if coefficients[number][at] != 0 { refine(&coefficients[number][at], &bits) }
                k += 1
            }
            endOfBandRun -= 1
        }
        return true
    }
}
