import DescentFormats
import Testing

/// `descent fit` from start to exit.
@Suite(.serialized)
struct FitCommandTests {
    private func inFolder(_ body: (Executable) throws -> Void) throws {
        let executable = try Executable()
        defer { executable.remove() }
        try body(executable)
    }

    @Test("built-in tables: a guess by the target, a summary, and a model that the other commands take")
    func builtIn() throws {
        try inFolder { descent in
            let fit = try descent.run("fit", "diabetes")
            #expect(fit.code == 0, "\(fit.errors)")
            #expect(fit.output.contains("Fitting: linear regression (by the target; --model changes it), to 354 rows, 88 held out, seed 1."))
            #expect(fit.output.contains("std. error") && fit.output.contains("\nR² ") && fit.output.contains("\ncondition "))
            #expect(fit.output.contains("On the 88 rows held out:\n  R² 0."))
            #expect(fit.output.contains("Model: descent-models/diabetes-linear/model.safetensors\nCoefficients: descent-models/diabetes-linear/coefficients.json\n"))
            let evaluate = try descent.run("evaluate", "descent-models/diabetes-linear", "diabetes", "--json")
            #expect(evaluate.code == 0, "\(evaluate.errors)")
            let inspect = try descent.run("inspect", "descent-models/diabetes-linear")
            #expect(inspect.output.contains("Fitted by Descent ") && inspect.output.contains(" to 354 rows of diabetes: linear regression; seed 1."), "\(inspect.output)")
            #expect(!inspect.output.contains("epochs"))
            let predict = try descent.run("predict", "descent-models/diabetes-linear", "diabetes", "--brief", "--first", "2")
            #expect(predict.output.split(separator: "\n").count == 3)

            let iris = try descent.run("fit", "iris", "--model", "one-vs-one", "--json")
            #expect(iris.code == 0, "\(iris.errors)")
            let line = try JSONReader(JSON(parsing: Array(iris.output.utf8), file: "output"), file: "output")
            #expect(try line["figures"]["accuracy"].double() > 0.9 && !line["model"].exists)
            #expect(!descent.exists("descent-models/iris-one-vs-one/model.safetensors") && descent.exists("descent-models/iris-one-vs-one/coefficients.json"))
        }
    }

    @Test("classes that a line separates: a sentence with the command that helps, which then works")
    func separable() throws {
        try inFolder { descent in
            try descent.write("x,y\n" + (0..<40).map { "\(Double($0) * 0.37),\($0 < 20 ? "a" : "b")\n" }.joined(), to: "line.csv")
            let fit = try descent.run("fit", "line.csv", "--target", "y", "--quiet")
            #expect(fit.code == 65)
            #expect(fit.errors.hasPrefix("descent: some combination of the columns tells the classes of \"y\" apart without a mistake (or all but ties), so the likelihood has no maximum"))
            #expect(fit.errors.hasSuffix(" fit line.csv --target y --quiet --penalty ridge:1\n"), "\(fit.errors)")
            #expect(try descent.run("fit", "line.csv", "--target", "y", "--quiet", "--penalty", "ridge:1").code == 0)
            let perceptron = try descent.run("fit", "line.csv", "--target", "y", "--model", "perceptron")
            #expect(perceptron.output.contains("the data are linearly separable."))
        }
    }

    @Test("wrong arguments: a sentence each, with its exit code")
    func bad() throws {
        try inFolder { descent in
            try descent.write("a,b\n1.5,2.5\n2.5,3.5\n", to: "table.csv")
            let cases: [([String], Int32, String)] = [
                (["nowhere.csv", "--target", "a"], 66, "no such file: nowhere.csv"),
                (["iris", "--target", "weight"], 65, "weight"),
                (["table.csv"], 64, "which column is to be predicted? Say --target and one of: a, b"),
                (["iris", "--penalty", "much"], 64, "--penalty is \"much\"; it must be none, ridge:STRENGTH"),
                (["iris", "--penalty", "1"], 64, "--penalty 1 is a strength alone; say of what: ridge:1 or lasso:1"),
                (["iris", "--penalty", "ridge:-1"], 64, "--penalty is \"ridge:-1\""),
                (["iris", "--model", "linear"], 64, "a linear regression says numbers, and a multiclass answer is asked for; use --model softmax"),
                (["iris", "--model", "perceptron"], 64, "a perceptron tells two classes apart, and \"species\" has 3"),
                (["digits", "--degree", "4"], 64, "products up to degree 4, and 5,000 are possible"),
            ]
            for (arguments, code, part) in cases {
                let result = try descent.run(["fit"] + arguments)
                #expect(result.code == code && result.errors.contains(part), "\(arguments): \(result.code) \(result.errors)")
            }
        }
    }
}
