extension JPEGReader {
    /// The pixels: gray, or RGB from luminance and colour differences (BT.601 over the full range, as JFIF says).
    ///
    /// - Throws: `FormatError` where a component has no image data.
    mutating func image() throws(FormatError) -> PixelImage {
        let (across, down) = (greatestAcross, greatestDown)
        var planes: [[UInt8]] = []
        for index in components.indices {
            guard !components[index].table.isEmpty else { throw error("component \(index + 1) of \(components.count) has no image data") }
            planes.append(components[index].samples(coefficients))
        }
        // The largest part of the memory.
        coefficients = []
        for index in components.indices { planes[index] = components[index].upsampled(planes[index], width, height, across, down) }
        if planes.count == 1 { return PixelImage(width: width, height: height, channels: 1, pixels: planes[0]) }
        // As libjpeg decides: JFIF before Adobe's marker before the names of the components.
        let isNamedRGB = components.map(\.id) == Array("RGB".utf8)
        let isTransformed = planes.count == 3 && isJFIF || (adobeTransform.map { $0 != 0 } ?? (planes.count == 3 && !isNamedRGB))
        var pixels = [UInt8](repeating: 0, count: width * height * 3)
        pixels.withUnsafeMutableBufferPointer { pixels in
            planes[0].withUnsafeBufferPointer { first in
                planes[1].withUnsafeBufferPointer { second in
                    planes[2].withUnsafeBufferPointer { third in
                        for i in 0..<first.count {
                            var (r, g, b) = (Int(first[i]), Int(second[i]), Int(third[i]))
                            if isTransformed {
                                let (y, blue, red) = (r, g - 128, b - 128)
                                r = max(0, min(255, y + (91881 * red + 32768) >> 16))
                                g = max(0, min(255, y + (-22554 * blue - 46802 * red + 32768) >> 16))
                                b = max(0, min(255, y + (116130 * blue + 32768) >> 16))
                            }
                            pixels[3 * i] = UInt8(r)
                            pixels[3 * i + 1] = UInt8(g)
                            pixels[3 * i + 2] = UInt8(b)
                        }
                    }
                }
            }
        }
        if planes.count == 4 {
            // CMYK holds inverted inks, that is light, as Adobe writes and other readers assume even without its marker. YCCK transforms the complement.
            for i in 0..<width * height {
                let black = Int(planes[3][i])
                for channel in 0..<3 {
                    let light = isTransformed ? 255 - Int(pixels[3 * i + channel]) : Int(pixels[3 * i + channel])
                    pixels[3 * i + channel] = UInt8((light * black + 127) / 255)
                }
            }
        }
        return PixelImage(width: width, height: height, channels: 3, pixels: pixels)
    }
}
