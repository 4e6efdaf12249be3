import CKernels

/// A value and the lock that guards it, as in Swift's `Synchronization`, whose place it takes in this module: the thread sanitizer knows this one.
struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
    private let lock = dk_make_lock()!
    private let value: UnsafeMutablePointer<Value>

    init(_ value: consuming sending Value) {
        self.value = .allocate(capacity: 1)
        self.value.initialize(to: value)
    }

    deinit {
        value.deinitialize(count: 1)
        value.deallocate()
        dk_free_lock(lock)
    }

    /// Runs the body with the value, which no other thread touches meanwhile.
    @inline(__always)
    borrowing func withLock<Result: ~Copyable, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
        take()
        defer { give() }
        return try body(&value.pointee)
    }

    /// For code that can't be a closure: whoever takes the lock gives it back.
    @inline(__always) borrowing func take() { dk_take_lock(lock) }
    @inline(__always) borrowing func give() { dk_give_lock(lock) }
}
