import DescentData
import DescentFormats
import DescentJobs
import TestFolders
import Testing

/// A model of several files, from the files to its answers.
@Suite struct TableFilesJobTests {
    @Test("a model that learned which file a row is from adds it by itself, and answers to files in the columns of the first")
    func files() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let rows = (0..<40).map { ($0 * 7 % 11, $0 * 3 % 5) }
        try FileSystem.write(Array(("a,b,y\n" + rows.map { "\($0),\($1),\($0 + 100)\n" }.joined()).utf8), to: folder.path("north.csv"))
        try FileSystem.write(Array(("y;b;a\n" + rows.map { "\($0 - 100);\($1);\($0)\n" }.joined()).utf8), to: folder.path("south.csv"))
        var settings = TableSamples.quick
        (settings.reading.fileColumn, settings.reading.target) = ("shop", "y")
        var input = JobInput([folder.path("north.csv"), folder.path("south.csv")], reading: settings.reading)
        let training = try TableJob.training(input, settings: settings)
        #expect(training.table.rowCount == 80 && training.encoder.columnNames == ["a", "b", "shop"])
        let model = try TabularModel(parsing: training.run().encoded(), file: "model")
        // The files alone: the model knows the rest.
        input.reading = TableReading()
        var request = PredictionRequest(input)
        request.first = 42
        let stream = try model.answers(request)
        var answers: [Answer] = []
        while let next = try stream.next() { answers += next }
        #expect(stream.columns == ["a", "b", "y", "shop"] && answers.count == 42)
        #expect(answers[1].cells == ["7", "3", "107", "north.csv"] && answers[41].cells == ["7", "3", "-93", "south.csv"])
        #expect(answers[41].json["file"] == .string(folder.path("south.csv")) && answers[41].line == 3)
        // Of these two rows only the shop differs.
        #expect(answers[0].values != answers[40].values)
        #expect(try model.evaluation(input).heading.hasPrefix("80 rows of "))
    }

    @Test("two files of one name are told apart by their paths, in training and in answers")
    func oneName() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let paths = ["p", "q"].map { folder.path($0 + "/x.csv") }
        for (place, path) in paths.enumerated() {
            try FileSystem.createFolder(String(path.dropLast(6)))
            try FileSystem.write(Array(("a,y\n" + (0..<40).map { "\($0 % 7),\($0 % 7 + 100 * place)\n" }.joined()).utf8), to: path)
        }
        var settings = TableSamples.quick
        (settings.reading.fileColumn, settings.reading.target) = ("shop", "y")
        let model = try TabularModel(parsing: TableJob.training(JobInput(paths, reading: settings.reading), settings: settings).run().encoded(), file: "model")
        let stream = try model.answers(PredictionRequest(JobInput(paths, reading: TableReading())))
        var answers: [Answer] = []
        while let next = try stream.next() { answers += next }
        #expect(answers.count == 80 && answers[0].cells.last == paths[0] && answers[79].cells.last == paths[1])
    }
}
