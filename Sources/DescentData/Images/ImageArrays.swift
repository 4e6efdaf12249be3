import DescentFormats

extension LabelledImages {
    /// Images from an array's file, IDX or NumPy: bytes or numbers [count, height, width], or with channels before or after the height and width; with labels
    /// from another.
    ///
    /// - Parameters:
    ///   - labels: A file of whole numbers, one for each image; nil for images without labels.
    ///   - classes: The names that labels count; nil for the labels themselves as names.
    ///   - shape: The shape that a model takes; nil for any.
    /// - Throws: `FormatError` for a damaged file, `DataError` where the two do not fit.
    public init(array path: String, labels labelPath: String?, classes: [String]? = nil, shape expected: ImageShape? = nil) throws {
        let images = try Self.array(path)
        guard [3, 4].contains(images.shape.count) else {
            throw DataError(file: path, "an array of shape \(images.shape) holds no images; it must be [count, height, width], or with 1 or 3 channels more")
        }
        let (shape, channelsLast) = Self.layout(images.shape)
        let count = images.shape[0]
        if count == 0 || shape.count == 0 { throw DataError(file: path, "there are no images in it") }
        if let expected, expected != shape { throw DataError(file: path, "the images are \(shape), and the model takes \(expected)") }
        var pixels = try Self.bytes(images, path)
        if channelsLast && shape.channels > 1 { pixels = Self.channelsFirst(pixels, shape) }
        guard let labelPath else {
            self.init(file: path, pixels: pixels, shape: shape)
            return
        }
        let numbers = try Self.array(labelPath)
        guard numbers.shape.reduce(1, *) == numbers.shape[0], numbers.type != .float32, numbers.type != .float64 else {
            throw DataError(file: labelPath, "\(numbers.type.rawValue) numbers of shape \(numbers.shape) are no labels; there must be one whole number for each image")
        }
        if numbers.shape[0] != count { throw DataError(file: labelPath, "\(numbers.shape[0]) labels for the \(count) images of \(path)") }
        let values = numbers.doubles.map { Int($0) }
        let names = classes ?? Set(values).sorted().map { "\($0)" }
        let byName = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        let labels = try values.map { value in
            guard let label = byName["\(value)"] else { throw DataError(file: labelPath, "the label \(value) is not one of the model's classes: \(names.joined(separator: ", "))") }
            return label
        }
        if names.count < 2 { throw DataError(file: labelPath, "all labels are \(names[0]); there must be at least two classes") }
        self.init(file: path, pixels: pixels, shape: shape, classes: names, labels: labels)
    }

    private static func array(_ path: String) throws -> NumericArray { path.hasSuffix(".npy") ? try NumPyFile.read(path) : try IDXFile.read(path) }

    private static func layout(_ shape: [Int]) -> (ImageShape, channelsLast: Bool) {
        if shape.count == 3 { return (ImageShape(channels: 1, height: shape[1], width: shape[2]), false) }
        if [1, 3].contains(shape[1]) { return (ImageShape(channels: shape[1], height: shape[2], width: shape[3]), false) }
        return (ImageShape(channels: shape[3], height: shape[1], width: shape[2]), true)
    }

    /// Numbers as bytes: those from 0 to 1 times 255.
    private static func bytes(_ array: NumericArray, _ path: String) throws -> [UInt8] {
        if array.type == .uint8 { return array.bytes }
        let values = array.doubles, largest = values.max() ?? 0
        guard values.allSatisfy({ $0 >= 0 && $0 <= 255 }) else { throw DataError(file: path, "pixels must be from 0 to 255, or from 0 to 1; they go from \(values.min() ?? 0) to \(largest)") }
        let scale = largest <= 1 ? 255.0 : 1
        return values.map { UInt8(($0 * scale).rounded()) }
    }

    private static func channelsFirst(_ pixels: [UInt8], _ shape: ImageShape) -> [UInt8] {
        var planes = [UInt8](repeating: 0, count: pixels.count)
        let area = shape.height * shape.width
        for image in 0..<pixels.count / shape.count {
            let start = image * shape.count
            for pixel in 0..<area { for channel in 0..<shape.channels { planes[start + channel * area + pixel] = pixels[start + pixel * shape.channels + channel] } }
        }
        return planes
    }

    /// The built-in handwritten digits.
    public static func digits() -> LabelledImages {
        let (pixels, labels) = Digits.load()
        return LabelledImages(
            file: "digits", pixels: pixels.map { UInt8((Int($0) * 255 + 8) / 16) }, shape: ImageShape(channels: 1, height: 8, width: 8), classes: (0..<10).map { "\($0)" },
            labels: labels.map { Int32($0) })
    }

    /// Images whose pixels are the columns of a table, row by row, beside a column of classes.
    ///
    /// - Parameters:
    ///   - target: The column of the classes, by name or number; nil for pixels alone.
    ///   - classes: The names that the model knows; nil for those in the table.
    /// - Throws: `DataError` where the columns are no pixels of square images, or a cell is no number from 0 to 255.
    public init(table: Table, target: String?, classes known: [String]? = nil, shape expected: ImageShape? = nil) throws {
        let column = try target.map { (name) throws(DataError) in try table.column(name) }
        let columns = table.names.indices.filter { $0 != column }
        guard let shape = expected ?? Self.square(columns.count) else {
            throw DataError(file: table.file, "\(columns.count) columns of pixels make no square image, gray or with three channels")
        }
        if shape.count != columns.count { throw DataError(file: table.file, "\(columns.count) columns of pixels, and the model's images, \(shape), have \(shape.count)") }
        var values = [Double](repeating: 0, count: table.rowCount * columns.count)
        for row in 0..<table.rowCount {
            for (place, index) in columns.enumerated() {
                guard let value = table.number(row: row, column: index), value >= 0, value <= 255 else {
                    throw DataError(
                        file: table.file, line: table.line(ofRow: row), column: table.names[index],
                        "column \(quoted(table.names[index])) is \(quoted(table.text(row: row, column: index))); pixels are numbers from 0 to 255")
                }
                values[row * columns.count + place] = value
            }
        }
        let largest = values.max() ?? 0, scale = largest <= 1 ? 255.0 : largest <= 16 ? 255.0 / 16 : 1
        var names: [String] = [], labels: [Int32] = []
        if let column {
            let cells = (0..<table.rowCount).map { table.text(row: $0, column: column) }
            names = known ?? Self.sorted(Set(cells))
            if names.count < 2 { throw DataError(file: table.file, "all rows are of class \(quoted(names.first ?? "")); there must be at least two classes") }
            let byName = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
            labels = try cells.enumerated().map { row, cell in
                guard let label = byName[cell] else {
                    throw DataError(
                        file: table.file, line: table.line(ofRow: row), column: table.names[column], "the class \(quoted(cell)) is not one of the model's: \(names.joined(separator: ", "))")
                }
                return label
            }
        }
        self.init(
            file: table.file, pixels: values.map { UInt8(($0 * scale).rounded()) }, shape: shape, classes: names, labels: labels, names: (0..<table.rowCount).map { "row \($0 + 1)" })
    }

    /// Numbers in their order, then the rest.
    private static func sorted(_ names: Set<String>) -> [String] { names.sorted { (Double($0) ?? .infinity, $0) < (Double($1) ?? .infinity, $1) } }

    private static func square(_ count: Int) -> ImageShape? {
        for channels in [1, 3] where count % channels == 0 {
            let side = Int(Double(count / channels).squareRoot().rounded())
            if side > 1, side * side * channels == count { return ImageShape(channels: channels, height: side, width: side) }
        }
        return nil
    }

    /// Whether the names of a table's columns are those of pixels, beside one other column at most.
    public static func arePixels(_ names: [String]) -> Bool {
        let pixels = names.filter { name in
            let letters = name.lowercased().prefix { $0.isLetter }
            return ["pixel", "pix", "px"].contains(String(letters)) || name.split(separator: "x").count == 2 && name.allSatisfy { $0.isNumber || $0 == "x" }
        }
        return pixels.count >= 16 && pixels.count >= names.count - 1
    }
}
