import DescentCore
import DescentData
import DescentNN
import Testing
import DescentTrain

struct PrefetchedBatchesTests {
    /// Batches that say where they are from; every third one takes longer, and one may fail.
    private struct Places: BatchSource {
        var failing: Int?
        struct Broken: Error {}
        let examplesPerEpoch = 6
        func steps(inEpoch epoch: Int) -> Int { epoch == 2 ? 2 : 3 }
        func batch(_ step: Int, ofEpoch epoch: Int) throws -> Batch {
            if epoch * 10 + step == failing { throw Broken() }
            if step == 1 { for _ in 0..<20_000 { _ = Tensor([Float(step)]) } }
            return Batch([Tensor([Float(epoch), Float(step)])], count: 2)
        }
    }

    @Test("batches come in their order from any place, whatever is made ahead", arguments: [1, 2, 5])
    func order(ahead: Int) throws {
        let batches = Prefetcher(Places(), epoch: 1, step: 1, count: 6, ahead: ahead)
        let found = try (0..<6).map { _ in try #require(try batches.next()).tensors[0].floats }
        #expect(found == [[1, 1], [1, 2], [2, 0], [2, 1], [3, 0], [3, 1]])
    }

    @Test("an error of the source comes at its place; a prefetcher that is let go of ends its thread")
    func errors() throws {
        let batches = Prefetcher(Places(failing: 20), epoch: 1, step: 1, count: 100)
        #expect(try batches.next()?.tensors[0].floats == [1, 1])
        #expect(try batches.next()?.tensors[0].floats == [1, 2])
        #expect(throws: Places.Broken.self) { try batches.next() }
        for _ in 0..<50 { _ = Prefetcher(Places(), count: 1000) }
    }

    @Test("a training has the same bits with batches made ahead and made when needed")
    func sameBits() throws {
        struct Numbers: BatchSource {
            let isPreparedAhead: Bool
            let examplesPerEpoch = 20
            func steps(inEpoch epoch: Int) -> Int { 5 }
            func batch(_ step: Int, ofEpoch epoch: Int) -> Batch {
                let x = (0..<4).map { Float($0 + step * 4 + epoch) / 20 }
                return Batch([Tensor(x, shape: [4, 1]), Tensor(x.map { $0 * 3 }, shape: [4, 1])], count: 4)
            }
        }
        func weights(ahead: Bool) throws -> [Float] {
            let model = Linear(1, 1)
            model.initialize(seed: 1)
            let trainer = Trainer(model, optimizer: Adam(learningRate: 0.01)) { meanSquaredError($0($1), $2) }
            try trainer.fit(Numbers(isPreparedAhead: ahead), for: .epochs(4))
            return model.weight.value.floats + model.bias!.value.floats
        }
        #expect(try weights(ahead: true).map(\.bitPattern) == weights(ahead: false).map(\.bitPattern))
    }
}
