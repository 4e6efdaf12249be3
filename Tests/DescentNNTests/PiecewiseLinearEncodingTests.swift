import DescentCore
import DescentNN
import Testing

@Suite struct PiecewiseLinearEncodingTests {
    /// The formula of Gorishniy et al. 2022, number by number, but kept within 0 and 1 in the outer pieces too.
    private static func encoded(_ row: [Float], _ edges: [[Float]]) -> [Float] {
        var pieces: [Float] = []
        for (value, own) in zip(row, edges) {
            var piece = 0
            while piece + 1 < own.count {
                if value <= own[piece] { pieces.append(0) } else if value >= own[piece + 1] { pieces.append(1) } else { pieces.append((value - own[piece]) / (own[piece + 1] - own[piece])) }
                piece += 1
            }
        }
        return row + pieces
    }

    private static let edges: [[Float]] = [[-1, 0, 2], [], [0.5, 0.75, 1, 4]]
    private static let rows: [[Float]] = [[-3, 7, 0.6], [-0.25, 1, 5], [0, 0, 0.75], [1.5, -2, 3], [9, 9, -9]]

    @Test("numbers go on, and beside them the share of each piece that they have passed")
    func values() {
        let encoding = PiecewiseLinearEncoding(edges: Self.edges)
        #expect(encoding.outputs == 8)
        let found = encoding(Tensor(Self.rows.flatMap { $0 }, shape: [5, 3]))
        #expect(found.shape == [5, 8])
        for (value, truth) in zip(found.floats, Self.rows.flatMap { Self.encoded($0, Self.edges) }) { #expect(abs(value - truth) < 1e-6) }
    }

    @Test("the gradient of a number is 1 for itself and the slope of the piece that it is in")
    func gradients() {
        let encoding = PiecewiseLinearEncoding(edges: [[-1, 0, 2]])
        for (x, slope) in [(-2, 0), (-0.5, 1), (1, 0.5), (3, 0)] as [(Float, Float)] {
            let found = gradient(at: Tensor([[x]])) { encoding($0).sum() }
            #expect(abs(found.floats[0] - 1 - slope) < 1e-6, "at \(x)")
        }
    }

    @Test("nothing is learned, and without edges nothing is changed")
    func noEdges() {
        let encoding = PiecewiseLinearEncoding(edges: [[], []])
        #expect(encoding(Tensor([[1, 2]])).floats == [1, 2])
        #expect(PiecewiseLinearEncoding(edges: Self.edges).parameters.isEmpty)
    }

    @Test("what edges are allowed")
    func allowedEdges() {
        #expect(PiecewiseLinearEncoding.areEdges([]) && PiecewiseLinearEncoding.areEdges([0, 1, 2]))
        #expect(!PiecewiseLinearEncoding.areEdges([0]) && !PiecewiseLinearEncoding.areEdges([0, 0]) && !PiecewiseLinearEncoding.areEdges([1, 0]))
        #expect(!PiecewiseLinearEncoding.areEdges([0, .infinity]) && !PiecewiseLinearEncoding.areEdges([.nan, 1]))
        #expect(!PiecewiseLinearEncoding.areEdges([-Float.greatestFiniteMagnitude, .greatestFiniteMagnitude]))
    }

    @Test("a batch of other features is refused in a sentence")
    func wrongShape() {
        #expect {
            try catchingFaults { PiecewiseLinearEncoding(edges: Self.edges)(Tensor([[1, 2]])) }
        } throws: { "\($0)".contains("edges for 3 features") }
    }
}
