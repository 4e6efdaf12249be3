import DescentFormats
import Testing

import DescentData

@Suite("table encoder")
struct TableEncoderTests {
    /// Twelve rows with a name, an age (one missing in four), a fare with a long tail, and a port.
    private static let people = """
        id,name,age,fare,port,kind
        1,"Ax, Mr. Al",20,1,S,x
        2,"Bo, Mrs. Bea",30,2,S,x
        3,"Cy, Mr. Cal",,4,C,x
        4,"Do, Mrs. Dot",40,8,S,x
        5,"Ed, Mr. Eli",50,16,C,x
        6,"Fa, Mr. Fin",,32,S,x
        7,"Go, Mrs. Gil",20,64,Q,x
        8,"Hu, Mr. Hal",30,128,S,x
        9,"Ic, Mrs. Ida",,256,C,x
        10,"Ja, Mr. Jon",40,512,S,x
        11,"Ku, Mr. Kai",50,1024,C,x
        12,"Lo, Mrs. Lea",20,2048,S,x
        """

    @Test("what was done with each column is said in words")
    func describe() throws {
        let encoder = try TableEncoder(fitting: table(Self.people), target: nil)
        #expect(
            encoder.describe() == [
                "id: ignored (row number; --column id=numeric keeps it)",
                "name: text, a category by its first word ending in a full stop: Mr, Mrs",
                "age: numeric, 25% missing (filled with the median, 30; an indicator marks them)",
                "fare: numeric, long-tailed, so its logarithm",
                "port: category: S, C",
                "kind: ignored (constant: \"x\")",
            ])
        #expect(encoder.featureNames == ["name = Mrs", "age", "age missing", "fare", "port = C"])
    }

    @Test("numbers are standardised over the training rows, missing ones filled with their median")
    func numbers() throws {
        let source = try table("x,y\n1,1\n2,0\n3,1\n,0\n,1\n100,0")
        let encoder = try TableEncoder(fitting: source, rows: [0, 1, 2, 3, 4], target: 1)
        #expect(
            try encoder.transform(source).values == [
                Float(-1.5.squareRoot()), 0, 0, 0, Float(1.5.squareRoot()), 0, 0, 1, 0, 1, Float(NumberRule.limit), 0,
            ])
    }

    @Test("the logarithm is taken where it halves the skewness of positive numbers, and only there")
    func logarithm() throws {
        let values = (0..<40).map { Double(1 << ($0 % 10)) }
        let rule = try NumberRule(fitting: values, marksMissing: false)
        #expect(rule.logarithmUnit != nil)
        #expect(try NumberRule(fitting: values.map { -$0 }, marksMissing: false).logarithmUnit == nil)
        #expect(try NumberRule(fitting: Array(stride(from: 0, to: 9, by: 1)), marksMissing: false).logarithmUnit == nil)
        // In whatever unit: cents or dollars.
        let cents = try NumberRule(fitting: values.map { $0 * 100 }, marksMissing: false)
        #expect(abs(cents.mean - rule.mean) < 1e-12)
    }

    @Test("categories: rare and unseen values share a slot, missing cells have their own")
    func categories() throws {
        let texts = ["a", "a", "a", "b", "b", "c", "d", "", ""]
        let source = try Table(names: ["k"], rows: (texts + ["new"]).map { [$0] })
        let encoder = try TableEncoder(fitting: source, rows: Array(0..<9), target: nil)
        #expect(encoder.featureNames == ["k = a", "k = b", "k other", "k missing"])
        let rows = try encoder.transform(source, rows: [0, 3, 5, 9, 7]).values
        #expect(rows == [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    }

    @Test("without a trained slot for it, an unseen value is written as the average row")
    func unseen() throws {
        let source = try Table(names: ["k"], rows: ["a", "a", "a", "b", "b", "c", "c", "c", "new", ""].map { [$0] })
        let encoder = try TableEncoder(fitting: source, rows: Array(0..<8), target: nil)
        #expect(encoder.featureNames == ["k = a", "k = c", "k = b"])
        #expect(try encoder.transform(source, rows: [8, 9]).values == [0.375, 0.375, 0.25, 0.375, 0.375, 0.25])
    }

    @Test("a part of a text that repeats becomes a category")
    func parts() throws {
        let cabins = [
            "C85", "C12", "E46", "", "C7 C9", "E1", "", "", "C3", "E9", "C99", "C100", "E101", "E33", "C1", "E2", "E3",
        ]
        let encoder = try TableEncoder(
            fitting: try Table(names: ["cabin"], rows: cabins.map { [$0] }), target: nil)
        #expect(encoder.featureNames == ["cabin = C", "cabin = E", "cabin missing"])
        #expect(TextPart.domain.of("a@b.org") == "b.org")
        #expect(TextPart.lastWord.of("a b ") == "b")
        #expect(TextPart.leadingLetters.of("123") == nil)
    }

    @Test("texts that are all different, and columns of one value, are no features")
    func useless() throws {
        let rows = (0..<12).map { ["\($0 * 7919 % 100)x\($0)", "same", "5", "\($0 % 3)"] }
        let encoder = try TableEncoder(fitting: try Table(names: ["id", "a", "b", "n"], rows: rows), target: nil)
        #expect(
            encoder.describe() == [
                "id: ignored (text, all different, no repeated part; --column id=text counts its words)",
                "a: ignored (constant: \"same\")", "b: ignored (constant: 5)", "n: numeric",
            ])
        let error = #expect(throws: DataError.self) {
            try TableEncoder(fitting: try Table(names: ["a", "n"], rows: [["x", "1"], ["x", "2"]]), target: 1)
        }
        #expect(error?.description == "table: no column is usable as an input: ignored (constant: \"x\")")
    }

    @Test("a column that counts the rows is of no use, unless there is no other")
    func counter() throws {
        let rows = (1...12).map { ["\($0)", "\($0 * $0 % 7)"] }
        let source = try Table(names: ["id", "n"], rows: rows)
        #expect(try TableEncoder(fitting: source, target: nil).featureNames == ["n"])
        #expect(try TableEncoder(fitting: source, rows: Array(2..<12), target: nil).featureNames == ["n"])
        #expect(try TableEncoder(fitting: source, target: 1).featureNames == ["id"])
        #expect(try TableEncoder(fitting: source, target: nil, kinds: ["id": .number]).featureNames == ["id", "n"])
    }

    @Test("kinds can be told")
    func kinds() throws {
        let source = try table("n,m,y\n1,4,0\n2,4,1\n3,5,0\n1,5,1\n2,6,0\n3,6,1")
        let encoder = try TableEncoder(fitting: source, target: 2, kinds: ["n": .category, "2": .ignored])
        #expect(encoder.featureNames == ["n = 1", "n = 2", "n = 3"])
        #expect(throws: DataError.self) { try TableEncoder(fitting: source, target: 2, kinds: ["z": .number]) }
    }

    @Test("an odd cell in a column of numbers is an error with its line, or missing if told", arguments: ["forty", "inf"])
    func invalidCell(text: String) throws {
        let source = try table("Age,y\n22,0\n38,1\n\(text),0\n26,1\n34,0")
        let error = #expect(throws: DataError.self) { try TableEncoder(fitting: source, target: 1) }
        #expect(
            error?.description
                == "f:4: column \"Age\" is \"\(text)\", not a finite number. Fix the cell, or use --invalid-cells missing")
        #expect(error?.line == 4 && error?.column == "Age")

        // The same in rows that the encoder was not fitted to.
        let encoder = try TableEncoder(fitting: source, rows: [0, 1, 3, 4], target: 1)
        #expect(throws: DataError.self) { try encoder.transform(source) }

        let lenient = try TableEncoder(fitting: source, target: 1, invalidCells: .missing)
        #expect(lenient.describe()[0].hasSuffix("including 1 cell that is not a number"))
        #expect(try lenient.transform(source).values[2] == 0)
    }

    @Test("NaN is a missing value; numbers too large for squares are an error")
    func extremes() throws {
        let nan = try TableEncoder(fitting: table("x,y\n1,0\nNaN,1\nnan,1\n3,0"), target: 1)
        #expect(nan.featureNames == ["x", "x missing"])
        let error = #expect(throws: DataError.self) {
            try TableEncoder(fitting: table("x,y\n1,0\n-1e200,1\n1e300,1\n3,0"), target: 1)
        }
        #expect(error?.description == "f:4: column \"x\" is 1e+300, too large to compute with")
    }

    @Test("columns are found by name wherever they are; missing ones are named, others ignored")
    func places() throws {
        let encoder = try TableEncoder(fitting: table("a,b,y\n1,4,0\n2,7,1\n3,5,0"), target: 2)
        let expected = try encoder.transform(table("a,b\n2,5")).values
        #expect(try encoder.transform(table("extra,b,a\nu,5,2")).values == expected)
        let error = #expect(throws: DataError.self) { try encoder.transform(table("y,c\n1,2")) }
        #expect(
            error?.description
                == "f: the columns \"a\", \"b\" that the model was trained on are missing. The columns are y, c")
    }

    @Test("without a header, columns are found by position, with or without the target")
    func positions() throws {
        let source = try table("1,0,4\n2,1,7\n3,0,5")
        let encoder = try TableEncoder(fitting: source, target: 1)
        #expect(encoder.featureNames == ["1", "3"])
        let expected = try encoder.transform(source, rows: [1]).values
        #expect(try encoder.transform(table("2,7")).values == expected)
        #expect(try encoder.transform(table("2,9,7")).values == expected)
        let error = #expect(throws: DataError.self) { try encoder.transform(table("2")) }
        #expect(error?.description == "f: 1 column, and the model was trained on 3, its target included")
    }

    @Test("an encoder that was stored gives the same bits")
    func stored() throws {
        let source = try table(Self.people)
        let encoder = try TableEncoder(fitting: source, target: 4, invalidCells: .missing)
        let text = try encoder.toJSON().text(.pretty)
        let back = try TableEncoder(json: JSONReader(JSON(parsing: text, file: "card.json"), file: "card.json"))
        #expect(try back.transform(source).values == encoder.transform(source).values)
        #expect(back.describe() == encoder.describe())
        #expect(try back.toJSON().text(.pretty) == text)
        #expect(back.hasHeader && back.invalidCells == .missing)
    }

    @Test("a stored encoder that was damaged is an error or an encoder, never a crash")
    func damaged() throws {
        let source = try table(Self.people)
        let bytes = Array(try TableEncoder(fitting: source, target: 4).toJSON().text().utf8)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1
            guard let json = try? JSON(parsing: damaged, file: "f"),
                let encoder = try? TableEncoder(json: JSONReader(json, file: "f"))
            else { continue }
            if let values = try? encoder.transform(source).values { #expect(values.allSatisfy { $0.isFinite }) }
        }
        let future: JSON = ["version": 4]
        let error = #expect(throws: FormatError.self) { try TableEncoder(json: JSONReader(future, file: "f")) }
        #expect(error?.sentence == "f: \"version\" is 4, and this program knows versions 1 to 3: a newer one wrote the model")
    }
}
