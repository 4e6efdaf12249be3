import DescentCore
import Testing

/// Graphs that differ in where they read, or in numbers, share a plan.
@Suite struct PlanCacheTests {
    private let table = {
        let table = Tensor((0..<60).map(Float.init)).reshaped(to: [5, 3, 4])
        evaluate(table)
        return table
    }()

    private func form(_ tensor: Tensor) -> GraphForm { FlatGraph([tensor.node]).form }

    @Test func aMemberIsOneFormForEachPlace() {
        #expect(form(table[1].sum()) == form(table[4].sum()))
        #expect(form(table[1, 2].sum()) == form(table[3, 0].sum()))
        #expect(form(table[1..<3].sum()) == form(table[2..<4].sum()))
        #expect(form(table[.rest, 1].sum()) == form(table[.rest, 3].sum()))
        #expect(form(table[1..<3].sum()) != form(table[1..<4].sum()))
        #expect(form(table[1] * table[2]) == form(table[0] * table[4]))
        #expect(form(table[1] * table[1]) != form(table[0] * table[4]))
    }

    @Test func partsOfComputedTensorsHaveTheRightValues() {
        for i in 0..<5 {
            #expect(table[i].sum().item() == Double((0..<12).map { 12 * i + $0 }.reduce(0, +)))
            #expect(table[i, 1].floats == (0..<4).map { Float(12 * i + 4 + $0) })
            #expect(table[i, 1, 2].item() == Double(12 * i + 6))
            #expect((table[i] - table[0]).floats == [Float](repeating: Float(12 * i), count: 12))
            let column = table[.rest, i % 4] + 0
            #expect(column.floats == (0..<15).map { Float(4 * $0 + i % 4) })
        }
        for start in 0..<3 {
            #expect(table[start..<(start + 2), 1].floats == (0..<8).map { Float(12 * (start + $0 / 4) + 4 + $0 % 4) })
            #expect((table[start..<(start + 2), 0..<2] * 2)[1, 1, 3].item() == Double(2 * (12 * (start + 1) + 7)))
        }
        #expect(table[5..<5].floats.isEmpty)
        #expect(table[1...].flattened()[.every(-1)].floats == (12..<60).reversed().map(Float.init))
    }

    @Test func aWindowCanBeAResultItself() {
        let part = table[2]
        evaluate(part, table[3, 1])
        #expect(part.floats == (24..<36).map(Float.init))
    }

    @Test func numbersThatChangeAreOneFormAndTwoPlans() {
        var cache = PlanCache(), made = 0
        func lookUp(_ tensor: Tensor) -> FoundPlan {
            let graph = FlatGraph([tensor.node])
            switch cache.find(graph) {
            case .found(let plan): return plan
            case .missing(let varying):
                made += 1
                let plan = FoundPlan(plan: Plan(graph.program(varying: varying)), varying: varying)
                cache.add(graph, plan)
                return plan
            }
        }
        let x = table[0]
        evaluate(x)
        #expect(lookUp(x * 0.5 + 2).varying == [])
        #expect(lookUp(x * 0.5 + 2).varying == [])
        for rate in [0.25, 0.125, 3] { #expect(lookUp(x * rate + 2).varying == [0]) }
        #expect(made == 2)
        // The second number varies too from now on.
        for bias in [5.0, 6, 7] { #expect(lookUp(x * bias + bias).varying == [0, 1]) }
        #expect(made == 3)
        // The first plan still serves its own numbers.
        #expect(lookUp(x * 0.5 + 2).varying == [])
    }

    @Test func plansKeepToTheirMemory() {
        func graph(_ length: Int) -> FlatGraph { FlatGraph([(Tensor.full([length], 1.5) * table[0].sum()).node]) }
        func plan(_ graph: FlatGraph) -> FoundPlan { FoundPlan(plan: Plan(graph.program(varying: [])), varying: []) }
        func isFound(_ cache: inout PlanCache, _ graph: FlatGraph) -> Bool { if case .found = cache.find(graph) { true } else { false } }
        let size = plan(graph(3)).plan.byteCount
        var cache = PlanCache(byteLimit: 8 * size)
        for length in 1...100 {
            _ = isFound(&cache, graph(1))
            let graph = graph(length)
            cache.add(graph, plan(graph))
            #expect(cache.count <= 9)
        }
        // The ones used last are there, the others not.
        #expect(isFound(&cache, graph(1)) && isFound(&cache, graph(100)) && !isFound(&cache, graph(50)))
        // One plan is kept however large it is.
        var narrow = PlanCache(byteLimit: 1)
        for length in 1...3 {
            let graph = graph(length)
            narrow.add(graph, plan(graph))
            #expect(narrow.count == 1 && isFound(&narrow, graph))
        }
    }

    @Test("numbers that change have the right values", arguments: DType.allCases.filter(\.isNumeric))
    func numbersThatChange(_ dtype: DType) {
        let x = Tensor([1.0, 2, 3]).cast(to: dtype)
        evaluate(x)
        for number in [1.0, 2, 5, 0, 7, 1] {
            #expect((x * number + 1).doubles == [1.0, 2, 3].map { $0 * number + 1 }, "\(dtype) \(number)")
            #expect((Tensor.full([2, 2], number, dtype: dtype)).doubles == [Double](repeating: number, count: 4))
        }
    }

    @Test func aRowsGradientFollowsItsPlace() {
        for i in 0..<4 {
            let slope = gradient(at: table) { ($0[i] * $0[i]).sum() }
            #expect(slope.floats == (0..<60).map { $0 / 12 == i ? Float(2 * $0) : 0 })
        }
    }
}
