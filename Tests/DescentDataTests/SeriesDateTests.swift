import DescentData
import Testing

@Suite("dates of series")
struct SeriesDateTests {
    private func series(_ dates: [String], date: String? = nil, header: String = "d") throws -> TimeSeries {
        let text = "\(header),y\n" + dates.enumerated().map { "\"\($1)\",\($0)\n" }.joined()
        return try TimeSeries(Table(parsing: Array(text.utf8), file: "s.csv"), target: "y", date: date)
    }

    /// What comes after the end, by calendar.
    @Test(
        "what comes next is written as the file writes dates",
        arguments: [
            (["2019-11-30", "2019-12-31"], "a month", ["2020-01-31", "2020-02-29", "2020-03-31"]),
            (["30/06/2019", "30/09/2019", "31/12/2019"], "a quarter", ["31/03/2020", "30/06/2020", "30/09/2020"]),
            (["Oct-19", "Nov-19", "Dec-19"], "a month", ["Jan-20", "Feb-20", "Mar-20"]),
            (["NOV 2019", "DEC 2019"], "a month", ["JAN 2020", "FEB 2020", "MAR 2020"]),
            (["March 2019", "April 2019", "May 2019"], "a month", ["June 2019", "July 2019", "August 2019"]),
            (["2019 Nov", "2019 Dec"], "a month", ["2020 Jan", "2020 Feb", "2020 Mar"]),
            (["2019M11", "2019M12"], "a month", ["2020M01", "2020M02", "2020M03"]),
            (["2019Q3", "2019Q4"], "a quarter", ["2020Q1", "2020Q2", "2020Q3"]),
            (["Q3 2019", "Q4 2019"], "a quarter", ["Q1 2020", "Q2 2020", "Q3 2020"]),
            // 2020 has 53 weeks.
            (["2020-W51", "2020-W52"], "a week", ["2020-W53", "2021-W01", "2021-W02"]),
            (["1996", "1997", "1998", "1999"], "a year", ["2000", "2001", "2002"]),
            (["1900", "1910", "1920", "1930"], "10 years", ["1940", "1950", "1960"]),
            (["201910", "201911", "201912", "202001"], "a month", ["202002", "202003", "202004"]),
            (["20200227", "20200228", "20200229", "20200301"], "a day", ["20200302", "20200303", "20200304"]),
            (["1711832400", "1711836000", "1711839600", "1711843200"], "an hour", ["1711846800", "1711850400", "1711854000"]),
            (["1711832400000", "1711836000000", "1711839600000", "1711843200000"], "an hour", ["1711846800000", "1711850400000", "1711854000000"]),
            // Months before days by their regularity: all could be either.
            (["01/02/2020", "01/03/2020", "01/04/2020"], "a month", ["01/05/2020", "01/06/2020", "01/07/2020"]),
            (["02/01/2020", "02/08/2020", "02/15/2020"], "a week", ["02/22/2020", "02/29/2020", "03/07/2020"]),
            (["1/9/2020", "1/10/2020", "1/11/2020", "1/12/2020"], "a month", ["1/1/2021", "1/2/2021", "1/3/2021"]),
            // Local time, the last clock change in between.
            (["2024-03-31T01:00:00+01:00", "2024-03-31T03:00:00+02:00", "2024-03-31T04:00:00+02:00"], "an hour", ["2024-03-31T05:00:00+02:00", "2024-03-31T06:00:00+02:00"]),
            (["2024-01-01 22:00:00+00:00", "2024-01-01 23:00:00+00:00"], "an hour", ["2024-01-02 00:00:00+00:00"]),
            (["1/1/2024 10:00 PM", "1/1/2024 11:00 PM"], "an hour", ["1/2/2024 12:00 AM", "1/2/2024 1:00 AM"]),
            (["2024-01-30 00:00:00", "2024-01-31 00:00:00"], "a day", ["2024-02-01 00:00:00"]),
            // The last business day of each month.
            (["2024-01-31", "2024-02-29", "2024-03-29"], "a month", ["2024-04-30", "2024-05-31", "2024-06-28"]),
            (["2024-01-31", "2024-02-29", "2024-03-31"], "a month", ["2024-04-30"]),
        ])
    func next(dates: [String], distance: String, following: [String]) throws {
        let series = try series(dates)
        #expect(series.distance == distance && series.values == dates.indices.map { Double($0) } && series.notes.isEmpty)
        for (index, text) in dates.enumerated() { #expect(series.label(index) == text) }
        #expect(following.indices.map { series.label(dates.count + $0) } == following)
    }

    @Test("trading days, newest first: sorted, no weekends, holidays filled in")
    func tradingDays() throws {
        let days = ["05/18", "05/17", "05/16", "05/13", "05/12", "05/11", "05/10", "05/09", "05/06", "05/05", "05/04", "05/02", "04/29", "04/28", "04/27"]
        let series = try series(days.map { $0 + "/2022" })
        #expect(series.distance == "a business day" && series.values.count == 16 && series.filledCount == 1)
        #expect(series.notes == ["the rows are newest first, and were put in the order of time"])
        #expect(series.gapNote == "1 date is missing (05/03/2022); filled in on a straight line between the neighbours")
        #expect(series.values[0] == 14 && series.values[15] == 0 && series.values[4] == 10.5)
        #expect((0..<4).map { series.label(16 + $0) } == ["05/19/2022", "05/20/2022", "05/23/2022", "05/24/2022"])
    }

    @Test("numbers are dates where their column is called so, or where they follow each other as dates do")
    func numbers() throws {
        #expect(try series(["0", "1", "2", "3"], header: "n").dateName == nil)
        #expect(try series(["2010", "1950", "1873", "2001"], header: "size").dateName == nil)
        #expect(try series(["2010", "2011", "2012", "2013"], header: "size").dateName == "size")
        #expect(try series(["2010", "2011"], header: "year").dateName == "year")
        #expect(try series(["2010", "2011"], date: "none", header: "year").dateName == nil)
        #expect(try series(["2010", "2011"], date: "none", header: "year").label(2) == "3")
    }

    @Test("empty cells are filled in as missing dates are, those at the ends left out")
    func holes() throws {
        let text = "d,y\n2020-01,\n2020-02,2\n2020-03,3\n2020-04,4\n2020-05,\n2020-06,\n2020-07,7\n2020-08,8\n2020-09,9\n2020-10,10\n2020-11,11\n2020-12,\n"
        let series = try TimeSeries(Table(parsing: Array(text.utf8), file: "s.csv"), target: "y")
        #expect(series.values == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11] && series.filledCount == 2 && series.label(0) == "2020-02")
        #expect(series.gapNote == "2 cells are empty (2020-05 to 2020-06); filled in on a straight line between the neighbours")
        #expect(series.notes == ["1 cell is empty before the first number, and left out", "1 cell is empty after the last number; the forecast begins there"])
    }

    @Test("a date that stands twice, by each rule", arguments: zip([DuplicateDates.mean, .sum, .first, .last], [3.5, 7, 2, 5]))
    func duplicates(rule: DuplicateDates, value: Double) throws {
        let text = "d,y\n2020-01,1\n2020-02,2\n2020-03,3\n2020-02,5\n"
        let series = try TimeSeries(Table(parsing: Array(text.utf8), file: "s.csv"), target: "y", duplicates: rule)
        #expect(series.values == [1, value, 3])
        #expect(series.notes.last == "1 date has several rows (2020-02): the \(rule.rawValue) is taken")
    }

    @Test("several series: named by a column, by two, a column each, and what is guessed of that")
    func collections() throws {
        func collection(_ text: String, target: String = "y", identity: [String]? = nil) throws -> SeriesCollection {
            try SeriesCollection(Table(parsing: Array(text.utf8), file: "s.csv"), target: target, identity: identity)
        }
        let months = ["2020-01", "2020-02", "2020-03"]
        let interleaved = "shop,d,y\n" + months.enumerated().flatMap { i, month in ["north,\(month),\(i)\n", "south,\(month),\(10 * i)\n"] }.joined()
        let shops = try collection(interleaved)
        #expect(shops.identityNames == ["shop"] && shops.series.map(\.identity) == [["north"], ["south"]])
        #expect(shops.series.map(\.values) == [[0, 1, 2], [0, 10, 20]] && shops.series[1].label(3) == "2020-04")
        #expect(shops.guess == "Dates repeat, and shop tells the rows of a date apart, so it names the series (--series changes it)")
        #expect(try collection(interleaved, identity: ["shop"]).guess == nil)
        let pairs = "shop,item,d,y\n" + months.flatMap { month in ["n,a", "n,b", "s,a", "s,b"].enumerated().map { "\($1),\(month),\($0)\n" } }.joined()
        #expect(try collection(pairs).series.map(\.identity) == [["n", "a"], ["n", "b"], ["s", "a"], ["s", "b"]])
        let wide = "d,a,b\n2020-01,1,4\n2020-02,2,5\n2020-03,3,6\n"
        let columns = try collection(wide, target: "a, b")
        #expect(columns.targets == ["a", "b"] && columns.series.map(\.name) == ["a", "b"] && columns.series.map(\.values) == [[1, 2, 3], [4, 5, 6]])
        #expect { try collection(wide, target: "a,c") } throws: { "\($0)".hasPrefix("s.csv: there is no column \"c\"") }
        #expect { try collection(wide, target: "a,a") } throws: { "\($0)" == "s.csv: the column \"a\" is given twice; each target is one series" }
    }
}
