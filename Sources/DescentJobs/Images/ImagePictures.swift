import DescentCore
import DescentData
import DescentFormats
import DescentNN
import DescentPlot
import DescentTrain

/// Pictures of what a network does to images: filters, feature maps, and where it looked.
struct ImagePictures {
    private let model: ImageClassifier
    private let images: LabelledImages
    private let rows: [Int]
    private let labels: [Int]?
    private var layers: [any Layer] { model.network.network.layers }

    /// More images are not drawn.
    static let imageLimit = 6
    /// Feature maps of a layer that are drawn.
    private static let mapLimit = 32

    init(_ model: ImageClassifier, _ images: LabelledImages, rows: [Int], labels: [Int]?) throws {
        (self.model, self.images, self.rows, self.labels) = (model, images, rows, labels)
    }

    func sections() throws -> [ReportSection] {
        guard let first = rows.first else { return [] }
        let inputs = try model.inputs(images, rows: [first])
        return [
            ReportSection("Where it looked", try rows.map { .picture(try looked(at: $0)) } + [.text(Self.lookedNote)]),
            ReportSection(
                "Filters of the first layer",
                filters.map { [.picture($0), .text("Each filter is shown on a scale of its own sheet: orange adds to the result, blue takes from it, white is 0.")] } ?? []),
            ReportSection("Feature maps", featureMaps(inputs).map { .picture($0) }),
            ReportSection("Receptive fields", receptiveFields(first, try images.pixels(first))),
        ].filter { !$0.blocks.isEmpty }
    }

    private static let lookedNote =
        "Saliency is the size of the gradient of the predicted class's score by each pixel (Simonyan, Vedaldi and Zisserman 2014). Grad-CAM weighs the last feature maps by the mean gradient of the score (Selvaraju et al. 2017). Occlusion is how far the probability falls when a square around the place is blanked (Zeiler and Fergus 2014)."

    // MARK: - Where it looked

    private func looked(at row: Int) throws -> ImageSheet {
        let x = try model.inputs(images, rows: [row]), shape = model.shape, pixels = try images.pixels(row)
        model.network.infer()
        let probabilities = softmax(model.network(x)).floats, label = probabilities.indices.max { probabilities[$0] < probabilities[$1] }!
        let gradient = gradient(at: x) { model.network($0)[0, label] }
        let saliency = abs(gradient).max(axes: [0, 1]).floats
        var tiles = [
            tile(pixels, shape, caption: "the image\(labels.map { ": " + listed(model.classes[$0[row]]) } ?? "")"),
            heat(saliency, shape.height, shape.width, caption: "saliency"),
        ]
        if let map = gradCAM(x, label) { tiles.append(overlay(pixels, map, caption: "Grad-CAM")) }
        tiles.append(overlay(pixels, occlusion(x, label, probabilities[label]), caption: "occlusion"))
        let answer = "\(listed(model.classes[label])), \(fixed(Double(probabilities[label]) * 100, 1))%"
        return ImageSheet("\(images.names[row]): predicted \(answer)", tiles: tiles, tileSize: 150)
    }

    /// The place of the last layer whose result is a grid.
    private func lastGrid(_ x: Tensor) -> Int? {
        var value = x, last: Int?
        for (number, layer) in layers.enumerated() {
            value = layer(value)
            if value.rank == 4, value.shape[2] * value.shape[3] > 4, !(layer is MaxPool), !(layer is AdaptivePool) { last = number }
        }
        return last
    }

    private func gradCAM(_ x: Tensor, _ label: Int) -> [Float]? {
        guard let last = lastGrid(x) else { return nil }
        let maps = layers[...last].reduce(x) { $1($0) }
        let gradient = gradient(at: maps) { maps in layers[(last + 1)...].reduce(maps) { $1($0) }[0, label] }
        let weights = gradient.mean(axes: [2, 3], keepingAxes: true)
        let map = relu((weights * maps).sum(axes: [1], keepingAxes: true))
        return map.resized(to: .init([model.shape.height, model.shape.width])).floats
    }

    /// How far the probability of a class falls where a square is blanked.
    private func occlusion(_ x: Tensor, _ label: Int, _ whole: Float) -> [Float] {
        let shape = model.shape, side = Swift.max(2, Swift.min(shape.height, shape.width) / 4), step = Swift.max(1, side / 2), values = x.floats
        var variants: [[Float]] = [], places: [(top: Int, left: Int)] = []
        for top in stride(from: 0, through: shape.height - side, by: step) {
            for left in stride(from: 0, through: shape.width - side, by: step) {
                var changed = values
                for channel in 0..<shape.channels {
                    for y in top..<top + side { for x in left..<left + side { changed[(channel * shape.height + y) * shape.width + x] = 0 } }
                }
                variants.append(changed)
                places.append((top, left))
            }
        }
        let all = softmax(model.network(Tensor(variants.flatMap { $0 }, shape: [variants.count, shape.channels, shape.height, shape.width])))[0..., label].floats
        var sums = [Float](repeating: 0, count: shape.height * shape.width), counts = sums
        for (place, probability) in zip(places, all) {
            for y in place.top..<place.top + side {
                for x in place.left..<place.left + side {
                    sums[y * shape.width + x] += whole - probability
                    counts[y * shape.width + x] += 1
                }
            }
        }
        return zip(sums, counts).map { $1 > 0 ? Swift.max(0, $0 / $1) : 0 }
    }

    // MARK: - Filters and feature maps

    /// The first convolution's filters, one tile each; of colour images as colours.
    private var filters: ImageSheet? {
        guard let layer = layers.first(where: { $0 is Conv2d }) as? Conv2d else { return nil }
        let weight = layer.weight.value, shape = weight.shape, values = weight.floats, area = shape[2] * shape[3]
        let largest = values.map { Swift.abs($0) }.max() ?? 1
        let tiles = (0..<Swift.min(shape[0], 64)).map { filter -> ImageTile in
            let own = Array(values[filter * shape[1] * area..<(filter + 1) * shape[1] * area])
            if shape[1] == 3 {
                let pixels = own.map { UInt8(Swift.max(0, Swift.min(255, 127.5 + 127.5 * $0 / largest))) }
                return tile(pixels, ImageShape(channels: 3, height: shape[2], width: shape[3]), caption: "")
            }
            let pixels = own.prefix(area).flatMap { Self.diverging($0 / largest) }
            return ImageTile(png: PNGFile.encode(PixelImage(width: shape[3], height: shape[2], channels: 3, pixels: pixels)), width: shape[3], height: shape[2])
        }
        return ImageSheet("\(shape[0]) filters of \(shape[2]) x \(shape[3])", tiles: tiles, tileSize: 44)
    }

    /// What each layer makes of an image, as sheets.
    private func featureMaps(_ x: Tensor) -> [ImageSheet] {
        var value = x, sheets: [ImageSheet] = []
        for (number, layer) in layers.enumerated() {
            value = layer(value)
            let isShown = (layer as? Activation)?.name == "relu" || layer is ResidualBlock
            guard value.rank == 4, isShown else { continue }
            let (channels, height, width) = (value.shape[1], value.shape[2], value.shape[3]), values = value.floats, largest = Swift.max(values.max() ?? 0, 1e-12)
            let tiles = (0..<Swift.min(channels, Self.mapLimit)).map { channel -> ImageTile in
                let own = values[channel * height * width..<(channel + 1) * height * width]
                let pixels = own.map { UInt8(Swift.max(0, Swift.min(255, 255 * $0 / largest))) }
                return ImageTile(png: PNGFile.encode(PixelImage(width: width, height: height, channels: 1, pixels: Array(pixels))), width: width, height: height)
            }
            let silent = (0..<channels).count { channel in values[channel * height * width..<(channel + 1) * height * width].allSatisfy { $0 == 0 } }
            sheets.append(
                ImageSheet(
                    "After layer \(number + 1): \(channels) maps of \(width) x \(height)\(channels > Self.mapLimit ? ", the first \(Self.mapLimit)" : "")", tiles: tiles, tileSize: 56,
                    note: silent > 0 ? "\(silent) of \(channels) \(silent == 1 ? "is" : "are") 0 everywhere for this image." : ""))
        }
        return sheets
    }

    // MARK: - Receptive fields

    private func receptiveFields(_ row: Int, _ pixels: [UInt8]) -> [ReportBlock] {
        let shape = model.shape
        var size = 1, step = 1, table: [[String]] = [], frames: [ImageTile.Frame] = []
        for (number, layer) in layers.enumerated() {
            let changes: [(kernel: Int, stride: Int)]
            switch layer {
            case let layer as Conv2d: changes = [(layer.weight.shape[2], layer.stride.resolved(2, atLeast: 1, "", "")[0])]
            case let layer as MaxPool: changes = [(layer.window.resolved(2, atLeast: 1, "", "")[0], (layer.stride ?? layer.window).resolved(2, atLeast: 1, "", "")[0])]
            case let layer as ResidualBlock: changes = [(3, layer.stride), (3, 1)]
            default: changes = []
            }
            if changes.isEmpty { continue }
            for change in changes {
                size += (change.kernel - 1) * step
                step *= change.stride
            }
            let seen = (Swift.min(size, shape.width), Swift.min(size, shape.height))
            table.append(["\(number + 1)", layer is MaxPool ? "pooling" : layer is Conv2d ? "convolution" : "residual block", "\(size) x \(size)", "\(step)"])
            if !(layer is MaxPool) {
                frames.append(.init(x: Double(shape.width - seen.0) / 2, y: Double(shape.height - seen.1) / 2, width: Double(seen.0), height: Double(seen.1)))
            }
        }
        var framed = tile(pixels, shape, caption: "")
        framed.frames = frames
        return [
            .picture(ImageSheet("What one unit in the middle sees, layer by layer", tiles: [framed], tileSize: 240)),
            .table(ReportTable(columns: ["layer", "kind", "receptive field (pixels)", "pixels from unit to unit"], rows: table)),
        ]
    }

    // MARK: - Tiles

    private func tile(_ planes: [UInt8], _ shape: ImageShape, caption: String) -> ImageTile { Self.tile(planes, shape, caption: caption) }

    /// An image of the data; of any number of channels but three the first, in gray.
    static func tile(_ planes: [UInt8], _ shape: ImageShape, caption: String) -> ImageTile {
        let area = shape.height * shape.width, isColour = shape.channels == 3
        let pixels = isColour ? (0..<area).flatMap { pixel in (0..<3).map { planes[$0 * area + pixel] } } : Array(planes.prefix(area))
        let image = PixelImage(width: shape.width, height: shape.height, channels: isColour ? 3 : 1, pixels: pixels)
        return ImageTile(png: PNGFile.encode(image), width: shape.width, height: shape.height, caption: caption)
    }

    private func heat(_ values: [Float], _ height: Int, _ width: Int, caption: String) -> ImageTile {
        let largest = Swift.max(values.max() ?? 0, 1e-12)
        let pixels = values.flatMap { Self.heatColour($0 / largest) }
        return ImageTile(png: PNGFile.encode(PixelImage(width: width, height: height, channels: 3, pixels: pixels)), width: width, height: height, caption: caption)
    }

    /// A heat map over the image in gray.
    private func overlay(_ planes: [UInt8], _ map: [Float], caption: String) -> ImageTile {
        let shape = model.shape, area = shape.height * shape.width, largest = Swift.max(map.max() ?? 0, 1e-12)
        let pixels = (0..<area).flatMap { pixel -> [UInt8] in
            let gray = (0..<shape.channels).reduce(0) { $0 + Int(planes[$1 * area + pixel]) } / shape.channels
            let colour = Self.heatColour(map[pixel] / largest)
            return colour.map { UInt8((2 * Int($0) + gray) / 3) }
        }
        return ImageTile(png: PNGFile.encode(PixelImage(width: shape.width, height: shape.height, channels: 3, pixels: pixels)), width: shape.width, height: shape.height, caption: caption)
    }

    /// From black through violet and orange to yellow.
    private static func heatColour(_ value: Float) -> [UInt8] {
        let stops: [[Float]] = [[4, 4, 20], [80, 18, 123], [183, 55, 121], [251, 136, 97], [252, 253, 191]]
        let place = Swift.max(0, Swift.min(1, value)) * 4, low = Swift.min(3, Int(place)), part = place - Float(low)
        return (0..<3).map { UInt8(stops[low][$0] * (1 - part) + stops[low + 1][$0] * part) }
    }

    /// From blue through white to orange.
    private static func diverging(_ value: Float) -> [UInt8] {
        let strong: [Float] = value < 0 ? [33, 102, 172] : [214, 96, 20], part = Swift.min(1, Swift.abs(value))
        return strong.map { UInt8(255 * (1 - part) + $0 * part) }
    }
}
