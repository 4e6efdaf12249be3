import ArgumentParser
import Descent

/// Runs a command's work; an error becomes one sentence on the standard error and the exit code of its kind.
func reportingErrors(_ work: () throws -> Void) throws {
    do {
        try work()
    } catch let code as ExitCode {
        throw code
    } catch {
        StandardStream.error.write("descent: \(error)\(Suggestion.file(for: error))\n")
        throw exitCode(of: error)
    }
}

/// 1 the work failed, 64 wrong arguments, 65 bad input, 66 no such file, 73 cannot write.
private func exitCode(of error: any Error) -> ExitCode {
    switch error {
    case is SettingsError, is UnfinishedRunError, is ExpressionError, is ExplanationError: ExitCode(64)
    case is ModelError, is FitError, is DataError, is FormatError, is RowsError, is ResumeError: ExitCode(65)
    case let error as FileError: ExitCode(error.kind == .unwritable ? 73 : 66)
    case is RunFolderError: ExitCode(73)
    default: ExitCode(1)
    }
}
