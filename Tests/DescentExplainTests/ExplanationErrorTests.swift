import DescentCore
import DescentExplain
import Testing

/// What is wrong, and where: the sentences.
@Suite struct ExplanationErrorTests {
    @Test("mistakes in formulas", arguments: [
        ("L = ; y", "a number, a name or ( is missing before \";\"\n  L = ; y\n      ^"),
        ("L = (x + 1; y = 2", "the ) of this ( is missing\n  L = (x + 1; y = 2\n      ^"),
        ("a = 1; a = 2", "a is defined twice\n  a = 1; a = 2\n         ^"),
        ("a = b; b = a + 1", "a is defined by itself: a, which uses b, which uses a\n  a = b; b = a + 1\n             ^"),
        ("2 = x", "what stands before = must be a name\n  2 = x\n  ^"),
        ("x == 2", "a number, a name or ( is missing before \"=\"\n  x == 2\n     ^"),
        ("[1, 2", "the ] of this [ is missing\n  [1, 2\n  ^"),
        ("  ", "the formula is empty\n    \n  ^"),
        ("x + ", "the formula ends where a number, a name or ( should be\n  x + \n      ^"),
        ("sin x", "an operator is missing before this: + - * / or **\n  sin x\n      ^"),
    ])
    func formulas(text: String, sentence: String) {
        #expect { try ExpressionGraph(definitions: text) } throws: { "\($0)" == sentence }
    }

    @Test("values that don't fit", arguments: [
        ("y = log(x - 1)", "x=0.5", "node y = log(v1): log of -0.5: it takes numbers above 0\n  y = log(x - 1)\n      ^^^^^^^^^^"),
        ("1 / (x - 2)", "x=2", "node f = 1 / v1: a division by 0\n  1 / (x - 2)\n  ^^^^^^^^^^^"),
        ("x^0.5", "x=-1", "node f = x ^ 0.5: -1 to the power 0.5 is no real number\n  x^0.5\n  ^^^^^"),
        ("exp(x)", "x=1000", "node f = exp(x): the result is too large for 64 bits\n  exp(x)\n  ^^^^^^"),
        ("sqrt(x)", "x=-4", "node f = sqrt(x): sqrt of -4: it takes numbers from 0\n  sqrt(x)\n  ^^^^^^^"),
        ("W @ x", "W=[[1,2],[3,4]],x=[1,2,3]", "the inner sizes of the matrix product differ: [2, 2] and [3] (2 and 3)\n  W @ x\n  ^^^^^"),
        ("a + b", "a=[1,2],b=[1,2,3]", "the shapes [2] and [3] don't fit together here\n  a + b\n  ^^^^^"),
        ("w*x", "x=1", "\"w\" has no value; there are x. Give it with --at w=...\n  w*x\n  ^"),
        ("L = s; s = x", "x=1,s=2", "s is defined here, and has a value besides\n  L = s; s = x\n         ^"),
        ("x", "x=1,y=2", "y has a value but stands in no formula; the inputs are x."),
    ])
    func values(text: String, values: String, sentence: String) {
        #expect { try Explanation(text, at: values) } throws: { "\($0)" == sentence }
    }

    @Test func matricesWithoutAnInverse() {
        #expect { try Explanation("sum(inv(A))", at: "A=[[1,2],[2,4]]") } throws: { "\($0)".contains("node v1 = inv(A): ") && "\($0)".contains("singular") }
        #expect { try Explanation("sum(cholesky(A))", at: "A=[[1,2],[2,1]]") } throws: { "\($0)".contains("positive definite") }
    }

    @Test("values as text", arguments: [
        ("x", "name=value is meant here\n  x\n  ^"),
        ("x=1,x=2", "x has a value already\n  x=1,x=2\n      ^^^"),
        ("x=1,2y=3", "\"2y\" is not a name: letters, digits and _ only, a letter first\n  x=1,2y=3\n      ^^"),
        ("x=abc", "\"abc\" is not a number; a value is a number, [1, 2] or [[1, 2], [3, 4]]\n  x=abc\n    ^^^"),
        ("x=[1,2", "the ] of this [ is missing\n  x=[1,2\n    ^"),
        ("W=[[1,2],[3]]", "the members of a list have one shape; these have [2] and [1]\n  W=[[1,2],[3]]\n    ^^^^^^^^^^^"),
        ("x=1/0", "the value of x is infinity, which no graph can be followed through\n  x=1/0\n    ^^^"),
    ])
    func argumentValues(text: String, sentence: String) {
        #expect { try ArgumentValues.read(text) } throws: { "\($0)" == sentence }
    }

    @Test func valuesAreRead() throws {
        let found = try ArgumentValues.read("x = -1.5e-1, W=[[1, 2], [3, pi]], b=1/4")
        #expect(found.map(\.name) == ["x", "W", "b"])
        #expect(found[0].value.item() == -0.15)
        #expect(found[1].value.shape == [2, 2])
        #expect(found[1].value.doubles == [1, 2, 3, .pi])
        #expect(found[2].value.item() == 0.25)
        #expect(found.allSatisfy { $0.value.dtype == .float64 })
    }

    @Test func deepNestingIsAnErrorAndNotACrash() {
        let text = String(repeating: "(", count: 100_000) + "x"
        #expect { try ExpressionGraph(definitions: text) } throws: { "\($0)".hasPrefix("the formula is nested more than 200 deep") }
    }
}
