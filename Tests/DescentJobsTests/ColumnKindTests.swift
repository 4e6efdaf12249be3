import DescentData
import DescentFormats
import Testing
import DescentJobs
import DescentReports
import DescentTrain

/// Kinds of columns that a person says, instead of what is guessed.
struct ColumnKindTests {
    /// A zone that is written as a number but names a place, a number, and a class that hangs on the zone.
    private static func table() throws -> Table {
        try Table(
            names: ["zone", "x", "y"],
            rows: (0..<60).map { row in
                ["\(row * 7 % 5 + 1)", "\(row * 13 % 60)", "\([1, 0, 0, 1, 0][row * 7 % 5])"]
            }, file: "zones.csv")
    }

    private static func training(_ columns: [String: ColumnKind]) throws -> TabularTraining {
        var settings = TableSamples.quick
        settings.columns = columns
        return try TabularTraining(table(), target: "y", settings: settings)
    }

    @Test("kinds reach the encoder, by name and by number")
    func kinds() throws {
        #expect(try Self.training([:]).encoder.featureNames.contains("zone"))
        for name in ["zone", "1"] {
            let names = try Self.training([name: .category]).encoder.featureNames
            #expect(names.contains("zone = 4") && !names.contains("zone"))
        }
        #expect(try Self.training(["x": .ignored]).encoder.requiredColumns == ["zone"])
        #expect(try Self.training(["zone": .category, "1": .category]).encoder.featureCount == 6)
    }

    @Test("they are kept with the run and the model")
    func stored() throws {
        let training = try Self.training(["zone": .category, "x": .ignored])
        let stored = try TabularSettings(json: JSONReader(JSON(parsing: Array(training.settings.toJSON().text().utf8), file: "settings"), file: "settings"))
        #expect(stored == training.settings)
        let model = try training.run()
        let read = try TabularModel(parsing: model.encoded(), file: "model")
        #expect(read.record.settings.columns == ["zone": .category, "x": .ignored])
    }

    @Test("columns that are not there, the target, two kinds of one column, and kinds that nobody knows are refused")
    func refused() throws {
        #expect(throws: DataError.self) { try Self.training(["zoen": .category]) }
        #expect { try Self.training(["y": .category]) } throws: { "\($0)".contains("is the target, which has a task") }
        #expect { try Self.training(["zone": .category, "1": .number]) } throws: { "\($0)".contains("are the same column, of two kinds") }
        let text = try TabularSettings().toJSON().text()
        let odd = "{\"columns\":{\"zone\":\"colour\"}," + text.dropFirst()
        #expect { try TabularSettings(json: JSONReader(JSON(parsing: Array(odd.utf8), file: "settings"), file: "settings")) } throws: {
            "\($0)".contains("zone") && "\($0)".contains("is no kind of column that is known")
        }
        // Settings of earlier versions.
        let old = "{\"columns\":{}," + text.dropFirst()
        #expect(try TabularSettings(json: JSONReader(JSON(parsing: Array(old.utf8), file: "settings"), file: "settings")) == TabularSettings())
    }
}
