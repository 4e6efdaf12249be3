import CKernels
import DescentCore
import Testing

/// What a running step's claim on a variable means for others: see `Variable`'s extension on claims.
@Suite struct VariableStateTests {
    /// Runs the body with the state taken.
    private func holding<Result>(_ body: () -> Result) -> Result {
        dk_take_state()
        defer { dk_give_state() }
        return body()
    }

    @Test func aClaimKeepsWritersOutAndReadersOnlyWhereTheValueIsWrittenOver() {
        let variable = Variable(Tensor([1, 2]))
        #expect(holding { variable.mustWait(toWrite: true) } == false)
        #expect(holding { variable.claim(mayReplace: false) } == nil)
        #expect(holding { variable.mustWait(toWrite: true) })
        #expect(holding { variable.mustWait(toWrite: false) } == false)
        holding { variable.release() }
        #expect(holding { variable.claim(mayReplace: true) } != nil)
        #expect(holding { variable.mustWait(toWrite: false) })
        holding { variable.release() }
        #expect(holding { variable.mustWait(toWrite: true) } == false)
    }

    @Test func afterAReaderWaitedTheOldValueIsLeftAlone() {
        let variable = Variable(Tensor([1, 2]))
        _ = holding { variable.claim(mayReplace: true) }
        _ = holding { variable.mustWait(toWrite: false) }
        holding { variable.release() }
        var moved = 0
        while holding({ variable.claim(mayReplace: true) }) == nil { moved += 1 }
        #expect(moved == 64)
        holding { variable.release() }
    }

    @Test func aValueThatSomebodyHoldsIsNotWrittenOver() {
        let variable = Variable(Tensor([1, 2]))
        let held = variable.value
        #expect(holding { variable.claim(mayReplace: true) } == nil)
        let old = holding { variable.release(Tensor([3, 4])) }
        #expect(old.floats == [1, 2] && held.floats == [1, 2] && variable.value.floats == [3, 4])
    }

    /// A reader waits for the end of a step that writes over the value, and then sees the new one.
    @Test func aReaderWaitsForTheStep() async {
        let variable = Variable(Tensor([1, 2]))
        _ = holding { variable.claim(mayReplace: true) }
        async let seen = Task.detached { variable.value.floats }.value
        try? await Task.sleep(for: .milliseconds(20))
        dk_take_state()
        _ = variable.release(Tensor([5, 6]))
        dk_give_changed_state()
        #expect(await seen == [5, 6])
    }

    @Test func severalAreAssignedTogether() {
        let first = Variable(Tensor(1)), second = Variable(Tensor([1, 2]))
        Variable.assign([(first, first.value + 1), (second, second.value * 2)])
        #expect(first.value.item() == 2 && second.value.floats == [2, 4])
        // Inside a compiled function they are its outputs, as by `value`.
        let step = compile { Variable.assign([(first, first.value + 1), (second, second.value * 2)]) }
        step()
        step()
        #expect(first.value.item() == 4 && second.value.floats == [8, 16])
    }
}
