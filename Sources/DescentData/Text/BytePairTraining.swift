/// Finds the pairs of byte-pair encoding.
///
/// Each different chunk is kept once, with how often it occurs. A merge touches only the chunks that have its pair, and the most frequent pair
/// comes from a heap whose outdated entries are put right when they come up: time grows with the text's different words, not its length.
struct BytePairTraining {
    private typealias Pair = BytePairTokenizer.Pair

    private var chunks: [[Int32]] = []
    private var frequencies: [Int] = []
    private var counts: [Pair: Int] = [:]
    /// The chunks that had a pair at some time; they may have it no longer.
    private var places: [Pair: [Int]] = [:]
    private var heap = PairHeap()

    /// The pairs of texts in the order in which they are to be put together; fewer than `count` where no pair occurs twice any more.
    static func merges(of texts: [String], count: Int) -> [BytePairTokenizer.Pair] {
        if count == 0 { return [] }
        var training = BytePairTraining(texts)
        var merges: [Pair] = []
        while merges.count < count, let pair = training.mostFrequent() {
            training.merge(pair, as: BytePairTokenizer.number(ofMerge: merges.count))
            merges.append(pair)
        }
        return merges
    }

    private init(_ texts: [String]) {
        var known: [[UInt8]: Int] = [:]
        for text in texts {
            BytePairChunks.forEach(in: text) { bytes in
                let bytes = Array(bytes)
                if let index = known[bytes] {
                    frequencies[index] += 1
                } else {
                    known[bytes] = chunks.count
                    chunks.append(bytes.map(BytePairTokenizer.number(of:)))
                    frequencies.append(1)
                }
            }
        }
        for index in chunks.indices { add(index, sign: 1) }
        for (pair, count) in counts { heap.insert((count, pair)) }
    }

    /// Adds or takes away the pairs of a chunk.
    private mutating func add(_ index: Int, sign: Int) {
        let tokens = chunks[index]
        for (first, second) in zip(tokens, tokens.dropFirst()) {
            let pair = Pair(first, second)
            counts[pair, default: 0] += sign * frequencies[index]
            if sign > 0, places[pair]?.last != index { places[pair, default: []].append(index) }
        }
    }

    private mutating func mostFrequent() -> Pair? {
        while let (count, pair) = heap.removeFirst() {
            let now = counts[pair] ?? 0
            if now < 2 { continue }
            if now == count { return pair }
            heap.insert((now, pair))
        }
        return nil
    }

    private mutating func merge(_ pair: Pair, as number: Int32) {
        var touched: Set<Pair> = []
        for index in Set(places[pair] ?? []) {
            let old = chunks[index]
            let new = pair.joined(in: old, as: number)
            if new.count == old.count { continue }
            add(index, sign: -1)
            chunks[index] = new
            add(index, sign: 1)
            for (first, second) in zip(new, new.dropFirst()) where first == number || second == number { touched.insert(Pair(first, second)) }
        }
        counts[pair] = nil
        places[pair] = nil
        // Pairs that became rarer are put right when they come up; only new ones must be entered.
        for fresh in touched { heap.insert((counts[fresh] ?? 0, fresh)) }
    }
}

/// A binary heap: the highest count first, then the lowest pair.
private struct PairHeap {
    typealias Entry = (count: Int, pair: BytePairTokenizer.Pair)
    private var entries: [Entry] = []

    private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
        if a.count != b.count { return a.count > b.count }
        return (a.pair.first, a.pair.second) < (b.pair.first, b.pair.second)
    }

    mutating func insert(_ entry: Entry) {
        entries.append(entry)
        var child = entries.count - 1
        while child > 0, Self.precedes(entries[child], entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> Entry? {
        guard let first = entries.first else { return nil }
        let last = entries.removeLast()
        if entries.isEmpty { return first }
        entries[0] = last
        var parent = 0
        while true {
            var best = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count && Self.precedes(entries[child], entries[best]) { best = child }
            if best == parent { return first }
            entries.swapAt(parent, best)
            parent = best
        }
    }
}
