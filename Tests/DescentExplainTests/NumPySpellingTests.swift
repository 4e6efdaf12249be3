import DescentCore
import DescentExplain
import Testing

/// Indexes and arguments by name, in NumPy's spelling: values and shapes of NumPy 2 and SciPy at the same numbers, which the same text gave.
@Suite struct NumPySpellingTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String, shape: [Int], numbers: [Double]
        init(_ text: String, _ shape: [Int], _ numbers: [Double]) { (self.text, self.shape, self.numbers) = (text, shape, numbers) }
        var testDescription: String { text }
    }

    private static let values = "x=[2, -1, 0.5, 3, -2], W=[[1, -2, 3], [4, 0.5, -6]], A=[[2, 1], [-1, 3]]"

    /// `T = numpy.arange(24).reshape(2, 3, 4)**1.5 - 20`, since values as text are matrices at most.
    private func inputs(of graph: ExpressionGraph) throws -> [String: Tensor] {
        var inputs: [String: Tensor] = [:]
        for (name, value) in try ArgumentValues.read(Self.values) { inputs[name] = value }
        inputs["T"] = Tensor.arange(24).cast(to: .float64).pow(1.5).reshaped(2, 3, 4) - 20
        let names = graph.inputs.map(\.name)
        return inputs.filter { names.contains($0.key) }
    }

    @Test("values are NumPy's", arguments: Case.all)
    func values(_ item: Case) throws {
        let graph = try ExpressionGraph(definitions: item.text)
        let found = try Explanation(graph, at: inputs(of: graph)).value
        #expect(found.shape == item.shape)
        for (value, expected) in zip(found.doubles, item.numbers) { #expect(abs(value - expected) <= 1e-12 * max(1, abs(expected))) }
    }

    /// The product over an axis is left out: its elements differ by so many powers of ten that differences say nothing.
    @Test("gradients agree with finite differences", arguments: Case.all.filter { $0.text != "prod(T, axis=(1, 2))" })
    func gradients(_ item: Case) throws {
        let graph = try ExpressionGraph(definitions: "sum((\(item.text)) * (\(item.text)) + (\(item.text)))")
        let check = try Explanation(graph, at: inputs(of: graph)).check()
        #expect(check.agrees, "\(check.text())")
    }

    @Test func namesInTheGraphAreThoseOfTheText() throws {
        let explanation = try Explanation("L = row @ sum(W, axis=0, keepdims = true)[0] + norm(W.T, ord=inf) + sum(reshape(W, 3,-1)); row = W[0, :]", at: "W=[[1, 2], [3, 4], [5, 6]]")
        let operations = explanation.nodes.map(\.operation)
        for text in ["W[0, :]", "sum(W, axis=0, keepdims=true)", "W.T", "norm(v4, ord=inf)", "reshape(W, 3, -1)"] { #expect(operations.contains(text), "\(text) in \(operations)") }
        let drawn = explanation.picture().nodes.map { $0.lines[0] }
        for text in ["row = W[0, :]", "sum axis=0, keepdims=true", "[0]", "W.T", "norm ord=inf"] { #expect(drawn.contains(text), "\(text) in \(drawn)") }
        #expect(explanation.text().contains("W[0, :]"))
    }

    @Test func remarksOnTiesAlongAxes() throws {
        #expect(try Explanation("sum(max(W, axis=1))", at: "W=[[1, 1], [2, 3]]").text().contains("max: a tie, the largest share the gradient equally."))
        #expect(try Explanation("norm(W, ord=inf)", at: "W=[[1, 2], [3, 0]]").text().contains("norm of ord inf: a tie, the largest share the gradient equally."))
        #expect(try !Explanation("norm(W, ord=inf)", at: "W=[[1, 2], [3, 1]]").text().contains("tie"))
        #expect(try !Explanation("sum(max(W, axis=0))", at: "W=[[1, 1], [2, 3]]").text().contains("tie"))
        #expect(try Explanation("sum(max(W, axis=1))", at: "W=[[1, 1], [2, 3]]").gradient(by: "W")!.doubles == [0.5, 0.5, 0, 1])
    }
}

extension NumPySpellingTests.Case {
    static let all: [NumPySpellingTests.Case] = [
        .init("x[0]", [], [2.0]),
        .init("x[-1]", [], [-2.0]),
        .init("W[0, 1]", [], [-2.0]),
        .init("W[0, :]", [3], [1.0, -2.0, 3.0]),
        .init("W[:, 1]", [2], [-2.0, 0.5]),
        .init("W[1]", [3], [4.0, 0.5, -6.0]),
        .init("x[1:3]", [2], [-1.0, 0.5]),
        .init("x[::2]", [3], [2.0, 0.5, -2.0]),
        .init("x[::-1]", [5], [-2.0, 3.0, 0.5, -1.0, 2.0]),
        .init("x[-3:]", [3], [0.5, 3.0, -2.0]),
        .init("x[:-2]", [3], [2.0, -1.0, 0.5]),
        .init("x[3:0:-1]", [3], [3.0, 0.5, -1.0]),
        .init("x[-1:-4:-2]", [2], [-2.0, 0.5]),
        .init("x[10::-2]", [3], [-2.0, 0.5, 2.0]),
        .init("x[-99:2]", [2], [2.0, -1.0]),
        .init("W[::-1, 1:]", [2, 2], [0.5, -6.0, -2.0, 3.0]),
        .init("W[:, ::-2]", [2, 2], [3.0, 1.0, -6.0, 4.0]),
        .init("W[..., 0]", [2], [1.0, 4.0]),
        .init("T[1, ..., 2]", [3], [32.38320341483518, 56.36753236814714, 83.18914671611545]),
        .init(
            "T[..., 1:3]", [2, 3, 2],
            [
                -19.0, -17.17157287525381, -8.819660112501051, -5.303061543300931, 7.0, 11.622776601683793, 26.872166581031863, 32.38320341483518, 50.092795635500224, 56.36753236814714,
                76.23408959407264, 83.18914671611545,
            ]),
        .init("T[0, 1]", [4], [-12.0, -8.819660112501051, -5.303061543300931, -1.4797408225478677]),
        .init("W[:, None, 1]", [2, 1], [-2.0, 0.5]),
        .init("x[None]", [1, 5], [2.0, -1.0, 0.5, 3.0, -2.0]),
        .init("x[:, None]", [5, 1], [2.0, -1.0, 0.5, 3.0, -2.0]),
        .init("T[None, ..., -1]", [1, 2, 3], [-14.803847577293368, -1.4797408225478677, 16.4828726939094, 38.09475019311125, 62.819079927272796, 90.30412503619254]),
        .init("W.T", [3, 2], [1.0, 4.0, -2.0, 0.5, 3.0, -6.0]),
        .init(
            "T.T", [4, 3, 2],
            [
                -20.0, 21.569219381653056, -12.0, 44.0, 2.6274169979695223, 69.44271909999159, -19.0, 26.872166581031863, -8.819660112501051, 50.092795635500224, 7.0, 76.23408959407264,
                -17.17157287525381, 32.38320341483518, -5.303061543300931, 56.36753236814714, 11.622776601683793, 83.18914671611545, -14.803847577293368, 38.09475019311125, -1.4797408225478677,
                62.819079927272796, 16.4828726939094, 90.30412503619254,
            ]),
        .init("W.T[0]", [2], [1.0, 4.0]),
        .init("x.T", [5], [2.0, -1.0, 0.5, 3.0, -2.0]),
        .init("(W @ x[:3])[1]", [], [4.5]),
        .init("[1, 2, 3][-1]", [], [3.0]),
        .init("-x[0]**2", [], [-4.0]),
        .init("sum(W, axis=0)", [3], [5.0, -1.5, -3.0]),
        .init("sum(W, axis=1, keepdims=true)", [2, 1], [2.0, -1.5]),
        .init("sum(W, axis=-1)", [2], [2.0, -1.5]),
        .init("sum(T, axis=(0, 2))", [3], [47.94391911808417, 185.67694545257032, 356.9031467399349]),
        .init("sum(T, axis=(0, -1), keepdims=True)", [1, 3, 1], [47.94391911808417, 185.67694545257032, 356.9031467399349]),
        .init("sum(W, keepdims=true)", [1, 1], [0.5]),
        .init("sum(W, axis=None)", [], [0.5]),
        .init("mean(W, axis=0)", [3], [2.5, -0.75, -1.5]),
        .init("mean(W, axis=1, keepdims=1)", [2, 1], [0.6666666666666666, -0.5]),
        .init("prod(W)", [], [72.0]),
        .init("prod(W, axis=0)", [3], [4.0, -1.0, -18.0]),
        .init("prod(T, axis=(1, 2))", [2], [282672484518.34485, 2.2193243795661534e+20]),
        .init("max(W, axis=0)", [3], [4.0, 0.5, 3.0]),
        .init("max(W, axis=1, keepdims=true)", [2, 1], [3.0, 4.0]),
        .init("min(T, axis=(0, 1))", [4], [-20.0, -19.0, -17.17157287525381, -14.803847577293368]),
        .init("min(W, keepdims=true)", [1, 1], [-6.0]),
        .init("var(W)", [], [11.034722222222221]),
        .init("var(W, axis=0, ddof=1)", [3], [4.5, 3.125, 40.5]),
        .init("std(W, axis=1, keepdims=true)", [2, 1], [2.0548046676563256, 4.143267631552018]),
        .init("softmax(W, axis=0)", [2, 3], [0.04742587317756679, 0.07585818002124356, 0.9998766054240137, 0.9525741268224334, 0.9241418199787566, 0.00012339457598623172]),
        .init("softmax(W)", [2, 3], [0.11849965453500959, 0.005899750401902781, 0.8756005950630876, 0.9706449937424646, 0.029310939042995143, 4.4067214540215444e-05]),
        .init("log_softmax(W, axis=0)", [2, 3], [-3.048587351573742, -2.5788897342925496, -0.00012340218972333965, -0.04858735157374196, -0.07888973429254956, -9.000123402189724]),
        .init("logsumexp(W, axis=0)", [3], [4.048587351573742, 0.5788897342925496, 3.000123402189723]),
        .init("logsumexp(W, keepdims=true)", [2, 1], [3.1328452337275756, 4.029794486458149]),
        .init("argmax(W)", [], [3.0]),
        .init("argmax(W, axis=0)", [3], [1.0, 1.0, 0.0]),
        .init("argmin(W, axis=1, keepdims=true)", [2, 1], [1.0, 2.0]),
        .init("argmax(W, keepdims=true)", [1, 1], [3.0]),
        .init("cumsum(W)", [6], [1.0, -1.0, 2.0, 6.0, 6.5, 0.5]),
        .init("cumsum(W, axis=1)", [2, 3], [1.0, -1.0, 2.0, 4.0, 4.5, -1.5]),
        .init("norm(x)", [], [4.272001872658765]),
        .init("norm(x, ord=1)", [], [8.5]),
        .init("norm(x, ord=2)", [], [4.272001872658765]),
        .init("norm(x, ord=inf)", [], [3.0]),
        .init("norm(x, ord=0)", [], [5.0]),
        .init("norm(x, ord=3)", [], [3.5336883073609773]),
        .init("norm(W)", [], [8.139410298049853]),
        .init("norm(W, ord=1)", [], [9.0]),
        .init("norm(W, ord=2)", [], [7.578302622266296]),
        .init("norm(W, ord=inf)", [], [10.5]),
        .init("norm(W, ord=fro)", [], [8.139410298049853]),
        .init("norm(W, ord=nuc)", [], [10.548038193887411]),
        .init("norm(W, axis=0)", [3], [4.123105625617661, 2.0615528128088303, 6.708203932499369]),
        .init("norm(W, ord=1, axis=1, keepdims=true)", [2, 1], [6.0, 10.5]),
        .init("norm(T, ord=inf, axis=1)", [2, 4], [20.0, 19.0, 17.17157287525381, 16.4828726939094, 69.44271909999159, 76.23408959407264, 83.18914671611545, 90.30412503619254]),
        .init("concat(W, A, axis=1)", [2, 5], [1.0, -2.0, 3.0, 2.0, 1.0, 4.0, 0.5, -6.0, -1.0, 3.0]),
        .init("concat(x, x[:2])", [7], [2.0, -1.0, 0.5, 3.0, -2.0, 2.0, -1.0]),
        .init("stack(x, x, axis=1)", [5, 2], [2.0, 2.0, -1.0, -1.0, 0.5, 0.5, 3.0, 3.0, -2.0, -2.0]),
        .init("stack(x, x, axis=-1)", [5, 2], [2.0, 2.0, -1.0, -1.0, 0.5, 0.5, 3.0, 3.0, -2.0, -2.0]),
        .init("stack(W, W)", [2, 2, 3], [1.0, -2.0, 3.0, 4.0, 0.5, -6.0, 1.0, -2.0, 3.0, 4.0, 0.5, -6.0]),
        .init("reshape(W, 3, 2)", [3, 2], [1.0, -2.0, 3.0, 4.0, 0.5, -6.0]),
        .init("reshape(W, -1)", [6], [1.0, -2.0, 3.0, 4.0, 0.5, -6.0]),
        .init("reshape(W, (3, -1))", [3, 2], [1.0, -2.0, 3.0, 4.0, 0.5, -6.0]),
        .init("flatten(W)", [6], [1.0, -2.0, 3.0, 4.0, 0.5, -6.0]),
        .init("pinv(W)", [3, 2], [0.22161895360315897, 0.14017769002961503, -0.19151036525172754, -0.045409674234945706, 0.13178677196446198, -0.0769990128331688]),
        .init("reshape(T, 4, 3, 2)[1, ::2, 0]", [2], [-5.303061543300931, 11.622776601683793]),
    ]
}
