import DescentData
import DescentJobs
import DescentReports
import DescentTrain

/// Tables in code, for the tests of training.
enum TableSamples {
    /// Two numbers in 0..<1 and a text; the answer is 1 where the numbers add up to more than 1.
    static func classes(_ count: Int = 60) throws -> Table {
        try Table(
            names: ["a", "b", "kind", "y"],
            rows: (0..<count).map { row in
                let (a, b) = point(row)
                return ["\(a)", "\(b)", row % 3 == 0 ? "red" : "blue", a + b > 1 ? "1" : "0"]
            }, file: "classes.csv")
    }

    /// Two numbers, and a third to be predicted: 3a - 2b + 5.
    static func line(_ count: Int = 80) throws -> Table {
        try Table(
            names: ["a", "b", "y"],
            rows: (0..<count).map { row in
                let (a, b) = point(row)
                return ["\(a)", "\(b)", "\(3 * a - 2 * b + 5)"]
            }, file: "line.csv")
    }

    /// Points spread evenly over the unit square.
    private static func point(_ row: Int) -> (Double, Double) {
        let a = (Double(row + 1) * 0.754877666).truncatingRemainder(dividingBy: 1)
        let b = (Double(row + 1) * 0.569840296).truncatingRemainder(dividingBy: 1)
        return (a, b)
    }

    /// Settings for a run of a fraction of a second.
    static var quick: TabularSettings {
        var settings = TabularSettings()
        settings.hidden = [8]
        settings.members = 1
        settings.epochs = 20
        return settings
    }
}
