import DescentFormats
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite struct FileLockTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("lock") }

    init() throws { folder = try TemporaryFolder() }

    @Test func oneAtATime() throws {
        var first: FileLock? = try FileLock(path)
        #expect { try FileLock(path) } throws: { ($0 as? FileLock.HeldElsewhere)?.process == getpid() }
        withExtendedLifetime(first) {}
        first = nil
        _ = try FileLock(path)
    }

    /// A second descriptor of the same open file, as a forked child has one until it runs its own program.
    @Test func whatAChildInheritedKeepsNoLock() throws {
        var lock: FileLock? = try FileLock(path)
        var wanted = stat()
        #expect(stat(path, &wanted) == 0)
        let ours = (Int32(3)..<4096).first { descriptor in
            var found = stat()
            return fstat(descriptor, &found) == 0 && found.st_ino == wanted.st_ino && found.st_dev == wanted.st_dev
        }
        let inherited = dup(try #require(ours))
        defer { close(inherited) }
        withExtendedLifetime(lock) {}
        lock = nil
        _ = try FileLock(path)
    }
}
