import CKernels
import Synchronization

/// Memory of a dense tensor. Written once, by the plan or initialiser that makes it; afterwards only read, except by a
/// compiled step that owns the single reference to it.
package final class Storage: @unchecked Sendable {
    package let pointer: UnsafeMutableRawPointer
    package let byteCount: Int
    private let release: Release

    private enum Release {
        case pooled
        case borrowed(@Sendable () -> Void)
    }

    /// Uninitialised memory for `byteCount` bytes, aligned to 64.
    package init(byteCount: Int) {
        self.byteCount = byteCount
        pointer = MemoryPool.shared.allocate(byteCount)
        release = .pooled
    }

    /// Memory of someone else, who is told when it is no longer needed.
    package init(borrowing pointer: UnsafeMutableRawPointer, byteCount: Int, onRelease: @escaping @Sendable () -> Void) {
        self.byteCount = byteCount
        self.pointer = pointer
        release = .borrowed(onRelease)
    }

    deinit {
        switch release {
        case .pooled: MemoryPool.shared.deallocate(pointer, byteCount)
        case .borrowed(let tell): tell()
        }
    }
}

/// Keeps freed blocks for the next tensor of about the same size: fresh pages from the system cost more than filling them.
package final class MemoryPool: Sendable {
    package static let shared = MemoryPool()

    private struct State: ~Copyable {
        /// Freed blocks by size class.
        var free = [[UInt]](repeating: [], count: 256)
        var kept = 0
    }
    private let state = Mutex(State())
    /// Bytes of freed blocks that are kept at most.
    private let limit = 512 << 20
    /// Blocks up to this size come from the C library, which is quick with them.
    private static let smallest = 4096

    /// Sizes are 4 to a power of two, so that at most a quarter is wasted and freed blocks fit again.
    private static func sizeClass(_ byteCount: Int) -> (number: Int, size: Int) {
        let power = Int.bitWidth - 1 - (byteCount - 1).leadingZeroBitCount
        let step = 1 << (power - 2)
        let part = (byteCount - 1) >> (power - 2)  // 4...7
        return (power * 4 + (part - 4), (part + 1) * step)
    }

    package func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        if byteCount <= Self.smallest { return dk_allocate(byteCount)! }
        let (number, size) = Self.sizeClass(byteCount)
        let reused: UInt? = state.withLock { state in
            guard let block = state.free[number].popLast() else { return nil }
            state.kept -= size
            return block
        }
        if let reused { return UnsafeMutableRawPointer(bitPattern: reused)! }
        guard let fresh = dk_allocate(size) else { stop("Out of memory: \(byteCount >> 20) MB were asked for.") }
        return fresh
    }

    package func deallocate(_ pointer: UnsafeMutableRawPointer, _ byteCount: Int) {
        if byteCount <= Self.smallest { return dk_deallocate(pointer) }
        dk_order_reads()
        let (number, size) = Self.sizeClass(byteCount)
        let block = UInt(bitPattern: pointer)
        let keep = state.withLock { state in
            guard state.kept + size <= limit else { return false }
            state.free[number].append(block)
            state.kept += size
            return true
        }
        if !keep { dk_deallocate(pointer) }
    }
}
