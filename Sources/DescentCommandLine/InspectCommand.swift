import ArgumentParser
import Descent

/// `descent inspect MODEL`.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Show what a model is: its task, its data, its metrics.")

    @Argument(help: "A model's folder, or its model.safetensors.", completion: .directory)
    var model: String
    @Flag(help: "Print the model's whole card as one line of JSON.")
    var json = false

    func run() throws {
        try reportingErrors {
            let model = try Jobs.model(path: model)
            try StandardStream.output.print(json ? model.card().text() : ModelLines.describe(model))
        }
    }
}
