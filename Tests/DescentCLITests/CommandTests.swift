import DescentFormats
import Testing

/// The commands from start to exit: what they print, what they leave, and their exit codes.
@Suite(.serialized)
struct CommandTests {
    /// 60 rows of two numbers and whether they add up to more than 1.
    private static let table =
        "a,b,y\n"
        + (1...60).map { row in
            let a = (Double(row) * 0.754877666).truncatingRemainder(dividingBy: 1)
            let b = (Double(row) * 0.569840296).truncatingRemainder(dividingBy: 1)
            return "\(a),\(b),\(a + b > 1 ? "yes" : "no")\n"
        }.joined()

    private func inFolder(_ body: (Executable) throws -> Void) throws {
        let executable = try Executable()
        defer { executable.remove() }
        try executable.write(Self.table, to: "table.csv")
        try body(executable)
    }

    @Test("train, predict, inspect")
    func journey() throws {
        try inFolder { descent in
            let train = try descent.run("train", "table.csv", "--target", "y", "--hidden", "8")
            #expect(train.code == 0, "\(train.errors)")
            #expect(train.output.contains("Target y: 2 classes (no, yes), so a binary classification (guessed; --task changes it)."))
            #expect(train.output.contains("  a: numeric\n"))
            #expect(train.output.contains("always predicting "))
            #expect(train.output.contains("Model: descent-models/table/model.safetensors\n"))
            #expect(train.output.contains(" predict descent-models/table table.csv"))
            // A line for each tenth of the run where nobody looks at a terminal.
            #expect(train.errors.split(separator: "\n").count == 10)
            #expect(descent.exists("descent-models/table/model.json"))

            try descent.write("b,note,a\n0.9,\"x, y\",0.8\n0.1,,0.2\n", to: "new.csv")
            let predict = try descent.run("predict", "descent-models/table", "new.csv")
            #expect(predict.code == 0, "\(predict.errors)")
            let lines = predict.output.split(separator: "\n")
            #expect(lines.count == 3)
            #expect(lines.first == "b,note,a,prediction,probability,error")
            #expect(lines.dropFirst().first?.hasPrefix("0.9,\"x, y\",0.8,yes,0.") == true)
            #expect(lines.last?.hasPrefix("0.1,,0.2,no,0.") == true)

            let piped = try descent.run("predict", "descent-models/table/model.safetensors", "-", "--json", input: "a,b\n0.9,0.9\n")
            let json = try JSONReader(JSON(parsing: Array(piped.output.utf8), file: "output"), file: "output")
            #expect(try json["prediction"].string() == "yes")
            #expect(try json["line"].int() == 2)

            // Training again keeps the finished model.
            let second = try descent.run("train", "table.csv", "--target", "y", "--hidden", "8", "--epochs", "2")
            #expect(second.code == 0 && second.output.contains("descent-models/table holds a finished model, so this run goes to descent-models/table-2 (--replace uses descent-models/table)."))
            #expect(descent.exists("descent-models/table-2/model.safetensors"))

            let inspect = try descent.run("inspect", "descent-models/table")
            #expect(inspect.code == 0)
            #expect(inspect.output.contains("Trained by Descent"))
            #expect(inspect.output.contains("  b: numeric"))
        }
    }

    @Test("--json ends with one line, --quiet says nothing")
    func machines() throws {
        try inFolder { descent in
            let json = try descent.run("train", "table.csv", "--target", "3", "--epochs", "3", "--json", "--quiet", "--out", "m", "--threads", "1")
            #expect(json.errors == "")
            let line = try JSONReader(JSON(parsing: Array(json.output.utf8), file: "output"), file: "output")
            #expect(try line["model"].string() == "m/model.safetensors")
            #expect(try line["figures"]["accuracy"].double() > 0)
            let quiet = try descent.run("train", "table.csv", "--target", "y", "--epochs", "3", "-q")
            #expect(quiet.code == 0)
            #expect(quiet.output + quiet.errors == "")
        }
    }

    @Test(
        "exit codes and sentences",
        arguments: [
            (["train", "missing.csv", "--target", "y"], 66, "no such file: missing.csv"),
            (["train", ".", "--target", "y"], 66, "it is a folder"),
            (["train", "empty.csv", "--target", "y"], 65, "empty.csv: the file is empty"),
            (["train", "many.csv", "--target", "y"], 65, "many.csv:3: 4 fields, and the first line has 3"),
            (["train", "text.csv", "--target", "y"], 65, "text.csv:4: column \"a\" is \"forty\", not a finite number"),
            (["train", "table.csv", "--target", "z"], 65, "there is no column \"z\""),
            (["train", "table.csv"], 64, "Say --target and one of: a, b, y"),
            (["train", "table.csv", "--target", "y", "--task", "guess"], 64, "guess"),
            (["train", "table.csv", "--target", "y", "--hidden", "many"], 64, "128,128"),
            (["train", "table.csv", "--target", "y", "--epochs", "0"], 64, "1 to"),
            (["train", "table.csv", "--target", "y", "--learning-rate", "0"], 64, "the learning rate is 0.0; it must be above 0, 0.003 say"),
            (["train", "table.csv", "--target", "y", "--learning-rate", "-0.1"], 64, "the learning rate is -0.1; it must be above 0, 0.003 say"),
            (["train", "table.csv", "--target", "y", "--steps", "0"], 64, "the number of steps is 0; it must be 1 to"),
            (["train", "table.csv", "--target", "y", "--steps", "9", "--epochs", "9"], 64, "epochs and steps are both given"),
            (["train", "table.csv", "--target", "y", "--patience", "0"], 64, "the patience is 0; it must be 1 epoch or more"),
            (["train", "table.csv", "--target", "y", "--validation-fraction", "1"], 64, "the validation fraction is 1.0"),
            (["train", "table.csv", "--target", "y", "--clip-norm", "0"], 64, "it must be above 0, 1 say"),
            (["train", "table.csv", "--target", "y", "--checkpoint-every", "often"], 64, "often"),
            (["train", "--resume", "."], 66, "no run to resume in .: it has no checkpoint.safetensors"),
            (["train", "--resume", ".", "--seed", "2"], 64, "leave the others out"),
            (["train", "table.csv", "--target", "y", "--threads", "0"], 64, "1 to 1024"),
            (["train", "table.csv", "--target", "y", "--learning-rate", "1e30", "-q"], 1, "training stopped"),
            (["train", "table.csv", "--target", "y", "--out", "table.csv/x"], 73, "cannot create the folder table.csv/x"),
            (["predict", "nothing", "table.csv"], 66, "no such file: nothing"),
            (["predict", "table.csv", "table.csv"], 65, "table.csv: its header"),
            (["predict", "nothing", "table.csv", "--top", "0"], 64, "--top is 0"),
            (["predict", "nothing", "table.csv", "--json", "--output-format", "csv"], 64, "contradict"),
            (["evaluate", "nothing", "table.csv"], 66, "no such file: nothing"),
            (["inspect", "nothing"], 66, "no such file"),
            (["fly"], 64, "there is no command \"fly\""),
            (["trian", "table.csv"], 64, "did you mean \"train\"?"),
            (["train", "table.cvs"], 66, "did you mean table.csv?"),
            (["train", "table.csv", "--batch", "3"], 64, "did you mean --batch-size?"),
        ])
    func failures(arguments: [String], code: Int32, sentence: String) throws {
        try inFolder { descent in
            try descent.write("", to: "empty.csv")
            try descent.write("a,b,y\n1,2,0\n2,3,1,9\n", to: "many.csv")
            try descent.write("a,y\n" + (1...40).map { "\($0 == 3 ? "forty" : "\($0 * 7 % 11)"),\($0 % 2)\n" }.joined(), to: "text.csv")
            let result = try descent.run(arguments)
            #expect(result.code == code, "\(result.errors)")
            #expect(result.errors.contains(sentence), "\(result.errors)")
            #expect(result.output == "" || code == 1 || code == 73)
        }
    }
}
