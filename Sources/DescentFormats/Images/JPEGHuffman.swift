/// A Huffman code as one table of numbers, so that a scan can hold all its codes in one place.
struct JPEGHuffman {
    /// The parts of the table. At 0: for each 9 bits, the symbol times 256 plus the length of the code that they begin with; 0 where the code is longer.
    /// At `limits`: for each length, one more than its greatest code, aligned to 16 bits. At `offsets`: the place among the symbols of a length's first code,
    /// less that code. At `symbols`: the symbols in the order of their codes.
    static let limits = 512, offsets = limits + 18, symbols = offsets + 18, count = symbols + 256

    private(set) var entries = [Int32](repeating: 0, count: Self.count)

    /// A code without symbols.
    init() {}

    /// A code from the number of symbols of each length from 1 to 16; nil where no code has these lengths.
    init?(counts: [Int], symbols: [UInt8]) {
        var code = 0, place = 0
        for length in 1...16 {
            entries[Self.offsets + length] = Int32(place - code)
            for _ in 0..<counts[length - 1] {
                if code >= 1 << length { return nil }
                entries[Self.symbols + place] = Int32(symbols[place])
                if length <= 9 {
                    let first = code << (9 - length)
                    for index in first..<first + 1 << (9 - length) { entries[index] = Int32(symbols[place]) << 8 | Int32(length) }
                }
                code += 1
                place += 1
            }
            entries[Self.limits + length] = Int32(code << (16 - length))
            code <<= 1
        }
    }
}
