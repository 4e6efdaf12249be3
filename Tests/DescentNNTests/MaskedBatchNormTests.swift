import DescentCore
import DescentNN
import Testing

@Suite("Batch norm over the real steps of sequences")
struct MaskedBatchNormTests {
    @Test("statistics, results and running values are those of the real places alone, whatever stands in the others")
    func realPlaces() {
        // Two sequences of 3 and 2 steps, of two channels; the last step of the second is padding.
        let real: [Float] = [1, 2, 6, 3, 5], second: [Float] = [0, -4, 4, 2, 8]
        let plain = BatchNorm(2), masked = BatchNorm(2)
        let rows = plain(Tensor(zip(real, second).flatMap { [$0, $1] }, shape: [5, 2])).floats
        let x = Tensor([1, 2, 6, 0, -4, 4, 3, 5, 900, 2, 8, -700] as [Float], shape: [2, 2, 3])
        let places = Tensor([1, 1, 1, 1, 1, 0] as [Float], shape: [2, 1, 3])
        let y = masked(x, where: places).floats
        let found = [y[0], y[3], y[1], y[4], y[2], y[5], y[6], y[9], y[7], y[10]]
        for (a, b) in zip(found, rows) { #expect(abs(a - b) < 1e-5) }
        for (a, b) in zip(masked.runningMean.value.floats + masked.runningVariance.value.floats, plain.runningMean.value.floats + plain.runningVariance.value.floats) {
            #expect(abs(a - b) < 1e-4)
        }
    }
}
