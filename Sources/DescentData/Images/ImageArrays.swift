import DescentFormats

extension LabelledImages {
    /// Images from an array's file, IDX or NumPy: bytes or numbers [count, height, width], or with channels before or after the height and width; with labels
    /// from another.
    ///
    /// - Parameters:
    ///   - labels: A file of whole numbers, one for each image; nil for images without labels. A NumPy archive (.npz) may hold both: x or images, y or labels.
    ///   - classes: The names that labels count; nil for the labels themselves as names.
    ///   - shape: The shape that a model takes; nil for any.
    ///   - scale: What a model's training multiplied numbers by to give pixels; nil to guess it by the largest.
    /// - Throws: `FormatError` for a damaged file, `DataError` where the two do not fit.
    public init(array path: String, labels labelPath: String?, classes: [String]? = nil, shape expected: ImageShape? = nil, scale: Double? = nil) throws {
        let images = try Self.array(path, named: Self.imageNames, "images")
        guard let (stored, channelsLast) = Self.layout(images.shape) else {
            throw DataError(
                file: path, "an array of shape \(images.shape) holds no images; it must be [count, height, width], or with 1, 3 or 4 channels (gray, RGB, RGBA) before or after height and width")
        }
        let hasAlpha = stored.channels == 4, shape = hasAlpha ? ImageShape(channels: 3, height: stored.height, width: stored.width) : stored
        let count = images.shape[0]
        if count == 0 || shape.count == 0 { throw DataError(file: path, "there are no images in it") }
        if let expected, expected != shape { throw DataError(file: path, "the images are \(shape), and the model takes \(expected)") }
        var (pixels, used) = try Self.bytes(images, path, scale: scale)
        if channelsLast && stored.channels > 1 { pixels = Self.channelsFirst(pixels, stored) }
        if hasAlpha { pixels = Self.overWhite(pixels, stored) }
        guard let labelPath else {
            self.init(file: path, pixels: pixels, shape: shape, pixelScale: used)
            return
        }
        let numbers = try Self.array(labelPath, named: Self.labelNames, "labels")
        guard numbers.shape.reduce(1, *) == numbers.shape[0], numbers.type != .float32, numbers.type != .float64 else {
            throw DataError(file: labelPath, "\(numbers.type.rawValue) numbers of shape \(numbers.shape) are no labels; there must be one whole number for each image")
        }
        if numbers.shape[0] != count { throw DataError(file: labelPath, "\(Self.counted(numbers.shape[0], "label")) for \(Self.counted(count, "image")) of \(path)") }
        let values = numbers.doubles.map { Int($0) }
        let names = classes ?? Set(values).sorted().map { "\($0)" }
        let byName = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        let labels = try values.map { value in
            guard let label = byName["\(value)"] else { throw DataError(file: labelPath, "the label \(value) is not one of the model's classes: \(listed(names))") }
            return label
        }
        if names.count < 2 { throw DataError(file: labelPath, "all labels are \(names[0]); there must be at least two classes") }
        self.init(file: path, pixels: pixels, shape: shape, classes: names, labels: labels, pixelScale: used)
    }

    /// What arrays of images and of labels are called in archives; in small letters.
    private static let imageNames = ["x", "images", "image", "x_train", "train_images", "data", "arr_0"]
    private static let labelNames = ["y", "labels", "label", "y_train", "train_labels", "targets", "target", "arr_1"]

    /// The array of a file; of a NumPy archive the one with the first of some names.
    private static func array(_ path: String, named names: [String], _ what: String) throws -> NumericArray {
        if path.lowercased().hasSuffix(".npy") { return try NumPyFile.read(path) }
        if !path.lowercased().hasSuffix(".npz") { return try IDXFile.read(path) }
        let arrays = try NumPyFile.readArchive(path)
        for name in names { if let found = arrays.first(where: { $0.name.lowercased() == name }) { return found.array } }
        throw DataError(file: path, "none of its arrays (\(listed(arrays.map(\.name)))) has a name of \(what): \(names.joined(separator: ", "))")
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// How an array's axes are an image's; nil where they are not.
    private static func layout(_ shape: [Int]) -> (ImageShape, channelsLast: Bool)? {
        if shape.count == 3 { return (ImageShape(channels: 1, height: shape[1], width: shape[2]), false) }
        guard shape.count == 4 else { return nil }
        for channels in [[1, 3], [4]] {
            if channels.contains(shape[1]) { return (ImageShape(channels: shape[1], height: shape[2], width: shape[3]), false) }
            if channels.contains(shape[3]) { return (ImageShape(channels: shape[3], height: shape[1], width: shape[2]), true) }
        }
        return nil
    }

    /// Numbers as bytes, and what they were multiplied by: 255 for those from 0 to 1.
    private static func bytes(_ array: NumericArray, _ path: String, scale given: Double?) throws -> (pixels: [UInt8], scale: Double) {
        // Bytes say of themselves that they go from 0 to 255.
        if array.type == .uint8, given == nil || given == 1 || given == 255 { return (array.bytes, 1) }
        let values = array.doubles
        if let place = values.firstIndex(where: { !$0.isFinite }) {
            throw DataError(file: path, "\(Self.place(place, array.shape)) is \(values[place].isNaN ? "NaN" : "infinite"); pixels are numbers from 0 to 255, or from 0 to 1")
        }
        let smallest = values.min() ?? 0, largest = values.max() ?? 0
        if smallest < 0 || largest > 255 { throw DataError(file: path, "pixels must be from 0 to 255, or from 0 to 1; they go from \(smallest) to \(largest)") }
        let scale = given ?? (largest <= 1 ? 255 : 1)
        if given != nil { try requireScale(scale, values, file: path) { Self.place($0, array.shape) } }
        return (values.map { UInt8(min(255, ($0 * scale).rounded())) }, scale)
    }

    /// Refuses numbers that are on another scale than those that a model was trained on.
    private static func requireScale(_ scale: Double, _ values: [Double], file: String, place: (Int) -> String) throws {
        let largest = (25500 / scale).rounded() / 100, most = largest == largest.rounded() ? "\(Int(largest))" : "\(largest)"
        if let wrong = values.firstIndex(where: { $0 * scale > 255.5 }) {
            throw DataError(file: file, "\(place(wrong)) is \(values[wrong]), and the model was trained on pixels from 0 to \(most); bring them to that scale")
        }
        if scale == 1, let wrong = values.firstIndex(where: { $0 != 0 && $0 != 1 }), values.allSatisfy({ $0 <= 1 }) {
            throw DataError(file: file, "no pixel is above 1 (\(place(wrong)) is \(values[wrong])), and the model was trained on pixels from 0 to 255; multiply them by 255")
        }
    }

    /// "element [3, 2, 2]" of an array.
    private static func place(_ index: Int, _ shape: [Int]) -> String {
        var rest = index, places: [Int] = []
        for size in shape.reversed() {
            places.append(rest % size)
            rest /= size
        }
        return "element [\(places.reversed().map { "\($0)" }.joined(separator: ", "))]"
    }

    /// RGBA planes composed over white, as image files are.
    private static func overWhite(_ planes: [UInt8], _ shape: ImageShape) -> [UInt8] {
        let area = shape.height * shape.width
        var result: [UInt8] = []
        result.reserveCapacity(planes.count / 4 * 3)
        for start in stride(from: 0, to: planes.count, by: 4 * area) {
            for channel in 0..<3 {
                for pixel in 0..<area {
                    let value = Int(planes[start + channel * area + pixel]), alpha = Int(planes[start + 3 * area + pixel])
                    result.append(UInt8((value * alpha + 255 * (255 - alpha) + 127) / 255))
                }
            }
        }
        return result
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
            labels: labels.map { Int32($0) }, pixelScale: 255.0 / 16)
    }

    /// Images whose pixels are the columns of a table, row by row, beside a column of classes.
    ///
    /// - Parameters:
    ///   - target: The column of the classes, by name or number; nil for pixels alone.
    ///   - classes: The names that the model knows; nil for those in the table.
    ///   - scale: What a model's training multiplied numbers by to give pixels; nil to guess it by the largest.
    /// - Throws: `DataError` where the columns are no pixels of square images, or a cell is no number from 0 to 255.
    public init(table: Table, target: String?, classes known: [String]? = nil, shape expected: ImageShape? = nil, scale given: Double? = nil) throws {
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
        if table.rowCount == 0 { throw DataError(file: table.file, "the table has no rows, so no images") }
        let largest = values.max() ?? 0, scale = given ?? (largest <= 1 ? 255.0 : largest <= 16 ? 255.0 / 16 : 1)
        if given != nil {
            try Self.requireScale(scale, values, file: table.file) { "column \(quoted(table.names[columns[$0 % columns.count]])) of line \(table.line(ofRow: $0 / columns.count))" }
        }
        var names: [String] = [], labels: [Int32] = []
        if let column {
            let cells = (0..<table.rowCount).map { table.text(row: $0, column: column) }
            names = known ?? Self.sorted(Set(cells))
            if names.count < 2 { throw DataError(file: table.file, "all rows are of class \(quoted(names.first ?? "")); there must be at least two classes") }
            let byName = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
            labels = try cells.enumerated().map { row, cell in
                guard let label = byName[cell] else {
                    throw DataError(
                        file: table.file, line: table.line(ofRow: row), column: table.names[column], "the class \(quoted(cell)) is not one of the model's: \(listed(names))")
                }
                return label
            }
        }
        self.init(
            file: table.file, pixels: values.map { UInt8(min(255, ($0 * scale).rounded())) }, shape: shape, classes: names, labels: labels, names: (0..<table.rowCount).map { "row \($0 + 1)" },
            pixelScale: scale, target: column.map { table.names[$0] })
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

    /// Whether a column's name is that of a pixel: "pixel17", "px 3", "2x5".
    public static func isPixel(_ name: String) -> Bool {
        let letters = name.lowercased().prefix { $0.isLetter }
        return ["pixel", "pix", "px"].contains(String(letters)) || name.split(separator: "x").count == 2 && name.allSatisfy { $0.isNumber || $0 == "x" }
    }

    /// Whether the names of a table's columns are those of pixels, beside one other column at most.
    public static func arePixels(_ names: [String]) -> Bool {
        let pixels = names.filter(isPixel)
        return pixels.count >= 16 && pixels.count >= names.count - 1
    }
}
