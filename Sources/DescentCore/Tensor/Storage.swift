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
        var free: [Int: [UInt]] = [:]
        var kept = 0
    }
    private let state = Mutex(State())
    /// Bytes of freed blocks that are kept at most.
    private let limit = 512 << 20

    /// Blocks come in sizes of 4 to a power of two, so that at most a quarter is wasted and freed blocks fit again.
    private static func blockSize(_ byteCount: Int) -> Int {
        if byteCount <= 256 { return Swift.max(64, (byteCount + 63) & ~63) }
        let power = Int.bitWidth - 1 - byteCount.leadingZeroBitCount
        let step = 1 << Swift.max(power - 2, 6)
        return (byteCount + step - 1) & ~(step - 1)
    }

    package func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        let size = Self.blockSize(byteCount)
        let reused: UInt? = state.withLock { state in
            guard let block = state.free[size]?.popLast() else { return nil }
            state.kept -= size
            return block
        }
        if let reused { return UnsafeMutableRawPointer(bitPattern: reused)! }
        return dk_allocate(size)!
    }

    package func deallocate(_ pointer: UnsafeMutableRawPointer, _ byteCount: Int) {
        let size = Self.blockSize(byteCount)
        let block = UInt(bitPattern: pointer)
        let keep = state.withLock { state in
            guard state.kept + size <= limit else { return false }
            state.free[size, default: []].append(block)
            state.kept += size
            return true
        }
        if !keep { dk_deallocate(pointer, size) }
    }

    /// Gives the kept blocks back to the system.
    package func trim() {
        let blocks = state.withLock { state in
            let all = state.free
            state.free = [:]
            state.kept = 0
            return all
        }
        for (size, list) in blocks { for block in list { dk_deallocate(UnsafeMutableRawPointer(bitPattern: block)!, size) } }
    }
}
