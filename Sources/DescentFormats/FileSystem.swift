#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif
import Synchronization

/// Whole files, read and written, through the C library alone.
public enum FileSystem {
    /// The bytes of a file (or of a pipe, to its end).
    ///
    /// - Throws: `FileError` of kind `.notFound` or `.unreadable`, the latter also where the file changes meanwhile.
    public static func read(_ path: String) throws(FileError) -> [UInt8] { try read(path) {} }

    /// As `read`; `meanwhile` is called when the file was opened and nothing read.
    package static func read(_ path: String, meanwhile: () -> Void) throws(FileError) -> [UInt8] {
        try check(path, kind: .unreadable)
        let descriptor = retrying { open(path, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw reading(path, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw reading(path, errno) }
        if isFolder(status) { throw reading(path, EISDIR) }
        meanwhile()

        let expected = max(Int(status.st_size), 0)
        var code: Int32 = 0
        var bytes = [UInt8](unsafeUninitializedCapacity: expected) { buffer, count in
            while count < expected, let base = buffer.baseAddress {
                let received = retrying { Self.read(descriptor, base + count, expected - count) }
                if received < 0 { code = errno }
                if received <= 0 { break }
                count += received
            }
        }
        // A pipe has no size, and a file may have grown since.
        let chunkSize = 1 << 16
        while code == 0 {
            let chunk = [UInt8](unsafeUninitializedCapacity: chunkSize) { buffer, count in
                let received = retrying { Self.read(descriptor, buffer.baseAddress!, chunkSize) }
                if received < 0 { code = errno }
                count = max(received, 0)
            }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        if code != 0 { throw reading(path, code) }
        if let error = changed(path, since: FileStamp(status), descriptor) { throw error }
        return bytes
    }

    /// The error about a file that is no longer as it was when it was opened.
    static func changed(_ path: String, since stamp: FileStamp, _ descriptor: Int32) -> FileError? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return reading(path, errno) }
        let now = FileStamp(status)
        if now == stamp || status.st_mode & S_IFMT != S_IFREG { return nil }
        let what = now.size == stamp.size ? "its content was written again" : "it had \(stamp.size) bytes and now has \(now.size)"
        return FileError(
            kind: .unreadable, path: path, sentence: "\(path) changed while it was read: \(what). Read it again when it is complete")
    }

    /// Writes a file so that it has all of its old content or all of the new, whatever happens.
    ///
    /// The bytes go to a temporary name in the same folder, reach the disk, and take the file's name; then the folder
    /// reaches the disk. On failure the temporary file is removed and the old file is untouched. A symbolic link is
    /// followed, permissions of an existing file are kept, and a device or pipe (`/dev/stdout`) is written directly.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public static func write(_ bytes: [UInt8], to path: String) throws(FileError) {
        try check(path, kind: .unwritable)
        var status = stat()
        var permissions: mode_t?
        if stat(path, &status) == 0 {
            if isFolder(status) { throw writing(path, EISDIR) }
            guard status.st_mode & S_IFMT == S_IFREG else { return try writeInPlace(bytes, to: path) }
            permissions = status.st_mode & 0o7777
        } else if errno != ENOENT {
            throw writing(path, errno)
        }

        let target = permissions == nil ? path : resolved(path)
        let folder = Self.folder(of: target)
        let temporary = "\(folder)/.descent-\(getpid())-\(serial.wrappingAdd(1, ordering: .relaxed).newValue).tmp"
        let descriptor = retrying { open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
        guard descriptor >= 0 else { throw writing(path, errno) }
        var code = writeAll(bytes, to: descriptor)
        if code == 0, let permissions, fchmod(descriptor, permissions) != 0 { code = errno }
        if code == 0, retrying({ fsync(descriptor) }) != 0 { code = errno }
        if close(descriptor) != 0, code == 0 { code = errno }
        if code == 0, rename(temporary, target) != 0 { code = errno }
        if code != 0 {
            unlink(temporary)
            throw writing(path, code)
        }
        synchronise(folder: folder)
    }

    /// Creates a folder, and the folders above it, where they are missing.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    public static func createFolder(_ path: String) throws(FileError) {
        try check(path, kind: .unwritable)
        var prefix = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            prefix += prefix.isEmpty || prefix.hasSuffix("/") ? String(part) : "/\(part)"
            if mkdir(prefix, 0o777) == 0 { continue }
            let code = errno
            if folderExists(prefix) { continue }
            // Something of this name that is no folder.
            let why = reason(code == EEXIST ? ENOTDIR : code)
            throw FileError(kind: .unwritable, path: path, sentence: "cannot create the folder \(path): \(why)")
        }
    }

    /// Whether anything has this path.
    public static func exists(_ path: String) -> Bool {
        var status = stat()
        return !path.utf8.contains(0) && stat(path, &status) == 0
    }

    /// Whether this path is a folder.
    public static func folderExists(_ path: String) -> Bool {
        var status = stat()
        return !path.utf8.contains(0) && stat(path, &status) == 0 && isFolder(status)
    }

    /// Whether this path, links followed, is a file with content of its own: no folder, pipe or device.
    public static func isRegularFile(_ path: String) -> Bool {
        var status = stat()
        return !path.utf8.contains(0) && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether this path is a symbolic link to something that does not exist.
    public static func isDanglingLink(_ path: String) -> Bool {
        var status = stat()
        return !path.utf8.contains(0) && lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK && !exists(path)
    }

    /// The absolute path without symbolic links, `.` and `..`; the path itself where it does not exist.
    package static func canonical(_ path: String) -> String { resolved(path) }

    /// The names in a folder, sorted, without `.` and `..`.
    ///
    /// - Throws: `FileError` of kind `.notFound` or `.unreadable`.
    public static func list(_ path: String) throws(FileError) -> [String] {
        try check(path, kind: .unreadable)
        guard let folder = opendir(path) else { throw reading(path, errno) }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let offset = MemoryLayout<dirent>.offset(of: \.d_name)!
            let start = UnsafeRawPointer(entry).advanced(by: offset).assumingMemoryBound(to: CChar.self)
            let name = String(cString: start)
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes what `write` left in a folder where its process was killed. To be called where nobody writes to the folder.
    ///
    /// - Throws: `FileError` of kind `.notFound` or `.unreadable`.
    public static func removeTemporaryFiles(in folder: String) throws(FileError) {
        for name in try list(folder) where name.hasPrefix(".descent-") && name.hasSuffix(".tmp") { unlink("\(folder)/\(name)") }
    }

    /// Removes a file; one that is not there needs no removing.
    ///
    /// - Throws: `FileError` of kind `.unwritable`.
    package static func remove(_ path: String) throws(FileError) {
        try check(path, kind: .unwritable)
        if unlink(path) == 0 || errno == ENOENT { return }
        throw FileError(kind: .unwritable, path: path, sentence: "cannot remove \(path): \(reason(errno))")
    }

    // MARK: - Parts

    /// Distinguishes the temporary files of one process.
    private static let serial = Atomic<Int>(0)

    static func read(_ descriptor: Int32, _ start: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        #if canImport(Glibc)
        Glibc.read(descriptor, start, count)
        #elseif canImport(Musl)
        Musl.read(descriptor, start, count)
        #else
        Darwin.read(descriptor, start, count)
        #endif
    }

    /// Writes everything; returns 0 or the error's number.
    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let start = buffer.baseAddress! + done
                let left = buffer.count - done
                #if canImport(Glibc)
                let written = retrying { Glibc.write(descriptor, start, left) }
                #elseif canImport(Musl)
                let written = retrying { Musl.write(descriptor, start, left) }
                #else
                let written = retrying { Darwin.write(descriptor, start, left) }
                #endif
                if written < 0 { return errno }
                if written == 0 { return ENOSPC }
                done += written
            }
            return 0
        }
    }

    private static func writeInPlace(_ bytes: [UInt8], to path: String) throws(FileError) {
        let descriptor = retrying { open(path, O_WRONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw writing(path, errno) }
        defer { close(descriptor) }
        let code = writeAll(bytes, to: descriptor)
        if code != 0 { throw writing(path, code) }
    }

    /// Asks for the folder's entries to reach the disk. Some file systems cannot, and the rename stands regardless.
    private static func synchronise(folder: String) {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = retrying { fsync(descriptor) }
        close(descriptor)
    }

    private static func resolved(_ path: String) -> String {
        guard let pointer = realpath(path, nil) else { return path }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "" : String(path[..<slash])
    }

    static func isFolder(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

    static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            if result != -1 || errno != EINTR { return result }
        }
    }

    static func check(_ path: String, kind: FileError.Kind) throws(FileError) {
        if path.isEmpty { throw FileError(kind: kind, path: path, sentence: "the path of a file is empty") }
        if path.utf8.contains(0) {
            throw FileError(kind: kind, path: path, sentence: "a path has a zero byte in it, so no file can have it")
        }
    }

    static func reading(_ path: String, _ code: Int32) -> FileError {
        if code == ENOENT {
            let why = isDanglingLink(path) ? " (it is a symbolic link to a file that does not exist)" : ""
            return FileError(kind: .notFound, path: path, sentence: "no such file: \(path)\(why)")
        }
        return FileError(kind: .unreadable, path: path, sentence: "cannot read \(path): \(reason(code))")
    }

    static func writing(_ path: String, _ code: Int32) -> FileError {
        let why = code == ENOENT ? "its folder does not exist" : reason(code)
        return FileError(kind: .unwritable, path: path, sentence: "cannot write \(path): \(why)")
    }

    static func reason(_ code: Int32) -> String {
        switch code {
        case EACCES, EPERM: "permission denied"
        case EISDIR: "it is a folder"
        case ENOTDIR: "a part of its path is a file, not a folder"
        case ENOSPC, EDQUOT: "the disk is full"
        case EFBIG: "it would be larger than a file may be here"
        case EROFS: "the file system is read-only"
        case ENAMETOOLONG: "its name is too long"
        case ELOOP: "its symbolic links go round in a circle"
        case EMFILE, ENFILE: "too many files are open"
        case EIO: "the disk reports an error"
        default: String(cString: strerror(code))
        }
    }
}

/// The size and the time of the last change of a file.
struct FileStamp: Equatable {
    let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    init(_ status: stat) {
        size = Int(status.st_size)
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        seconds = Int(time.tv_sec)
        nanoseconds = Int(time.tv_nsec)
    }
}
