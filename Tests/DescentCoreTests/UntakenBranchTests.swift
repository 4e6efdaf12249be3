import DescentCore
import Testing

/// Gradients through `where`, at points where the branch that is not taken is infinite or NaN, or its derivative is.
@Suite struct UntakenBranchTests {
    /// A function element by element, points, and its first and second derivatives there, by hand.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let points: [Double]
        let first: [Double]
        let second: [Double]
        let function: @Sendable (Tensor) -> Tensor

        init(_ name: String, at points: [Double], _ first: [Double], _ second: [Double], _ function: @escaping @Sendable (Tensor) -> Tensor) {
            (testDescription, self.points, self.first, self.second, self.function) = (name, points, first, second, function)
        }
    }

    private static let e = 2.718281828459045

    static let cases: [Case] = [
        Case("sqrt", at: [-1, 0, 4], [1, 1, 0.25], [0, 0, -1 / 32.0]) { .where($0 .> 0, sqrt($0), $0) },
        Case("exp", at: [1000, -1000, 0], [1, 0, 1], [0, 0, 1]) { .where($0 .<= 0, exp($0), $0 + 1) },
        Case("log", at: [0, 1, 4, -1], [2, 2, 0.25, 2], [0, 0, -1 / 16.0, 0]) { .where($0 .> 2, log($0), 2 * $0) },
        Case("division", at: [0, 2], [0, -0.25], [0, 0.25]) { .where($0 .== 0, Tensor(0, like: $0), 1 / $0) },
        Case("a quotient of two", at: [0, 1], [0, -2 / Self.e], [0, 5 / Self.e]) { .where($0 .!= 0, exp(-$0) / $0, Tensor(3, like: $0)) },
        Case("pow", at: [-8, 0, 8], [1, 1, 1 / 12.0], [0, 0, -2 / (9 * 32.0)]) { .where($0 .> 0, $0.pow(1 / 3.0), $0) },
        Case("pow by a tensor", at: [0, 1], [1, 1], [0, 2]) { x in .where(x .> 0, x.pow(x), x) },
        Case("atan2", at: [0, 1], [1, 0.5], [0, -0.5]) { .where($0 .== 0, $0, atan2($0, Tensor.ones([2], dtype: $0.dtype) * ($0 * $0).pow(0.5) / abs($0))) },
        Case("rsqrt", at: [-1, 0, 1], [0, 0, -0.5], [0, 0, 0.75]) { .where($0 .> 0, rsqrt($0), Tensor(7, like: $0)) },
        Case("asin", at: [2, 0, 1], [1, 1, 1], [0, 0, 0]) { .where(abs($0) .< 1, asin($0), $0) },
        Case("log1p, log and sqrt in a chain", at: [-2, 0, 1], [3, 3, 0.25 / 0.8325546111576977], [0, 0, -0.25 / 2 * (1 + 1 / (2 * 0.6931471805599453)) / 0.8325546111576977]) {
            .where($0 .> 0, sqrt(log1p(log(exp($0)))), 3 * $0)
        },
        Case("nested", at: [-1, 0, 4, 1000], [-2, 0, 0.25, 1], [2, 0, -1 / 32.0, 0]) { x in
            .where(x .> 0, .where(x .< 100, sqrt(x), x - exp(-x) * 0), .where(x .< 0, x * x * 1, 0 * x))
        },
        Case("an input that was selected", at: [-1, 0, 4], [0, 0, 0.25], [0, 0, -1 / 32.0]) { sqrt(.where($0 .> 0, $0, Tensor(0, like: $0))) },
        Case("an input that was selected, twice used", at: [-1, 4], [0, 0.25 + 0.25], [0, -1 / 32.0 - 1 / 16.0]) { x in
            let safe = Tensor.where(x .> 0, x, Tensor(0, like: x))
            return Tensor.where(x .> 0, log(safe), Tensor(0, like: x)) + sqrt(safe)
        },
        Case("views and sums in between", at: [0, 4], [1, 0.25 + 1], [0, -1 / 32.0]) { x in
            let roots = sqrt(x.reshaped(to: [1, 2]).transposed().broadcast(to: [2, 3]))
            let taken = Tensor.where(x.expanded(axis: 1).broadcast(to: [2, 3]) .> 0, roots, Tensor(0, like: roots))
            return taken.transposed().sum(axis: 0) * (1 / 3.0) + x
        },
        Case("the square of a root", at: [0, 4, -3], [1, 1, 2], [0, 0, 0]) { .where($0 .> 0, sqrt($0) * sqrt($0), .where($0 .== 0, $0, 2 * $0)) },
        Case("maximum", at: [0, 1, Self.e * Self.e], [0, 1, 1 / (Self.e * Self.e)], [0, -1, -1 / (Self.e * Self.e * Self.e * Self.e)]) {
            maximum(log($0), Tensor(-5, like: $0))
        },
        Case("clipped", at: [-4, 0, 4, 100], [0, 0, 0.25, 0], [0, 0, -1 / 32.0, 0]) { x in
            Tensor.where(x .<= 0, Tensor(0, like: x), x.pow(0.5).clipped(to: 1...5))
        },
    ]

    /// First and second derivatives by `function`'s gradient and by its tangent, each in both ways.
    private static func derivatives(_ function: @escaping (Tensor) -> Tensor) -> [(name: String, order: Int, of: (Tensor) -> Tensor)] {
        let reverse: (Tensor) -> Tensor = { x in gradient(at: x) { function($0).sum() } }
        let forward: (Tensor) -> Tensor = { x in jvp(at: x, along: Tensor(1, like: x), of: function).tangent }
        return [
            ("reverse", 1, reverse), ("forward", 1, forward),
            ("reverse over reverse", 2, { x in gradient(at: x) { reverse($0).sum() } }),
            ("forward over reverse", 2, { x in jvp(at: x, along: Tensor(1, like: x), of: reverse).tangent }),
            ("reverse over forward", 2, { x in gradient(at: x) { forward($0).sum() } }),
            ("forward over forward", 2, { x in jvp(at: x, along: Tensor(1, like: x), of: forward).tangent }),
            ("hessian", 2, { x in hessian(at: x) { function($0).sum() }.diagonal() }),
        ]
    }

    @Test(arguments: cases)
    func derivatives(_ example: Case) {
        let x = Tensor(float64: example.points)
        for (name, order, derivative) in Self.derivatives(example.function) {
            let expected = order == 1 ? example.first : example.second
            expectClose(derivative(x).doubles, expected, 1e-14, "\(name):")
            let step = compile(derivative)
            expectClose(step(x).doubles, expected, 1e-14, "\(name), compiled:")
            let batched = vmap(derivative)(Tensor.stack([x, x]))
            expectClose(batched.doubles, expected + expected, 1e-14, "\(name), vmap:")
            expectClose(derivative(x.cast(to: .float32)).doubles, expected, 1e-5, "\(name), float32:")
        }
        let mapped = gradient(at: Tensor.stack([x, x])) { vmap(example.function)($0).sum() }
        expectClose(mapped.doubles, example.first + example.first, 1e-14, "of vmap:")
    }
}

/// The same where elements meet: sums, norms, matrix products, loops.
@Suite struct MaskedSumTests {
    private func isClose(_ found: Tensor, _ expected: [Double], _ note: String = "") { expectClose(found.doubles, expected, 1e-14, note) }

    @Test func aNormOfEachRow() {
        let rows = Tensor(float64: [[0, 0], [3, 4]])
        func length(_ x: Tensor) -> Tensor {
            let squares = (x * x).sum(axis: 1)
            return Tensor.where(squares .> 0, sqrt(squares), Tensor(0, like: squares)).sum()
        }
        isClose(gradient(at: rows, of: length), [0, 0, 0.6, 0.8])
        isClose(jvp(at: rows, along: Tensor(1, like: rows), of: length).tangent, [1.4])
        isClose(hessian(at: rows, of: length).reshaped(to: [4, 4]).diagonal(), [0, 0, 16 / 125.0, 9 / 125.0])
    }

    @Test func aSumThatIsMaskedThroughout() {
        // The root of a sum of nothing: infinite slope times no change.
        let x = Tensor(float64: [-1, -2])
        func f(_ x: Tensor) -> Tensor { sqrt(Tensor.where(x .> 0, x, Tensor(0, like: x)).sum()) }
        isClose(gradient(at: x, of: f), [0, 0])
        isClose(jvp(at: x, along: Tensor(1, like: x), of: f).tangent, [0])
        isClose(hessian(at: x, of: f), [0, 0, 0, 0])
    }

    @Test func aBroadcastThatIsMaskedThroughout() {
        let scale = Tensor(float64: [0], shape: []), x = Tensor(float64: [-1, -2])
        func f(_ scale: Tensor) -> Tensor { Tensor.where(x .> 0, x * sqrt(scale), x).sum() }
        isClose(gradient(at: scale, of: f), [0])
        isClose(jvp(at: scale, along: Tensor(1, like: scale), of: f).tangent, [0])
    }

    @Test func rowsOfDataThatAreNotUsedMayHoldNaN() {
        let x = Tensor(float64: [[1, 2], [.nan, 5], [3, -4]]), valid = Tensor(bool: [true, false, true])
        let w = Tensor(float64: [0.5, 1]), matrix = Tensor(float64: [[0.5], [1]])
        func loss(_ w: Tensor) -> Tensor { Tensor.where(valid, x.matmul(w).squared, Tensor.zeros([3], dtype: .float64)).sum() }
        // 2 (x · w) x over the valid rows: 2 · 2.5 · [1, 2] + 2 · -2.5 · [3, -4].
        isClose(gradient(at: w, of: loss), [-10, 30])
        isClose(jvp(at: w, along: Tensor(float64: [1, 0]), of: loss).tangent, [-10])
        // 2 (x xᵀ) over the valid rows.
        isClose(hessian(at: w, of: loss), [20, -20, -20, 40])
        func byMatrix(_ w: Tensor) -> Tensor {
            Tensor.where(valid.expanded(axis: 1).broadcast(to: [3, 1]), x.matmul(w).squared, Tensor.zeros([3, 1], dtype: .float64)).sum()
        }
        isClose(gradient(at: matrix, of: byMatrix), [-10, 30])
        isClose(compile(gradient(of: byMatrix))(matrix), [-10, 30])
    }

    @Test func whatLiesBehindAProduct() {
        // The root of a row that is not used has an infinite slope.
        let x = Tensor(float64: [[0, 0], [4, 9]]), w = Tensor(float64: [[1], [2]])
        func f(_ x: Tensor) -> Tensor {
            let sums = sqrt(x).matmul(w)
            return Tensor.where(sums .> 0, log(sums), Tensor(0, like: sums)).sum()
        }
        isClose(gradient(at: x, of: f), [0, 0, 0.25 / 8, 1 / 24.0])
        isClose(jvp(at: x, along: Tensor(1, like: x), of: f).tangent, [0.25 / 8 + 1 / 24.0])
    }

    @Test func slicesAndPartsPutTogether() {
        let x = Tensor(float64: [-1, 4, -9])
        func f(_ x: Tensor) -> Tensor {
            let safe = Tensor.where(x .> 0, x, Tensor(0, like: x))
            let parts = Tensor.concatenate([safe[1...], safe[0..<1]])
            return sqrt(parts.padded([(1, 1)], with: 1)).sum() + log(safe.flipped(axes: 0).gathered(Tensor(int64: [1]))).sum()
        }
        isClose(gradient(at: x, of: f), [0, 0.25 + 0.25, 0])
        isClose(jvp(at: x, along: Tensor(1, like: x), of: f).tangent, [0.5])
    }

    @Test func masksOfALoop() {
        // h' = where(x > 0, sqrt(x) h, h): a step with x = 0 changes nothing.
        let steps = Tensor(float64: [0, 4, 0, 9])
        func f(_ x: Tensor) -> Tensor {
            scan(Tensor(float64: [1], shape: []), over: x) { h, x in
                let next = Tensor.where(x .> 0, sqrt(x) * h, h)
                return (next, next)
            }.carry
        }
        isClose(gradient(at: steps, of: f), [0, 3 / 4.0, 0, 2 / 6.0])
        isClose(jvp(at: steps, along: Tensor(1, like: steps), of: f).tangent, [0.75 + 1 / 3.0])
        isClose(hessian(at: steps, of: f).diagonal(), [0, -3 / 32.0, 0, -2 / 108.0])
        isClose(compile(gradient(of: f))(steps), [0, 3 / 4.0, 0, 2 / 6.0])
        isClose(vmap(gradient(of: f))(Tensor.stack([steps, steps])), [0, 3 / 4.0, 0, 2 / 6.0, 0, 3 / 4.0, 0, 2 / 6.0])
    }

    @Test func reluAndTheLargestHideWhatTheyDoNotTake() {
        let x = Tensor(float64: [0, 1, 4])
        func hidden(_ x: Tensor) -> Tensor { relu(log(x)).sum() }
        isClose(gradient(at: x, of: hidden), [0, 0, 0.25])
        isClose(jvp(at: x, along: Tensor(1, like: x), of: hidden).tangent, [0.25])
        isClose(gradient(at: x) { sqrt(relu($0 - 1)).sum() }, [0, 0, 0.5 / 3.0.squareRoot()])
        isClose(jvp(at: x, along: Tensor(1, like: x)) { sqrt(relu($0 - 1)) }.tangent, [0, 0, 0.5 / 3.0.squareRoot()])
        isClose(gradient(at: x) { log($0).max() }, [0, 0, 0.25])
        isClose(hessian(at: x) { log($0).max() }.diagonal(), [0, 0, -1 / 16.0])
        isClose(gradient(at: x) { (-log($0)).min() }, [0, 0, -0.25])
    }

    @Test func whatIsTakenKeepsItsNaN() {
        let x = Tensor(float64: [-1, 0])
        #expect(gradient(at: x) { Tensor.where($0 .<= 0, sqrt($0), $0).sum() }.doubles[0].isNaN)
        #expect(gradient(at: x) { Tensor.where($0 .<= 0, sqrt($0), $0).sum() }.doubles[1] == .infinity)
        isClose(gradient(at: x) { (0 * sqrt($0)).sum() }, [.nan, .nan])
        // Two paths: what one did not take the other did.
        #expect(gradient(at: x) { x in (Tensor.where(x .> 0, sqrt(x), x) + sqrt(x)).sum() }.doubles[0].isNaN)
    }

    @Test func bothBranchesOfOneConditionMeetInOneSelection() {
        let x = Tensor(float64: [1, -1, 2, -2])
        let slope = gradient(at: x) { Tensor.where($0 .> 0, sqrt($0), exp($0)).sum() }
        let program = simplify(Program.capture([slope]).program)
        #expect(program.operations.filter { $0.primitive is Select }.count == 1, "\(program)")
    }

    @Test func layersHaveNoMoreSelectionsThanTheirFunctions() {
        let x = Tensor(float64: spread(12, in: -1...1), shape: [4, 3]), w = Tensor(float64: spread(9, in: -1...1), shape: [3, 3])
        let slopes = gradient(at: [x, w]) { inputs in
            // With a normalization in between, whose backward pass multiplies by numbers of full size.
            let sums = inputs[0].matmul(inputs[1]) * 2 + inputs[1][0], distance = sums - sums.mean(axis: 0, keepingAxis: true)
            let hidden = relu(distance * rsqrt(distance.squared.mean(axis: 0, keepingAxis: true) + 1e-5))
            return relu(hidden * inputs[1][1]).sum(axis: 0).squared.sum()
        }
        let program = simplify(Program.capture(slopes).program)
        #expect(!program.operations.contains { $0.primitive is Select || $0.primitive is Greater }, "\(program)")
        #expect(program.operations.filter { $0.primitive is ReluGradient }.count == 2, "\(program)")
    }
}

/// The same for members of a batch that a loss leaves out: what they hold, or what their derivatives are, does not matter.
@Suite struct MaskedMemberTests {
    /// Values along the members, and the sum over those that count, which is what the derivatives must be of.
    private func check(
        _ members: Tensor, valid: [Bool], _ note: String, isHessian: Bool = true, _ value: @escaping (Tensor) -> Tensor
    ) {
        let places = valid.indices.filter { valid[$0] }, count = valid.count, inner = Array(members.shape.dropFirst())
        func loss(_ x: Tensor) -> Tensor { Tensor.where(Tensor(bool: valid), value(x), Tensor.zeros([count], dtype: .float64)).sum() }
        func few(_ x: Tensor) -> Tensor { value(x).sum() }
        let kept = Tensor.concatenate(places.map { members[$0].expanded(axis: 0) })
        func spread(_ slope: Tensor) -> [Double] {
            let zeros = [Double](repeating: 0, count: inner.reduce(1, *))
            return valid.indices.flatMap { index in places.firstIndex(of: index).map { slope[$0].doubles } ?? zeros }
        }
        let truth = gradient(at: kept, of: few)
        #expect(truth.doubles.allSatisfy { $0.isFinite }, "\(note)")
        expectClose(gradient(at: members, of: loss).doubles, spread(truth), 1e-12, note)
        expectClose(compile(gradient(of: loss))(members).doubles, spread(truth), 1e-12, "\(note), compiled")
        let ones = Tensor(1, like: members), some = Tensor(1, like: kept)
        expectClose(jvp(at: members, along: ones, of: loss).tangent.doubles, jvp(at: kept, along: some, of: few).tangent.doubles, 1e-12, "\(note), forward")
        guard isHessian else { return }
        let second = gradient(at: kept) { (gradient(at: $0, of: few) * some).sum() }
        expectClose(gradient(at: members) { (gradient(at: $0, of: loss) * ones).sum() }.doubles, spread(second), 1e-11, "\(note), second order")
        expectClose(jvp(at: members, along: ones, of: gradient(of: loss)).tangent.doubles, spread(second), 1e-11, "\(note), forward over reverse")
    }

    /// Three matrices of which the second is `bad`.
    private func matrices(_ bad: [Double]) -> Tensor { Tensor(float64: [4, 1, 1, 3] + bad + [5, 2, 2, 2], shape: [3, 2, 2]) }

    @Test func singularMatricesAmongOthers() {
        let valid = [true, false, true]
        for bad: [Double] in [[0, 0, 0, 0], [1, 2, 2, 4], [.nan, 0, 0, .nan], [-1, 0, 0, -1]] {
            let x = matrices(bad)
            check(x, valid: valid, "determinant \(bad)") { ($0.determinant()).squared }
            check(x, valid: valid, "log-determinant \(bad)") { log(abs($0.determinant())) }
            check(x, valid: valid, "inverse \(bad)") { $0.inverse().squared.sum(axes: [1, 2]) }
            check(x, valid: valid, "Cholesky \(bad)") { $0.cholesky().squared.sum(axes: [1, 2]) }
            check(x, valid: valid, "solve \(bad)") { x in x.solve(Tensor.ones([x.shape[0], 2, 1], dtype: .float64)).squared.sum(axes: [1, 2]) }
        }
        // Equal eigenvalues and singular values have no vectors to differentiate.
        for bad: [Double] in [[2, 0, 0, 2], [0, 0, 0, 0]] {
            let x = matrices(bad)
            check(x, valid: valid, "eigenvectors \(bad)") { ($0.symmetricEigen().vectors[.rest, 0, 0]).squared }
            check(x, valid: valid, "singular vectors \(bad)", isHessian: false) { ($0.svd().u[.rest, 0, 0]).squared }
            check(x, valid: valid, "QR \(bad)") { $0.qr().q[.rest, 0, 0].squared }
        }
    }

    @Test func aBatchedProductWithAMemberThatIsNotFinite() {
        let x = Tensor(float64: [1, 2, 3, 4, .infinity, .nan, 0, 1, 2, 0, 1, 1], shape: [3, 2, 2])
        check(x, valid: [true, false, true], "x xᵀ") { x in x.matmul(x.swappingAxes(-1, -2)).squared.sum(axes: [1, 2]) }
    }

    @Test func imagesThatALossLeavesOut() {
        let pixels = spread(32, in: -1...1), valid = [true, false]
        let x = Tensor(float64: Array(pixels[..<16]) + [Double](repeating: .nan, count: 16), shape: [2, 1, 4, 4])
        let w = Tensor(float64: spread(18, in: -1...1), shape: [2, 1, 3, 3])
        func values(_ x: Tensor, _ w: Tensor) -> Tensor {
            let maps = x.convolved(with: w, padding: .same)
            return maps.maxPooled(2).flattened(fromAxis: 1).squared.sum(axis: 1) + maps.averagePooled(2).flattened(fromAxis: 1).sum(axis: 1)
        }
        check(x, valid: valid, "input") { values($0, w) }
        func loss(_ w: Tensor) -> Tensor { Tensor.where(Tensor(bool: valid), values(x, w), Tensor.zeros([2], dtype: .float64)).sum() }
        func few(_ w: Tensor) -> Tensor { values(x[0..<1], w).sum() }
        let ones = Tensor(1, like: w)
        expectClose(gradient(at: w, of: loss).doubles, gradient(at: w, of: few).doubles, 1e-12)
        expectClose(jvp(at: w, along: ones, of: loss).tangent.doubles, jvp(at: w, along: ones, of: few).tangent.doubles, 1e-12)
        expectClose(jvp(at: w, along: ones, of: gradient(of: loss)).tangent.doubles, jvp(at: w, along: ones, of: gradient(of: few)).tangent.doubles, 1e-11)
    }

    @Test func aCheckpointKeepsTheMaskInForwardModeToo() {
        let x = Tensor(float64: [0, 4])
        func f(_ x: Tensor) -> Tensor { checkpoint { sqrt($0) * 1 }(Tensor.where(x .> 0, x, Tensor(0, like: x))).sum() }
        expectClose(jvp(at: x, along: Tensor(1, like: x), of: f).tangent.doubles, [0.25], 1e-14)
        expectClose(gradient(at: x, of: f).doubles, [0, 0.25], 1e-14)
    }

    @Test func imagesWithReluAndPoolingHaveNoMoreSelections() {
        let x = Tensor(float64: spread(32, in: -1...1), shape: [2, 1, 4, 4]), w = Tensor(float64: spread(9, in: -1...1), shape: [1, 1, 3, 3])
        let slopes = gradient(at: [x, w]) { inputs in
            let maps = relu(inputs[0].convolved(with: inputs[1], padding: .same)).clipped(to: 0...6)
            return relu(maps.convolved(with: inputs[1], padding: .same)).maxPooled(2).squared.sum()
        }
        let program = simplify(Program.capture(slopes).program)
        // One for the clipping itself, as before masks went through convolutions.
        #expect(program.operations.filter { $0.primitive is Select }.count <= 3, "\(program)")
        #expect(!program.operations.contains { $0.primitive is Max }, "\(program)")
    }
}
