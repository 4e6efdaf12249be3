import DescentFormats

extension Table {
    /// Pictures and their labels from two IDX files, as those of MNIST: a row for each picture, its target "label" and the columns "pixel 1"
    /// and so on, row by row of the picture.
    ///
    /// - Parameters:
    ///   - images: A file of bytes of two axes or more, the first counting the pictures; may be compressed by gzip.
    ///   - labels: A file of whole numbers, one for each picture.
    /// - Throws: `FileError` where a file cannot be read, `FormatError` where it is no IDX file, `DataError` where the two do not fit.
    public init(images path: String, labels labelPath: String) throws {
        let images = try IDXFile.read(path)
        let labels = try IDXFile.read(labelPath)
        guard images.type == .uint8, images.shape.count >= 2 else {
            throw DataError(file: path, "\(images.type.rawValue) numbers of shape \(images.shape) are no pictures; there must be bytes of two axes or more")
        }
        guard labels.shape.count == 1, labels.type != .float32, labels.type != .float64 else {
            throw DataError(file: labelPath, "\(labels.type.rawValue) numbers of shape \(labels.shape) are no labels; there must be one whole number for each picture")
        }
        let count = images.shape[0]
        if labels.shape[0] != count {
            throw DataError(file: labelPath, "\(labels.shape[0]) labels for the \(count) pictures of \(path)")
        }
        let size = images.shape.dropFirst().reduce(1, *)
        if count == 0 || size == 0 { throw DataError(file: path, "there are no pictures in it") }
        // As text, which the reader of tables turns into columns of numbers.
        var text = Array(("label," + (1...size).map { "pixel \($0)" }.joined(separator: ",") + "\n").utf8)
        let words = (0...255).map { Array(",\($0)".utf8) }
        let names = labels.doubles.map { Array("\(Int($0))".utf8) }
        text.reserveCapacity(text.count + images.bytes.count * 3)
        for row in 0..<count {
            text += names[row]
            for byte in images.bytes[images.bytes.startIndex + row * size..<images.bytes.startIndex + (row + 1) * size] { text += words[Int(byte)] }
            text.append(0x0A)
        }
        try self.init(parsing: text, file: path, options: Options(delimiter: .comma, header: .present))
    }
}
