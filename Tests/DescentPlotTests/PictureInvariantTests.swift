import DescentPlot
import Testing

/// What holds for every chart, whatever is drawn on it, on random data that are the same at every run.
@Suite struct PictureInvariantTests {
    static let widths = [240.0, 400, 640, 1000]

    /// Charts of every kind with hard texts: long, many, with markup in them.
    static let charts: [Chart] = {
        var random = FixedRandom(seed: 3)
        func numbers(_ count: Int, _ scale: Double = 1) -> [Double] { (0..<count).map { _ in (random.next() - 0.3) * scale } }
        let long = "A name that is longer than any place for it, with <markup> & \"quotes\" in it"
        var charts: [Chart] = []
        for scale in [1e-9, 1.0, 3e7] {
            charts.append(
                Chart(
                    "Lines of \(scale)", x: Axis("step"), y: Axis("value, in units of \(scale)"),
                    marks: (0..<7).map { .line(numbers(30, scale), from: 1, name: "series \($0)", showsPoints: $0 % 2 == 0) } + [.verticalLine(at: 12, label: "best: step 12")]))
        }
        charts.append(Chart(long, x: Axis(long), y: Axis(long), marks: [.line(numbers(9), name: long), .points(x: numbers(9, 8), y: numbers(9), name: long, labels: [long, "b"])], note: long))
        let names: [String] = (0..<12).map { "\(long) \($0)" }, rowNames: [String] = (0..<30).map { "category \($0)" }
        charts.append(Chart("Bars", marks: [Mark.bars(numbers(12), categories: names, showsValues: true)]))
        let across = Mark.bars(numbers(30), categories: rowNames, direction: .horizontal, errors: numbers(30, 0.1), showsValues: true)
        charts.append(Chart("Bars across", marks: [across]))
        charts.append(Chart("Histogram", x: Axis("x"), y: Axis("count"), marks: [.histogram(numbers(500)), .verticalLine(at: 0, label: "zero"), .verticalLine(at: 0.01, label: "beside it")]))
        func bowl(_ i: Int, _ j: Int) -> Double { let x = Double(i - 15), y = Double(j - 15); return x * x + 4.0 * y * y }
        let rows: [[Double]] = (0..<31).map { j in (0..<31).map { i in bowl(i, j) } }
        charts.append(
            Chart(
                "Contour", x: Axis("x", range: -1...1), y: Axis("y", range: -1...1),
                marks: [
                    .contour(rows, x: -1...1, y: -1...1), .path(x: numbers(20), y: numbers(20), name: "path"), .text("the minimum", x: 0, y: 0), .text("also here", x: 0.01, y: 0.01),
                ], proportion: .equalUnits))
        func ninth(_ place: (x: Double, y: Double)) -> Int { Int((place.x + 1) * 1.499) * 3 + Int((place.y + 1) * 1.499) }
        charts.append(
            Chart(
                "Regions", x: Axis("x"), y: Axis("y"),
                marks: [
                    .regions(x: -1...1, y: -1...1, cells: 30, names: rowNames.prefix(9).map { $0 }) { $0.map(ninth) },
                    .points(x: numbers(60), y: numbers(60), name: "points"), .arrow(from: (0, 0), to: (0.5, 0.5), label: "w"),
                ], proportion: .equalUnits))
        charts.append(
            Chart(
                "Square", x: Axis("predicted", range: 0...1), y: Axis("true", range: 0...1),
                marks: [
                    .slopedLine(slope: 1, intercept: 0, label: "perfect"), .line(x: [0, 0.5, 1], y: [0.1, 0.4, 0.9], name: "a model of some name", showsPoints: true),
                ], proportion: .equalUnits))
        for classes in [2, 10, 30] {
            let counts = (0..<classes).map { row in (0..<classes).map { row == $0 ? 1000 + row : Int(random.next() * 40) } }
            charts.append(Chart.confusionMatrix(counts, classes: (0..<classes).map { "class \($0)" }))
        }
        let rates: [Double] = (0..<40).map { index in Double("1e\(index / 6 - 6)")! * Double(1 + index % 6) }
        charts.append(
            Chart(
                "Log", x: Axis("rate", scale: .log), y: Axis("loss", scale: .log),
                marks: [
                    .verticalBand(from: 1e-6, to: 1e-3, label: "stalls"), .verticalBand(from: 1e-3, to: 1e-1, label: "converges", color: .accent),
                    .line(x: rates, y: numbers(40).map { abs($0) + 0.1 }, name: "loss"), .verticalLine(at: 2e-3, label: "suggested 0.002"),
                ]))
        return charts
    }()

    @Test("all text lies inside of the picture", arguments: charts.indices, widths)
    func textIsInside(index: Int, width: Double) throws {
        let picture = try SVGReader(Self.charts[index].svg(width: width))
        #expect(picture.size.width <= width + 1)
        for text in picture.texts { #expect(picture.size.contains(text.textBox), "“\(text.text)” at \(text.textBox) of \(picture.size.width) x \(picture.size.height)") }
    }

    @Test("labels don't cover one another", arguments: charts.indices, widths)
    func labelsAreApart(index: Int, width: Double) throws {
        let labels = try SVGReader(Self.charts[index].svg(width: width)).labels
        for (place, label) in labels.enumerated() {
            for other in labels[(place + 1)...] { #expect(!label.textBox.overlaps(other.textBox), "“\(label.text)” and “\(other.text)”") }
        }
    }

    @Test("names at the ends of lines, ticks, titles and legends don't cover one another", arguments: charts.indices, widths)
    func textsAreApart(index: Int, width: Double) throws {
        // Turned texts lie side by side though the boxes around them do not; numbers in cells belong to their cells.
        let texts = try SVGReader(Self.charts[index].svg(width: width)).texts.filter { $0.attributes["paint-order"] == nil && $0.attributes["transform"] == nil }
        for (place, text) in texts.enumerated() {
            for other in texts[(place + 1)...] { #expect(!text.textBox.overlaps(other.textBox), "“\(text.text)” and “\(other.text)”") }
        }
    }

    @Test func importantLabelsAreNeverLeftOut() throws {
        let marks = (0..<8).map { Mark.verticalLine(at: 1 + 0.001 * Double($0), label: "line \($0)") }
        let labels = try SVGReader(Chart("Close", marks: [.line([0, 1, 2])] + marks).svg(width: 500)).labels.map(\.text)
        #expect(Set(labels) == Set((0..<8).map { "line \($0)" }))
    }

    static let broken: [(name: String, marks: [Mark], left: Int)] = {
        let bad: [Double] = [1, .nan, 3, .infinity, 2, -.infinity], names = bad.indices.map { "\($0)" }
        return [
            ("line", [.line(bad, name: "a")], 3), ("points", [.points(x: bad, y: bad)], 3), ("path", [.path(x: bad, y: bad)], 3),
            ("bars", [.bars(bad, categories: names, showsValues: true)], 3), ("histogram", [.histogram(bad)], 3),
            ("band", [.line([1, 2, 3], low: [0, .nan, 1], high: [2, .infinity, 4])], 0), ("smoothed", [.line(bad, smoothing: 0.5)], 3),
            ("nothing but NaN", [.line([.nan, .nan], name: "a")], 2), ("empty", [.line([]), .points(x: [], y: [])], 0), ("one", [.points(x: [1], y: [2])], 0),
            ("equal", [.line([2, 2, 2])], 0), ("huge", [.line([-1e308, 1e308])], 0), ("tiny", [.line([1e-308, 2e-308])], 0),
            ("field", [.contour([[1, .nan], [.infinity, 2]], x: 0...1, y: 0...1), .heatmap([[.nan, 1], [2, .nan]], x: 0...1, y: 0...1)], 0),
            ("lines", [.line([1, 2]), .verticalLine(at: .nan, label: "a"), .horizontalLine(at: .infinity, label: "b"), .slopedLine(slope: .nan, intercept: 0)], 0),
            ("arrow", [.line([1, 2]), .arrow(from: (0, .nan), to: (1, 1), label: "w"), .text("t", x: .infinity, y: 0)], 0),
        ]
    }()

    @Test("what is not finite is left out, and the chart says how much", arguments: broken.map(\.name), [AxisScale.linear, .log])
    func notFinite(name: String, scale: AxisScale) throws {
        let (_, marks, left) = Self.broken.first { $0.name == name }!
        let svg = Chart("t", y: Axis("v", scale: scale), marks: marks).svg(width: 500)
        let picture = try SVGReader(svg)
        for element in picture.elements where element.name != "text" {
            for (key, value) in element.attributes where !["aria-label", "class", "style", "font-family"].contains(key) {
                #expect(!value.lowercased().contains("nan") && !value.lowercased().contains("inf"), "\(element.name) \(key)=\(value)")
            }
        }
        for text in picture.texts { #expect(picture.size.contains(text.textBox), "\(text.text)") }
        if left > 0, scale == .linear { #expect(picture.texts.contains { $0.text.contains("\(left) points are not finite") }, "\(picture.texts.map(\.text))") }
    }

    @Test("the same data are the same bytes", arguments: charts.indices)
    func deterministic(index: Int) { #expect(Self.charts[index].svg(width: 512) == Self.charts[index].svg(width: 512)) }

    @Test func aLegendThatAllShareStandsOnce() throws {
        let chart = Chart("a", marks: [.line([1, 2], name: "value"), .line([2, 1], name: "derivative")])
        var other = chart
        other.marks.removeLast()
        func keys(_ charts: [Chart]) throws -> Int { try SVGReader(ChartGrid("grid", charts: charts).svg(width: 700)).texts.count { $0.text == "value" } }
        #expect(try keys([chart, chart]) == 1)
        #expect(try keys([chart, other]) == 2)
    }
}
