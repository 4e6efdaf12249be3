import DescentCore
import DescentExplain
import DescentNN
import Testing

@Suite("Convolution in formulas and summaries")
struct ImageExplainTests {
    /// The checkerboard of 5 x 7 of the cases: 1 where row + column is odd.
    private static let board = "[" + (0..<5).map { row in "[" + (0..<7).map { "\((row + $0) % 2)" }.joined(separator: ",") + "]" }.joined(separator: ",") + "]"

    private static func value(_ formula: String) throws -> Explanation {
        let x = Tensor((0..<35).map { Float(($0 / 7 + $0 % 7) % 2) }, shape: [5, 7]).cast(to: .float64)
        return try Explanation(ExpressionGraph(definitions: formula), at: ["x": x])
    }

    @Test("a hand-written filter over the checkerboard: an edge is -1 everywhere at stride 2, a diagonal is silent")
    func filters() throws {
        #expect(try Self.value("y = sum(conv(x, [[1,-1],[0,0]], stride=2))").value.item() == -6)
        #expect(try Self.value("y = sum(conv(x, [[1,0],[0,-1]], stride=2)^2)").value.item() == 0)
        #expect(try Self.value("y = sum(conv(x, [[1,0],[0,-1]], padding=1)^2)").value.item() != 0)
        let edge = try Self.value("y = sum(trueconv(x, [[1,2],[3,4]]) - conv(x, [[4,3],[2,1]]))")
        #expect(edge.value.item() == 0)
        let error = #expect(throws: (any Error).self) { try Self.value("y = sum(conv(x, [[1,2,3,4,5,6,7,8]]))") }
        #expect("\(error!)".contains("the filter [1, 8] is larger than the padded image [5, 7]"))
    }

    @Test("a summary has shapes, parameters and multiply-adds of each layer")
    func summary() {
        let model = Sequential(Conv2d(1, 6, kernel: 5, padding: 2), Activation.relu, MaxPool(2), Conv2d(6, 16, kernel: 5), Flatten(), Linear(16 * 100, 10))
        let text = model.summary(input: [1, 1, 28, 28])
        for part in ["[1, 6, 28, 28]", "156", "117600", "[1, 16, 10, 10]", "2416", "240000", "16010", "16000"] { #expect(text.contains(part), "\(part) in \(text)") }
        #expect(text.hasSuffix("18582 parameters, 373600 multiply-adds"), "\(text)")
    }
}
