import ArgumentParser
import Descent

/// `descent explain "L = (y - s)^2; s = sigmoid(w*x)" --at x=2,y=1,w=0.3`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows a formula's computational graph: every value, every local derivative, every gradient.",
        discussion: """
            Examples:
              descent explain "L = -(y*log(s) + (1-y)*log(1-s)); s = sigmoid(w*x + b)" --at x=0.5,y=1,w=2,b=-1 --wrt w,b --check --step 0.1
              descent explain "y = W @ x" --at "W=[[1,2],[3,4]], x=[0.5,-1]" --jacobian
              descent explain "(1-x)^2 + 100*(y-x^2)^2" --at x=1,y=1 --hessian

            A formula has numbers, names, + - * / ^ (or **), @ for the matrix product, lists [a, b] and functions: sigmoid, tanh, relu, exp,
            log, sqrt, sin, cos, softmax, sum, mean, max, min, dot, norm, transpose, inv, det... Definitions stand in any order, ; between.
            """)

    @Argument(help: "A formula, or definitions with ; between them: \"L = (y - s)^2; s = sigmoid(w*x)\".")
    var formulas: String
    @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("Values of the names: numbers, [1,2] or [[1,2],[3,4]], with commas between.", valueName: "name=value,..."))
    var at: [String] = []
    @Option(help: ArgumentHelp("The definition that is explained. The first that no other one uses, if not given.", valueName: "name"))
    var output: String?
    @Option(help: ArgumentHelp("The names that derivatives are taken by, with commas between. All if not given.", valueName: "names"))
    var wrt: String?
    @Flag(help: "Show the Jacobian of each output by each name: output indices x input indices.")
    var jacobian = false
    @Flag(help: "Show the Hessian, its eigenvalues, and what they say.")
    var hessian = false
    @Flag(help: "Show finite differences beside each gradient. Exit code 1 where they differ.")
    var check = false
    @Option(parsing: .unconditional, help: ArgumentHelp("Make one update of gradient descent with this rate, and show the new value.", valueName: "rate"))
    var step: Double?
    @Option(help: ArgumentHelp("Where the picture of the graph goes. Default: explain.svg; with --json or --dot none.", valueName: "file"))
    var svg: String?
    @Flag(inversion: .prefixedNo, help: "Whether a picture of the graph is written.")
    var picture = true
    @Flag(help: "Print the graph in the DOT language of Graphviz instead of tables.")
    var dot = false
    @Flag(help: "Print one line of JSON instead of tables.")
    var json = false

    func validate() throws {
        if dot && json { throw ValidationError("--dot and --json are two ways to print; choose one.") }
        if svg != nil && !picture { throw ValidationError("--svg says where the picture goes, and --no-picture that there is none; choose one.") }
    }

    func run() throws {
        try reportingErrors {
            // A line's end would take the mark of an error away from its place.
            let graph = try ExpressionGraph(definitions: formulas.replacing("\n", with: " "))
            let values = try ArgumentValues.read(at.joined(separator: ",").replacing("\n", with: " "))
            let names = wrt.map { $0.split(separator: ",").map { $0.filter { !$0.isWhitespace } } } ?? []
            if let wrt, names.isEmpty { throw ExplanationError("--wrt is \"\(wrt)\"; it must be names with commas between") }
            if let step, !step.isFinite { throw ExplanationError("--step is \(step); it must be a learning rate, 0.1 say") }
            let explanation = try Explanation(
                graph, at: Dictionary(uniqueKeysWithValues: values.map { ($0.name, $0.value) }), output: output, wrt: names)
            let request = ExplainRequest(explanation: explanation, jacobian: jacobian, hessian: hessian, check: check, step: step, isOutputChosen: output != nil)
            let report = try request.report()
            let path = svg ?? (picture && !json && !dot ? "explain.svg" : nil)
            if let path { try FileSystem.write(Array(explanation.picture().svg().utf8), to: path) }
            let text = json ? try report.json.text() : dot ? explanation.picture().dot() : report.text + (path.map { "\n\nPicture: \($0)" } ?? "")
            try StandardStream.output.print(text)
            if !report.agrees { throw ExitCode(1) }
        }
    }
}
