extension PixelImage {
    /// The image at another size, interpolated linearly; where it shrinks, each pixel is the weighted mean of all that it covers (a triangle filter, so
    /// that fine patterns do not turn into others).
    ///
    /// - Precondition: both sizes are at least 1.
    public func resized(width newWidth: Int, height newHeight: Int) -> PixelImage {
        if newWidth == width && newHeight == height { return self }
        let across = Self.weights(from: width, to: newWidth), down = Self.weights(from: height, to: newHeight)
        var rows = [Float](repeating: 0, count: newWidth * height * channels)
        pixels.withUnsafeBufferPointer { pixels in
            rows.withUnsafeMutableBufferPointer { rows in
                for y in 0..<height {
                    for (x, window) in across.enumerated() {
                        for channel in 0..<channels {
                            var sum: Float = 0
                            for (i, weight) in window.weights.enumerated() { sum += weight * Float(pixels[(y * width + window.first + i) * channels + channel]) }
                            rows[(y * newWidth + x) * channels + channel] = sum
                        }
                    }
                }
            }
        }
        let line = newWidth * channels
        var result = [UInt8](repeating: 0, count: newHeight * line)
        for (y, window) in down.enumerated() {
            for i in 0..<line {
                var sum: Float = 0
                for (j, weight) in window.weights.enumerated() { sum += weight * rows[(window.first + j) * line + i] }
                result[y * line + i] = UInt8(max(0, min(255, sum.rounded())))
            }
        }
        return PixelImage(width: newWidth, height: newHeight, channels: channels, pixels: result)
    }

    /// The part of the image in the middle that has the proportions of another size.
    public func cropped(toProportionsOf newWidth: Int, _ newHeight: Int) -> PixelImage {
        let wide = min(width, max(1, height * newWidth / newHeight)), high = min(height, max(1, width * newHeight / newWidth))
        if wide == width && high == height { return self }
        let left = (width - wide) / 2, top = (height - high) / 2
        var part: [UInt8] = []
        part.reserveCapacity(wide * high * channels)
        for y in top..<top + high { part += pixels[((y * width + left) * channels)..<((y * width + left + wide) * channels)] }
        return PixelImage(width: wide, height: high, channels: channels, pixels: part)
    }

    /// For each new place, the old ones that it covers.
    private static func weights(from size: Int, to newSize: Int) -> [(first: Int, weights: [Float])] {
        let scale = Double(size) / Double(newSize), reach = max(1, scale)
        return (0..<newSize).map { place in
            let centre = (Double(place) + 0.5) * scale
            let first = max(0, Int((centre - reach + 0.5).rounded(.down))), last = min(size, max(first + 1, Int((centre + reach + 0.5).rounded(.down))))
            let raw = (first..<last).map { max(0, 1 - abs((Double($0) + 0.5 - centre) / reach)) }
            let sum = raw.reduce(0, +)
            return sum > 0 ? (first, raw.map { Float($0 / sum) }) : (first, raw.indices.map { $0 == 0 ? 1 : 0 })
        }
    }
}
