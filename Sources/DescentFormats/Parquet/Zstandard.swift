#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Frames compressed by Zstandard, through the system's library where there is one. It is looked for when the first frame is read, so that nothing depends on it.
enum Zstandard {
    private typealias Decompress = @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int) -> Int
    private typealias IsError = @convention(c) (Int) -> UInt32

    private struct Library: @unchecked Sendable {
        let decompress: Decompress
        let isError: IsError
    }

    private static let library: Library? = {
        let names = ["libzstd.so.1", "libzstd.so", "libzstd.1.dylib", "/opt/homebrew/lib/libzstd.1.dylib", "/usr/local/lib/libzstd.1.dylib"]
        guard let handle = names.lazy.compactMap({ dlopen($0, RTLD_NOW) }).first, let decompress = dlsym(handle, "ZSTD_decompress"), let isError = dlsym(handle, "ZSTD_isError") else { return nil }
        return Library(decompress: unsafeBitCast(decompress, to: Decompress.self), isError: unsafeBitCast(isError, to: IsError.self))
    }()

    /// Whether the system has the library.
    static var isAvailable: Bool { library != nil }

    /// The content of a frame that has `count` bytes; `nil` where it is damaged or has another number.
    static func decompress(_ bytes: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
        guard let library else { return nil }
        var isWhole = false
        let content = [UInt8](unsafeUninitializedCapacity: count) { output, filled in
            let size = bytes.withUnsafeBytes { library.decompress(output.baseAddress, count, $0.baseAddress, $0.count) }
            isWhole = library.isError(size) == 0 && size == count
            filled = isWhole ? count : 0
        }
        return isWhole ? content : nil
    }
}
