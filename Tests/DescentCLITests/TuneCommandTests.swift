import DescentFormats
import Foundation
import Testing

/// `descent tune` from start to exit.
@Suite(.serialized)
struct TuneCommandTests {
    private static let table =
        "a,b,zone,y\n"
        + (1...90).map { row in
            let a = (Double(row) * 0.754877666).truncatingRemainder(dividingBy: 1)
            let b = (Double(row) * 0.569840296).truncatingRemainder(dividingBy: 1)
            return "\(a),\(b),\(row % 4),\(a * b - a + [0, 0.5, 0.1, 0.3][row % 4])\n"
        }.joined()

    private static let arguments = ["tune", "table.csv", "--target", "y", "--trials", "4", "--epochs", "9", "--column", "zone=category", "--threads", "1"]

    private func inFolder(_ body: (Executable) throws -> Void) throws {
        let executable = try Executable()
        defer { executable.remove() }
        try executable.write(Self.table, to: "table.csv")
        try body(executable)
    }

    @Test("the table of trials, the figures, and a command that makes the same model")
    func journey() throws {
        try inFolder { descent in
            let tune = try descent.run(Self.arguments)
            #expect(tune.code == 0, "\(tune.errors)")
            #expect(tune.output.contains("Trials: 4 for 3 epochs, then the best 2 for 9 epochs, seed 1."))
            #expect(tune.output.contains("the held-out data is not used"))
            #expect(tune.output.contains("trial  epochs"))
            #expect(tune.output.contains("On the 18 rows held out:\n  R²"))
            #expect(tune.output.contains("Model: descent-models/table-tuned/model.safetensors\n"))
            #expect(tune.errors.contains("round 1/2 (3 epochs)  trial 4"))
            #expect(tune.errors.contains("done in"))
            let table = try descent.bytes("descent-models/table-tuned/trials.csv")
            #expect(String(decoding: table, as: UTF8.self).split(separator: "\n").count == 1 + 4 + 2)

            let command = try #require(tune.output.split(separator: "\n").last?.split(separator: " ").map(String.init))
            #expect(command[1...2] == ["train", "table.csv"])
            let train = try descent.run(Array(command.dropFirst()) + ["--out", "again", "--threads", "1"])
            #expect(train.code == 0, "\(train.errors)")
            #expect(try descent.bytes("again/model.safetensors") == descent.bytes("descent-models/table-tuned/model.safetensors"))

            // A search that has ended may be done again without a word.
            let again = try descent.run(Self.arguments + ["--json", "--quiet"])
            #expect(again.code == 0 && again.errors == "")
            let line = try JSONReader(JSON(parsing: Array(again.output.utf8), file: "output"), file: "output")
            #expect(try line["trials"].int() == 4)
            #expect(try line["command"].string().hasPrefix("descent train table.csv --target y --column zone=category "))
            #expect(try descent.bytes("descent-models/table-tuned/trials.csv") == table)
        }
    }

    @Test("killed again and again, in trials and in the last training, and taken up: the files of an unbroken search")
    func killed() throws {
        try inFolder { descent in
            let arguments = Self.arguments + ["--members", "2"]
            #expect(try descent.run(arguments + ["--out", "whole", "-q"]).code == 0)
            var kills = 0
            for round in 0..<12 {
                let running = try descent.start(round == 0 ? arguments + ["--out", "broken"] : ["tune", "--resume", "broken", "--threads", "1"])
                while !descent.exists("broken/search.json"), running.process.isRunning { usleep(500) }
                usleep(UInt32.random(in: 0..<80_000))
                running.signal(SIGKILL)
                if try running.wait().code == 0 { break }
                kills += 1
            }
            #expect(kills > 0)
            let last = try descent.run("tune", "--resume", "broken")
            #expect(last.code == 0, "\(last.errors)")
            for name in ["trials.csv", "model.safetensors", "model.json", "log.csv"] {
                #expect(try descent.bytes("broken/\(name)") == descent.bytes("whole/\(name)"), "\(name)")
            }
        }
    }

    @Test("Ctrl-C says how to go on; without --resume the search is not overwritten")
    func stopped() throws {
        try inFolder { descent in
            let long = ["tune", "table.csv", "--target", "y", "--epochs", "100000", "--out", "my search"]
            let running = try descent.start(long)
            while !descent.exists("my search/trials.csv"), running.process.isRunning { usleep(500) }
            usleep(50_000)
            running.signal(SIGINT)
            let result = try running.wait()
            #expect(result.code == 128 + SIGINT, "\(result.errors)")
            #expect(result.errors.hasSuffix(" tune --resume 'my search'\n"))
            let again = try descent.run(long)
            #expect(again.code == 64)
            #expect(again.errors.contains("my search holds a search that has not ended; resume it with --resume"))
            let other = try descent.run("tune", "table.csv", "--target", "y", "--epochs", "3", "--trials", "2", "--out", "my search", "--resume")
            #expect(other.code == 65)
            #expect(other.errors.contains("a search is resumed with the same settings"))
            #expect(try descent.run("tune", "table.csv", "--target", "y", "--epochs", "3", "--trials", "2", "--out", "my search", "--overwrite", "-q").code == 0)
        }
    }

    @Test("a damaged table of trials is named with its line")
    func damaged() throws {
        try inFolder { descent in
            #expect(try descent.run(Self.arguments + ["--out", "run", "-q"]).code == 0)
            var lines = String(decoding: try descent.bytes("run/trials.csv"), as: UTF8.self).split(separator: "\n").map(String.init)
            lines[2] = "1,3,2,\"64,64\",gelu,many,0.1,0.1,0.5"
            try descent.write(lines.joined(separator: "\n") + "\n", to: "run/trials.csv")
            let result = try descent.run("tune", "--resume", "run")
            #expect(result.code == 65)
            #expect(result.errors.contains("run/trials.csv:3: "), "\(result.errors)")
            #expect(result.errors.contains("is damaged, or of another search"))
        }
    }

    @Test(
        "exit codes and sentences",
        arguments: [
            (["tune", "table.csv", "--target", "y", "--trials", "0"], 64, "the number of trials is 0"),
            (["tune", "table.csv", "--target", "z"], 65, "there is no column \"z\""),
            (["tune", "table.csv"], 64, "Say --target and one of: a, b, zone, y"),
            (["tune", "table.csv", "--target", "y", "--epochs", "0"], 64, "1 to"),
            (["tune", "table.csv", "--target", "y", "--resume", "--overwrite"], 64, "choose one of them"),
            (["tune", "--resume", "."], 66, "no search to resume in .: it has no search.json"),
            (["tune", "--resume", ".", "--seed", "2"], 64, "leave the others out"),
            (["tune", "missing.csv", "--target", "y"], 66, "no such file: missing.csv"),
            (["train", "table.csv", "--target", "y", "--column", "zoen=category"], 65, "there is no column \"zoen\"."),
            (["train", "table.csv", "--target", "y", "--column", "zone=colour"], 64, "there is no kind \"colour\"; there are numeric, category, boolean, date, text, ignore"),
            (["train", "table.csv", "--target", "y", "--column", "zone"], 64, "it must be a column and a kind, such as Age=category"),
            (["train", "table.csv", "--target", "y", "--column", "a=text", "--column", "a=ignore"], 64, "say one of them"),
            (["train", "table.csv", "--target", "y", "--column", "y=numeric"], 64, "is the target, which has a task"),
            (["train", "table.csv", "--target", "y", "--column", "a=date"], 65, "a"),
            (["train", "table.csv", "--target", "y", "--resume", "--overwrite"], 64, "choose one of them"),
        ])
    func failures(arguments: [String], code: Int32, sentence: String) throws {
        try inFolder { descent in
            let result = try descent.run(arguments)
            #expect(result.code == code, "\(result.errors)")
            #expect(result.errors.contains(sentence), "\(result.errors)")
        }
    }

    @Test("train: kinds are listed and kept; an unfinished run is not overwritten; evaluate knows the training file; events for TensorBoard")
    func train() throws {
        try inFolder { descent in
            let arguments = ["train", "table.csv", "--target", "y", "--hidden", "8", "--members", "1", "--threads", "1", "--out", "run"]
            let long = try descent.start(arguments + ["--epochs", "1000000", "--checkpoint-every", "1epochs", "-q"])
            while !descent.exists("run/checkpoint.safetensors"), long.process.isRunning { usleep(500) }
            long.signal(SIGKILL)
            _ = try long.wait()
            let before = try descent.bytes("run/checkpoint.safetensors")
            let refused = try descent.run(arguments + ["--epochs", "3"])
            #expect(refused.code == 64)
            #expect(refused.errors.contains("run holds an unfinished run (epoch "), "\(refused.errors)")
            #expect(refused.errors.contains("start over in its place with --replace"))
            #expect(try descent.bytes("run/checkpoint.safetensors") == before)

            let new = try descent.run(arguments + ["--epochs", "3", "--overwrite", "--column", "zone=category", "--column", "2=ignore"])
            #expect(new.code == 0, "\(new.errors)")
            #expect(new.output.contains("  zone: category"))
            #expect(new.output.contains("  b: ") && !new.output.contains("  b: number"))
            let events = try FileSystem.list(descent.folder.appending(path: "run").path).filter { $0.hasPrefix("events.out.tfevents.") }
            #expect(events.count == 1)
            // A finished model is replaced only where that is asked for.
            let model = try descent.bytes("run/model.safetensors")
            let kept = try descent.run(arguments + ["--epochs", "4", "-q"])
            #expect(kept.code == 64 && kept.errors.contains("run holds a finished model; choose another folder with --out, or replace the model with --replace"), "\(kept.errors)")
            #expect(try descent.bytes("run/model.safetensors") == model)
            #expect(try descent.run(arguments + ["--epochs", "3", "--replace", "-q"]).code == 0)
            try descent.write("mine", to: "run/notes.txt")
            let foreign = try descent.run(arguments + ["--epochs", "3", "-q"])
            #expect(foreign.code == 64 && foreign.errors.contains("run holds \"notes.txt\", which is not of a run"), "\(foreign.errors)")

            let same = try descent.run("evaluate", "run", "table.csv")
            #expect(same.output.contains("was trained on this very data"), "\(same.output)\(same.errors)")
            try descent.write(Self.table + "0.5,0.5,1,0.25\n", to: "other.csv")
            #expect(try !descent.run("evaluate", "run", "other.csv").output.contains("was trained on this"))
        }
    }
}

/// Pictures in IDX files.
struct ImageCommandTests {
    /// An IDX file of bytes.
    private static func idx(_ shape: [Int], _ bytes: [UInt8]) -> Data {
        Data([0, 0, 8, UInt8(shape.count)] + shape.flatMap { size in (0..<4).reversed().map { UInt8(size >> (8 * $0) & 255) } } + bytes)
    }

    @Test("train, evaluate and predict on IDX pictures and labels; files that do not fit")
    func pictures() throws {
        let descent = try Executable()
        defer { descent.remove() }
        // 2 x 3 pictures, bright on the left (1) or on the right (0), with some noise.
        var pixels: [UInt8] = [], labels: [UInt8] = []
        for picture in 0..<80 {
            let isLeft = picture * 7 % 3 == 0
            labels.append(isLeft ? 1 : 0)
            for _ in 0..<2 { pixels += [isLeft ? 200 : UInt8(picture % 50), UInt8(picture * 13 % 251), isLeft ? UInt8(picture % 40) : 220] }
        }
        try Self.idx([80, 2, 3], pixels).write(to: descent.folder.appending(path: "images"))
        try Self.idx([80], labels).write(to: descent.folder.appending(path: "labels"))
        try Self.idx([79], labels.dropLast()).write(to: descent.folder.appending(path: "few"))
        let train = try descent.run("train", "images", "--labels", "labels", "--epochs", "20", "--hidden", "8", "--members", "1")
        #expect(train.code == 0, "\(train.errors)")
        #expect(train.output.contains("80 rows, 7 columns"))
        #expect(train.output.contains("accuracy 1.000"))
        let evaluate = try descent.run("evaluate", "descent-models/images", "images", "--labels", "labels", "--report", "page.html")
        #expect(evaluate.code == 0, "\(evaluate.errors)")
        #expect(evaluate.output.contains("on this very data"))
        #expect(String(decoding: try descent.bytes("page.html"), as: UTF8.self).contains("What matters"))
        let predict = try descent.run("predict", "descent-models/images", "images", "--labels", "labels", "--brief", "--first", "2")
        #expect(predict.output.split(separator: "\n").count == 3, "\(predict.errors)")
        for (arguments, code, sentence) in [
            (["train", "images", "--labels", "few"], Int32(65), "79 labels for 80 images of images"),
            (["train", "images", "--labels", "few", "--job", "table"], 65, "79 labels for the 80 pictures of images"),
            (["train", "labels", "--labels", "labels"], 65, "holds no images"),
            (["train", "labels", "--labels", "labels", "--job", "table"], 65, "are no pictures"),
            (["train", "images", "--labels", "labels"], 65, "networks take images of at least 4 x 4 pixels"),
            (["train", "images", "--labels", "images"], 65, "are no labels"),
            (["train", "images", "--labels", "none"], 66, "no such file: none"),
            (["train", "images", "--labels", "labels", "--delimiter", "tab"], 64, "which have no delimiter"),
        ] {
            let result = try descent.run(arguments)
            #expect(result.code == code && result.errors.contains(sentence), "\(result.errors)")
        }
    }
}
