#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import Descent

/// `descent-cases FILE...`: checks every case of the files, prints each failure, and ends with how many passed and failed. Exit codes: 0 all
/// passed, 1 some failed, 64 no file was named, 65 a file cannot be read.
@main
struct CasesCommand {
    static func main() {
        let files = Array(CommandLine.arguments.dropFirst())
        if files.isEmpty || files.contains(where: { $0 == "-h" || $0 == "--help" }) {
            print("Checks files of numeric cases through the public API.\n\nusage: descent-cases FILE...")
            exit(files.isEmpty ? 64 : 0)
        }
        var cases: [NumericCase] = []
        for file in files {
            do {
                cases += try NumericCase.list(parsing: try FileSystem.read(file), file: file)
            } catch {
                var line = "descent-cases: \(error)\n"
                _ = line.withUTF8 { write(STDERR_FILENO, $0.baseAddress, $0.count) }
                exit(65)
            }
        }
        var passed = 0
        for numericCase in cases {
            let failures = numericCase.failures()
            if failures.isEmpty { passed += 1 }
            for line in failures { print(line) }
        }
        print("\(passed) passed, \(cases.count - passed) failed")
        exit(passed == cases.count ? 0 : 1)
    }
}
