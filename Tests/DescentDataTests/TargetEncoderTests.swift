import DescentData
import DescentFormats
import Testing

@Suite("target encoder")
struct TargetEncoderTests {
    /// A table with one column, the target.
    private func target(_ values: [String], task: PredictionTask? = nil) throws -> TargetEncoder {
        try TargetEncoder(fitting: try column(values), column: "y", task: task)
    }

    private func column(_ values: [String]) throws -> Table {
        try table("x,y\n" + values.map { "1,\($0)\n" }.joined(), header: .present)
    }

    @Test("two values are a binary classification, in the order of numbers or of the alphabet")
    func binary() throws {
        let numbers = try target(["1", "0", "1.0", "0"])
        #expect(numbers.task == .binary && numbers.classes == ["0", "1"])
        #expect(numbers.note == "y: 2 classes (0, 1), so a binary classification")
        #expect(try numbers.labels(column(["1", "0", "+1"])) == [1, 0, 1])
        #expect(try target(["yes", "no", "no"]).classes == ["no", "yes"])
    }

    @Test("a few whole numbers or texts, each repeated, are classes")
    func multiclass() throws {
        let digits = try target((0..<40).map { "\($0 % 10)" })
        #expect(digits.task == .multiclass && digits.classes == (0..<10).map(String.init))
        #expect(try target(["a", "b", "c", "a", "b", "c"]).task == .multiclass)
    }

    @Test("other numbers are a regression, standardised over the training rows")
    func regression() throws {
        let source = try column(["1.5", "2.5", "3.5", "100"])
        var encoder = try TargetEncoder(fitting: source, column: "y")
        #expect(encoder.task == .regression && encoder.note == "y: numbers, so a regression")
        try encoder.fitStandard(source, rows: [0, 1, 2])
        #expect(encoder.mean == 2.5)
        let values = try encoder.values(source, rows: [0, 1, 2])
        #expect(values[1] == 0 && values[0] == -values[2])
        #expect(abs(encoder.inverse(values[2]) - 3.5) < 1e-6)
        #expect(try target(["10", "20", "30", "40", "50"]).task == .regression, "whole, and each once")
        #expect(try target((0..<40).map { "\($0 % 10)" }, task: .regression).task == .regression)
    }

    @Test("the split stratifies classes and fits the standard to the training rows")
    func split() throws {
        let source = try column((0..<50).map { $0 < 40 ? "a" : "b" })
        var classes = try TargetEncoder(fitting: source, column: "y")
        #expect(try classes.split(source, seed: 1).test.count { $0 >= 40 } == 2)
        let numbers = try column((0..<50).map { "\($0).5" })
        var encoder = try TargetEncoder(fitting: numbers, column: "y")
        let split = try encoder.split(numbers, seed: 1)
        #expect(encoder.mean == split.train.reduce(0.0) { $0 + Double($1) + 0.5 } / 40)
    }

    @Test(
        "targets that cannot be learnt",
        arguments: [
            (["1", "1", "1"], nil, "f: the target \"y\" is \"1\" in every row, so there is nothing to learn"),
            (["1", "", "0"], nil, "f:3: the target \"y\" is missing. Fill it in or remove the line"),
            (["1", "NaN", "0"], nil, "f:3: the target \"y\" is missing. Fill it in or remove the line"),
            (
                ["1.5", "2", "three", "4", "5.5"], nil,
                "f:4: column \"y\" is \"three\", not a finite number. Fix the cell, or use --invalid-cells missing"
            ),
            (
                ["a", "b", "a"], .regression,
                "f:2: column \"y\" is \"a\", not a finite number (nor are 2 more cells). "
                    + "Fix the cell, or use --invalid-cells missing"
            ),
            (
                ["a", "b", "c", "d"], nil,
                "f: the target \"y\" has 4 different values in 4 rows: too many to be classes, and not numbers"
            ),
            (
                ["1", "2", "3"], .binary,
                "f: the target \"y\" has 3 different values, and a binary classification has 2"
            ),
            (["1.5", "1e300", "-1e300", "2"], nil, "f: the target \"y\" has numbers too large to compute with"),
        ] as [([String], PredictionTask?, String)])
    func mistakes(values: [String], task: PredictionTask?, sentence: String) {
        let error = #expect(throws: DataError.self) { try target(values, task: task) }
        #expect(error?.description == sentence)
    }

    @Test("an unknown target is named with the nearest column")
    func unknown() throws {
        let error = #expect(throws: DataError.self) {
            try TargetEncoder(fitting: table("Age,Survived\n1,0\n2,1"), column: "survive")
        }
        #expect(
            error?.description
                == "f: there is no column \"survive\". Did you mean \"Survived\"? The columns are Age, Survived")
    }

    @Test("a label that training did not have is named with its line")
    func unseen() throws {
        let encoder = try target(["a", "b", "a"])
        let error = #expect(throws: DataError.self) { try encoder.labels(column(["a", "z"])) }
        #expect(error?.description == "f:3: the target \"y\" is \"z\", none of the classes a, b")
    }

    @Test("a target that was stored is the same")
    func stored() throws {
        for encoder in [try target(["a", "b", "a"]), try target(["1.5", "2.25", "7"])] {
            let text = try encoder.toJSON().text()
            #expect(try TargetEncoder(json: JSONReader(JSON(parsing: text, file: "f"), file: "f")) == encoder)
        }
        let wrong: JSON = [
            "version": 1, "name": "y", "column": 0, "task": "binary", "classes": ["a"], "mean": 0, "deviation": 1,
            "note": "",
        ]
        let error = #expect(throws: FormatError.self) { try TargetEncoder(json: JSONReader(wrong, file: "f")) }
        #expect(error?.sentence == "f: \"classes\" has 1 classes, which does not fit the task binary")
    }
}
