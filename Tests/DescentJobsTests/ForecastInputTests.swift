import DescentData
import DescentJobs
import DescentModels
import DescentTrain
import TestFolders
import Testing

@Suite("forecasts that read other columns")
struct ForecastInputTests {
    /// Numbers that look random and are the same in every run.
    private static func noise(_ index: Int) -> Double { Double((index * 7919 + index * index * 104_729) % 1009) / 1009 - 0.5 }

    private static func hasPromotion(_ day: Int) -> Bool { (day * day * 31 + day * 17) % 7 < 2 }
    private static func date(_ day: Int) -> String { "2024-\(["01", "02", "03", "04", "05"][day / 28])-\(day % 28 < 9 ? "0" : "")\(day % 28 + 1)" }

    /// Sales that a promotion raises by 40, a row a step; after the first `known` rows without sales.
    private static func sales(_ count: Int, known: Int) -> String {
        "sales,promo,note\n"
            + (0..<count).map { "\($0 < known ? "\(100 + (hasPromotion($0) ? 40 : 0) + 4 * noise($0))" : ""),\(hasPromotion($0) ? "yes" : ""),x\($0)\n" }.joined()
    }

    private func collection(_ text: String, known: [String] = ["promo"], lagged: [String]? = nil) throws -> SeriesCollection {
        try SeriesCollection(Table(parsing: Array(text.utf8), file: "s.csv"), target: "sales", inputs: .named(known: known, lagged: lagged))
    }

    @Test("effects of columns are found in autocorrelated errors")
    func effects() throws {
        let columns = [(0..<120).map { $0 % 9 < 2 ? 1.0 : 0 }, (0..<120).map { Self.noise(3 * $0) }]
        var error = 0.0
        let values = (0..<100).map { step in
            error = 0.9 * error + Self.noise(step)
            return 20 + error + 5 * columns[0][step] - 3 * columns[1][step]
        }
        // To repeat the last value less effects, and to add effects: differences of the answers are differences of effects.
        let member = SeriesMember.adjusted(.seasonalNaive, .inputs)
        let answer = try #require(member.forecast(values, seasons: [], steps: 20, beside: SeriesCovariates(known: columns)))
        for step in 1..<20 {
            let truth = 5 * (columns[0][100 + step] - columns[0][100]) - 3 * (columns[1][100 + step] - columns[1][100])
            #expect(abs(answer[step] - answer[0] - truth) < 0.5, "\(step)")
        }
        #expect(member.forecast(Array(values.prefix(8)), seasons: [], steps: 20, beside: SeriesCovariates(known: columns)) == nil)
    }

    @Test("a method adds the effects of what is known ahead, and answers only as far as that is known")
    func members() throws {
        let promo = (0..<90).map { Self.hasPromotion($0) ? 1.0 : 0 }, law = (0..<90).map { 100 + 40 * promo[$0] + Double($0) }
        let member = SeriesMember.adjusted(.autoregression(order: 1, differences: .steps, logarithm: false), .inputs)
        let answer = try #require(member.forecast(Array(law.prefix(80)), seasons: [], steps: 10, beside: SeriesCovariates(known: [promo])))
        for (value, truth) in zip(answer, law.suffix(10)) { #expect(abs(value - truth) < 3, "\(value) \(truth)") }
        #expect(member.forecast(Array(law.prefix(80)), seasons: [], steps: 10, beside: SeriesCovariates(known: [Array(promo.prefix(85))])) == nil)
        // A column that leads by two steps: the first two steps ahead are known.
        let lead = (0..<80).map { 10 * Self.noise(7 * $0) }, follower = (0..<80).map { $0 < 2 ? 0 : 5 + lead[$0 - 2] }
        let lagged = SeriesMember.adjusted(.autoregression(order: 4, differences: .none, logarithm: false), .inputs)
        let next = try #require(lagged.forecast(follower, seasons: [], steps: 2, beside: SeriesCovariates(lagged: [lead])))
        #expect(abs(next[0] - 5 - lead[78]) < 0.7 && abs(next[1] - 5 - lead[79]) < 0.7, "\(next) \(lead.suffix(2))")
        let names = SeriesMember.fitting(law, seasons: [7], beside: SeriesCovariates(known: [promo], calendar: [promo])).map(\.name)
        #expect(Set(names).count == names.count && names.contains("theta with both") && names.allSatisfy { SeriesMember(name: $0)?.name == $0 })
        #expect(SeriesMember(name: "theta with all") == nil && SeriesMember(name: "theta with inputs with inputs") == nil)
    }

    @Test("columns as inputs: numbers, texts, those guessed, and wrong ones")
    func columns() throws {
        let text =
            "date,sales,promo,price,id,kind\n"
            + (0..<20).map {
                "2024-01-\($0 < 9 ? "0" : "")\($0 + 1),\($0 < 16 ? "\($0 * $0)" : ""),\($0 % 3 == 0 ? 1 : 0),\($0 == 5 ? "" : "\($0 * 2 + $0 % 2)"),\($0 + 1),\($0 % 4 == 0 ? "b" : "a")\n"
            }.joined()
        let read = try collection(text, known: ["promo", "kind"])
        // The id counts rows, and is no input.
        #expect(read.inputColumns == [.init(name: "promo", isKnown: true), .init(name: "kind", category: "b", isKnown: true), .init(name: "price", isKnown: false)])
        let series = read.series[0]
        #expect(series.values.count == 16 && series.inputs.map(\.count) == [20, 20, 16])
        #expect(series.inputs[2].prefix(7) == [0, 3, 4, 7, 8, 8, 12] && series.inputs[1].prefix(5) == [1, 0, 0, 0, 1])
        #expect(try collection(text, known: [], lagged: ["none"]).inputColumns.isEmpty)
        for (known, lagged, sentence) in [
            (["sales"], nil, "s.csv: the column \"sales\" is the target, the dates or the name of the series; it cannot be an input too"),
            (["promo", "promo"], nil, "s.csv: the column \"promo\" is named twice as an input"),
            (["prom"], nil, "s.csv: there is no column \"prom\". Did you mean \"promo\"? The columns are date, sales, promo, price, id, kind"),
        ] as [([String], [String]?, String)] {
            #expect { try collection(text, known: known, lagged: lagged) } throws: { "\($0)" == sentence }
        }
        #expect { try collection(Self.sales(40, known: 40), known: ["note"]) } throws: {
            "\($0)" == "s.csv: the column \"note\" has 40 different texts; an input is a number, or one of at most 20 texts"
        }
    }

    @Test("features of dates: the day of the week, the time of the year, the length of the month")
    func calendar() throws {
        func step(_ dates: [String]) throws -> TimeSeries {
            try TimeSeries(Table(parsing: Array(("d,y\n" + dates.map { "\($0),1\n" }.joined()).utf8), file: "s.csv"), target: "y")
        }
        let months = try step(["2024-01", "2024-02", "2024-03"])
        #expect(months.step.calendarFeatures(values: 3) == [.monthLength])
        // January of 2024 has 31 days, 23 of them Monday to Friday; February 29 and 21.
        let lengths = months.step.columns([.monthLength], first: months.first, count: 2).map { $0.map { ($0 * 10).rounded() / 10 } }
        #expect(lengths == [[0.6, -1.4], [1.3, -0.7]])
        // 2024-01-01 is a Monday.
        let days = try step((1...14).map { "2024-01-\($0 < 10 ? "0" : "")\($0)" })
        #expect(days.step.calendarFeatures(values: 14) == [.weekday] && days.step.calendarFeatures(values: 400) == [.weekday, .year])
        let weekdays = days.step.columns([.weekday], first: days.first, count: 8)
        #expect(weekdays.count == 6 && weekdays[0] == [1, 0, 0, 0, 0, 0, 0, 1] && weekdays.map { $0[6] } == [0, 0, 0, 0, 0, 0])
        let year = days.step.columns([.year], first: 0, count: 366)
        #expect(year.count == 4 && abs(year[0][0] - year[0][365]) < 0.01 && year[0][91] > 0.99 && year[1][0] == 1)
    }

    @Test("a promotion known ahead is forecast; what is not known is named; the model is read back")
    func promotions() throws {
        let place = try RunPlace()
        defer { place.remove() }
        var settings = ForecastSettings()
        (settings.horizon, settings.epochs, settings.hidden, settings.known) = (8, 3, 8, ["promo"])
        let training = try ForecastTraining(collection(Self.sales(100, known: 92)), settings: settings)
        #expect(training.opening.contains("Inputs beside the target: known ahead: promo is yes."))
        let model = try training.run()
        let series = try collection(Self.sales(100, known: 92)).series[0], truth = (92..<100).map { Self.hasPromotion($0) ? 140.0 : 100 }
        let answer = try model.forecast(series)
        for (value, truth) in zip(answer, truth) { #expect(abs(value - truth) < 14, "\(answer) \(truth)") }
        try model.save(to: place.path)
        let read = try Forecaster(path: place.path)
        #expect(try read.forecast(series) == answer && read.inputs == model.inputs && read.details.contains("Inputs beside the target: known ahead: promo is yes."))
        let short = try collection(Self.sales(95, known: 92)).series[0]
        #expect { try model.forecast(short) } throws: {
            "\($0)"
                == "s.csv: \"promo\" is not known at 96. The forecast reads it at each of the 8 steps after 92: add rows with these dates and no \"sales\", here or in a second file (descent predict MODEL FILE FUTURE)"
        }
    }

    @Test("the future of known columns in a second file; what is wrong there is named there")
    func secondFile() throws {
        let first = try Table(parsing: Array(Self.sales(40, known: 40).utf8), file: "s.csv")
        func both(_ text: String) throws -> Table { try first.followed(by: Table(parsing: Array(text.utf8), file: "f.csv")) }
        let table = try both("promo,other\nyes,1\n,2\n")
        #expect(table.rowCount == 42 && table.text(row: 40, column: 1) == "yes" && table.isMissing(row: 41, column: 0) && table.line(ofRow: 40) == 41)
        let series = try SeriesCollection(table, target: "sales", inputs: .named(known: ["promo"], lagged: ["none"])).series[0]
        #expect(series.values.count == 40 && series.inputs[0].count == 42 && series.inputs[0].suffix(2) == [1, 0])
        // A second file is read as the first was: a comma stays a decimal comma.
        let commas = try Table(parsing: Array(("y;price\n" + (0..<20).map { "\($0);1,\(500 + $0)\n" }.joined()).utf8), file: "s.csv")
        #expect(try commas.followed(by: commas).number(row: 30, column: 1) == 1.51)
        #expect { try both("a,b\n1,2\n") } throws: { "\($0)" == "f.csv: it has none of the columns of s.csv: sales, promo, note" }
    }
}
