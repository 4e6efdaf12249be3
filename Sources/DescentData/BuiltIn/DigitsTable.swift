extension Digits {
    /// The images as a table: a row for each, with its pixels in the columns p0 to p63 (row by row) and what it shows in `digit`.
    public static func table() -> Table {
        let (pixels, labels) = load()
        let size = side * side
        var bytes = Array((0..<size).map { "p\($0)," }.joined().utf8) + Array("digit\n".utf8)
        bytes.reserveCapacity(count * size * 3)
        for image in 0..<count {
            for pixel in pixels[image * size..<(image + 1) * size] {
                if pixel >= 10 { bytes.append(UInt8(ascii: "1")) }
                bytes.append(UInt8(ascii: "0") + pixel % 10)
                bytes.append(UInt8(ascii: ","))
            }
            bytes.append(UInt8(ascii: "0") + labels[image])
            bytes.append(UInt8(ascii: "\n"))
        }
        do {
            return try Table(parsing: bytes, file: "digits", options: Table.Options(delimiter: .comma, header: .present))
        } catch {
            preconditionFailure("the built-in digits are a table: \(error)")
        }
    }
}
