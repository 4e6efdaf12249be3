import DescentCore
import DescentExplain
import Testing

/// What is wrong, and where: the sentences.
@Suite struct ExplanationErrorTests {
    @Test(
        "mistakes in formulas",
        arguments: [
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

    @Test(
        "values that don't fit",
        arguments: [
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

    @Test(
        "mistakes in indexes and arguments by name",
        arguments: [
            ("W[0, 1", "the ] of this [ is missing\n  W[0, 1\n   ^"),
            ("W[]", "an index is missing here, such as 0, -1 or 1:3\n  W[]\n   ^^"),
            ("x[i]", "an index is a whole number such as 0 or -1, or a range such as 1:3\n  x[i]\n    ^"),
            ("x[0.5]", "0.5 is not a whole number\n  x[0.5]\n    ^^^"),
            ("x[::0]", "a step of 0 leads nowhere; 1 takes every one, -1 goes backwards\n  x[::0]\n      ^"),
            ("x[0 1]", "an operator or ] is missing before this\n  x[0 1]\n      ^"),
            ("W[..., ...]", "... can stand only once in an index\n  W[..., ...]\n         ^^^"),
            ("W.t", "after a . only T can stand, the transpose\n  W.t\n   ^"),
            ("x : 2", "a : stands only in an index, such as x[1:3]\n  x : 2\n    ^"),
            ("sum(W, axes=0)", "sum has no argument named axes; it has axis and keepdims\n  sum(W, axes=0)\n         ^^^^"),
            ("sin(x, axis=0)", "sin takes no arguments by name\n  sin(x, axis=0)\n         ^^^^"),
            ("sum(W, axis=0, axis=1)", "axis is given twice\n  sum(W, axis=0, axis=1)\n                 ^^^^"),
            ("sum(axis=0, W)", "arguments without a name stand before those with one\n  sum(axis=0, W)\n              ^"),
            ("sum(W, axis=x)", "an axis is a whole number such as 0 or -1, or several in parentheses\n  sum(W, axis=x)\n              ^"),
            ("sum(W, axis=(0, 1)", "the ) of this ( is missing\n  sum(W, axis=(0, 1)\n     ^"),
            ("sum(W, keepdims=yes)", "keepdims is true or false\n  sum(W, keepdims=yes)\n                  ^^^"),
            ("norm(x, ord=big)", "ord is a number such as 1 or 2, inf, or of a matrix fro or nuc\n  norm(x, ord=big)\n              ^^^"),
            ("sum(W, 0)", "sum takes 1 argument, not 2 (an axis is written axis=0)\n  sum(W, 0)\n  ^^^^^^^^^"),
            ("max(W, x, axis=0)", "max with axis takes 1 argument, not 2 (an axis is written axis=0)\n  max(W, x, axis=0)\n  ^^^^^^^^^^^^^^^^^"),
            ("reshape(W)", "reshape takes a value and the sizes of its new axes: reshape(x, 2, 3)\n  reshape(W)\n  ^^^^^^^^^^"),
            ("reshape(W, n)", "the size of an axis is a whole number from 1, or -1 for what is left\n  reshape(W, n)\n             ^"),
            ("reshape(W, 0)", "the size of an axis is a whole number from 1, or -1 for what is left, not 0\n  reshape(W, 0)\n             ^"),
        ])
    func writing(text: String, sentence: String) {
        #expect { try ExpressionGraph(definitions: text) } throws: { "\($0)" == sentence }
    }

    @Test(
        "indexes and axes that are not there",
        arguments: [
            ("L = sum(W, axis=2)", "node L = sum(W, axis=2): axis 2 is outside of the shape [2, 3], which has the axes 0 to 1\n  L = sum(W, axis=2)\n             ^^^^^^"),
            ("sum(W, axis=(0, -2))", "node f = sum(W, axis=(0, -2)): axis 0 is named twice\n  sum(W, axis=(0, -2))\n         ^^^^^^^^^^^^"),
            ("softmax(W, axis=(0, 1))", "node f = softmax(W, axis=(0, 1)): it works along one axis, not 2\n  softmax(W, axis=(0, 1))\n             ^^^^^^^^^^^"),
            ("2 * W[5, 0]", "node v1 = W[5, 0]: index 5 is outside of axis 0 of the shape [2, 3]: 0 to 1, or from the end -1 to -2\n  2 * W[5, 0]\n        ^"),
            ("W[0, -4]", "node f = W[0, -4]: index -4 is outside of axis 1 of the shape [2, 3]: 0 to 2, or from the end -1 to -3\n  W[0, -4]\n       ^^"),
            ("W[0, 0, 0]", "node f = W[0, 0, 0]: the shape [2, 3] has 2 axes, so this index is one too many\n  W[0, 0, 0]\n          ^"),
            ("W[0, 0][0]", "node f = v1[0]: the value is a single number, of which there are no parts\n  W[0, 0][0]\n          ^"),
            ("sum(W[..., 3:])", "node v1 = W[..., 3:]: 3: takes nothing of axis 1 of the shape [2, 3]\n  sum(W[..., 3:])\n             ^^"),
            ("max(W[0, 0], axis=0)", "node f = max(v1, axis=0): there is no axis 0, since the value is a single number\n  max(W[0, 0], axis=0)\n               ^^^^^^"),
            ("concat(W, W[:, :2])", "concat along axis 0 takes shapes that differ there alone; these are [2, 3] and [2, 2]\n  concat(W, W[:, :2])\n  ^^^^^^^^^^^^^^^^^^^"),
            (
                "concat(W[0, 0], W[0, 1])",
                "concat joins vectors and matrices along an axis; single numbers have none: write them as a list, [a, b]\n  concat(W[0, 0], W[0, 1])\n  ^^^^^^^^^^^^^^^^^^^^^^^^"
            ),
            ("reshape(W, 4, 2)", "the shape [2, 3] has 6 elements, which [4, 2] can't hold\n  reshape(W, 4, 2)\n  ^^^^^^^^^^^^^^^^"),
            ("norm(W, ord=3)", "a matrix has the norms of ord 1, 2, inf, fro and nuc, not 3\n  norm(W, ord=3)\n  ^^^^^^^^^^^^^^"),
            ("norm(W[0], ord=nuc)", "ord=fro and ord=nuc are norms of a matrix, not of the shape [3]\n  norm(W[0], ord=nuc)\n  ^^^^^^^^^^^^^^^^^^^"),
            ("var(W[:1], axis=0, ddof=1)", "node f = var(v1, axis=0, ddof=1): var of 1 number with ddof=1: a division by 0\n  var(W[:1], axis=0, ddof=1)\n  ^^^^^^^^^^^^^^^^^^^^^^^^^^"),
            ("log(W[0, 1], 1)", "node f = log(v1, 1): log to the base 1: a base is above 0, and not 1\n  log(W[0, 1], 1)\n  ^^^^^^^^^^^^^^^"),
        ])
    func parts(text: String, sentence: String) {
        #expect { try Explanation(text, at: "W=[[1, 2, 3], [4, 5, 6]]") } throws: { "\($0)" == sentence }
    }

    @Test func matricesWithoutAnInverse() {
        #expect { try Explanation("sum(inv(A))", at: "A=[[1,2],[2,4]]") } throws: { "\($0)".contains("node v1 = inv(A): ") && "\($0)".contains("singular") }
        #expect { try Explanation("sum(cholesky(A))", at: "A=[[1,2],[2,1]]") } throws: { "\($0)".contains("positive definite") }
    }

    @Test(
        "values as text",
        arguments: [
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
