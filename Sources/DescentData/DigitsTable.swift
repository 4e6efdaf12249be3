extension Digits {
    /// The images as a table: a row for each, with its pixels in the columns p0 to p63 (row by row) and what it shows in `digit`.
    public static func table() -> Table {
        let (pixels, labels) = load()
        let size = side * side
        let names = (0..<size).map { "p\($0)" } + ["digit"]
        let rows = labels.indices.map { image in
            pixels[image * size..<(image + 1) * size].map { String($0) } + [String(labels[image])]
        }
        do {
            return try Table(names: names, rows: rows, file: "digits")
        } catch {
            preconditionFailure("the built-in digits are whole rows of \(names.count) cells: \(error)")
        }
    }
}
