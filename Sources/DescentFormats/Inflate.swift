/// Decompresses DEFLATE (RFC 1951).
struct Inflate {
    /// What is wrong with the compressed bytes, and where.
    struct Failure: Error {
        let offset: Int
        let reason: String
        /// The number of bytes that could be decompressed.
        let produced: Int
    }

    /// The bytes decompressed.
    private(set) var output: [UInt8] = []
    /// The place after the last byte that was used.
    var position: Int { next - bitCount / 8 }

    private let input: ArraySlice<UInt8>
    private let limit: Int
    /// The next byte to be taken into `bits`.
    private var next: Int
    private var bits: UInt64 = 0
    private var bitCount = 0

    /// Decompresses from the beginning of `input` to the end of the compressed data, and no more than `limit` bytes.
    init(_ input: ArraySlice<UInt8>, expecting: Int = 0, limit: Int = .max) throws(Failure) {
        self.input = input
        self.limit = limit
        next = input.startIndex
        output.reserveCapacity(min(expecting, limit))
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try stored()
            case 1: try compressed(Self.fixedLiterals, Self.fixedDistances)
            case 2:
                let (literals, distances) = try codes()
                try compressed(literals, distances)
            default: throw failure("a block of the unknown kind 3")
            }
        }
    }

    private func failure(_ reason: String) -> Failure { Failure(offset: position, reason: reason, produced: output.count) }

    // MARK: - Bits

    /// Fills `bits` as far as there is input.
    @inline(__always)
    private mutating func refill() {
        while bitCount <= 56, next < input.endIndex {
            bits |= UInt64(input[next]) << UInt64(bitCount)
            next += 1
            bitCount += 8
        }
    }

    @inline(__always)
    private mutating func take(_ count: Int) throws(Failure) -> Int {
        if bitCount < count {
            refill()
            if bitCount < count { throw failure("the compressed data ends too early") }
        }
        let value = Int(bits & (1 << UInt64(count) - 1))
        bits >>= UInt64(count)
        bitCount -= count
        return value
    }

    // MARK: - Huffman codes

    /// A code: for each text of `width` bits, the symbol it begins with times 16, plus that symbol's number of bits.
    struct Code {
        let width: Int
        let entries: [UInt16]

        /// A code from the lengths of its symbols; `nil` where these leave no code, or more texts than there are.
        init?(lengths: [UInt8]) {
            var counts = [Int](repeating: 0, count: 16)
            for length in lengths where length > 0 { counts[Int(length)] += 1 }
            var left = 1
            for length in 1...15 {
                left = left * 2 - counts[length]
                if left < 0 { return nil }
            }
            // Incomplete only where a single symbol has a code, or none at all.
            if left > 0 && counts.reduce(0, +) > 1 { return nil }
            let width = max(counts.lastIndex { $0 > 0 } ?? 1, 1)
            var firsts = [Int](repeating: 0, count: 17)
            for length in 1...15 { firsts[length + 1] = (firsts[length] + counts[length]) << 1 }
            var entries = [UInt16](repeating: 0, count: 1 << width)
            for (symbol, length) in lengths.enumerated() where length > 0 {
                let length = Int(length)
                let code = firsts[length]
                firsts[length] += 1
                // The first bit of a code is the lowest.
                var reversed = 0
                for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
                var place = reversed
                while place < 1 << width {
                    entries[place] = UInt16(symbol << 4 | length)
                    place += 1 << length
                }
            }
            self.width = width
            self.entries = entries
        }
    }

    @inline(__always)
    private mutating func symbol(_ code: Code) throws(Failure) -> Int {
        if bitCount < 15 { refill() }
        let entry = code.entries[Int(bits & (1 << UInt64(code.width) - 1))]
        let length = Int(entry & 15)
        guard length > 0 else { throw failure("a code that stands for nothing") }
        guard length <= bitCount else { throw failure("the compressed data ends too early") }
        bits >>= UInt64(length)
        bitCount -= length
        return Int(entry >> 4)
    }

    private static let fixedLiterals = Code(
        lengths: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })!
    private static let fixedDistances = Code(lengths: [UInt8](repeating: 5, count: 32))!
    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// The codes of a block that brings its own (section 3.2.7).
    private mutating func codes() throws(Failure) -> (literals: Code, distances: Code) {
        let literalCount = try take(5) + 257
        let distanceCount = try take(5) + 1
        let lengthCount = try take(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw failure("a block has too many codes") }
        var lengths = [UInt8](repeating: 0, count: 19)
        for place in Self.order.prefix(lengthCount) { lengths[place] = UInt8(try take(3)) }
        guard let code = Code(lengths: lengths) else { throw failure("the lengths of a block's codes fit no code") }
        var all: [UInt8] = []
        while all.count < literalCount + distanceCount {
            let symbol = try symbol(code)
            switch symbol {
            case 0..<16: all.append(UInt8(symbol))
            case 16:
                guard let last = all.last else { throw failure("a block repeats a code's length before the first") }
                all += [UInt8](repeating: last, count: try take(2) + 3)
            case 17: all += [UInt8](repeating: 0, count: try take(3) + 3)
            default: all += [UInt8](repeating: 0, count: try take(7) + 11)
            }
        }
        guard all.count == literalCount + distanceCount, all[256] > 0,
            let literals = Code(lengths: Array(all[..<literalCount])), let distances = Code(lengths: Array(all[literalCount...]))
        else { throw failure("the lengths of a block's codes fit no code") }
        return (literals, distances)
    }

    // MARK: - Blocks

    private mutating func stored() throws(Failure) {
        // The rest of the byte says nothing.
        _ = try take(bitCount % 8)
        let count = try take(16)
        guard try take(16) == ~count & 0xFFFF else { throw failure("the length of a stored block does not match its complement") }
        let start = position
        guard start + count <= input.endIndex else {
            throw Failure(offset: start, reason: "the compressed data ends too early", produced: output.count + input.endIndex - start)
        }
        try check(count)
        output += input[start..<start + count]
        next = start + count
        bits = 0
        bitCount = 0
    }

    private func check(_ more: Int) throws(Failure) {
        if more > limit - output.count { throw failure("more than the \(limit) bytes that it should decompress to") }
    }

    private static let lengthBase = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
    ]
    private static let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    private static let distanceBase = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
        8193, 12289, 16385, 24577,
    ]

    private mutating func compressed(_ literals: Code, _ distances: Code) throws(Failure) {
        while true {
            let symbol = try symbol(literals)
            if symbol < 256 {
                try check(1)
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol < 286 else { throw failure("a length of the unknown kind \(symbol)") }
            let length = Self.lengthBase[symbol - 257] + (try take(Self.lengthBits[symbol - 257]))
            let kind = try self.symbol(distances)
            guard kind < 30 else { throw failure("a distance of the unknown kind \(kind)") }
            let distance = Self.distanceBase[kind] + (try take(max(kind / 2 - 1, 0)))
            guard distance <= output.count else { throw failure("a repetition from before the beginning") }
            try check(length)
            let start = output.count - distance
            // The source may run into what is being written: byte by byte.
            for index in start..<start + length { output.append(output[index]) }
        }
    }
}
