import DescentCore
import DescentData
import DescentTrain

/// Shuffled batches of images: normalised, in training changed at random. Made ahead on the loader's thread.
///
/// What an image becomes depends on the seed, the epoch and its place among the images alone, so runs are resumed to the same bits, and threads do not matter.
final class ImageBatches: BatchSource {
    private let images: LabelledImages
    private let rows: [Int]
    private let order: Batches
    private let scale: ImageScale
    private let augmentation: Augmentation?
    private let seed: Int
    let isPreparedAhead = true

    /// - Parameter augmentation: The random changes; nil for none, and then batches are inputs and labels. With mixup they are inputs and probabilities.
    init(_ images: LabelledImages, rows: [Int], size: Int, seed: Int?, scale: ImageScale, augmentation: Augmentation?) {
        (self.images, self.rows, self.scale, self.augmentation, self.seed) = (images, rows, scale, augmentation, seed ?? 0)
        order = Batches(Tensor(int64: Array(0..<rows.count)), size: size, seed: seed)
    }

    var examplesPerEpoch: Int { rows.count }
    func steps(inEpoch epoch: Int) -> Int { order.steps(inEpoch: epoch) }

    func batch(_ step: Int, ofEpoch epoch: Int) throws -> Batch {
        let places = try order.batch(step, ofEpoch: epoch).tensors[0].ints, shape = images.shape, deviations = scale.deviations
        var values: [Float] = []
        values.reserveCapacity(places.count * shape.count)
        for place in places {
            var image = scale.normalized(try images.pixels(rows[place]), shape)
            if let augmentation, augmentation.isActive {
                var random = self.random(epoch, place)
                image = augmentation.changed(image, shape, deviations: deviations, &random)
            }
            values += image
        }
        let labels = places.map { images.labels[rows[$0]] }
        if let augmentation, augmentation.mixup > 0 { return mixed(values, labels, alpha: augmentation.mixup, random(epoch, rows.count + step)) }
        let inputs = Tensor(values, shape: [places.count, shape.channels, shape.height, shape.width])
        return Batch([inputs, Tensor(int32: labels)], count: places.count)
    }

    private func random(_ epoch: Int, _ place: Int) -> SplitMix64 {
        var seeds = SplitMix64(seed: UInt64(bitPattern: Int64(seed)))
        var inner = SplitMix64(seed: seeds.next() ^ UInt64(bitPattern: Int64(epoch)) << 32 ^ UInt64(bitPattern: Int64(place)))
        return SplitMix64(seed: inner.next())
    }

    /// Each image mixed with another of the batch, and its classes' probabilities in the same proportion.
    private func mixed(_ values: [Float], _ labels: [Int32], alpha: Double, _ given: SplitMix64) -> Batch {
        var random = given
        let count = labels.count, size = images.shape.count, classes = images.classes.count
        var partners = Array(0..<count), mixedValues = values, probabilities = [Float](repeating: 0, count: count * classes)
        random.shuffle(&partners)
        for i in 0..<count {
            let part = Float(random.beta(alpha)), other = partners[i]
            for j in 0..<size { mixedValues[i * size + j] = part * values[i * size + j] + (1 - part) * values[other * size + j] }
            probabilities[i * classes + Int(labels[i])] += part
            probabilities[i * classes + Int(labels[other])] += 1 - part
        }
        let shape = images.shape
        return Batch([Tensor(mixedValues, shape: [count, shape.channels, shape.height, shape.width]), Tensor(probabilities, shape: [count, classes])], count: count)
    }
}

extension SplitMix64 {
    /// A number from Beta(alpha, alpha), by Jöhnk's method (1964).
    fileprivate mutating func beta(_ alpha: Double) -> Double {
        for _ in 0..<1000 {
            let x = power(unit(), 1 / alpha), y = power(unit(), 1 / alpha)
            if x + y <= 1, x + y > 0 { return x / (x + y) }
        }
        return 0.5
    }

    private func power(_ base: Double, _ exponent: Double) -> Double { Tensor(float64: [base], shape: []).pow(exponent).item() }
}

/// Brings pixels to mean 0 and deviation 1, by channel: fitted on the training images, and kept with the model.
package struct ImageScale: Equatable, Sendable {
    package var means: [Float]
    package var deviations: [Float]

    package init(means: [Float], deviations: [Float]) { (self.means, self.deviations) = (means, deviations) }

    /// Of some images.
    init(fitting images: LabelledImages, rows: [Int]) throws {
        let shape = images.shape, area = shape.height * shape.width
        var sums = [Double](repeating: 0, count: shape.channels), squares = sums
        // So many images tell the mean.
        let sample = rows.count <= 10_000 ? rows : stride(from: 0, to: rows.count, by: rows.count / 10_000).map { rows[$0] }
        for row in sample {
            let pixels = try images.pixels(row)
            for channel in 0..<shape.channels {
                var sum = 0, square = 0
                for i in channel * area..<(channel + 1) * area {
                    sum += Int(pixels[i])
                    square += Int(pixels[i]) * Int(pixels[i])
                }
                sums[channel] += Double(sum)
                squares[channel] += Double(square)
            }
        }
        let count = Double(Swift.max(1, sample.count * area))
        means = sums.map { Float($0 / count) }
        deviations = zip(sums, squares).map { sum, square in Float(Swift.max(1, square / count - sum / count * (sum / count)).squareRoot()) }
    }

    /// Values of an image's pixels.
    func normalized(_ pixels: [UInt8], _ shape: ImageShape) -> [Float] {
        let area = shape.height * shape.width
        var values = [Float](repeating: 0, count: pixels.count)
        for channel in 0..<shape.channels {
            let mean = means[channel], factor = 1 / deviations[channel]
            for i in channel * area..<(channel + 1) * area { values[i] = (Float(pixels[i]) - mean) * factor }
        }
        return values
    }
}
