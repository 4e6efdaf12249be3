import DescentData
import DescentFormats
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite("kinds of columns")
struct ColumnKindTests {
    private func column(_ values: [String], kind: ColumnKind? = nil, invalidCells: InvalidCells = .reject) throws -> TableEncoder {
        let table = try Table(names: ["c", "x"], rows: values.enumerated().map { [$1, "\($0 * $0)"] }, file: "f")
        return try TableEncoder(fitting: table, target: nil, kinds: kind.map { ["c": $0] } ?? [:], invalidCells: invalidCells)
    }

    private func features(_ encoder: TableEncoder, _ values: [String]) throws -> [[Float]] {
        let table = try Table(names: ["c", "x"], rows: values.map { [$0, "0"] }, file: "p")
        let encoded = try encoder.transform(table)
        let width = encoder.featureNames.filter { $0.hasPrefix("c") }.count
        return (0..<encoded.rowCount).map { Array(encoded.values[($0 * encoded.featureCount)..<($0 * encoded.featureCount + width)]) }
    }

    private func stored(_ encoder: TableEncoder) throws -> TableEncoder {
        try TableEncoder(json: JSONReader(encoder.toJSON(), file: "card"))
    }

    @Test("yes and no in their spellings are one feature, a missing one the share of yes")
    func booleans() throws {
        let encoder = try column(["yes", "No", "YES", "no", "yes", "", "no", "yes", "", "yes"])
        #expect(encoder.featureNames == ["c", "c missing", "x"])
        #expect(encoder.describe()[0] == "c: boolean, 20% missing")
        #expect(try features(encoder, ["true", "n", ""]) == [[1, 0], [0, 0], [0.625, 1]])
        #expect(try features(stored(encoder), ["true", "n", ""]) == [[1, 0], [0, 0], [0.625, 1]])
        let error = #expect(throws: DataError.self) { try features(encoder, ["yes", "perhaps"]) }
        #expect(error?.description == "p:2: column \"c\" is \"perhaps\", not a boolean. Fix the cell, or use --invalid-cells missing")
        #expect(try features(column(["0", "1", "1", "1"], kind: .boolean), ["1", "0"]) == [[1], [0]])
        let forced = #expect(throws: DataError.self) { try column(["1", "0", "2", "1"], kind: .boolean) }
        #expect(forced?.description == "f:3: column \"c\" is \"2\", not a boolean. Fix the cell, or use --invalid-cells missing")
    }

    @Test(
        "the ways of writing a date",
        arguments: [
            ("2024-02-29", "2024-03-01"), ("2024/02/29", "2024/03/01"), ("29/02/2024", "01/03/2024"), ("02/29/2024", "03/01/2024"),
            ("29.02.2024", "1.3.2024"), ("29-02-2024", "01-03-2024"), ("29 Feb 2024", "1 March 2024"), ("29-feb-2024", "1-Mar-2024"),
            ("Feb 29, 2024", "March 1, 2024"), ("2024-02-29T12:00:00Z", "2024-03-01 14:00:00.0+02:00"),
        ])
    func dates(first: String, second: String) throws {
        // A day apart, whatever the format.
        let encoder = try column([first, second, first, second])
        let names = encoder.featureNames
        #expect(names.prefix(1) == ["c days"] && names.contains("c month sin") && names.contains("c weekday cos"), "\(encoder.describe())")
        let rows = try features(encoder, [first, second])
        #expect(rows[0][0] == -1 && rows[1][0] == 1)
    }

    /// From Python: datetime.date(...).toordinal() - date(1970, 1, 1).toordinal(), and .weekday() from Monday.
    @Test("features of dates are those of the calendar, and their cycles")
    func dateFeatures() throws {
        let encoder = try column(["1999-12-31", "2000-01-01", "2024-02-29", ""])
        #expect(
            encoder.featureNames == [
                "c days", "c year", "c month sin", "c month cos", "c day sin", "c day cos", "c weekday sin", "c weekday cos", "x",
            ])
        let rows = try features(encoder, ["1999-12-31", "2000-01-01", "2024-02-29", ""])
        func angle(_ row: Int, _ feature: Int) -> Double {
            let turn = atan2(Double(rows[row][feature]), Double(rows[row][feature + 1])) / (2 * .pi)
            return turn < -1e-6 ? turn + 1 : turn
        }
        // Friday, Saturday, Thursday.
        for (row, (month, day, weekday)) in [(12.0, 31.0, 4.0), (1, 1, 5), (2, 29, 3)].enumerated() {
            #expect(abs(angle(row, 2) - (month - 1) / 12) < 1e-6)
            #expect(abs(angle(row, 4) - (day - 1) / 31) < 1e-6)
            #expect(abs(angle(row, 6) - weekday / 7) < 1e-6)
        }
        // 0, 1 and 8826 days: mean 2942.33, deviation 4160.38.
        #expect(abs(Double(rows[1][0]) - (1 - 8827.0 / 3) / 4160.380618271469) < 1e-5)
        #expect(rows[3] == [Float](repeating: 0, count: 8))
        #expect(try features(stored(encoder), ["2011-11-11"]) == features(encoder, ["2011-11-11"]))
    }

    @Test("dates in two formats, and texts that are no dates, have a sentence with lines")
    func mixedDates() throws {
        func sentence(_ values: [String], kind: ColumnKind? = nil) -> String? {
            let error = #expect(throws: DataError.self) { try column(values, kind: kind) }
            return error?.description
        }
        #expect(
            sentence(["2024-01-05", "2024-01-06", "07/01/2024", "2024-01-08"])
                == "f:3: column \"c\" has dates in two formats: line 1 has \"2024-01-05\" (year-month-day), "
                + "line 3 has \"07/01/2024\" (day/month/year). Write all in one format")
        #expect(
            sentence(["01/13/2024", "14/01/2024", "15/01/2024"])
                == "f:2: column \"c\" has dates in two formats: line 1 has \"01/13/2024\" (month/day/year), "
                + "line 2 has \"14/01/2024\" (day/month/year). Write all in one format")
        #expect(
            sentence(["2024-01-05", "2024-01-06", "2024-02-30", "2024-01-08"])
                == "f:3: column \"c\" is \"2024-02-30\", not a date (year-month-day). Fix the cell, or use --invalid-cells missing")
        #expect(sentence(["a", "b", "a", "b"], kind: .date) == "f:1: column \"c\" is \"a\", not a date")
        let encoder = try column(["2024-01-05", "2024-01-06", "2024-01-07", "soon"], invalidCells: .missing)
        #expect(encoder.describe()[0] == "c: date (year-month-day), 25% missing")
        let strict = try column(["2024-01-05", "2024-01-06", "2024-01-07"])
        let error = #expect(throws: DataError.self) { try features(strict, ["2024-01-05", "5.1.2024"]) }
        #expect(error?.description == "p:2: column \"c\" is \"5.1.2024\", not a date (year-month-day). Fix the cell, or use --invalid-cells missing")
        #expect(try column(["01/02/2024", "03/04/2024"]).describe()[0].contains("it could also be month/day/year"))
    }

    @Test("sentences become the counts of words that repeat")
    func words() throws {
        let texts = (0..<40).map { row in
            "The \(row % 2 == 0 ? "good" : "bad") film: very \(row % 3 == 0 ? "long long" : "short"), \(row % 5 == 0 ? "dull" : "loud") number \(row)"
        }
        let encoder = try column(texts)
        let names = encoder.featureNames.dropLast()
        #expect(Set(names) == Set(["good", "bad", "long", "short", "dull", "loud"].map { "c has \($0)" }), "\(names)")
        let row = try features(encoder, ["Long, LONG and good"])[0]
        let found = Dictionary(uniqueKeysWithValues: zip(names, row))
        #expect(found["c has good"] == 0.6931472 && found["c has bad"] == 0 && found["c has long"] == 1.0986123)
        #expect(try features(stored(encoder), texts) == features(encoder, texts))
        #expect(try column(texts, kind: .ignored).featureNames == ["x"])
    }

    @Test("without the new kinds, a stored encoder stays of version 1; with them it is of version 2")
    func versions() throws {
        #expect(JSONReader(try column(["1", "2", "4"]).toJSON(), file: "f")["version"].json == .integer(1))
        #expect(JSONReader(try column(["yes", "no", "no"]).toJSON(), file: "f")["version"].json == .integer(2))
        var json = try column(["1", "2", "4"]).toJSON()
        guard case .object(var object) = json else { return }
        object["version"] = 4
        json = .object(object)
        let error = #expect(throws: FormatError.self) { try TableEncoder(json: JSONReader(json, file: "card")) }
        #expect(error?.sentence == "card: \"version\" is 4, and this program knows versions 1 to 3: a newer one wrote the model")
    }

    @Test("a target with more classes than rows allow, with missing values, of one class")
    func targets() throws {
        func sentence(_ values: [String]) throws -> String? {
            let table = try Table(names: ["c", "x"], rows: values.enumerated().map { [$1, "\($0 * $0)"] }, file: "f")
            let error = #expect(throws: DataError.self) { try TargetEncoder(fitting: table, column: "c") }
            return error?.description
        }
        #expect(
            try sentence(["a", "b", "c", "d", "a"])
                == "f: the target \"c\" has 4 different values in 5 rows: too many to be classes, and not numbers")
        #expect(try sentence(["a", "b", "", "a"]) == "f:3: the target \"c\" is missing. Fill it in or remove the line")
        #expect(try sentence(["a", "a"]) == "f: the target \"c\" is \"a\" in every row, so there is nothing to learn")
    }
}
