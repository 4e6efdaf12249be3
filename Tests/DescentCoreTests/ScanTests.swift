import DescentCore
import Testing

/// Loops against the same loops written step by step in Swift.
@Suite struct ScanTests {
    static let lengths = [0, 1, 4]

    private func expectAllClose(_ found: [Tensor], _ expected: [Tensor], _ tolerance: Double, _ note: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(found.count == expected.count, "\(note)", sourceLocation: sourceLocation)
        for (place, (found, expected)) in zip(found, expected).enumerated() {
            expectClose(found, expected, tolerance, "\(note), \(place)", sourceLocation: sourceLocation)
        }
    }

    @Test("values", arguments: ScanCase.all, lengths)
    func values(_ one: ScanCase, _ length: Int) {
        let inputs = one.inputs(length)
        for reversed in [false, true] {
            let found = one.looped(inputs, length, reversed: reversed)
            if let expected = one.unrolled(inputs, length, reversed: reversed) {
                expectAllClose(found, expected, 1e-14, "reversed \(reversed)")
            } else {
                let starts = one.make(inputs, length).carry
                expectAllClose(Array(found[..<starts.count]), starts, 0, "no steps")
                #expect(found[starts.count...].allSatisfy { $0.shape[0] == 0 })
            }
        }
    }

    @Test("gradients", arguments: ScanCase.all, lengths)
    func gradients(_ one: ScanCase, _ length: Int) {
        let inputs = one.inputs(length)
        for reversed in [false, true] {
            let found = gradient(at: inputs) { ScanCase.loss(one.looped($0, length, reversed: reversed)) }
            let expected = gradient(at: inputs) { inputs in
                ScanCase.loss(one.unrolled(inputs, length, reversed: reversed) ?? one.make(inputs, length).carry)
            }
            expectAllClose(found, expected, 1e-12, "reversed \(reversed)")
        }
    }

    @Test("gradients by finite differences", arguments: ScanCase.all)
    func finiteDifferences(_ one: ScanCase) {
        if one.name == "a state no gradient passes" { return }
        let inputs = one.inputs(3)
        let found = gradient(at: inputs) { ScanCase.loss(one.looped($0, 3)) }
        for (place, input) in inputs.enumerated() {
            let start = input.doubles
            let slopes = found[place].doubles
            for element in start.indices {
                func value(_ change: Double) -> Double {
                    var moved = inputs, numbers = start
                    numbers[element] += change
                    moved[place] = Tensor(float64: numbers, shape: input.shape)
                    return ScanCase.loss(one.looped(moved, 3)).item()
                }
                expectClose([slopes[element]], [(value(1e-5) - value(-1e-5)) / 2e-5], 1e-7, "input \(place), element \(element)")
            }
        }
    }

    @Test("forward derivatives", arguments: ScanCase.all, lengths)
    func tangents(_ one: ScanCase, _ length: Int) {
        let inputs = one.inputs(length), directions = one.inputs(length, seed: 1)
        for reversed in [false, true] {
            guard let expected = one.unrolled(inputs, length, reversed: reversed) else { continue }
            let floating = expected.indices.filter { expected[$0].dtype.isFloating }
            let found = jvp(at: inputs, along: directions) { inputs in
                let results = one.looped(inputs, length, reversed: reversed)
                return floating.map { results[$0] }
            }
            let separate = jvp(at: inputs, along: directions) { inputs in
                let results = one.unrolled(inputs, length, reversed: reversed)!
                return floating.map { results[$0] }
            }
            expectAllClose(found.tangent, separate.tangent, 1e-12, "reversed \(reversed)")
        }
    }

    @Test("second derivatives, reverse over reverse and forward over reverse", arguments: ScanCase.all, [1, 3])
    func second(_ one: ScanCase, _ length: Int) {
        let inputs = one.inputs(length), directions = one.inputs(length, seed: 2)
        for reversed in [false, true] {
            func slope(_ inputs: [Tensor], _ results: ([Tensor]) -> [Tensor]) -> [Tensor] { gradient(at: inputs) { ScanCase.loss(results($0)) } }
            func along(_ slopes: [Tensor]) -> Tensor { zip(slopes, directions).map { ($0 * $1).sum() }.reduce(Tensor(float64: [0], shape: []), +) }
            let looped: ([Tensor]) -> [Tensor] = { one.looped($0, length, reversed: reversed) }
            let unrolled: ([Tensor]) -> [Tensor] = { one.unrolled($0, length, reversed: reversed)! }
            let expected = gradient(at: inputs) { along(slope($0, unrolled)) }
            expectAllClose(gradient(at: inputs) { along(slope($0, looped)) }, expected, 1e-11, "reverse over reverse, reversed \(reversed)")
            expectAllClose(jvp(at: inputs, along: directions) { slope($0, looped) }.tangent, expected, 1e-11, "forward over reverse, reversed \(reversed)")
        }
    }

    @Test("batches: the whole loop in vmap, each input batched or shared", arguments: ScanCase.all, [0, 1, 3])
    func batches(_ one: ScanCase, _ length: Int) {
        let members = (0..<3).map { one.inputs(length, seed: $0) }
        for shared in [nil] + Array(members[0].indices.map(Optional.some)) where members[0].count > 1 || shared == nil {
            // One input is the same for all members.
            let varying = members[0].indices.filter { $0 != shared }
            let stacks = varying.map { place in Tensor.stack(members.map { $0[place] }) }
            func results(_ own: [Tensor]) -> [Tensor] {
                var inputs = members[0]
                for (place, tensor) in zip(varying, own) { inputs[place] = tensor }
                return one.looped(inputs, length, reversed: length == 1)
            }
            let found: [Tensor] = vmap(results)(stacks)
            let each = members.map { member in
                var inputs = member
                if let shared { inputs[shared] = members[0][shared] }
                return one.looped(inputs, length, reversed: length == 1)
            }
            for place in found.indices { expectClose(found[place], Tensor.stack(each.map { $0[place] }), 1e-13, "shared \(shared.map(String.init) ?? "none"), result \(place)") }
        }
    }

    @Test("gradients of each member of a batch", arguments: ScanCase.all)
    func batchedGradients(_ one: ScanCase) {
        let members = (0..<2).map { one.inputs(3, seed: $0) }
        let stacks = members[0].indices.map { place in Tensor.stack(members.map { $0[place] }) }
        func slopes(_ inputs: [Tensor]) -> [Tensor] { gradient(at: inputs) { ScanCase.loss(one.looped($0, 3)) } }
        let found: [Tensor] = vmap(slopes)(stacks)
        let each = members.map { gradient(at: $0) { ScanCase.loss(one.unrolled($0, 3)!) } }
        for place in found.indices { expectClose(found[place], Tensor.stack(each.map { $0[place] }), 1e-12, "input \(place)") }
    }

    @Test("compiled, with its gradient", arguments: ScanCase.all, lengths)
    func compiled(_ one: ScanCase, _ length: Int) {
        let step = compile { (inputs: [Tensor]) -> [Tensor] in
            let (loss, slopes) = valueWithGradient(at: inputs) { ScanCase.loss(one.looped($0, length)) }
            return [loss] + slopes + one.looped(inputs, length)
        }
        for seed in 0..<2 {
            let inputs = one.inputs(length, seed: seed)
            let (loss, slopes) = valueWithGradient(at: inputs) { inputs in ScanCase.loss(one.unrolled(inputs, length) ?? one.make(inputs, length).carry) }
            let found = step(inputs)
            expectAllClose(Array(found[...inputs.count]), [loss] + slopes, 1e-12, "seed \(seed)")
            if let values = one.unrolled(inputs, length) { expectAllClose(Array(found[(inputs.count + 1)...]), values, 1e-13, "seed \(seed)") }
        }
        #expect(step.traceCount == 1)
    }

    @Test func theHessianOfARecurrentLoss() {
        let one = ScanCase.all[1], inputs = one.inputs(3)
        func loss(_ weight: Tensor, _ results: ([Tensor], Int, Bool) -> [Tensor]?) -> Tensor {
            var all = inputs
            all[2] = weight
            return ScanCase.loss(results(all, 3, false)!)
        }
        let found = hessian(at: inputs[2]) { loss($0, one.looped) }
        expectClose(found, hessian(at: inputs[2]) { loss($0, one.unrolled) }, 1e-12)
        expectClose(found, found.transposed(2, 3, 0, 1), 1e-12)
    }

    @Test func jacobiansOfBothModes() {
        let one = ScanCase.all[2], inputs = one.inputs(3)
        for place in inputs.indices {
            func last(_ input: Tensor, _ results: ([Tensor], Int, Bool) -> [Tensor]?) -> Tensor {
                var all = inputs
                all[place] = input
                return results(all, 3, true)!.last!
            }
            let expected = jacobian(at: inputs[place]) { last($0, one.unrolled) }
            for mode in [JacobianMode.forward, .reverse] { expectClose(jacobian(at: inputs[place], mode: mode) { last($0, one.looped) }, expected, 1e-12, "input \(place)") }
        }
    }

    @Test func groupsOfEveryKind() {
        let start = ["a": Tensor(float64: [1, 2]), "b": Tensor(float64: [3, -1])], x = Tensor(float64: spread(6, in: -1...1), shape: [3, 2])
        let (carry, outputs) = scan(start, over: (["x": x, "y": x * 2] as [String: Tensor])) { state, slices in
            (["a": state["a"]! + slices["x"]!, "b": state["b"]! * slices["y"]!], [state["a"]!, slices["y"]!])
        }
        expectClose(carry["a"]!, start["a"]! + x.sum(axes: [0]), 1e-15)
        expectClose(carry["b"]!, start["b"]! * 8 * x[0] * x[1] * x[2], 1e-15)
        #expect(outputs.map(\.shape) == [[3, 2], [3, 2]])
        expectClose(outputs[1], 2 * x, 0)
        let optional: Tensor? = nil
        #expect(scan(optional, over: x) { state, x in (state, x + 1) }.carry == nil)
    }

    @Test func twoThingsCarried() {
        let x = Tensor(float64: [3, 1, 4, 1, 5])
        let start = (Tensor(float64: [0], shape: []), [Tensor(float64: [1], shape: []), Tensor(int64: [0], shape: [])])
        let ((total, others), running) = scan(start, over: x) { carry, x in
            let total = carry.0 + x
            return ((total, [carry.1[0] * x, carry.1[1] + 1]), total)
        }
        #expect(total.item() == 14 && others[0].item() == 60 && others[1].item() == 5)
        #expect(running.doubles == [3, 4, 8, 9, 14])
    }

    @Test func stepsByNumber() {
        let (last, powers) = scan(Tensor(float64: [1], shape: []), steps: 5) { power, step in (power * 2, power + step.cast(to: .float64)) }
        #expect(last.item() == 32)
        #expect(powers.doubles == [1, 3, 6, 11, 20])
        let backwards = scan(Tensor(float64: [1], shape: []), steps: 3, reversed: true) { power, step in (power * 2, power + step.cast(to: .float64)) }
        #expect(backwards.outputs.doubles == [4, 3, 3])
        #expect(scan(Tensor(2), steps: 0) { x, _ in (x * 2, x) }.carry.item() == 2)
    }

    /// Variables read in a body are inputs of a compiled step, and are learned through the loop.
    @Test func variablesReadInsideACompiledStep() {
        func training(_ isLooped: Bool) -> [Double] {
            let weight = Variable(Tensor(float64: spread(9, in: -0.5...0.5), shape: [3, 3])), bias = Variable(Tensor(float64: [0.1, 0, -0.1]))
            func loss(_ x: Tensor) -> Tensor {
                func next(_ h: Tensor, _ x: Tensor) -> Tensor { tanh(h.matmul(weight.value) + x + bias.value) }
                var h = Tensor.zeros([2, 3], dtype: .float64)
                if isLooped { h = scan(h, over: x) { h, x in (next(h, x), [Tensor]()) }.carry } else { for time in 0..<x.shape[0] { h = next(h, x[time]) } }
                return h.squared.sum()
            }
            let step = compile { (x: Tensor) in
                let (value, slopes) = valueWithGradient(at: [weight, bias]) { loss(x) }
                weight.value = weight.value - 0.1 * slopes[0]
                bias.value = bias.value - 0.1 * slopes[1]
                return value
            }
            let losses = (0..<4).map { step(Tensor(float64: spread(30, in: -1...1, seed: $0), shape: [5, 2, 3])).item() }
            #expect(step.traceCount == 1)
            return losses + weight.value.doubles + bias.value.doubles
        }
        expectClose(training(true), training(false), 1e-13)
    }

    /// What a body draws is drawn once and is the same at every step; masks that differ by step are slices.
    @Test func aRandomMaskFromOutside() {
        let random = Random(seed: 5)
        let x = Tensor.ones([4, 50])
        let step = compile { (x: Tensor) -> (Tensor, Tensor) in
            let own = random.bernoulli([50], probability: 0.5)
            let every = random.bernoulli([4, 50], probability: 0.5)
            let outputs = scan(Tensor.zeros([50]), over: [x, every]) { h, s in
                (h, [Tensor.where(own, s[0], Tensor(0, like: s[0])), Tensor.where(s[1], s[0], Tensor(0, like: s[0]))])
            }.outputs
            return (outputs[0], outputs[1])
        }
        let (same, different) = step(x), again = step(x).0
        for time in 1..<4 {
            #expect(same[time].floats == same[0].floats)
            #expect(different[time].floats != different[0].floats)
        }
        #expect(again[0].floats != same[0].floats)
    }

    /// Long chains: no recursion over steps, in the graph or in its release.
    @Test func manySteps() {
        let x = Tensor(float64: spread(20_000, in: -1...1), shape: [20_000, 1])
        let slope = gradient(at: x) { scan(Tensor.zeros([1], dtype: .float64), over: $0) { h, x in (0.9 * h + x, h) }.carry.sum() }
        expectClose(slope[19_990..<20_000].doubles, (0..<10).map { pow(0.9, Double(9 - $0)) }, 1e-13)
    }

    private func pow(_ base: Double, _ exponent: Double) -> Double { (0..<Int(exponent)).reduce(1) { value, _ in value * base } }
}
