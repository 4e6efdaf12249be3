import DescentFormats
import Testing

/// Translation from start to exit.
@Suite(.serialized)
struct TranslateCommandTests {
    @Test("train, translate, evaluate, explain; sentences as arguments and as lines")
    func all() throws {
        let descent = try Executable()
        defer { descent.remove() }
        let lines = ["tea", "water", "milk", "rice"].flatMap { thing in ["I like", "we want", "they buy"].map { "\($0) \(thing).\t\(String(thing.reversed())) \($0.uppercased())\tCC\n" } }
        try descent.write(lines.joined(), to: "pairs.txt")
        let train = try descent.run(
            "train", "pairs.txt", "--hidden", "24", "--epochs", "60", "--batch-size", "12", "--learning-rate", "0.01", "--dropout", "0", "--test-fraction", "0")
        #expect(train.code == 0 && train.output.contains("so translation") && train.output.contains("The third column (\"CC\") is ignored, in all lines."), "\(train.errors)")
        let one = try descent.run("translate", "descent-models/pairs", "I like tea.", "--attention", "out.svg")
        #expect(one.code == 0 && one.output == "aet I LIKE\n" && descent.exists("out.svg"), "\(one.output)\(one.errors)")
        let piped = try descent.run(["translate", "descent-models/pairs", "-"], input: "we want milk.\n\nthey buy rice.")
        #expect(piped.code == 0 && piped.output == "klim WE WANT\n\necir THEY BUY\n", "\(piped.output)\(piped.errors)")
        let several = try descent.run("translate", "descent-models/pairs", "I like tea.", "--alternatives", "2", "--beam", "3")
        #expect(several.output.split(separator: "\n").count == 2 && several.output.contains("\taet I LIKE\n"))
        let json = try descent.run("translate", "descent-models/pairs", "I like zebras.", "--json")
        #expect(json.code == 0 && json.output.contains("\"unknown\":[\"zebras\"]") && json.errors.contains("not in the vocabulary: \"zebras\"; copied as it is"), "\(json.errors)")
        let evaluate = try descent.run("evaluate", "descent-models/pairs", "pairs.txt", "--json")
        #expect(evaluate.code == 0 && evaluate.output.contains("\"bleu\":") && evaluate.output.contains("\"chrf\":"))
        let explain = try descent.run("explain", "descent-models/pairs", "I like tea.")
        #expect(explain.code == 0 && explain.output.contains("is translated as \"aet I LIKE\"") && descent.exists("explain.html"), "\(explain.errors)")
        for (arguments, code, sentence) in [
            (["translate", "descent-models/pairs", "a", "b", "--attention", "x.svg"], 64, "--attention draws one sentence"),
            (["translate", "descent-models/pairs", "a", "--beam", "0"], 64, "--beam is 0; it must be 1 to 1000."), (["translate", "nowhere", "a"], 66, "nowhere"),
        ] as [([String], Int32, String)] {
            let result = try descent.run(arguments)
            #expect(result.code == code && result.errors.contains(sentence), "\(result.errors)")
        }
        #expect(try descent.run("train", "iris", "--epochs", "1", "--quiet").code == 0)
        let other = try descent.run("translate", "descent-models/iris", "a")
        #expect(other.code == 65 && other.errors.contains("it is a model of the job \"table\""), "\(other.errors)")
    }
}
