import DescentCore
import DescentNN
import Foundation
import Testing

@Suite("Layers for images")
struct ImageLayerTests {
    private static func numbers(_ shape: [Int], _ k: Int) -> Tensor {
        Tensor(float64: (0..<shape.reduce(1, *)).map { sin(Double(k) * 0.37 + 0.7 * Double($0)) }, shape: shape)
    }

    @Test("values, gradients and running statistics are PyTorch's", arguments: PyTorchImageLayer.all.indices)
    func pyTorch(index: Int) throws {
        let expected = withParameters(of: .float64) { PyTorchImageLayer.all }[index], layer = expected.layer
        for (number, entry) in layer.parameters.enumerated() { entry.variable.value = Self.numbers(entry.variable.shape, number + 2) }
        if expected.name == "BatchNorm in use" {
            layer.infer()
            let norm = try #require(layer as? BatchNorm)
            norm.runningMean.value = Self.numbers([2], 5)
            norm.runningVariance.value = Self.numbers([2], 6).squared + 0.5
        }
        let x = Variable(Self.numbers(expected.input, 1), isTrainable: true)
        struct Both: Module {
            let x: Variable
            let layer: any Layer
        }
        let both = Both(x: x, layer: layer)
        var output: Tensor?
        let (_, gradients) = valueWithGradient(at: both) { both in
            let y = both.layer(both.x.value)
            output = y
            let weights = Tensor(float64: (0..<y.count).map { cos(0.3 * Double($0)) }, shape: y.shape)
            return (y * weights).sum()
        }
        for (name, values) in expected.values {
            let found: [Double]
            switch name {
            case "output": found = try #require(output).doubles
            case "input": found = try #require(gradients.entries.first { $0.parameter.path == "x" }).gradient.doubles
            default:
                if let entry = gradients.entries.first(where: { $0.parameter.path == "layer.\(name)" }) {
                    found = entry.gradient.doubles
                } else {
                    found = try #require(layer.variables.first { $0.path == name }, "\(name)").variable.value.doubles
                }
            }
            expectClose(found, values, 1e-10, "\(expected.name), \(name)")
        }
    }

    @Test("compiled steps carry the running statistics as plain ones do, and use leaves them alone")
    func runningStatistics() {
        let plain = BatchNorm(3), compiled = BatchNorm(3)
        let step = compile { (x: Tensor) in compiled(x).sum() }
        for k in 1...4 {
            let x = Self.numbers([5, 3, 2], k).cast(to: .float32)
            evaluate(plain(x))
            _ = step(x).item()
        }
        #expect(plain.runningMean.value.floats == compiled.runningMean.value.floats && plain.runningVariance.value.floats == compiled.runningVariance.value.floats)
        #expect(plain.runningMean.value.floats != [0, 0, 0])
        let before = plain.runningMean.value.floats
        plain.infer()
        evaluate(plain(Tensor.ones([2, 3, 2])))
        #expect(plain.runningMean.value.floats == before)
        #expect(plain.variables.map(\.path) == ["weight", "bias", "running_mean", "running_var"] && plain.parameters.map(\.path) == ["weight", "bias"])
    }

    @Test("a dropped channel is dropped whole")
    func channelDropout() {
        let layer = Dropout2d(0.5, seed: 3)
        let y = layer(Tensor.ones([8, 4, 3, 3])).floats
        let channels = (0..<32).map { Set(y[$0 * 9..<$0 * 9 + 9]) }
        #expect(channels.allSatisfy { $0 == [0] || $0 == [2] } && Set(channels).count == 2)
    }

    @Test("cross-correlation and true convolution are told apart")
    func trueConvolution() {
        let x = Tensor([1, 0, 0, 0, 0, 0, 0, 0, 0], shape: [1, 1, 3, 3]), filter = Tensor([1, 2, 3, 4], shape: [1, 1, 2, 2])
        #expect(x.convolved(with: filter, padding: .explicit([(1, 0), (1, 0)])).floats == [4, 3, 0, 2, 1, 0, 0, 0, 0])
        #expect(x.trueConvolved(with: filter, padding: .explicit([(1, 0), (1, 0)])).floats == [1, 2, 0, 3, 4, 0, 0, 0, 0])
        #expect(x.squeezed(axis: 0).convolved(with: filter).shape == [1, 2, 2])
    }

    @Test("shape errors name the layer and both shapes")
    func shapeErrors() async {
        let channels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Sequential(Conv2d(3, 8, kernel: 3))(Tensor.zeros([1, 4, 8, 8]))
        }
        expectSentence(channels, "Conv2d(3, 8, kernel: [3, 3]): x has shape [1, 4, 8, 8]; it must be [batch, 3, height, width]")
        let large = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Conv2d(1, 2, kernel: 5)(Tensor.zeros([1, 1, 3, 9])) }
        expectSentence(large, "the filter [5, 5] is larger than the padded input: 5 and 3 along axis 2 of [1, 1, 3, 9]")
        let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Conv2d(6, 4, kernel: 3, groups: 3) }
        expectSentence(groups, "the groups must divide the channels, 6, and the filters, 4")
        let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Conv2d(0, 4, kernel: 3) }
        expectSentence(none, "there must be at least one channel and one filter")
        let single = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = BatchNorm(2)(Tensor.zeros([1, 2])).floats }
        expectSentence(single, "in training there must be more")
    }
}
