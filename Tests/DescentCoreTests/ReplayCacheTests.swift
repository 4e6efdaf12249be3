import DescentCore
import Testing

@Suite struct ReplayCacheTests {
    private func input(_ length: Int) -> Tensor {
        let x = Tensor.full([length], 1)
        evaluate(x)
        return x
    }

    @Test func leastRecentlyUsedPlansGoWhenTheyTakeTooMuch() {
        let double = compile { (x: Tensor) in tanh(x).sum() * 0 + Double(x.count) }
        for length in 1...8 { #expect(double(input(length)).item() == Double(length)) }
        #expect(double.planCount == 8 && double.traceCount == 8)
        _ = double(input(1))  // now the newest
        double.planMemoryLimit = 1
        #expect(double.planCount == 1)
        #expect(double(input(1)).item() == 1)
        #expect(double.traceCount == 8)
        #expect(double(input(2)).item() == 2)
        #expect(double.planCount == 1 && double.traceCount == 9)
        double.planMemoryLimit = 1 << 20
        for length in [3, 2, 3, 2] { #expect(double(input(length)).item() == Double(length)) }
        #expect(double.planCount == 2 && double.traceCount == 10)
    }

    @Test func manyFormsGiveOneWarningWithTheRemedy() {
        let total = compile { (x: Tensor) in x.sum() }
        for length in 1...511 { _ = total(input(length)) }
        #expect(total.warning == nil)
        for length in 512...520 { #expect(total(input(length)).item() == Double(length)) }
        let warning = total.warning ?? ""
        #expect(warning.contains("512 different forms of its inputs, the last of them (float32[512])") && warning.contains("Pad the inputs to one size, or to sizes in steps"))
        for length in 1...520 { #expect(total(input(length)).item() == Double(length)) }
        #expect(total.traceCount == 520)
    }
}
