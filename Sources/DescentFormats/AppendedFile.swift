#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that grows at its end: a log.
public final class AppendedFile: Sendable {
    /// Where it is.
    public let path: String
    private let descriptor: Int32

    /// Replaces the file, all or nothing, by one of this content, and holds it open for more.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public init(_ path: String, startingWith content: [UInt8] = []) throws(FileError) {
        try FileSystem.write(content, to: path)
        descriptor = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw FileSystem.writing(path, errno) }
    }

    deinit { close(descriptor) }

    /// Adds to the end. A reader may see a part of it for a moment; what fails may leave a part of it.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func append(_ bytes: [UInt8]) throws(FileError) {
        let code = FileSystem.writeAll(bytes, to: descriptor)
        if code != 0 { throw FileSystem.writing(path, code) }
    }
}
