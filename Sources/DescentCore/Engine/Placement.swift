/// Which values share memory: where each value that lives inside a plan starts in the plan's one block of memory.
package struct Placement {
    /// Offset in bytes of each value placed.
    package var offsets: [Int: Int] = [:]
    /// Bytes of the whole block.
    package var byteCount = 0
    /// Pairs (input, output) of a step that use the same memory.
    package var inPlace: [Int: Int] = [:]
}

/// The properties of an instruction that placement uses.
package struct MemoryUse {
    package var reads: Set<Int>
    package var writes: [Int]
    /// For an output, the inputs whose memory it may take over: read element by element, and not after the output is written.
    package var mayReplace: [Int: [Int]]

    package init(reads: Set<Int>, writes: [Int], mayReplace: [Int: [Int]] = [:]) {
        (self.reads, self.writes, self.mayReplace) = (reads, writes, mayReplace)
    }
}

/// Places values by first use and last use: a value takes over the memory of an input that ends where it begins, if the step
/// allows; else the smallest free gap that fits; else new memory at the end.
package func place(_ uses: [MemoryUse], placeable: (Int) -> Bool, byteCount: (Int) -> Int) -> Placement {
    var lastUse: [Int: Int] = [:]
    for (step, use) in uses.enumerated() {
        for value in use.reads { lastUse[value] = step }
        for value in use.writes { lastUse[value] = Swift.max(lastUse[value] ?? 0, step) }
    }
    var placement = Placement()
    var gaps: [(start: Int, size: Int)] = []
    func rounded(_ bytes: Int) -> Int { Swift.max(64, (bytes + 63) & ~63) }

    func take(_ bytes: Int) -> Int {
        var best: Int?
        for (index, gap) in gaps.enumerated() where gap.size >= bytes && (best == nil || gap.size < gaps[best!].size) { best = index }
        if let best {
            let start = gaps[best].start
            if gaps[best].size == bytes { gaps.remove(at: best) } else { gaps[best] = (start + bytes, gaps[best].size - bytes) }
            return start
        }
        // Grow the last gap if it ends where the block does.
        if let last = gaps.last, last.start + last.size == placement.byteCount {
            gaps.removeLast()
            placement.byteCount = last.start + bytes
            return last.start
        }
        defer { placement.byteCount += bytes }
        return placement.byteCount
    }
    func give(_ start: Int, _ size: Int) {
        var index = gaps.firstIndex { $0.start > start } ?? gaps.count
        gaps.insert((start, size), at: index)
        if index + 1 < gaps.count, gaps[index].start + gaps[index].size == gaps[index + 1].start {
            gaps[index].size += gaps[index + 1].size
            gaps.remove(at: index + 1)
        }
        if index > 0, gaps[index - 1].start + gaps[index - 1].size == gaps[index].start {
            gaps[index - 1].size += gaps[index].size
            gaps.remove(at: index)
            index -= 1
        }
    }

    for (step, use) in uses.enumerated() {
        var taken = Set<Int>()
        // A product's own result first: the group behind it may replace it. What several instructions write has its place already.
        for value in use.writes where placeable(value) && placement.offsets[value] == nil {
            let size = rounded(byteCount(value))
            let heir = use.mayReplace[value]?.first { input in
                lastUse[input] == step && !taken.contains(input) && placement.offsets[input] != nil && rounded(byteCount(input)) == size
            }
            if let heir {
                placement.offsets[value] = placement.offsets[heir]
                placement.inPlace[value] = heir
                taken.insert(heir)
            } else {
                placement.offsets[value] = take(size)
            }
        }
        for value in use.reads.union(use.writes).sorted() where lastUse[value] == step && !taken.contains(value) {
            if let offset = placement.offsets[value] { give(offset, rounded(byteCount(value))) }
        }
    }
    return placement
}
