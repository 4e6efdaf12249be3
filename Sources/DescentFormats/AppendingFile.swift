#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that grows at its end: a log. What was added is seen by every reader at once; `synchronise` waits for the disk.
public final class AppendingFile {
    /// The path as it was given.
    public let path: String
    private let descriptor: Int32

    /// Opens a file, which is made where it is missing.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public init(path: String) throws(FileError) {
        self.path = path
        if path.isEmpty || path.utf8.contains(0) { throw FileError(kind: .unwritable, path: path, sentence: "\(quoted(path)) cannot be the path of a file") }
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
        if descriptor < 0 { throw FileSystem.writing(path, errno) }
    }

    deinit { close(descriptor) }

    /// Adds bytes at the end. After a failure a part of them may be there.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func append(_ bytes: [UInt8]) throws(FileError) {
        let code = bytes.withUnsafeBytes { buffer -> Int32 in
            var done = 0
            while done < buffer.count {
                let written = write(descriptor, buffer.baseAddress! + done, buffer.count - done)
                if written > 0 { done += written } else if written == 0 { return ENOSPC } else if errno != EINTR { return errno }
            }
            return 0
        }
        if code != 0 { throw FileSystem.writing(path, code) }
    }

    /// Waits until all that was added is on the disk.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public func synchronise() throws(FileError) {
        while fsync(descriptor) != 0 {
            // Pipes and devices have no disk to wait for.
            if errno == EINVAL { return }
            if errno != EINTR { throw FileSystem.writing(path, errno) }
        }
    }
}
