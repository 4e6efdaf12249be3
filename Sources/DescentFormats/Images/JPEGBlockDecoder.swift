/// Decodes blocks of coefficients, of each kind of scan.
struct JPEGBlockDecoder {
    let scan: JPEGScan
    let isProgressive: Bool
    /// The blocks of all components.
    let coefficients: UnsafeMutableBufferPointer<Int16>
    /// The place in a block of each frequency in the order of the file.
    let zigzag: UnsafeBufferPointer<Int>
    /// Blocks to come whose frequencies all end here.
    var endOfBandRun = 0

    /// Decodes a block; false where the bits are no code.
    @inline(__always)
    mutating func block(at place: Int, _ lastDC: inout Int, _ bits: inout JPEGBits, _ dc: UnsafeBufferPointer<Int32>, _ ac: UnsafeBufferPointer<Int32>) -> Bool {
        if !isProgressive { return sequential(place, &lastDC, &bits, dc, ac) }
        if scan.first == 0 {
            if scan.high > 0 {
                if bits.take(1) == 1 { coefficients[place] |= Int16(1) << Int16(scan.low) }
                return true
            }
            let size = bits.symbol(dc)
            if size < 0 || size > 15 { return false }
            lastDC = lastDC &+ bits.signed(size)
            coefficients[place] = Int16(truncatingIfNeeded: lastDC << scan.low)
            return true
        }
        return scan.high == 0 ? firstBits(place, &bits, ac) : furtherBits(place, &bits, ac)
    }

    private func sequential(_ place: Int, _ lastDC: inout Int, _ bits: inout JPEGBits, _ dc: UnsafeBufferPointer<Int32>, _ ac: UnsafeBufferPointer<Int32>) -> Bool {
        let size = bits.symbol(dc)
        if size < 0 || size > 15 { return false }
        lastDC = lastDC &+ bits.signed(size)
        coefficients[place] = Int16(truncatingIfNeeded: lastDC)
        var k = 1
        while k < 64 {
            let symbol = bits.symbol(ac)
            if symbol < 0 { return false }
            let zeros = symbol >> 4, size = symbol & 15
            if size == 0 {
                if zeros < 15 { return true }
                k += 16
                continue
            }
            k += zeros
            if k > 63 { return false }
            coefficients[place + zigzag[k]] = Int16(truncatingIfNeeded: bits.signed(size))
            k += 1
        }
        return true
    }

    /// The first bits of a band of frequencies (section G.1.2.2).
    private mutating func firstBits(_ place: Int, _ bits: inout JPEGBits, _ ac: UnsafeBufferPointer<Int32>) -> Bool {
        if endOfBandRun > 0 {
            endOfBandRun -= 1
            return true
        }
        var k = scan.first
        while k <= scan.last {
            let symbol = bits.symbol(ac)
            if symbol < 0 { return false }
            let zeros = symbol >> 4, size = symbol & 15
            if size == 0 {
                if zeros < 15 {
                    endOfBandRun = (1 << zeros) - 1 + bits.take(zeros)
                    return true
                }
                k += 16
                continue
            }
            k += zeros
            if k > 63 { return false }
            coefficients[place + zigzag[k]] = Int16(truncatingIfNeeded: bits.signed(size) << scan.low)
            k += 1
        }
        return true
    }

    /// A coefficient that is not 0 gets its next bit.
    @inline(__always)
    private func refine(_ place: Int, _ one: Int16, _ bits: inout JPEGBits) {
        let value = coefficients[place]
        if bits.take(1) == 1, value & one == 0 { coefficients[place] = value &+ (value > 0 ? one : -one) }
    }

    /// One more bit of a band of frequencies (section G.1.2.3).
    private mutating func furtherBits(_ place: Int, _ bits: inout JPEGBits, _ ac: UnsafeBufferPointer<Int32>) -> Bool {
        let last = scan.last, one = Int16(1) << Int16(scan.low)
        var k = scan.first
        while endOfBandRun == 0, k <= last {
            let symbol = bits.symbol(ac)
            if symbol < 0 { return false }
            var zeros = symbol >> 4
            let size = symbol & 15
            var new: Int16 = 0
            if size == 0 {
                if zeros < 15 {
                    endOfBandRun = (1 << zeros) + bits.take(zeros)
                    break
                }
            } else {
                if size != 1 { return false }
                new = bits.take(1) == 1 ? one : -one
            }
            // Skips `zeros` coefficients that are 0; those that are not get their bits on the way.
            while k <= last {
                let at = place + zigzag[k]
                k += 1
                if coefficients[at] != 0 {
                    refine(at, one, &bits)
                } else if zeros == 0 {
                    coefficients[at] = new
                    break
                } else {
                    zeros -= 1
                }
            }
        }
        if endOfBandRun > 0 {
            while k <= last {
                let at = place + zigzag[k]
                if coefficients[at] != 0 { refine(at, one, &bits) }
                k += 1
            }
            endOfBandRun -= 1
        }
        return true
    }
}
