extension PixelImage {
    /// The same image with another number of channels.
    ///
    /// Colour becomes gray with the weights of Rec. 601: 0.299 red, 0.587 green, 0.114 blue. Gray is repeated to give RGB. A dropped alpha channel composes
    /// the image over white; an added one is opaque.
    ///
    /// - Precondition: `count` is 1 to 4.
    public func converted(toChannels count: Int) -> PixelImage {
        precondition((1...4).contains(count), "an image has 1 to 4 channels")
        if count == channels { return self }
        let isColour = channels >= 3, hasAlpha = channels % 2 == 0, keepsAlpha = count % 2 == 0
        let pixelCount = width * height, channels = channels
        let result = [UInt8](unsafeUninitializedCapacity: pixelCount * count) { result, initializedCount in
            pixels.withUnsafeBufferPointer { pixels in
                for pixel in 0..<pixelCount {
                    let from = pixel * channels, to = pixel * count
                    var red = Int(pixels[from])
                    var (green, blue) = isColour ? (Int(pixels[from + 1]), Int(pixels[from + 2])) : (red, red)
                    let alpha = hasAlpha ? Int(pixels[from + channels - 1]) : 255
                    if !keepsAlpha && alpha < 255 {
                        red = Self.overWhite(red, alpha)
                        green = Self.overWhite(green, alpha)
                        blue = Self.overWhite(blue, alpha)
                    }
                    if count >= 3 {
                        result[to] = UInt8(truncatingIfNeeded: red)
                        result[to + 1] = UInt8(truncatingIfNeeded: green)
                        result[to + 2] = UInt8(truncatingIfNeeded: blue)
                    } else {
                        result[to] = UInt8(truncatingIfNeeded: (299 * red + 587 * green + 114 * blue + 500) / 1000)
                    }
                    if keepsAlpha { result[to + count - 1] = UInt8(truncatingIfNeeded: alpha) }
                }
            }
            initializedCount = pixelCount * count
        }
        return PixelImage(width: width, height: height, channels: count, pixels: result)
    }

    /// A value composed over white, rounded.
    @inline(__always)
    private static func overWhite(_ value: Int, _ alpha: Int) -> Int { (value * alpha + 255 * (255 - alpha) + 127) / 255 }

    /// The image as it is meant to be seen, by an EXIF orientation from 1 to 8; other values leave it as it is.
    func oriented(_ orientation: Int) -> PixelImage {
        if !(2...8).contains(orientation) { return self }
        let width = width, height = height, channels = channels
        let (newWidth, newHeight) = orientation >= 5 ? (height, width) : (width, height)
        // The source of the first pixel, and the steps in the source for one pixel to the right and one down.
        let (startX, startY, right, down) =
            switch orientation {
            case 2: (width - 1, 0, -1, width)
            case 3: (width - 1, height - 1, -1, -width)
            case 4: (0, height - 1, 1, -width)
            case 5: (0, 0, width, 1)
            case 6: (0, height - 1, -width, 1)
            case 7: (width - 1, height - 1, -width, -1)
            default: (width - 1, 0, width, -1)
            }
        let result = [UInt8](unsafeUninitializedCapacity: pixels.count) { result, initializedCount in
            pixels.withUnsafeBufferPointer { pixels in
                var to = 0
                for y in 0..<newHeight {
                    var from = (startY * width + startX + y * down) * channels
                    for _ in 0..<newWidth {
                        for channel in 0..<channels { result[to + channel] = pixels[from + channel] }
                        to += channels
                        from += right * channels
                    }
                }
            }
            initializedCount = pixels.count
        }
        return PixelImage(width: newWidth, height: newHeight, channels: channels, pixels: result)
    }
}
