import DescentCore
import DescentNN
import Testing

@Suite struct DropoutMaskTests {
    @Test func aMaskOfOnesOwnDrops() {
        let x = Tensor(float64: [[1, -2], [3, 4]])
        let mask = Tensor(bool: [true, false])
        #expect(dropout(x, keeping: mask, probability: 0.2).doubles == [1.25, 0, 3.75, 0])
        #expect(gradient(at: x) { dropout($0, keeping: mask, probability: 0.2).sum() }.doubles == [1.25, 0, 1.25, 0])
    }
}
