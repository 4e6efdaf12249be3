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
            #expect(fit.output.contains("Fitting: linear regression (by the target; --model changes it), to 442 rows."))
            #expect(fit.output.contains("std. error") && fit.output.contains("\nR² ") && fit.output.contains("\ncondition "))
            #expect(fit.output.contains("Model: descent-models/diabetes-linear/model.safetensors\nReport: descent-models/diabetes-linear/report.html\n"))
            let page = String(decoding: try FileSystem.read(descent.folder.appending(path: "descent-models/diabetes-linear/report.html").path), as: UTF8.self)
            #expect(page.contains("Residuals against leverage") && page.contains("s distances"))
            let evaluate = try descent.run("evaluate", "descent-models/diabetes-linear", "diabetes", "--json")
            #expect(evaluate.code == 0, "\(evaluate.errors)")
            let inspect = try descent.run("inspect", "descent-models/diabetes-linear")
            #expect(inspect.output.contains("Fitted by Descent ") && inspect.output.contains(" to 442 rows of diabetes: linear regression; seed 1."), "\(inspect.output)")
            #expect(!inspect.output.contains("epochs"))
            let predict = try descent.run("predict", "descent-models/diabetes-linear", "diabetes", "--brief", "--first", "2")
            #expect(predict.output.split(separator: "\n").count == 3)

            let iris = try descent.run("fit", "iris", "--model", "one-vs-one", "--json")
            #expect(iris.code == 0, "\(iris.errors)")
            let line = try JSONReader(JSON(parsing: Array(iris.output.utf8), file: "output"), file: "output")
            #expect(try line["coefficients"].elements().count == 15 && line["model"].string() == "descent-models/iris-one-vs-one/model.safetensors")
            let answers = try descent.run("predict", "descent-models/iris-one-vs-one", "iris", "--brief", "--first", "2")
            #expect(answers.output.contains("\nsetosa,setosa,"), "\(answers.output) \(answers.errors)")
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

    // NIST's NoInt2, https://www.itl.nist.gov/div898/strd/lls/data/NoInt2.shtml: two different targets, and numbers all the same.
    @Test("a formula: one line of JSON with the coefficients in all their digits, and a model that predict takes")
    func formula() throws {
        try inFolder { descent in
            try descent.write("x,y\n4,3\n5,4\n6,4\n", to: "noint.csv")
            let fit = try descent.run("fit", "noint.csv", "--formula", "y ~ x - 1", "--json")
            #expect(fit.code == 0, "\(fit.errors)")
            let line = try JSONReader(JSON(parsing: Array(fit.output.utf8), file: "output"), file: "output")
            let coefficients = try line["coefficients"].elements()
            #expect(try coefficients.count == 1 && coefficients[0]["name"].string() == "x")
            #expect(try abs(coefficients[0]["estimate"].double() - 8.0 / 11) < 1e-15 && abs(coefficients[0]["standardError"].double() - 0.0420827318078432) < 1e-14)
            #expect(try abs(line["statistics"]["residualStandardError"].double() - 0.369274472937998) < 1e-14 && line["trainingRows"].int() == 3)

            try descent.write("t,v\n0,10.0\n1,6.1\n2,3.7\n3,2.2\n,1.4\n5,0.8\n", to: "decay.csv")
            let decay = try descent.run("fit", "decay.csv", "--formula", "v ~ a*exp(-k*t)", "--bounds", "k=0:", "--out", "decay")
            #expect(decay.output.contains("Parameters, which are no columns: a, k."), "\(decay.errors)")
            #expect(decay.output.contains("1 of 6 rows is left out, since a cell that is used is missing: t (1).") && decay.output.contains("No start was given, so 300 random ones were tried"))
            let answers = try descent.run("predict", "decay", "decay.csv", "--brief")
            let lines = answers.output.split(separator: "\n")
            #expect(lines.count == 7 && lines[1].hasPrefix("10.0,10.0"))
            #expect(lines[5].hasPrefix("1.4,,") && lines[5].contains("is missing, so the row has no answer"), "\(answers.output)")
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
                (["table.csv", "--formula", "a ~ c"], 64, "c is no column. There are a, b"),
                (["table.csv", "--formula", "a ~ k*b", "--start", "q=1"], 64, "--start names \"q\", which is no parameter of the formula; there are k"),
                (["table.csv", "--formula", "a ~ k*b + m", "--start", "k=1"], 64, "--start lacks m"),
                (["table.csv", "--formula", "a ~ k*b", "--bounds", "k=2:1"], 64, "--bounds k=2:1: bounds are two numbers, the smaller first"),
                (["table.csv", "--formula", "a ~ b", "--start", "k=1"], 64, "--start and --bounds are for formulas with parameters"),
                (["table.csv", "--target", "a", "--transform", "cube:b"], 64, "there is no transformation \"cube\" for b; there are abs, exp,"),
                (["table.csv", "--target", "a", "--transform", "log"], 64, "--transform is \"log\"; it must be written as log:income"),
                (["table.csv", "--target", "a", "--reference", "b=2"], 64, "--reference names \"b\", which is no category here"),
                (["iris", "--robust"], 64, "robust standard errors are those of a linear regression"),
                (["digits", "--degree", "4"], 64, "products up to degree 4, and 5,000 are possible"),
            ]
            for (arguments, code, part) in cases {
                let result = try descent.run(["fit"] + arguments)
                #expect(result.code == code && result.errors.contains(part), "\(arguments): \(result.code) \(result.errors)")
            }
        }
    }
}
