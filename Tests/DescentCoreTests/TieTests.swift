import DescentCore
import Testing

/// Derivatives where there are several, or none.
@Suite struct TieTests {
    private func slopes(_ values: [Double], _ function: (Tensor) -> Tensor) -> [Double] {
        gradient(at: Tensor(float64: values)) { function($0).sum() }.doubles
    }

    @Test func maximumAndMinimumOfEqualsShare() {
        for function in [maximum, minimum] {
            let (a, b) = gradient(at: Tensor([2, 1]), Tensor([2, 2])) { function($0, $1).sum() }
            #expect(a.floats[0] == 0.5 && b.floats[0] == 0.5)
        }
        #expect(slopes([3]) { maximum($0, $0) } == [1])
    }

    @Test func theLargestAndSmallestOfEqualsShare() {
        #expect(slopes([2, 1, 2]) { $0.max() } == [0.5, 0, 0.5])
        #expect(slopes([1, 2, 1, 2]) { $0.min() } == [0.5, 0, 0.5, 0])
        let table = gradient(at: Tensor([[1, 1], [2, 3]])) { $0.max(axis: 1).sum() }
        #expect(table.floats == [0.5, 0.5, 0, 1])
    }

    @Test func kinksAtZero() {
        #expect(slopes([0, -0.0, 1, -1], relu) == [0, 0, 1, 0])
        #expect(slopes([0, -0.0, 2, -2], abs) == [0, 0, 1, -1])
        #expect(slopes([0, -0.0], softplus) == [0.5, 0.5])
        #expect(slopes([0, 2, -2]) { sign($0) } == [0, 0, 0])
    }

    @Test func powersAtZero() {
        #expect(slopes([0]) { $0.pow(0) } == [0])
        #expect(slopes([0]) { $0.pow(1) } == [1])
        #expect(slopes([0]) { $0.pow(2) } == [0])
        #expect(slopes([0]) { $0.pow(3) } == [0])
        let second = gradient(at: Tensor(0)) { x in gradient(at: x) { Power.node($0, Tensor(2)) } }
        #expect(second.item() == 2)
        let (base, exponent) = gradient(at: Tensor(0), Tensor(2)) { $0.pow($1) }
        #expect(base.item() == 0 && exponent.item() == 0)
    }

    @Test func theBranchNotTakenGivesNoNaN() {
        // 1 / x is infinite at 0, its derivative too: the input is chosen first, then the result.
        func reciprocal(_ x: Tensor) -> Tensor {
            let isZero = x .== 0
            return Tensor.where(isZero, Tensor(0, like: x), 1 / Tensor.where(isZero, Tensor(1, like: x), x))
        }
        #expect(slopes([0, 2], reciprocal) == [0, -0.25])
        #expect(slopes([0, 2]) { Tensor.where($0 .> 0, $0 * 3, $0) } == [1, 3])
    }

    @Test func softmaxAndItsRelativesAreFiniteAtExtremes() {
        let x = Tensor([1000, -1000, 0])
        #expect(softmax(x).floats == [1, 0, 0])
        #expect(logSoftmax(x).floats == [0, -2000, -1000])
        #expect(slopes([1000, -1000, 0]) { logSoftmax($0)[1] } == [-1, 1, 0])
        #expect(logSumExp(Tensor([-.infinity, -.infinity])).item() == -.infinity)
        #expect(slopes([800, -800], sigmoid) == [0, 0] && slopes([800, -800], softplus) == [1, 0])
    }
}
