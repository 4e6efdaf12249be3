import ArgumentParser
import Descent

/// `descent explain "L = (y - s)^2; s = sigmoid(w*x)" --at x=2,y=1,w=0.3`, and `descent explain MODEL FILE`.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Show a formula's computational graph with every value, derivative and gradient; or a model's values and gradients, layer by layer.",
        discussion: """
            Examples:
              descent explain "L = -(y*log(s) + (1-y)*log(1-s)); s = sigmoid(w*x + b)" --at x=0.5,y=1,w=2,b=-1 --wrt w,b --check --step 0.1
              descent explain "y = W @ x" --at "W=[[1,2],[3,4]], x=[0.5,-1]" --jacobian
              descent explain "(1-x)^2 + 100*(y-x^2)^2" --at x=1,y=1 --hessian
              descent explain "L = -sum(Y*log(P)); P = softmax(X @ W.T, axis=1)" --at "X=[[1,2],[3,4]], Y=[[1,0],[0,1]], W=[[1,0],[0,1]]"
              descent explain descent-models/titanic titanic.csv --rows 100

            A formula has numbers, names, + - * / ^ (or **), @ for the matrix product, lists [a, b], parts W[0, :] x[-1] x[::2] W.T and
            functions: sigmoid, tanh, relu, exp, log, sqrt, sin, softmax, sum, mean, max, dot, norm, concat, reshape, inv, det... Those that
            work along axes take axis=0 and keepdims=true; norm takes ord=1, 2, inf. Definitions stand in any order, ; between.
            Name a formula that starts with a minus, or it is read as an option: "L = -x^2".

            With a model and a file, the first rows, texts or tokens of the file (of a series the last windows) go through the model: shapes,
            values and gradients of each layer, dead and saturated units, and whether the gradient vanishes or explodes. With an image model give
            an image or a folder of images; explain.html has filters, feature maps and where the network looked.

            A model of texts explains a text, too: where no such file exists, and it doesn't look like a file's name, the argument is the text.
            Gates step by step, surprises, the network unrolled and the gradient back through time go to explain.html.
              descent explain descent-models/shakespeare "To be, or not to be"
            """)

    @Argument(help: ArgumentHelp("A formula, or definitions with ; between them: \"L = (y - s)^2; s = sigmoid(w*x)\". Or a model's folder.", valueName: "formulas-or-model"))
    var formulas: String
    @Argument(
        help: ArgumentHelp(
            "With a model: the file, or the folder of images, that goes through it, or digits, iris, diabetes (built in); for a model of texts also a text in quotes.", valueName: "file-or-text"))
    var file: String?
    @Option(help: ArgumentHelp("With a model: number of rows, texts, tokens or windows. Default: \(Self.usualRows).", valueName: "count"))
    var rows: Int?
    @Option(help: "With a model: non-numeric cell in a numeric column: reject or missing. Default: as in training.")
    var invalidCells: InvalidCells?
    @OptionGroup var reading: TableArguments
    @Option(parsing: .unconditionalSingleValue, help: ArgumentHelp("Values of the variables: numbers, [1,2] or [[1,2],[3,4]], separated by commas.", valueName: "name=value,..."))
    var at: [String] = []
    @Option(help: ArgumentHelp("Definition to explain. Default: the first that no other one uses.", valueName: "name"))
    var output: String?
    @Option(help: ArgumentHelp("Variables to differentiate with respect to, separated by commas. Default: all.", valueName: "names"))
    var wrt: String?
    @Flag(help: "Show the Jacobian of each output with respect to each variable.")
    var jacobian = false
    @Flag(help: "Show the Hessian, its eigenvalues, and the curvature.")
    var hessian = false
    @Flag(help: "Show finite differences beside each gradient. Exit code 1 where they differ.")
    var check = false
    @Option(parsing: .unconditional, help: ArgumentHelp("Take one step of gradient descent with this learning rate, and show the new value.", valueName: "rate"))
    var step: Double?
    @Option(help: ArgumentHelp("File for the picture of the graph. Default: explain.svg; with --json or --dot none. Of an image model: the page, explain.html.", valueName: "file"))
    var svg: String?
    @Flag(inversion: .prefixedNo, help: "Write a picture of the graph.")
    var picture = true
    @Flag(inversion: .prefixedNo, help: "Draw repeated definitions, such as the steps h1, h2, h3, as one box. Default: for more than \(Explanation.foldingLimit) boxes.")
    var fold: Bool?
    @Flag(help: "Print the graph in the DOT language of Graphviz instead of tables.")
    var dot = false
    @Flag(help: "Print one line of JSON instead of tables.")
    var json = false

    func validate() throws {
        if dot && json { throw ValidationError("--dot and --json are two ways to print; choose one.") }
        if svg != nil && !picture { throw ValidationError("--svg says where the picture goes, and --no-picture that there is none; choose one.") }
        if file != nil {
            let others = [
                ("--at", !at.isEmpty), ("--output", output != nil), ("--wrt", wrt != nil), ("--jacobian", jacobian), ("--hessian", hessian), ("--check", check), ("--step", step != nil),
                ("--fold", fold != nil), ("--dot", dot),
            ]
            if let other = others.first(where: \.1) { throw ValidationError("\(other.0) belongs to a formula; with a model and a file there are --rows, --no-picture and --json.") }
            if let rows, rows < 1 { throw ValidationError("--rows is \(rows); it must be 1 or more.") }
        } else {
            let others = [("--rows", rows != nil), ("--invalid-cells", invalidCells != nil), ("--delimiter", reading.delimiter != nil), ("--labels", reading.labels != nil)]
            if let other = others.first(where: \.1) { throw ValidationError("\(other.0) belongs to a model and a file: descent explain MODEL FILE.") }
        }
    }

    func run() throws {
        try reportingErrors {
            if let file {
                if !FileSystem.exists(formulas) {
                    throw SettingsError("there is no model \(quoted(formulas)) to explain with \(quoted(file)); a formula with spaces in it is written in quotes")
                }
                return try explain(try Jobs.model(path: formulas), file)
            }
            if ModelFile.exists(formulas) {
                throw SettingsError("\(quoted(formulas)) is a model; give the file that goes through it, too: descent explain \(formulas) FILE")
            }
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
            let isFolded = fold ?? (!dot && explanation.nodes.count > Explanation.foldingLimit)
            let picture = path != nil || dot ? (isFolded ? explanation.foldedPicture() : explanation.picture()) : nil
            if let path, let picture { try FileSystem.write(Array(picture.svg().utf8), to: path) }
            let note = isFolded && fold == nil ? " (repeated parts as one box; --no-fold draws all)" : ""
            let text = try json ? report.json.text() : dot ? picture!.dot() : report.text + (path.map { "\n\nPicture: \($0)\(note)" } ?? "")
            try StandardStream.output.print(text)
            if !report.agrees { throw ExitCode(1) }
        }
    }

    /// The page of a model's pictures.
    private static let pageName = "explain.html"
    /// The rows looked at by default.
    private static let usualRows = 256

    private func explain(_ model: some JobModel, _ file: String) throws {
        var input = reading.input(file)
        input.invalidCells = invalidCells
        let isText = model.readsTexts && ExplainedText.isText(file)
        if isText, rows != nil { throw SettingsError("--rows belongs to a file; \(quoted(file)) is a text, which is read as a whole") }
        let found = try isText ? model.explanation(ofText: file) : model.explanation(input, count: rows ?? Self.usualRows)
        if !json {
            var text = ([found.heading, ""] + (found.lines.isEmpty ? [] : found.lines + [""]) + [found.explanation.description]).joined(separator: "\n")
            if picture, !found.sections.isEmpty {
                let path = svg ?? Self.pageName
                let page = ReportPage(
                    title: "\(model.record.source): \(isText ? ExplainedText.title(file) : file)", subtitle: found.heading,
                    sections: found.sections + [ReportSection("Layer by layer", [.code(found.explanation.description)])], footer: "Written by Descent \(Release.version).")
                try page.write(to: path)
                text += "\n\nPictures: \(path)"
            }
            return try StandardStream.output.print(text)
        }
        var object = found.facts
        object["explanation"] = found.explanation.json()
        try StandardStream.output.print(JSON.object(object).text())
    }
}
