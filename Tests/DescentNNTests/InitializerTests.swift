import DescentCore
import DescentNN
import Testing

@Suite struct InitializerTests {
    private func moments(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(values.count)
        return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot())
    }

    /// The case "init-1": 256 inputs, 128 outputs. Deviations of normal ones, bounds of uniform ones.
    @Test func scalesOfTheCase() {
        let shape = [128, 256]
        for (initializer, bound) in [(Initializer.xavierUniform(), 0.125), (.heUniform, 0.15309310892394862)] {
            let values = initializer(shape, Random(seed: 5)).doubles.map { Swift.abs($0) }
            #expect(values.max()! <= bound * (1 + 1e-6) && values.max()! > bound * 0.999)
        }
        for (initializer, deviation) in [
            (Initializer.xavierNormal(), 0.07216878364870322), (.heNormal, 0.08838834764831845), (.lecunNormal, 0.0625),
            (.lecunUniform, 0.0625), (.scaled(gain: 1, by: .inputs, .uniform), 0.0625), (.scaled(gain: 1, by: .average, .normal), 0.07216878364870322),
            (.scaled(gain: 2, by: .outputs, .normal), 2 / 128.0.squareRoot()),
            (.scaled(gain: Initializer.gain(of: .relu), by: .inputs, .normal), 0.08838834764831845),
        ] {
            let (mean, found) = moments(initializer(shape, Random(seed: 6)).doubles)
            // Five standard errors of 32,768 normal numbers.
            #expect(Swift.abs(mean) < 5 * deviation / 181 && Swift.abs(found / deviation - 1) < 5 / 256.0, "\(initializer)")
        }
    }

    /// The deviation of a normal distribution cut at ±2: √(1 - 4 φ(2) / (2 Φ(2) - 1)) = 0.87963; at ±1: 0.53956.
    @Test(arguments: [(2.0, 0.8796256610342398), (1.0, 0.5395600937560838)])
    func theTruncatedNormalDistribution(_ limit: Double, _ shrink: Double) {
        let values = Initializer.truncatedNormal(deviation: 0.5, limit: limit)([200, 250], Random(seed: 7), dtype: .float64).doubles
        let (mean, deviation) = moments(values)
        #expect(values.allSatisfy { Swift.abs($0) <= 0.5 * limit } && values.contains { Swift.abs($0) > 0.49 * limit })
        #expect(Swift.abs(mean) < 5 * 0.5 / 223 && Swift.abs(deviation / (0.5 * shrink) - 1) < 0.015)
    }

    @Test(arguments: [[6, 6], [3, 10], [10, 3], [8, 2, 2, 2], [1, 5], [5]])
    func orthogonalRowsOrColumns(_ shape: [Int]) {
        let gain = 1.5
        let value = Initializer.orthogonal(gain: gain)(shape, Random(seed: 8), dtype: .float64)
        #expect(value.shape == shape)
        let matrix = value.reshaped(to: [shape[0], value.count / shape[0]])
        let (rows, columns) = (matrix.shape[0], matrix.shape[1])
        let product = rows <= columns ? matrix.matmul(matrix.transposed()) : matrix.transposed().matmul(matrix)
        let size = Swift.min(rows, columns)
        expectClose(product.doubles, (Tensor.eye(size, dtype: .float64) * (gain * gain)).doubles, 1e-13)
    }

    /// Evenly drawn rotations and reflections have entries of mean 0 and variance 1/size everywhere; without the signs of R's diagonal the
    /// first would lean to one side.
    @Test func orthogonalMatricesAreDrawnEvenly() {
        let random = Random(seed: 9)
        let drawn = (0..<2000).map { _ in Initializer.orthogonal()([3, 3], random, dtype: .float64).doubles }
        for place in 0..<9 {
            let (mean, deviation) = moments(drawn.map { $0[place] })
            #expect(Swift.abs(mean) < 5 / 77.0 && Swift.abs(deviation * deviation - 1 / 3.0) < 0.04, "\(place)")
        }
    }

    @Test func aSpreadSurvivesManyLayers() {
        // What an initialiser is for: forty layers leave the size of what passes them as it is.
        for (activation, initializer) in [
            (Activation.relu, Initializer.heNormal), (.selu, .lecunNormal), (.identity, .orthogonal()),
        ] {
            let random = Random(seed: 10)
            var x = random.normal([64, 128])
            for _ in 0..<40 { x = activation(x.matmul(initializer([128, 128], random).transposed())) }
            let size = x.squared.mean().item()
            #expect(size > 0.2 && size < 5, "\(activation.name): \(size)")
        }
    }

    @Test func theyDependOnTheSeedAlone() {
        for initializer in [Initializer.truncatedNormal(deviation: 1), .orthogonal(), .lecunUniform] {
            #expect(initializer([5, 7], Random(seed: 1)).floats == initializer([5, 7], Random(seed: 1)).floats)
            #expect(initializer([5, 7], Random(seed: 1)).floats != initializer([5, 7], Random(seed: 2)).floats)
        }
    }
}
