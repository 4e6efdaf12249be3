import DescentData
import DescentFormats
import Testing

/// Times of the day and zones in dates.
@Suite struct DateTimeTests {
    private func encoder(_ values: [String]) throws -> TableEncoder {
        try TableEncoder(fitting: Table(names: ["c", "x"], rows: values.enumerated().map { [$1, "\($0 * $0)"] }, file: "f"), target: 1)
    }

    private func features(_ encoder: TableEncoder, _ values: [String]) throws -> [String: [Float]] {
        let encoded = try encoder.transform(Table(names: ["c", "x"], rows: values.map { [$0, "0"] }, file: "p"))
        let names = encoder.featureNames
        return Dictionary(uniqueKeysWithValues: names.indices.map { place in (names[place], (0..<values.count).map { encoded.values[$0 * names.count + place] }) })
    }

    @Test("where zones differ, the time is that of the clock, and the offset to UTC a feature")
    func zones() throws {
        // Noon everywhere, on one day; UTC says 12:00, 07:00, 17:00 and, on the day before, 22:00.
        let values = ["2024-03-31T12:00:00Z", "2024-03-31T12:00:00+05:00", "2024-03-31 12:00 -0500", "2024-03-31T12:00+14:00"]
        let encoder = try encoder(values)
        #expect(encoder.featureNames == ["c days", "c offset to UTC"])
        #expect(encoder.describe()[0] == "c: date (year-month-day), by the clock of each place, with its offset to UTC")
        #expect(try features(encoder, values)["c offset to UTC"] == [0, 300.0 / 720, -300.0 / 720, 840.0 / 720])
        let stored = try TableEncoder(json: JSONReader(encoder.toJSON(), file: "m"))
        #expect(try features(stored, values) == features(encoder, values))
        // One zone throughout: the clock, and no offset.
        let local = try self.encoder(["2024-03-31T23:30:00-08:00", "2024-03-31T11:30:00-08:00", "2024-03-31T05:30:00-08:00"])
        #expect(local.featureNames == ["c days", "c time sin", "c time cos"])
        let times = try features(local, ["2024-03-31T18:00:00-08:00"])
        #expect(abs(times["c time sin"]![0] + 1) < 1e-6)
    }

    @Test(
        "times and dates as people write them",
        arguments: [
            ("9:05 PM", "21:05:00"), ("12:00 am", "00:00"), ("12:30:15.5 PM", "12:30:15,5"), ("3/31/2024, 5:30:00 PM", "3/31/2024 17:30"), ("Sun, 31 Mar 2024 12:30:00 +0200", "31 Mar 2024 10:30Z"),
            ("Sunday, March 31, 2024", "Mar 31, 2024"), ("31.03.24", "31.03.2024"), ("3/31/68", "03/31/2068"), ("31/12/69", "31/12/1969"), ("2024-03-31 12:00 UTC", "2024-03-31 12:00 GMT"),
            ("2024.03.31 8:00", "2024.03.31 08:00"), ("2024-Mar-31", "2024 mar 31"), ("March 2024", "Mar 2024"), ("31-Mar-24", "31-Mar-2024"),
        ])
    func spellings(one: String, other: String) throws {
        let moments = [one, other].map { text in DateFormat.allCases.compactMap { $0.days(text) } }
        #expect(moments[0].first != nil && moments[0].first == moments[1].first)
    }

    @Test("a column of times alone is a place in the day's cycle")
    func times() throws {
        let encoder = try encoder(["06:00", "18:00", "9:05 PM", "12:00"])
        #expect(encoder.featureNames == ["c time sin", "c time cos"] && encoder.describe()[0] == "c: time of the day")
        let found = try features(encoder, ["6:00 AM", "18:00:00"])
        #expect(zip(found["c time sin"]!, [1, -1]).allSatisfy { abs($0 - Float($1)) < 1e-6 })
    }

    @Test("numbers of versions are no dates")
    func versions() throws {
        let encoder = try encoder(["3.11.10", "3.11.10", "3.9.12", "3.9.12", "3.10.15", "3.10.15"])
        #expect(encoder.describe()[0].hasPrefix("c: category"))
    }
}
