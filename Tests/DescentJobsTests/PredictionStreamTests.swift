import DescentCore
import DescentData
import DescentFormats
import Testing
import DescentJobs
import DescentReports
import DescentTrain

/// The stream's answers against those of the whole table at once, whatever the pieces in which the bytes come.
@Suite(.serialized)
struct PredictionStreamTests {
    /// A small model's file, made once.
    private static let bytes: [UInt8] = {
        var settings = TableSamples.quick
        settings.epochs = 2
        return try! TabularTraining(TableSamples.classes(), target: "y", settings: settings).run().encoded()
    }()
    private let model = try! TabularModel(parsing: bytes, file: "model")

    /// All rows of a text that comes in pieces of so many bytes.
    private func rows(
        _ text: String, piece: Int = 1 << 20, format: RowFormat? = nil, delimiter: Delimiter? = nil, first: Int = .max
    ) throws -> (rows: [AnsweredRow], stream: PredictionStream) {
        var rest = Array(text.utf8)[...]
        let stream = PredictionStream(model, file: "new.csv", format: format, delimiter: delimiter, first: first) {
            defer { rest = rest.dropFirst(piece) }
            return Array(rest.prefix(piece))
        }
        var rows: [AnsweredRow] = []
        while let next = try stream.next() { rows += next }
        return (rows, stream)
    }

    private static let table = "a,b,kind,note\r\n0.1,0.2,red,\"x, \"\"y\"\"\r\nz\"\r\n\r\n0.9,0.8,blue,\n0.5,,red,w\n   \n0.3,0.3,blue,last"

    @Test("pieces of any size give the answers of the whole", arguments: [1, 2, 3, 7, 1000])
    func pieces(size: Int) throws {
        let truth = try model.predict(try Table(parsing: Array(Self.table.utf8), file: "new.csv", options: .init(header: .present)))
        let (rows, stream) = try rows(Self.table, piece: size)
        #expect(rows.map(\.answer) == truth)
        #expect(rows.map(\.line) == [2, 5, 6, 8])
        #expect(rows.map { $0.text(column: 3) } == ["x, \"\"y\"\"\r\nz".split(separator: "\"\"").joined(separator: "\""), "", "w", "last"])
        #expect(stream.columns == ["a", "b", "kind", "note"])
        #expect(stream.summary.extraColumns == ["note"])
        #expect(stream.summary.rows == 4 && stream.summary.errors == 0)
    }

    @Test("quotes span lines between any delimiters", arguments: [";", "|", "\t"], [1, 1000])
    func delimiters(delimiter: String, size: Int) throws {
        let text = "a,b,kind,note\n0.1,0.2,red,w\n0.9,0.8,\"blue\",\"p q\"\n".split(separator: ",").joined(separator: delimiter)
        let quoted = delimiter == "\t" ? text : text.split(separator: "p q").joined(separator: "p,\nq")
        let (rows, _) = try rows(quoted, piece: size)
        #expect(rows.count == 2 && rows.allSatisfy { $0.answer != nil })
        #expect(rows[1].text(column: 3) == (delimiter == "\t" ? "p q" : "p,\nq"))
    }

    @Test("more rows than are predicted at once, with errors among them: each has its line")
    func many() throws {
        let count = 10_000
        let bad = Set([0, 1, 4095, 4096, 7777, 9999])
        let text = "a,b,kind\n" + (0..<count).map { bad.contains($0) ? "x,0.1,red\n" : "0.\($0),0.1,red\n" }.joined()
        let (rows, stream) = try rows(text, piece: 5000)
        #expect(rows.map(\.line) == Array(2..<count + 2))
        #expect(rows.indices.filter { rows[$0].answer == nil } == bad.sorted())
        #expect(rows[7777].error == "new.csv:7779: column \"a\" is \"x\", not a finite number. Fix the cell, or use --invalid-cells missing")
        #expect(rows[7777].text(column: 0) == "x")
        #expect(stream.summary.rows == count && stream.summary.errors == 6)
        #expect(try self.rows(text, first: 5000).rows.count == 5000)
    }

    @Test("rows that cannot be taken apart do not stop the others")
    func brokenRows() throws {
        let (rows, _) = try rows("a,b,kind\n0.1,0.2\n0.1,0.2,red\n0.1,0.2,red,4\n0.1,\"0.2,red\n0.3,0.2,red\n")
        #expect(rows.map(\.line) == [2, 3, 4, 5, 6])
        #expect(rows.map { $0.answer != nil } == [false, true, false, false, true])
        #expect(rows[0].error == "new.csv:2: 2 fields, and the first line has 3")
        #expect(rows[2].error == "new.csv:4: 4 fields, and the first line has 3")
        #expect(rows[3].error == "new.csv:5: a quote opens in this line and is never closed")
    }

    @Test("JSON lines are guessed, give the same answers, and say line and column of what is broken")
    func objects() throws {
        let text = """
            {"kind": "red", "a": 0.1, "b": 0.2, "y": "1"}
            {"a": 0.1, "b": "0.2", "kind": null, "more": true}

            {"a": 0.1, "b": 0.2 "kind": "red"}
            {"a": 0.1, "kind": "red"}
            {"a": [0.1], "b": 1, "kind": "red"}
            7
            {"b": 0.25, "kind": "blue", "a": 9e-1}
            """
        let table = try Table(names: ["a", "b", "kind"], rows: [["0.1", "0.2", "red"], ["0.1", "0.2", ""], ["0.9", "0.25", "blue"]])
        for size in [1, 10, 10_000] {
            let (rows, stream) = try rows(text, piece: size)
            #expect(stream.format == .jsonl)
            #expect(rows.map(\.line) == [1, 2, 4, 5, 6, 7, 8])
            #expect(rows.compactMap(\.answer) == (try model.predict(table)))
            #expect(rows[2].error == "new.csv:4:21: a comma or } is missing in an object")
            #expect(rows[3].error == "new.csv:5: the column \"b\" that the model was trained on is missing; write null for a value that is not known")
            #expect(
                rows[4].error
                    == "new.csv:6: the value of \"a\" is an array, and a cell of a table holds one value: a text, a number, true, false or null. Leave it out, or write a member for each element")
            #expect(rows[5].error?.hasPrefix("new.csv:7: a row of JSON lines must be an object") == true)
            #expect(stream.summary.extraColumns == ["more"])
        }
    }

    @Test("categories without a feature of their own are counted")
    func unseen() throws {
        let (rows, stream) = try rows("a,b,kind\n0.1,0.2,green\n0.1,0.2,red\n0.1,0.2,\n0.1,0.2,violet\n0.1,0.2,green\n")
        #expect(rows.allSatisfy { $0.answer != nil })
        #expect(stream.summary.unseen.columns.map(\.name) == ["kind"])
        #expect(stream.summary.unseen.columns.first?.cells == 3)
        #expect(stream.summary.unseen.columns.first?.examples == ["green", "violet"])
    }

    @Test(
        "inputs of which nothing can be used are errors",
        arguments: [
            ("", "new.csv: the file is empty"),
            ("\n \n", "new.csv: the file is empty"),
            ("a,b,kind\n", "new.csv: the file has a header and no rows"),
            ("a,c\n1,2\n", "the columns \"b\", \"kind\" that the model was trained on are missing"),
            ("PK\u{3}\u{4}abc\nx\n", "new.csv: the file is a spreadsheet or zip archive; save the table as CSV"),
        ])
    func useless(text: String, sentence: String) throws {
        for size in [1, 1000] {
            let error = #expect(throws: DataError.self) { try rows(text, piece: size) }
            #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
        }
    }

    @Test("a table in memory")
    func table() throws {
        let table = try TableSamples.classes(5000)
        let stream = try PredictionStream(model, table, first: 4500)
        var answers: [Prediction?] = []
        while let rows = try stream.next() { answers += rows.map(\.answer) }
        #expect(answers == (try model.predict(table, rows: Array(0..<4500))))
    }
}
