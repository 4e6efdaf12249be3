#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that is read in parts, from any thread.
public final class FileReader: Sendable {
    /// The path as given.
    public let path: String
    /// The file's size in bytes when it was opened.
    public var size: Int { stamp.size }

    private let descriptor: Int32
    private let stamp: FileStamp

    /// Opens a file.
    ///
    /// - Throws: `FileError` of kind `.notFound` or `.unreadable`, the latter also for a pipe, which has no parts.
    public init(_ path: String) throws(FileError) {
        try FileSystem.check(path, kind: .unreadable)
        let descriptor = FileSystem.retrying { open(path, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileSystem.reading(path, errno) }
        var status = stat()
        var failure: FileError?
        if fstat(descriptor, &status) != 0 {
            failure = FileSystem.reading(path, errno)
        } else if FileSystem.isFolder(status) {
            failure = FileSystem.reading(path, EISDIR)
        } else if status.st_mode & S_IFMT != S_IFREG {
            failure = FileError(kind: .unreadable, path: path, sentence: "\(path) is no plain file, so it cannot be read in parts; save it first")
        }
        if let failure {
            close(descriptor)
            throw failure
        }
        self.path = path
        self.descriptor = descriptor
        stamp = FileStamp(status)
    }

    deinit { close(descriptor) }

    /// The bytes from `offset` on: `count` of them, or fewer where the file ends.
    ///
    /// - Throws: `FileError` of kind `.unreadable`, also where the file is no longer as it was when it was opened.
    public func read(from offset: Int, count: Int) throws(FileError) -> [UInt8] {
        let wanted = max(min(count, size - offset), 0)
        var code: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, filled in
            while filled < wanted, let base = buffer.baseAddress {
                let received = FileSystem.retrying { pread(descriptor, base + filled, wanted - filled, off_t(offset + filled)) }
                if received < 0 { code = errno }
                if received <= 0 { break }
                filled += received
            }
        }
        if code != 0 { throw FileSystem.reading(path, code) }
        if let error = FileSystem.changed(path, since: stamp, descriptor) { throw error }
        return bytes
    }
}
