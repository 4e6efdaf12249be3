import DescentFormats
import Testing

/// `descent predict`, `evaluate` and `inspect` from start to exit, with input of every kind.
@Suite(.serialized)
struct PredictCommandTests {
    /// Two numbers, a colour, and which of three the sum is.
    private static let table =
        "a,b,colour,y\n"
        + (1...90).map { row in
            let a = (Double(row) * 0.754877666).truncatingRemainder(dividingBy: 1)
            let b = (Double(row) * 0.569840296).truncatingRemainder(dividingBy: 1)
            return "\(a),\(b),\(row % 3 == 0 ? "red" : "blue"),\(a + b > 1.2 ? "high" : a + b > 0.8 ? "middle" : "low")\n"
        }.joined()

    private func trained(_ body: (Executable) throws -> Void) throws {
        let executable = try Executable()
        defer { executable.remove() }
        try executable.write(Self.table, to: "table.csv")
        let train = try executable.run("train", "table.csv", "--target", "y", "--hidden", "8", "--epochs", "5", "-q", "--out", "m")
        try #require(train.code == 0, "\(train.errors)")
        try body(executable)
    }

    private func lines(_ text: String) -> [String] { text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }

    private func json(_ line: String) throws -> JSONReader { JSONReader(try JSON(parsing: Array(line.utf8), file: "output"), file: "output") }

    @Test("CSV, TSV and JSON lines, from a file or the standard input, give the same answers")
    func formats() throws {
        try trained { descent in
            try descent.write("a,b,colour\n0.9,0.8,red\n0.1,0.2,blue\n", to: "new.csv")
            try descent.write("colour\ta\tb\nred\t0.9\t0.8\nblue\t0.1\t0.2\n", to: "new.tsv")
            let objects = "{\"a\": 0.9, \"b\": 0.8, \"colour\": \"red\"}\n{\"b\": 0.2, \"a\": 0.1, \"colour\": \"blue\"}\n"
            let first = try descent.run("predict", "m", "new.csv", "--json", "--probabilities")
            #expect(first.code == 0 && first.errors == "", "\(first.errors)")
            #expect(try descent.run("predict", "m", "new.tsv", "--json", "--probabilities").output == first.output)
            #expect(try descent.run("predict", "m", "new.tsv", "--format", "tsv", "--json", "--probabilities").output == first.output)
            let piped = try descent.run("predict", "m", "-", "--probabilities", input: objects)
            // Their lines differ: a header is one.
            #expect(lines(piped.output).map { $0.split(separator: ",").dropFirst() } == lines(first.output).map { $0.split(separator: ",").dropFirst() })
            #expect(try json(lines(piped.output)[1])["line"].int() == 2)
            #expect(try json(lines(piped.output)[1])["probabilities"].members().map(\.key) == ["high", "low", "middle"])
        }
    }

    @Test("--top and --probabilities as CSV: columns that a header names")
    func columns() throws {
        try trained { descent in
            let result = try descent.run("predict", "m", "-", "--top", "2", "--probabilities", "--brief", input: "a,b,colour,y\n0.9,0.8,red,high\n")
            #expect(result.code == 0)
            let table = lines(result.output).map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
            #expect(table[0] == ["y", "prediction", "probability", "prediction 2", "probability 2", "probability of high", "probability of low", "probability of middle", "error"])
            #expect(table[1].count == 9)
            #expect(Double(table[1][2])! >= Double(table[1][4])!)
            let all = try table[1][5...7].map { try #require(Double($0)) }
            #expect(abs(all.reduce(0, +) - 1) < 2e-4 && all.max() == Double(table[1][2]))
            let tabs = try descent.run("predict", "m", "-", "--output-format", "tsv", "--strict", input: "a,b,colour\n0.9,0.8,red\n")
            #expect(lines(tabs.output)[0] == "a\tb\tcolour\tprediction\tprobability")
        }
    }

    @Test("a row that cannot be used has an error, the others their answers, and the exit code is 65")
    func rowErrors() throws {
        try trained { descent in
            let input = "a,b,colour,extra\n0.9,0.8,red,1\nforty,0.8,red,1\n0.1\n0.1,0.2,violet,1\n"
            let result = try descent.run("predict", "m", "-", input: input)
            #expect(result.code == 65)
            let output = lines(result.output)
            #expect(output.count == 5)
            #expect(output[1].hasPrefix("0.9,0.8,red,1,high,") || output[1].hasPrefix("0.9,0.8,red,1,"))
            #expect(output[1].hasSuffix(",") && output[4].hasSuffix(","))
            #expect(output[2].hasPrefix("forty,0.8,red,1,,,\"standard input:3: column \"\"a\"\" is \"\"forty\"\""))
            #expect(output[3] == ",,,,,,\"standard input:4: 1 field, and the first line has 4\"")
            #expect(result.errors.contains("descent: 2 of 4 rows have no answer; the column error says why\n"))
            #expect(result.errors.contains("descent: column \"colour\": 1 cell has a value that was rare or absent in training (\"violet\")"))
            #expect(result.errors.contains("descent: ignored, since the model was trained without: \"extra\"\n"))

            let strict = try descent.run("predict", "m", "-", "--strict", input: input)
            #expect(strict.code == 65)
            #expect(lines(strict.output).count == 2)
            #expect(strict.errors == "descent: standard input:3: column \"a\" is \"forty\", not a finite number. Fix the cell, or use --invalid-cells missing\n")

            let missing = try descent.run("predict", "m", "-", "--invalid-cells", "missing", input: "a,b,colour\nforty,0.8,red\n")
            #expect(missing.code == 0 && missing.errors == "", "\(missing.errors)")
            let former = try descent.run("predict", "m", "-", "--odd-cells", "missing", input: "a,b,colour\nforty,0.8,red\n")
            #expect(former.output == missing.output && former.errors == "descent: --odd-cells is now called --invalid-cells; the old name will not be understood by the next version\n")

            let broken = try descent.run("predict", "m", "-", input: "{\"a\": 1, \"b\": 1, \"colour\": \"red\"}\n{\"a\": 1,, \"b\": 1}\n")
            #expect(broken.code == 65)
            #expect(try json(lines(broken.output)[1])["error"].string() == "standard input:2:9: a key in quotes is missing in an object")
        }
    }

    @Test(
        "input of which nothing can be used",
        arguments: [
            ("a,b\n1,2\n", "standard input: the column \"colour\" that the model was trained on is missing"),
            ("", "standard input: the file is empty"),
            ("a,b,colour\n", "standard input: the file has a header and no rows"),
        ])
    func useless(input: String, sentence: String) throws {
        try trained { descent in
            let result = try descent.run("predict", "m", "-", input: input)
            #expect(result.code == 65 && result.output == "")
            #expect(result.errors.contains(sentence), "\(result.errors)")
            let folder = try descent.run("predict", ".", "-", input: input)
            #expect(folder.code == 66)
            #expect(folder.errors.contains("no such file: ./model.safetensors"), "\(folder.errors)")
        }
    }

    @Test("evaluate: tables for people, JSON for machines, errors with their place")
    func evaluate() throws {
        try trained { descent in
            let text = try descent.run("evaluate", "m", "table.csv")
            #expect(text.code == 0, "\(text.errors)")
            #expect(text.output.contains("90 rows of table.csv. Target y: 3 classes (high, low, middle)"))
            #expect(text.output.contains("The model was trained on this very data"))
            #expect(text.output.contains("\n  balanced accuracy "))
            #expect(text.output.contains("Confusion matrix (rows: true class, columns: predicted class):\n"))
            let line = try json(descent.run("evaluate", "m", "table.csv", "--json").output)
            let counts = try line["confusionMatrix"].elements().map { try $0.doubles() }
            let right = (0..<3).reduce(0.0) { $0 + counts[$1][$1] }
            #expect(try line["metrics"]["accuracy"].double() == right / 90)

            let inspect = try descent.run("inspect", "m")
            #expect(inspect.output.contains("  balanced accuracy "))
            #expect(inspect.output.contains("learning rate 0.003, weight decay 0.3"))

            let unlabelled = try descent.run("evaluate", "m", "-", input: "a,b,colour\n1,1,red\n")
            #expect(unlabelled.code == 65 && unlabelled.errors.contains("there is no column \"y\""), "\(unlabelled.errors)")
            let other = try descent.run("evaluate", "m", "-", input: "a,b,colour,y\n1,1,red,high\n1,1,red,huge\n")
            #expect(other.code == 65 && other.errors.contains("standard input:3: the target \"y\" is \"huge\", none of the classes high, low, middle"), "\(other.errors)")
        }
    }
}
