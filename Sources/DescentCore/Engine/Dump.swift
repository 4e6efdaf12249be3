#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes out what the program has printed so far: a trap would lose it.
package func flushStandardOutput() { fflush(nil) }

/// The value of `DESCENT_DUMP`, for output on standard error: `plan` (each plan as it is made), or `passes` (also the program before and
/// after it is simplified).
package enum Dump {
    private static let wish: String = getenv("DESCENT_DUMP").map { String(cString: $0) } ?? ""
    package static let showsPlans = wish == "plan" || wish == "passes"
    package static let showsPasses = wish == "passes"

    package static func write(_ title: String, _ text: @autoclosure () -> String) {
        let lines = "== \(title)\n\(text())\n"
        _ = lines.withCString { Self.write(2, $0, strlen($0)) }
    }

    private static func write(_ file: Int32, _ bytes: UnsafePointer<CChar>, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.write(file, bytes, count)
        #elseif canImport(Musl)
        Musl.write(file, bytes, count)
        #else
        Darwin.write(file, bytes, count)
        #endif
    }
}
