import DescentCore
import Testing

/// What a product adds by itself, and what it must not.
@Suite struct AddendTests {
    private let x = Tensor(float64: spread(12, in: -1...1, seed: 1), shape: [4, 3]), w = Tensor(float64: spread(15, in: -1...1, seed: 2), shape: [3, 5])
    private let row = Tensor(float64: spread(5, in: -1...1, seed: 3)), matrix = Tensor(float64: spread(20, in: -1...1, seed: 4), shape: [4, 5])

    /// The plan's text, and the results beside those of the same function with the product hidden from the pass.
    private func plan(_ function: @escaping (_ product: Tensor, _ other: Tensor) -> Tensor, _ other: Tensor, sourceLocation: SourceLocation = #_sourceLocation) -> String {
        let compiled = compile { (x: Tensor, w: Tensor, other: Tensor) in function(x.matmul(w), other) }
        let hidden = compile { (x: Tensor, w: Tensor, other: Tensor) in function(applySingle(Barrier(), x.matmul(w)), other) }
        // Added after the sums, as it would be on its own: the same bits.
        #expect(compiled(x, w, other).doubles == hidden(x, w, other).doubles, sourceLocation: sourceLocation)
        return compiled.description
    }

    @Test func aBiasAndAMatrixAreAddedByTheProduct() {
        for text in [plan({ $0 + $1 }, row), plan({ $1 + $0 }, row), plan({ $0 + $1 }, matrix), plan({ tanh($0 + $1) }, matrix)] {
            #expect(text.contains(") + %") && !text.contains("add("), "\(text)")
        }
    }

    @Test func rowsFarApartAreAddedToo() {
        let wide = Tensor(float64: spread(48, in: -1...1, seed: 5), shape: [4, 12])
        #expect(plan({ $0 + $1[0..., 4..<9] }, wide).contains(") + %"))
    }

    @Test func whatIsReadElsewhereIsNotTouched() {
        let compiled = compile { (x: Tensor, w: Tensor, b: Tensor) in
            let product = x.matmul(w)
            return (product + b, product)
        }
        let (sum, product) = compiled(x, w, row)
        #expect(!compiled.description.contains(") + %"))
        expectClose(sum - row, product, 1e-15)
    }

    @Test func aColumnATransposeAndANumberAreNotRows() {
        let column = Tensor(float64: spread(4, in: -1...1, seed: 6), shape: [4, 1]), turned = Tensor(float64: spread(20, in: -1...1, seed: 7), shape: [5, 4])
        #expect(!plan({ $0 + $1 }, column).contains(") + %"))
        #expect(!plan({ $0 + $1.transposed() }, turned).contains(") + %"))
        #expect(!plan({ $0 + 1.5 + 0 * $1 }, matrix).contains("+ %-"))
    }

    @Test func ofTwoProductsOneAddsTheOther() {
        let compiled = compile { (x: Tensor, w: Tensor, v: Tensor) in x.matmul(w) + x.matmul(v) }
        let v = Tensor(float64: spread(15, in: -1...1, seed: 8), shape: [3, 5])
        let both = compiled(x, w, v)
        #expect(compiled.description.contains(") + %") && !compiled.description.contains("add("))
        expectClose(both, x.matmul(w + v), 1e-14)
    }

    @Test func severalProductsSideBySide() {
        let a = Tensor(float64: spread(24, in: -1...1, seed: 9), shape: [2, 4, 3]), b = Tensor(float64: spread(30, in: -1...1, seed: 10), shape: [2, 3, 5])
        let c = Tensor(float64: spread(40, in: -1...1, seed: 11), shape: [2, 4, 5])
        let compiled = compile { (a: Tensor, b: Tensor, c: Tensor) in a.matmul(b) + c }
        let sum = compiled(a, b, c)
        #expect(compiled.description.contains(") + %"))
        for member in 0..<2 { expectClose(sum[member], a[member].matmul(b[member]) + c[member], 1e-14) }
    }
}
