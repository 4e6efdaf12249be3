import ArgumentParser
import Descent

/// The command line of Descent, in your own program.
///
///     import DescentCommandLine
///
///     Descent.main(adding: [LineRanking.self])
public enum Descent {
    /// Runs the command that the program's arguments name, and exits.
    ///
    /// - Parameter jobs: Jobs of your own: the commands know them like those of Descent.
    public static func main(adding jobs: [any Job.Type] = []) {
        for job in jobs { Jobs.add(job) }
        let arguments = FormerOptions.replaced(Array(CommandLine.arguments.dropFirst())) { StandardStream.error.write("descent: \($0)\n") }
        if let word = arguments.first, let suggestion = Suggestion.command(word) {
            StandardStream.error.write("descent: there is no command \(quoted(word))\(suggestion)\n")
            DescentCommand.exit(withError: ExitCode(64))
        }
        do {
            var command = try DescentCommand.parseAsRoot(arguments)
            try command.run()
        } catch {
            if let sentence = Suggestion.option(in: DescentCommand.message(for: error), arguments) {
                StandardStream.error.write("descent: \(sentence)\n")
                DescentCommand.exit(withError: ExitCode(64))
            }
            DescentCommand.exit(withError: error)
        }
    }
}

/// Options that have changed their name, understood for one version.
enum FormerOptions {
    /// Options of commands, beside those of jobs.
    private static let renamed = ["overwrite": "replace", "odd-cells": "invalid-cells"]

    /// The arguments with present names; each change is reported.
    static func replaced(_ arguments: [String], report: (String) -> Void) -> [String] {
        var names = renamed
        for option in Jobs.all.flatMap({ $0.options }) { for former in option.formerNames { names[former] = option.name } }
        var isOption = true
        return arguments.map { argument in
            if argument == "--" { isOption = false }
            guard isOption, argument.hasPrefix("--") else { return argument }
            let name = argument.dropFirst(2).prefix { $0 != "=" }
            guard let present = names[String(name)] else { return argument }
            report("--\(name) is now called --\(present); the old name will not be understood by the next version")
            return "--\(present)" + argument.dropFirst(2 + name.count)
        }
    }
}
