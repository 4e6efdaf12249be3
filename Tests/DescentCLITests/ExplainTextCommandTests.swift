import DescentFormats
import Testing

/// Texts in place of files, the recall task and the comparison of cells, from start to exit.
@Suite(.serialized)
struct ExplainTextCommandTests {
    @Test("explain takes a text where no such file is; a name that looks like a file's is missed")
    func text() throws {
        let descent = try Executable()
        defer { descent.remove() }
        try descent.write(String(repeating: "the cat sat on the mat. the dog sat on the log.\n", count: 40), to: "cats.txt")
        let train = try descent.run("train", "cats.txt", "--hidden", "8", "--layers", "1", "--embedding", "4", "--window", "16", "--batch-size", "8", "--epochs", "1", "--quiet")
        #expect(train.code == 0, "\(train.errors)")
        let found = try descent.run("explain", "descent-models/cats", "the cat")
        #expect(found.code == 0 && found.output.hasPrefix("7 characters after the beginning of a text, through "), "\(found.errors)")
        #expect(found.output.contains("<bos>") && found.output.contains("the gradient") && found.output.hasSuffix("Pictures: explain.html\n"))
        #expect(descent.exists("explain.html"))
        #expect(try descent.run("explain", "descent-models/cats", "cat", "--no-picture").output.contains("3 characters after"))
        for name in ["missing.txt", "texts/missing", "no such file.txt"] {
            let missing = try descent.run("explain", "descent-models/cats", name)
            #expect(missing.code == 66 && missing.errors.contains(name), "\(missing.errors)")
        }
        let rows = try descent.run("explain", "descent-models/cats", "the cat", "--rows", "3")
        #expect(rows.code == 64 && rows.errors == "descent: --rows belongs to a file; \"the cat\" is a text, which is read as a whole\n")
        let json = try descent.run("explain", "descent-models/cats", "the cat", "--json")
        #expect(json.code == 0 && json.output.contains("\"text\":\"the cat\"") && json.output.contains("\"forget gate\""))
        // A table's model takes files only.
        #expect(try descent.run("train", "iris", "--epochs", "1", "--quiet").code == 0)
        let table = try descent.run("explain", "descent-models/iris", "some text")
        #expect(table.code == 66, "\(table.errors)")
    }

    @Test("recall: train, inspect, evaluate, predict, explain")
    func recall() throws {
        let descent = try Executable()
        defer { descent.remove() }
        let train = try descent.run("train", "recall", "--distance", "3", "--subjects", "3", "--hidden", "16", "--epochs", "8", "--batch-size", "32", "--learning-rate", "0.02")
        #expect(train.code == 0 && train.output.contains("recall looks like the built-in recall task") && train.output.contains("at distance 3 (chance: 0.333)"), "\(train.errors)")
        #expect(try descent.run("inspect", "descent-models/recall").output.contains("Accuracy by distance"))
        let evaluate = try descent.run("evaluate", "descent-models/recall", "recall")
        #expect(evaluate.code == 0 && !evaluate.output.contains("optimistic") && evaluate.output.contains("(the longest trained at)"), "\(evaluate.errors)")
        let predict = try descent.run("predict", "descent-models/recall", "recall", "--first", "2")
        #expect(predict.code == 0 && predict.output.split(separator: "\n").count == 3 && predict.output.hasPrefix("text,prediction,probability\n"), "\(predict.output)")
        #expect(try descent.run("explain", "descent-models/recall", "Ada walks over?", "--no-picture").output.hasPrefix("A sequence of 4 words, through "))
    }

    @Test("cells compared: a table, the best kept; what cannot be compared gets a sentence")
    func compare() throws {
        let descent = try Executable()
        defer { descent.remove() }
        let options = ["--distance", "2", "--subjects", "3", "--hidden", "8", "--epochs", "1", "--batch-size", "16"]
        let run = try descent.run(["train", "recall", "--compare-cells"] + options)
        #expect(run.code == 0 && run.output.contains("Cells compared, with the same settings otherwise:") && run.output.contains("its model is kept"), "\(run.errors)")
        #expect(descent.exists("descent-models/recall/model.safetensors") && descent.exists("descent-models/recall/report.html"))
        let named = try descent.run("train", "recall", "--compare-cells", "--cell", "gru")
        #expect(named.code == 64 && named.errors.contains("--compare-cells trains with every cell, and --cell names one; choose one of them"))
        let table = try descent.run("train", "iris", "--compare-cells")
        #expect(table.code == 64 && table.errors.contains("--compare-cells compares recurrent cells, and the job table has none; leave it out"))
        let resumed = try descent.run("train", "recall", "--compare-cells", "--resume")
        #expect(resumed.code == 64 && resumed.errors.contains("it cannot be resumed"))
    }
}
