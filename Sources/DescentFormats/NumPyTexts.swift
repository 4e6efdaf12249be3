extension NumPyFile {
    /// The texts of an .npy file whose elements are texts of one size, as NumPy keeps strings (`<U5`, or bytes `S5`).
    ///
    /// - Returns: `nil` where the elements are anything else.
    /// - Throws: `FormatError` where the file is shorter or longer than its header says.
    public static func texts(_ bytes: [UInt8], file: String) throws(FormatError) -> (shape: [Int], texts: [String])? {
        guard bytes.count >= 10, bytes.starts(with: [0x93] + Array("NUMPY".utf8)) else { return nil }
        let lengthSize = bytes[6] == 1 ? 2 : 4
        guard bytes.count >= 8 + lengthSize else { return nil }
        let start = 8 + lengthSize + (0..<lengthSize).reduce(0) { $0 | Int(bytes[8 + $1]) << (8 * $1) }
        guard start <= bytes.count else { return nil }
        let header = String(decoding: bytes[(8 + lengthSize)..<start], as: UTF8.self)
        let quotes = header.split(separator: "'", omittingEmptySubsequences: false).map(String.init)
        guard let key = quotes.firstIndex(of: "descr"), key + 2 < quotes.count else { return nil }
        let kind = quotes[key + 2].drop { "<>|=".contains($0) }
        guard let letter = kind.first, letter == "U" || letter == "S", let size = Int(kind.dropFirst()) else { return nil }
        // A text's header is that of an array of bytes or of 32-bit numbers, with one more axis.
        let isWide = letter == "U", plain = isWide ? "u4" : "u1"
        guard let open = header.firstIndex(of: "("), let close = header[open...].firstIndex(of: ")") else { throw FormatError(file: file, reason: "byte 10: 'shape' is no tuple") }
        let axes = header[header.index(after: open)..<close].split(separator: ",").compactMap { Int($0.filter { $0 != " " }) }
        if header.contains("'fortran_order': True"), axes.count > 1 { throw FormatError(file: file, reason: "texts in Fortran order are not read; save them with numpy.ascontiguousarray") }
        let order = quotes[key + 2].first == ">" ? ">" : "<"
        let inner = "{'descr': '\(order)\(plain)', 'fortran_order': False, 'shape': (\((axes + [size]).map { "\($0), " }.joined())), }\n"
        let array = try parse(Array(bytes[..<6]) + [1, 0, UInt8(inner.utf8.count & 0xFF), UInt8(inner.utf8.count >> 8)] + Array(inner.utf8) + bytes[start...], file: file)
        let codes = array.doubles
        let texts = (0..<axes.reduce(1, *)).map { number in
            let own = codes[(number * size)..<((number + 1) * size)].prefix { $0 != 0 }
            if !isWide { return String(decoding: own.map { UInt8($0) }, as: UTF8.self) }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: own.map { UInt32(exactly: $0).flatMap(Unicode.Scalar.init) ?? "\u{FFFD}" })
            return String(text)
        }
        return (axes, texts)
    }
}
