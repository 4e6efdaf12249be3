#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import DescentFormats

/// Standard output and standard error, unbuffered.
public enum StandardStream: Int32, Sendable {
    /// Standard output.
    case output = 1
    /// Standard error.
    case error = 2

    /// Whether it is a terminal that can redraw a line.
    public var isTerminal: Bool { isatty(rawValue) == 1 && getenv("TERM").map { String(cString: $0) != "dumb" } ?? false }

    /// Writes a text; errors are ignored.
    public func write(_ text: String) { _ = send(text) }

    /// Writes a text and ends the line.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func print(_ text: String) throws(FileError) { try put(text + "\n") }

    /// Writes a text.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func put(_ text: String) throws(FileError) {
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
