import CKernels
import Foundation
import Synchronization
import Testing

/// Counts how often each index came.
private final class Hits: Sendable {
    let counts: Mutex<[Int]>
    init(_ count: Int) { counts = Mutex([Int](repeating: 0, count: count)) }
    func hit(_ index: Int) { counts.withLock { $0[index] += 1 } }
    var all: [Int] { counts.withLock { $0 } }
    var pointer: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }
    static func at(_ pointer: UnsafeMutableRawPointer?) -> Hits { Unmanaged<Hits>.fromOpaque(pointer!).takeUnretainedValue() }
}

@Suite("the pool of threads")
struct PoolTests {
    @Test("every index comes once, for any number of threads")
    func once() {
        let before = dk_threads()
        defer { dk_set_threads(before) }
        for threads: Int32 in [1, 2, 3, 8] {
            dk_set_threads(threads)
            for count in [0, 1, 2, 7, 1000, 65_520, 65_521, 150_001] {
                let hits = Hits(count)
                dk_parallel(Int64(count), { Hits.at($0).hit(Int($1)) }, hits.pointer)
                #expect(hits.all == [Int](repeating: 1, count: count))
            }
        }
    }

    @Test("a task may use the pool itself")
    func nested() {
        let hits = Hits(100)
        dk_parallel(
            10,
            { context, _ in
                dk_parallel(100, { Hits.at($0).hit(Int($1)) }, context)
            }, hits.pointer)
        #expect(hits.all == [Int](repeating: 10, count: 100))
    }

    @Test("many threads may use the pool at once")
    func concurrent() async {
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    (0..<200).allSatisfy { round in
                        let hits = Hits(round % 20)
                        dk_parallel(Int64(round % 20), { Hits.at($0).hit(Int($1)) }, hits.pointer)
                        return hits.all.allSatisfy { $0 == 1 }
                    }
                }
            }
            for await right in group { #expect(right) }
        }
    }

    @Test("a run stops at the instruction that raised a fault, on whatever thread")
    func faults() {
        let raising: dk_kernel = { _, _ in
            dk_parallel(20, { _, index in if index == 13 { dk_raise(13, 5) } }, nil)
        }
        let fine: dk_kernel = { _, buffers in
            let ran = buffers![0]!.assumingMemoryBound(to: Int32.self)
            ran.pointee += 1
        }
        var ran: Int32 = 0
        var fault = dk_fault()
        withUnsafeMutableBytes(of: &ran) { bytes in
            let instructions = [dk_instruction(run: fine, arguments: nil), dk_instruction(run: raising, arguments: nil), dk_instruction(run: fine, arguments: nil)]
            dk_run(instructions, 3, [bytes.baseAddress], &fault)
        }
        #expect(ran == 1)
        #expect(fault.raised == 1 && fault.instruction == 1 && fault.value == 13 && fault.limit == 5)
        let none: [UnsafeMutableRawPointer?] = [nil]
        dk_run([], 0, none, &fault)
        #expect(fault.raised == 0)
    }

    @Test("scratch grows, keeps its place, and is aligned")
    func scratch() {
        let first = dk_scratch(2, 100)!
        #expect(dk_scratch(2, 50) == first)
        for bytes in [0, 1000, 3 << 20, 10] {
            let block = dk_scratch(2, bytes)!
            #expect(Int(bitPattern: block) % 64 == 0)
            memset(block, 1, bytes)
        }
    }

    @Test("thread-local pointers are the thread's own")
    func threadLocal() {
        let value = UnsafeMutableRawPointer(bitPattern: 8)
        dk_set_thread_local(3, value)
        let seen = Mutex<Bool>(false)
        let thread = Thread { seen.withLock { $0 = dk_thread_local(3) == nil } }
        thread.start()
        while !thread.isFinished { usleep(100) }
        #expect(seen.withLock { $0 })
        #expect(dk_thread_local(3) == value)
        dk_set_thread_local(3, nil)
    }
}
