/// Blocks compressed by Snappy.
///
/// The format: https://github.com/google/snappy/blob/main/format_description.txt.
enum Snappy {
    /// A block that is damaged.
    struct Failure: Error {
        /// What is wrong.
        let reason: String
    }

    /// The content of a block, which must be of `count` bytes.
    static func decompress(_ bytes: ArraySlice<UInt8>, count: Int) throws(Failure) -> [UInt8] {
        var position = bytes.startIndex
        var length: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 28, by: 7) {
            guard position < bytes.endIndex else { throw Failure(reason: "it ends within its length") }
            let byte = bytes[position]
            position += 1
            length |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { break }
        }
        guard length == UInt64(count) else { throw Failure(reason: "its content should have \(count) bytes, and says that it has \(length)") }
        // Three bytes become 64 at most.
        guard count <= bytes.count * 64 else { throw Failure(reason: "\(count) bytes cannot be packed into \(bytes.count)") }
        var output: [UInt8] = []
        output.reserveCapacity(count)
        while position < bytes.endIndex {
            let tag = Int(bytes[position])
            position += 1
            func number(_ size: Int) throws(Failure) -> Int {
                guard position + size <= bytes.endIndex else { throw Failure(reason: "it ends within a copy or a literal") }
                defer { position += size }
                return (0..<size).reduce(0) { $0 | Int(bytes[position + $1]) << (8 * $1) }
            }
            if tag & 3 == 0 {
                let short = tag >> 2
                let count = (short < 60 ? short : try number(short - 59)) + 1
                guard count <= bytes.endIndex - position else { throw Failure(reason: "it ends within a literal") }
                output += bytes[position..<position + count]
                position += count
            } else {
                let copied: Int, offset: Int
                switch tag & 3 {
                case 1: (copied, offset) = (4 + (tag >> 2 & 7), (tag >> 5) << 8 | (try number(1)))
                case 2: (copied, offset) = (1 + tag >> 2, try number(2))
                default: (copied, offset) = (1 + tag >> 2, try number(4))
                }
                guard offset > 0, offset <= output.count else { throw Failure(reason: "it copies from before its beginning") }
                let from = output.count - offset
                // What is copied may be what the copy writes.
                if offset >= copied { output += output[from..<from + copied] } else { for place in 0..<copied { output.append(output[from + place]) } }
            }
            guard output.count <= count else { throw Failure(reason: "it holds more than it says") }
        }
        guard output.count == count else { throw Failure(reason: "it holds \(output.count) bytes, and should hold \(count)") }
        return output
    }
}
