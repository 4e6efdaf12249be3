import DescentCore
import Testing

/// `catchingFaults`: what would stop the program is thrown, and everything is as before.
@Suite struct FaultTests {
    /// The sentence that the body throws.
    private func sentence<Result>(_ body: () throws -> Result) -> String {
        do {
            _ = try catchingFaults(body)
            return "nothing thrown"
        } catch { return "\(error)" }
    }

    @Test func aResultComesThrough() throws {
        let x = Tensor([1, 2, 3])
        let (twice, sum) = try catchingFaults { (x + x, x.sum()) }
        #expect(twice.floats == [2, 4, 6] && sum.item() == 6)
    }

    @Test func theSentenceIsTheOneThatWouldStop() {
        let a = Tensor.ones([2, 3]), b = Tensor.ones([4, 5])
        #expect(sentence { a.matmul(b) } == "matmul: inner sizes differ: [2, 3] · [4, 5] (3 and 4).")
        #expect(sentence { (a + b).sum() }.hasPrefix("add: "))
    }

    /// Each operation's check of what the user gave, and what is done with the result next to it.
    @Test func operationsOfAllKinds() {
        let matrix = Tensor.ones([2, 3]), scalar = Tensor(2), image = Tensor.ones([1, 2, 5, 5])
        let faults: [(String, () -> Tensor)] = [
            ("reshape", { matrix.reshaped(-1, 4) }), ("reshape", { matrix.reshaped(5) }), ("swapping axes", { matrix.swappingAxes(0, 2) }),
            ("moving", { matrix.movingAxis(3, to: 0) }), ("expanding", { matrix.expanded(axis: 5) }), ("squeezing", { matrix.squeezed(axis: 1) }),
            ("broadcast", { matrix.broadcast(to: [3]) }), ("broadcast", { matrix.broadcast(to: [2, 4]) }), ("flip", { matrix.flipped(axes: 2) }),
            ("concatenate", { .concatenate([]) }), ("concatenate", { .concatenate([matrix, image]) }), ("split", { matrix.split(sizes: [1, 1], axis: 1)[1] }),
            ("split", { matrix.split(into: 2, axis: 1)[1] }), ("triangle", { scalar.lowerTriangle() }), ("qr", { scalar.qr().r }), ("svd", { scalar.svd().v }),
            ("pseudo-inverse", { scalar.pseudoInverse() }), ("inverse", { scalar.inverse() }), ("diagonal", { matrix.diagonal() }), ("diagonal", { matrix.trace() }),
            ("solve", { scalar.solve(scalar) }), ("lu", { matrix.logDeterminant().logarithm }), ("norm", { matrix.norm(.power(-1)) }),
            ("subscript", { matrix[0, 0, 0] }), ("subscript", { matrix[2] }), ("subscript", { matrix[0, 3] + 1 }), ("topK", { matrix.topK(4).values }),
            ("gather", { matrix.gathered(Tensor(int64: [2])) }), ("gather", { matrix.gathered(Tensor(int64: [0]), axis: 2) }),
            ("gather_along", { matrix.gatheredAlong(Tensor(int64: [0, 5], shape: [2, 1])) }), ("argsort", { matrix.argsort(axis: 2) }),
            ("scatter_add", { matrix.scatterAdded(at: Tensor(int64: [0, 9]), size: 3) }), ("sum", { matrix.sum(axis: 2) }), ("max", { matrix.max(axis: -3) }),
            ("argmax", { matrix.argmax(axis: 2) }), ("product", { matrix.product(axis: 2) }), ("matmul", { scalar.matmul(matrix) }),
            ("matmul", { Tensor.ones([2, 2, 3]).matmul(Tensor.ones([3, 3, 4])) }), ("dot", { matrix.dot(matrix) }), ("outer", { matrix.outer(matrix) }),
            ("einsum", { .einsum("ij,jk->ik", matrix, matrix) }), ("einsum", { .einsum("ij", matrix, matrix) }), ("where", { .where(matrix .> 0, image, matrix) }),
            ("convolution", { image.convolved(with: matrix) }), ("convolution", { image.convolved(with: Tensor.ones([1, 3, 2, 2])) }),
            ("convolution", { image.convolved(with: Tensor.ones([1, 2, 2, 2]), stride: 0) }), ("maxPooled", { matrix.maxPooled(2) }),
            ("upsampled", { matrix.upsampled(by: 2) }), ("Tensor", { Tensor([1, 2, 3], shape: [2, 2]) }), ("Tensor", { Tensor([[1, 2], [3]]) }),
            ("full", { .zeros([-1]) }), ("arange", { .arange(0, 1, step: 0) }), ("gradient", { gradient(at: matrix) { $0 * $0 } }),
            ("jvp", { jvp(at: matrix, along: scalar) { $0 * $0 }.tangent }), ("vmap", { vmap { (x: Tensor) in x * x }(scalar) }),
            ("scan", { scan(scalar, over: matrix) { state, row in (state + row, state) }.carry }),
            ("scan", { scan(Tensor(int64: [1]), over: Tensor(int64: [1, 2])) { state, row in (state.cast(to: .float32), row) }.outputs }),
            ("convolution", { Tensor.ones([2], dtype: .int32).convolved(with: Tensor.ones([1, 1, 2, 2], dtype: .int32)) }),
            ("scan", { scan(scalar, over: scalar) { state, row in (state + row, state) }.outputs }), ("jacobian", { jacobian(at: Tensor(int64: [1])) { $0 } }),
        ]
        for (start, body) in faults {
            let found = sentence { body().sum().item() }
            #expect(found.hasPrefix(start), "\(start): \(found)")
            // Alone, and where nothing asks for the value inside.
            #expect(sentence(body) == found)
        }
        #expect(sentence { matrix.item() }.hasPrefix("item"))
    }

    @Test func theFirstFaultIsThrownAndNothingIsComputedAfter() {
        let x = Tensor([1, 2])
        var seen: [Double] = []
        let text = sentence {
            let wrong = x + Tensor([1, 2, 3])
            seen.append(wrong.sum().item())
            seen.append(x.sum().item())
            _ = x.reshaped(7)
            return wrong
        }
        #expect(text.hasPrefix("add"))
        #expect(seen.count == 2 && seen[0].isNaN && seen[1].isNaN)
        #expect(x.sum().item() == 3)
    }

    @Test func aBodysOwnErrorComesThrough() {
        struct Own: Error {}
        #expect(throws: Own.self) { try catchingFaults { throw Own() } }
        // What follows from a fault is not its cause.
        #expect(throws: TensorFault.self) {
            try catchingFaults {
                if Tensor([1]).reshaped(2).count == 2 { throw Own() }
            }
        }
    }

    @Test func scopesNest() throws {
        let outer = try catchingFaults {
            let inner = sentence { Tensor([1]).reshaped(2) }
            return (inner, Tensor([1, 2]).sum())
        }
        #expect(outer.0.hasPrefix("reshape") && outer.1.item() == 3)
    }

    /// A tensor from outside with a fault in it stays what it was: asked for again, it has it again.
    @Test func aFaultInAPendingTensor() {
        let index = Tensor(int64: [5])
        let pending = Tensor([1, 2]).gathered(index), good = Tensor([1, 2]) * 3
        for _ in 0..<2 { #expect(sentence { (pending.floats, good.floats) } == "gather: index 5 is outside an axis of 2 (-2 to 1 would be right).") }
        #expect(good.floats == [3, 6])
    }

    @Test func variablesHaveTheirValuesAgain() {
        let a = Variable(Tensor([1, 2])), b = Variable(Tensor(5)), untouched = Variable(Tensor(7))
        a.value = a.value * 2
        let text = sentence {
            a.value = a.value + 1
            #expect(a.value.floats == [3, 5])
            Variable.assign([(b, Tensor(6)), (a, a.value + 1)])
            b.value = Tensor([1, 2])
        }
        #expect(text.hasPrefix("Variable "))
        #expect(a.value.floats == [2, 4] && b.value.item() == 5 && untouched.value.item() == 7)
    }

    /// A step that writes in place outside writes to new memory inside; after a fault all is as if it had not run.
    @Test func compiledStepsAreUndone() throws {
        let total = Variable(Tensor.zeros([3])), count = Variable(Tensor(0))
        let step = compile { (rows: Tensor, index: Tensor) in
            count.value = count.value + 1
            total.value = total.value + rows.gathered(index)
            return total.value.sum()
        }
        let rows = Tensor([[1, 1, 1], [2, 2, 2]])
        func index(_ number: Int) -> Tensor { Tensor(int64: [number], shape: []) }
        #expect(step(rows, index(0)).item() == 3)
        #expect(try catchingFaults { step(rows, index(1)) }.item() == 9)
        let text = sentence {
            #expect(step(rows, index(0)).item() == 12)
            return step(rows, index(2))
        }
        #expect(text == "gather: index 2 is outside an axis of 2 (-2 to 1 would be right).")
        #expect(total.value.floats == [3, 3, 3] && count.value.item() == 2)
        #expect(step(rows, index(0)).item() == 12)
        #expect(count.value.item() == 3 && step.traceCount == 1)
    }

    /// What was traced after a fault does not do what the function says.
    @Test func aTraceWithAFaultIsNotKept() {
        let double = compile { (x: Tensor) in x.reshaped(2, 2) * 2 }
        #expect(sentence { double(Tensor([1, 2, 3])) }.hasPrefix("reshape"))
        #expect(double.planCount == 0)
        #expect(double(Tensor([1, 2, 3, 4])).floats == [2, 4, 6, 8])
    }

    @Test func aVariableWhoseValueHasAFault() {
        let state = Variable(Tensor([1, 2]))
        let read = compile { (x: Tensor) in state.value.sum() + x }
        let text = sentence {
            state.value = Tensor([1, 2]).gathered(Tensor(int64: [0, 4]))
            return read(Tensor(1))
        }
        #expect(text == "gather: index 4 is outside an axis of 2 (-2 to 1 would be right).")
        #expect(read(Tensor(1)).item() == 4)
    }

    @Test func nothingIsLeaked() {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 400, alignment: 64)
        memory.initializeMemory(as: Float.self, repeating: 1, count: 100)
        defer { memory.deallocate() }
        let releases = Releases()
        for _ in 0..<10 {
            _ = sentence {
                let lent = Tensor(borrowing: memory, shape: [100], dtype: .float32) { releases.add() }
                let kept = Variable(lent * 2)
                return gradient(at: lent) { ($0 * kept.value).gathered(Tensor(int64: [100])).sum() }
            }
        }
        // Variables without a value wait for the next evaluation; those that nobody holds any more are let go then.
        #expect((Tensor(1) + 1).item() == 2)
        #expect(releases.count == 10)
    }

    @Test func otherThreadsAreNotConcerned() async {
        let results = await withTaskGroup(of: Bool.self) { group in
            for task in 0..<4 {
                group.addTask {
                    (0..<20).allSatisfy { round in
                        let x = Tensor([1, 2, Float(round)])
                        if task % 2 == 0 { return (try? catchingFaults { x.gathered(Tensor(int64: [3])) }) == nil }
                        return (x * 2).sum().item() == Double(6 + 2 * round)
                    }
                }
            }
            return await group.reduce(true) { $0 && $1 }
        }
        #expect(results)
    }
}

private final class Releases: @unchecked Sendable {
    private(set) var count = 0
    func add() { count += 1 }
}
