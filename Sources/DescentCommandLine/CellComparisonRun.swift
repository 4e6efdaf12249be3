import ArgumentParser
import Descent

/// Whether a run is made with every cell.
struct ComparisonArguments: ParsableArguments {
    @Flag(name: .customLong("compare-cells"), help: "Train with each recurrent cell (rnn, lstm, gru), print a table, and keep the best model.")
    var comparesCells = false
}

/// `descent train --compare-cells`: the same run with each recurrent cell, of which the best model is kept.
struct CellComparisonRun<J: Job> {
    let request: RunRequest<J>
    let folder: RunFolder
    /// What is to be said of the folder.
    let note: String?
    let saving: SavingArguments
    let output: OutputArguments

    /// Stops a request that has no comparison.
    static func check(_ options: LayoutArguments<TrainLayout>, resumes: Bool) throws(SettingsError) {
        if !CellComparison<J>.isPossible { throw SettingsError("--compare-cells compares recurrent cells, and the job \(J.name) has none; leave it out") }
        if options.given.contains(where: { $0.name == "cell" }) { throw SettingsError("--compare-cells trains with every cell, and --cell names one; choose one of them") }
        if resumes { throw SettingsError("a comparison of cells is not saved as it goes, so it cannot be resumed; leave out --resume or --compare-cells") }
    }

    func run() throws {
        let isSpoken = output.isSpoken
        if isSpoken { try StandardStream.output.print(([request.guess] + (note.map { [$0] } ?? [])).joined(separator: "\n")) }
        var progress: ProgressLine?, noun = "examples"
        let comparison: CellComparison<J>
        do {
            comparison = try CellComparison(
                request.input, settings: request.settings,
                began: { cell, training in
                    noun = training.noun
                    guard isSpoken else { return }
                    try StandardStream.output.print((cell == CellKind.allCases[0] ? training.opening : [""] + training.opening.suffix(1)).joined(separator: "\n"))
                },
                observers: { _ in
                    if output.quiet { return [] }
                    let line = ProgressLine(isTerminal: StandardStream.error.isTerminal, noun: noun) { StandardStream.error.write($0) }
                    progress = line
                    return [line]
                }, shouldStop: { StopRequest.requested != nil })
        } catch is TrainingInterruption {
            progress?.interrupt()
            StandardStream.error.write("Stopped while cells were compared; no model is kept.\n")
            throw ExitCode(128 + (StopRequest.requested ?? 2))
        } catch {
            progress?.interrupt()
            throw error
        }
        let model = comparison.best.model, path = try model.save(to: folder.path)
        let page = saving.writesReport ? folder.file(RunFolder.reportName) : nil
        if let page { try comparison.page(command: request.command("descent") + " --compare-cells").write(to: page) }
        if output.json {
            let line: JSON = [
                "model": .string(path), "report": page.map(JSON.string) ?? .null, "job": .string(J.name), "best": .string(comparison.best.cell.rawValue), "cells": comparison.json,
            ]
            return try StandardStream.output.print(line.text())
        }
        guard isSpoken else { return }
        var lines = [""] + comparison.lines + [""] + ModelLines.heldOut(model) + ["Model: \(path)"]
        if let page { lines.append("Report: \(page)") }
        lines += ["Next:"] + model.nextCommands(folder: folder.path, input: request.input).map { "  \(programName) \($0)" }
        try StandardStream.output.print(lines.joined(separator: "\n"))
    }
}
