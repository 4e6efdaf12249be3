import DescentCore
import DescentExplain
import Testing

@Suite struct ExpressionTests {
    private static let values = ["x": 1.5, "y": -0.75, "rate_2": 3.0]

    private func value(_ text: String) throws -> Double {
        try Expression(text)(Self.values.mapValues { Tensor(float64: [$0], shape: []) }).item()
    }

    /// Values of Python 3: the text, with `math`'s functions, at the same numbers.
    @Test(arguments: [
        ("1 + 2*3 - 4/8", 6.5), ("-x**2", -2.25), ("2**-1", 0.5), ("2**3**2", 512), ("(2**3)**2", 64), ("2^3", 8), ("-2**2", -4), ("2 - -3", 5),
        ("8/4/2", 1), ("7 - 4 - 2", 1), ("x*y + rate_2", 1.875), (".5e1 + 1.E-1 + 2e0", 7.1), ("y**3", -0.421875), ("pi - E", 0.423310825130748),
        ("exp(x)*cos(y)", 3.2792020065198244), ("sin(x)**2 + cos(x)**2", 1), ("log(x) + sqrt(x) + tan(y)", 0.6986135195556809),
        ("log(8, 2)", 3), ("Max(x, y, 2) - min(x, y)", 2.75), ("Abs(y) + sign(y)", -0.25), ("atan2(y, x)", -0.4636476090008061),
        ("asinh(x) + acosh(x) + atanh(y)", 1.1842317928786597), ("sigmoid(x)", 0.8175744761936437), ("1 - erf(x) - erfc(x)", 0),
    ])
    func valuesAreThoseOfPython(text: String, expected: Double) throws {
        #expect(abs(try value(text) - expected) <= 1e-14 * max(1, abs(expected)))
    }

    @Test func derivativesAndShapes() throws {
        let f = try Expression("x**2*y + sin(y)").function(of: ["x", "y"])
        let slopes = gradient(at: Tensor(float64: [1.5, -0.7])) { f([$0[0], $0[1]]) }.doubles
        // 2 x y and x² + cos y, by hand.
        #expect(abs(slopes[0] - -2.1) < 1e-14)
        #expect(abs(slopes[1] - (2.25 + 0.7648421872844885)) < 1e-14)
        let rows = try Expression("2*x + y")(["x": Tensor([[1, 2], [3, 4]]), "y": Tensor([10, 20])])
        #expect(rows.dtype == .float32)
        #expect(rows.doubles == [12, 24, 16, 28])
        #expect(try Expression("b*a + a - pi + E").names == ["b", "a"])
        #expect(try Expression("pi*2")(["pi": Tensor(float64: [3], shape: [])]).item() == 6)
    }

    @Test(arguments: [
        ("", "the formula is empty\n  \n  ^"),
        ("2*(x + 1", "the ) of this ( is missing\n  2*(x + 1\n    ^"),
        ("x + * 2", "a number, a name or ( is missing before \"*\"\n  x + * 2\n      ^"),
        ("x y", "an operator is missing before this: + - * / or **\n  x y\n    ^"),
        ("x)", "there is no ( for this )\n  x)\n   ^"),
        ("x, y", "a comma stands only between the arguments of a function\n  x, y\n   ^"),
        ("x $ 2", "\"$\" has no meaning in a formula\n  x $ 2\n    ^"),
        ("sin(x, 2) + 1", "sin takes 1 argument, not 2\n  sin(x, 2) + 1\n  ^^^^^^^^^"),
        ("1 + 2e999", "2e999 is not a number that 64 bits hold\n  1 + 2e999\n      ^^^^^"),
    ])
    func mistakesAreMarked(text: String, sentence: String) {
        #expect { try Expression(text) } throws: { "\($0)" == sentence }
    }

    @Test func unknownNamesAreMarked() throws {
        #expect { try Expression("x + sine(x)") } throws: { error in
            let text = "\(error)"
            return text.hasPrefix("no function is called \"sine\"; there are Abs, ") && text.hasSuffix("\n  x + sine(x)\n      ^^^^")
        }
        let formula = try Expression("x*width")
        #expect { try formula(["x": Tensor(1)]) } throws: { "\($0)" == "\"width\" has no value; there are x\n  x*width\n    ^^^^^" }
        #expect { try formula.function(of: []) } throws: { "\($0)" == "\"x\" has no value; there are none\n  x*width\n  ^" }
        #expect { try formula(["x": .zeros([2, 3]), "width": .zeros([2])]) } throws: {
            "\($0)" == "the shapes [2, 3] and [2] don't fit together here\n  x*width\n  ^^^^^^^"
        }
    }

    @Test func deepNestingIsAnErrorAndNotACrash() {
        let text = String(repeating: "(", count: 100_000) + "x"
        #expect { try Expression(text) } throws: { "\($0)".hasPrefix("the formula is nested more than 200 deep") }
    }
}
