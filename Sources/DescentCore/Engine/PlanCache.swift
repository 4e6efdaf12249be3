/// A plan, and which of its graph's numbers it takes as inputs; the others are part of it.
package struct FoundPlan {
    package let plan: Plan
    package let varying: [Int]
    package init(plan: Plan, varying: [Int]) { (self.plan, self.varying) = (plan, varying) }
}

/// The plans of graphs that ran, by their form; the oldest half is forgotten when there are too many.
///
/// A graph's numbers are constants of its first plan, which is the fastest way to run them. Those that are others when the form comes again
/// (a learning rate on a schedule, a loop's counter) become inputs of a second plan, which serves all that follow.
package struct PlanCache {
    package enum Answer {
        case found(FoundPlan)
        /// A plan is to be made, with these numbers as inputs.
        case missing(varying: [Int])
    }

    private struct Entry {
        /// The constants of the first plan.
        let numbers: [ScalarBits]
        let first: FoundPlan
        /// The plan with inputs for the numbers that vary.
        var general: (numbers: [ScalarBits], plan: FoundPlan)?
        var lastUse: Int
    }

    private var entries: [GraphForm: Entry] = [:]
    private var clock = 0
    private let limit = 512

    package init() {}

    package mutating func find(_ graph: FlatGraph) -> Answer {
        clock += 1
        guard let index = entries.index(forKey: graph.form) else { return .missing(varying: []) }
        entries.values[index].lastUse = clock
        let entry = entries.values[index]
        if entry.numbers == graph.numbers { return .found(entry.first) }
        guard let general = entry.general else { return .missing(varying: Self.differences(entry.numbers, graph.numbers)) }
        let varying = Set(general.plan.varying).union(Self.differences(general.numbers, graph.numbers)).sorted()
        return varying.count == general.plan.varying.count ? .found(general.plan) : .missing(varying: varying)
    }

    private static func differences(_ a: [ScalarBits], _ b: [ScalarBits]) -> [Int] { a.indices.filter { a[$0] != b[$0] } }

    package mutating func add(_ graph: FlatGraph, _ found: FoundPlan) {
        clock += 1
        if let index = entries.index(forKey: graph.form), !found.varying.isEmpty {
            entries.values[index].general = (graph.numbers, found)
        } else {
            entries[graph.form] = Entry(numbers: graph.numbers, first: found, lastUse: clock)
        }
        if entries.count > limit {
            let middle = entries.values.map(\.lastUse).sorted()[limit / 2]
            entries = entries.filter { $0.value.lastUse > middle }
        }
    }
}
