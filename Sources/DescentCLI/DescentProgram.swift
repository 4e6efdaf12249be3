import DescentCommandLine

/// The program `descent`.
@main
enum DescentProgram {
    static func main() { Descent.main() }
}
