import DescentFormats
import Testing

/// What a run on sequences leaves, and the options of its course.
@Suite(.serialized)
struct SequenceRunTests {
    private static let small = ["--hidden", "12", "--layers", "1", "--embedding", "8", "--batch-size", "8", "--window", "16"]
    private static let text = String(repeating: "the cat sat on the mat. the dog sat on the log.\n", count: 40)

    private func inFolder(_ body: (Executable) throws -> Void) throws {
        let executable = try Executable()
        defer { executable.remove() }
        try body(executable)
    }

    private func folder(_ descent: Executable, _ name: String) throws -> [String] {
        try FileSystem.list(descent.folder.appending(path: name).path)
    }

    @Test("the report and TensorBoard's events are written, and the report's command makes the same model again")
    func report() throws {
        try inFolder { descent in
            try descent.write(Self.text, to: "my cats.txt")
            let train = try descent.run(["train", "my cats.txt", "--epochs", "3", "--seed", "4"] + Self.small)
            #expect(train.code == 0, "\(train.errors)")
            #expect(train.output.contains("\nModel: descent-models/my cats/model.safetensors\nReport: descent-models/my cats/report.html\n"))
            #expect(try folder(descent, "descent-models/my cats").contains { $0.hasPrefix("events.out.tfevents.") })
            let page = String(decoding: try descent.bytes("descent-models/my cats/report.html"), as: UTF8.self)
            #expect(page.contains("train &#39;my cats.txt&#39; --hidden 12 --layers 1 --embedding 8 --window 16 --epochs 3 --batch-size 8 --seed 4"))
            let again = try descent.run(
                "train", "my cats.txt", "--hidden", "12", "--layers", "1", "--embedding", "8", "--window", "16", "--epochs", "3", "--batch-size", "8", "--seed", "4",
                "--out", "again", "--no-report")
            #expect(again.code == 0 && !again.output.contains("Report:") && !descent.exists("again/report.html"))
            #expect(try descent.bytes("again/model.safetensors") == descent.bytes("descent-models/my cats/model.safetensors"))
            let json = try descent.run(["train", "my cats.txt", "--epochs", "1", "--out", "j", "--json"] + Self.small)
            let line = try JSONReader(JSON(parsing: Array(json.output.utf8), file: "output"), file: "output")
            #expect(try line["report"].string() == "j/report.html")
        }
    }

    @Test("patience ends a run, and the output says so; --resume with a plateau goes on to the same bits")
    func patience() throws {
        try inFolder { descent in
            // Letters without order cannot be learned beyond their frequencies.
            var state: UInt32 = 7
            let noise = (0..<3000).map { place -> Character in
                state = state &* 1_664_525 &+ 1_013_904_223
                return place % 50 == 49 ? "\n" : Character(Unicode.Scalar(97 + UInt8(state >> 24) % 8))
            }
            try descent.write(String(noise), to: "noise.txt")
            let ended = try descent.run(["train", "noise.txt", "--epochs", "200", "--patience", "2", "--learning-rate", "0.03", "--out", "p"] + Self.small)
            #expect(ended.code == 0, "\(ended.errors)")
            #expect(ended.output.contains("another 270 for validation") && ended.output.contains("200 epochs at most (patience 2)"))
            #expect(ended.output.contains(" epochs: the validation loss no longer fell.") && ended.output.contains("The weights are those of epoch "))
            #expect(ended.errors.contains("validation loss "))
            let both = try descent.run(["train", "noise.txt", "--patience", "2", "--validation-fraction", "0"] + Self.small)
            #expect(both.code == 64 && both.errors.contains("patience waits for a validation loss"))

            let options = ["--epochs", "9", "--reduce-on-plateau", "1", "--validation-fraction", "0.1", "--learning-rate", "0.03", "--checkpoint-every", "1steps"] + Self.small
            #expect(try descent.run(["train", "noise.txt", "--out", "whole"] + options).code == 0)
            let running = try descent.start(["train", "noise.txt", "--out", "broken"] + options)
            while !descent.exists("broken/checkpoint.safetensors"), running.process.isRunning {}
            running.signal(2)
            _ = try running.wait()
            let resumed = try descent.run("train", "--resume", "broken")
            #expect(resumed.code == 0, "\(resumed.errors)")
            for name in ["model.safetensors", "checkpoint.safetensors", "log.csv"] {
                #expect(try descent.bytes("broken/\(name)") == descent.bytes("whole/\(name)"), "\(name)")
            }
            // The rate fell, and by tenths.
            let log = String(decoding: try descent.bytes("whole/log.csv"), as: UTF8.self)
            let rates = Set(log.split(separator: "\n").dropFirst().compactMap { Double($0.split(separator: ",")[3]) })
            #expect(rates.contains(0.03) && rates.contains { abs($0 - 0.003) < 1e-9 }, "\(rates)")
        }
    }

    @Test("a table with --reduce-on-plateau goes on to the same bits, and its report's command says it")
    func tablePlateau() throws {
        try inFolder { descent in
            let rows = (1...90).map { row in "\(row % 7),\(row % 11),\(row * 13 % 17)\n" }
            try descent.write("a,b,y\n" + rows.joined(), to: "table.csv")
            let options = ["table.csv", "--target", "y", "--task", "regression", "--hidden", "8", "--epochs", "60", "--reduce-on-plateau", "3", "--members", "1", "--validation-fraction", "0.2"]
            #expect(try descent.run(["train", "--out", "whole"] + options).code == 0)
            let running = try descent.start(["train", "--out", "broken", "--checkpoint-every", "1steps"] + options)
            while !descent.exists("broken/checkpoint.safetensors"), running.process.isRunning {}
            running.signal(2)
            _ = try running.wait()
            let resumed = try descent.run("train", "--resume", "broken")
            #expect(resumed.code == 0, "\(resumed.errors)")
            for name in ["model.safetensors", "log.csv"] { #expect(try descent.bytes("broken/\(name)") == descent.bytes("whole/\(name)"), "\(name)") }
            let page = String(decoding: try descent.bytes("whole/report.html"), as: UTF8.self)
            #expect(page.contains("--reduce-on-plateau 3") && page.contains("multiplied by 0.1 after 3 epochs without a lower loss"))
            let log = String(decoding: try descent.bytes("whole/log.csv"), as: UTF8.self)
            let rates = Set(log.split(separator: "\n").dropFirst().compactMap { Double($0.split(separator: ",")[3]) })
            // Not below a ten-thousandth.
            #expect(rates.count > 1 && rates.allSatisfy { rate in [1, 0.1, 0.01, 1e-3, 1e-4].contains { abs(rate / 0.003 - $0) < 1e-9 } }, "\(rates)")
            let wrong = try descent.run("train", "table.csv", "--target", "y", "--reduce-on-plateau", "0")
            #expect(wrong.code == 64 && wrong.errors.contains("the number of epochs after which the learning rate is reduced is 0"))
        }
    }

    @Test("several texts are one: each gives its end to what is held out")
    func several() throws {
        try inFolder { descent in
            try descent.write(Self.text, to: "a.txt")
            try descent.write(String(repeating: "a bird sang in a tree.\n", count: 60), to: "b.txt")
            let train = try descent.run(["train", "a.txt", "b.txt", "--epochs", "1"] + Self.small)
            #expect(train.code == 0, "\(train.errors)")
            #expect(train.output.contains("a.txt, b.txt look like running text"))
            // 9/10 of 1,920 and of 1,380; the others are held out.
            #expect(train.output.contains("Training on the first 2,970, the last 330 held out"), "\(train.output)")
            #expect(try descent.run("inspect", "descent-models/a").output.contains("of a.txt and b.txt:"))
            #expect(try descent.run("train", "--resume", "descent-models/a").code == 0)

            try descent.write((0..<20).map { "good \($0)\t1\nbad \($0)\t0\n" }.joined(), to: "r.txt")
            try descent.write((0..<20).map { "fine \($0)\t1\n" }.joined(), to: "s.txt")
            let both = try descent.run(["train", "r.txt", "s.txt", "--epochs", "1", "--hidden", "8"])
            #expect(both.code == 0 && both.output.contains("60 texts"), "\(both.errors)")
            try descent.write("a,b\n1,2\n", to: "t.csv")
            let mixed = try descent.run("train", "a.txt", "r.txt")
            #expect(mixed.code == 64 && mixed.errors.contains("must be of one kind; a.txt looks like running text, so a language model, r.txt like lines of a text"), "\(mixed.errors)")
            #expect(try descent.run("train", "a.txt", "gone.txt").code == 66)
            try descent.write("a,c\n1,2\n", to: "u.csv")
            let tables = try descent.run("train", "t.csv", "u.csv", "--target", "b")
            #expect(tables.code == 65 && tables.errors.contains("u.csv: it lacks the column \"b\" of t.csv"), "\(tables.code) \(tables.errors)")
        }
    }
}
