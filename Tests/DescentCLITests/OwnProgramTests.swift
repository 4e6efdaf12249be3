import DescentFormats
import Testing

/// Programs of users: a job of their own with all commands, a network of their own with a whole run.
@Suite(.serialized)
struct OwnProgramTests {
    @Test("a job that a program adds gets train, --resume, predict, evaluate, inspect, the report and --json")
    func job() throws {
        let program = try Executable("OwnJob")
        defer { program.remove() }
        let words = ["a bb ccc", "abc abc abc abc", "zzzz", "hello there world", "letters make lines", "to be", "or not to be", "that is it"]
        try program.write((0..<40).map { "\(words[$0 % 8]) \(words[($0 * 3 + 1) % 8])\n" }.joined(), to: "poem.lines")
        let train = try program.run("train", "poem.lines", "--units", "6", "--epochs", "300", "--out", "whole")
        #expect(train.code == 0, "\(train.errors)")
        #expect(train.output.contains("poem.lines looks like lines to be ranked by length (--job changes it)."))
        #expect(train.output.contains("Read poem.lines: 40 lines. Network: 6 hidden units; 300 epochs."))
        #expect(train.output.contains("Report: whole/report.html") && program.exists("whole/report.html") && program.exists("whole/log.csv"))

        let running = try program.start(["train", "poem.lines", "--units", "6", "--epochs", "1000000", "--out", "broken", "--checkpoint-every", "1steps", "-q"])
        while !program.exists("broken/checkpoint.safetensors"), running.process.isRunning {}
        running.signal(2)
        #expect(try running.wait().code == 130)
        let other = try program.run("train", "poem.lines", "--units", "7", "--epochs", "1000000", "--out", "broken", "--resume")
        #expect(other.code == 65 && other.errors.contains("units"), "\(other.errors)")

        let predict = try program.run("predict", "whole", "poem.lines", "--first", "3")
        #expect(predict.code == 0 && predict.output.hasPrefix("line,length\n"), "\(predict.errors)")
        let evaluate = try program.run("evaluate", "whole", "poem.lines", "--json")
        let loss = try JSONReader(JSON(parsing: Array(evaluate.output.utf8), file: "output"), file: "output")["loss"].double()
        #expect(loss < 1)
        #expect(try program.run("inspect", "whole").output.hasPrefix("Ranks lines by their predicted length."))
        let json = try program.run("train", "poem.lines", "--epochs", "2", "--json", "--quiet", "--out", "j")
        let line = try JSONReader(JSON(parsing: Array(json.output.utf8), file: "output"), file: "output")
        #expect(try line["job"].string() == "line-ranking" && line["model"].string() == "j/model.safetensors")
        let explain = try program.run("explain", "whole", "poem.lines")
        #expect(explain.code == 64 && explain.errors == "descent: explain has no meaning for a line ranking model\n")
        #expect(try program.run("tune", "poem.lines").errors.contains("a search has no meaning for the job line-ranking"))
        #expect(try program.run("help", "train").output.contains("OPTIONS OF LINE RANKING:"))
        // The jobs of Descent are there too.
        #expect(try program.run("train", "iris", "--epochs", "2", "-q").code == 0)
    }

    @Test("a run of the new job that was killed ends with the bits of an unbroken one")
    func resume() throws {
        let program = try Executable("OwnJob")
        defer { program.remove() }
        try program.write((0..<40).map { "line \(String(repeating: "x", count: $0 % 7)) \($0)\n" }.joined(), to: "poem.lines")
        let arguments = ["train", "poem.lines", "--epochs", "400", "--checkpoint-every", "1steps", "--no-report"]
        #expect(try program.run(arguments + ["--out", "whole"]).code == 0)
        let running = try program.start(arguments + ["--out", "broken"])
        while !program.exists("broken/checkpoint.safetensors"), running.process.isRunning {}
        running.signal(9)
        _ = try running.wait()
        let resumed = try program.run("train", "--resume", "broken", "--no-report")
        #expect(resumed.code == 0, "\(resumed.errors)")
        for name in ["model.safetensors", "checkpoint.safetensors", "log.csv"] { #expect(try program.bytes("broken/\(name)") == program.bytes("whole/\(name)"), "\(name)") }
    }

    @Test("a network of one's own: the example trains, saves and loads")
    func network() throws {
        let program = try Executable("OwnNetwork")
        defer { program.remove() }
        let run = try program.run()
        #expect(run.code == 0 && run.output.contains("accuracy above 0.9"), "\(run.output)\(run.errors)")
        for name in ["report.html", "log.csv", "weights.safetensors", "best.safetensors", "checkpoint.safetensors"] { #expect(program.exists("runs/moons/\(name)"), "\(name)") }
        #expect(try program.bytes("moons.safetensors") == program.bytes("runs/moons/weights.safetensors"))
    }
}
