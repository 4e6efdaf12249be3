import DescentData
import Testing

@Suite("time series")
struct TimeSeriesTests {
    private func series(_ text: String, target: String = "y", date: String? = nil) throws -> TimeSeries {
        try TimeSeries(Table(parsing: Array(text.utf8), file: "s.csv"), target: target, date: date)
    }

    @Test("months, quarters, days, hours and rows: distances and the names of what comes after the end")
    func distances() throws {
        let months = try series("d,y\n1949-11,1\n1949-12,2\n1950-01,3\n")
        #expect(months.distance == "a month" && months.dateName == "d" && months.values == [1, 2, 3])
        #expect(months.label(0) == "1949-11" && months.label(3) == "1950-02" && months.label(14) == "1951-01")
        let quarters = try series("d,y\n31.03.2020,1\n30.06.2020,2\n")
        #expect(quarters.distance == "a quarter" && quarters.label(2) == "30.09.2020")
        #expect(try series("d,y\n2020-01-15,1\n2020-04-15,2\n2020-07-15,4\n").label(3) == "2020-10-15")
        let days = try series("d,y\n2024-02-27,1\n2024-02-28,2\n2024-02-29,2\n")
        #expect(days.distance == "a day" && days.label(3) == "2024-03-01")
        let hours = try series("d,y\n2024-02-28 22:00,1\n2024-02-28 23:00,2\n2024-02-29 00:00,2\n")
        #expect(hours.distance == "an hour" && hours.label(25) == "2024-02-29 23:00")
        let rows = try series("y,z\n1,0.5\n2,0.25\n")
        #expect(rows.dateName == nil && rows.label(2) == "3")
    }

    @Test("the season that is likely follows from the distance")
    func seasons() throws {
        #expect(try series("d,y\n1949-11,1\n1949-12,2\n").step.likelySeasons == [12])
        #expect(try series("d,y\n2020-01-15,1\n2020-04-15,2\n").step.likelySeasons == [4])
        #expect(try series("d,y\n2024-02-27,1\n2024-02-28,2\n").step.likelySeasons == [7, 365])
    }

    @Test("few gaps are filled in on a line, and named")
    func gaps() throws {
        let months = (0..<60).filter { $0 != 3 && $0 != 30 && $0 != 31 }
        let text = "d,y\n" + months.map { "\(1950 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1),\($0 * 10)\n" }.joined()
        #expect { try series(text) } throws: {
            "\($0)" == "s.csv: 3 dates are missing between the 57 that there are (1950-04, 1952-07 to 1952-08); that is too much to fill in. Add the rows, or use the part without gaps"
        }
        let fewer = "d,y\n" + (0..<60).filter { $0 != 30 && $0 != 31 }.map { "\(1950 + $0 / 12)-\($0 % 12 < 9 ? "0" : "")\($0 % 12 + 1),\($0 * 10)\n" }.joined()
        let filled = try series(fewer)
        #expect(filled.values.count == 60 && filled.filledCount == 2)
        #expect(zip(filled.values, 0..<60).allSatisfy { abs($0 - Double($1 * 10)) < 1e-9 })
        #expect(filled.gapNote == "2 dates are missing (1952-07 to 1952-08); filled in on a straight line between the neighbours")
    }

    @Test(
        "sentences for what is no series",
        arguments: [
            (
                "d,y\n1950-01,1\n1950-02,x\n1950-03,3\n1950-04,4\n",
                "s.csv:3: column \"y\" is \"x\", not a number; a series needs a number in every row. Fix the cell, or take the row out: a gap between dates can be filled in"
            ),
            (
                "d,y\n1950-01,1\n1950-02,\n1950-03,3\n",
                "s.csv: 1 cell is empty among 2 numbers (1950-02); that is too much to fill in. Add the numbers, or use the part without gaps"
            ),
            (
                "d,y\n2020-01-01,1\n2020-01-02,2\n2020-01-02,3\n",
                "s.csv:4: 2020-01-02 stands twice, on lines 3 and 4. Keep one of the rows, say which value counts with --duplicates mean, sum, first or last, or name the column that tells series apart with --series"
            ),
            (
                "d,y\n2020-01-01,1\n2020-01-08,2\n2020-01-15,3\n2020-01-17,3\n",
                "s.csv:5: 2020-01-17 comes after 2020-01-15, and most rows are a week apart; a series needs equal distances. Fix the date, or give --date none to count rows"
            ),
            ("d,y,z\n2020-01-01,,1\n2020-01-02,,2\n", "s.csv: the series has no numbers: all its cells are empty"),
            (
                "d,y\n2020-01-01,1\n2020-01-02,2\n2020-01-03,3\n2020-01-04,3\n05.01.2020,3\n",
                "s.csv:6: column \"d\" is \"05.01.2020\", and the other dates are like \"2020-01-01\" (year-month-day). Write all in one format, or give --date none to count rows"
            ),
        ])
    func noSeries(text: String, sentence: String) {
        #expect { try series(text) } throws: { "\($0)" == sentence }
    }

    @Test("a column of dates that is none, and a column that is not there")
    func columns() {
        #expect { try series("d,y\na,1\nb,2\n", date: "d") } throws: {
            "\($0)" == "s.csv:2: column \"d\" has no dates that are understood; 2024-03-31 and 31.03.2024 are"
        }
        #expect { try series("d,y\n2020-01,1\n2020-02,2\n", target: "z") } throws: { "\($0)".contains("there is no column \"z\"") }
    }
}
