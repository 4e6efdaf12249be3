#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Descent

/// The standard output and the standard error, written without a buffer of their own.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    /// Whether a person looks at it on a terminal that can redraw a line.
    var isTerminal: Bool { isatty(rawValue) == 1 && getenv("TERM").map { String(cString: $0) != "dumb" } ?? false }

    /// Writes all of a text, as far as it can be.
    func write(_ text: String) { _ = send(text) }

    /// Writes all of a text and ends the line.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    func print(_ text: String) throws(FileError) { try put(text + "\n") }

    /// Writes all of a text.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    func put(_ text: String) throws(FileError) {
        let code = send(text)
        if code != 0 {
            throw FileError(kind: .unwritable, path: "the standard output", sentence: "cannot write the output: \(String(cString: strerror(code)))")
        }
    }

    /// 0, or the error's number.
    private func send(_ text: String) -> Int32 {
        var text = text
        return text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                #if canImport(Glibc)
                let written = Glibc.write(rawValue, bytes.baseAddress! + done, bytes.count - done)
                #elseif canImport(Musl)
                let written = Musl.write(rawValue, bytes.baseAddress! + done, bytes.count - done)
                #else
                let written = Darwin.write(rawValue, bytes.baseAddress! + done, bytes.count - done)
                #endif
                if written > 0 { done += written } else if errno != EINTR { return errno }
            }
            return 0
        }
    }
}
