import DescentCore
import Testing

/// What the sentences of loops say.
@Suite struct ScanErrorTests {
    @Test func nothingToLoopOver() async {
        let none = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = scan(Tensor(0), over: [Tensor]()) { c, _ in (c, c) } }
        expectSentence(none, "scan: there is nothing to loop over; the slices must hold a tensor of at least one axis, the steps. For steps without slices give their number.")
        let scalar = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = scan(Tensor(0), over: Tensor(1)) { c, _ in (c, c) } }
        expectSentence(scalar, "scan: there is nothing to loop over")
        let negative = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = scan(Tensor(0), steps: -2) { c, _ in (c, c) } }
        expectSentence(negative, "scan: -2 steps; there must be at least 0.")
    }

    @Test func slicesOfUnequalSteps() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = scan(Tensor(0), over: [Tensor.zeros([3, 2]), Tensor.zeros([4, 2])]) { c, _ in (c, c) }
        }
        expectSentence(result, "scan: slices of shapes [[3, 2], [4, 2]]; the first axis of all is the steps, and must be equally long.")
    }

    @Test func aCarryThatChanges() async {
        let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = scan([Tensor(0), Tensor.zeros([2])], over: Tensor.zeros([3, 4])) { c, x in ([c[0], Tensor.concatenate([c[1], x])], c[0]) }
        }
        expectSentence(shape, "scan: carried tensor 1 is float32[2] at first and float32[6] after a step; a loop's carry keeps its shape and element type.")
        let type = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = scan(Tensor(int64: [0]), over: Tensor.zeros([3, 1])) { c, x in (c.cast(to: .float32) + x, c) }
        }
        expectSentence(type, "scan: carried tensor 0 is int64[1] at first and float32[1] after a step; a loop's carry keeps its shape and element type.")
        let count = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = scan([Tensor(0), Tensor(0)], over: Tensor.zeros([3])) { c, x in ([c[0]], x) }
        }
        expectSentence(count, "scan: the body was given 2 carried tensors and gives 1 on; they must be as many.")
        let nothing = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = scan([Tensor](), over: Tensor.zeros([3])) { c, _ in (c, [Tensor]()) }
        }
        expectSentence(nothing, "scan: the body gives nothing, neither a carry nor results.")
    }

    @Test func valuesInsideABody() async {
        let asked = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = scan(Tensor(0), over: Tensor.zeros([3])) { c, x in (x.item() > 0 ? c + x : c, x) }
        }
        expectSentence(asked, "A value was asked for inside scan, where there are no values yet, only the operations on them.")
        let escaped = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var kept = Tensor(0)
            _ = scan(Tensor(0), over: Tensor.zeros([3])) { c, x in
                kept = c + x
                return (kept, x)
            }
            _ = kept.item()
        }
        expectSentence(escaped, "This tensor was made inside a run of scan that has ended, and never had a value. Return it from the function instead of keeping it.")
    }

    /// A variable cannot be given another value at every step: what changes from step to step is carried.
    @Test func aVariableAssignedInABody() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let count = Variable(Tensor(0), name: "count")
            _ = scan(Tensor(0), over: Tensor.zeros([3])) { c, x in
                count.value = count.value + x
                return (c + x, x)
            }
            _ = count.value.item()
        }
        expectSentence(
            result,
            "scan: the body assigns variable \"count\" a value that differs from step to step, but the body runs once, for all steps. Carry the value: begin with the variable's value, give the new one on at each step, and assign the last carry after scan."
        )
    }

    /// What is the same at every step may be assigned, and what vmap or a compiled function around the loop makes of it stays right.
    @Test func aVariableAssignedWhatNoStepChanges() {
        let count = Variable(Tensor(1))
        let (sum, _) = scan(Tensor(0), over: Tensor([1, 2, 3])) { c, x in
            count.value = count.value + 1
            return (c + x * count.value, [Tensor]())
        }
        #expect(sum.item() == 12 && count.value.item() == 2)
    }

    @Test func aVariableAssignedInVmap() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let last = Variable(Tensor(0))
            let step = compile { (x: Tensor) in
                vmap { (x: Tensor) in
                    last.value = x
                    return x + 1
                }(x)
            }
            _ = step(Tensor([1, 2]))
        }
        expectSentence(
            result,
            "vmap: the function assigns a variable a value that differs from example to example, and a variable holds one value. Return the value from the function, and assign what is to be kept of all examples (their mean, say) after vmap."
        )
    }

    @Test func theBodysOwnMistakesAreTold() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = scan(Tensor.zeros([2, 3]), over: Tensor.zeros([5, 2, 4])) { h, x in (h + x, h) }
        }
        expectSentence(result, "add: shapes [2, 3] and [2, 4] do not broadcast")
    }

    /// What a program's check says of loops that do not fit.
    @Test func typesThatDoNotFitTheBody() {
        let (program, _) = Program.capture([scan(Tensor.zeros([2]), over: Tensor.zeros([3, 2])) { c, x in (c + x, [Tensor]()) }.carry])
        let loop = program.operations.compactMap { $0.primitive as? Scan }[0]
        let few = #expect(throws: ShapeError.self) { _ = try loop.infer([TensorType([2], .float32)]) }
        #expect(few?.description == "scan: the body takes 2 tensors, it was given 1.")
        let wrong = #expect(throws: ShapeError.self) { _ = try loop.infer([TensorType([2], .float32), TensorType([4, 2], .float32)]) }
        #expect(wrong?.description == "scan: input 1 is float32[4, 2]; the body takes float32[3, 2].")
    }
}
