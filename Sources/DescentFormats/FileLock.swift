#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A lock that one process holds at a time, on a file that names its holder.
///
/// The operating system keeps it (`flock`), and lets go when the process ends in whatever way: a killed process leaves no lock behind.
public final class FileLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock, or says who has it.
    ///
    /// - Throws: `FileError` of kind `.unwritable` where the file cannot be made, `HeldElsewhere` where another process has the lock.
    public init(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else {
            throw FileSystem.writing(path, errno)
        }
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            defer { close(descriptor) }
            if code != EWOULDBLOCK {
                throw FileError(kind: .unwritable, path: path, sentence: "cannot lock \(path): \(FileSystem.reason(code))")
            }
            throw HeldElsewhere(path: path, process: (try? FileSystem.read(path)).flatMap { Int32(String(decoding: $0, as: UTF8.self)) })
        }
        // Who holds it is a courtesy to the next one who asks: on a full disk the lock holds all the same.
        let name = "\(getpid())"
        if ftruncate(descriptor, 0) == 0 { _ = name.withCString { pwrite(descriptor, $0, name.utf8.count, 0) } }
        self.descriptor = descriptor
    }

    // Let go of by name: a child that was forked a moment ago has the same open file until it runs its own program, and closing ours alone would
    // leave the lock with it.
    deinit {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Another process has the lock.
    public struct HeldElsewhere: Error, Equatable, Sendable {
        /// The lock's file.
        public let path: String
        /// The number of the process, if the file names one.
        public let process: Int32?
    }
}
