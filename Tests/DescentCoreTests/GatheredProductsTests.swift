import DescentCore
import Testing

/// Products of rows taken from a small table: what becomes of them, and that values and gradients stay.
@Suite struct GatheredProductsTests {
    /// A table of 5 rows, 48 numbers of rows (negative ones count from the end; row 3 is named by none), a matrix, and something to add.
    private static func inputs(_ rows: Int = 5) -> [Tensor] {
        let table = Tensor(float64: spread(rows * 20, in: -1...1, seed: 1), shape: [rows, 20]).settled()
        let numbers = Tensor(int64: (0..<48).map { [0, 1, -1, 2, 2, 0, -4][$0 % 7] }, shape: [12, 4]).settled()
        let matrix = Tensor(float64: spread(60, in: -1...1, seed: 2), shape: [20, 3]).settled()
        return [table, numbers, matrix, Tensor(float64: [0.1, -0.2, 0.3]).settled()]
    }

    private static func hidden(_ x: Tensor) -> Tensor { applySingle(Barrier(), x) }

    /// A function's value and gradients, by a program that may see that rows were taken, and by one that may not.
    private func expectSame(
        _ inputs: [Tensor], _ name: String, sourceLocation: SourceLocation = #_sourceLocation, of function: @escaping (_ rows: Tensor, _ matrix: Tensor, _ bias: Tensor) -> Tensor
    ) -> Program {
        func results(_ hide: @escaping (Tensor) -> Tensor) -> [Tensor] {
            let (value, gradient) = valueWithGradient(at: [inputs[0], inputs[2], inputs[3]]) { x in function(hide(x[0].gathered(inputs[1])), x[1], x[2]) }
            return [value] + gradient
        }
        let seen = results { $0 }, expected = results(Self.hidden)
        let program = simplify(Program.capture(seen).program)
        #expect(program.verify() == nil, "\(name): \(program.verify() ?? "")", sourceLocation: sourceLocation)
        for (found, expected) in zip(seen, expected) { expectClose(found, expected, 1e-12, name, sourceLocation: sourceLocation) }
        return program
    }

    /// The elements of all that products multiply and make.
    private func sizes(_ program: Program) -> [Int] {
        program.operations.filter { $0.primitive is Product }.map { $0.inputs.map { program.types[$0].shape.elementCount }.max()! }
    }

    @Test func theTableIsMultipliedAndNotItsRows() {
        let program = expectSame(Self.inputs(), "x W + b") { x, w, b in tanh(x.matmul(w) + b).sum() }
        // T W, and the gradients of the table and of the matrix: none as large as the 48 rows of 20.
        #expect(sizes(program) == [100, 60, 100] || sizes(program) == [100, 100, 60], "\(program)")
        #expect(program.operations.filter { $0.primitive is Gather }.allSatisfy { program.types[$0.outputs[0]].shape.last == 3 })
    }

    @Test func theTableMayBeOnTheRight() {
        let program = expectSame(Self.inputs(), "Wᵀ xᵀ") { x, w, b in
            tanh(w.transposed().matmul(x.reshaped(to: [48, 20]).transposed()).transposed() + b).sum()
        }
        #expect(program.verify() == nil)
        let rows = Self.inputs()
        let right = applySingle(Product(ProductDimensions(leftContracted: [0], rightContracted: [2])), rows[2], rows[0].gathered(rows[1]))
        #expect(sizes(simplify(Program.capture([right]).program)) == [100])
        expectClose(right, rows[0].gathered(rows[1]).matmul(rows[2]).reshaped(to: [48, 3]).transposed().reshaped(to: [3, 12, 4]), 1e-12)
    }

    @Test func partsInAnotherOrderAreTakenFromTheTableToo() {
        let order = Tensor(int64: [3, 1, 0, 2])
        let program = expectSame(Self.inputs(), "parts") { x, w, b in
            let sorted = x.gathered(order, axis: 1)
            let first = tanh(sorted[0..<6].matmul(w) + b), second = tanh(sorted[6..<12, 0..<3].matmul(w) + b)
            return first.sum() + (second * second).sum()
        }
        #expect(sizes(program).allSatisfy { $0 <= 100 }, "\(program)")
    }

    @Test func aRowThatNoNumberNamesTakesNoPart() {
        var inputs = Self.inputs()
        inputs[0] = Tensor.where((Tensor.arange(5) .== Tensor(int64: [3])).reshaped(to: [5, 1]).broadcast(to: [5, 20]), Tensor.full([5, 20], .nan, dtype: .float64), inputs[0])
            .settled()
        let program = expectSame(inputs, "a row of NaN") { x, w, b in tanh(x.matmul(w) + b).sum() }
        #expect(sizes(program).allSatisfy { $0 <= 100 })
        let gradient = gradient(at: inputs[2]) { w in inputs[0].gathered(inputs[1]).matmul(w).sum() }
        #expect(gradient.doubles.allSatisfy { $0.isFinite })
    }

    @Test func largeTablesAndShortRowsStayAsTheyAre() {
        let large = expectSame(Self.inputs(25), "25 rows, 48 numbers") { x, w, b in tanh(x.matmul(w) + b).sum() }
        #expect(sizes(large).contains(960))
        let inputs = Self.inputs()
        let short = simplify(Program.capture([inputs[0][0..., 0..<2].gathered(inputs[1]).matmul(inputs[2][0..<2])]).program)
        #expect(sizes(short) == [96])
    }

    @Test func secondDerivativesStay() {
        let inputs = Self.inputs()
        func hessianOfSums(_ hide: @escaping (Tensor) -> Tensor) -> Tensor {
            hessian(at: inputs[2]) { w in
                let y = hide(inputs[0].gathered(inputs[1])).matmul(w); return (y * y * y).sum()
            }
        }
        expectClose(hessianOfSums { $0 }, hessianOfSums(Self.hidden), 1e-11)
    }
}
