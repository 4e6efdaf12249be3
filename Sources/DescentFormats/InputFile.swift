#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A file, pipe or terminal that is read piece by piece, so that its size does not matter.
public final class InputFile {
    /// The name for errors.
    public let name: String
    private let descriptor: Int32
    private let isOwned: Bool

    /// Opens a file.
    ///
    /// - Throws: `FileError` of kind `.notFound` or `.unreadable`.
    public init(path: String) throws(FileError) {
        try FileSystem.check(path, kind: .unreadable)
        if FileSystem.folderExists(path) { throw FileSystem.reading(path, EISDIR) }
        name = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        isOwned = true
        if descriptor < 0 { throw FileSystem.reading(path, errno) }
    }

    /// The standard input.
    public init() {
        name = "standard input"
        descriptor = STDIN_FILENO
        isOwned = false
    }

    deinit { if isOwned { close(descriptor) } }

    /// The next bytes, as soon as there are any: of a pipe perhaps few. At the end: none.
    ///
    /// - Throws: `FileError` of kind `.unreadable`.
    public func read(upTo limit: Int = 1 << 20) throws(FileError) -> [UInt8] {
        while true {
            var code: Int32 = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                let received = FileSystem.read(descriptor, buffer.baseAddress!, limit)
                if received < 0 { code = errno }
                count = max(received, 0)
            }
            if code == 0 { return bytes }
            if code != EINTR { throw FileSystem.reading(name, code) }
        }
    }
}
