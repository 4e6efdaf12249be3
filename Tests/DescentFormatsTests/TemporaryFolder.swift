import DescentFormats
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A folder that is removed with its files when the value goes away.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/descent-test-XXXXXX".utf8CString)
        path = String(cString: try #require(mkdtemp(&template)))
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    deinit {
        for name in (try? FileSystem.list(path)) ?? [] {
            let file = file(name)
            if unlink(file) != 0 { rmdir(file) }
        }
        rmdir(path)
    }
}
