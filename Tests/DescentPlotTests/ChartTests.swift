import DescentPlot
import Testing

/// Charts: every kind of mark, degenerate data, and what must hold for any of them.
@Suite struct ChartTests {
    private static let numbers = (0..<40).map { Double($0 % 7) * 1.5 - 2 }
    private static let rows = (0..<12).map { y in (0..<16).map { x in Double(x * x + y * y) } }

    static let charts: [(name: String, chart: Chart)] = [
        (
            "lines",
            Chart(
                "Loss by epoch", x: Axis("epoch"), y: Axis("loss"),
                marks: [
                    .line(numbers.map { $0 + 3 }, from: 1, name: "training", smoothing: 0.9), .verticalLine(at: 12, label: "best"),
                ])
        ),
        ("log", Chart("Loss", x: Axis("rate", scale: .log), y: Axis("loss", scale: .log), marks: [.line(x: [1e-5, 1e-3, 1], y: [1, 0.1, 100], name: "loss")])),
        ("points", Chart("Points", marks: [.points(x: numbers, y: numbers.reversed(), name: "a & b")])),
        ("bars", Chart("Bars", marks: [.bars([3, -1, 2], categories: ["<one>", "two", "three"], direction: .horizontal, errors: [0.1, 0.2, 0.3])])),
        ("histogram", Chart("Histogram", marks: [.histogram(numbers)])),
        ("heatmap", Chart("Heat", marks: [.heatmap(rows, x: 0...1, y: 0...1)])),
        ("contour", Chart("Contour", marks: [.contour(rows, x: -1...1, y: -1...1)])),
        ("regions", Chart("Regions", marks: [.regions(x: 0...1, y: 0...1, cells: 20, names: ["a", "b", "c"]) { $0.map { $0.x + $0.y > 1 ? 1 : $0.x > 0.5 ? 2 : 0 } }])),
        ("path", Chart("Path", marks: [.path(x: [0, 1, 1.5], y: [2, 1, 0.5], name: "descent"), .arrow(from: (0, 0), to: (1, 1), label: "w")])),
        ("confusion", Chart.confusionMatrix([[50, 2], [3, 45]], classes: ["no", "yes"], title: "Confusion")),
        ("empty", Chart("Nothing", marks: [.line([], name: "none")])),
        ("one point", Chart("One", marks: [.points(x: [1], y: [1], name: "one")])),
        ("all equal", Chart("Flat", marks: [.line([2, 2, 2], name: "flat")])),
        ("gaps", Chart("Gaps", marks: [.line([1, .nan, 3, .infinity, 2], name: "gaps")])),
    ]

    @Test("well-formed at any width, with a title, and the same each time", arguments: charts.map(\.name))
    func wellFormed(name: String) throws {
        let chart = Self.charts.first { $0.name == name }!.chart
        for width in [240.0, 640, 1280] {
            let svg = chart.svg(width: width)
            let checker = try XMLChecker(svg)
            #expect(checker.elements["title"] != nil && checker.elements["desc"] != nil)
            #expect(checker.text.contains(chart.title))
            #expect(!svg.contains("nan") && !svg.contains("inf\"") && svg == chart.svg(width: width))
        }
    }

    @Test func aHundredThousandPointsAreThinned() throws {
        let many = (0..<100_000).map { Double($0 % 1009) }
        let svg = Chart("Many", marks: [.line(many, name: "many")]).svg(width: 640)
        #expect(svg.utf8.count < 120_000)
    }
}
