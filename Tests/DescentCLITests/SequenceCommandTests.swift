import DescentFormats
import Testing

/// Texts, names, tunes and series from start to exit: what the commands guess, print and leave.
@Suite(.serialized)
struct SequenceCommandTests {
    private static let small = ["--hidden", "16", "--layers", "1", "--batch-size", "8", "--seed", "2"]
    private static let text = String(repeating: "the cat sat on the mat. the dog sat on the log.\n", count: 40)

    private func inFolder(_ body: (Executable) throws -> Void) throws {
        let executable = try Executable()
        defer { executable.remove() }
        try body(executable)
    }

    @Test("a text: train, generate, complete, inspect")
    func text() throws {
        try inFolder { descent in
            try descent.write(Self.text, to: "cats.txt")
            let train = try descent.run(["train", "cats.txt", "--window", "16", "--embedding", "8", "--epochs", "10", "--learning-rate", "0.02"] + Self.small)
            #expect(train.code == 0, "\(train.errors)")
            #expect(train.output.contains("cats.txt looks like running text, so a language model (--job changes it)."))
            #expect(train.output.contains("Tokens: characters, 15 different ones (--tokens words or bpe for larger ones)."))
            #expect(train.output.contains("nats per character"))
            #expect(train.output.contains("Model: descent-models/cats/model.safetensors\n"))
            #expect(descent.exists("descent-models/cats/log.csv") && descent.exists("descent-models/cats/checkpoint.safetensors"))

            let generate = try descent.run("generate", "descent-models/cats", "--prompt", "the ", "--length", "50", "--top-k", "3", "--seed", "5")
            #expect(generate.code == 0 && generate.output.hasPrefix("the ") && (54...55).contains(generate.output.utf8.count), "\(generate.errors)")
            #expect(try descent.run("generate", "descent-models/cats", "--prompt", "the ", "--length", "50", "--top-k", "3", "--seed", "5").output == generate.output)
            let empty = try descent.run("generate", "descent-models/cats", "--prompt", "", "--length", "20")
            #expect(empty.code == 0 && empty.output.utf8.count >= 20)
            let unknown = try descent.run("generate", "descent-models/cats", "--prompt", "the é")
            #expect(unknown.code == 64)
            #expect(unknown.errors == "descent: the prompt has \"é\" (character 5), which is not among the 15 characters that the model was trained on; leave it out\n")
            #expect(try descent.run("generate", "descent-models/cats", "--temperature", "-1").errors == "descent: the temperature is -1.0; it must be 0 or above, 0.8 say\n")

            let complete = try descent.run("complete", "descent-models/cats", "the cat sat on", "--top", "3")
            #expect(complete.code == 0 && complete.output.split(separator: "\n").count <= 3)
            #expect(complete.output.hasPrefix("the "), "\(complete.output)")

            let inspect = try descent.run("inspect", "descent-models/cats")
            #expect(inspect.output.hasPrefix("Language model with a vocabulary of 15 characters.\n"))
            #expect(inspect.output.contains("1 LSTM layer of 16"))
            let predict = try descent.run("predict", "descent-models/cats", "cats.txt")
            #expect(predict.code == 64 && predict.errors.contains("a language model predicts no rows; use descent generate or descent complete"))
            let evaluate = try descent.run("evaluate", "descent-models/cats", "cats.txt")
            #expect(evaluate.code == 0 && evaluate.output.contains("1,920 characters of cats.txt.") && evaluate.output.contains("nats per character"), "\(evaluate.errors)")
            let explain = try descent.run("explain", "descent-models/cats", "cats.txt", "--rows", "40")
            #expect(explain.code == 0 && explain.output.contains("The first 40 characters of cats.txt, through ") && explain.output.contains("LSTM"), "\(explain.errors)")
            let range = try descent.run(["range-test", "cats.txt", "--window", "16", "--steps", "30"] + Self.small)
            #expect(range.code == 0 && range.output.contains("Chart: range-test.svg"), "\(range.errors)")
        }
    }

    @Test("a run on a text goes on where it was stopped")
    func resume() throws {
        try inFolder { descent in
            try descent.write(Self.text, to: "cats.txt")
            let options = ["--window", "16", "--epochs", "2"] + Self.small
            #expect(try descent.run(["train", "cats.txt", "--out", "a", "--quiet"] + options).code == 0)
            let again = try descent.run("train", "--resume", "a")
            #expect(again.code == 0 && again.output.contains("This run finished"), "\(again.errors)")
            let other = try descent.run("train", "--resume", "a", "--cell", "gru")
            #expect(other.code == 64 && other.errors.contains("leave the others out"))
        }
    }

    @Test("labelled lines: train, predict, and lines without a label")
    func labelled() throws {
        try inFolder { descent in
            let lines = (0..<80).map { index in "\(index % 2 == 0 ? "a lovely day \(index)" : "an awful night \(index)")\t\(index % 2)\n" }
            try descent.write(lines.joined(), to: "reviews.txt")
            let train = try descent.run(["train", "reviews.txt", "--embedding", "8", "--epochs", "6"] + Self.small)
            #expect(train.code == 0, "\(train.errors)")
            #expect(train.output.contains("looks like lines of a text, a tab and a label, so text classification (--job"))
            #expect(train.output.contains("accuracy ") && train.output.contains("balanced accuracy "))

            try descent.write("a lovely evening, really\nan awful day\t1\n", to: "new.txt")
            let predict = try descent.run("predict", "descent-models/reviews", "new.txt")
            #expect(predict.code == 0, "\(predict.errors)")
            let rows = predict.output.split(separator: "\n")
            #expect(rows.count == 3 && rows[0] == "text,prediction,probability")
            #expect(rows[1].hasPrefix("\"a lovely evening, really\",0,"))
            #expect(rows[2].hasPrefix("an awful day,1,"))
            let evaluate = try descent.run("evaluate", "descent-models/reviews", "reviews.txt", "--report", "page.html")
            #expect(evaluate.code == 0 && evaluate.output.contains("80 texts of reviews.txt, 2 classes.") && evaluate.output.contains("on this very data"), "\(evaluate.errors)")
            #expect(descent.exists("page.html"))
            #expect(try descent.run("explain", "descent-models/reviews", "reviews.txt", "--rows", "8").output.contains("The first 8 texts of reviews.txt"))
            let inspect = try descent.run("inspect", "descent-models/reviews")
            #expect(inspect.output.contains("true \\ predicted") && inspect.output.hasPrefix("Classifies texts into 2 classes: 0, 1."))
            let json = try descent.run("predict", "descent-models/reviews", "-", "--json", input: "an awful day\n")
            let reader = try JSONReader(JSON(parsing: Array(json.output.utf8), file: "output"), file: "output")
            #expect(try reader["prediction"].string() == "1")

            try descent.write(lines.joined() + "no label\n", to: "bad.txt")
            let bad = try descent.run("train", "bad.txt")
            #expect(bad.code == 65)
            #expect(bad.errors.hasPrefix("descent: bad.txt:81: line 81 has no label (of 81); each must be a text, a tabulator and its class."))
        }
    }

    @Test("a series with a column that is known ahead: its future in a second file")
    func knownAhead() throws {
        try inFolder { descent in
            func row(_ index: Int) -> String { "\(index % 5 == 0 ? 1 : 0),2024-0\(1 + index / 28)-\(index % 28 < 9 ? "0" : "")\(index % 28 + 1)" }
            try descent.write("sales,promo,day\n" + (0..<84).map { "\(100 + $0 % 5 * 3),\(row($0))\n" }.joined(), to: "sales.csv")
            let train = try descent.run("train", "sales.csv", "--target", "sales", "--known", "promo", "--date", "none", "--forecast", "4", "--epochs", "2", "--hidden", "8")
            #expect(train.code == 0 && train.output.contains("known ahead: promo"), "\(train.errors)")
            let alone = try descent.run("predict", "descent-models/sales", "sales.csv")
            #expect(alone.code == 65 && alone.errors.contains("sales.csv: \"promo\" is not known at 85."), "\(alone.errors)")
            try descent.write("promo\n0\n1\n0\n0\n", to: "future.csv")
            let predict = try descent.run("predict", "descent-models/sales", "sales.csv", "future.csv")
            #expect(predict.code == 0 && predict.output.split(separator: "\n").count == 5, "\(predict.errors)")
            try descent.write("promo\n0\nmaybe\n0\n0\n", to: "wrong.csv")
            let wrong = try descent.run("predict", "descent-models/sales", "sales.csv", "wrong.csv")
            #expect(wrong.code == 65 && wrong.errors.contains("wrong.csv:3: column \"promo\" is \"maybe\", not a number"), "\(wrong.errors)")
        }
    }

    @Test("a series: train, forecast; gaps are named")
    func series() throws {
        try inFolder { descent in
            func row(_ index: Int) -> String { "\(1980 + index / 12)-\(index % 12 < 9 ? "0" : "")\(index % 12 + 1),\(100 + index + 20 * (index % 12))\n" }
            try descent.write("month,sales\n" + (0..<96).filter { $0 != 40 }.map(row).joined(), to: "sales.csv")
            let train = try descent.run("train", "sales.csv", "--target", "sales", "--forecast", "6", "--epochs", "5", "--hidden", "8")
            #expect(train.code == 0, "\(train.errors)")
            #expect(train.output.contains("Series sales of sales.csv: 96 values, 1980-01 to 1987-12, a month apart (dates: month; --date changes it)."))
            #expect(train.output.contains("Gaps: 1 date is missing (1983-05); filled in on a straight line between the neighbours."))
            #expect(train.output.contains("a season of 12 (--season)"))
            #expect(train.output.contains("model: MAPE ") && train.output.contains("seasonal naive (repeats the last 12 values): MAPE "))
            let evaluate = try descent.run("evaluate", "descent-models/sales", "sales.csv")
            #expect(evaluate.code == 0 && evaluate.output.contains("The last 6 values of sales in sales.csv, forecast from those before them."), "\(evaluate.errors)")
            #expect(try descent.run("explain", "descent-models/sales", "sales.csv").output.contains("windows of sales in sales.csv, through "))
            let tune = try descent.run("tune", "sales.csv", "--target", "sales", "--forecast", "6", "--epochs", "2", "--trials", "2", "--hidden", "8")
            #expect(tune.code == 0 && tune.output.contains("The trials, by validation loss") && descent.exists("descent-models/sales-tuned/search.html"), "\(tune.errors)")
            let predict = try descent.run("predict", "descent-models/sales", "sales.csv")
            let rows = predict.output.split(separator: "\n")
            #expect(rows.count == 7 && rows[0] == "month,sales" && rows[1].hasPrefix("1988-01,") && rows[6].hasPrefix("1988-06,"))
            #expect(predict.errors.contains("1983-05"))
            #expect(try descent.run("inspect", "descent-models/sales").output.hasPrefix("Forecasts sales 6 steps ahead"))

            try descent.write("month,sales\n" + (0..<96).filter { $0 % 9 != 8 }.map(row).joined(), to: "holes.csv")
            let holes = try descent.run("train", "holes.csv", "--target", "sales", "--forecast", "6")
            #expect(holes.code == 65 && holes.errors.contains("10 dates are missing between the 86 that there are (1980-09, "), "\(holes.errors)")
        }
    }

    @Test("a folder of names, and tunes")
    func namesAndTunes() throws {
        try inFolder { descent in
            try FileSystem.createFolder(descent.folder.appending(path: "names").path)
            for (name, ending) in [("Polish", "ski"), ("Irish", "gan")] {
                try descent.write((0..<40).map { "\(["Ka", "Lo", "Mi", "Ro"][$0 % 4])\(["b", "d", "l"][$0 % 3])\(ending)\n" }.joined(), to: "names/\(name).txt")
            }
            let names = try descent.run(["train", "names", "--epochs", "20", "--learning-rate", "0.02", "--embedding", "8", "--json", "--quiet"] + Self.small)
            #expect(names.code == 0, "\(names.errors)")
            let line = try JSONReader(JSON(parsing: Array(names.output.utf8), file: "output"), file: "output")
            #expect(try line["job"].string() == "text-classification")
            #expect(try line["figures"]["accuracy"].double() == 1)

            try descent.write((0..<40).map { "X:\($0)\nT:t\nM:6/8\nK:G\nGAB|\nc2d|\n\n" }.joined(), to: "jigs.abc")
            let train = try descent.run(["train", "jigs.abc", "--window", "16", "--embedding", "8", "--epochs", "25", "--learning-rate", "0.02"] + Self.small)
            #expect(train.code == 0 && train.output.contains("jigs.abc looks like lines X: and K:, so tunes in ABC notation"), "\(train.errors)")
            let tune = try descent.run("generate", "descent-models/jigs", "--prompt", "G", "--temperature", "0.2", "--seed", "3")
            #expect(tune.output == "X:1\nT:Tune 3\nM:6/8\nK:G\nGAB|\nc2d|\n", "\(tune.output)")
        }
    }

    @Test("bad input: a sentence each, with its exit code")
    func badInput() throws {
        try inFolder { descent in
            try descent.write("", to: "empty.txt")
            try descent.write("too short for a window", to: "short.txt")
            try FileSystem.write([0x61, 0x0A, 0x62, 0xE9, 0x20], to: descent.folder.appending(path: "latin.txt").path)
            try descent.write("a,b\n1,2\n2,3\n", to: "table.csv")
            let cases: [([String], Int32, String)] = [
                (["empty.txt"], 65, "descent: empty.txt: the file is empty; there is no text to learn from\n"),
                (["short.txt"], 65, "descent: short.txt: the text has 19 characters to train on, and a window takes 65; use a longer text, or a shorter window (--window)\n"),
                (["latin.txt"], 65, "descent: latin.txt: the text has 4 characters to train on, and a window takes 65; use a longer text, or a shorter window (--window)\n"),
                (["nowhere.txt"], 66, "descent: no such file: nowhere.txt\n"),
                (
                    ["table.csv", "--target", "b", "--cell", "gru"], 64,
                    "descent: --cell is an option of Recordings, Tagging, Translation, Text classification, Language models, Tunes, Forecasts, Recall, and table.csv looks like a table, since --target names a column; leave it out, or choose the job with --job\n"
                ),
                (
                    ["short.txt", "--activation", "relu"], 64,
                    "descent: --activation is an option of Tables, and short.txt looks like running text, so a language model; leave it out, or say --job table\n"
                ),
                (["short.txt", "--hidden", "64,64"], 64, "descent: --hidden is \"64,64\"; it must be 1 to 8192\n"),
                (["table.csv", "--forecast", "3"], 64, "descent: which column is to be forecast? Say --target and one of: a, b\n"),
            ]
            for (arguments, code, sentence) in cases {
                let result = try descent.run(["train"] + arguments)
                #expect(result.code == code && result.errors == sentence, "\(arguments): \(result.code) \(result.errors)")
            }
        }
    }
}
