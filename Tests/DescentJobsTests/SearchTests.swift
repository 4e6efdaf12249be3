import DescentData
import DescentFormats
import Foundation
import TestFolders
import Testing
import DescentJobs
import DescentReports
import DescentTrain

/// The random search with successive halving.
@Suite(.serialized)
struct SearchTests {
    /// A search of a second, on a table of its own.
    private static func search(_ table: Table? = nil, trials: Int = 7, seed: Int = 1, learningRate: Double = 3e-3, epochs: Int = 18) throws -> JobSearch<TableJob> {
        var settings = TableSamples.quick
        settings.seed = seed
        settings.learningRate = learningRate
        settings.epochs = epochs
        return try search(table ?? TableSamples.line(), trials: trials, settings, space: small)
    }

    private static func search(_ table: Table, trials: Int, _ settings: TabularSettings, space: SearchSpace<TabularSettings> = TableJob.searchSpace) throws -> JobSearch<TableJob> {
        try JobSearch<TableJob>(trials: trials, settings: settings, space: space) { try TabularTraining(table, target: "y", settings: $0) }
    }

    /// The usual space with smaller layers.
    private static var small: SearchSpace<TabularSettings> {
        let usual = TableJob.searchSpace.dimensions
        let hidden = SearchSpace<TabularSettings>.Dimension("hidden", text: { $0.hidden.map { "\($0)" }.joined(separator: ",") }) { settings, random in
            settings.hidden = [Int](repeating: [4, 8][random.index(2)], count: 1 + random.index(3))
        }
        return SearchSpace(dimensions: [hidden] + usual.dropFirst())
    }

    private static func run(_ search: JobSearch<TableJob>, in place: RunPlace, resumes: Bool = true, stopAt stop: Int? = nil) throws -> JobSearch<TableJob>.Result {
        var steps = 0
        return try search.run(
            in: RunFolder(place.path), resumes: resumes,
            shouldStop: {
                steps += 1
                return steps == stop
            })
    }

    @Test(
        "rungs: three times the epochs for a third of the trials",
        arguments: [
            (30, 100, [[12, 30], [34, 10], [100, 4]]), (1, 100, [[100, 1]]), (3, 50, [[50, 3]]), (4, 50, [[17, 4], [50, 2]]),
            (27, 2, [[2, 27]]), (27, 3, [[1, 27], [3, 9]]), (9, 900, [[300, 9], [900, 3]]), (10, 900, [[100, 10], [300, 4], [900, 2]]),
        ])
    func rungs(trials: Int, epochs: Int, expected: [[Int]]) {
        #expect(SuccessiveHalving(trials: trials, epochs: epochs).rungs.map { [$0.epochs, $0.trials] } == expected)
    }

    @Test("draws lie in their ranges, spread as they should be, and depend on seed and number alone")
    func draws() {
        let space = TableJob.searchSpace
        func draw(_ trial: Int, seed: Int = 5) -> TabularSettings { space.draw(trial: trial, seed: seed, into: TabularSettings()) }
        let draws = (1...4000).map { draw($0) }
        #expect(draw(77) == draws[76])
        #expect(draw(77, seed: 6) != draws[76])
        for draw in draws {
            #expect((3e-4...3e-2).contains(draw.learningRate!) && (1e-3...1).contains(draw.weightDecay!) && (0...0.5).contains(draw.dropout))
            #expect((1...3).contains(draw.hidden.count) && Set(draw.hidden).count == 1 && [16, 32, 64, 128, 256].contains(draw.hidden[0]))
        }
        // Half of the rates lie below the geometric mean of their bounds; 4 standard deviations of 4000 draws are 0.032.
        func share(_ isIn: (TabularSettings) -> Bool) -> Double { Double(draws.filter(isIn).count) / 4000 }
        #expect(abs(share { $0.learningRate! < 3e-3 } - 0.5) < 0.035)
        #expect(abs(share { $0.weightDecay! < 0.0316 } - 0.5) < 0.035)
        #expect(abs(share { $0.dropout < 0.245 } - 0.5) < 0.035)
        for activation in ["gelu", "relu", "silu", "tanh"] { #expect(abs(share { $0.activation == activation } - 0.25) < 0.03) }
        for depth in 1...3 { #expect(abs(share { $0.hidden.count == depth } - 1 / 3) < 0.032) }
    }

    @Test("a bad first setting is beaten, and the best is the lowest loss of the last rung")
    func finds() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let search = try Self.search(learningRate: 1e-6, epochs: 120)
        let result = try Self.run(search, in: place)
        #expect(result.trials.count == 7 + 3)
        #expect(result.trials.map(\.epochs) == [40, 40, 40, 40, 40, 40, 40, 120, 120, 120])
        #expect(result.trials[0].settings.learningRate == 1e-6)
        let last = result.trials.suffix(3)
        #expect(result.best.loss == last.map(\.loss).min())
        #expect(result.best.number != 1)
        #expect(result.best.loss < 0.5 * result.trials[0].loss)
        // The three with the lowest losses go on.
        let first = result.trials.prefix(7).sorted { $0.loss < $1.loss }.prefix(3).map(\.number)
        #expect(Set(last.map(\.number)) == Set(first))
        let training = try search.training(of: result.best)
        #expect(training.settings.epochs == 120)
        #expect(training.trainingRows == search.base.split.train)
        #expect(search.values(of: result.best) == TableJob.searchSpace.dimensions.map { $0.text(training.settings) })
        let lines = try place.text(SearchFiles.tableName).split(separator: "\n")
        #expect(lines.count == 11)
        #expect(lines[0] == "rung,epochs,trial,hidden,activation,dropout,learning_rate,weight_decay,validation_loss")
    }

    @Test("rows held out are not looked at: others in their place change nothing")
    func heldOut() throws {
        let table = try TableSamples.line()
        let test = Set(try Self.search().base.split.test)
        #expect(!test.isEmpty)
        let rows = (0..<table.rowCount).map { row in
            (0..<3).map { test.contains(row) ? "\(1000 + row)" : table.text(row: row, column: $0) }
        }
        let other = try Table(names: table.names, rows: rows, file: "line.csv")
        let places = try (RunPlace(), RunPlace())
        defer {
            places.0.remove()
            places.1.remove()
        }
        _ = try Self.run(Self.search(), in: places.0)
        _ = try Self.run(Self.search(other), in: places.1)
        #expect(try places.0.bytes(SearchFiles.tableName) == places.1.bytes(SearchFiles.tableName))
    }

    @Test("stopped anywhere, with half a row left behind, and taken up: the same table and the same best")
    func resumed() throws {
        let whole = try RunPlace()
        defer { whole.remove() }
        let truth = try Self.run(Self.search(), in: whole)
        for stop in [1, 30, 100] {
            let place = try RunPlace()
            defer { place.remove() }
            #expect(throws: SearchInterruption.self) { try Self.run(Self.search(), in: place, stopAt: stop) }
            let path = "\(place.path)/\(SearchFiles.tableName)"
            try Data((place.text(SearchFiles.tableName) + "2,18,1,8,ge").utf8).write(to: URL(filePath: path))
            #expect(try Self.run(Self.search(), in: place) == truth)
            #expect(try place.bytes(SearchFiles.tableName) == whole.bytes(SearchFiles.tableName))
        }
        // Taken up when nothing is left, and begun anew.
        #expect(try Self.run(Self.search(), in: whole, stopAt: 1) == truth)
        #expect(throws: SearchInterruption.self) { try Self.run(Self.search(), in: whole, resumes: false, stopAt: 1) }
        #expect(try whole.text(SearchFiles.tableName).split(separator: "\n").count == 1)
    }

    @Test("another search, other data, and damaged tables are refused, each with its place")
    func refused() throws {
        let place = try RunPlace()
        defer { place.remove() }
        _ = try Self.run(Self.search(trials: 2), in: place)
        let text = try place.text(SearchFiles.tableName)
        func message(_ work: () throws -> Void) -> String {
            do { try work() } catch { return "\(type(of: error)): \(error)" }
            return "no error"
        }
        func taken(_ text: String) -> String {
            message {
                try Data(text.utf8).write(to: URL(filePath: "\(place.path)/\(SearchFiles.tableName)"))
                _ = try Self.run(Self.search(trials: 2), in: place)
            }
        }
        #expect(message { _ = try Self.run(Self.search(trials: 3), in: place) }.hasPrefix("ResumeError: trials is 3, and 2 in "))
        #expect(message { _ = try Self.run(Self.search(trials: 2, seed: 2), in: place) }.contains("settings is "))
        #expect(message { _ = try Self.run(Self.search(TableSamples.line(79), trials: 2), in: place) }.contains("the data has changed"))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let damaged = (lines[0] + "\n" + lines[1] + "\n" + String(lines[2].dropLast(4)) + "abc\n")
        #expect(taken(damaged).contains("\(SearchFiles.tableName):3: "))
        #expect(taken(lines[0] + "\n" + lines[2] + "\n").contains("\(SearchFiles.tableName):2: "))
        #expect(taken(text + lines[2] + "\n").contains("\(SearchFiles.tableName):4: "))
        #expect(taken("a,b\n1,2\n").contains("it is no table of trials"))
        #expect(taken(text) == "no error")
        #expect(taken("") == "no error")
    }

    @Test("a trial that diverges is noted as such and does not end the search; where all do, a sentence says so")
    func diverged() throws {
        let place = try RunPlace()
        defer { place.remove() }
        let result = try Self.run(Self.search(trials: 3, learningRate: 1e30), in: place)
        #expect(result.trials[0].loss == .infinity)
        #expect(result.best.loss.isFinite)
        #expect(try place.text(SearchFiles.tableName).contains(",inf\n"))
        #expect(try Self.run(Self.search(trials: 3, learningRate: 1e30), in: place) == result)
        #expect(throws: SettingsError.self) { try Self.run(Self.search(trials: 1, learningRate: 1e30), in: place, resumes: false) }
    }

    @Test("numbers of trials, and steps, that cannot be")
    func badNumbers() throws {
        let table = try TableSamples.line()
        #expect(throws: SettingsError("the number of trials is 0; it must be 1 to 100000")) { try Self.search(table, trials: 0, TableSamples.quick) }
        var settings = TableSamples.quick
        (settings.steps, settings.epochs) = (10, nil)
        #expect(throws: SettingsError.self) { try Self.search(table, trials: 3, settings) }
        #expect(throws: SettingsError.self) { try Self.search(table, trials: 3, TableSamples.quick, space: SearchSpace(dimensions: [])) }
    }

    @Test("few rows: each network is measured on the rows that it leaves out")
    func folds() throws {
        let place = try RunPlace()
        defer { place.remove() }
        var settings = TableSamples.quick
        settings.members = nil
        settings.epochs = 2
        let search = try Self.search(TableSamples.classes(), trials: 2, settings)
        #expect(search.base.settings.members == 10)
        let result = try search.run(in: RunFolder(place.path))
        // The loss of the first trial is what its training's own history has as its lowest.
        let training = try search.training(of: result.trials[0])
        var lowest = Double.infinity
        _ = try training.run(observers: [
            ObservingClosure { event in
                if case .record(let record) = event { lowest = min(lowest, record["validation_loss"] ?? .infinity) }
            }
        ])
        #expect(result.trials[0].loss == lowest)
    }
}
