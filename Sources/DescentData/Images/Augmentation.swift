/// Random changes of images that leave their classes as they are: a network that sees each image in many forms generalises better.
///
/// What an image becomes depends on the seed, the epoch and the image alone.
public struct Augmentation: Equatable, Sendable {
    /// Whether images are mirrored left and right, half of the time.
    public var flips = false
    /// The farthest shift, as a fraction of the size.
    public var shift = 0.0
    /// The greatest rotation either way, in degrees.
    public var rotation = 0.0
    /// The greatest change of size: 0.1 scales by 0.9 to 1.1.
    public var scale = 0.0
    /// The greatest change of brightness, as a fraction of the range.
    public var brightness = 0.0
    /// The side of a square that is blanked with the mean, as a fraction of the size. DeVries and Taylor 2017.
    public var cutout = 0.0
    /// The parameter α of mixup: images and classes are mixed in proportions drawn from Beta(α, α); 0 for none. Zhang et al. 2018.
    public var mixup = 0.0

    /// No change.
    public init() {}

    /// Whether images are changed at all, mixing apart.
    public var isActive: Bool { flips || shift > 0 || rotation > 0 || scale > 0 || brightness > 0 || cutout > 0 }

    /// An image's values, pixels from 0 to 255 less the mean over the deviation, changed at random.
    ///
    /// - Parameters:
    ///   - values: [channels, height, width].
    ///   - deviations: The deviation of each channel, in pixels.
    package func changed(_ values: [Float], _ shape: ImageShape, deviations: [Float], _ random: inout SplitMix64) -> [Float] {
        func draw(_ most: Double) -> Double { (random.unit() * 2 - 1) * most }
        let mirrored = flips && random.unit() < 0.5
        let angle = draw(rotation) * .pi / 180, size = 1 + draw(scale), moveX = draw(shift) * Double(shape.width), moveY = draw(shift) * Double(shape.height)
        var result = values
        if mirrored || angle != 0 || size != 1 || moveX != 0 || moveY != 0 {
            result = Self.transformed(values, shape, mirrored: mirrored, angle: angle, size: size, moveX: moveX, moveY: moveY)
        }
        let area = shape.height * shape.width
        if brightness > 0 {
            let change = Float(draw(brightness) * 255)
            for channel in 0..<shape.channels { for i in channel * area..<(channel + 1) * area { result[i] += change / deviations[channel] } }
        }
        if cutout > 0 {
            let side = max(1, Int((cutout * Double(min(shape.height, shape.width))).rounded()))
            let top = Int(random.unit() * Double(shape.height)) - side / 2, left = Int(random.unit() * Double(shape.width)) - side / 2
            for channel in 0..<shape.channels {
                for y in max(0, top)..<max(0, min(shape.height, top + side)) {
                    for x in max(0, left)..<max(0, min(shape.width, left + side)) { result[channel * area + y * shape.width + x] = 0 }
                }
            }
        }
        return result
    }

    /// Turned, scaled and moved about the centre, interpolated linearly; what comes from outside repeats the border.
    private static func transformed(
        _ values: [Float], _ shape: ImageShape, mirrored: Bool, angle: Double, size: Double, moveX: Double, moveY: Double
    ) -> [Float] {
        let (height, width) = (shape.height, shape.width), area = height * width
        let centreX = Double(width - 1) / 2, centreY = Double(height - 1) / 2
        let cosine = cosineOf(angle) / size, sine = sineOf(angle) / size
        var result = [Float](repeating: 0, count: values.count)
        for y in 0..<height {
            for x in 0..<width {
                // Where the pixel comes from.
                let dx = Double(x) - centreX - moveX, dy = Double(y) - centreY - moveY
                var fromX = cosine * dx + sine * dy
                let fromY = cosine * dy - sine * dx + centreY
                fromX = (mirrored ? -fromX : fromX) + centreX
                let clampedX = max(0, min(Double(width - 1), fromX)), clampedY = max(0, min(Double(height - 1), fromY))
                let left = min(Int(clampedX), max(0, width - 2)), top = min(Int(clampedY), max(0, height - 2))
                let right = min(left + 1, width - 1), bottom = min(top + 1, height - 1)
                let partX = Float(clampedX - Double(left)), partY = Float(clampedY - Double(top))
                for channel in 0..<shape.channels {
                    let start = channel * area
                    let upper = values[start + top * width + left] * (1 - partX) + values[start + top * width + right] * partX
                    let lower = values[start + bottom * width + left] * (1 - partX) + values[start + bottom * width + right] * partX
                    result[start + y * width + x] = upper * (1 - partY) + lower * partY
                }
            }
        }
        return result
    }

    // By their series: the same digits on every machine.
    private static func sineOf(_ x: Double) -> Double {
        var term = x, sum = x
        for k in 1...12 {
            term *= -x * x / Double(2 * k * (2 * k + 1))
            sum += term
        }
        return sum
    }
    private static func cosineOf(_ x: Double) -> Double {
        var term = 1.0, sum = 1.0
        for k in 1...12 {
            term *= -x * x / Double((2 * k - 1) * 2 * k)
            sum += term
        }
        return sum
    }
}

extension SplitMix64 {
    /// A number from 0 to below 1.
    package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
