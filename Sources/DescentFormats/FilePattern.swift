#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension FileSystem {
    /// The paths that an argument means: itself or, where it is a pattern of the shell's kind (`data/*.csv`, `part-?.csv`, `[ab].csv`) that names no file, the
    /// files that match it, sorted. A shell that finds a pattern in quotes leaves it as it is.
    ///
    /// - Throws: `FileError` of kind `.notFound` where nothing matches a pattern.
    public static func matching(_ argument: String) throws(FileError) -> [String] {
        guard argument.contains(where: { "*?[".contains($0) }), !exists(argument) else { return [argument] }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(argument, 0, nil, &found) == 0 else {
            throw FileError(kind: .notFound, path: argument, sentence: "no file matches the pattern \(argument)")
        }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }

    /// The same for arguments that may also be texts with a question mark: what matches nothing means itself.
    public static func matching(orTexts arguments: [String]) -> [String] { arguments.flatMap { (try? matching($0)) ?? [$0] } }

    /// The paths that several arguments mean, in their order.
    ///
    /// - Throws: `FileError` of kind `.notFound` where nothing matches a pattern.
    public static func matching(_ arguments: [String]) throws(FileError) -> [String] {
        var paths: [String] = []
        for argument in arguments { paths += try matching(argument) }
        return paths
    }
}
