import DescentData
import Synchronization
import Testing

@Suite("prefetching")
struct PrefetcherTests {
    @Test("items come in order, each made once, whatever the depth", arguments: [1, 2, 7, 1000])
    func order(depth: Int) throws {
        let made = Mutex<[Int]>([])
        let items = Prefetcher(count: 300, depth: depth) { index in
            made.withLock { $0.append(index) }
            return [Int](repeating: index, count: 10)
        }
        var taken: [Int] = []
        while let item = try items.next() { taken.append(item[9]) }
        #expect(taken == Array(0..<300))
        #expect(made.withLock { $0 } == Array(0..<300))
        #expect(try items.next() == nil)
    }

    @Test("no more are made ahead than the depth allows")
    func depth() throws {
        let made = Atomic<Int>(0)
        let items = Prefetcher(count: 50, depth: 3) { index in made.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue }
        for taken in 1...50 {
            _ = try items.next()
            #expect(made.load(ordering: .sequentiallyConsistent) <= taken + 3)
        }
    }

    @Test("an error comes in its turn, and then nothing more")
    func errors() throws {
        let items = Prefetcher(count: 10, depth: 5) { index in
            if index == 3 { throw DataError(file: "f", "bad item") }
            return index
        }
        for index in 0..<3 { #expect(try items.next() == index) }
        #expect(throws: DataError(file: "f", "bad item")) { try items.next() }
        #expect(try items.next() == nil)
    }

    @Test("cancelled or released, the thread ends and nothing more is made")
    func cancelling() throws {
        let made = Atomic<Int>(0)
        do {
            let items = Prefetcher(count: 1_000_000, depth: 2) { _ in made.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue }
            _ = try items.next()
            items.cancel()
            #expect(try items.next() == nil)
        }
        for _ in 0..<50 {
            let items = Prefetcher(count: 1_000_000, depth: 1) { $0 }
            #expect(try items.next() == 0)
        }
        // Released: its thread was joined, so the count stands still and is small.
        #expect(made.load(ordering: .sequentiallyConsistent) <= 5)
    }

    @Test("no items")
    func empty() throws {
        #expect(try Prefetcher(count: 0) { $0 }.next() == nil)
    }
}
