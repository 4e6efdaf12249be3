/// From coefficients to samples, and from components to pixels.
enum JPEGTransform {
    /// The place, row by row, of each frequency in the order of the file.
    static let zigzag: [Int] = [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22,
        15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ]

    /// The even and odd parts of eight frequencies, by Loeffler, Ligtenberg and Moschytz 1989, in numbers of 13 bits after the point.
    @inline(__always)
    private static func transform(_ x: (Int32, Int32, Int32, Int32, Int32, Int32, Int32, Int32)) -> (even: (Int32, Int32, Int32, Int32), odd: (Int32, Int32, Int32, Int32)) {
        let e = (x.2 &+ x.6) &* 4433
        let e2 = e &- x.6 &* 15137, e3 = e &+ x.2 &* 6270
        let e0 = (x.0 &+ x.4) &<< 13, e1 = (x.0 &- x.4) &<< 13
        let z1 = x.7 &+ x.1, z2 = x.5 &+ x.3, z3 = x.7 &+ x.3, z4 = x.5 &+ x.1
        let z5 = (z3 &+ z4) &* 9633
        let w1 = z1 &* -7373, w2 = z2 &* -20995, w3 = z3 &* -16069 &+ z5, w4 = z4 &* -3196 &+ z5
        let o0 = x.7 &* 2446 &+ w1 &+ w3, o1 = x.5 &* 16819 &+ w2 &+ w4, o2 = x.3 &* 25172 &+ w2 &+ w3, o3 = x.1 &* 12299 &+ w1 &+ w4
        return ((e0 &+ e3, e1 &+ e2, e1 &- e2, e0 &- e3), (o3, o2, o1, o0))
    }

    /// The samples of a block, 8 x 8, from coefficients times the quantisation table: the inverse cosine transform, columns then rows.
    static func samples(_ block: UnsafePointer<Int16>, _ table: UnsafePointer<UInt16>, _ room: UnsafeMutablePointer<Int32>, _ to: UnsafeMutablePointer<UInt8>, _ stride: Int) {
        @inline(__always) func value(_ i: Int) -> Int32 { Int32(block[i]) &* Int32(table[i]) }
        @inline(__always) func rounded(_ x: Int32, _ bits: Int32) -> Int32 { (x &+ (1 &<< (bits &- 1))) &>> bits }
        for i in 0..<8 {
            let (even, odd) = transform((value(i), value(8 + i), value(16 + i), value(24 + i), value(32 + i), value(40 + i), value(48 + i), value(56 + i)))
            room[i] = rounded(even.0 &+ odd.0, 11)
            room[56 + i] = rounded(even.0 &- odd.0, 11)
            room[8 + i] = rounded(even.1 &+ odd.1, 11)
            room[48 + i] = rounded(even.1 &- odd.1, 11)
            room[16 + i] = rounded(even.2 &+ odd.2, 11)
            room[40 + i] = rounded(even.2 &- odd.2, 11)
            room[24 + i] = rounded(even.3 &+ odd.3, 11)
            room[32 + i] = rounded(even.3 &- odd.3, 11)
        }
        @inline(__always) func sample(_ x: Int32) -> UInt8 { UInt8(truncatingIfNeeded: max(0, min(255, rounded(x, 18) &+ 128))) }
        for y in 0..<8 {
            let row = room + 8 * y, line = to + y * stride
            let (even, odd) = transform((row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7]))
            line[0] = sample(even.0 &+ odd.0)
            line[7] = sample(even.0 &- odd.0)
            line[1] = sample(even.1 &+ odd.1)
            line[6] = sample(even.1 &- odd.1)
            line[2] = sample(even.2 &+ odd.2)
            line[5] = sample(even.2 &- odd.2)
            line[3] = sample(even.3 &+ odd.3)
            line[4] = sample(even.3 &- odd.3)
        }
    }

    /// Twice as many samples of a row: each is three parts of the nearer and one of the farther.
    static func doubledAcross(_ x: [UInt8], _ width: Int, _ height: Int) -> [UInt8] {
        var y = [UInt8](repeating: 0, count: 2 * width * height)
        for row in 0..<height {
            let from = row * width, to = 2 * from
            for i in 0..<width {
                let near = 3 * Int(x[from + i])
                y[to + 2 * i] = UInt8(i == 0 ? Int(x[from]) : (near + Int(x[from + i - 1]) + 1) >> 2)
                y[to + 2 * i + 1] = UInt8(i == width - 1 ? Int(x[from + i]) : (near + Int(x[from + i + 1]) + 2) >> 2)
            }
        }
        return y
    }

    /// Twice as many rows.
    static func doubledDown(_ x: [UInt8], _ width: Int, _ height: Int) -> [UInt8] {
        var y = [UInt8](repeating: 0, count: 2 * width * height)
        for row in 0..<height {
            for half in 0..<2 {
                let far = max(0, min(height - 1, half == 0 ? row - 1 : row + 1)), to = (2 * row + half) * width
                for i in 0..<width { y[to + i] = UInt8((3 * Int(x[row * width + i]) + Int(x[far * width + i]) + 1 + half) >> 2) }
            }
        }
        return y
    }

    /// Twice as many of both, rounded once.
    static func doubled(_ x: [UInt8], _ width: Int, _ height: Int) -> [UInt8] {
        var y = [UInt8](repeating: 0, count: 4 * width * height), sums = [Int](repeating: 0, count: width)
        for row in 0..<height {
            for half in 0..<2 {
                let far = max(0, min(height - 1, half == 0 ? row - 1 : row + 1)), to = (2 * row + half) * 2 * width
                for i in 0..<width { sums[i] = 3 * Int(x[row * width + i]) + Int(x[far * width + i]) }
                for i in 0..<width {
                    y[to + 2 * i] = UInt8(i == 0 ? (4 * sums[0] + 8) >> 4 : (3 * sums[i] + sums[i - 1] + 8) >> 4)
                    y[to + 2 * i + 1] = UInt8(i == width - 1 ? (4 * sums[i] + 7) >> 4 : (3 * sums[i] + sums[i + 1] + 7) >> 4)
                }
            }
        }
        return y
    }
}

extension JPEGComponent {
    /// The component's samples, as many as it has itself.
    func samples(_ coefficients: [Int16]) -> [UInt8] {
        let stride = storedWide * 8
        var all = [UInt8](repeating: 0, count: stride * storedHigh * 8), room = [Int32](repeating: 0, count: 64)
        all.withUnsafeMutableBufferPointer { all in
            coefficients.withUnsafeBufferPointer { coefficients in
                table.withUnsafeBufferPointer { table in
                    room.withUnsafeMutableBufferPointer { room in
                        for y in 0..<storedHigh {
                            for x in 0..<storedWide {
                                JPEGTransform.samples(
                                    coefficients.baseAddress! + firstCoefficient + (y * storedWide + x) * 64, table.baseAddress!, room.baseAddress!, all.baseAddress! + y * 8 * stride + x * 8, stride)
                            }
                        }
                    }
                }
            }
        }
        var own = [UInt8](repeating: 0, count: width * height)
        for y in 0..<height { own.replaceSubrange(y * width..<(y + 1) * width, with: all[y * stride..<y * stride + width]) }
        return own
    }

    /// The samples at the image's size.
    func upsampled(_ samples: [UInt8], _ imageWidth: Int, _ imageHeight: Int, _ greatestAcross: Int, _ greatestDown: Int) -> [UInt8] {
        var x = samples, (wide, high) = (width, height)
        let factorX = greatestAcross % across == 0 ? greatestAcross / across : 0, factorY = greatestDown % down == 0 ? greatestDown / down : 0
        if (factorX, factorY) == (2, 2), width > 2 {
            x = JPEGTransform.doubled(x, wide, high)
            (wide, high) = (2 * wide, 2 * high)
        } else if (factorX, factorY) == (2, 1), width > 2 {
            x = JPEGTransform.doubledAcross(x, wide, high)
            wide *= 2
        } else if (factorX, factorY) == (1, 2) {
            x = JPEGTransform.doubledDown(x, wide, high)
            high *= 2
        } else if greatestAcross != across || greatestDown != down {
            // Repeated: each pixel takes the sample that it lies in.
            var y = [UInt8](repeating: 0, count: imageWidth * imageHeight)
            for row in 0..<imageHeight {
                let from = min(high - 1, row * down / greatestDown) * wide
                for column in 0..<imageWidth { y[row * imageWidth + column] = x[from + min(wide - 1, column * across / greatestAcross)] }
            }
            return y
        }
        if wide == imageWidth && high == imageHeight { return x }
        var cut = [UInt8](repeating: 0, count: imageWidth * imageHeight)
        for row in 0..<imageHeight { cut.replaceSubrange(row * imageWidth..<(row + 1) * imageWidth, with: x[row * wide..<row * wide + imageWidth]) }
        return cut
    }
}
