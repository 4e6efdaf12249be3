/// A sheet of small images side by side, each with a caption: feature maps, filters, mistakes.
///
///     ImageSheet("Filters of layer 1", tiles: filters.map { ImageTile(png: $0, caption: "") }).svg(width: 640)
///
/// Pixels are shown as squares, however large an image is drawn.
public struct ImageSheet: Picture {
    public var title: String
    /// The images, row by row.
    public var tiles: [ImageTile]
    /// The side of an image in CSS pixels, the caption below it apart.
    public var tileSize: Double
    /// A note under the sheet; empty for none.
    public var note: String

    public init(_ title: String, tiles: [ImageTile], tileSize: Double = 96, note: String = "") {
        (self.title, self.tiles, self.tileSize, self.note) = (title, tiles, tileSize, note)
    }

    public var hasFixedSize: Bool { false }

    public func svg(width: Double = 900) -> String {
        let margin = 14.0, gap = 10.0, lines = tiles.map { $0.caption.isEmpty ? 0 : TextWidth.lines($0.caption, width: max(tileSize, 40), size: 11).count }.max() ?? 0
        let columns = max(1, Int((width - 2 * margin + gap) / (tileSize + gap))), rowHeight = tileSize + Double(lines) * 14 + gap
        var canvas = Canvas(), y = 8.0
        for line in TextWidth.lines(title, width: width - 2 * margin, size: 14, bold: true) {
            canvas.text(line, x: margin, y: y + 14, Canvas.TextStyle(size: 14, bold: true))
            y += 20
        }
        for (number, tile) in tiles.enumerated() {
            let x = margin + Double(number % columns) * (tileSize + gap), top = y + Double(number / columns) * rowHeight
            canvas.image(tile, x: x, y: top, side: tileSize)
            for (index, line) in TextWidth.lines(tile.caption, width: max(tileSize, 40), size: 11).enumerated() where !tile.caption.isEmpty {
                canvas.text(line, x: x, y: top + tileSize + 12 + Double(index) * 14, Canvas.TextStyle(size: 11, paint: .axis))
            }
        }
        y += Double((tiles.count + columns - 1) / columns) * rowHeight
        for line in note.isEmpty ? [] : TextWidth.lines(note, width: width - 2 * margin, size: 12) {
            canvas.text(line, x: margin, y: y + 12, Canvas.TextStyle(size: 12, paint: .axis))
            y += 16
        }
        return canvas.document(
            width: width, height: (y + 6).rounded(), title: title,
            description: "\(tiles.count) \(tiles.count == 1 ? "image" : "images"). \(tiles.prefix(40).map(\.caption).filter { !$0.isEmpty }.joined(separator: "; "))")
    }
}

/// One image of a sheet.
public struct ImageTile: Sendable {
    /// The image as a PNG file.
    public var png: [UInt8]
    /// Its size in pixels: it is drawn with these proportions.
    public var width: Int, height: Int
    /// What stands below it; empty for nothing.
    public var caption: String
    /// Frames drawn over it, in pixels of the image.
    public var frames: [Frame]

    /// A rectangle over an image.
    public struct Frame: Sendable {
        public var x: Double, y: Double, width: Double, height: Double
        public init(x: Double, y: Double, width: Double, height: Double) { (self.x, self.y, self.width, self.height) = (x, y, width, height) }
    }

    public init(png: [UInt8], width: Int, height: Int, caption: String = "", frames: [Frame] = []) {
        (self.png, self.width, self.height, self.caption, self.frames) = (png, width, height, caption, frames)
    }
}

extension Canvas {
    /// An image in a square, in the middle of it where it is not square itself.
    mutating func image(_ tile: ImageTile, x: Double, y: Double, side: Double) {
        let scale = side / Double(max(tile.width, tile.height, 1)), width = Double(tile.width) * scale, height = Double(tile.height) * scale
        let left = x + (side - width) / 2, top = y + (side - height) / 2
        let area = Area(x: left, y: top, width: width, height: height)
        var image = Markup()
        image.empty(
            "image",
            [("x", left), ("y", top), ("width", width), ("height", height)].map { ($0.0, Canvas.number($0.1)) } + [
                ("preserveAspectRatio", "none"), ("style", "image-rendering:pixelated"), ("href", "data:image/png;base64," + base64(tile.png)),
            ])
        raw(image.text)
        rectangle(area, Canvas.stroke(.axis, width: 0.75, opacity: 0.6))
        for (index, frame) in tile.frames.enumerated() {
            let box = Area(x: left + frame.x * scale, y: top + frame.y * scale, width: frame.width * scale, height: frame.height * scale)
            rectangle(box, Canvas.stroke(Paint.series[index % Paint.series.count], width: 2))
        }
    }
}

/// Bytes in base64 (RFC 4648).
func base64(_ bytes: [UInt8]) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 4 / 3 + 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let count = min(3, bytes.count - start)
        let word = (0..<3).reduce(0) { $0 << 8 | ($1 < count ? Int(bytes[start + $1]) : 0) }
        for digit in 0..<4 { text.append(digit <= count ? digits[word >> (18 - 6 * digit) & 63] : UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
}
