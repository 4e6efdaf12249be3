import CKernels

/// Stops the program with a sentence: a mistake in code, as an index out of range is in Swift.
package func stop(_ error: ShapeError) -> Never { stop(error.description) }

/// Stops the program with a sentence. Without a file and a line, as `fatalError` would print: they would be this library's. Swift's backtrace,
/// which follows where it is on, names the caller's.
package func stop(_ sentence: String) -> Never {
    let place = Scope.modulePlace.map { " In \($0)." } ?? ""
    flushStandardOutput()
    dk_stop(sentence + place)
}
