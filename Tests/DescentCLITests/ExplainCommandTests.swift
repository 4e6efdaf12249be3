import DescentFormats
import Testing

/// `descent explain` and `descent range-test`, from start to exit.
@Suite(.serialized)
struct ExplainCommandTests {
    private func inFolder(_ body: (Executable) throws -> Void) throws {
        let executable = try Executable()
        defer { executable.remove() }
        try body(executable)
    }

    @Test("explain: tables, picture, check, step, hessian")
    func explain() throws {
        try inFolder { descent in
            let run = try descent.run("explain", "(1-x)^2 + 100*(y-x^2)^2", "--at", "x=1,y=1", "--hessian", "--check", "--step", "-0.1", "--jacobian")
            #expect(run.code == 0, "\(run.errors)")
            #expect(run.output.contains("eigenvalues: [0.399361, 1001.6]"))
            #expect(run.output.contains("Ill-conditioned"))
            #expect(run.output.contains("All agree to 1e-06."))
            #expect(run.output.contains("Picture: explain.svg"))
            #expect(descent.exists("explain.svg"))
            let dot = try descent.run("explain", "x*y", "--at", "x=1", "--at", "y=2", "--dot")
            #expect(dot.output.hasPrefix("digraph"))
            let json = try descent.run("explain", "L = w*x; M = w", "--at", "x=3,w=2", "--wrt", "w", "--json", "--step", "0.5")
            let line = try JSONReader(JSON(parsing: Array(json.output.utf8), file: "output"), file: "output")
            #expect(try line["gradients"]["w"].double() == 3)
            #expect(try line["step"]["after"].double() == 1.5)
        }
    }

    @Test("explain: mistakes have their place and exit code 64, a kink that --check finds exit code 1")
    func mistakes() throws {
        try inFolder { descent in
            let unknown = try descent.run("explain", "log(x) + y", "--at", "x=1")
            #expect(unknown.code == 64)
            #expect(unknown.errors == "descent: \"y\" has no value; there are x. Give it with --at y=...\n  log(x) + y\n           ^\n")
            let domain = try descent.run("explain", "log(x)", "--at", "x=-1")
            #expect(domain.code == 64)
            #expect(domain.errors.contains("node f = log(x): log of -1: it takes numbers above 0\n  log(x)\n  ^^^^^^"))
            #expect(try descent.run("explain", "x +\n", "--at", "x=1").errors.contains("x + \n      ^"))
            #expect(try descent.run("explain", "relu(x)", "--at", "x=0", "--check", "--no-picture").code == 1)
            #expect(!descent.exists("explain.svg"))
            let wrt = try descent.run("explain", "x", "--at", "x=1", "--wrt", "q")
            #expect(wrt.errors == "descent: no input is called \"q\"; there are x.\n")
        }
    }

    @Test("explain: indexes and axes on the command line")
    func parts() throws {
        try inFolder { descent in
            let run = try descent.run("explain", "L = sum(W[0, :]) + norm(sum(W, axis=0), ord=1)", "--at", "W=[[1,2],[3,4]]", "--check", "--no-picture")
            #expect(run.code == 0, "\(run.errors)")
            #expect(run.output.contains("W[0, :]") && run.output.contains("sum(W, axis=0)") && run.output.contains("L = 13"))
            let steps = (1...40).map { "h\($0) = tanh(w*h\($0 - 1) + b)" }.joined(separator: "; ")
            let large = try descent.run("explain", "L = h40^2; " + steps, "--at", "h0=1,w=0.9,b=0.1")
            #expect(large.output.hasSuffix("Picture: explain.svg (repeated parts as one box; --no-fold draws all)\n"))
            #expect(String(decoding: try descent.bytes("explain.svg"), as: UTF8.self).contains("h1 … h40"))
            _ = try descent.run("explain", "L = h40^2; " + steps, "--at", "h0=1,w=0.9,b=0.1", "--no-fold")
            #expect(!String(decoding: try descent.bytes("explain.svg"), as: UTF8.self).contains("h1 … h40"))
            let wrong = try descent.run("explain", "W[0, 2]", "--at", "W=[[1,2],[3,4]]")
            #expect(wrong.code == 64)
            #expect(wrong.errors == "descent: node f = W[0, 2]: index 2 is outside of axis 1 of the shape [2, 2]: 0 to 1, or from the end -1 to -2\n  W[0, 2]\n       ^\n")
        }
    }

    @Test("explain: a model and a file, layer by layer; what does not fit has a sentence")
    func model() throws {
        try inFolder { descent in
            try #require(descent.run("train", "iris", "--epochs", "5", "--members", "1", "--pieces", "0", "--hidden", "8,6", "--activation", "relu", "--quiet").code == 0)
            let run = try descent.run("explain", "descent-models/iris", "iris", "--rows", "20")
            #expect(run.code == 0, "\(run.errors)")
            #expect(run.output.hasPrefix("The first 20 of 150 rows of iris, through 4 inputs -> 8 -> 6 -> 3 outputs, relu"), "\(run.output)")
            for text in ["hidden.0        Linear  [20, 4]  [20, 8]", "after hidden.1  relu    [20, 6]  [20, 6]", "output          Linear  [20, 6]  [20, 3]"] {
                #expect(run.output.contains(text), "\(run.output)")
            }
            let json = try descent.run("explain", "descent-models/iris", "iris", "--json")
            let line = try JSONReader(JSON(parsing: Array(json.output.utf8), file: "output"), file: "output")
            #expect(try line["rows"].int() == 150)
            #expect(try line["loss"].string() == "cross-entropy")
            #expect(try line["explanation"]["layers"].elements().count == 5)
            #expect(try line["explanation"]["layers"].elements()[0]["parameters"].elements()[0]["path"].string() == "hidden.0.weight")
            // Without the target there is no loss; a row that is wrong has its line.
            try descent.write("sepal_length_cm,sepal_width_cm,petal_length_cm,petal_width_cm\n5,3,1,0.2\n", to: "new.csv")
            let answer = try descent.run("explain", "descent-models/iris", "new.csv")
            #expect(answer.code == 0 && answer.output.contains("has no column \"species\", so gradients are of the mean output"), "\(answer.output) \(answer.errors)")
            try descent.write("sepal_length_cm,sepal_width_cm\n5,3\n", to: "short.csv")
            let short = try descent.run("explain", "descent-models/iris", "short.csv")
            #expect(short.code == 65 && short.errors.contains("petal_length_cm"), "\(short.errors)")
            #expect(try descent.run("explain", "descent-models/iris", "none.csv").code == 66)
            let alone = try descent.run("explain", "descent-models/iris")
            #expect(alone.code == 64 && alone.errors == "descent: \"descent-models/iris\" is a model; give the file that goes through it, too: descent explain descent-models/iris FILE\n")
            let spaces = try descent.run("explain", "x *", "y")
            #expect(spaces.code == 64 && spaces.errors.contains("a formula with spaces in it is written in quotes"))
            #expect(try descent.run("explain", "descent-models/iris", "iris", "--at", "x=1").errors.contains("--at belongs to a formula"))
            #expect(try descent.run("explain", "x", "--rows", "3").errors.contains("--rows belongs to a model and a file"))
            #expect(try descent.run("explain", "descent-models/iris", "iris", "--rows", "0").errors.contains("--rows is 0; it must be 1 or more."))
        }
    }

    @Test("range-test: text, chart, JSON")
    func rangeTest() throws {
        try inFolder { descent in
            let run = try descent.run("range-test", "iris", "--steps", "40")
            #expect(run.code == 0, "\(run.errors)")
            #expect(run.output.contains("stalls") && run.output.contains("Suggested rate: "))
            #expect(descent.exists("range-test.svg"))
            let json = try descent.run("range-test", "iris", "--steps", "40", "--json")
            let line = try JSONReader(JSON(parsing: Array(json.output.utf8), file: "output"), file: "output")
            let rate = try line["suggestion"].double()
            #expect(rate > 1e-5 && rate < 1)
            let bad = try descent.run("range-test", "iris", "--from", "1", "--to", "0.1")
            #expect(bad.code == 64)
            #expect(bad.errors == "descent: --to is 0.1; the highest rate must be above the lowest, 1.0\n")
        }
    }
}
