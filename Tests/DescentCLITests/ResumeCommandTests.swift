import Foundation
import Testing

/// Runs that are killed, stopped, or cannot save.
@Suite(.serialized)
struct ResumeCommandTests {
    private static let table =
        "a,b,y\n"
        + (1...90).map { row in
            let a = (Double(row) * 0.754877666).truncatingRemainder(dividingBy: 1)
            let b = (Double(row) * 0.569840296).truncatingRemainder(dividingBy: 1)
            return "\(a),\(b),\(a * b - a)\n"
        }.joined()

    private static let arguments = ["train", "table.csv", "--target", "y", "--hidden", "16,16", "--validation-fraction", "0.2", "--threads", "1"]

    private func inFolder(_ body: (Executable) throws -> Void) throws {
        let executable = try Executable()
        defer { executable.remove() }
        try executable.write(Self.table, to: "table.csv")
        try body(executable)
    }

    @Test("killed at 20 random moments, some during a save, and resumed: the files of an unbroken run, byte for byte")
    func killed() throws {
        try inFolder { descent in
            let arguments = Self.arguments + ["--epochs", "120", "--checkpoint-every", "1steps"]
            let whole = try descent.run(arguments + ["--out", "whole"])
            #expect(whole.code == 0, "\(whole.errors)")
            var random = SystemRandomNumberGenerator()
            var kills = 0
            var duringSave = 0
            while kills < 20 {
                let running = try descent.start(kills == 0 ? arguments + ["--out", "broken"] : ["train", "--resume", "broken"] + ["--checkpoint-every", "1steps"])
                // Not before it has begun: a process that is killed while it starts loses nothing.
                let begins = kills == 0 ? "checkpoint.safetensors" : "lock"
                while !descent.exists("broken/\(begins)"), running.process.isRunning { usleep(500) }
                usleep(UInt32.random(in: 0..<60_000, using: &random))
                // One in four falls into a save for certain: the process is held when a temporary file is seen, and let go on if that was
                // renamed meanwhile.
                while kills % 4 == 3, running.process.isRunning {
                    if try isSaving(descent) {
                        running.signal(SIGSTOP)
                        if try isSaving(descent) { break }
                        running.signal(SIGCONT)
                    }
                }
                running.signal(SIGKILL)
                let result = try running.wait()
                // Finished before the signal came: then the figures below still hold, and the test says that it was too slow.
                if result.code == 0 { break }
                #expect(result.code == -SIGKILL, "\(result.errors)")
                kills += 1
                // A save that was broken off leaves its temporary file.
                duringSave += try isSaving(descent) ? 1 : 0
            }
            #expect(kills == 20)
            #expect(duringSave > 0)
            let last = try descent.run("train", "--resume", "broken")
            #expect(last.code == 0, "\(last.errors)")
            #expect(try FileManager.default.contentsOfDirectory(atPath: descent.folder.path + "/broken").allSatisfy { !$0.hasSuffix(".tmp") })
            for name in ["model.safetensors", "model.json", "checkpoint.safetensors", "best.safetensors", "log.csv"] {
                #expect(try descent.bytes("broken/\(name)") == descent.bytes("whole/\(name)"), "\(name)")
            }
        }
    }

    /// Whether there is a file in the run's folder that is not whole yet.
    private func isSaving(_ descent: Executable) throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: descent.folder.appending(path: "broken").path).contains { $0.hasSuffix(".tmp") }
    }

    @Test("Ctrl-C and SIGTERM save the run and say how to go on; that ends as an unbroken run", arguments: [SIGINT, SIGTERM])
    func stopped(signal: Int32) throws {
        try inFolder { descent in
            let arguments = Self.arguments + ["--epochs", "100"]
            #expect(try descent.run(arguments + ["--out", "whole"]).code == 0)
            let long = try descent.start(Self.arguments + ["--epochs", "100000", "--out", "my run", "--quiet"])
            while !descent.exists("my run/log.csv") { usleep(500) }
            usleep(50_000)
            long.signal(signal)
            let result = try long.wait()
            #expect(result.code == 128 + signal)
            #expect(result.errors.contains("The run is saved; to resume it:\n  "))
            #expect(result.errors.hasSuffix(" train --resume 'my run'\n"))

            let running = try descent.start(arguments + ["--out", "broken"])
            while !descent.exists("broken/log.csv") { usleep(500) }
            running.signal(signal)
            _ = try running.wait()
            let last = try descent.run("train", "--resume", "broken")
            #expect(last.code == 0, "\(last.errors)")
            #expect(try descent.bytes("broken/model.safetensors") == descent.bytes("whole/model.safetensors"))
            #expect(try descent.bytes("broken/log.csv") == descent.bytes("whole/log.csv"))
        }
    }

    @Test("the same arguments with --resume go on too, and a finished run says that it is")
    func sameArguments() throws {
        try inFolder { descent in
            let arguments = Self.arguments + ["--epochs", "5", "--out", "run", "--resume"]
            let first = try descent.run(arguments)
            #expect(first.output.contains("There is no saved run in run, so a new one starts."))
            let before = try descent.bytes("run/model.safetensors")
            let second = try descent.run(arguments)
            #expect(second.code == 0)
            #expect(second.output.contains("This run finished after "))
            #expect(try descent.bytes("run/model.safetensors") == before)
            let other = try descent.run(arguments + ["--dropout", "0.3"])
            #expect(other.code == 65)
            #expect(other.errors.contains("dropout is 0.3, and 0.1 in the checkpoint"))
        }
    }

    @Test("data that changed is refused, and the run stays as it was")
    func changedData() throws {
        try inFolder { descent in
            #expect(try descent.run(Self.arguments + ["--epochs", "3", "--out", "run"]).code == 0)
            let before = try descent.bytes("run/checkpoint.safetensors")
            try descent.write(Self.table + "0.5,0.5,0.1\n", to: "table.csv")
            let result = try descent.run("train", "--resume", "run")
            #expect(result.code == 65)
            #expect(result.errors.contains("the data has changed since run/checkpoint.safetensors was saved"))
            #expect(try descent.bytes("run/checkpoint.safetensors") == before)
        }
    }

    @Test("a second run into the same folder is refused, and names the first one's process")
    func twoRuns() throws {
        try inFolder { descent in
            let first = try descent.start(Self.arguments + ["--epochs", "1000000", "--out", "run"], label: "1")
            defer { first.signal(SIGKILL) }
            while !descent.exists("run/log.csv") { usleep(500) }
            for arguments in [Self.arguments + ["--out", "run"], ["train", "--resume", "run"]] {
                let second = try descent.run(arguments)
                #expect(second.code == 73)
                #expect(second.errors.contains("another run (process \(first.process.processIdentifier)) is training into run; wait for it to finish"))
            }
            // A killed run leaves no lock.
            first.signal(SIGKILL)
            _ = try first.wait()
            #expect(try descent.run(Self.arguments + ["--epochs", "2", "--out", "run"]).code == 0)
        }
    }

    @Test("a file that may not grow, as on a full disk: a sentence, code 73, and the checkpoint before is whole")
    func fullDisk() throws {
        try inFolder { descent in
            let small = Self.arguments + ["--epochs", "3", "--out", "run"]
            #expect(try descent.run(small).code == 0)
            let before = try descent.bytes("run/checkpoint.safetensors")
            // 4 blocks of 512 bytes (or 1024) are less than the checkpoint, and more than what is printed.
            let result = try descent.start(small + ["--replace"], through: "ulimit -f 4").wait()
            #expect(result.code == 73, "\(result.errors)")
            #expect(result.errors.contains("cannot write run/checkpoint.safetensors: it would be larger than a file may be here"))
            #expect(try descent.bytes("run/checkpoint.safetensors") == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: descent.folder.path + "/run").allSatisfy { !$0.hasSuffix(".tmp") })
        }
    }

    @Test("a folder that vanishes during a run: a sentence and code 73")
    func vanished() throws {
        try inFolder { descent in
            let running = try descent.start(Self.arguments + ["--epochs", "1000000", "--checkpoint-every", "1steps", "--out", "run"])
            while !descent.exists("run/checkpoint.safetensors") { usleep(500) }
            // Files are written all the while, so that removing it may need several tries.
            while descent.exists("run") { try? FileManager.default.removeItem(at: descent.folder.appending(path: "run")) }
            let result = try running.wait()
            #expect(result.code == 73)
            #expect(result.errors.contains("cannot write run/"))
            #expect(result.errors.contains("its folder does not exist"))
            #expect(!descent.exists("run"))
        }
    }

    @Test("a batch larger than the data works and is said; patience ends a run early")
    func saidInTheOpening() throws {
        try inFolder { descent in
            let result = try descent.run(Self.arguments + ["--batch-size", "1000", "--epochs", "2"])
            #expect(result.code == 0)
            #expect(result.output.contains("2 epochs in batches of 58 (all there are; 1,000 were asked for)"))
            let early = try descent.run(["train", "table.csv", "--target", "y", "--hidden", "8", "--epochs", "5000", "--patience", "2", "--learning-rate", "0.05"])
            #expect(early.code == 0)
            #expect(early.output.contains("5000 epochs at most (patience 2)"))
            #expect(early.output.contains(" epochs: the validation loss no longer fell."))
        }
    }
}
