import CKernels

/// How many threads the engine uses. Results are the same to the last bit for any number.
public enum Threads {
    /// Set it between computations, not while one runs. At first: `DESCENT_THREADS`, or the number of processors.
    public static var count: Int {
        get { Int(dk_threads()) }
        set {
            if newValue < 1 { stop("Threads.count: \(newValue) threads; at least one is needed.") }
            dk_set_threads(Int32(newValue))
        }
    }
}
