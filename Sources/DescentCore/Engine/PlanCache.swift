/// A plan, and which of its graph's numbers it takes as inputs; the others are part of it.
package struct FoundPlan {
    package let plan: Plan
    package let varying: [Int]
    package init(plan: Plan, varying: [Int]) { (self.plan, self.varying) = (plan, varying) }
}

/// The plans of graphs that ran, by their form; the half least recently used is forgotten when there are too many, or too much memory is theirs.
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

        /// Bytes that its plans keep.
        var byteCount: Int {
            [first, general?.plan].compactMap { $0?.plan }.reduce(0) { $0 + $1.byteCount - ($1.arenaByteCount > largestArena ? $1.arenaByteCount : 0) }
        }
    }

    private var entries: [GraphForm: Entry] = [:]
    private var clock = 0
    private var byteCount = 0
    private let limit = 512, byteLimit: Int
    /// Memory for intermediate values up to this size stays with its plan from run to run; larger memory is given back.
    package static let largestArena = 1 << 16

    /// - Parameter byteLimit: of the plans, with what memory stays with them.
    package init(byteLimit: Int = 128 << 20) { self.byteLimit = byteLimit }

    /// The plans kept.
    package var count: Int { entries.count }

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
            byteCount -= entries.values[index].byteCount
            entries.values[index].general = (graph.numbers, found)
            byteCount += entries.values[index].byteCount
        } else {
            let entry = Entry(numbers: graph.numbers, first: found, lastUse: clock)
            byteCount += entry.byteCount - (entries.updateValue(entry, forKey: graph.form)?.byteCount ?? 0)
        }
        if entries.count > limit || (byteCount > byteLimit && entries.count > 1) {
            let uses = entries.values.map(\.lastUse).sorted(), middle = uses[uses.count / 2]
            entries = entries.filter { $0.value.lastUse >= middle }
            byteCount = entries.values.reduce(0) { $0 + $1.byteCount }
        }
    }
}
