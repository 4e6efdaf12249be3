import DescentFormats
import Foundation
import Testing

/// Tunes from files to files: what is read, what is said, and what `generate` writes.
@Suite(.serialized)
struct TuneFileCommandTests {
    private static let tunes = (0..<30).map { "X:\($0)\nT:t\nM:6/8\nK:\($0 % 2 == 0 ? "G" : "D")\nGAB|\nc2d|\n\n" }.joined()

    @Test("tunes are trained on, a bad one is named, and new ones are written as notation, sound and notes")
    func files() throws {
        let descent = try Executable()
        defer { descent.remove() }
        try descent.write("X:0\nT:broken\nK:G\nG[Bd\n\n" + Self.tunes, to: "small.abc")
        let train = try descent.run(
            "train", "small.abc", "--hidden", "16", "--layers", "1", "--embedding", "8", "--batch-size", "4", "--window", "16", "--epochs", "30", "--dropout", "0", "--learning-rate", "0.02")
        #expect(train.code == 0, "\(train.errors)")
        #expect(train.output.contains("small.abc:4: column 2: a chord has no closing ] on the line; \"broken\" is left out.\n"))
        #expect(train.output.contains("30 tunes; 100.0 % of 60 bars add up to their metre."))
        #expect(train.output.contains("generated tunes: ") && train.output.contains("training tunes: 100.0 %)"))

        let model = "descent-models/small"
        let both = try descent.run("generate", model, "--key", "D major", "--metre", "6/8", "--prompt", "GAB c2B|\n", "--out", "a.mid", "--out", "a.svg", "--out", "a.abc")
        #expect(both.code == 0 && both.output.hasPrefix("Tune 1: D major, 6/8, ") && both.output.hasSuffix(" Written to a.mid, a.svg, a.abc.\n"), "\(both.errors)")
        func read(_ name: String) throws -> String { String(decoding: try FileSystem.read(descent.folder.appending(path: name).path), as: UTF8.self) }
        #expect(try read("a.abc").hasPrefix("X:1\nT:Tune 1\nM:6/8\nK:D\nGAB c2B|\n"))
        #expect(try read("a.svg").hasPrefix("<svg "))
        let printed = try descent.run("generate", model, "--key", "G")
        #expect(printed.output.hasPrefix("X:1\nT:Tune 1\nM:6/8\nK:G\n") && printed.errors.hasPrefix("descent: G major, 6/8, "), "\(printed.errors)")
        // Sound comes back as a tune.
        let again = try descent.run("train", "a.mid", "small.abc", "--hidden", "4", "--layers", "1", "--embedding", "4", "--window", "8", "--batch-size", "4", "--epochs", "1", "--out", "again")
        #expect(again.code == 0 && again.output.contains("a.mid, small.abc look like a MIDI file") && again.output.contains("a.mid: melody of track 2 \"Melody\""), "\(again.errors)")

        for (arguments, message) in [
            (["--out", "a.wav"], "a.wav: a tune is written as .mid, .abc or .svg; give one of these endings"),
            (["--key", "H"], "\"H\" is no key; K: has a letter A to G, # or b, and a mode, as in K:G, K:Am, K:F#m or K:Ddor"),
            (["--metre", "5/7"], "\"5/7\" is no metre; M: has two numbers, the lower one a power of two, as in M:6/8, or C, C| or none"),
            (["--key", "Bb"], "\"b\" of the heading \"Bb\" stands in no tune that the model was trained on; choose a metre and a key that it has seen"),
            (["--key", "G", "--prompt", "M:6/8 K:G\n"], "the prompt begins with a metre, so --key has nothing to say; leave one of them out"),
        ] {
            let wrong = try descent.run(["generate", model] + arguments)
            #expect(wrong.code == 64 && wrong.errors == "descent: \(message)\n", "\(wrong.errors)")
        }
    }
}
