import DescentFormats
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite("files")
struct FileSystemTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("what is written is read back", arguments: [0, 1, 65_536, 1_000_003])
    func roundTrip(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try FileSystem.write(bytes, to: folder.file("a"))
        #expect(try FileSystem.read(folder.file("a")) == bytes)
        #expect(try FileSystem.list(folder.path) == ["a"], "no temporary file stays")
    }

    @Test("a missing file is named")
    func missing() {
        #expect(throws: FileError(kind: .notFound, path: "/no/file", sentence: "no such file: /no/file")) {
            try FileSystem.read("/no/file")
        }
    }

    @Test("a folder is no file")
    func readFolder() {
        let error = #expect(throws: FileError.self) { try FileSystem.read(folder.path) }
        #expect(error?.kind == .unreadable)
        #expect(error?.sentence == "cannot read \(folder.path): it is a folder")
    }

    @Test("a path may be neither empty nor have a zero byte", arguments: ["", "a\0b"])
    func badPath(path: String) {
        #expect(throws: FileError.self) { try FileSystem.read(path) }
        #expect(throws: FileError.self) { try FileSystem.write([], to: path) }
        #expect(!FileSystem.exists(path))
    }

    @Test("writing into a missing folder, over a folder, under a file")
    func unwritable() throws {
        let missing = folder.file("none/a")
        try expectUnwritable("cannot write \(missing): its folder does not exist") {
            try FileSystem.write([1], to: missing)
        }
        try expectUnwritable("cannot write \(folder.path): it is a folder") {
            try FileSystem.write([1], to: folder.path)
        }
        let file = folder.file("a")
        try FileSystem.write([1], to: file)
        try expectUnwritable("cannot write \(file)/b: a part of its path is a file, not a folder") {
            try FileSystem.write([1], to: "\(file)/b")
        }
        try expectUnwritable("cannot create the folder \(file)/b: a part of its path is a file, not a folder") {
            try FileSystem.createFolder("\(file)/b")
        }
    }

    @Test("a full disk is reported", .enabled(if: FileSystem.exists("/dev/full")))
    func full() throws {
        try expectUnwritable("cannot write /dev/full: the disk is full") { try FileSystem.write([1], to: "/dev/full") }
    }

    @Test("a write that fails leaves the old file and no temporary one")
    func untouched() throws {
        let file = folder.file("a")
        try FileSystem.write([1, 2, 3], to: file)
        // A limit on the size of files makes the write fail midway, as a full disk would. It holds for the whole
        // process: far above what other tests write.
        var limit = rlimit()
        #expect(getrlimit(Self.fileSize, &limit) == 0)
        let old = limit
        signal(SIGXFSZ, SIG_IGN)
        limit.rlim_cur = 64 << 20
        #expect(setrlimit(Self.fileSize, &limit) == 0)
        let error = #expect(throws: FileError.self) {
            try FileSystem.write([UInt8](repeating: 7, count: (64 << 20) + 1), to: file)
        }
        limit = old
        #expect(setrlimit(Self.fileSize, &limit) == 0)
        #expect(error?.kind == .unwritable)
        #expect(try FileSystem.read(file) == [1, 2, 3])
        #expect(try FileSystem.list(folder.path) == ["a"])
    }

    @Test("permissions of a file that is replaced are kept, and a link stays a link")
    func permissionsAndLinks() throws {
        let file = folder.file("a")
        try FileSystem.write([1], to: file)
        #expect(chmod(file, 0o640) == 0)
        #expect(symlink(file, folder.file("link")) == 0)
        try FileSystem.write([2], to: folder.file("link"))
        #expect(try FileSystem.read(file) == [2])
        var status = stat()
        #expect(lstat(folder.file("link"), &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFLNK)
        #expect(lstat(file, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o640)
    }

    @Test("folders are created with those above them, once")
    func createFolder() throws {
        try FileSystem.createFolder(folder.file("x"))
        try FileSystem.createFolder(folder.file("x"))
        #expect(FileSystem.folderExists(folder.file("x")))
        #expect(throws: FileError.self) { try FileSystem.list(folder.file("y")) }
    }

    #if canImport(Glibc)
    private static let fileSize = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    #else
    private static let fileSize = RLIMIT_FSIZE
    #endif

    private func expectUnwritable(_ sentence: String, _ body: () throws -> Void) throws {
        let error = try #require(throws: FileError.self) { try body() }
        #expect(error.kind == .unwritable)
        #expect(error.sentence == sentence)
    }
}
