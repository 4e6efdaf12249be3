import DescentData
import DescentFormats
import TestFolders
import Testing

@Suite("Reading of recordings")
struct RecordingReadingTests {
    private static func parsed(_ text: String) throws(DataError) -> Recordings { try Recordings(parsingTimeSeries: Array(text.utf8), file: "walk.ts") }

    private static let header = "# Walks\n@problemName Walk\n@timeStamps false\n@univariate false\n@dimensions 2\n@equalLength false\n@classLabel true fast slow\n@data\n"

    @Test("a .ts file: channels between colons, steps of unlike number, missing ones, the class last, CR at line ends")
    func timeSeriesFile() throws {
        let walks = try Self.parsed(Self.header.replacingOccurrences("\n", "\r\n") + "1,2,-3e1:4,?,6:slow\r\n\r\n7, 8 : NaN,10:fast\r\n")
        #expect(walks.channels == ["1", "2"] && !walks.namesChannels)
        #expect(walks.recordings.map(\.steps) == [3, 2])
        #expect(walks.recordings.map(\.line) == [9, 11])
        #expect(walks.recordings[0].values.map { $0.isNaN ? -1 : $0 } == [1, 4, 2, -1, -30, 6])
        #expect(walks.recordings[1].values.map { $0.isNaN ? -1 : $0 } == [7, -1, 8, 10])
        #expect(walks.target == .classes(["fast", "slow"], [1, 0]))
    }

    @Test("a .ts file with numbers to predict, with times whose colons are no ends of channels, and without answers")
    func timeSeriesKinds() throws {
        let stamped = try Self.parsed("@timeStamps true\n@targetLabel true\n@data\n(2007-01-01 00:01:00,2),(2007-01-01 00:00:00,1):(2007-01-01 00:01:00,5):-1.5\n")
        #expect(stamped.target == .numbers([-1.5]))
        // In the order of time, and missing where a channel has no such time.
        #expect(stamped.recordings[0].values.map { $0.isNaN ? -1 : $0 } == [1, -1, 2, 5])
        let bare = try Self.parsed("@classLabel false\n@data\n1,2:3,4\n")
        #expect(bare.target == .none && bare.channels.count == 2)
        #expect(try Self.parsed(Self.header + "1:2:?\n3:4:?\n").target == .none)
    }

    @Test("the first lines tell a .ts file from a program in TypeScript; one whose header is missing is a .ts file")
    func timeSeriesEnding() {
        #expect(Recordings.isTimeSeriesFile(Array("# Walks\n\n@problemName Walk\n".utf8)) && Recordings.isTimeSeriesFile(Array("-1.5,2:slow\n".utf8)))
        #expect(!Recordings.isTimeSeriesFile(Array("import { walk } from \"./walk\";\n".utf8)))
    }

    /// Files, and what is said of each.
    private static let wrongFiles: [(text: String, sentence: String)] = [
        (header + "1,2:3,4:5,6:slow\n", "walk.ts:9: the line has 3 channels before the answer, and the header says 2"),
        (header + "1,2:3:slow\n", "walk.ts:9: channel 2 has 1 steps, and channel 1 has 2; write ?"),
        (header + "1,2:3,4:stop\n", "walk.ts:9: the class \"stop\" is not one of @classLabel: fast, slow"),
        (header + "1,x:3,4:slow\n", "walk.ts:9: channel 1, step 2 is \"x\", not a number"),
        (header + ":3,4:slow\n", "walk.ts:9: the recording is empty"),
        (header + "1:2:slow\n1:2:?\n", "walk.ts:10: the class is missing"),
        (header, "no recordings follow @data"),
        ("@problemName Walk\n1,2:slow\n", "walk.ts:2: a line of data before @data"),
        ("@problemName Walk\n@data\n1,2:slow\n", "walk.ts:2: the header has neither @classLabel nor @targetLabel"),
        ("@classLabel true a b\n", "there is no line @data"),
        ("@timeStamps perhaps\n", "walk.ts:1: @timeStamps is \"perhaps\"; it must be true or false"),
        ("@dimensions none\n", "walk.ts:1: @dimensions is \"none\"; it must be the number of channels"),
        ("@targetLabel true\n@data\n1,2:tall\n", "walk.ts:3: the target is \"tall\", not a number"),
        ("@classLabel true\n@data\n1,2:a\n1:2:b\n", "walk.ts:4: the line has 2 channels before the answer, and the recordings before have 1"),
    ]

    @Test(
        "a wrong .ts file is refused with the line and what would be right",
        arguments: wrongFiles)
    func wrongTimeSeriesFile(_ text: String, _ sentence: String) {
        let error = #expect(throws: DataError.self) { try Self.parsed(text) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }

    @Test("an array [recordings, time, channels], its padding of NaN cut off; and the same with channels first")
    func arrays() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.npy"), nan = Float.nan
        try NumPyFile.write(NumericArray([1, 10, 2, nan, 3, 30, 4, 40, nan, nan, nan, nan] as [Float], shape: [2, 3, 2]), to: path)
        try NumPyFile.write(NumericArray([7, 5] as [Int64], shape: [2]), to: folder.path("y.npy"))
        let read = try Recordings(array: path, labels: folder.path("y.npy"))
        #expect(read.recordings.map(\.steps) == [3, 1] && read.channels.count == 2)
        #expect(read.recordings[0].values.map { $0.isNaN ? -1 : $0 } == [1, 10, 2, -1, 3, 30])
        #expect(read.target == .classes(["5", "7"], [1, 0]))
        try NumPyFile.write(NumericArray([1, 2, 3, 10, 20, 30] as [Float], shape: [1, 2, 3]), to: path)
        let turned = try Recordings(array: path, labels: nil, channelsFirst: true)
        #expect(turned.recordings[0].values == [1, 10, 2, 20, 3, 30] && turned.target == .none)
    }

    @Test("an array of measurements is told from one of pixels by its shape and its numbers")
    func arrayOrImages() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.npy")
        func isArray(_ values: [Float], _ shape: [Int]) throws -> Bool {
            try NumPyFile.write(NumericArray(values, shape: shape), to: path)
            return try Recordings.isArray(path)
        }
        #expect(try isArray([71.5, 80, 64, 66, 70, 71], [1, 3, 2]) && isArray([0, -1, 0, 0, 1, 1], [1, 3, 2]) && isArray([0, 900, 0, 0, 1, 1], [1, 3, 2]))
        #expect(try !isArray([0, 255, 7, 0, 0, 9], [1, 3, 2]) && !isArray([0, 0.5, 0.25, 0, 0, 1], [1, 3, 2]))
        // Squares are images, and tables have two axes.
        #expect(try !isArray([0.5, 1.5, -2, 0], [1, 2, 2]) && !isArray([0.5, 1.5, -2, 0], [2, 2]))
    }

    @Test("labels of an array: texts of NumPy, lines of a file, numbers with a fraction, a class for every step; a wrong number of them is an error")
    func arrayLabels() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("x.npy"), labels = folder.path("y.npy")
        try NumPyFile.write(NumericArray([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3, 1]), to: path)
        // Two texts of 3 characters of 32 bits each, as NumPy writes numpy.array(["ab", "é"]).
        var bytes = NumPyFile.encode(NumericArray([0x61, 0x62, 0, 0xE9, 0, 0] as [Int32], shape: [2, 3]))
        let header = Array("{'descr': '<U3', 'fortran_order': False, 'shape': (2,), }".utf8)
        bytes.replaceSubrange(10..<10 + header.count, with: header)
        for place in 10 + header.count..<bytes.count - 25 { bytes[place] = 0x20 }
        try FileSystem.write(bytes, to: labels)
        #expect(try Recordings(array: path, labels: labels).target == .classes(["ab", "é"], [0, 1]))
        try FileSystem.write(Array("class\nrun\nsit\n".utf8), to: folder.path("y.txt"))
        #expect(try Recordings(array: path, labels: folder.path("y.txt")).target == .classes(["run", "sit"], [0, 1]))
        try NumPyFile.write(NumericArray([0.5, 2] as [Double], shape: [2]), to: labels)
        #expect(try Recordings(array: path, labels: labels).target == .numbers([0.5, 2]))
        #expect(try Recordings(array: path, labels: labels, isRegression: false).target == .classes(["0.5", "2"], [0, 1]))
        try NumPyFile.write(NumericArray([0, 0, 1, 1, 1, 0] as [Int64], shape: [2, 3]), to: labels)
        #expect(try Recordings(array: path, labels: labels).target == .stepClasses(["0", "1"], [[0, 0, 1], [1, 1, 0]]))
        try NumPyFile.write(NumericArray([0, 1, 1] as [Int64], shape: [3]), to: labels)
        let error = #expect(throws: DataError.self) { try Recordings(array: path, labels: labels) }
        #expect(error?.description.contains("3 labels for the 2 recordings") == true)
    }

    @Test("a folder of tables for each class: columns by name, the time left out, one that a file lacks is missing there")
    func folder() throws {
        let folder = try TemporaryFolder()
        let root = folder.path("walks")
        for (name, text) in [("run/a.csv", "time,x,y\n0,1,2\n1,3,\n"), ("run/b.csv", "time,y,x\n0,20,10\n"), ("sit/c.csv", "time,x\n0,7\n1,8\n")] {
            try FileSystem.createFolder("\(root)/\(name.split(separator: "/")[0])")
            try FileSystem.write(Array(text.utf8), to: "\(root)/\(name)")
        }
        #expect(try Recordings.isFolderOfClasses(root))
        let read = try Recordings(folder: root)
        #expect(read.channels == ["x", "y"])
        #expect(read.recordings.map { $0.values.map { $0.isNaN ? -1 : $0 } } == [[1, 2, 3, -1], [10, 20], [7, -1, 8, -1]])
        #expect(read.target == .classes(["run", "sit"], [0, 0, 1]))
        #expect(read.notes == ["Not in all files, so missing in some: y."])
        try FileSystem.write(Array("time,x\n0,7\n1,eight\n2,8\n".utf8), to: "\(root)/sit/c.csv")
        let error = #expect(throws: DataError.self) { try Recordings(folder: root) }
        #expect(error?.description.contains("c.csv:3: column \"x\" is \"eight\", not a number") == true)
    }

    @Test("a table of all recordings: rows by id in the order of time, a step left out is missing, the answer of a recording or of each step")
    func table() throws {
        let text = "session,time,x,mood\na,0.2,3,glad\na,0.0,1,glad\nb,0.0,5,sad\na,0.1,2,glad\nb,0.1,6,sad\nb,0.3,8,sad\nb,0.4,9,sad\n"
        let table = try Table(parsing: Array(text.utf8), file: "moods.csv"), columns = try #require(RecordingColumns.guess(table, given: RecordingColumns(target: "mood")))
        #expect(RecordingColumns.fit(table.names, given: RecordingColumns()) && !RecordingColumns.fit(["id", "x", "mood"], given: RecordingColumns()))
        #expect(columns == RecordingColumns(id: "session", time: "time", target: "mood") && columns.hasAnswers(table))
        let read = try Recordings(table: table, columns: columns)
        #expect(read.recordings.map(\.name) == ["a", "b"] && read.channels == ["x"])
        #expect(read.recordings.map { $0.values.map { $0.isNaN ? -1 : $0 } } == [[1, 2, 3], [5, 6, -1, 8, 9]])
        #expect(read.target == .classes(["glad", "sad"], [0, 1]))
        let changing = try Table(parsing: Array("id,t,x,state\n1,0,3,up\n1,1,1,down\n1,2,1,down\n2,0,1,up\n2,1,1,up\n2,2,1,up\n".utf8), file: "states.csv")
        let steps = try Recordings(table: changing, columns: RecordingColumns(id: "id", time: "t", target: "state"))
        #expect(steps.target == .stepClasses(["down", "up"], [[1, 0, 0], [1, 1, 1]]))
        // Numbers that change within an id are a series to be forecast.
        #expect(!RecordingColumns(id: "id", time: "t", target: "x").hasAnswers(changing))
    }
}

extension String {
    fileprivate func replacingOccurrences(_ text: Character, _ other: String) -> String { split(separator: text, omittingEmptySubsequences: false).joined(separator: other) }
}
