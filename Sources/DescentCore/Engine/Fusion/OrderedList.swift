/// Numbers in an order that can be changed anywhere, and in which it is known at once which of two comes first.
///
/// Each member has a label; labels rise along the list. Where two neighbours leave no room for a third, the smallest range around them that
/// is not too crowded is spread out again: amortised O(log n) labels a move (Dietz and Sleator 1987, in the form of Bender et al. 2002).
package struct OrderedList {
    private var labels: [Int]
    private var previous: [Int], next: [Int]

    /// The numbers from 0 to `count` - 1, in order.
    package init(count: Int) {
        let gap = (1 << 62) / (count + 1)
        labels = (0..<count).map { ($0 + 1) * gap }
        previous = (0..<count).map { $0 - 1 }
        next = (0..<count).map { $0 + 1 < count ? $0 + 1 : -1 }
    }

    /// Whether `a` comes before `b`. Both are in the list.
    @inline(__always)
    package func precedes(_ a: Int, _ b: Int) -> Bool { labels[a] < labels[b] }

    package mutating func remove(_ member: Int) {
        let before = previous[member], after = next[member]
        if before >= 0 { next[before] = after }
        if after >= 0 { previous[after] = before }
    }

    /// Puts a number that is not in the list in the place of one that is.
    package mutating func replace(_ member: Int, by other: Int) {
        (labels[other], previous[other], next[other]) = (labels[member], previous[member], next[member])
        if previous[other] >= 0 { next[previous[other]] = other }
        if next[other] >= 0 { previous[next[other]] = other }
    }

    /// Moves a member right behind another.
    package mutating func move(_ member: Int, behind other: Int) {
        remove(member)
        if room(behind: other) < 2 { spread(around: other) }
        labels[member] = labels[other] + room(behind: other) / 2
        link(member, between: other, and: next[other])
    }

    /// Moves a member right in front of another.
    package mutating func move(_ member: Int, ahead other: Int) {
        remove(member)
        if room(ahead: other) < 2 { spread(around: other) }
        labels[member] = labels[other] - room(ahead: other) / 2
        link(member, between: previous[other], and: other)
    }

    private func room(behind member: Int) -> Int { (next[member] >= 0 ? labels[next[member]] : 1 << 62) - labels[member] }
    private func room(ahead member: Int) -> Int { labels[member] - (previous[member] >= 0 ? labels[previous[member]] : 0) }

    private mutating func link(_ member: Int, between before: Int, and after: Int) {
        (previous[member], next[member]) = (before, after)
        if before >= 0 { next[before] = member }
        if after >= 0 { previous[after] = member }
    }

    /// Gives new labels, evenly, to the members of the smallest range of labels around one that holds few enough: of 2^i labels, (4/3)^i.
    private mutating func spread(around member: Int) {
        var first = member, last = member, count = 1
        var bits = 2, capacity = 16.0 / 9
        while true {
            let low = (labels[member] >> bits) << bits, high = low + (1 << bits) - 1
            while previous[first] >= 0, labels[previous[first]] >= low { (first, count) = (previous[first], count + 1) }
            while next[last] >= 0, labels[next[last]] <= high { (last, count) = (next[last], count + 1) }
            if Double(count) < capacity || bits == 62 {
                let step = (1 << bits) / (count + 1)
                var place = first
                for number in 1...count {
                    labels[place] = low + number * step
                    place = next[place]
                }
                if step > 3 { return }
            }
            bits += 1
            capacity *= 4.0 / 3
        }
    }
}
