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
            #expect(bad.errors == "descent: --to is 0.1; the last rate must be above the first, 1.0\n")
        }
    }
}
